"""What is on the page, and what a good announcer says: pairs written by hand, from bulletins of the trade."""

from __future__ import annotations

import pytest

from lantoa.content.rules.speech import DEFAULT, speak

DATES = [
    ("ngày 16/9/2024", "Ngày mười sáu tháng chín năm hai nghìn không trăm hai mươi tư"),
    ("từ 16/10/2024", "Từ ngày mười sáu tháng mười năm hai nghìn không trăm hai mươi tư"),
    ("Ngày 01/7/2025", "Ngày mùng một tháng bảy năm hai nghìn không trăm hai mươi lăm"),
    ("hôm 24/04/2021", "Hôm hai mươi tư tháng tư năm hai nghìn không trăm hai mươi mốt"),
    ("mùng 5/3", "Mùng năm tháng ba"),
    ("ngày 5/3", "Ngày mùng năm tháng ba"),
    ("từ 5/3 đến 10/3", "Từ ngày mùng năm tháng ba đến ngày mùng mười tháng ba"),
    ("sáng 16/9", "Sáng ngày mười sáu tháng chín"),
    ("trước 31/12", "Trước ngày ba mươi mốt tháng mười hai"),
    ("nghỉ lễ 30/4 và 1/5", "Nghỉ lễ ngày ba mươi tháng tư và ngày mùng một tháng năm"),
    ("Quốc khánh 2/9", "Quốc khánh ngày mùng hai tháng chín"),
    ("ngày 5 tháng 3 năm 2024", "Ngày mùng năm tháng ba năm hai nghìn không trăm hai mươi tư"),
    ("ngày 15 tháng 9 năm 2026", "Ngày mười lăm tháng chín năm hai nghìn không trăm hai mươi sáu"),
    ("ngày mùng 2 tháng 9", "Ngày mùng hai tháng chín"),
    ("9/2026", "Tháng chín năm hai nghìn không trăm hai mươi sáu"),
    ("tháng 9/2026", "Tháng chín năm hai nghìn không trăm hai mươi sáu"),
    ("tháng 4", "Tháng tư"),
    ("hết tháng 12 năm 2024", "Hết tháng mười hai năm hai nghìn không trăm hai mươi tư"),
    ("quý IV/2024", "Quý bốn năm hai nghìn không trăm hai mươi tư"),
    ("quý 1 năm 2025", "Quý một năm hai nghìn không trăm hai mươi lăm"),
    ("năm 1986", "Năm một nghìn chín trăm tám mươi sáu"),
    ("năm 2005", "Năm hai nghìn không trăm linh năm"),
    ("16/9-16/10/2024", "Ngày mười sáu tháng chín đến ngày mười sáu tháng mười năm hai nghìn không trăm hai mươi tư"),
    ("ngày 16-20/9/2024", "Ngày mười sáu đến hai mươi tháng chín năm hai nghìn không trăm hai mươi tư"),
    ("từ ngày 01-15/10", "Từ ngày mùng một đến mười lăm tháng mười"),
    ("16.9.2024", "Ngày mười sáu tháng chín năm hai nghìn không trăm hai mươi tư"),
    ("nhiệm kỳ 2021-2026", "Nhiệm kỳ hai nghìn không trăm hai mươi mốt đến hai nghìn không trăm hai mươi sáu"),
    ("giai đoạn 2024 – 2026", "Giai đoạn hai nghìn không trăm hai mươi tư đến hai nghìn không trăm hai mươi sáu"),
    ("thập niên 90", "Thập niên chín mươi"),
    ("ngày 10/10", "Ngày mùng mười tháng mười"),
    ("từ tháng 1-3/2025", "Từ tháng một đến tháng ba năm hai nghìn không trăm hai mươi lăm"),
    ("tháng 9-10", "Tháng chín đến tháng mười"),
    ("tháng 10-2024", "Tháng mười năm hai nghìn không trăm hai mươi tư"),
    ("trực 24h/24h", "Trực hai mươi tư trên hai mươi tư"),
    ("70% - 80%", "Bảy mươi phần trăm đến tám mươi phần trăm"),
    ("Vietnamobile: 789", "Việt na mô bai: bảy tám chín"),
    ("P.Hải Thành", "Phường Hải Thành"),
    ("nhánh (1); nhánh (2)", "Nhánh, một; nhánh, hai"),
    ("5/10 tổ", "Năm trên mười tổ"),
    ("QĐ số 12/QĐ-UBND", "Quyết định số mười hai của Ủy ban nhân dân"),
    ("thứ 2 đến thứ 4", "Thứ hai đến thứ tư"),
    ("hôm nay, 15/10", "Hôm nay, ngày mười lăm tháng mười"),
]

TIMES = [
    ("0 giờ", "Không giờ"),
    ("từ 00 giờ ngày 16/10", "Từ không giờ ngày mười sáu tháng mười"),
    ("0h00 ngày 16/10/2024", "Không giờ ngày mười sáu tháng mười năm hai nghìn không trăm hai mươi tư"),
    ("7h30", "Bảy giờ ba mươi phút"),
    ("7h", "Bảy giờ"),
    ("17:00", "Mười bảy giờ"),
    ("05:30", "Năm giờ ba mươi phút"),
    ("7 giờ 30", "Bảy giờ ba mươi phút"),
    ("7 giờ 30 phút", "Bảy giờ ba mươi phút"),
    ("16 giờ 45 phút", "Mười sáu giờ bốn mươi lăm phút"),
    ("lúc 14g15", "Lúc mười bốn giờ mười lăm phút"),
    ("từ 7h30 đến 11h00", "Từ bảy giờ ba mươi phút đến mười một giờ"),
    ("7h30-11h30", "Bảy giờ ba mươi phút đến mười một giờ ba mươi phút"),
    ("7-9 giờ", "Bảy đến chín giờ"),
    ("trong 24 giờ", "Trong hai mươi tư giờ"),
    ("trực 24/7", "Trực hai mươi tư trên bảy"),
    ("trực 24/24 giờ", "Trực hai mươi tư trên hai mươi tư giờ"),
    (
        "chậm nhất 17 giờ ngày 20/9/2024",
        "Chậm nhất mười bảy giờ ngày hai mươi tháng chín năm hai nghìn không trăm hai mươi tư",
    ),
    ("trong 15 phút", "Trong mười lăm phút"),
    ("mỗi lần 15'", "Mỗi lần mười lăm phút"),
    ("5 phút/lần, 2 lần/ngày", "Năm phút một lần, hai lần một ngày"),
    ("20h - 22h", "Hai mươi giờ đến hai mươi hai giờ"),
]

NUMBERS = [
    ("10 hộ", "Mười hộ"),
    ("11 hộ", "Mười một hộ"),
    ("14 hộ", "Mười bốn hộ"),
    ("15 hộ", "Mười lăm hộ"),
    ("21 hộ", "Hai mươi mốt hộ"),
    ("24 hộ", "Hai mươi tư hộ"),
    ("25 hộ", "Hai mươi lăm hộ"),
    ("30 hộ", "Ba mươi hộ"),
    ("101 hộ", "Một trăm linh một hộ"),
    ("104 hộ", "Một trăm linh bốn hộ"),
    ("110 hộ", "Một trăm mười hộ"),
    ("115 máy", "Một trăm mười lăm máy"),
    ("221 máy", "Hai trăm hai mươi mốt máy"),
    ("1.000 máy", "Một nghìn máy"),
    ("1.005 máy", "Một nghìn không trăm linh năm máy"),
    ("1.050 máy", "Một nghìn không trăm năm mươi máy"),
    ("20.015 máy", "Hai mươi nghìn không trăm mười lăm máy"),
    ("234.000 thuê bao", "Hai trăm ba mươi tư nghìn thuê bao"),
    ("771.072 thuê bao", "Bảy trăm bảy mươi mốt nghìn không trăm bảy mươi hai thuê bao"),
    ("1.000.000 người", "Một triệu người"),
    ("2.050.000 người", "Hai triệu không trăm năm mươi nghìn người"),
    ("100.000.000 dân", "Một trăm triệu dân"),
    ("1.200.000.000 đồng", "Một tỷ hai trăm triệu đồng"),
    ("05 ngày", "Năm ngày"),
    ("02 bộ hồ sơ", "Hai bộ hồ sơ"),
    ("2,5 triệu", "Hai phẩy năm triệu"),
    ("1,05 lần", "Một phẩy không năm lần"),
    ("3,75 điểm", "Ba phẩy bảy mươi lăm điểm"),
    ("7-9 ngày", "Bảy đến chín ngày"),
    ("từ 3 - 5 ngày", "Từ ba đến năm ngày"),
    ("2/3 số hộ", "Hai phần ba số hộ"),
    ("3/4 dân số", "Ba phần tư dân số"),
    ("45/50 hộ", "Bốn mươi lăm trên năm mươi hộ"),
    ("tổ 1,2,3 và 4", "Tổ một, hai, ba và bốn"),
    ("số nhà 12/34", "Số nhà mười hai trên ba mươi tư"),
    ("-5°C", "Âm năm độ xê"),
    ("1.234,56", "Một nghìn hai trăm ba mươi tư phẩy năm mươi sáu"),
    ("công nghiệp 4.0", "Công nghiệp bốn chấm không"),
    ("12,8%", "Mười hai phẩy tám phần trăm"),
    ("từ 5-10%", "Từ năm đến mười phần trăm"),
    ("100 %", "Một trăm phần trăm"),
    ("lần thứ XIII", "Lần thứ mười ba"),
    ("lần thứ I", "Lần thứ nhất"),
    ("lần thứ IV", "Lần thứ tư"),
    ("khóa XV", "Khóa mười lăm"),
    ("Phần II", "Phần hai"),
    ("thế kỷ XXI", "Thế kỷ hai mươi mốt"),
    ("Chương V", "Chương năm"),
]

MONEY = [
    ("200.000 đồng", "Hai trăm nghìn đồng"),
    ("200.000đ", "Hai trăm nghìn đồng"),
    ("350.000 VNĐ", "Ba trăm năm mươi nghìn đồng"),
    ("200.000-500.000đ", "Hai trăm nghìn đến năm trăm nghìn đồng"),
    ("từ 200 đến 500 nghìn đồng", "Từ hai trăm đến năm trăm nghìn đồng"),
    ("2,5 triệu đồng", "Hai phẩy năm triệu đồng"),
    ("1-2 triệu đồng", "Một đến hai triệu đồng"),
    ("50.000đ/tháng", "Năm mươi nghìn đồng một tháng"),
    ("50.000đ/máy/tháng", "Năm mươi nghìn đồng một máy một tháng"),
    ("02 triệu đồng/hộ", "Hai triệu đồng một hộ"),
    ("500k", "Năm trăm nghìn"),
    ("3tr", "Ba triệu"),
    ("100 USD", "Một trăm đô la Mỹ"),
    ("1,5 tỷ đồng", "Một phẩy năm tỷ đồng"),
    ("0 đồng", "Không đồng"),
]

UNITS = [
    ("5 km", "Năm ki lô mét"),
    ("60km/h", "Sáu mươi ki lô mét một giờ"),
    ("40 m²", "Bốn mươi mét vuông"),
    ("1,2 ha", "Một phẩy hai héc ta"),
    ("30GB", "Ba mươi gi ga bai"),
    ("30 GB/tháng", "Ba mươi gi ga bai một tháng"),
    ("900 MHz", "Chín trăm mê ga héc"),
    ("2.100MHz", "Hai nghìn một trăm mê ga héc"),
    ("38°C", "Ba mươi tám độ xê"),
    ("50Mbps", "Năm mươi mê ga bít một giây"),
    ("10kg", "Mười ki lô gam"),
]

PHONES = [
    ("1800 8098", "Một tám không không, tám không chín tám"),
    ("18001091", "Một tám không không, một không chín một"),
    ("1900.1234", "Một chín không không, một hai ba bốn"),
    ("0912345678", "Không chín một hai, ba bốn năm, sáu bảy tám"),
    ("0912.345.678", "Không chín một hai, ba bốn năm, sáu bảy tám"),
    ("0912 345 678", "Không chín một hai, ba bốn năm, sáu bảy tám"),
    ("(0225) 3 881 234", "Không hai hai năm, ba, tám tám một, hai ba bốn"),
    ("0225.3881234", "Không hai hai năm, ba tám tám một hai ba bốn"),
    ("02253881234", "Không hai hai năm, ba tám tám một, hai ba bốn"),
    ("+84 912 345 678", "Cộng tám bốn, chín một hai, ba bốn năm, sáu bảy tám"),
    ("gọi 113", "Gọi một một ba"),
    ("gọi 113 hoặc 114", "Gọi một một ba hoặc một một bốn"),
    ("tổng đài 156", "Tổng đài một năm sáu"),
    ("gửi 1414", "Gửi một bốn một bốn"),
    ("gửi 200 tờ rơi", "Gửi hai trăm tờ rơi"),
    ("18008098/18001091", "Một tám không không, tám không chín tám, một tám không không, một không chín một"),
    ("gọi 50 cuộc", "Gọi năm mươi cuộc"),
    ("đường dây nóng: 0225.3.881.234", "Đường dây nóng: không hai hai năm, ba, tám tám một, hai ba bốn"),
    ("bấm *#06#", "Bấm sao thăng không sáu thăng"),
    ("bấm *101#", "Bấm sao một không một thăng"),
    ("SĐT 0387 654 321", "Số điện thoại không ba tám bảy, sáu năm bốn, ba hai một"),
]

PAPERS = [
    ("Công văn số 1801/STTTT-BCVT", "Công văn số một nghìn tám trăm linh một của Sở Thông tin và Truyền thông"),
    (
        "Công văn số 1801/STTTT-BCVT, ngày 14/8/2024 của Sở TT&TT",
        (
            "Công văn số một nghìn tám trăm linh một, ngày mười bốn tháng tám năm hai nghìn không trăm hai mươi "
            "tư của Sở Thông tin và Truyền thông"
        ),
    ),
    (
        "Thông tư số 10/2024/TT-BTTTT",
        "Thông tư số mười năm hai nghìn không trăm hai mươi tư của Bộ Thông tin và Truyền thông",
    ),
    (
        "Thông tư 04/2024/TT-BTTTT",
        "Thông tư số không bốn năm hai nghìn không trăm hai mươi tư của Bộ Thông tin và Truyền thông",
    ),
    ("Nghị định 49/2024/NĐ-CP", "Nghị định số bốn mươi chín năm hai nghìn không trăm hai mươi tư của Chính phủ"),
    (
        "Nghị định số 49/2024/NĐ-CP ngày 10/5/2024 của Chính phủ",
        (
            "Nghị định số bốn mươi chín năm hai nghìn không trăm hai mươi tư ngày mùng mười tháng năm năm hai "
            "nghìn không trăm hai mươi tư của Chính phủ"
        ),
    ),
    ("theo 135/QĐ-TTg", "Theo quyết định số một trăm ba mươi lăm của Thủ tướng Chính phủ"),
    (
        "Nghị quyết số 34/2024/NQ-HĐND",
        "Nghị quyết số ba mươi tư năm hai nghìn không trăm hai mươi tư của Hội đồng nhân dân",
    ),
    ("Luật số 24/2023/QH15", "Luật số hai mươi tư năm hai nghìn không trăm hai mươi ba của Quốc hội khóa mười lăm"),
    (
        "Luật Viễn thông 24/2023/QH15",
        "Luật Viễn thông số hai mươi tư năm hai nghìn không trăm hai mươi ba của Quốc hội khóa mười lăm",
    ),
    ("Chỉ thị 15-CT/TW", "Chỉ thị số mười lăm của Trung ương"),
    ("Nghị quyết số 57-NQ/TW", "Nghị quyết số năm mươi bảy của Trung ương"),
    ("Đề án 06/CP", "Đề án không sáu của Chính phủ"),
    ("Đề án 06", "Đề án không sáu"),
    ("Kế hoạch số 215/KH-UBND", "Kế hoạch số hai trăm mười lăm của Ủy ban nhân dân"),
    ("khoản 2 Điều 15", "Khoản hai Điều mười lăm"),
    ("điểm c khoản 1 Điều 32", "Điểm xê khoản một Điều ba mươi hai"),
]

WORDS = [
    ("UBND phường", "Ủy ban nhân dân phường"),
    ("Văn phòng HĐND và UBND quận", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân quận"),
    ("Ủy ban MTTQ Việt Nam", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
    ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
    ("TDP số 5", "Tổ dân phố số năm"),
    ("tắt sóng 2G", "Tắt sóng hai gờ"),
    ("mạng 4G, 5G", "Mạng bốn gờ, năm gờ"),
    ("máy 4G/5G", "Máy bốn gờ, năm gờ"),
    ("3G", "Ba gờ"),
    ("thẻ SIM", "Thẻ xim"),
    ("tin nhắn SMS", "Tin nhắn ét em ét"),
    ("ứng dụng VNeID", "Ứng dụng vi en i ai đi"),
    ("số IMEI", "Số i mây"),
    ("mã OTP", "Mã ô tê pê"),
    ("quét mã QR", "Quét mã quy e"),
    ("nhóm Zalo", "Nhóm da lô"),
    ("mạng Internet", "Mạng in tơ nét"),
    ("CCCD", "Căn cước công dân"),
    ("TP. Hải Phòng", "Thành phố Hải Phòng"),
    ("V/v tắt sóng", "Về việc tắt sóng"),
    ("và/hoặc", "Và, hoặc"),
    ("(gửi kèm)", "Gửi kèm"),
    ("thực hiện./.", "Thực hiện."),
    ("ỦY BAN NHÂN DÂN", "Ủy ban nhân dân"),
    ("kinh tế - xã hội", "Kinh tế xã hội"),
    ("“mỗi người dân một điện thoại”", "Mỗi người dân một điện thoại"),
    ("• Đổi máy", "Đổi máy"),
    ("1. Đổi máy", "Một là: Đổi máy"),
    ("tổ B", "Tổ bê"),
    ("khổ A4", "Khổ a bốn"),
    ("máy V1S", "Máy vê một ét"),
    ("phím bấm… rẻ", "Phím bấm. Rẻ"),
    ("Viettel, VinaPhone", "Viết teo, vi na phôn"),
    ("VoLTE", "Vô eo ti i"),
    ("Wi-Fi", "Oai phai"),
    ("mic.gov.vn", "Em i xê chấm gờ o vê chấm vê en"),
]

PAIRS = DATES + TIMES + NUMBERS + MONEY + UNITS + PHONES + PAPERS + WORDS


@pytest.mark.parametrize(("page", "ear"), PAIRS, ids=[page for page, _ in PAIRS])
def test_a_written_form_is_said_as_a_good_announcer_says_it(page: str, ear: str) -> None:
    assert speak(page).text == ear


@pytest.mark.parametrize("page", [page for page, _ in PAIRS])
def test_speaking_spoken_words_again_changes_nothing(page: str) -> None:
    said = speak(page).text
    assert speak(said).text == said
    assert not any(one.isdecimal() for one in said)


def test_there_are_enough_pairs() -> None:
    assert len({page for page, _ in PAIRS}) >= 120


def test_an_unknown_abbreviation_is_spelled_and_reported_once() -> None:
    spoken = speak("Theo TXQZ và TXQZ")
    assert spoken.text == "Theo tê ích quy dét và tê ích quy dét"
    assert spoken.unknown == ("TXQZ",)


def test_an_unknown_foreign_word_is_kept_and_reported() -> None:
    spoken = speak("Máy Blackberry cũ")
    assert spoken.text == "Máy Blackberry cũ"
    assert spoken.unknown == ("Blackberry",)


def test_an_unknown_agency_in_a_document_number_is_reported() -> None:
    assert speak("Công văn số 12/XQTK-VP").unknown == ("XQTK",)


def test_an_agency_adds_its_own_abbreviations() -> None:
    assert speak("TTVH quận", {**DEFAULT, "TTVH": "trung tâm văn hóa"}).text == "Trung tâm văn hóa quận"


def test_known_words_are_never_reported() -> None:
    known = [spoken.unknown for spoken in map(speak, (page for page, _ in PAIRS))]
    assert not any(known)


def test_a_decomposed_page_is_read_like_a_composed_one() -> None:
    assert speak("Ủy ban").text == speak("U\u0309y ban").text


def test_a_date_that_cannot_be_is_not_said_as_a_date() -> None:
    assert "tháng" not in speak("45/13/2024").text


def test_a_date_the_calendar_does_not_have_is_reported() -> None:
    assert speak("ngày 30/02/2024").unknown == ("30/02/2024",)


def test_a_paper_without_its_number_is_reported() -> None:
    assert speak("Số: /UBND-VHTT").unknown == ("Số: /UBND-VHTT",)


def test_a_line_that_runs_on_is_joined() -> None:
    assert speak("về kế hoạch,\nlộ trình dừng").text == "Về kế hoạch, lộ trình dừng"


def test_paragraphs_stay_apart() -> None:
    assert speak("Câu một.\n\nCâu hai.").text == "Câu một.\n\nCâu hai."


def test_nothing_is_said_of_nothing() -> None:
    assert speak(" \n ").text == ""
