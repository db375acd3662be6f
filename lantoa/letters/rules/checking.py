"""Checking a letter against the form fixed by Nghị định 30/2020/NĐ-CP.

Only what can be decided from a `Letter` read out of a file is checked here; sizes, margins and fonts are not
in it. Each rule names its source, and its messages are for the officer who has to mend the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from lantoa.letters.rules.letter import CitedDocument, Letter

Severity = Literal["error", "warning"]

TYPE_NAMES = {
    "cong_van": "Công văn", "ke_hoach": "Kế hoạch", "thong_bao": "Thông báo", "chi_thi": "Chỉ thị",
    "quyet_dinh": "Quyết định", "bao_cao": "Báo cáo", "to_trinh": "Tờ trình", "cong_dien": "Công điện",
    "huong_dan": "Hướng dẫn", "giay_moi": "Giấy mời", "chuong_trinh_phoi_hop": "Chương trình phối hợp",
    "other": "Văn bản",
}
"""The types of NĐ 30/2020, Điều 7, that a campaign meets."""

TYPE_ABBREVIATIONS = {
    "ke_hoach": "KH", "thong_bao": "TB", "chi_thi": "CT", "quyet_dinh": "QĐ", "bao_cao": "BC", "to_trinh": "TTr",
    "cong_dien": "CĐ", "huong_dan": "HD", "giay_moi": "GM", "chuong_trinh_phoi_hop": "CTr",
}
"""NĐ 30/2020, Phụ lục III, mục I. A công văn has none."""

OTHER_ABBREVIATIONS = frozenset({
    "NQ", "QC", "QyĐ", "TC", "PA", "ĐA", "DA", "BB", "HĐ", "BGN", "BTT", "GUQ", "GGT", "GNP", "PG", "PC", "PB",
})
"""The abbreviations of Phụ lục III for types outside our list."""

TITLED_TYPES = frozenset(TYPE_ABBREVIATIONS)
ADDRESSED_TYPES = frozenset({"cong_van", "to_trinh", "bao_cao", "cong_dien", "giay_moi", "other"})
"""Types that name their addressees above the text (Phụ lục I, mục II.9a; mẫu 1.6 and 1.7)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One departure from the decree: which rule, in which field, what is there and what should be."""

    rule: str
    where: str
    found: str
    expected: str
    severity: Severity
    source: str


Rule = Callable[[Letter], Iterator[Fault]]
