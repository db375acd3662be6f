"""A letter corrected after its campaign opened: what follows at once, and what only a person can decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions.opening import as_of, words_of_task
from lantoa.campaigns.models import Assignment, Campaign, Question, Task
from lantoa.letters.rules.fields import CORRECTED, PLACES, REOPENED, numbers, parts, standing
from lantoa.places.events import Event, record
from lantoa.places.permits import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.models import Confirmation
    from lantoa.letters.rules.letter import Letter, LetterTask
    from lantoa.places.models import User

About = Question.About


@dataclass(frozen=True, slots=True)
class Followed:
    """What changed in the campaign: the tasks whose words or time did, and how many questions it raised."""

    tasks: tuple[str, ...] = ()
    asked: int = 0


@transaction.atomic
def follow_letter(campaign: Campaign, by: User | None) -> Followed:
    """Bring the campaign's tasks to what its letter says now; doing it again changes nothing.

    Words, times and channels of a task change at once. Who was given it does not: work already handed out is taken back
    or given anew by a person, so a changed doer, a task gone or a task added is a question.
    """
    require(by, "register_letter", campaign.letter.book)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    said: list[Confirmation] = list(campaign.letter.confirmations.all())
    letter = campaign.letter.letter
    rows = _rows(campaign, said)
    now = dict(zip(numbers(campaign.letter.reading, said, "tasks"), letter.tasks, strict=True))
    asks: list[Question] = []
    changed: list[str] = []
    for key, task in now.items():
        row = rows.get(key) or _add(campaign, key, task)
        if key not in rows or _update(row, task):
            changed.append(row.index)
        if row.assignee_phrases != list(task.assignees) or key not in rows:
            asks.append(_whom(campaign, row, task))
            Task.objects.filter(pk=row.pk).update(assignee_phrases=list(task.assignees))
    asks += [_gone(campaign, row) for key, row in rows.items() if key not in now]
    asks += _day_changed(campaign, letter)
    asked = len(_fresh(campaign, asks))
    _answer(campaign, said, by)
    if changed or asked:
        record(Event(by, "follow_letter", campaign, campaign.pk, {"tasks": changed, "questions": asked}))
    return Followed(tuple(changed), asked)


def _rows(campaign: Campaign, said: Sequence[Confirmation]) -> dict[int, Task]:
    """The campaign's tasks under the numbers paths name them by: those of its opening, then those added since."""
    rows = list(campaign.tasks.filter(is_correction=False).order_by("pk"))
    first = numbers(campaign.letter.reading, [one for one in said if one.at <= campaign.opened_at], "tasks")
    added = {
        of.number
        for one in said
        if (of := parts(one.path)).name == "tasks" and of.is_item and one.verdict == CORRECTED and of.number is not None
    }
    return dict(zip([*first, *sorted(added.difference(first))], rows, strict=False))


def _add(campaign: Campaign, key: int, task: LetterTask) -> Task:
    index = task.index or f"({key + 1})"
    while campaign.tasks.filter(index=index).exists():
        index += "*"
    row: Task = Task.objects.create(campaign=campaign, index=index, **words_of_task(task))
    return row


def _update(row: Task, task: LetterTask) -> bool:
    """Bring the row to the task's words; those still at work get its new day. Whether anything changed."""
    words = words_of_task(task)
    differing = [name for name, value in words.items() if getattr(row, name) != value]
    if "due_on" in differing:
        Assignment.objects.filter(task=row, due_on=row.due_on).open().update(due_on=words["due_on"])
    for name in differing:
        setattr(row, name, words[name])
    if differing:
        row.save(update_fields=differing)
    return bool(differing)


def _whom(campaign: Campaign, row: Task, task: LetterTask) -> Question:
    whom = "; ".join(task.assignees) or "văn bản không ghi"
    why = (
        f"Văn bản được sửa sau khi mở chiến dịch: mục này giao cho “{whom}”. Việc đã giao trước đó vẫn còn nguyên. "
        "Hãy chọn đơn vị nhận việc; đơn vị không còn phải làm thì lấy lại việc ở trang Việc."
    )
    subject = f"mục {row.index}: {whom}"[:250]
    return Question(campaign=campaign, about=About.ASSIGNEE, subject=subject, why=why, task=row)


def _gone(campaign: Campaign, row: Task) -> Question:
    why = "Văn bản được sửa: không có nhiệm vụ này. Việc đã giao vẫn còn; hãy lấy lại ở trang Việc nếu thôi làm."
    subject = f"mục {row.index}: không còn"
    return Question(campaign=campaign, about=About.LETTER, subject=subject, why=why, task=row)


def _day_changed(campaign: Campaign, letter: Letter) -> list[Question]:
    day = as_of(letter, campaign.letter.arrived_on)
    if day == campaign.as_of:
        return []
    why = (
        f"Văn bản được sửa: dữ kiện phải lấy theo ngày {day:%d/%m/%Y}, chiến dịch đang lấy theo ngày "
        f"{campaign.as_of:%d/%m/%Y}. Hãy xem lại từng dữ kiện ở trang Dữ kiện; giá trị đã phát không tự đổi."
    )
    subject = f"ngày lấy dữ kiện {day:%d/%m/%Y}"
    return [Question(campaign=campaign, about=About.LETTER, subject=subject, why=why)]


def _fresh(campaign: Campaign, asks: Sequence[Question]) -> list[Question]:
    """Ask what has not been asked yet."""
    known = set(campaign.questions.values_list("about", "subject"))
    return Question.objects.bulk_create([ask for ask in asks if (ask.about, ask.subject) not in known])


def _answer(campaign: Campaign, said: Sequence[Confirmation], by: User | None) -> None:
    """Questions about fields of the letter are answered by what was said of them, and open again with the field."""
    last, latest = standing(said), {one.path: one.verdict for one in said}
    before = [one for one in said if one.at <= campaign.opened_at]
    for question in campaign.questions.filter(about=About.LETTER):
        of = parts(question.subject)
        if of.number is not None:
            order = numbers(campaign.letter.reading, before, of.name) if of.name in PLACES else []
            of = type(of)(of.name, order[of.number] if of.number < len(order) else of.number, of.member)
        one = last.get(str(of))
        if one is not None and question.answered_at is None:
            shown = "; ".join(map(str, one.value)) if isinstance(one.value, list) else str(one.value or "")
            question.answer, question.answered_by = shown or "Văn bản không ghi.", by
            question.answered_at = timezone.now()
            question.save(update_fields=["answer", "answered_by", "answered_at"])
        elif latest.get(str(of)) == REOPENED and question.answered_at is not None:
            question.answer, question.answered_by, question.answered_at = "", None, None
            question.save(update_fields=["answer", "answered_by", "answered_at"])
