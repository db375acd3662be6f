from __future__ import annotations

import pytest

from lantoa.letters.rules.envelope import read_envelope, read_enveloped, with_envelope
from lantoa.letters.rules.letter import Doubt, Letter, Span
from lantoa.letters.rules.reading import NotALetter

HEADER = {
    "number": "15", "symbol": "UBND-VHTT", "place": "Hải Khê", "date": "2024-09-05", "type_name": "Công văn",
    "subject": "V/v thông tin về phân loại rác", "issuer": "UBND quận Hải Khê", "signer_name": "Trần Thị Mai",
    "signer_title": "PHÓ CHỦ TỊCH", "addressees": ["Công an quận"], "business": "new",
}  # fmt: skip
READ = Letter(
    doc_type="cong_van", issuer="Ủy ban nhân dân quận Hải Khê", number="15", symbol="UBND-VHTT", place="Hải Khê",
    date="2024-09-05", subject="Thông tin về phân loại rác", addressees=("Các trường học",), signer_name="Trần Thị Mai",
    signer_title="Phó Chủ tịch", spans={"number": Span(1, 0, 2, "15")},
    doubts=(Doubt("number", "quét mờ"), Doubt("tasks", "không rõ")),
)  # fmt: skip


def doubted(letter: Letter, field: str) -> list[str]:
    return [doubt.why for doubt in letter.doubts if doubt.field == field]


def test_a_header_that_agrees_changes_nothing_and_settles_the_doubts_of_its_fields() -> None:
    letter = with_envelope(READ, HEADER)
    assert letter == READ
    assert letter.spans == READ.spans
    assert [doubt.field for doubt in letter.doubts] == ["tasks"]


@pytest.mark.parametrize(("name", "value"), [("number", "16"), ("date", "2024-09-06"), ("issuer", "Sở Y tế")])
def test_where_header_and_text_differ_the_header_stands_and_both_are_told(name: str, value: str) -> None:
    letter = with_envelope(READ, HEADER | {name: value})
    assert getattr(letter, name) == value
    assert name not in letter.spans
    assert value in doubted(letter, name)[0]
    assert str(getattr(READ, name)) in doubted(letter, name)[0]


def test_a_number_with_a_leading_zero_is_the_same_number() -> None:
    assert with_envelope(READ, HEADER | {"number": "015"}).number == "15"


def test_the_header_fills_in_what_the_text_does_not_say() -> None:
    bare = Letter(doc_type="other", issuer=None, date_partial="2024-09", doubts=(Doubt("issuer", "không thấy"),))
    letter = with_envelope(bare, HEADER)
    assert (letter.doc_type, letter.number, letter.date, letter.date_partial) == ("cong_van", "15", "2024-09-05", None)
    assert letter.subject == "thông tin về phân loại rác"
    assert letter.addressees == ("Công an quận",)
    assert doubted(letter, "issuer") == []
    assert doubted(letter, "addressees")


def test_addressees_stand_as_printed() -> None:
    assert with_envelope(READ, HEADER).addressees == READ.addressees


def test_a_letter_is_built_from_the_header_when_no_file_can_be_read() -> None:
    letter = read_enveloped("PHẦN ĐẦU", (), HEADER | {"is_alone": True, "content": "Đề nghị các trường thực hiện."})
    assert (letter.number_symbol, letter.body) == ("15/UBND-VHTT", ("Đề nghị các trường thực hiện.",))
    assert doubted(letter, "tasks")
    assert doubted(letter, "number") == []


def test_what_a_bare_header_does_not_say_is_in_doubt() -> None:
    letter = read_envelope({"number": "3"})
    assert {"issuer", "date", "subject", "doc_type"} <= {doubt.field for doubt in letter.doubts}


def test_text_that_is_no_letter_still_gives_what_the_header_says() -> None:
    assert read_enveloped("danh sách thôn", (0,), HEADER).number == "15"


def test_without_header_and_letter_it_is_not_a_letter() -> None:
    with pytest.raises(NotALetter):
        read_enveloped("danh sách thôn", (0,), {"place": "Hải Khê"})
    with pytest.raises(NotALetter):
        read_enveloped("danh sách thôn", (0,), None)


def test_a_message_that_recalls_or_replaces_says_so() -> None:
    letter = with_envelope(READ, HEADER | {"business": "recall", "reason": "sai số liệu"})
    assert "thu hồi" in doubted(letter, "doc_type")[0]
    assert "sai số liệu" in doubted(letter, "doc_type")[0]


def test_the_type_the_header_names_is_taken_and_a_different_one_doubted() -> None:
    letter = with_envelope(READ, HEADER | {"type_name": "Kế hoạch"})
    assert letter.doc_type == "ke_hoach"
    assert doubted(letter, "doc_type")
    assert with_envelope(READ, HEADER | {"type_name": "Văn bản khác"}).doc_type == "cong_van"


def test_values_of_another_shape_are_passed_over() -> None:
    strange = {"number": 5, "addressees": "x", "date": None, "type_name": []}
    assert with_envelope(READ, strange) == READ
