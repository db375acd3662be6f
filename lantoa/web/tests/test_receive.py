"""Pages of what comes in: who may, what they show, and what their forms do."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lantoa.letters.actions import Incoming, receive
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.letters.tests.builders import letter_text
from lantoa.web.tests.builders import TEXT, make_letter
from lantoa.web.views.register import register_day

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.web.tests.builders import Cast, Land

TODAY = timezone.localdate()


@pytest.fixture
def client(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


@pytest.fixture
def row(land: Land, cast: Cast) -> IncomingLetter:
    return make_letter(land.district, cast.officer)


@pytest.fixture
def unread(land: Land) -> Arrival:
    return receive(Incoming("gạo".encode(), "gạo.txt", Arrival.Way.MAIL, "Bà Ba"), land.district, None).arrival


def shown(client: Client, **query: str) -> list[int]:
    return [line.row.ordinal for line in client.get(reverse("register"), query).context["lines"]]


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["unit_officer", "field_worker"])
def test_only_the_office_sees_what_came_in_and_settles_it(
    client: Client, cast: Cast, row: IncomingLetter, unread: Arrival, who: str
) -> None:
    client.force_login(getattr(cast, who))
    addresses = [
        reverse("arrivals"), reverse("arrival_file", args=[unread.pk]), reverse("handle_letter", args=[row.pk]),
    ]  # fmt: skip
    assert [client.get(address).status_code for address in addresses] == [403, 403, 403]
    for name, *args in (
        ("receive_letter",), ("settle_arrival", unread.pk), ("settle_duplicate", row.pk), ("handle_letter", row.pk),
    ):  # fmt: skip
        assert client.post(reverse(name, args=args)).status_code == 403


def test_another_district_s_letters_and_files_are_not_there(
    client: Client, cast: Cast, row: IncomingLetter, unread: Arrival
) -> None:
    client.force_login(cast.colleague)
    for name, pk in (("handle_letter", row.pk), ("arrival_file", unread.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    for name, pk in (("settle_duplicate", row.pk), ("settle_arrival", unread.pk)):
        assert client.post(reverse(name, args=[pk])).status_code == 404
    assert client.get(reverse("arrivals")).context["page"].paginator.count == 0


# --- the register --------------------------------------------------------------------------------


def test_the_register_is_filtered_by_state_and_way_and_sorted(client: Client, land: Land, row: IncomingLetter) -> None:
    days = (TODAY - dt.timedelta(1), TODAY + dt.timedelta(2), None)
    more = [
        make_letter(land.district, year=2025, ordinal=n, text_hash=str(n), due_on=day) for n, day in enumerate(days, 1)
    ]
    given = {"resembles": row, "handled_by": land.committees[0], "forwarded_on": TODAY}
    IncomingLetter.objects.filter(pk=more[2].pk).update(**given)
    Arrival.objects.create(letter=more[1], book=land.district, way="mail", file_name="x", file_hash="x")
    assert shown(client) == [3, 2, 1, 7]
    assert shown(client, xep="so") == [7, 1, 2, 3]
    assert shown(client, xep="han", tt="chua-chuyen", nam="2025") == [1, 2]
    assert shown(client, tt="qua-han") == [1]
    assert shown(client, tt="den-han") == [2]
    assert shown(client, tt="nghi-trung") == [3]
    assert shown(client, tt="con-ngo") == [3, 2, 1, 7]
    assert shown(client, tt="xong") == []
    assert shown(client, cach="mail") == [2]
    assert shown(client, tim="12 song mau") == [3, 2, 1, 7]
    more[0].done_on = TODAY
    more[0].save()
    assert shown(client, tt="qua-han") == []
    assert shown(client, tt="xong") == [1]


def test_the_register_costs_the_same_however_many_rows_it_shows(client: Client, land: Land) -> None:
    costs = []
    shown(client)  # how many answers wait is asked once a minute, with whatever page
    for n in (1, 20):
        make_letter(land.district, year=2025, ordinal=n, text_hash=str(n), handled_by=land.committees[0])
        with CaptureQueriesContext(connection) as queries:
            shown(client)
        costs.append(len(queries))
        for more in range(2, 20):
            make_letter(land.district, year=2024, ordinal=more + n, text_hash=f"{n} {more}")
    assert costs[0] == costs[1]


def test_on_paper_and_as_a_workbook_the_ten_columns_stand_in_order_of_arrival(
    client: Client, land: Land, row: IncomingLetter
) -> None:
    copy = make_letter(land.district, ordinal=8, text_hash="8", duplicate_of=row, note="gửi lại")
    row.handled_by, row.forwarded_on = land.committees[0], dt.date(2024, 8, 22)
    row.save()
    printed = client.get(reverse("register"), {"in": "1", "nam": "2024"}).content.decode()
    assert "Từ ngày 21/8/2024 đến ngày 21/8/2024; từ số 07 đến số 08" in printed
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("register_file")).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[-2] == [
        "21/8/2024", "07", "Ủy ban nhân dân huyện Sông Mẫu", "12/UBND-VHTT", "20/8/2024",
        "Công văn: Tuyên truyền dừng công nghệ 2G", "Ủy ban nhân dân xã Bến Mẫu", "22/8/2024", "", "",
    ]  # fmt: skip
    assert rows[-1][1] == f"{copy.ordinal:02d}"
    assert rows[-1][9] == "Bản trùng của số đến 07 ngày 21/8/2024. gửi lại"


@pytest.mark.parametrize(
    ("day", "written"),
    [("2024-02-03", "03/02/2024"), ("2024-07-27", "27/7/2024"), ("2024-12-31", "31/12/2024"), (None, "")],
)
def test_days_of_the_register_have_their_noughts(day: str | None, written: str) -> None:
    assert register_day(day) == written


# --- handling and duplicates ---------------------------------------------------------------------


def test_a_letter_is_given_to_an_office_with_its_days(client: Client, land: Land, row: IncomingLetter) -> None:
    address = reverse("handle_letter", args=[row.pk])
    assert "Chuyển và theo dõi" in client.get(address).content.decode()
    sent = {"handled_by": land.committees[0].pk, "forwarded_on": "22/08/2024", "due_on": "2024-09-01", "note": "gấp"}
    assert client.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert (row.handled_by, row.forwarded_on, row.due_on, row.note) == (
        land.committees[0], dt.date(2024, 8, 22), dt.date(2024, 9, 1), "gấp",
    )  # fmt: skip
    wrong = client.post(address, {**sent, "forwarded_on": "2020-01-01"})
    assert "phải từ ngày đến" in wrong.content.decode()
    assert client.post(address, {**sent, "handled_by": land.elsewhere.pk}).status_code == 200


def test_a_possible_copy_is_compared_and_settled(client: Client, land: Land, row: IncomingLetter) -> None:
    other = TEXT.replace("20 tháng 8", "21 tháng 8")
    copy = make_letter(land.district, ordinal=8, text_hash="8", resembles=row, text=other)
    page = client.get(reverse("handle_letter", args=[copy.pk])).content.decode()
    assert "<del>20</del> → <ins>21</ins>" in page
    client.post(reverse("settle_duplicate", args=[copy.pk]), {"la": "ban-trung"})
    copy.refresh_from_db()
    assert (copy.duplicate_of, copy.resembles) == (row, None)
    assert "bản trùng của số đến 7/2024" in client.get(reverse("handle_letter", args=[copy.pk])).content.decode()
    again = client.post(reverse("settle_duplicate", args=[copy.pk]), {"la": "van-ban-khac"}, follow=True)
    assert "không chờ phân xử" in again.content.decode()


# --- what came in --------------------------------------------------------------------------------


def test_a_letter_is_registered_from_its_file_or_its_words(client: Client, land: Land) -> None:
    address = reverse("receive_letter")
    said = [
        client.post(address, sent, follow=True).content.decode()
        for sent in (
            {"file": SimpleUploadedFile("cv.txt", letter_text(3).encode())},
            {"text": letter_text(3)},
            {"text": letter_text(4)},
            {"file": SimpleUploadedFile("gạo.txt", "gạo".encode())},
        )
    ]
    words = ("Đã vào sổ, số đến 1.", "Văn bản này đã có trong sổ, số đến 1.", "Đã vào sổ, số đến 2.", "Chưa đọc được:")
    assert all(word in page for word, page in zip(words, said, strict=True))
    assert set(IncomingLetter.objects.values_list("book", flat=True)) == {land.district.pk}
    assert client.post(address, {}).status_code == 400
    assert client.get(address).status_code == 405


def test_a_file_that_could_not_be_read_is_read_again_pasted_or_set_aside(client: Client, unread: Arrival) -> None:
    address = reverse("settle_arrival", args=[unread.pk])
    page = client.get(reverse("arrivals"), {"chua-doc": "1", "cach": "mail"}).content.decode()
    assert unread.why in page
    assert "Bà Ba" in page
    assert "1 tệp vừa đến chưa đọc được" in client.get(reverse("register")).content.decode()
    assert "Chưa đọc được:" in client.post(address, {"lam": "lai"}, follow=True).content.decode()
    assert "văn bản hành chính" in client.post(address, {"lam": "dan", "text": "gạo"}, follow=True).content.decode()
    assert "số đến 1" in client.post(address, {"lam": "dan", "text": letter_text(3)}, follow=True).content.decode()
    assert "đã được xử lý" in client.post(address, {"lam": "bo"}, follow=True).content.decode()


def test_what_is_no_letter_leaves_the_list_and_its_file_stays(client: Client, unread: Arrival) -> None:
    client.post(reverse("settle_arrival", args=[unread.pk]), {"lam": "bo"})
    assert client.get(reverse("arrivals"), {"chua-doc": "1"}).context["page"].paginator.count == 0
    answer = client.get(reverse("arrival_file", args=[unread.pk]))
    assert b"".join(answer.streaming_content) == "gạo".encode()  # type: ignore[attr-defined]  # it streams
    assert answer["Content-Disposition"].startswith("attachment")
