"""The trade's wording: how an office names a channel, cites a document and words a deadline."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from lantoa.letters.rules.channels import read_channels
from lantoa.letters.writing.document import day_text
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.letter import CitedDocument

CHANNEL_WORDING = {
    "portal": "Cổng thông tin điện tử",
    "fanpage": "fanpage",
    "social_network": "mạng xã hội",
    "zalo": "Zalo",
    "grassroots_information_system": "hệ thống thông tin cơ sở",
    "loudspeaker": "loa truyền thanh",
    "press": "báo chí",
    "tv_radio": "phát thanh, truyền hình",
    "community_digital_team": "Tổ công nghệ số cộng đồng",
    "project06_team": "Tổ công tác Đề án 06",
    "staff_meeting": "họp cơ quan, đơn vị",
    "residents_meeting": "họp tổ dân phố",
    "sms": "tin nhắn SMS",
    "poster_banner": "pa nô, áp phích, băng rôn",
    "leaflet": "tờ rơi",
    "door_to_door": "đến từng nhà",
    "school": "sinh hoạt tại các trường học",
    "electronic_board": "bảng điện tử",
    "hotline": "đường dây nóng",
}
"""One phrase a channel, used when the order itself does not name it. `other` has no name to print."""

_NAMES_BY_CODE = (
    (r"(?:^|/)QH\d+$", "Luật"), (r"NĐ-CP$", "Nghị định"),
    (r"/TTLT-", "Thông tư liên tịch"), (r"/TT-", "Thông tư"),
    (r"/NQ-|^NQ-", "Nghị quyết"), (r"/QĐ-", "Quyết định"), (r"/CT-", "Chỉ thị"), (r"/KH-", "Kế hoạch"),
    (r"/TB-", "Thông báo"), (r"/HD-", "Hướng dẫn"), (r"/BC-", "Báo cáo"), (r"/TTr-", "Tờ trình"),
    (r"/CĐ-", "Công điện"), (r"/CTr-", "Chương trình"), (r"/PA-", "Phương án"), (r"/ĐA-", "Đề án"),
)


def cited_type(number_symbol: str | None) -> str:
    """Return the type name that a number and symbol show (`1801/STTTT-BCVT` is a Công văn); NĐ 30/2020, Phụ lục III."""
    for pattern, name in _NAMES_BY_CODE:
        if re.search(pattern, number_symbol or ""):
            return name
    return "Công văn"


def cite(cited: CitedDocument) -> str:
    """Return the first citation of a document: type, number, date, issuer, abstract (Phụ lục I, mục II.6)."""
    parts = [cited_type(cited.number_symbol)]
    if cited.number_symbol:
        parts.append(f"số {cited.number_symbol}")
    if cited.date:
        parts.append(f"ngày {written_date(cited.date)}")
    if cited.issuer:
        parts.append(f"của {cited.issuer}")
    if cited.title:
        parts.append(cited.title)
    return " ".join(parts)


def written_date(value: str) -> str:
    """Return an ISO date as a letter prints it (`14/8/2024`); other words as they are."""
    day = as_date(value)
    return day_text(day) if day else value


def as_date(value: str) -> dt.date | None:
    """Return the date in `YYYY-MM-DD`, or `None`."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def worded_deadline(deadline: str) -> str:
    """`trước ngày 20/9/2024`, a period `từ ngày … đến hết ngày …`, or the letter's own words."""
    first, slash, last = deadline.partition("/")
    begins, ends = as_date(first), as_date(last)
    if slash and begins and ends:
        return f"từ ngày {day_text(begins)} đến hết ngày {day_text(ends)}"
    day = as_date(deadline)
    return f"trước ngày {day_text(day)}" if day else deadline


def channels_to_name(summary: str, channels: Sequence[str]) -> list[str]:
    """Return the wording of those `channels` that `summary` leaves out, in their order."""
    named = read_channels(folded(summary))
    return [CHANNEL_WORDING[kind] for kind in channels if kind in CHANNEL_WORDING and kind not in named]


def lower_first(text: str) -> str:
    """`text` with a small first letter, unless it opens with a name in capitals (`UBND`)."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]
