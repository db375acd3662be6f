"""The words of the trade: abbreviations, units, document codes, foreign names, and what a Vietnamese syllable is."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT: Mapping[str, str] = MappingProxyType({
    # authorities
    "UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân", "MTTQ": "Mặt trận Tổ quốc", "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "UB MTTQ": "Ủy ban Mặt trận Tổ quốc", "UBTVQH": "Ủy ban Thường vụ Quốc hội", "UBKT": "Ủy ban kiểm tra",
    "CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ", "QH": "Quốc hội", "BCH": "Ban Chấp hành", "BCĐ": "Ban Chỉ đạo",
    "BTV": "Ban Thường vụ", "BTC": "Ban Tổ chức", "VP": "Văn phòng", "QU": "Quận ủy", "HU": "Huyện ủy", "ĐU": "Đảng ủy", "TW": "Trung ương", "TƯ": "Trung ương",
    "BTTTT": "Bộ Thông tin và Truyền thông", "STTTT": "Sở Thông tin và Truyền thông",
    "TT&TT": "Thông tin và Truyền thông", "TTTT": "Thông tin và Truyền thông", "TT-TT": "thông tin, tuyên truyền",
    "BKHCN": "Bộ Khoa học và Công nghệ", "SKHCN": "Sở Khoa học và Công nghệ", "KH&CN": "Khoa học và Công nghệ",
    "KHCN": "khoa học, công nghệ", "BNV": "Bộ Nội vụ", "SNV": "Sở Nội vụ", "BCA": "Bộ Công an", "BQP": "Bộ Quốc phòng",
    "BYT": "Bộ Y tế", "SYT": "Sở Y tế", "BGDĐT": "Bộ Giáo dục và Đào tạo", "SGDĐT": "Sở Giáo dục và Đào tạo",
    "GD&ĐT": "Giáo dục và Đào tạo", "GDĐT": "Giáo dục và Đào tạo", "BVHTTDL": "Bộ Văn hóa, Thể thao và Du lịch",
    "VHTT": "Văn hóa và Thông tin", "VH&TT": "Văn hóa và Thông tin", "VH-TT": "Văn hóa và Thông tin",
    "VHXH": "Văn hóa - Xã hội", "VH-XH": "Văn hóa - Xã hội", "BCVT": "bưu chính, viễn thông", "CNTT": "công nghệ thông tin",
    "NN&PTNT": "Nông nghiệp và Phát triển nông thôn", "TN&MT": "Tài nguyên và Môi trường",
    "LĐTBXH": "Lao động, Thương binh và Xã hội", "LĐ-TB&XH": "Lao động, Thương binh và Xã hội", "CATTT": "an toàn thông tin",
    "BHXH": "bảo hiểm xã hội", "BHYT": "bảo hiểm y tế", "TTXVN": "Thông tấn xã Việt Nam", "PCTT": "phòng, chống thiên tai",
    "TKCN": "tìm kiếm cứu nạn", "PCCC": "phòng cháy, chữa cháy", "CNCH": "cứu nạn, cứu hộ", "ANTT": "an ninh trật tự",
    "ATGT": "an toàn giao thông", "VSMT": "vệ sinh môi trường", "VSATTP": "vệ sinh an toàn thực phẩm", "NTM": "nông thôn mới",
    "TTHC": "thủ tục hành chính", "DVC": "dịch vụ công", "DVCTT": "dịch vụ công trực tuyến", "CCHC": "cải cách hành chính",
    "CĐS": "chuyển đổi số", "CNSCĐ": "công nghệ số cộng đồng", "KT-XH": "kinh tế - xã hội", "QLNN": "quản lý nhà nước",
    "CBCCVC": "cán bộ, công chức, viên chức", "CBCNV": "cán bộ, công nhân viên", "NLĐ": "người lao động", "NCT": "người cao tuổi",
    # people and places
    "ND": "nhân dân", "CTUBND": "Chủ tịch Ủy ban nhân dân", "CT": "Chủ tịch", "PCT": "Phó Chủ tịch", "BT": "Bí thư",
    "TDP": "tổ dân phố", "KDC": "khu dân cư", "KP": "khu phố", "HTX": "hợp tác xã", "CLB": "câu lạc bộ",
    "ĐVTN": "đoàn viên, thanh niên", "TNCS": "Thanh niên Cộng sản", "LHPN": "Liên hiệp Phụ nữ", "HPN": "Hội Phụ nữ",
    "CCB": "cựu chiến binh", "THCS": "trung học cơ sở", "THPT": "trung học phổ thông", "TP": "thành phố",
    "TP.": "thành phố", "Tp.": "thành phố", "TPHCM": "Thành phố Hồ Chí Minh", "TP.HCM": "Thành phố Hồ Chí Minh",
    "HN": "Hà Nội", "HP": "Hải Phòng", "VN": "Việt Nam", "TX.": "thị xã", "Q.": "quận", "H.": "huyện", "P.": "phường",
    "Đ.": "đường", "TM.": "thay mặt", "KT.": "ký thay", "TL.": "thừa lệnh", "TUQ.": "thừa ủy quyền", "Ths.": "thạc sĩ",
    "ThS.": "thạc sĩ", "TS.": "tiến sĩ", "PGS.": "phó giáo sư", "GS.": "giáo sư", "BS.": "bác sĩ", "LS.": "luật sư",
    # papers and phones
    "CCCD": "căn cước công dân", "CMND": "chứng minh nhân dân", "ĐT": "điện thoại", "SĐT": "số điện thoại",
    "ĐTDĐ": "điện thoại di động", "ĐTTM": "điện thoại thông minh", "TTTB": "thông tin thuê bao",
    "SIM": "xim", "eSIM": "e xim", "SMS": "ét em ét", "MMS": "em em ét", "OTP": "ô tê pê", "IMEI": "i mây", "VNeID": "vi en i ai đi",
    "VoLTE": "vô eo ti i", "LTE": "eo ti i", "GSM": "giê ét em", "GPS": "giê pê ét", "QR": "quy e", "NFC": "en ép xê",
    "USSD": "u ét ét đê", "M2M": "em hai em", "IoT": "ai ô ti", "TV": "ti vi", "PC": "pê xê", "USB": "u ét bê",
    "ATM": "a tê em", "POS": "pót", "ID": "ai đi", "IP": "ai pi", "Wi-Fi": "oai phai", "WiFi": "oai phai", "Wi-fi": "oai phai", "wi-fi": "oai phai", "Tel": "điện thoại", "FM": "ép em",
    "VTV": "vê tê vê", "VOV": "vê ô vê", "VNPT": "vê en pê tê", "FPT": "ép pê tê", "EVN": "e vê en", "COVID": "cô vít",
    "WTO": "vê kép tê ô", "ASEAN": "a xê an", "UNESCO": "u nét cô",
    # writing
    "VT": "văn thư", "V/v": "về việc", "v/v": "về việc", "v.v.": "vân vân", "v.v": "vân vân", "vv": "vân vân", "đ/c": "đồng chí",
    "Đ/c": "Đồng chí", "ĐC": "địa chỉ", "đ/tháng": "đồng một tháng", "&": "và", "TNHH": "trách nhiệm hữu hạn", "CTCP": "công ty cổ phần",
    "DN": "doanh nghiệp", "DNNN": "doanh nghiệp nhà nước", "NSNN": "ngân sách nhà nước", "GTGT": "giá trị gia tăng",
    "VBQPPL": "văn bản quy phạm pháp luật", "QPPL": "quy phạm pháp luật", "ANM": "an ninh mạng", "ATTT": "an toàn thông tin",
})
"""Abbreviation as written → words as spoken. An agency adds its own: `{**DEFAULT, "TTVH": "trung tâm văn hóa"}`."""

FOREIGN: Mapping[str, str] = MappingProxyType({
    "zalo": "da lô", "facebook": "phây búc", "fanpage": "phan pây", "internet": "in tơ nét", "website": "oép xai",
    "web": "oép", "email": "i meo", "e-mail": "i meo", "gmail": "di meo", "online": "on lai", "smartphone": "xờ mát phôn",
    "video": "vi đê ô", "clip": "cờ líp", "youtube": "diu túp", "tiktok": "tíc tóc", "viettel": "viết teo",
    "vinaphone": "vi na phôn", "mobifone": "mô bi phôn", "vietnamobile": "việt na mô bai", "gmobile": "di mô bai",
    "itel": "ai teo", "wintel": "guyn teo", "nokia": "nô ki a", "samsung": "xam xung", "apple": "áp pồ", "iphone": "ai phôn",
    "android": "an đờ roi", "hotline": "hót lai", "app": "áp", "apps": "áp", "pin": "pin", "wifi": "oai phai", "roaming": "rôm minh",
    "messenger": "mét xen giơ", "google": "gu gồ", "vietnam": "việt nam", "data": "đa ta", "chip": "chíp", "card": "các",
    "kilomet": "ki lô mét", "container": "công te nơ", "livestream": "lai xờ trim", "bluetooth": "bờ lu tút", "led": "lét",
    "covid": "cô vít", "pano": "pa nô", "zns": "dét en ét", "km": "ki lô mét", "kg": "ki lô gam", "pro": "pờ rô", "galaxy": "ga lắc xi", "axit": "a xít", "virus": "vi rút", "blog": "bờ lốc",
})
"""Foreign names and words, in lower case → as a Vietnamese announcer says them."""

LETTERS: Mapping[str, str] = MappingProxyType({
    "a": "a", "ă": "á", "â": "ớ", "b": "bê", "c": "xê", "d": "dê", "đ": "đê", "e": "e", "ê": "ê", "f": "ép", "g": "giê",
    "h": "hát", "i": "i", "j": "giây", "k": "ca", "l": "e lờ", "m": "em", "n": "en", "o": "o", "ô": "ô", "ơ": "ơ",
    "p": "pê", "q": "quy", "r": "e rờ", "s": "ét", "t": "tê", "u": "u", "ư": "ư", "v": "vê", "w": "vê kép", "x": "ích",
    "y": "i dài", "z": "dét",
})
"""Names of the letters when an abbreviation is spelled."""

UNITS: Mapping[str, str] = MappingProxyType({
    "%": "phần trăm", "‰": "phần nghìn", "đ": "đồng", "đồng": "đồng", "vnđ": "đồng", "vnd": "đồng", "usd": "đô la Mỹ", "$": "đô la Mỹ",
    "k": "nghìn", "tr": "triệu", "km/h": "ki lô mét một giờ", "km²": "ki lô mét vuông", "km2": "ki lô mét vuông", "km": "ki lô mét",
    "m²": "mét vuông", "m2": "mét vuông", "m³": "mét khối", "m3": "mét khối", "m": "mét", "cm": "xen ti mét", "mm": "mi li mét",
    "ha": "héc ta", "kg": "ki lô gam", "gb": "gi ga bai", "mb": "mê ga bai", "tb": "tê ra bai", "kb": "ki lô bai",
    "mbps": "mê ga bít một giây", "gbps": "gi ga bít một giây", "mb/s": "mê ga bít một giây", "ghz": "gi ga héc", "mhz": "mê ga héc",
    "kw": "ki lô oát", "kwh": "ki lô oát giờ", "w": "oát", "v": "vôn", "mah": "mi li am pe giờ", "inch": "in", "°c": "độ xê", "ºc": "độ xê",
    "°": "độ", "h": "giờ", "s": "giây",
})
"""Unit right after a number, in lower case → as spoken."""

DOCUMENT_TYPES: Mapping[str, str] = MappingProxyType({
    "NĐ": "nghị định", "TT": "thông tư", "QĐ": "quyết định", "NQ": "nghị quyết", "CT": "chỉ thị", "KH": "kế hoạch", "BC": "báo cáo",
    "TB": "thông báo", "TTr": "tờ trình", "HD": "hướng dẫn", "CTr": "chương trình", "PA": "phương án", "ĐA": "đề án", "CV": "công văn",
    "CĐ": "công điện", "QC": "quy chế", "GM": "giấy mời", "TTLT": "thông tư liên tịch", "PL": "pháp lệnh", "L": "luật",
    "VBHN": "văn bản hợp nhất", "DA": "dự án", "BB": "biên bản", "KL": "kết luận", "HDLN": "hướng dẫn liên ngành",
})
"""Kind of document in its number (NĐ 30/2020, Phụ lục III, and the Party's own) → as spoken."""

_RHYMES = frozenset("""
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt
up ut uơ uy uya uych uyên uyêt uynh uyp uyt uyn uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu ynh ych yt
""".split())
_ONSETS = ("ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
           "n", "p", "r", "s", "t", "v", "x", "")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = re.compile(r"(?:c|ch|p|t)$")


def is_syllable(word: str) -> bool:
    """Whether `word` can be read as one Vietnamese syllable: onset, rhyme, and a tone the rhyme can bear."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in _TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if len(tones) > 1 or (_STOPPED.search(plain) and tones not in (["\u0301"], ["\u0323"])):
        return False
    if plain.startswith("gi") and (plain == "gi" or "i" + plain[2:] in _RHYMES):
        return True
    return any(plain.startswith(onset) and plain[len(onset):] in _RHYMES for onset in _ONSETS)
