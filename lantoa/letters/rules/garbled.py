"""What a scan has garbled and the rest of the letter lets a reader make out: digits, days, titles.

Whatever is made out here is a reading, not what the page was seen to say: each is put in doubt by its caller.
"""

from __future__ import annotations

import re

_LOOK_ALIKES = str.maketrans({**dict.fromkeys("OÔÖØÓÒQD", "0"), **dict.fromkeys("|IÍÌÎlíìï!{[(/Ll1", "1"),
                              "§": "5", "S": "5", "Š": "5", "Ê": "6", "È": "6", "É": "6", "B": "8",
                              "o": "0"})  # fmt: skip
_PRINTED = str.maketrans("OolIiSBZG", "001115826")
_MARKS = " .,_-:;'`"
_STROKES = frozenset("|/{[(!1lIÍÌÎ")
"""Signs that alone may be half of any digit."""
_DIRECTOR = re.compile(r"g[il1]a{1,2}m\W{0,3}d[o06]c")
_STANDS_FOR = re.compile(r"(?:^|\s)\W*k\W{0,2}t\W*$")
_DEPUTY = re.compile(r"ph[o0]\W*$")
_HEADS = frozenset({"GIÁM ĐỐC", "CHỦ TỊCH", "HIỆU TRƯỞNG", "CỤC TRƯỞNG", "TỔNG GIÁM ĐỐC", "TRƯỞNG PHÒNG", "TRƯỞNG BAN",
                    "CHÁNH VĂN PHÒNG", "CHI CỤC TRƯỞNG", "VIỆN TRƯỞNG", "VỤ TRƯỞNG", "CHÁNH THANH TRA"})  # fmt: skip
_CUT_OFF = re.compile(r"^\W*[a-z]{1,2}\W{0,2}$")


def digits_in(part: str, most: int = 2) -> int | None:
    """Read one or two digits, or `most`, out of what a scan made of them (`1Ì`, `|Ô`, `2O25`).

    None when a sign is like no digit; of more than two signs half must have come through as digits.
    """
    signs = part.strip(_MARKS)
    signs = signs.replace(" ", "") if len(signs) == most + 1 and signs[0] in "0123l" else signs
    if not 1 <= len(signs) <= most or (most > 2 and 2 * sum(map(str.isdecimal, signs)) < len(signs)):
        return None
    if len(signs) == 1 and signs in _STROKES:
        return None
    digits = signs.translate(_LOOK_ALIKES)
    return int(digits) if digits.isdecimal() and digits.isascii() else None


def number_in(part: str) -> str | None:
    """Read a number out of digits and the letters printed digits are taken for (`l5`, `I30S`); None when it is none."""
    digits = part.translate(_PRINTED)
    sound = 2 * sum(map(str.isdecimal, part)) >= len(part) and digits.isdecimal() and digits.isascii()
    return digits if sound and len(part) <= 5 else None


def director_in(text: str, plain: str) -> int | None:
    """The offset where `GIÁM ĐỐC` stands in capitals, however the scan has bent its letters; None when it does not."""
    found = _DIRECTOR.search(plain)
    capitals = found is not None and sum(letter.isupper() for letter in text[slice(*found.span())]) > 5
    return found.start() if found and capitals else None


def director_line(plain: str) -> str:
    """A line of the signing block that names a director, as it must have been printed: `VỊ. GIÁM ĐÓC` was `KT. …`."""
    found = _DIRECTOR.search(plain)
    before = plain[: found.start()] if found else ""
    if _DEPUTY.search(before):
        return "PHÓ GIÁM ĐỐC"
    cut_off = _CUT_OFF.match(before) is not None and before.rstrip().endswith((".", "-"))
    return "KT. GIÁM ĐỐC" if _STANDS_FOR.search(before) or cut_off else "GIÁM ĐỐC"


def deputy_of(authority: str) -> str | None:
    """The post of one who signs `KT. …`: the deputy of the head named (NĐ 30/2020, Điều 13), None when unknown."""
    head = authority.rpartition("KT. ")[2] if "KT. " in authority else ""
    if head in _HEADS:
        return f"PHÓ {head}"
    return "THỨ TRƯỞNG" if head == "BỘ TRƯỞNG" else None
