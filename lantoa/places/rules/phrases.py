"""The words in which letters name offices: how they are folded for comparison, and the nouns that mean a class.

A class noun covers kinds of places (`lantoa.places.models.Place.Kind`). The specialised bodies (`cơ quan chuyên
môn`) of a district People's Committee include its office and its inspectorate: NĐ 37/2014/NĐ-CP, Điều 7.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lantoa.lib.vietnamese import unaccented

_ABBREVIATIONS = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc", "mttqvn": "mat tran to quoc",
    "vp": "van phong", "tt&tt": "thong tin truyen thong", "tttt": "thong tin truyen thong",
    "vhtt": "van hoa thong tin",
    "vh&tt": "van hoa thong tin", "vhxh": "van hoa xa hoi", "vh&xh": "van hoa xa hoi",
    "cnscd": "cong nghe so cong dong",
    "gd&dt": "giao duc dao tao", "gddt": "giao duc dao tao", "tb&xh": "thuong binh xa hoi", "ld": "lao dong",
    "ldtbxh": "lao dong thuong binh xa hoi", "tn&mt": "tai nguyen moi truong", "tnmt": "tai nguyen moi truong",
    "nn&ptnt": "nong nghiep phat trien nong thon", "kh&cn": "khoa hoc cong nghe", "khcn": "khoa hoc cong nghe",
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "tdp": "to dan pho", "lhpn": "lien hiep phu nu",
    "ldld": "lien doan lao dong", "tncs": "thanh nien cong san", "hcm": "ho chi minh", "ccb": "cuu chien binh",
    "tc": "tai chinh", "kh": "ke hoach", "ttyt": "trung tam y te", "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
}
# One body, several usual names.
_ONE_NAME = (
    (re.compile(r"\b(uy ban )?mat tran to quoc( viet nam)?\b"), "mat tran to quoc"),
    (re.compile(r"\bdoan thanh nien( cong san)?( ho chi minh)?\b"), "doan thanh nien"),
)

LEVELS = {
    "tinh": "province", "thanh pho": "province", "quan": "district", "huyen": "district", "thi xa": "district",
    "xa": "ward", "phuong": "ward", "thi tran": "ward", "dac khu": "ward",
    "thon": "neighbourhood", "to dan pho": "neighbourhood", "khu pho": "neighbourhood", "ap": "neighbourhood",
    "cap tinh": "province", "cap huyen": "district", "cap xa": "ward",
}
_LEVEL = "|".join(sorted(LEVELS, key=len, reverse=True))
LEVEL = re.compile(rf"(?:(?P<many>cac|\d+) )?(?P<noun>{_LEVEL})\b ?")

_SECTIONS, _MASS = ("section", "office"), ("mass_organisation",)
NOUNS: dict[str, tuple[str, ...]] = {
    "phong chuyen mon": _SECTIONS, "phong ban chuyen mon": _SECTIONS, "co quan chuyen mon": _SECTIONS,
    "phong": _SECTIONS, "so": _SECTIONS, "ban": _SECTIONS, "nganh": _SECTIONS,
    "don vi su nghiep cong lap": ("service_unit",), "don vi su nghiep": ("service_unit",),
    "don vi truc thuoc": ("service_unit",), "don vi thuoc": ("service_unit",),
    "to chuc doan the": _MASS, "to chuc chinh tri xa hoi": _MASS, "chinh tri xa hoi": _MASS, "hoi doan the": _MASS,
    "doan the chinh tri xa hoi": _MASS, "doan the": _MASS,
    "truong hoc": ("school",), "truong": ("school",), "co so giao duc": ("school",),
    "dai truyen thanh": ("station",),
    "to cong nghe so cong dong": ("digital_team",), "cong nghe so cong dong": ("digital_team",),
    "to cong tac de an 06 cp": ("project06_team",), "to cong tac de an 06": ("project06_team",),
    "to de an 06": ("project06_team",), "to cong tac trien khai de an 06": ("project06_team",),
    "to cong tac trien khai de an 06 cp": ("project06_team",),
    "uy ban nhan dan": ("committee",), "cong an": ("police",), "mat tran to quoc": ("front",),
    "to dan pho": ("neighbourhood",), "thon": ("neighbourhood",), "khu pho": ("neighbourhood",),
    "khu dan cu": ("neighbourhood",), "ap": ("neighbourhood",),
}
NOUN = re.compile("(?P<noun>" + "|".join(sorted(NOUNS, key=len, reverse=True)) + r")\b ?")
# Kinds found in the localities, however deep below the issuer; the others mean its own, unless localities are named.
EVERYWHERE = frozenset({"neighbourhood", "digital_team", "project06_team", "school"})
SEVERAL = frozenset({*_SECTIONS, *_MASS, "service_unit", *EVERYWHERE})
"""Kinds of which one office has several, so that their noun alone, without `các`, means them all."""

ADDRESSED = re.compile(
    r"((cac|nhung) )?(co quan|don vi)( (co quan|don vi|to chuc|doan the|dia phuong|truong hoc))*|nhu tren",
)
QUALIFIER = re.compile(r"^(va |o |tai |cua |truc thuoc |thuoc |trong |tren dia ban|nam tren dia ban)+ ?(toan )?|^toan ")
_PEOPLE = (
    (re.compile(r"^((cac )?dong chi )?(chanh|vien truong|cuc truong) (?=(van phong|thanh tra|vien|cuc|toa))"), ""),
    (re.compile(r"^((cac )?dong chi )?to truong (?=((cac|\d+) )?to )"), ""),
    (re.compile(r"^(cac )truong (?=(thon|ap|khu pho|phong|ban|don vi)\b)"), "cac "),
    (re.compile(r"^((cac )?dong chi )?truong (?=((cac|\d+) )?(thon|ap|khu|phong|ban|cong an|don vi)\b)"), ""),
    (re.compile(r"^((cac )?dong chi )?(thu truong|(ban )?lanh dao|nguoi dung dau|giam doc|hieu truong|chu tich) "), ""),
)
EXCEPT = re.compile(r"\(?\s*\b(?:ngoại\s+)?trừ\b\s+(?P<who>[^)]*)\)?", re.IGNORECASE)
PURPOSE = re.compile(r"\(\s*(?:để|b/c|p/h|báo cáo|phối hợp|thực hiện|chỉ đạo)\b[^)]*\)", re.IGNORECASE)


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold a name for comparison: small plain letters, abbreviations written out, no punctuation and no `và`."""
    words: list[str] = []
    for token in re.findall(r"[\w&]+", unaccented(text).casefold()):
        words += [_ABBREVIATIONS[token]] if token in _ABBREVIATIONS else [
            _ABBREVIATIONS.get(word, word) for word in token.split("&") if word not in {"", "va"}
        ]
    folded = " ".join(words)
    for pattern, name in _ONE_NAME:
        folded = pattern.sub(name, folded)
    return folded


def without_head(words: str) -> str:
    """Leave out the person at the head of what is named: `chu tich uy ban …` → `uy ban …`. Deputies stay."""
    for pattern, instead in _PEOPLE:
        if pattern.match(words):
            return pattern.sub(instead, words)
    return words
