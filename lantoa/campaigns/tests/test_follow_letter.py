"""A letter corrected after its campaign opened."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import Followed, follow_letter
from lantoa.campaigns.models import Question
from lantoa.campaigns.tests.builders import make_campaign
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.actions import add_item, confirm_field, correct_field, mark_absent, reopen_field
from lantoa.letters.rules.letter import Doubt, LetterTask
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

WARDS = ("Ủy ban nhân dân các phường",)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    tasks = (
        LetterTask("1", WARDS, "Đăng tin", ("portal",), "2025-06-01"),
        LetterTask("2", WARDS, "Phát loa", ("loudspeaker",)),
    )
    return make_campaign(cast, *tasks, doubts=(Doubt("tasks[1].deadline", "Không ghi."),))


def test_words_and_days_of_a_task_follow_at_once(cast: Cast, campaign: Campaign) -> None:
    correct_field(campaign.letter, "tasks[0].deadline", ["15/6/2025"], cast.officer)
    correct_field(campaign.letter, "tasks[0].actions_summary", ["Đăng tin mỗi tuần"], cast.officer)
    assert follow_letter(campaign, cast.officer) == Followed(("1",), 0)
    task = campaign.tasks.get(index="1")
    assert (task.summary, task.due_on) == ("Đăng tin mỗi tuần", dt.date(2025, 6, 15))
    assert set(task.assignments.values_list("due_on", flat=True)) == {dt.date(2025, 6, 15)}
    assert follow_letter(campaign, cast.officer) == Followed()
    assert HistoryEntry.objects.filter(verb="follow_letter").count() == 1


def test_another_doer_is_asked_of_a_person_and_work_given_stays(cast: Cast, campaign: Campaign) -> None:
    before = set(campaign.tasks.get(index="2").assignments.values_list("place", flat=True))
    correct_field(campaign.letter, "tasks[1].assignees", ["Trường học"], cast.officer)
    assert follow_letter(campaign, cast.officer).asked == 1
    task = campaign.tasks.get(index="2")
    assert set(task.assignments.values_list("place", flat=True)) == before
    assert "Trường học" in Question.objects.get(task=task, about="assignee").why
    assert task.assignee_phrases == ["Trường học"]
    assert follow_letter(campaign, cast.officer).asked == 0


def test_a_task_added_waits_for_who_does_it_and_one_gone_for_its_work_to_be_taken_back(
    cast: Cast, campaign: Campaign
) -> None:
    add_item(campaign.letter, "tasks", ["Họp dân"], cast.officer)
    mark_absent(campaign.letter, "tasks[0]", cast.officer)
    followed = follow_letter(campaign, cast.officer)
    assert (followed.tasks, followed.asked) == (("(3)",), 2)
    added = campaign.tasks.get(summary="Họp dân")
    assert Question.objects.get(task=added).about == "assignee"
    assert campaign.tasks.get(index="1").assignments.exists()
    correct_field(campaign.letter, "tasks[2].actions_summary", ["Họp dân từng tổ"], cast.officer)
    correct_field(campaign.letter, "tasks[1].actions_summary", ["Phát loa sáng"], cast.officer)
    follow_letter(campaign, cast.officer)
    assert sorted(campaign.tasks.values_list("summary", flat=True)) == ["Họp dân từng tổ", "Phát loa sáng", "Đăng tin"]


def test_a_question_about_a_field_is_answered_by_what_was_said_of_it(cast: Cast, campaign: Campaign) -> None:
    question = Question.objects.get(about="letter")
    confirm_field(campaign.letter, "tasks[1].deadline", cast.officer)
    follow_letter(campaign, cast.officer)
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Văn bản không ghi.", cast.officer)
    reopen_field(campaign.letter, "tasks[1].deadline", cast.officer)
    follow_letter(campaign, cast.officer)
    question.refresh_from_db()
    assert question.answered_at is None


def test_questions_point_at_the_right_task_after_one_was_taken_out_before_the_opening(cast: Cast) -> None:
    from lantoa.campaigns.actions import open_campaign, pack_for  # noqa: PLC0415 - only here
    from lantoa.campaigns.tests.builders import build_letter, make_letter  # noqa: PLC0415 - only here

    tasks = [LetterTask(str(n), WARDS, f"Việc {n}", ("portal",)) for n in (1, 2)]
    letter = build_letter(*tasks, doubts=(Doubt("tasks[1].deadline", "Không ghi."),))
    row = make_letter(cast.district, letter)
    mark_absent(row, "tasks[0]", cast.officer)
    campaign = open_campaign(row, cast.district, pack_for(letter), cast.officer)
    assert Question.objects.get(about="letter").subject == "tasks[0].deadline"
    correct_field(row, "tasks[1].deadline", ["15/6/2025"], cast.officer)
    follow_letter(campaign, cast.officer)
    assert campaign.tasks.get().due_on == dt.date(2025, 6, 15)
    assert Question.objects.get(about="letter").answer == "2025-06-15"


def test_another_date_asks_for_the_facts_to_be_looked_at(cast: Cast, campaign: Campaign) -> None:
    correct_field(campaign.letter, "date", ["10/6/2025"], cast.officer)
    follow_letter(campaign, cast.officer)
    (asked,) = Question.objects.filter(subject__startswith="ngày lấy dữ kiện")
    assert "10/06/2025" in asked.why
    campaign.refresh_from_db()
    assert campaign.as_of == dt.date(2025, 5, 10), "facts in use do not change by themselves"


def test_only_those_who_keep_the_register_may(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(RefusedError):
        follow_letter(campaign, cast.field_worker)
