"""Heads and feet of every kind of body: who sends, under what number, and who signs how."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from lantoa.letters.rules.reading import read_letter

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import Letter

COUNTRY = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM",)
BODY = """
Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2024 của UBND tỉnh, đề nghị các đơn vị thực hiện:

1. Treo băng rôn tại trụ sở.

2. Báo cáo kết quả trước ngày 20/3/2024./.
"""
FOOT = """
Nơi nhận:
- Như trên;
- Lưu: VT.

GIÁM ĐỐC

Trần Văn Nam
"""


def head(offices: tuple[str, ...], number: str = "Số: 45/TB-VP", right: tuple[str, ...] = COUNTRY) -> str:
    left = [*offices, number, "V/v tuyên truyền tiết kiệm điện"]
    rows = itertools.zip_longest(left, [*right, "", "Tân Sơn, ngày 02 tháng 3 năm 2024"], fillvalue="")
    return "\n".join(f"{one:<48}{other}".rstrip() for one, other in rows) + "\n\nKính gửi: Các đơn vị trực thuộc.\n"


def read(offices: tuple[str, ...], number: str = "Số: 45/TB-VP", right: tuple[str, ...] = COUNTRY) -> Letter:
    return read_letter(head(offices, number, right) + BODY + FOOT)


def signed(foot: str) -> Letter:
    return read_letter(head(("SỞ Y TẾ TỈNH TÂN SƠN",)) + BODY + "\n" + foot)


def doubted(letter: Letter) -> set[str]:
    return {doubt.field for doubt in letter.doubts}


@pytest.mark.parametrize(
    ("offices", "issuer", "above"),
    [
        (("ĐẢNG BỘ TỈNH TÂN SƠN", "HUYỆN ỦY ĐÔNG HÀ THƯỢNG", "BAN TUYÊN GIÁO"),
         "Ban Tuyên giáo Huyện ủy Đông Hà Thượng", "Huyện ủy Đông Hà Thượng"),
        (("ĐẢNG ỦY PHƯỜNG HÀM LONG", "VĂN PHÒNG"), "Văn phòng Đảng ủy phường Hàm Long", "Đảng ủy phường Hàm Long"),
        (("HUYỆN ĐOÀN TÂN YÊN", "BAN CHẤP HÀNH"), "Ban Chấp hành Huyện đoàn Tân Yên", "Huyện đoàn Tân Yên"),
        (("UBND HUYỆN TÂN YÊN", "BCĐ CHĂM SÓC SỨC KHỎE NHÂN DÂN"),
         "Ban Chỉ đạo chăm sóc sức khỏe nhân dân huyện Tân Yên", "Ủy ban nhân dân huyện Tân Yên"),
        (("UBND HUYỆN TÂN YÊN", "PHÒNG GD&ĐT"), "Phòng GD&ĐT huyện Tân Yên", "Ủy ban nhân dân huyện Tân Yên"),
        (("BỘ TƯ LỆNH QUÂN KHU 7", "BỘ CHỈ HUY QUÂN SỰ TỈNH TÂN SƠN"), "Bộ Chỉ huy Quân sự tỉnh Tân Sơn",
         "Bộ Tư lệnh Quân khu 7"),
        (("CÔNG TY TNHH MTV", "CẤP NƯỚC TÂN SƠN"), "Công ty TNHH MTV Cấp nước Tân Sơn", None),
        (("HỢP TÁC XÃ DỊCH VỤ", "NÔNG NGHIỆP TÂN TIẾN"), "Hợp tác xã dịch vụ Nông nghiệp Tân Tiến", None),
    ],
)  # fmt: skip
def test_offices_of_every_kind_are_named_as_they_are_in_running_text(
    offices: tuple[str, ...], issuer: str, above: str | None
) -> None:
    letter = read(offices)
    assert (letter.issuer, letter.parent_issuer) == (issuer, above)


def test_a_party_number_is_read_by_its_dash() -> None:
    letter = read(("ĐẢNG ỦY PHƯỜNG HÀM LONG",), "Số 112-CV/ĐU", PARTY)
    assert (letter.number, letter.symbol) == ("112", "CV/ĐU")


def test_a_number_whose_label_is_lost_gives_its_symbol_in_doubt() -> None:
    letter = read(("UBND TỈNH TÂN SƠN", "SỞ Y TẾ"), "s 4⁄⁄Ð/SYT-NVY")
    assert letter.number is None
    assert letter.symbol == "SYT-NVY"
    assert {"number", "symbol"} <= doubted(letter)


def test_a_joint_plan_is_a_plan() -> None:
    text = head(("SỞ Y TẾ - SỞ NỘI VỤ",), "Số: 15/KHLN-SYT-SNV").split("V/v")[0]
    letter = read_letter(text + "\n\nKẾ HOẠCH LIÊN NGÀNH\nPhòng bệnh mùa hè năm 2024\n" + BODY + FOOT)
    assert (letter.doc_type, letter.subject) == ("ke_hoach", "Phòng bệnh mùa hè năm 2024")


def test_the_hour_of_an_urgent_dispatch_is_no_part_of_its_place() -> None:
    letter = read_letter(head(("SỞ Y TẾ",)).replace("Sơn, ngày", "Sơn, hồi 08 giờ 30 phút ngày") + BODY + FOOT)
    assert (letter.place, letter.date) == ("Tân Sơn", "2024-03-02")


def test_a_year_a_narrow_column_put_below_belongs_to_the_date() -> None:
    text = "ĐẢNG ỦY XÃ TÂN SƠN ĐẢNG CỘNG SẢN VIỆT NAM\n* Tân Sơn, ngày 28 tháng 10 năm\nSố 12-CV/ĐU 2025\n"
    letter = read_letter(text + "V/v tuyên truyền tiết kiệm điện\n\nKính gửi: Các chi bộ.\n" + BODY + FOOT)
    assert (letter.date, letter.place, letter.symbol) == ("2025-10-28", "Tân Sơn", "CV/ĐU")
    assert "date" in doubted(letter)


@pytest.mark.parametrize("stamp", [" [SỞ TƯ PHÁP H AC", " : SỞ Y TẾ TỈNH BÌNH AN", " | | ĐẾN Sẽ."])
def test_the_arrival_stamp_beside_the_subject_is_no_part_of_it(stamp: str) -> None:
    text = head(("UBND TỈNH TÂN SƠN", "SỞ Y TẾ")).replace("tiết kiệm điện", "tiết kiệm điện" + stamp)
    letter = read_letter(text + BODY + FOOT)
    assert letter.subject == "tuyên truyền tiết kiệm điện"


def test_a_subject_that_breaks_off_is_in_doubt() -> None:
    letter = read_letter(head(("SỞ Y TẾ",)).replace("tiết kiệm điện", "tiết kiệm điện và") + BODY + FOOT)
    assert "subject" in doubted(letter)


@pytest.mark.parametrize(
    ("foot", "authority", "title", "name"),
    [
        ("Nơi nhận:      TM. ỦY BAN NHÂN DÂN\n- Như trên;      Q. CHỦ TỊCH\n- Lưu: VT.\n\n      Lê Thị Hoa",
         "TM. ỦY BAN NHÂN DÂN / Q. CHỦ TỊCH", "Q. CHỦ TỊCH", "Lê Thị Hoa"),
        ("Q. GIÁM ĐỐC\n\nLê Thị Hoa\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.", "Q. GIÁM ĐỐC", "Q. GIÁM ĐỐC", "Lê Thị Hoa"),
        ("Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nT/M ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nNGUYỄN VĂN AN", "T/M ỦY BAN NHÂN DÂN",
         "CHỦ TỊCH", "Nguyễn Văn An"),
        ("Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nĐã ký: Nguyễn Văn An", "KT. GIÁM ĐỐC",
         "PHÓ GIÁM ĐỐC", "Nguyễn Văn An"),
    ],
)  # fmt: skip
def test_who_signs_is_read_in_every_form_of_signing(foot: str, authority: str, title: str, name: str) -> None:
    letter = signed(foot)
    assert (letter.signing_authority, letter.signer_title, letter.signer_name) == (authority, title, name)
    assert letter.recipients_lines[-1] == "Lưu: VT"


def test_two_signers_side_by_side_are_both_told_of() -> None:
    letter = signed("TM. BAN THƯỜNG VỤ HỘI NÔNG DÂN XÃ              TRƯỞNG CÔNG AN XÃ\n              CHỦ TỊCH\n\n\n"
                    "           Lê Văn Bình                      Trung tá Nguyễn Văn An\n\nNơi nhận:\n- Như trên;\n"
                    "- Lưu: VT.")  # fmt: skip
    assert letter.signing_authority == "TM. BAN THƯỜNG VỤ HỘI NÔNG DÂN XÃ"
    assert {"signing_authority", "signer_title", "signer_name"} <= doubted(letter)


def test_the_code_of_an_economics_unit_in_the_file_copy_is_no_signing_mark() -> None:
    letter = signed("Nơi nhận:\n- Như trên;\n- Lưu: VT, KT. Hưng (14b).\n\nGIÁM ĐỐC\n\nLê Thị Hoa")
    assert letter.recipients_lines == ("Như trên", "Lưu: VT, KT. Hưng (14b)")


def test_a_title_and_a_name_in_a_recipients_line_belong_to_the_signing_block() -> None:
    letter = signed("Nơi nhận: TL. BỘ TRƯỞNG\n- Như trên; VỤ TRƯỞNG VỤ GIÁO DỤC CHÍNH TRỊ\n"
                    "- Bộ trưởng (để b/c); VÀ CÔNG TÁC HỌC SINH\n- Vụ Pháp chế; Lê Thị Hoa\n- Lưu: VT.")  # fmt: skip
    assert letter.signer_title == "VỤ TRƯỞNG VỤ GIÁO DỤC CHÍNH TRỊ VÀ CÔNG TÁC HỌC SINH"
    assert letter.signer_name == "Lê Thị Hoa"
    assert letter.recipients_lines == ("Như trên", "Bộ trưởng (để b/c)", "Vụ Pháp chế", "Lưu: VT")


def test_the_text_is_no_addressee_though_a_speck_stands_before_it() -> None:
    grounds = "- Căn cứ Luật Điện lực; theo Công văn số 7/BCT-ĐL ngày 01/02/2024 của Bộ Công Thương:\n"
    text = head(("SỞ Y TẾ",)) + grounds
    assert read_letter(text + BODY + FOOT).addressees == ("Các đơn vị trực thuộc",)
