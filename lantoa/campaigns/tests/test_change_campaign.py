from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.actions import FactChange, answer_question, move_assignment, record_fact
from lantoa.campaigns.models import Assignment, Campaign
from lantoa.campaigns.tests.builders import LATER, NEW, OLD, make_campaign
from lantoa.evidence.actions import verify_history
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.places.tests.builders import Cast

SOURCE = "Thông báo số 20/TB-UBND ngày 01/6/2025"


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast)


def change(value: str = NEW, key: str = "start_date", source: str = SOURCE) -> FactChange:
    return FactChange(key, value, source, reason="vì mưa muộn")


def test_a_new_value_is_a_new_version_and_the_old_one_stays(campaign: Campaign, cast: Cast) -> None:
    fact = record_fact(campaign, change(), cast.officer)
    assert (fact.version, fact.value, fact.is_verified, fact.confirmed_by) == (2, NEW, True, cast.officer)
    assert (fact.source, fact.legal_basis, fact.reason) == (SOURCE, SOURCE, "vì mưa muộn")
    held = campaign.facts.filter(key="start_date").values_list("version", "value")
    assert list(held) == [(1, OLD), (2, NEW)]
    assert campaign.facts.current().get(key="start_date") == fact
    entry = HistoryEntry.objects.get(verb="record_fact")
    assert entry.detail == {"key": "start_date", "from": OLD, "to": NEW, "source": SOURCE}
    assert verify_history().is_whole


def test_the_same_value_again_changes_nothing(campaign: Campaign, cast: Cast) -> None:
    first = record_fact(campaign, change(), cast.officer)
    assert record_fact(campaign, change(f" {NEW} ", source="nguồn khác"), cast.colleague) == first
    assert HistoryEntry.objects.filter(verb="record_fact").count() == 1


def test_confirming_what_nobody_had_confirmed_is_a_new_version(campaign: Campaign, cast: Cast) -> None:
    fact = record_fact(campaign, change("0225 388 1234", "hotline"), cast.officer)
    assert (fact.version, fact.is_verified) == (2, True)
    assert campaign.questions.get(about="fact", subject="hotline").answer == "0225 388 1234"


def test_taking_the_packs_newer_value_answers_its_question(campaign: Campaign, cast: Cast) -> None:
    record_fact(campaign, change(LATER), cast.officer)
    question = campaign.questions.get(subject=f"start_date = {NEW}")
    assert question.answered_at is None
    record_fact(campaign, change(NEW), cast.officer)
    question.refresh_from_db()
    assert question.answered_by == cast.officer


def test_words_are_kept_in_one_form(campaign: Campaign) -> None:
    campaign.facts.filter(key="hotline").update(kind="text")
    fact = record_fact(campaign, change(unicodedata.normalize("NFD", "trạm khí tượng"), "hotline"), None)
    assert fact.value == "trạm khí tượng"
    assert record_fact(campaign, change("trạm khí tượng", "hotline"), None) == fact


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (change("05/7/2025"), "ngày phải viết dạng"),
        (change(""), "để trống"),
        (change("nhiều", "households"), "phải là số"),
        (change(source="  "), "Thiếu nguồn"),
        (change(key="begin"), "Các dữ kiện hiện có: hotline, households, start_date"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(campaign: Campaign, wrong: FactChange, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        record_fact(campaign, wrong, None)
    assert campaign.facts.count() == 3
    assert not HistoryEntry.objects.filter(verb="record_fact").exists()


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_only_those_who_run_it_may_change_a_fact_or_answer(campaign: Campaign, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        record_fact(campaign, change(), getattr(cast, who))
    question = campaign.questions.first()
    assert question is not None
    with pytest.raises(RefusedError):
        answer_question(question, [], "có", getattr(cast, who))


def test_an_answer_gives_the_task_to_the_places_it_names_once(cast: Cast) -> None:
    campaign = make_campaign(cast, LetterTask("1", ("Bưu điện quận",), "", deadline="2025-05-30"))
    question = campaign.questions.get(about="assignee")
    assert not Assignment.objects.exists()
    for _ in range(2):
        answer_question(question, [cast.committee], "", cast.officer)
    row = Assignment.objects.get()
    assert (row.place, row.phrase, row.due_on, row.given_by) == (cast.committee, "Bưu điện quận", row.task.due_on, None)
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == (cast.committee.name, cast.officer)


def test_an_empty_answer_is_refused(campaign: Campaign) -> None:
    question = campaign.questions.first()
    assert question is not None
    with pytest.raises(RefusedError, match="chọn đơn vị hoặc ghi câu trả lời"):
        answer_question(question, [], "  ", None)


@pytest.mark.parametrize("who", ["officer", "colleague", "unit_officer"])
def test_a_place_and_those_above_it_move_its_work(campaign: Campaign, cast: Cast, who: str) -> None:
    row = Assignment.objects.get(task__campaign=campaign, place=cast.committee)
    move_assignment(row, "06", getattr(cast, who), note="Đã đăng")
    row.refresh_from_db()
    assert (row.state, row.note) == ("06", "Đã đăng")
    assert HistoryEntry.objects.get(verb="move_assignment").detail == {"from": "01", "to": "06", "note": "Đã đăng"}


@pytest.mark.parametrize("who", ["outsider", "field_worker"])
def test_others_do_not(campaign: Campaign, cast: Cast, who: str) -> None:
    row = Assignment.objects.get(task__campaign=campaign, place=cast.committee)
    with pytest.raises(RefusedError):
        move_assignment(row, "06", getattr(cast, who))


def test_a_team_moves_its_own_work(campaign: Campaign, cast: Cast) -> None:
    row = Assignment.objects.get(task__campaign=campaign, place=cast.team)
    assert move_assignment(row, "03", cast.field_worker).state == "03"


def test_a_state_the_standard_does_not_know_is_refused(campaign: Campaign) -> None:
    row = Assignment.objects.filter(task__campaign=campaign).first()
    assert row is not None
    with pytest.raises(RefusedError, match="Không có trạng thái"):
        move_assignment(row, "99", None)


def test_work_is_seen_by_its_place_and_by_who_runs_the_campaign(campaign: Campaign, cast: Cast) -> None:
    seen = {
        who: set(Assignment.objects.for_user(getattr(cast, who)).values_list("place", flat=True))
        for who in ("officer", "unit_officer", "field_worker", "outsider")
    }
    both = {cast.committee.pk, cast.team.pk}
    assert seen == {"officer": both, "unit_officer": both, "field_worker": {cast.team.pk}, "outsider": set()}
    assert Assignment.objects.filter(task__campaign=campaign).open().count() == 2
