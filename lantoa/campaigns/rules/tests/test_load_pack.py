from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.rules.pack import PackError
from lantoa.campaigns.rules.pack_checks import typed_facts
from lantoa.campaigns.rules.pack_loading import choose_pack, find_packs, load_pack
from lantoa.campaigns.rules.tests.conftest import PACKS, WORDS, values
from lantoa.campaigns.rules.tests.guide import GUIDE, write_guide_pack
from lantoa.campaigns.rules.wording import fill_piece

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The pack printed in the guide, as files."""
    return write_guide_pack(tmp_path)


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_example_of_the_guide_is_a_pack_that_fills(tiny: Path) -> None:
    pack = load_pack(tiny)
    leaflet = pack.piece("leaflet")
    assert leaflet is not None
    filled = fill_piece(pack, leaflet, values(pack, pack.facts[0].known_on), WORDS)
    assert filled.slots["title"][0].text == "Tiêm phòng dại cho chó, mèo ngày 06/3/2027"
    assert filled.slots["lead"][0].text.startswith("Thứ Bảy, ngày 06 tháng 3 năm 2027, Ủy ban nhân dân")
    assert filled.left_out == ("vet",)


def test_the_guide_prints_what_the_filters_print(tiny: Path) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for printed in ("06/3/2027", "ngày 06 tháng 3 năm 2027", "ngày 05 tháng 3 năm 2027", "thứ Bảy", "15.000 đồng"):
        assert f"| {printed} |" in guide
    assert load_pack(tiny).name == "rabies_vaccination"


@pytest.mark.parametrize(("name", "old", "new", "said"), [
    ("messages.toml", "{fee}", "15.000 đồng", "messages.toml, mục «point_fee»: «15.000» được gõ thẳng"),
    ("messages.toml", "{fee}", "{fees}", "messages.toml, mục «point_fee»: «{fees}» không có trong facts.toml"),
    ("messages.toml", "|weekday|cap", "|weekdy", "không có cách viết «weekdy»"),
    ("messages.toml", "Rọ mõm", "Xem www.thuy.vn. Rọ mõm", "«www.» được gõ thẳng"),
    ("messages.toml", "Rọ mõm", "Trước tháng Chín, rọ mõm", "«tháng Chín» được gõ thẳng"),
    ("messages.toml", "optional = true", "optional = false", "cần «vet_phone» chưa được kiểm chứng"),
    ("messages.toml", "Bệnh dại đã phát", "Mẹo chữa khỏi bệnh dại. Bệnh dại đã phát", "là điều sai"),
    ("messages.toml", 'text = "Ngày tiêm phòng"', 'txt = "Ngày tiêm phòng"', "không có dòng nào tên «txt»"),
    ("facts.toml", "verified = true ", 'verified = "yes" ', "«verified» là true hoặc false"),
    ("facts.toml", "value = 2027-03-06", 'value = "6/3/2027"', "facts.toml, mục «vaccination_date»: «6/3/2027»"),
    ("facts.toml", 'kind = "money"', 'kind = "dong"', "kiểu «dong» không có"),
    ("facts.toml", "known_on = 2027-02-10", "", "thiếu «known_on»"),
    ("facts.toml", 'source = "Chưa có: hỏi trạm thú y"', "", "mục «vet_phone»: thiếu «source»"),
    ("facts.toml", 'source = "Chưa có: hỏi trạm thú y"', 'source = "?"\nverified = true', "chưa có giá trị thì không"),
    ("pack.toml", 'points = ["point_fee"', 'points = ["point_free"', "nội dung «point_free» không có"),
    ("pack.toml", 'kind = "leaflet"', 'kind = "flyer"', "sản phẩm «flyer»: không có loại này"),
    ("pack.toml", 'audience = "residents"', 'audience = "people"', "«audience» là"),
    ("pack.toml", ", key = true", "", "đúng một câu chính"),
    ("pack.toml", 'key_fact = "vaccination_date"', 'key_fact = "date"', "facts.toml không có mục này"),
    ("pack.toml", "tokens = []", 'tokens = ["16/9/2024"]', "«16/9/2024» không thể là từ"),
    ("pack.toml", "last_day = 0", "last_day = -20", "«last_day» đứng trước"),
    ("pack.toml", "first_day = 1 ", "first_day = 5 ", "giai đoạn «after»: phải bắt đầu từ ngày 1"),
    ("pack.toml", 'says = { lead = "lead_after"', 'says = { lead = "later"', "«says» nhắc «later» không có"),
    ("pack.toml", "says = {", 'says_like = "x"\nsays = {', "«says_like» phải là tên một giai đoạn"),
    ("pack.toml", "says = {", 'counts_from = "fee"\nsays = {', "phải đếm từ một dữ kiện kiểu date"),
    ("pack.toml", 'must_say = ["vaccination_date",', 'must_say = ["fee",', "quy tắc cho «bulletin»: phải nói «{fee}»"),
    ("pack.toml", 'must_not_say = ["url"]', 'must_not_say = ["place"]', "«say_hello» không được nói «{place}»"),
    ("pack.toml", 'must_not_say = ["url"]', 'must_not_say = ["link"]', "«link» không có trong facts.toml"),
    ("messages.toml", '"needs_help"]', '"neighbour"]', "«neighbour» không phải một kiểu người đọc"),
    ("messages.toml", 'short = "Mỗi con {fee}."', 'short = "Mỗi con 15.000 đ."', "«point_fee»: «15.000» được gõ thẳng"),
    ("languages/en.toml", "{fee} for", "{fee|label} for", "languages/en.toml, mục «point_fee»: «{fee|label}» chỉ in"),
    ("languages/en.toml", "[message.lead]", "[message.leed]", "languages/en.toml, các mục [message.…]: không có dòng"),
    ("languages/en.toml", "source = ", "# source = ", "languages/en.toml, đầu tệp: thiếu «source»"),
    ("languages/en.toml", "On {vaccination_date|weekday}", "On 6 March", "languages/en.toml, mục «lead»: «6» được gõ"),
    ("pack.toml", 'title = ["title"]', 'title = ["title", "lead"]', "chỉ nhận một nội dung"),
    ("pack.toml", 'lead = ["lead"]', 'led = ["lead"]', "không có chỗ «led»"),
    ("false_statements.toml", "Có bài thuốc nam chữa", "Có bài thuốc chữa", "không bắt được chính câu ví dụ"),
    ("false_statements.toml", "'''(?:thuốc", "'''(thuốc(?:", "mẫu tìm không đúng"),
    ("pack.toml", 'title = "Tiêm', "title = Tiêm", "pack.toml: không đọc được TOML"),
])
def test_a_broken_pack_names_the_file_and_the_entry(tiny: Path, name: str, old: str, new: str, said: str) -> None:
    change(tiny, name, old, new)
    with pytest.raises(PackError) as caught:
        load_pack(tiny)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tiny: Path) -> None:
    (tiny / "facts.toml").unlink()
    with pytest.raises(PackError, match=r"thiếu tệp facts\.toml"):
        load_pack(tiny)


def test_packs_are_found_by_their_folder(tiny: Path) -> None:
    shutil.copytree(PACKS / "volte_readiness", tiny.parent / "volte_readiness")
    (tiny.parent / "not_a_pack").mkdir()
    assert list(find_packs(tiny.parent)) == ["rabies_vaccination", "volte_readiness"]


@pytest.mark.parametrize(("subject", "name"), [
    ("V/v thông tin, tuyên truyền về kế hoạch,\nlộ trình dừng và tắt sóng công nghệ 2G", "2g_shutdown"),
    ("TẮT SÓNG 2G", "2g_shutdown"),
    ("v/v tat song 2G", "2g_shutdown"),
    ("Về việc chuẩn bị dừng mạng 3G, hỗ trợ người dân dùng VoLTE", "volte_readiness"),
    ("Về việc phòng cháy, chữa cháy", None),
    ("Về việc triển khai mạng 52G và F3G", None),
    ("", None),
])
def test_a_letter_finds_its_pack_by_its_subject(subject: str, name: str | None) -> None:
    assert choose_pack(subject, find_packs(PACKS)) == name


@pytest.mark.parametrize(("text", "found"), [
    ("Máy 2G dừng, bấm *#06#, gọi 113", ""), ("trước 16/9", "16/9"), ("gọi 18001091", "18001091"),
    ("máy 2G+", ""), ("xem tqc.gov.vn", "tqc.gov.vn"), ("năm hai nghìn không trăm hai mươi tư", "năm hai nghìn"),
    ("số 1130", "1130"), ("tháng chín", "tháng chín"), ("ngày một đông", ""), ("{cutoff_date}", ""),
])
def test_a_typed_fact_is_found_and_a_declared_name_is_not_one(text: str, found: str) -> None:
    assert typed_facts(text, ("2G", "113", "*#06#")) == found


def test_a_pack_is_read_once_until_one_of_its_files_changes(tiny: Path) -> None:
    pack = load_pack(tiny)
    assert load_pack(tiny) is pack
    change(tiny, "messages.toml", "Rọ mõm", "Đeo rọ")
    assert load_pack(tiny) is not pack
    language = tiny / "languages" / "en.toml"
    language.unlink(missing_ok=True)
    assert load_pack(tiny).language("en") is None
    language.write_text('name = "English"\nsource = "X"\nnote = "N"\n', encoding="utf-8")
    assert load_pack(tiny).language("en") is not None


def test_a_mended_pack_is_read_again_after_it_was_refused(tiny: Path) -> None:
    change(tiny, "messages.toml", "{fee}", "{fees}")
    for _ in range(2):
        with pytest.raises(PackError):
            load_pack(tiny)
    change(tiny, "messages.toml", "{fees}", "{fee}")
    assert load_pack(tiny).name == tiny.name
