from __future__ import annotations

from dataclasses import replace

import pytest

from lantoa.letters.rules.checking import RULES, check_letter
from lantoa.letters.rules.letter import CitedDocument, Letter

RIGHT = Letter(
    doc_type="cong_van", issuer="Ủy ban nhân dân quận Hải Khê", number="15", symbol="UBND-VHTT", place="Hải Khê",
    date="2024-09-05", subject="thông tin về phân loại rác", addressees=("Công an quận",),
    cited_documents=(CitedDocument("12/STTTT-BCVT", "2024-08-14", "Sở Thông tin và Truyền thông",
                                   "về việc truyền thông"),),
    recipients_lines=("Như trên", "Lưu: VT, VHTT"), signing_authority="TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH",
    signer_title="PHÓ CHỦ TỊCH", signer_name="Trần Thị Mai", body=("Đề nghị thực hiện./.",),
)

FAULTS = [
    ({"number": "5"}, "so-thieu-so-0"),
    ({"number": None}, "so-de-trong"),
    ({"number": "09/2009"}, "so-sai-dang"),
    ({"symbol": None}, "ky-hieu-thieu"),
    ({"symbol": "UBND - VHTT"}, "ky-hieu-co-dau-cach"),
    ({"symbol": "CV-UBND"}, "ky-hieu-cong-van"),
    ({"doc_type": "ke_hoach", "addressees": (), "symbol": "UBND-VHTT"}, "ky-hieu-sai-ten-loai"),
    ({"place": None}, "dia-danh-thieu"),
    ({"place": "TP. Hồ Chí Minh"}, "dia-danh-viet-tat"),
    ({"place": "hải Khê"}, "dia-danh-viet-thuong"),
    ({"date": None, "date_partial": "2024"}, "ngay-de-trong"),
    ({"date": "2024-08-01"}, "vien-dan-sau-ngay-ban-hanh"),
    ({"issuer": None}, "co-quan-thieu"),
    ({"issuer": "UBND quận Hải Khê"}, "co-quan-viet-tat"),
    ({"subject": None}, "trich-yeu-thieu"),
    ({"subject": "Về việc phân loại rác"}, "trich-yeu-v-v"),
    ({"subject": "phân loại rác."}, "trich-yeu-dau-cau"),
    ({"subject": "a" * 501}, "trich-yeu-dai"),
    ({"addressees": ()}, "kinh-gui-thieu"),
    ({"doc_type": "chi_thi", "symbol": "CT-UBND"}, "kinh-gui-thua"),
    ({"recipients_lines": ()}, "noi-nhan-thieu"),
    ({"recipients_lines": ("Như trên", "Công an quận")}, "noi-nhan-dong-luu"),
    ({"recipients_lines": ("Như trên", "Lưu VP")}, "noi-nhan-luu-vt"),
    ({"recipients_lines": ("Công an quận", "Lưu: VT, VHTT")}, "noi-nhan-nhu-tren"),
    ({"signing_authority": "TM. ỦY BAN NHÂN DÂN / KT.CHỦ TỊCH"}, "ky-thay-viet-sai"),
    ({"signing_authority": "T/M ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH"}, "ky-thay-viet-sai"),
    ({"signer_title": "CHỦ TỊCH"}, "ky-thay-khong-phai-cap-pho"),
    ({"signing_authority": "TM. ỦY BAN NHÂN DÂN"}, "cap-pho-thieu-kt"),
    ({"signing_authority": "TUQ. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG"}, "uy-quyen-lai"),
    ({"signing_authority": "TM. ỦY BAN NHÂN DÂN / TL. CHỦ TỊCH"}, "tm-va-tl"),
    ({"issuer": "Sở Y tế tỉnh Tây Ninh"}, "tm-co-quan-thu-truong"),
    ({"signing_authority": None, "signer_title": "CHỦ TỊCH"}, "thieu-tm"),
    ({"signer_name": None}, "nguoi-ky-thieu"),
    ({"signer_name": "ThS. Trần Thị Mai"}, "nguoi-ky-hoc-ham"),
    ({"signer_name": "TRẦN THỊ MAI"}, "nguoi-ky-in-hoa"),
    ({"cited_documents": (CitedDocument("12/STTTT-BCVT", None, "Sở Thông tin và Truyền thông"),)}, "vien-dan-thieu"),
    ({"body": ("Đề nghị thực hiện.",)}, "ket-thuc"),
    ({"body": ("1. Phòng A:", "a) Một.", "b) Hai.", "c) Ba.", "d) Bốn.", "e) Năm./.")}, "diem-sai-thu-tu"),
    ({"addressees": ("Ủy Ban Nhân Dân các phường",)}, "viet-hoa-ten-co-quan"),
    ({"addressees": ("sở y tế",)}, "viet-hoa-ten-co-quan"),
    ({"addressees": ("Công an Quận Hải Khê",)}, "viet-hoa-don-vi-hanh-chinh"),
]


def test_a_letter_in_due_form_has_no_fault() -> None:
    assert check_letter(RIGHT) == ()


@pytest.mark.parametrize(("change", "rule"), FAULTS)
def test_a_letter_with_one_thing_wrong_is_told_that_thing(change: dict[str, object], rule: str) -> None:
    faults = check_letter(replace(RIGHT, **change))  # type: ignore[arg-type]  # the values come by field name
    assert rule in {fault.rule for fault in faults}


def test_every_fault_says_what_was_found_what_is_right_and_where_the_rule_stands() -> None:
    for change, _ in FAULTS:
        for fault in check_letter(replace(RIGHT, **change)):  # type: ignore[arg-type]  # the values come by field name
            assert fault.found, fault
            assert fault.expected, fault
            assert fault.source.startswith("NĐ 30/2020"), fault
            assert fault.severity in {"error", "warning"}


def test_every_rule_is_seen_to_fail() -> None:
    for rule in RULES:
        assert any(list(rule(replace(RIGHT, **change))) for change, _ in FAULTS), rule  # type: ignore[arg-type]  # the values come by field name


def test_a_document_cited_twice_needs_its_abstract_only_once() -> None:
    again = CitedDocument("12/STTTT-BCVT", None, None)
    assert check_letter(replace(RIGHT, cited_documents=(*RIGHT.cited_documents, again))) == ()


def test_points_in_vietnamese_order_are_right() -> None:
    body = ("1. Phòng A:", "a) Một.", "b) Hai.", "c) Ba.", "d) Bốn.", "đ) Năm.", "2. Phòng B:", "a) Một./.")
    assert check_letter(replace(RIGHT, body=body)) == ()


def test_a_numbered_ward_keeps_its_capital_and_a_general_noun_stays_small() -> None:
    body = ("Công an Quận 1 phối hợp phát triển khoa học và công nghệ./.",)
    assert check_letter(replace(RIGHT, body=body)) == ()
