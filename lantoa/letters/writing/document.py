"""The official document as it will stand on paper: what is in each cell of the decree's drawing.

A `Letter` says what a letter means; an `OfficialDocument` says what is printed. `composing.compose` makes the
second from the first, and reports, plans and minutes of the campaign are built as `OfficialDocument` directly.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lantoa.letters.rules.checking import TITLED_TYPES, TYPE_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

Urgency = Literal["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"]

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_AGENCY_LINE = 23
"""Letters of bold 12 pt capitals that fit the left column of 63 mm."""
_ABSTRACT_LINE = 31
"""Letters of 13 pt text that fit the left column."""

_SIGNATURE_LINE = 29
"""Letters of bold 13 pt capitals that fit half the text's width."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One justified paragraph with its first line indented; the bases of a document are `italic`."""

    text: str
    italic: bool = False

    @property
    def parts(self) -> tuple[str, str]:
        """The words set bold at its start (`Điều 1.` of a decision), and the rest."""
        article = re.match(r"Điều \d+[a-zđ]?\.\s*", self.text)
        return (article[0], self.text[article.end():]) if article else ("", self.text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 0 a centred line (`QUYẾT ĐỊNH:`), 1 `I. HOA`, 2 `1. Đậm`, 3 `a) Nghiêng đậm`."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list with its own mark: `-`, `+`, `a)`."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its header is repeated on each page. `widths` are shares of the text width, equal when absent."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()

    def shares(self) -> tuple[float, ...]:
        """Column widths that add up to 1."""
        weights = self.widths or (1.0,) * len(self.header)
        return tuple(weight / sum(weights) for weight in weights)

    def is_number_column(self, column: int) -> bool:
        """Whether every filled cell of the column is a figure, which is then centred."""
        cells = [row[column] for row in self.rows if row[column]]
        return bool(cells) and all(re.fullmatch(r"[-+\d.,/% ]+", cell) for cell in cells)


Block: TypeAlias = Paragraph | Heading | Item | Table


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """One document in the form of NĐ 30/2020, Phụ lục I; names are as in a sentence, the writers set capitals."""

    doc_type: str
    issuer: str | None
    blocks: tuple[Block, ...]
    parent_issuer: str | None = None
    number: str | None = None
    symbol: str | None = None
    place: str | None = None
    date: dt.date | None = None
    date_partial: str | None = None
    subject: str | None = None
    addressees: tuple[str, ...] = ()
    attachments_line: str | None = None
    recipients_lines: tuple[str, ...] = ()
    signing_authority: str | None = None
    signer_title: str | None = None
    signer_name: str | None = None
    urgency: Urgency | None = None
    type_title: str | None = None
    """The name of a type outside the closed list (`Biên bản`), printed where the others print theirs."""
    annex: tuple[Block, ...] = ()
    """What follows the signature on pages of its own (NĐ 30/2020, Phụ lục I, mục II.9); a heading is its title."""

    @property
    def title(self) -> str | None:
        """The printed type name of a document that has one (ô 5a): `KẾ HOẠCH`; `None` for a công văn (ô 5b)."""
        if self.type_title:
            return self.type_title.upper()
        return TYPE_NAMES[self.doc_type].upper() if self.doc_type in TITLED_TYPES else None

    @property
    def heading_text(self) -> str:
        """One line that names the document: the title of the file, the window, the mail."""
        name = self.type_title or TYPE_NAMES.get(self.doc_type, "Văn bản")
        number = "/".join(part for part in (self.number, self.symbol) if part)
        return " ".join(part for part in (name, f"số {number}" if number else "", self.subject or "") if part)

    @property
    def agency_lines(self) -> tuple[str, ...]:
        """The issuer's name in capitals, broken where an office breaks it."""
        return agency_lines(short_issuer(self.issuer, self.parent_issuer) or "")

    @property
    def parent_lines(self) -> tuple[str, ...]:
        """The body above, in capitals (ô 2, first line), or nothing."""
        return agency_lines(self.parent_issuer or "")

    @property
    def number_parts(self) -> tuple[str | None, str]:
        """What stands after `Số:`: the number (`None`: a blank to fill) and the rest with its slash."""
        return self.number, f"/{self.symbol}" if self.symbol else ""

    @property
    def abstract_lines(self) -> tuple[str, ...]:
        """The `V/v …` lines under the number of a công văn; nothing for types that print their name."""
        if self.title or not self.subject:
            return ()
        stem = re.sub(r"^(V/v|Về việc)\s*:?\s*", "", self.subject, flags=re.IGNORECASE)
        return balanced_lines(f"V/v {stem}", _ABSTRACT_LINE)

    @property
    def date_parts(self) -> tuple[str | None, str | None, str | None]:
        """Day, month, year as printed; `None` is a blank to fill in by hand (NĐ 30/2020, Phụ lục I, mục II.4)."""
        if self.date:
            return (f"{self.date.day:02d}", month_text(self.date.month), f"{self.date.year:04d}")
        found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", self.date_partial or "")
        if not found:
            return None, None, None
        return None, month_text(int(found[2])) if found[2] else None, found[1]

    @property
    def printed_blocks(self) -> tuple[Block, ...]:
        """The body with the line of attachments at its end."""
        return (*self.blocks, Paragraph(self.attachments_line)) if self.attachments_line else self.blocks

    @property
    def call(self) -> str:
        """The words before the addressees: `Kính gửi:`, or those of a công điện and of an invitation."""
        if self.doc_type == "cong_dien":
            return f"{(self.issuer or '').upper()} điện:"
        if self.doc_type == "giay_moi":
            return f"{self.issuer or ''} trân trọng kính mời:"
        return "Kính gửi:"

    @property
    def authority_lines(self) -> tuple[str, ...]:
        """The signing form and the signer's title, one printed line each, in capitals (ô 7a)."""
        authority, title = self.signing_authority, self.signer_title
        said = bool(authority and title) and (authority or "").split(" / ")[-1] == title  # `Q. GIÁM ĐỐC` is both
        joined = " / ".join(part for part in (authority, None if said else title) if part)
        return tuple(line.strip().upper() for line in joined.split(" / ") if line.strip())

    @property
    def signature_lines(self) -> tuple[str, ...]:
        """The signing form broken for half the page's width, long titles in even lines."""
        return tuple(part for line in self.authority_lines for part in balanced_lines(line, _SIGNATURE_LINE))

    @property
    def dated(self) -> dt.date:
        """The day for file properties: the letter's, or the first day of what is known, so that bytes never vary."""
        if self.date:
            return self.date
        _, month, year = self.date_parts
        return dt.date(int(year or 2020), int(month or 1), 1)


def ended_list(lines: Sequence[str]) -> list[str]:
    """Return the lines with `;` after each and `.` after the last (NĐ 30/2020, Phụ lục I, mục II.9)."""
    bare = [re.sub(r"^[-–]\s*|[\s;.]+$", "", line) for line in lines]
    return [line + ("." if place == len(bare) else ";") for place, line in enumerate(bare, start=1)]


def month_text(month: int) -> str:
    """Return the month as printed: 1 and 2 take a leading zero, the others do not (NĐ 30/2020, Phụ lục I, mục II.4)."""
    return f"{month:02d}" if month < 3 else str(month)


def day_text(day: dt.date) -> str:
    """Return a date inside a sentence: `05/9/2024`."""
    return f"{day.day:02d}/{month_text(day.month)}/{day.year:04d}"


_UNIT = r"(?:thành phố|tỉnh|quận|huyện|thị xã|phường|xã|thị trấn|đặc khu)"


def short_issuer(issuer: str | None, parent: str | None) -> str | None:
    """Return the issuer without the place that the body above already names: `Sở Y tế` under `UBND tỉnh Kiên Giang`.

    Source: NĐ 30/2020, Phụ lục I, mục II.2 (the place belongs to the name of the superior body).
    """
    place = re.search(rf"\b{_UNIT} [^,]+$", parent or "", flags=re.IGNORECASE)
    if not issuer or not place:
        return issuer
    tail = " " + place[0]
    return issuer[: -len(tail)] if issuer.casefold().endswith(tail.casefold()) else issuer


_NAME_HEAD = re.compile(
    r"(?:(?:Ủy|Uỷ) ban nhân dân|Hội đồng nhân dân|Trường (?:Mầm non|Tiểu học|Trung học cơ sở|Trung học phổ thông))\b",
    flags=re.IGNORECASE,
)
"""Names that are broken after their kind: a committee apart from its place, a school apart from its name."""


def agency_lines(name: str) -> tuple[str, ...]:
    """Return an agency's name in capitals: a committee apart from its place, others in even lines."""
    head = _NAME_HEAD.match(name)
    if head and name[head.end():].strip():
        return (head[0].upper(), *balanced_lines(name[head.end():].strip().upper(), _AGENCY_LINE))
    return balanced_lines(name.upper(), _AGENCY_LINE)


def balanced_lines(text: str, limit: int) -> tuple[str, ...]:
    """`text` in as few lines of at most `limit` letters as it takes, the lines as even as words allow."""
    words = text.split()
    if not words:
        return ()
    best = _fill(words, limit)
    for width in range(limit - 1, max(map(len, words)) - 1, -1):
        tried = _fill(words, width)
        if len(tried) > len(best):
            break
        best = tried
    return best


def _fill(words: list[str], width: int) -> tuple[str, ...]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
