from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.evidence.models import HistoryEntry
from lantoa.places.actions import Contacts, import_places, record_contacts
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast, make_user

if TYPE_CHECKING:
    from pathlib import Path

OURS = Contacts("Nguyễn Văn An", "0912 345 678", "Nhà văn hóa số 7")


@pytest.fixture
def cast(db: Any) -> Cast:  # noqa: ARG001 - rows need the database
    return make_cast()


def test_contacts_are_kept_once_and_said_in_the_history(cast: Cast) -> None:
    assert record_contacts(cast.neighbourhood, OURS, cast.officer)
    place = Place.objects.get(pk=cast.neighbourhood.pk)
    assert (place.leader, place.phone, place.meeting_house) == ("Nguyễn Văn An", "0912 345 678", "Nhà văn hóa số 7")
    assert not record_contacts(place, Contacts(" Nguyễn  Văn An ", OURS.phone, OURS.meeting_house), cast.officer)
    (entry,) = HistoryEntry.objects.filter(verb="record_contacts")
    assert entry.detail == {"changed": ["leader", "phone", "meeting_house"]}, "what was said of a person stays out"


@pytest.mark.parametrize(
    ("told", "why"),
    [(Contacts(phone="hỏi chị Ba"), "không phải số điện thoại"), (Contacts(leader="A" * 101), "dài quá 100 ký tự")],
)
def test_what_cannot_be_is_refused_by_the_places_name(cast: Cast, told: Contacts, why: str) -> None:
    with pytest.raises(RefusedError, match=f"Tổ dân phố số 1: .*{why}"):
        record_contacts(cast.neighbourhood, told, None)
    assert Place.objects.get(pk=cast.neighbourhood.pk).phone == ""


def test_its_ward_may_keep_them_and_others_may_not(cast: Cast) -> None:
    assert record_contacts(cast.neighbourhood, OURS, cast.unit_officer)
    for who in (cast.outsider, cast.field_worker, make_user(cast.district, "leader")):
        with pytest.raises(RefusedError):
            record_contacts(cast.neighbourhood, Contacts(), who)


def test_they_come_with_a_places_file_as_well(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "to.csv"
    columns = "Mã;Tên;Loại;Tổ trưởng;Số điện thoại;Nhà văn hóa\n"
    row = f"{cast.neighbourhood.code};Tổ dân phố số 1;Tổ dân phố;Nguyễn Văn An;0912 345 678;Nhà văn hóa số 7\n"
    file.write_text(columns + row, encoding="utf-8-sig")
    assert import_places(file, None).changed == 1
    place = Place.objects.get(pk=cast.neighbourhood.pk)
    assert (place.leader, place.meeting_house, place.parent) == ("Nguyễn Văn An", "Nhà văn hóa số 7", cast.ward)
