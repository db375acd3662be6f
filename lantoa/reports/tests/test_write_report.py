from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.apps import apps

from lantoa.campaigns.models import Assignment, Campaign
from lantoa.campaigns.tests.builders import NEW
from lantoa.content.actions import approve_kit, make_kit
from lantoa.delivery.actions import carry_out, plan_correction
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.tests.builders import change, make_live, words_of_file
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.permits import RefusedError
from lantoa.reports.actions import KINDS, figure_rows, figures, keep_report, write_report
from lantoa.reports.rules import QUERIES

if TYPE_CHECKING:
    from lantoa.places.tests.builders import Cast

TASKS = (
    LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("portal", "fanpage")),
    LetterTask("2", ("Ủy ban nhân dân các phường", "Bưu điện quận"), "", ("community_digital_team",)),
)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_live(cast, *TASKS)


def value(campaign: Campaign, key: str) -> int:
    return next(figure.value for figure in figures(campaign) if figure.query.key == key)


@pytest.mark.parametrize("key", [query.key for query in QUERIES])
def test_a_figure_is_the_count_of_the_rows_it_opens(campaign: Campaign, key: str) -> None:
    query = next(query for query in QUERIES if query.key == key)
    rows = list(figure_rows(campaign, key))
    expected = len({getattr(row, f"{query.distinct}_id") for row in rows}) if query.distinct else len(rows)
    assert value(campaign, key) == expected
    assert query.label
    assert query.unit


def test_figures_say_what_happened(campaign: Campaign, cast: Cast) -> None:
    Assignment.objects.filter(place=cast.committee, task__index="1").update(state="06")
    Delivery.objects.filter(rendering__kind="leaflet").update(state="failed_for_good")
    Publication.objects.filter(channel_kind="portal").update(state="refused")
    expected = {
        "tasks": 2,
        "places": 2,
        "assignments": 3,
        "assignments_done": 1,
        "assignments_not_started": 2,
        "articles": 0,
        "posts": 1,
        "publications": 1,
        "deliveries": 2,
        "recipients": 1,
        "failed": 1,
        "failed_publications": 1,
        "corrections": 0,
    }
    assert {key: value(campaign, key) for key in expected} == expected
    assert value(campaign, "questions") == campaign.questions.filter(answered_at=None).count()


def test_another_campaigns_rows_are_never_counted(campaign: Campaign, cast: Cast) -> None:
    before = {figure.query.key: figure.value for figure in figures(campaign)}
    make_live(cast, *TASKS)
    assert {figure.query.key: figure.value for figure in figures(campaign)} == before


def test_what_was_replaced_is_no_longer_counted_as_standing(campaign: Campaign) -> None:
    before = value(campaign, "publications")
    change(campaign, NEW)
    planned = plan_correction(campaign, None)
    assert planned is not None
    carry_out(planned, None)
    assert value(campaign, "publications") == before
    assert value(campaign, "corrections") == 1


def test_an_unknown_figure_is_a_mistake(campaign: Campaign) -> None:
    with pytest.raises(KeyError):
        figure_rows(campaign, "reach")


def test_the_data_carries_a_query_for_each_figure_that_opens_its_rows(campaign: Campaign) -> None:
    data = json.loads(write_report(campaign, "json", None))
    assert [figure["key"] for figure in data["figures"]] == [query.key for query in QUERIES]
    for figure in data["figures"]:
        query = figure["query"]
        filters = {name: campaign.pk if of == "{campaign}" else of for name, of in query["filters"].items()}
        rows = apps.get_model(query["model"]).objects.filter(**filters)
        count = rows.order_by().values(query["distinct"]).distinct().count() if query["distinct"] else rows.count()
        assert count == figure["value"]
    (ward,) = data["places"]
    assert ward == {"place": "Phường Đa Phước", "assignments": 3, "done": 0, "publications": 2, "deliveries": 3}


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_report_carries_the_figures_and_the_facts(campaign: Campaign, kind: str) -> None:
    change(campaign, NEW)
    planned = plan_correction(campaign, None)
    assert planned is not None
    carry_out(planned, None)
    words = " ".join(words_of_file(f"bao-cao.{kind}", write_report(campaign, kind, None)).split())
    assert "BÁO CÁO" in words
    for figure in figures(campaign):
        if figure.query.key not in {"tasks", "places", "questions"}:
            assert figure.query.label.split()[0] in words
    for said in ("Phường Đa Phước", "05/7/2025", "1.200", "Bưu điện quận"):
        assert said in words, said
    assert "Thông báo số 20/TB-UBND" in words


def test_one_report_is_one_file_whatever_the_hour(campaign: Campaign) -> None:
    assert write_report(campaign, "docx", None) == write_report(campaign, "docx", None)
    assert write_report(campaign, "pdf", None) == write_report(campaign, "pdf", None)


@pytest.mark.parametrize("kind", ["xlsx", "", "DOCX"])
def test_an_unknown_form_is_refused_with_those_there_are(campaign: Campaign, kind: str) -> None:
    with pytest.raises(RefusedError, match=r"\.docx, \.pdf hoặc \.json"):
        write_report(campaign, kind, None)


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_write_the_report(campaign: Campaign, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        write_report(campaign, "json", getattr(cast, who))


def test_the_kept_report_is_there_in_every_form_and_recorded(campaign: Campaign, cast: Cast) -> None:
    files = keep_report(campaign, cast.officer)
    assert set(files) == set(KINDS)
    assert files["docx"].read_bytes() == write_report(campaign, "docx", None)
    assert {path.name for path in files["docx"].parent.iterdir()} == {f"bao-cao.{kind}" for kind in KINDS}
    assert HistoryEntry.objects.filter(verb="write_report").count() == 1


def test_a_campaign_with_nothing_out_has_a_report_of_noughts(cast: Cast) -> None:
    campaign = make_live(cast, LetterTask("1", ("Bưu điện quận",), ""))
    make_kit(campaign, None)
    approve_kit(campaign, None)
    assert value(campaign, "publications") == value(campaign, "deliveries") == 0
    assert write_report(campaign, "pdf", None).startswith(b"%PDF-")
