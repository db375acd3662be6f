"""Verbs of a campaign: open it, change a fact, answer a question, move an assignment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.models import Assignment, Campaign, Fact, Question, Task
from lantoa.campaigns.rules.cascade import CascadePlan, plan_cascade
from lantoa.campaigns.rules.pack_loading import choose_pack, find_packs, load_pack
from lantoa.campaigns.rules.values import check_value
from lantoa.letters.rules.settling import settled
from lantoa.lib.vietnamese import nfc, slug
from lantoa.places.actions import tree
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.campaigns.rules.cascade import Ask
    from lantoa.campaigns.rules.pack import Pack, PackFact
    from lantoa.letters.models import IncomingLetter
    from lantoa.letters.rules.letter import Letter, LetterTask
    from lantoa.places.models import Place, User


@dataclass(frozen=True, slots=True)
class FactChange:
    """A new value of a fact, with where it comes from."""

    key: str
    value: str
    source: str
    legal_basis: str = ""
    reason: str = ""
    """Why it changed, in words a resident may read."""


def as_of(letter: Letter, arrived_on: dt.date) -> dt.date:
    """The day a campaign's facts are taken as of: the letter's date, else its latest cited document's, else arrival.

    A date in doubt decides nothing: the wrong day would take the wrong versions of the facts.
    """
    letter = settled(letter)
    dates = [letter.date] if letter.date else [cited.date for cited in letter.cited_documents if cited.date]
    days = [day for text in dates if (day := _day(text)) is not None]
    return max(days) if days else arrived_on


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def pack_for(letter: Letter, name: str | None = None) -> Pack:
    """The pack by name, or the one whose topic the letter's subject names. Raises `RefusedError` when there is none."""
    packs = find_packs(settings.LANTOA_PACKS)
    chosen = name or choose_pack(f"{letter.subject or ''} {letter.purpose or ''}", packs)
    if chosen not in packs:
        known = ", ".join(sorted(packs)) or "chưa có gói nào"
        what = f"Không có gói nội dung “{name}”" if name else "Trích yếu văn bản không khớp gói nội dung nào"
        raise RefusedError(f"{what}. Các gói hiện có: {known}. Hãy chọn bằng --pack TÊN hoặc viết gói mới.")
    return load_pack(packs[chosen])


def pack_of(campaign: Campaign) -> Pack:
    """The pack a campaign was opened with. Raises `RefusedError` when it is there no more."""
    return pack_for(campaign.letter.letter, campaign.pack)


def check_open_campaign(letter: Letter, place: Place, by: User | None) -> None:
    """Whether `by` may open a campaign of `place` from this letter, and the letter orders anything at all."""
    require(by, "open_campaign", place)
    if not letter.tasks:
        raise RefusedError(
            "Văn bản không giao nhiệm vụ nào, nên không mở được chiến dịch. "
            "Hãy kiểm tra lại tệp, hoặc chọn đúng văn bản giao việc."
        )


@transaction.atomic
def open_campaign(
    row: IncomingLetter, place: Place, pack: Pack, by: User | None, *, is_rehearsal: bool = False
) -> Campaign:
    """Open the campaign of a registered letter: facts from the pack, tasks, assignments and questions.

    `place` is the territory that runs it. A letter has one campaign: opening it again gives the one it has.
    """
    letter = row.letter
    check_open_campaign(letter, place, by)
    already = Campaign.objects.filter(letter=row).first()
    if already:
        return already
    day = as_of(letter, row.arrived_on)
    campaign = Campaign.objects.create(
        slug=_free_slug(f"{pack.name}-{place.name}"),
        title=f"{pack.title} – {place.name}",
        letter=row,
        pack=pack.name,
        place=place,
        as_of=day,
        opened_by=by,
        is_rehearsal=is_rehearsal,
    )
    Fact.objects.bulk_create(_first_version(campaign, fact) for fact in pack.facts_as_of(day))
    _give_out(campaign, letter, plan_cascade(letter, tree(day), place.pk))
    _ask(campaign, letter, pack, day)
    record(
        Event(
            by, "open_campaign", campaign, campaign.pk, {"pack": pack.name, "letter": row.pk, "as_of": day.isoformat()}
        )
    )
    return campaign


def _free_slug(text: str) -> str:
    stem, number = slug(text)[:70], 1
    name = stem
    while Campaign.objects.filter(slug=name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def _first_version(campaign: Campaign, fact: PackFact) -> Fact:
    return Fact(
        campaign=campaign,
        key=fact.key,
        version=1,
        kind=fact.kind,
        label=fact.label,
        value=fact.value,
        unit=fact.unit,
        known_on=fact.known_on,
        legal_basis=fact.legal_basis,
        source=fact.source,
        note=fact.note,
        reason=fact.reason,
        is_verified=fact.verified,
    )


def _give_out(campaign: Campaign, letter: Letter, plan: CascadePlan) -> None:
    tasks = Task.objects.bulk_create(_tasks(campaign, letter))
    given: dict[tuple[int, int], Assignment] = {}
    for layer in (False, True):  # those who hand a task on come before those they hand it to
        planned = [item for item in plan.assignments if (item.given_by is not None) is layer]
        rows = Assignment.objects.bulk_create(
            Assignment(
                task=tasks[item.task],
                place_id=item.place_id,
                phrase=item.phrase,
                due_on=tasks[item.task].due_on,
                given_by=given.get((item.task, item.given_by or 0)),
            )
            for item in planned
        )
        given |= {(item.task, item.place_id): row for item, row in zip(planned, rows, strict=True)}
    Question.objects.bulk_create(_questions(campaign, plan.asks, tasks))


def _questions(campaign: Campaign, asks: Iterable[Ask], tasks: list[Task]) -> Iterable[Question]:
    """One question for each thing asked; the same words in two tasks are two questions, told apart by the task."""
    taken: set[tuple[str, str]] = set()
    for ask in asks:
        task, subject = None if ask.task is None else tasks[ask.task], ask.subject[:250]
        if (ask.about, subject) in taken:
            if task is None:
                continue
            subject = f"{subject} (mục {task.index})"
        if (ask.about, subject) not in taken:
            taken.add((ask.about, subject))
            yield Question(campaign=campaign, about=ask.about, subject=subject, why=ask.why, task=task)


def _tasks(campaign: Campaign, letter: Letter) -> Iterable[Task]:
    taken: set[str] = set()
    for number, task in enumerate(letter.tasks, start=1):
        index = task.index or f"({number})"
        while index in taken:
            index += "*"
        taken.add(index)
        span = letter.spans.get(f"tasks[{number - 1}]")
        yield Task(
            campaign=campaign,
            index=index,
            assignee_phrases=list(task.assignees),
            **words_of_task(task),
            span=None if span is None else {"page": span.page, "start": span.start, "end": span.end},
        )


def words_of_task(task: LetterTask) -> dict[str, Any]:
    """What a task's row takes over from the letter, whoever it is given to."""
    return {
        "summary": task.actions_summary,
        "channel_kinds": list(task.channels),
        "deadline": task.deadline or "",
        "due_on": _day(task.deadline) or _day(task.due_on),
        "report_to": task.report_to or "",
        "report_deadline": task.report_deadline or "",
        "evidence": task.evidence or "",
    }


def _ask(campaign: Campaign, letter: Letter, pack: Pack, day: dt.date) -> None:
    doubts: dict[str, list[str]] = {}
    for doubt in letter.doubts:
        doubts.setdefault(doubt.field[:300], []).append(doubt.why)
    asks = [
        Question(campaign=campaign, about=Question.About.LETTER, subject=field, why=" ".join(whys))
        for field, whys in doubts.items()
    ]
    asks += [
        Question(
            campaign=campaign,
            about=Question.About.FACT,
            subject=fact.key,
            why=f"“{fact.label}” chưa được kiểm chứng, nên chưa được in ra cho người dân. "
            "Hãy nhập giá trị đúng cùng nguồn nếu cần dùng.",
        )
        for fact in pack.facts_as_of(day)
        if not fact.verified or fact.value is None
    ]
    asks += [
        Question(
            campaign=campaign,
            about=Question.About.FACT,
            subject=f"{fact.key} = {fact.value}",
            why=f"Gói nội dung có giá trị mới hơn của “{fact.label}” (biết từ {fact.known_on:%d/%m/%Y}, "
            f"{fact.legal_basis or fact.source}). Văn bản có trước ngày đó; "
            "nếu chiến dịch vẫn đang chạy, hãy cập nhật.",
        )
        for fact in {fact.key: fact for fact in sorted(pack.later_facts(day), key=lambda fact: fact.known_on)}.values()
        if fact.verified
    ]
    Question.objects.bulk_create(asks, ignore_conflicts=True)


def check_record_fact(campaign: Campaign, change: FactChange, by: User | None) -> Fact:
    """The current version this change follows. Raises `RefusedError` for an unknown key, a wrong value or no source."""
    require(by, "change_fact", campaign.place)
    now = campaign.facts.filter(key=change.key).order_by("-version").first()
    if now is None:
        known = ", ".join(sorted(set(campaign.facts.values_list("key", flat=True))))
        raise RefusedError(f"Chiến dịch không có dữ kiện “{change.key}”. Các dữ kiện hiện có: {known}.")
    if not change.source.strip():
        raise RefusedError("Thiếu nguồn: hãy ghi văn bản hoặc nơi xác nhận giá trị mới.")
    fault = check_value(now.kind, change.value)
    if fault:
        raise RefusedError(f"Giá trị “{change.value}” của {now.label} không hợp lệ: {fault}.")
    return now


@transaction.atomic
def record_fact(campaign: Campaign, change: FactChange, by: User | None) -> Fact:
    """Record a new version of a fact, confirmed by whoever records it. The same value again changes nothing.

    Nothing outside is touched: what became stale is put right by a correction.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # versions are numbered one at a time
    change = replace(change, value=nfc(change.value).strip())
    now = check_record_fact(campaign, change, by)
    if now.value == change.value and now.is_verified:
        return now
    fact = Fact.objects.create(
        campaign=campaign,
        key=now.key,
        version=now.version + 1,
        kind=now.kind,
        label=now.label,
        value=change.value,
        unit=now.unit,
        known_on=timezone.localdate(),
        legal_basis=change.legal_basis or change.source,
        source=change.source,
        reason=change.reason,
        is_verified=True,
        confirmed_by=by,
    )
    answered = campaign.questions.filter(
        about=Question.About.FACT, subject__in=[now.key, f"{now.key} = {change.value}"]
    )
    answered.update(answer=change.value, answered_by=by, answered_at=timezone.now())
    record(
        Event(
            by,
            "record_fact",
            fact,
            campaign.pk,
            {"key": fact.key, "from": now.value, "to": fact.value, "source": fact.source},
        )
    )
    return fact


@transaction.atomic
def answer_question(question: Question, places: list[Place], text: str, by: User | None) -> Question:
    """Answer what was asked; places named for an assignee are given the task."""
    require(by, "answer_question", question.campaign.place)
    if not text.strip() and not places:
        raise RefusedError("Hãy chọn đơn vị hoặc ghi câu trả lời.")
    question.answer = text.strip() or ", ".join(place.name for place in places)
    question.answered_by, question.answered_at = by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    if question.task is not None:
        for place in places:
            Assignment.objects.get_or_create(
                task=question.task,
                place=place,
                defaults={"phrase": question.subject, "due_on": question.task.due_on},
            )
    record(
        Event(
            by,
            "answer_question",
            question,
            question.campaign_id,
            {"subject": question.subject, "answer": question.answer, "places": [place.pk for place in places]},
        )
    )
    return question


def check_move_assignment(assignment: Assignment, state: str, by: User | None) -> None:
    """Whether `by` may bring the assignment to `state`: the place's own people, or those of the place that runs it."""
    if state not in Assignment.State.values:
        raise RefusedError(f"Không có trạng thái “{state}”.")
    try:
        require(by, "move_assignment", assignment.place)
    except RefusedError:
        require(by, "answer_question", assignment.task.campaign.place)


@transaction.atomic
def move_assignment(assignment: Assignment, state: str, by: User | None, note: str = "") -> Assignment:
    """Bring an assignment to another state (edXML status codes, QCVN 102:2016/BTTTT)."""
    check_move_assignment(assignment, state, by)
    before = assignment.state
    assignment.state, assignment.note = state, note or assignment.note
    assignment.save(update_fields=["state", "note", "changed_at"])
    record(
        Event(
            by, "move_assignment", assignment, assignment.task.campaign_id, {"from": before, "to": state, "note": note}
        )
    )
    return assignment
