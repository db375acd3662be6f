"""How things are shown: the letter's stretches, dates and numbers, lists, and files to take away."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lantoa.letters.rules.letter import Span
from lantoa.lib.sheets import Sheet
from lantoa.web.rules import Field, fields_of, name_of, stretches
from lantoa.web.tables import as_csv
from lantoa.web.templatetags.lantoa import day, moment, number
from lantoa.web.tests.builders import TEXT, make_letter

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Cast, Land

TEXTS = st.text(min_size=1, max_size=60)


def _field(path: str, start: int, end: int) -> Field:
    return Field(path, "", "", "", Span(1, start, end, ""), ())


@given(TEXTS, st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6))
def test_the_stretches_of_a_text_are_the_text(text: str, ends: list[tuple[int, int]]) -> None:
    fields = [_field(f"f{i}", *pair) for i, pair in enumerate(ends)]
    cut = stretches(text, fields)
    assert "".join(stretch.text for stretch in cut) == text
    assert all(stretch.text for stretch in cut)


def test_the_narrowest_field_is_named_first() -> None:
    cut = stretches("0123456789", [_field("tasks[0]", 0, 10), _field("tasks[0].deadline", 3, 5)])
    assert [(stretch.text, stretch.marks) for stretch in cut] == [
        ("012", ("tasks-0",)),
        ("34", ("tasks-0-deadline", "tasks-0")),
        ("56789", ("tasks-0",)),
    ]
    assert [stretch.starts for stretch in cut] == [True, True, False]


def test_fields_in_doubt_come_first(land: Land) -> None:
    fields = fields_of(make_letter(land.district).letter)
    assert fields[0].path == "tasks[0].deadline"
    assert not any(field.doubts for field in fields[1:])
    shown = {field.path: field for field in fields}
    assert shown["tasks[0].channels"].value == "Cổng thông tin điện tử; Loa phát thanh"
    span = shown["signer_name"].span
    assert span is not None
    assert TEXT[span.start : span.end] == "Trần Văn Mẫu"


def test_a_question_names_the_field_as_people_call_it() -> None:
    assert name_of("tasks[2].deadline") == "Thời hạn"
    assert name_of("recipients_lines[2]") == "Nơi nhận"
    assert name_of("number") == "Số"
    assert name_of("something_else") == "something_else"


def test_dates_and_numbers_are_written_as_vietnamese_offices_do() -> None:
    with translation.override("vi"):
        assert day(dt.date(2024, 9, 6)) == "6/9/2024"
        assert day("2024-09-16") == "16/9/2024"
        assert day("không phải ngày") == "không phải ngày"
        assert moment(dt.datetime(2024, 9, 6, 1, 5, tzinfo=dt.UTC)) == "6/9/2024 08:05"
        assert number(1234567) == "1.234.567"
        assert number(12.5) == "12,5"
    with translation.override("en"):
        assert number(1234567) == "1,234,567"


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    lines = as_csv(Sheet("x", "X", ("Ô",), [("=1+1",), ("bình thường",)])).content.decode("utf-8-sig").splitlines()
    assert lines == ["Ô", "'=1+1", "bình thường"]


def test_the_ledger_is_filtered_and_taken_away(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    address = reverse("exposures", args=[campaign.slug])

    def shown(**query: str) -> int:
        return len(client.get(address, query).context["rows"])

    assert shown() == 4
    assert shown(kenh="portal") == 2
    assert shown(noi="c0-t1-cns") == 2
    assert shown(**{"du-kien": "cutoff_date.1"}) == 4
    assert shown(**{"du-kien": "cutoff_date.2"}) == 0
    assert shown(**{"trang-thai": "queued"}) == 0
    csv = client.get(reverse("exposures_file", args=[campaign.slug, "csv"]), {"kenh": "portal"})
    assert len(csv.content.decode("utf-8-sig").strip().splitlines()) == 3
    xlsx = client.get(reverse("exposures_file", args=[campaign.slug, "xlsx"]))
    assert zipfile.is_zipfile(io.BytesIO(xlsx.content))
    assert client.get(reverse("exposures_file", args=[campaign.slug, "exe"])).status_code == 404


@pytest.mark.parametrize("order", ["noi", "-noi", "kenh", "loai", "trang-thai", "luc", "-luc", "la"])
def test_the_ledger_is_ordered_by_every_column(client: Client, campaign: Campaign, cast: Cast, order: str) -> None:
    client.force_login(cast.officer)
    assert client.get(reverse("exposures", args=[campaign.slug]), {"xep": order}).status_code == 200


def test_the_kit_comes_as_one_archive_with_a_folder_a_place(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    response = client.get(reverse("kit_zip", args=[campaign.slug]))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a file response streams
    packed = zipfile.ZipFile(io.BytesIO(content))
    response.close()
    assert {name.split("/")[0] for name in packed.namelist()} == {"c0", "c1"}
    assert len(packed.namelist()) == 10


def test_the_register_has_its_ten_columns_and_is_printed(client: Client, campaign: Campaign, cast: Cast) -> None:
    assert campaign.pk
    client.force_login(cast.officer)
    page = client.get(reverse("register"), {"nam": "2024", "tim": "tuyen truyen"})
    assert len(page.context["columns"]) == 10
    assert page.context["total"] == 1
    assert client.get(reverse("register"), {"nam": "1999"}).context["total"] == 0
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in client.get(reverse("register"), {"in": "1"}).content.decode()
    assert zipfile.is_zipfile(io.BytesIO(client.get(reverse("register_file")).content))


def test_work_is_filtered_by_state_task_place_and_lateness(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.officer)
    address = reverse("work", args=[campaign.slug])
    for query, found in (
        ({}, 3),
        ({"trang-thai": "05"}, 1),
        ({"qua-han": "1"}, 2),
        ({"tim": "dong mau"}, 1),
        ({"tim": "?"}, 0),
    ):
        assert client.get(address, query).context["shown"] == found, query


def test_pages_are_vietnamese_until_somebody_switches(client: Client, db: None) -> None:  # noqa: ARG001 - sessions
    page = client.get("/dang-nhap", headers={"accept-language": "en-US"})
    assert 'lang="vi"' in page.content.decode()
    assert "Đăng nhập" in page.content.decode()
    client.post("/ngon-ngu", {"language": "en", "next": "/dang-nhap"})
    page = client.get("/dang-nhap")
    assert 'lang="en"' in page.content.decode()
    assert "Sign in" in page.content.decode()
    assert client.post("/ngon-ngu", {"language": "en", "next": "//evil.example"})["Location"] == "/"


def test_a_page_may_load_nothing_from_elsewhere(client: Client, db: None) -> None:  # noqa: ARG001 - sessions
    policy = client.get("/dang-nhap")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_unknown_addresses_say_what_to_do(client: Client, db: None) -> None:  # noqa: ARG001 - sessions
    response = client.get("/khong-co-trang-nay")
    assert response.status_code == 404
    assert "Về danh sách chiến dịch" in response.content.decode()
