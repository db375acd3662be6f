from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast, make_place
from lantoa.residents import importing
from lantoa.residents.actions import check_phone, import_residents, sort_devices
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _file(folder: Path, *rows: str, headers: str = "phone,name,place_code,tac,needs_help") -> Path:
    path = folder / "residents.csv"
    path.write_text("\n".join((headers, *rows)) + "\n", encoding="utf-8")
    return path


def test_residents_are_added_changed_and_left(tmp_path: Path, cast: Cast) -> None:
    code = cast.neighbourhood.code
    rows = f"0912345678,Bà Một,{code},,có", f"0987654321,Ông Hai,{code},,"
    first = import_residents(_file(tmp_path, *rows), cast.officer)
    again = import_residents(_file(tmp_path, *rows), cast.officer)
    third = import_residents(_file(tmp_path, f"+84912345678,Bà Một,{code},,không", rows[1]), cast.officer)
    assert [(one.new, one.changed, one.same) for one in (first, again, third)] == [(2, 0, 0), (0, 0, 2), (0, 1, 1)]
    assert Resident.objects.get(phone="0912345678").needs_help is False
    assert HistoryEntry.objects.filter(verb="import_residents").count() == 2


def test_headers_are_matched_in_vietnamese(tmp_path: Path, cast: Cast) -> None:
    row = f"{cast.ward.code};Nguyễn Thị Mẫu;91 234 5678;Số 1 đường Mẫu"
    path = _file(tmp_path, row, headers="Mã địa bàn;Họ và tên;SĐT;Địa chỉ")
    assert import_residents(path, cast.officer).new == 1
    resident = Resident.objects.get()
    assert (resident.phone, resident.name, resident.address, resident.place) == (
        "0912345678", "Nguyễn Thị Mẫu", "Số 1 đường Mẫu", cast.ward,
    )
    assert resident.source == "residents.csv"
    assert resident.by == cast.officer


def test_a_full_imei_is_stored_nowhere(tmp_path: Path, cast: Cast) -> None:
    row = f"0912345678,Máy 351234561234567,{cast.ward.code},351234561234567,"
    bad = f"0987654321,Ông Hai,{cast.ward.code},35123456123456789,"
    result = import_residents(_file(tmp_path, row, bad, headers="phone,device_model,place_code,tac,needs_help"), None)
    assert Resident.objects.get().tac == "35123456"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM residents_resident")
        everything = str(cursor.fetchall())
    everything += str(HistoryEntry.objects.values_list("detail")) + str(result.rejected)
    assert "3512345612" not in everything


@pytest.mark.parametrize(("row", "column"), [
    ("02253861234,A,{ward},,", "phone"), ("0912345678,A,zzz,,", "place_code"), ("0912345678,A,{ward},12,", "tac"),
    ("0912345678,A,{ward},,có lẽ", "needs_help"), ("0912345678," + "x" * 101 + ",{ward},,", "name"),
    ("0912345678,A,{elsewhere},,", "place_code"), ("0900000001,A,{ward},,", "phone"),
])
def test_a_wrong_row_is_rejected_alone_with_its_reason(tmp_path: Path, cast: Cast, row: str, column: str) -> None:
    elsewhere = make_place("Phường Xa", parent=cast.outsider.place)
    good = f"0900000001,Bà Một,{cast.ward.code},,"
    wrong = row.format(ward=cast.ward.code, elsewhere=elsewhere.code)
    result = import_residents(_file(tmp_path, good, wrong), cast.officer)
    assert (result.read, result.new) == (2, 1)
    assert [(one.row, one.column) for one in result.rejected] == [(3, column)]
    assert result.rejected[0].why


def test_nobody_takes_over_a_number_of_another_territory(tmp_path: Path, cast: Cast) -> None:
    import_residents(_file(tmp_path, f"0912345678,Bà Một,{cast.ward.code},,"), cast.officer)
    theirs = make_place("Phường Xa", parent=cast.outsider.place)
    result = import_residents(_file(tmp_path, f"0912345678,Kẻ Lạ,{theirs.code},,"), cast.outsider)
    assert (result.changed, len(result.rejected)) == (0, 1)
    assert Resident.objects.get().place == cast.ward


def test_a_code_used_again_means_the_place_of_today(tmp_path: Path, cast: Cast) -> None:
    make_place("Phường Cũ", code="11689", valid_to="2025-06-30")
    today = make_place("Phường Mới", code="11689", valid_from="2025-07-01")
    ended = make_place("Phường Đã Hết", code="11686", valid_to="2025-06-30")
    assert cast.officer
    import_residents(_file(tmp_path, "0912345678,A,11689,,", "0987654321,B,11686,,"), None)
    assert [one.place for one in Resident.objects.order_by("phone")] == [today, ended]


def test_batches_meet_without_loss(tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    rows = [f"09{number:08},A,{cast.ward.code},," for number in range(10)]
    result = import_residents(_file(tmp_path, *rows, rows[0]), None)
    assert (result.read, result.new, len(result.rejected)) == (11, 10, 1)


def test_another_device_makes_what_was_known_of_the_old_one_void(tmp_path: Path, cast: Cast) -> None:
    import_residents(_file(tmp_path, f"0912345678,A,{cast.ward.code},35123456,"), None)
    Resident.objects.update(device="at_risk")
    import_residents(_file(tmp_path, f"0912345678,B,{cast.ward.code},35123456,"), None)
    assert Resident.objects.get().device == "at_risk"
    import_residents(_file(tmp_path, f"0912345678,B,{cast.ward.code},86123456,"), None)
    assert Resident.objects.get().device == "unknown"


def test_a_carriers_list_may_say_which_devices_are_at_risk(tmp_path: Path, cast: Cast) -> None:
    row = f"0912345678,{cast.ward.code},thuộc diện"
    import_residents(_file(tmp_path, row, headers="phone,place_code,Thiết bị"), None)
    assert Resident.objects.get().device == "at_risk"


def test_a_file_without_numbers_is_refused(tmp_path: Path, cast: Cast) -> None:
    with pytest.raises(RefusedError, match="Số điện thoại"):
        import_residents(_file(tmp_path, "A,B", headers="name,place_code"), cast.officer)


@pytest.mark.parametrize("who", ["colleague", "field_worker"])
def test_only_those_who_keep_the_register_import(tmp_path: Path, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        import_residents(_file(tmp_path, f"0912345678,A,{cast.ward.code},,"), getattr(cast, who))


def test_a_phone_is_checked_by_the_packs_rules_and_nothing_is_kept() -> None:
    check = check_phone("2g_shutdown", imei=None, model="Nokia 105")
    assert check.result
    assert check.why
    assert not Resident.objects.exists()
    with pytest.raises(RefusedError, match="Không có gói"):
        check_phone("khong_co")


def test_sorting_devices_never_undoes_what_is_known(cast: Cast) -> None:
    known = Resident.objects.create(phone="0912345678", place=cast.ward, device="at_risk", device_model="máy lạ")
    assert sort_devices("2g_shutdown", Resident.objects.all(), None) == 0
    known.refresh_from_db()
    assert known.device == "at_risk"
