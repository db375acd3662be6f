from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lantoa.content.rules import checks
from lantoa.content.rules.check_figures import check_figures
from lantoa.content.rules.check_form import GivenChannel, check_levels, check_pair
from lantoa.content.rules.checks import Checking
from lantoa.content.rules.figures import figures_in
from lantoa.content.rules.findings import RULES, fold
from lantoa.content.rules.place_names import PlaceNames, key_of
from lantoa.content.rules.said_figures import written_back
from lantoa.content.rules.speech import speak
from lantoa.content.rules.tests.grounds import (
    HOST,
    NAMES,
    PUBLISHER,
    found_in,
    known_named,
    own_texts,
    pack_named,
    sheet,
)

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack
    from lantoa.content.rules.findings import Finding, Sheet

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
CONTACT = ("0225 388 1234",)

PLANTED: list[tuple[str, str]] = [
    # a date, in any written form
    ("date", "Máy chỉ có 2G dừng từ 16/9/2024."),
    ("date", "Máy chỉ có 2G dừng từ 16/09/2024."),
    ("date", "Máy chỉ có 2G dừng từ 16-9-2024."),
    ("date", "Máy chỉ có 2G dừng từ 16.9.2024."),
    ("date", "Máy chỉ có 2G dừng từ 16 / 9 / 2024."),
    ("date", "Máy chỉ có 2G dừng từ 16\u20119\u20112024."),
    ("date", "Máy chỉ có 2G dừng từ 2024-09-16."),
    ("date", "Máy chỉ có 2G dừng từ 16/9/24."),
    ("date", "Máy chỉ có 2G dừng từ ngày 16/9."),
    ("date", "Từ ngày 16 tháng 9 năm 2024, máy dừng."),
    ("date", "Từ Ngày 16 Tháng 9 Năm 2024, máy dừng."),
    ("date", "Từ ngày 16\ntháng 9 năm 2024, máy dừng."),
    ("date", "Từ 16\u00a0tháng\u00a09\u00a0năm\u00a02024, máy dừng."),
    ("date", "Từ ngày 16 tháng 09/2024, máy dừng."),
    ("date", "Từ ngày 16 tháng 9, máy dừng."),
    ("date", "Từ ngày mười sáu tháng chín năm hai nghìn không trăm hai mươi tư, máy dừng."),
    ("date", "Từ ngày 16 tháng chín năm 2024, máy dừng."),
    ("date", "Từ mùng năm tháng tư năm hai nghìn không trăm hai mươi lăm, máy dừng."),
    ("date", "Dừng trong các ngày 14-16/9/2024."),
    ("date", "Service ends on 16 September 2024."),
    ("date", "Service ends on September 16, 2024."),
    ("date", "Tu ngay 16 thang 9 nam 2024, may dung."),
    ("date", "Dừng từ tháng 11/2024."),
    ("date", "Dừng từ tháng 11 năm 2024."),
    ("date", "Dừng trong năm 2031."),
    ("date", "Dừng từ 31/02/2024."),
    ("weekday", "Dừng từ thứ Hai, ngày 16/10/2024."),
    ("weekday", "Dừng từ thứ 5, ngày 16 tháng 10 năm 2024."),
    # a telephone number
    ("phone", "Gọi 1800 8099 để hỏi."),
    ("phone", "Gọi 18008908 để hỏi."),
    ("phone", "Gọi một tám không không tám không chín chín để hỏi."),
    ("phone", "Gọi 0225.388.1235 để hỏi."),
    ("phone", "Gọi +84 225 388 1235 để hỏi."),
    ("phone", "Gọi 0912345678 để hỏi."),
    ("phone", "Gọi tổng đài 198 để hỏi."),
    ("phone", "Viettel: 1800 1091"),
    ("phone", "Hỏi VinaPhone, gọi 1800 8098."),
    # an amount
    ("number", "Cả nước còn 3.400.000 thuê bao."),
    ("number", "Cả nước còn 771.073 thuê bao."),
    ("number", "Cả nước còn 3,4 triệu thuê bao."),
    ("number", "Cả nước còn ba triệu bốn trăm nghìn thuê bao."),
    ("number", "Đã chuyển được 97% thuê bao."),
    ("number", "Máy giả bán với giá 250.000 đồng."),
    ("number", "Máy giả bán với giá 250 nghìn đồng."),
    # a document
    ("document", "Theo Thông tư số 11/2024/TT-BTTTT."),
    ("document", "Theo Công văn số 46/UBND-VHTT."),
    ("document", "Theo khoản 7 Điều 9 của thông tư."),
    # a name
    ("name", "Bà con phường Anh Dũng hãy kiểm tra máy."),
    ("name", "Xin báo Ủy ban nhân dân phường Hòa Nghĩa."),
    ("name", "ỦY BAN NHÂN DÂN PHƯỜNG ANH DŨNG"),
    ("name", "Ba con phuong Anh Dung hay kiem tra may."),
    ("name", "Bà con quận Hồng Bàng hãy kiểm tra máy."),
    ("name", "Gọi ông Trần Văn Ba để hỏi."),
    ("name", "Theo Bộ Xây dựng."),
    # a fraud's words
    ("link", "Xem tại http://kiemtra2g.com/nang-cap."),
    ("link", "Xem tại kiemtra2g.com."),
    ("link", "Xem tại https://bit.ly/3abcXYZ."),
    ("link", "Xem tại lantoa.haiphong.gov.vn.top/c."),
    ("urgency", "Ngay lập tức đổi máy."),
    ("urgency", "KHẨN: đổi máy hôm nay."),
    ("urgency", "Bà con đổi máy trong vòng 24 giờ."),
    ("urgency", "Đổi máy ngay!!!"),
    ("urgency", "Nếu không đổi máy, thuê bao sẽ bị khóa."),
    ("urgency", "Neu khong doi may, thue bao se bi khoa."),
    ("asks_secret", "Bà con đọc mã OTP để được hỗ trợ."),
    ("asks_secret", "Vui lòng gửi lại mã xác thực."),
    ("asks_secret", "Soạn tin kèm mật khẩu."),
    ("asks_secret", "Không mất phí, vui lòng cung cấp số căn cước, mật khẩu."),
    ("asks_secret", "Vui long cung cap ma OTP."),
    ("asks_secret", "Bà con chuyển khoản để giữ số."),
    ("asks_secret", "Bấm vào đường dẫn dưới đây."),
    # what is false, in the pattern's words and in others
    ("false_statement", "Mạng 2G tiếp tục duy trì tại Trường Sa, Hoàng Sa đến ngày 15/9/2026."),
    ("false_statement", "Máy 3G cũng bị cắt."),
    ("false_statement", "Bà con phải đổi SIM."),
    ("false_statement", "May 3G cung bi khoa."),
    ("near_false", "Điện thoại 3G rồi cũng ngưng hoạt động."),
    ("near_false", "Bà con bắt buộc đổi thẻ SIM."),
    ("near_false", "Ai không thay điện thoại thì số bị xóa."),
    ("near_false", "2G vẫn còn tại các đảo Trường Sa và Hoàng Sa cho tới 15/9/2026."),
    # hard to read
    ("reading", "Bà con " + "kiểm tra máy của ông bà và cha mẹ rồi hỏi nhà mạng, " * 5 + "nhé."),
]


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_planted_error_is_found_at_its_place_with_a_mend(rule: str, text: str) -> None:
    faults = [one for one in found_in(text, contacts=CONTACT) if one.rule == rule]
    assert faults, f"{rule}: {text}"
    assert all(one.mend.what and one.why and one.rule in RULES for one in faults)
    assert all(one.found == " ".join(text[one.start : one.end].split()) for one in faults)


OF_ONE_PACK = {"false_statement", "near_false", "number", "weekday", "date", "document", "phone"}
"""What is an error beside the facts of the first pack; the other has facts of its own."""
AMONG = [
    (name, rule, text)
    for name in NAMES
    for rule, text in PLANTED
    if not text.isascii() and (name == NAMES[0] or rule not in OF_ONE_PACK)
]


@pytest.mark.parametrize(("name", "rule", "text"), AMONG)
def test_a_planted_error_is_found_among_a_packs_own_words(name: str, rule: str, text: str) -> None:
    kind, own = next(pair for pair in own_texts(name) if pair[0] == "article")
    assert rule in {one.rule for one in found_in(f"{own}\n\n{text}", kind, name, contacts=CONTACT)}


@pytest.mark.parametrize("name", NAMES)
def test_a_packs_own_pieces_raise_no_false_alarm(name: str) -> None:
    alarms = [
        (kind, one.rule, one.found, one.why)
        for kind, text in own_texts(name)
        for one in found_in(text, kind, name, contacts=CONTACT, publisher=PUBLISHER, is_spoken=kind == "audio")
        if one.blocks
    ]
    assert alarms == []


NUMBERED = PlaceNames(
    (
        "Thành phố Mẫu",
        "Quận 5",
        "Phường 12",
        "Phường 13",
        "Phường Mẫu 1",
        "Phường Anh Dũng",
        "Phường Hòa Nghĩa",
        "Tổ dân phố số 7",
        "Tổ dân phố số 31",
    ),
    ("Trường Tiểu học số 2",),
)
WARD_12 = frozenset({"thanh pho mau", "quan 5", "phuong 12", "to dan pho so 7"})


def found_in_ward_12(text: str, kind: str = "article", **values: Any) -> list[Finding]:
    return found_in(text, kind, names=NUMBERED, own_names=WARD_12, place="Phường 12", contacts=CONTACT, **values)


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_planted_error_is_found_where_places_have_numbers(rule: str, text: str) -> None:
    assert rule in {one.rule for one in found_in_ward_12(f"Ba con phuong 12.\n\n{text}")}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("number", "Bà con phường 12 còn 12 máy."),
        ("number", "Bà con phường mười hai còn mười hai máy."),
        ("number", "Có 12 phường."),
        ("number", "Phường còn 12 hộ."),
        ("number", "Tổ dân phố số 7 còn 7 hộ."),
        ("number", "Phường 12% máy cũ."),
        ("number", "Phường 12.000 máy."),
        ("number", "Phường mười hai nghìn máy."),
        ("number", "Họp ở Trường Tiểu học số 2, có 2 phòng."),
        ("date", "Phường 12/9/2024 dừng máy."),
        ("date", "Phường 12, từ 12/9/2024."),
        ("date", "Phường mười hai, từ ngày mười hai tháng chín năm hai nghìn không trăm hai mươi tư."),
        ("phone", "Phường 12, gọi 1800 8099."),
        ("phone", "Phường mười hai, gọi một tám không không tám không chín chín."),
        ("name", "Bà con phường 13 hãy xem."),
        ("name", "Bà con phường mười ba hãy xem."),
        ("name", "Bà con P.13 hãy xem."),
        ("name", "BÀ CON PHƯỜNG 13"),
        ("name", "Bà con phường Mẫu 1 hãy xem."),
        ("name", "Bà con phường Mẫu một hãy xem."),
        ("name", "Họp tổ dân phố số 31."),
        ("name", "Bà con phường 14 hãy xem."),
        ("number", "Bà con phường 14 hãy xem."),
        ("number", "Bà con phường mười bốn hãy xem."),
        ("number", "BÀ CON PHƯỜNG 14"),
        ("number", "Họp tổ dân phố số 32."),
    ],
)
def test_a_number_is_a_name_only_in_the_name_of_a_place_of_the_line(rule: str, text: str) -> None:
    assert rule in {one.rule for one in found_in_ward_12(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân Phường 12, Quận 5 thông báo.",
        "ỦY BAN NHÂN DÂN PHƯỜNG 12",
        "Ủy ban nhân dân phường mười hai thông báo.",
        "Bà con P.12, Q.5 và tổ dân phố số 7, tổ dân phố số bảy, TDP 7.",
        "Họp ở Trường Tiểu học số 2.",
        "Ba con phuong 12, quan 5.",
    ],
)
def test_the_number_in_the_name_of_a_place_of_the_line_is_no_figure(text: str) -> None:
    assert [(one.rule, one.found) for one in found_in_ward_12(text)] == []


def test_a_bulletin_says_the_number_of_who_speaks() -> None:
    publisher = "Ủy ban nhân dân Phường 12"
    for text, faults in ((f"{publisher} thông báo.", []), ("Hãy xem.", ["sender"])):
        found = found_in_ward_12(speak(text).text, "audio", is_spoken=True, publisher=publisher)
        assert [one.rule for one in found] == faults


HARMLESS = [
    "Máy chỉ có 2G dừng từ 16/10/2024, hết ngày 15/10/2024 là hết hạn.",
    "Từ thứ Tư, ngày 16 tháng 10 năm 2024, máy dừng.",
    "Tu ngay 16 thang 10 nam 2024, may dung.",
    "Từ ngày mười sáu tháng mười năm hai nghìn không trăm hai mươi tư, máy dừng.",
    "1. Hỏi nhà mạng\n2. Gọi thử\n3) Ghi lại",
    "1\nHỏi nhà mạng\n2 Gọi thử",
    "Trang 1/2",
    "Lúc 7 giờ 30 phút, 16h30 và 19:00, đọc trong 2 phút.",
    "Bước 1, câu 2, lần 3.",
    "Có hai cách: nghe, gọi; ba việc, mười phút.",
    "Trong mười năm qua, không một ai hỏi.",
    "Máy 3G, 4G và 5G; bấm *#06#; gọi 113, 114, 115.",
    "Theo Thông tư số 03/2024/TT-BTTTT.",
    "Theo Thông tư số 10/2024/TT-BTTTT ngày 13/9/2024.",
    "Thực hiện Công văn số 45/UBND-VHTT của Ủy ban nhân dân quận Dương Kinh.",
    "Cả nước còn 771.072 thuê bao, tính đến tháng 10 năm 2024.",
    "Viettel: 1800 8098",
    "Gọi 0225.388.1234 để hỏi.",
    "Bà con phường Đa Phúc, quận Dương Kinh, thành phố Hải Phòng.",
    "ỦY BAN NHÂN DÂN\nPHƯỜNG ĐA PHÚC",
    f"Xem tại https://{HOST}/c/may-cu/?noi=11683.",
    "Không bấm đường dẫn lạ, không đọc mã OTP, không đưa tiền cho người lạ.",
    "Khong bam duong dan la, khong doc ma OTP cho ai.",
    "Kẻ lừa đảo bảo bà con chuyển khoản, đọc mật khẩu.",
    "Có phải đọc mã OTP cho nhà mạng không?",
    "Đổi máy mà không mất số.",
    "Máy 3G không bị dừng đợt này.",
    "Có phải đổi số không?",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_may_stand_raises_nothing(text: str) -> None:
    assert [(one.rule, one.found, one.why) for one in found_in(text, contacts=CONTACT)] == []


def forms_of(day: dt.date) -> list[str]:
    d, m, y = day.day, day.month, day.year
    said = speak(f"Từ ngày {d:02d}/{m}/{y}.").text
    return [
        f"{d}/{m}/{y}", f"{d:02d}/{m:02d}/{y}", f"{d}-{m}-{y}", f"{d:02d}.{m:02d}.{y}", f"{y}-{m:02d}-{d:02d}",
        f"ngày {d} tháng {m} năm {y}", f"{d:02d} tháng {m:02d}/{y}", f"ngay {d} thang {m} nam {y}", said,
        f"{d} {day:%B} {y}", f"{day:%B} {d}, {y}",
    ]  # fmt: skip


@given(DAYS)
def test_every_day_that_is_no_fact_is_found_in_every_written_form(day: dt.date) -> None:
    assume(("date", day.isoformat()) not in known_named(NAMES[0]).meanings)
    missed = [text for text in forms_of(day) if not any(one.rule == "date" for one in found_in(text))]
    assert missed == []


@given(st.integers(min_value=0, max_value=7), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_of_a_hotline_is_found(place: int, step: int) -> None:
    digits = list("18008098")
    digits[place] = str((int(digits[place]) + step) % 10)
    number = "".join(digits)
    assume(number != "18001091")
    assert any(one.rule in {"phone", "number", "date"} for one in found_in(f"Gọi {number} để hỏi."))
    assert any(
        one.rule in {"phone", "number"} for one in found_in(f"Gọi {' '.join(speak(number).text.split())} để hỏi.")
    )


@given(st.integers(min_value=11, max_value=10**9 - 1))
def test_what_is_said_is_written_back(value: int) -> None:
    said = speak(f"Còn {value:,} hộ.".replace(",", ".")).text
    (figure,) = figures_in(written_back(said).text)
    assert figure.value == str(value)
    start, end = written_back(said).span(figure.start, figure.end)
    assert said[:start] == "Còn "
    assert said[end:] == " hộ."


@given(st.text(max_size=80))
def test_any_text_is_checked_and_every_place_lies_in_it(text: str) -> None:
    for one in found_in(text):
        assert 0 <= one.start <= one.end <= len(text) * 3
    assert len(fold(text)) == len(text)


def test_an_old_value_is_mended_by_the_new_one() -> None:
    (fault,) = [one for one in found_in("Dừng từ 16/9/2024.") if one.rule == "date"]
    assert fault.blocks
    assert fault.mend.new == "16/10/2024"
    assert "cũ" in fault.why


def test_an_unconfirmed_value_asks_for_its_confirmation() -> None:
    known = known_named(NAMES[0])
    facts = tuple(replace(fact, is_verified=fact.key != "viettel_hotline") for fact in known.facts)
    (fault,) = check_figures(sheet("Viettel: 1800 8098"), replace(known, facts=facts))
    assert (fault.mend.act, fault.mend.key) == ("confirm", "viettel_hotline")


def test_a_wrong_territory_is_mended_by_the_right_one() -> None:
    (fault,) = found_in("Bà con phường Anh Dũng hãy kiểm tra máy.")
    assert fault.found == "phường Anh Dũng"
    assert fault.mend.new == "phường Đa Phúc"


@pytest.mark.parametrize("kind", ["sms", "social_post", "leaflet", "script", "audio"])
def test_a_text_that_does_not_say_who_speaks_is_found(kind: str) -> None:
    assert "sender" in {one.rule for one in found_in("Hãy kiểm tra máy.", kind, publisher=PUBLISHER)}
    signed = found_in(f"Hãy kiểm tra máy. {PUBLISHER}", kind, publisher=PUBLISHER)
    assert "sender" not in {one.rule for one in signed}
    assert "sender" not in {
        one.rule for one in found_in("Hay kiem tra may. UBND phuong Da Phuc", kind, publisher=PUBLISHER)
    }


def test_a_link_in_a_message_is_warned_of_even_when_it_is_ours() -> None:
    (fault,) = found_in(f"Xem https://{HOST}/c/may-cu/", "sms")
    assert (fault.rule, fault.severity) == ("link", "warns")


def test_too_long_a_message_and_bulletin_are_found() -> None:
    assert "length" in {one.rule for one in found_in("Hãy kiểm tra máy. " * 20, "sms")}
    assert "length" in {one.rule for one in found_in("Hãy kiểm tra máy.", "audio", seconds=181.0)}
    assert "length" in {one.rule for one in found_in("Hãy kiểm tra máy.", "leaflet", left_out=("Gọi thử",))}


def test_a_word_the_voice_cannot_say_is_found_in_the_script() -> None:
    (fault,) = found_in("Máy có QXZT không?", "script")
    assert (fault.rule, fault.found) == ("speech", "QXZT")


def test_a_message_must_have_its_unaccented_twin() -> None:
    assert [one.rule for one in check_pair("Máy cũ", None)] == ["unaccented"]
    assert [one.rule for one in check_pair("Máy cũ", "Máy cũ")] == ["unaccented"]
    assert [one.rule for one in check_pair("Máy cũ", "May moi")] == ["unaccented"]
    assert check_pair("Máy cũ", "May cu") == check_pair(None, None) == []


def test_telecom_sms_below_the_province_is_rerouted_and_the_article_shown() -> None:
    given_channels = [
        GivenChannel("Quận Dương Kinh", "district", "sms", ("sms", "zalo")),
        GivenChannel("Thành phố Hải Phòng", "province", "sms", ("sms",)),
    ]
    (fault,) = check_levels(given_channels)
    assert "NĐ 49/2024/NĐ-CP, Điều 32" in fault.why
    assert fault.mend.act == "reroute"
    assert "Zalo" in fault.mend.what


def test_what_many_sheets_share_is_checked_once_and_found_in_each_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def count(section: Sheet, _pack: Pack) -> list[Finding]:
        checked.append(section.text)
        return []

    monkeypatch.setattr(checks, "check_truth", count)
    checking = Checking(known_named(NAMES[0]), pack_named(NAMES[0]))
    shared = "Máy dừng từ 16/9/2024.\nBà con hỏi nhà mạng."
    for place, other in (("Phường 12", "Phường 13"), ("Phường 13", "Phường 12")):
        text = f"{place} thông báo.\n\n{shared}\n\nBà con {other} gọi 0225 388 1234."
        one = sheet(text, names=NUMBERED, own_names=frozenset({key_of(place)}), place=place, contacts=CONTACT)
        found = {(fault.rule, fault.found): fault for fault in checking.check(one)}
        assert found.keys() == {("date", "16/9/2024"), ("name", other)}
        assert all(text[fault.start : fault.end] == fault.found for fault in found.values())
        assert found["name", other].mend.new == place
        assert checking.check(replace(one, contacts=())) != checking.check(one), "the number is this place's alone"
    assert checked.count("Máy dừng từ 16/9/2024.\n") == checked.count("Bà con hỏi nhà mạng.\n\n") == 1


@given(
    st.lists(
        st.sampled_from([text for text in (*(one for _, one in PLANTED), *HARMLESS) if not text.isascii()]),
        min_size=1,
        max_size=6,
    )
)
def test_sections_are_the_text_cut_where_nothing_goes_on(texts: list[str]) -> None:
    one = sheet("\n\n".join(texts))
    spans = list(checks.sections_of(one))
    assert "".join(one.text[start:end] for start, end in spans) == one.text
    alone = [(fault.rule, fault.found) for text in texts for fault in found_in(text) if fault.rule != "reading"]
    assert set(alone) <= {(fault.rule, fault.found) for fault in found_in(one.text)}
