from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.rules.pack import Pack, PackMessage, PackPhase, PackPiece
from lantoa.campaigns.rules.wording import FactValue, MissingFactsError, PlaceWords
from lantoa.content.makers.making import make
from lantoa.content.rules.composing import Composed, Ground, compose_piece
from lantoa.content.rules.piece import Parameter
from lantoa.content.rules.zns import ZnsError, faults_of, fill_template, proposal_faults, proposed, read_templates

if TYPE_CHECKING:
    from lantoa.content.rules.zns import Template

FILE = """
[[template]]
id = "345678"
pack = "rain"
kind = "zns"
title = "Đo mưa từ <ngay>"
text = "Kính gửi quý khách <ten>. Từ <ngay>, <don_vi> mời quý khách đọc thùng đo mưa."
confirmed_by = "Bà Trần Thị Lan, Văn phòng"
confirmed_on = 2025-05-09
[template.params]
ngay = { type = "time", value = "{start}" }
ten = { type = "customer_name", value = "{{name|quý vị}}" }
don_vi = { type = "product", value = "{publisher}" }
"""
FACTS = {
    "start": FactValue("date", "2025-06-07", "Ngày bắt đầu"),
    "call": FactValue("phone", None, "Số trực", verified=False),
}
WORDS = PlaceWords("phường Bến Nghĩa", "Ủy ban nhân dân phường Bến Nghĩa", "https://a.vn/c/?noi=1")
PHASE = PackPhase("t3", "Những ngày cuối", -3, "")


def ground(templates: tuple[Template, ...] = (), **values: object) -> Ground:
    messages = (PackMessage("t", "Đo mưa từ {start|long}"), PackMessage("x", "Từ {start}, {publisher} mời đọc thùng."))
    piece = PackPiece("zns", {"title": ("t",), "text": ("x",)})
    pack = Pack("rain", "", (), (), messages, (), (piece,), (), (), {}, phases=(PHASE,))
    return Ground(pack, FACTS, WORDS, "2025-05-10", templates=templates, **values)  # type: ignore[arg-type]  # as given


def composed(toml: str = FILE, **values: object) -> Composed | None:
    return compose_piece(ground(read_templates(toml), **values), "zns")


def test_without_a_confirmed_template_there_is_no_notification() -> None:
    assert compose_piece(ground(), "zns") is None
    assert composed(FILE.replace('"rain"', '"other"')) is None
    assert composed(FILE.replace('"zns"', '"correction_zns"')) is None


def test_the_approved_words_are_read_and_their_parameters_are_handed_over_with_slots() -> None:
    made = composed()
    assert made is not None
    assert made.piece.title == "Đo mưa từ 07/06/2025"
    assert made.piece.text.startswith("Kính gửi quý khách quý vị. Từ 07/06/2025, Ủy ban nhân dân phường Bến Nghĩa mời")
    assert made.used == {"start"}
    file = make("zns", made.piece)
    assert json.loads(file.content) == {
        "template": "345678",
        "params": {
            "ngay": "07/06/2025",
            "ten": "{{name|quý vị}}",
            "don_vi": "Ủy ban nhân dân phường Bến Nghĩa",
        },
    }
    assert file.details == {"text": made.piece.text, "most": {"ngay": 20, "ten": 30, "don_vi": 200}}


def test_what_nobody_confirmed_stops_it_by_name() -> None:
    with pytest.raises(MissingFactsError, match="Mẫu ZNS 345678"):
        composed(FILE.replace("{publisher}", "{call}"))


def test_a_value_that_looks_like_a_slot_is_none() -> None:
    facts = FACTS | {"start": FactValue("text", "{{phone}}")}
    (template,) = read_templates(FILE.replace('"time"', '"label"'))
    filled = fill_template(template, facts, WORDS)
    assert filled.parameters[0].value == "{ {phone}}"


def test_words_true_in_one_phase_only_are_said_in_it_alone() -> None:
    last = FILE.replace("345678", "999").replace("confirmed_by", 'phases = ["t3"]\nconfirmed_by')
    assert composed(last) is None
    for phase, ident in ((None, "345678"), (PHASE, "999")):
        made = composed(FILE + last, phase=phase)
        assert made is not None
        assert made.piece.template == ident


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("customer_name", "x" * 31, "dài 31 ký tự, nhiều nhất 30"),
        ("customer_name", "{{name|" + "x" * 31 + "}}", "dài 31 ký tự"),
        ("salutation", "Quý ông", "nhiều nhất 5"),
        ("phone", "một tám không không", "nhiều nhất 15"),
        ("phone", "tổng đài", "phải là số điện thoại"),
        ("time", "7/6/2025", "phải là giờ, ngày"),
        ("money", "15.000", "phải là số đồng"),
        ("url", "xem trang", "phải là địa chỉ trang"),
        ("label", "một\nhai", "không được xuống dòng"),
        ("label", "", "để trống"),
    ],
)
def test_what_zalo_would_refuse_is_told_before_it_is_asked(kind: str, value: str, told: str) -> None:
    most = {"phone": 15, "salutation": 5, "time": 20, "money": 12, "url": 200}.get(kind, 30)
    (fault,) = faults_of(Parameter("p", value, kind, most))
    assert told in fault


def test_what_a_template_may_hold_passes() -> None:
    right = {"time": "08:30 07/06/2025", "phone": "1800 8098", "url": "https://a.vn", "money": "15000"}
    for kind, value in right.items():
        assert list(faults_of(Parameter("p", value, kind, 20))) == []


def test_a_fault_stands_in_the_details_for_the_check() -> None:
    made = composed(FILE.replace('type = "product"', 'type = "salutation"'))
    assert made is not None
    ((severity, why),) = make("zns", made.piece).details["faults"]
    assert severity == "blocks"
    assert "«don_vi»" in why


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('id = "345678"', 'id = "mẫu 1"'), "«id» là mã mẫu"),
        (('confirmed_by = "Bà Trần Thị Lan, Văn phòng"\n', ""), "thiếu «confirmed_by»"),
        (("confirmed_on = 2025-05-09\n", ""), "thiếu «confirmed_on»"),
        (('kind = "zns"', 'kind = "sms"'), "«kind» là zns hoặc correction_zns"),
        (("<don_vi>", "<co_quan>"), "không khớp ở <co_quan>, <don_vi>"),
        (('type = "time"', 'type = "otp"'), "không có kiểu «otp»"),
        (("{start}", "{start|"), "dấu ngoặc nhọn"),
        (('value = "{start}"', "values = 1"), "phải có dạng"),
        (('"{start}" }', '"{start}", most = 0 }'), "«most»"),
        (("title =", "titel ="), "không có dòng nào tên «titel»"),
        (("[[template]]", "[[templates]]"), "mỗi mẫu là một mục"),
        (("[[template]]", "[[template"), "không đúng cú pháp TOML"),
    ],
)
def test_a_file_with_a_fault_names_the_entry(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ZnsError, match=r"^zns\.toml") as caught:
        read_templates(FILE.replace(*change))
    assert told in str(caught.value)


def test_a_packs_words_are_proposed_with_each_fact_a_parameter() -> None:
    assert proposed("Từ {start|long} và {start}, {publisher}") == "Từ <start> và <start>, <publisher>"
    assert list(proposal_faults("Đo mưa từ <start>", "Từ <start>, mời đọc thùng.")) == []
    assert "tiêu đề" in next(proposal_faults("Đo mưa", "Từ <start>, mời đọc thùng."))
    assert "nhiều nhất 4" in list(proposal_faults("Đo mưa từ nay", "Mời đọc thùng.\n" * 5))[-1]
    assert "hơn 10 tham số" in list(proposal_faults("Đo mưa từ nay", "Mời <a> " * 11))[-1]
