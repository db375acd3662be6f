from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

import lantoa
from lantoa.campaigns.actions import as_of, open_campaign, pack_for
from lantoa.campaigns.models import Assignment, Campaign, Question
from lantoa.campaigns.tests.builders import NEW, OLD, build_letter, make_campaign, make_letter
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import CitedDocument, Doubt, Letter, LetterTask
from lantoa.letters.rules.reading import read_letter
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack
    from lantoa.places.tests.builders import Cast

EXAMPLE = Path(lantoa.__file__).parents[1] / "examples" / "duong-kinh" / "letter.txt"
ARRIVED = dt.date(2025, 5, 12)


def rain() -> Pack:
    return pack_for(build_letter())


def test_a_campaign_is_opened_with_tasks_assignments_and_facts(cast: Cast) -> None:
    campaign = make_campaign(cast)
    assert (campaign.slug, campaign.pack, campaign.as_of) == ("rain-quan-ben-nghe", "rain", dt.date(2025, 5, 10))
    assert [task.index for task in campaign.tasks.all()] == ["1"]
    rows = Assignment.objects.select_related("place", "given_by__place")
    given = {row.place: row.given_by and row.given_by.place for row in rows}
    assert given == {cast.committee: None, cast.team: cast.committee}
    assert {fact.key: fact.version for fact in campaign.facts.all()} == {"start_date": 1, "households": 1, "hotline": 1}
    (entry,) = HistoryEntry.objects.filter(verb="open_campaign")
    assert (entry.campaign_id, entry.by) == (campaign.pk, cast.officer)


def test_a_letter_has_one_campaign(cast: Cast) -> None:
    row = make_letter(cast.district)
    first = open_campaign(row, cast.district, rain(), cast.officer)
    assert open_campaign(row, cast.district, rain(), cast.colleague) == first
    assert Campaign.objects.count() == 1
    assert HistoryEntry.objects.filter(verb="open_campaign").count() == 1


def test_another_letter_on_the_same_matter_has_a_name_of_its_own(cast: Cast) -> None:
    first, second = (open_campaign(make_letter(cast.district), cast.district, rain(), None) for _ in range(2))
    assert (first.slug, second.slug) == ("rain-quan-ben-nghe", "rain-quan-ben-nghe-2")


def test_a_letter_that_orders_nothing_is_refused_and_leaves_nothing(cast: Cast) -> None:
    row = make_letter(cast.district, Letter(doc_type="thong_bao", issuer=None))
    with pytest.raises(RefusedError, match="không giao nhiệm vụ nào"):
        open_campaign(row, cast.district, rain(), cast.officer)
    assert not Campaign.objects.exists()
    assert not HistoryEntry.objects.filter(verb="open_campaign").exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("officer", True),
        ("colleague", True),
        ("unit_officer", False),
        ("field_worker", False),
        ("outsider", False),
    ],
)
def test_officers_of_the_place_and_their_leader_may_open(cast: Cast, who: str, may: bool) -> None:  # noqa: FBT001 - a table
    row = make_letter(cast.district)
    if may:
        assert open_campaign(row, cast.district, rain(), getattr(cast, who)).opened_by == getattr(cast, who)
    else:
        with pytest.raises(RefusedError):
            open_campaign(row, cast.district, rain(), getattr(cast, who))
        assert not Campaign.objects.exists()


def test_facts_are_those_known_on_the_letters_day(cast: Cast) -> None:
    early = make_campaign(cast, date="2025-05-10")
    late = make_campaign(cast, date="2025-06-15")
    assert [one.facts.get(key="start_date").value for one in (early, late)] == [OLD, NEW]


@pytest.mark.parametrize(
    ("date", "cited", "day"),
    [
        ("2025-05-10", ("2025-05-20",), dt.date(2025, 5, 10)),
        (None, ("2025-05-02", "2025-05-04", None, "không rõ"), dt.date(2025, 5, 4)),
        (None, (), ARRIVED),
        ("2025-13-40", (), ARRIVED),
    ],
)
def test_the_day_is_the_letters_else_its_latest_citations_else_its_arrivals(
    date: str | None, cited: tuple[str | None, ...], day: dt.date
) -> None:
    letter = build_letter(date=date, cited_documents=tuple(CitedDocument(None, one, None) for one in cited))
    assert as_of(letter, ARRIVED) == day


def test_the_example_letter_without_its_date_takes_that_of_the_letter_it_answers() -> None:
    letter = read_letter(EXAMPLE.read_text(encoding="utf-8"))
    assert as_of(letter, ARRIVED) == dt.date(2024, 8, 14)
    pack = pack_for(letter)
    (cutoff,) = [fact for fact in pack.facts_as_of(dt.date(2024, 8, 14)) if fact.key == "cutoff_date"]
    assert (pack.name, cutoff.value) == ("2g_shutdown", "2024-09-16")


def test_doubts_unconfirmed_facts_and_newer_values_become_questions(cast: Cast) -> None:
    campaign = make_campaign(cast, doubts=(Doubt("number", "Số bỏ trống."), Doubt("number", "Thiếu ký hiệu.")))
    asked = {(one.about, one.subject): one.why for one in campaign.questions.all()}
    assert asked["letter", "number"] == "Số bỏ trống. Thiếu ký hiệu."
    assert "chưa được kiểm chứng" in asked["fact", "hotline"]
    assert "01/06/2025" in asked["fact", f"start_date = {NEW}"]
    assert len(asked) == 3


def test_an_unknown_name_in_two_tasks_is_asked_about_for_each(cast: Cast) -> None:
    campaign = make_campaign(cast, *(LetterTask(index, ("Bưu điện quận",), "") for index in ("1", "2")))
    asked = Question.objects.filter(campaign=campaign, about="assignee")
    assert [(one.subject, one.task and one.task.index) for one in asked.order_by("id")] == [
        ("Bưu điện quận", "1"),
        ("Bưu điện quận (mục 2)", "2"),
    ]


def test_tasks_without_a_number_or_with_the_same_one_are_told_apart(cast: Cast) -> None:
    campaign = make_campaign(
        cast, *(LetterTask(index, ("Ủy ban nhân dân các phường",), "") for index in (None, "2", "2"))
    )
    assert [task.index for task in campaign.tasks.all()] == ["(1)", "2", "2*"]


def test_a_deadline_that_is_a_date_becomes_the_day_of_each_assignment(cast: Cast) -> None:
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "", deadline="2025-05-30")
    vague = LetterTask("2", ("Ủy ban nhân dân các phường",), "", deadline="trước mùa lũ")
    campaign = make_campaign(cast, task, vague)
    assert list(
        Assignment.objects.filter(task__campaign=campaign).order_by("task_id").values_list("due_on", flat=True)
    ) == [
        dt.date(2025, 5, 30),
        None,
    ]
    assert campaign.tasks.get(index="2").deadline == "trước mùa lũ"


def test_a_letter_about_something_else_names_the_packs_there_are(cast: Cast) -> None:  # noqa: ARG001 - its pack
    with pytest.raises(RefusedError, match="Các gói hiện có: rain"):
        pack_for(build_letter(subject="Phòng cháy"))
    with pytest.raises(RefusedError, match="Không có gói nội dung “snow”"):
        pack_for(build_letter(), "snow")


def test_people_see_campaigns_that_touch_their_place(cast: Cast) -> None:
    campaign = make_campaign(cast)
    for one in (cast.officer, cast.colleague, cast.unit_officer, cast.field_worker):
        assert list(Campaign.objects.for_user(one)) == [campaign]
    assert not Campaign.objects.for_user(cast.outsider).exists()
    assert settings.LANTOA_PACKS.name == "packs"
