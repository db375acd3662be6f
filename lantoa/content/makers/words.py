"""The short fixed words of a form (`Questions and answers`, `Scan to read more`) in each language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.content.rules.piece import Piece

VIETNAMESE: Mapping[str, str] = {
    "absent": "Vắng nhà, sẽ quay lại",
    "attended": "Số người dự",
    "briefed_by": "Người phổ biến",
    "briefed_on": "Ngày phổ biến",
    "briefing": "Phổ biến nhanh trong 5 phút",
    "check": "Cùng xem và đánh dấu",
    "contact": "Cần giúp, xin hỏi",
    "done": "Đã xong",
    "greeting": "Kính gửi {name},",
    "household": "Hộ",
    "met": "Đã gặp, đã giải thích",
    "more": "Xem thêm",
    "more_help": "Cần giúp thêm",
    "notice": "Thông báo",
    "opt_out": "Không nhận thư này nữa",
    "outcome": "Kết quả",
    "page": "Trang {page}/{pages}",
    "points": "Việc cần làm",
    "posted_by": "Người dán",
    "posted_on": "Ngày dán",
    "qr_alt": "Mã QR dẫn tới trang {url}",
    "questions": "Hỏi và đáp",
    "reader": "quý vị",
    "remove_on": "Gỡ sau ngày",
    "remember": "Điều cần nhớ",
    "say": "Nói với người dân",
    "scan": "Quét mã để xem thêm:",
    "sources": "Căn cứ",
    "true_on": "Thông tin đúng đến ngày {date}.",
    "visited_on": "Ngày đến",
    "visitor": "Người đến",
    "warning": "Xin cảnh giác",
}

ENGLISH: Mapping[str, str] = {
    "absent": "Nobody home, will return",
    "attended": "People present",
    "briefed_by": "Briefed by",
    "briefed_on": "Briefed on",
    "briefing": "Five-minute briefing",
    "check": "Check together",
    "contact": "Need help? Ask",
    "done": "All done",
    "greeting": "Dear {name},",
    "household": "Household",
    "met": "Met and explained",
    "more": "Read more",
    "more_help": "Needs more help",
    "notice": "Notice",
    "opt_out": "Stop receiving these letters",
    "outcome": "Outcome",
    "page": "Page {page} of {pages}",
    "points": "What to do",
    "posted_by": "Posted by",
    "posted_on": "Posted on",
    "qr_alt": "QR code leading to {url}",
    "questions": "Questions and answers",
    "reader": "resident",
    "remove_on": "Remove after",
    "remember": "What to remember",
    "say": "Tell the resident",
    "scan": "Scan to read more:",
    "sources": "Sources",
    "true_on": "True as of {date}.",
    "visited_on": "Visited on",
    "visitor": "Visitor",
    "warning": "Beware",
}

_LANGUAGES: Mapping[str, Mapping[str, str]] = {"vi": VIETNAMESE, "en": ENGLISH}


def choose_words(piece: Piece) -> dict[str, str]:
    """The words of the forms in the piece's language, the piece's own labels before ours.

    Sentences about the piece (`true_on`, `qr_alt`) come filled in, and empty when the piece has
    nothing to fill them with. Raises `ValueError` for a language that is neither known nor fully labelled.
    """
    ours = _LANGUAGES.get(piece.language.split("-")[0], {})
    words = {**ours, **piece.labels}
    missing = sorted(VIETNAMESE.keys() - words.keys())
    if missing:
        raise ValueError(f"Chưa có chữ của biểu mẫu cho ngôn ngữ “{piece.language}”: {', '.join(missing)}.")
    words["qr_alt"] = words["qr_alt"].format(url=piece.url)
    words["true_on"] = words["true_on"].format(date=show_day(piece)) if piece.dated else ""
    return words


def show_day(piece: Piece) -> str:
    """The piece's date as its reader writes it: 05/9/2024 (NĐ 30/2020, Phụ lục I, II.4) or 5 September 2024."""
    day = dt.date.fromisoformat(piece.dated)
    if piece.language.startswith("en"):
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
