from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from lantoa.evidence.models import HistoryEntry
from lantoa.places.actions import import_places, load_example_people, tree
from lantoa.places.models import Place, User
from lantoa.places.permits import RefusedError
from lantoa.places.rules import resolve
from lantoa.places.tests.builders import make_cast

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[3] / "examples" / "duong-kinh" / "places.csv"
HEADERS = "code,name,kind,parent_code,valid_from,valid_to,email"


def _file(folder: Path, *rows: str, headers: str = HEADERS) -> Path:
    path = folder / "places.csv"
    path.write_text("\n".join((headers, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_tree_is_read_in_any_order_of_rows(tmp_path: Path) -> None:
    result = import_places(_file(tmp_path, "w,Phường Một,ward,d,,,", "d,Quận Hai,district,,,,a@b.vn"), None)
    assert (result.read, result.new, result.changed, result.same, result.rejected) == (2, 2, 0, 0, [])
    assert Place.objects.get(code="w").parent == Place.objects.get(code="d")


def test_the_same_file_again_changes_nothing_and_is_not_recorded(tmp_path: Path) -> None:
    path = _file(tmp_path, "d,Quận Hai,district,,,,a@b.vn", "w,Phường Một,ward,d,,,")
    import_places(path, None)
    entries = HistoryEntry.objects.count()
    result = import_places(path, None)
    assert (result.new, result.changed, result.same) == (0, 0, 2)
    assert HistoryEntry.objects.count() == entries == 1


def test_headers_are_matched_in_vietnamese_in_any_order(tmp_path: Path) -> None:
    path = _file(tmp_path, "Quận;Quận Hai;d;x", headers="Loại;Tên đơn vị;Mã;Dữ liệu mẫu")
    assert import_places(path, None).new == 1
    place = Place.objects.get()
    assert (place.kind, place.name, place.code, place.is_sample) == ("district", "Quận Hai", "d", True)


def test_a_spreadsheet_below_its_title_is_read(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "places.xlsx")
    sheet = book.add_worksheet()
    sheet.write(0, 0, "DANH SÁCH ĐƠN VỊ")
    sheet.write_row(2, 0, ["Mã", "Tên", "Loại", "Có từ ngày"])
    sheet.write_row(3, 0, [11683, "Phường Một", "phường"])
    sheet.write_datetime(3, 3, dt.datetime(2025, 7, 1), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001 - a sheet's dates have no zone
    sheet.write_row(4, 0, [11684, "", "phường"])
    book.close()
    result = import_places(tmp_path / "places.xlsx", None)
    assert [(one.row, one.column) for one in result.rejected] == [(5, "name")]
    assert Place.objects.get().valid_from == dt.date(2025, 7, 1)
    assert Place.objects.get().code == "11683"


def test_a_column_the_file_lacks_keeps_what_is_there(tmp_path: Path) -> None:
    import_places(_file(tmp_path, "d,Quận Hai,district,,,,a@b.vn", "w,Phường Một,ward,d,,,"), None)
    result = import_places(_file(tmp_path, "w,Phường Mới,ward", "d,Quận Hai,district", headers="code,name,kind"), None)
    assert (result.changed, result.same) == (1, 1)
    assert Place.objects.get(code="w").parent == Place.objects.get(email="a@b.vn")


@pytest.mark.parametrize(("row", "column"), [
    (",Phường Một,ward,d,,,", "code"),
    ("w,,ward,d,,,", "name"),
    ("w,Phường Một,galaxy,d,,,", "kind"),
    ("w,Phường Một,ward,d,31/02/2024,,", "valid_from"),
    ("w,Phường Một,ward,d,01/07/2025,30/06/2025,", "valid_to"),
    ("w,Phường Một,ward,d,,,không-phải-thư", "email"),
    (f"w,{'x' * 201},ward,d,,,", "name"),
])
def test_a_wrong_row_is_rejected_alone_with_its_reason(tmp_path: Path, row: str, column: str) -> None:
    result = import_places(_file(tmp_path, "d,Quận Hai,district,,,,", row), None)
    assert (result.read, result.new) == (2, 1)
    (rejection,) = result.rejected
    assert (rejection.row, rejection.column) == (3, column)
    assert rejection.why
    assert [place.code for place in Place.objects.all()] == ["d"]


def test_a_row_falls_with_its_parent(tmp_path: Path) -> None:
    rows = "d,Quận Hai,galaxy,,,,", "w,Phường Một,ward,d,,,", "t,Tổ 1,thôn,w,,,", "e,Quận Ba,quận,,,,"
    result = import_places(_file(tmp_path, *rows), None)
    assert [one.row for one in result.rejected] == [2, 3, 4]
    assert [place.code for place in Place.objects.all()] == ["e"]


def test_the_second_of_two_rows_with_one_key_is_rejected(tmp_path: Path) -> None:
    result = import_places(_file(tmp_path, "d,Quận Hai,district,,,,", "d,Quận Ba,district,,,,"), None)
    assert "dòng 2" in result.rejected[0].why
    assert Place.objects.get().name == "Quận Hai"


@pytest.mark.parametrize(("rows", "words"), [
    (("a,A,ward,b,,,", "b,B,ward,a,,,"), "vòng lặp"),
    (("a,A,ward,a,,,",), "vòng lặp"),
    (("a,A,ward,zzz,,,",), "zzz"),
])
def test_a_tree_that_cannot_stand_refuses_the_whole_file(tmp_path: Path, rows: tuple[str, ...], words: str) -> None:
    with pytest.raises(RefusedError, match=words) as refused:
        import_places(_file(tmp_path, "d,Quận Hai,district,,,,", *rows), None)
    assert str(refused.value).count(". ") == 0
    assert not Place.objects.exists()


def test_a_circle_through_places_that_are_there_already_is_seen(tmp_path: Path) -> None:
    import_places(_file(tmp_path, "a,A,district,,,,", "b,B,ward,a,,,", "c,C,thôn,b,,,"), None)
    with pytest.raises(RefusedError, match="vòng lặp"):
        import_places(_file(tmp_path, "a,A,district,c,,,"), None)


def test_a_code_used_again_after_a_merger_is_another_place_with_its_own_children(tmp_path: Path) -> None:
    rows = (
        "11689,Phường Anh Dũng,ward,,,30/06/2025,", "11689,Phường Hưng Đạo,ward,,01/07/2025,,",
        "t1,Tổ cũ,thôn,11689,,30/06/2025,", "t2,Tổ mới,thôn,11689,01/07/2025,,",
    )
    assert import_places(_file(tmp_path, *rows), None).new == 4
    assert Place.objects.get(code="t1").parent == Place.objects.get(name="Phường Anh Dũng")
    assert Place.objects.get(code="t2").parent == Place.objects.get(name="Phường Hưng Đạo")
    assert [place.name for place in tree(dt.date(2025, 7, 1)).places] == ["Phường Hưng Đạo", "Tổ mới"]


def test_one_code_may_not_name_two_places_on_one_day(tmp_path: Path) -> None:
    result = import_places(_file(tmp_path, "w,Một,ward,,,,", "w,Hai,ward,,01/07/2025,,"), None)
    assert result.new == 1
    assert len(result.rejected) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "tên gì đó\n1\n", "\x00\x01\x02"])
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError, match="Tệp"):
        import_places(path, None)


def test_an_officer_changes_only_their_own_territory(tmp_path: Path) -> None:
    cast = make_cast()
    elsewhere = Place.objects.get(name="Quận Cầu Mới").code
    path = _file(
        tmp_path,
        f"new1,Tổ dân phố mới,thôn,{cast.ward.code},,,",
        f"new2,Phường lạ,ward,{cast.province.code},,,",
        f"{elsewhere},Quận bị đổi tên,district,{cast.province.code},,,",
        f"{cast.ward.code},Phường Đa Phước,ward,{elsewhere},,,",
        f"{cast.province.code},Tỉnh Sông Lam,province,,,,",
    )
    result = import_places(path, cast.officer)
    assert (result.new, result.changed, result.same) == (1, 0, 1)
    assert [one.row for one in result.rejected] == [3, 4, 5]


def test_a_field_worker_may_not_import(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        import_places(_file(tmp_path, "d,Quận Hai,district,,,,"), make_cast().field_worker)


def test_the_example_stands_whole_and_its_letter_finds_everybody() -> None:
    result = import_places(EXAMPLE, None)
    assert (result.new, result.rejected) == (result.read, [])
    district = Place.objects.get(code="309")
    in_2024 = tree(dt.date(2024, 8, 20))
    phrases = (
        "Văn phòng Quận ủy", "Ủy ban MTTQ Việt Nam và các tổ chức đoàn thể quận", "Công an quận",
        "Các phòng chuyên môn, đơn vị sự nghiệp thuộc quận", "Ủy ban nhân dân các phường",
        "Văn phòng HĐND và UBND quận", "các Tổ công tác Đề án 06/CP và Công nghệ số cộng đồng của tổ dân phố",
    )
    found = {phrase: resolve(phrase, in_2024, district.pk) for phrase in phrases}
    assert not [one.unresolved for one in found.values() if one.unresolved]
    assert len(found["Ủy ban nhân dân các phường"].place_ids) == 6
    assert [place.code for place in tree(dt.date(2025, 7, 1)).places] == ["31"]


def test_the_example_holds_no_contact_that_reaches_anybody() -> None:
    import_places(EXAMPLE, None)
    assert not Place.objects.exclude(phone="", portal_url="", fanpage="").exists()
    assert not Place.objects.exclude(email="").exclude(email__endswith=".example.invalid").exists()


def test_example_people_share_one_password_that_only_the_owner_can_read(tmp_path: Path, settings: object) -> None:
    settings.LANTOA_HOME = tmp_path / "home"  # type: ignore[attr-defined]  # pytest-django's settings take any name
    import_places(EXAMPLE, None)
    password = load_example_people(Place.objects.get(code="309"))
    again = load_example_people(Place.objects.get(code="309"))
    kept = tmp_path / "home" / "sign-in.txt"
    assert password == again
    assert password in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert all(user.check_password(password) for user in User.objects.all()[:2])
    assert User.objects.filter(role=User.Role.UNIT_OFFICER).count() == 6
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["quan-tri"]


def test_accounts_that_are_there_keep_their_password(tmp_path: Path, settings: object) -> None:
    settings.LANTOA_HOME = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings take any name
    import_places(EXAMPLE, None)
    district = Place.objects.get(code="309")
    load_example_people(district)
    (tmp_path / "sign-in.txt").unlink()
    before = set(User.objects.values_list("password", flat=True))
    assert load_example_people(district) == ""
    assert set(User.objects.values_list("password", flat=True)) == before
