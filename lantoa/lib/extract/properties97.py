"""What a DOC file says of its paragraphs and runs ([MS-DOC]): tables, lists, fonts, hidden and deleted text.

Properties lie in 512-byte pages (FKP, 2.9.50 and 2.9.175) found by file offset, and in the style sheet (2.9.271).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from lantoa.lib.extract.numbering import MOST_LEVELS, Level, Numbering

_PAGE = 512
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_FORMS = {0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 22: "decimalZero",
          23: "bullet", 255: "none"}  # fmt: skip
_MOST_STYLES = 4_000
_MOST_LISTS = 4_000
_MOST_PAGES = 60_000
_NUL = b"\x00\x00"
_DELETED, _VANISHED, _FONT, _SYMBOL, _RUN_STYLE = 0x0800, 0x083C, 0x4A4F, 0x6A09, 0x4A30
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_LIST, _LIST_LEVEL = 0x460B, 0x260A


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """Properties of a paragraph: its style, its place in tables, its list (0: none) and level."""

    style: int = 0
    in_table: bool = False
    ends_row: bool = False
    depth: int = 0
    ends_inner_cell: bool = False
    ends_inner_row: bool = False
    list_number: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class RunLook:
    """Properties of a run: font (an index), hidden, deleted under review, or the code of a symbol it shows."""

    font: int | None = None
    hidden: bool | None = None
    deleted: bool = False
    symbol: int | None = None


@dataclass(slots=True)
class Style97:
    """One style: what it is based on, and its paragraph and run properties."""

    base: int
    paragraph: ParagraphLook = field(default_factory=ParagraphLook)
    run: RunLook = field(default_factory=RunLook)


@dataclass(slots=True)
class Runs:
    """Properties by file offset: the runs begin at `starts`, in order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)

    def at(self, offset: int) -> tuple[bytes, int]:
        """Give the properties at an offset, and where they end."""
        place = bisect_right(self.starts, offset) - 1
        if place >= 0 and offset < self.ends[place]:
            return self.values[place], self.ends[place]
        follows = self.starts[place + 1] if place + 1 < len(self.starts) else 1 << 40
        return b"", follows


def read_runs(main: bytes, plc: bytes, *, of_paragraphs: bool) -> Runs:
    """Read the property pages a bin table (PlcBtePapx, PlcBteChpx) points to; pages out of the file are left out."""
    count = max(0, (len(plc) - 4) // 8)
    found: list[tuple[int, int, bytes]] = []
    seen: set[int] = set()
    for index in range(min(count, _MOST_PAGES)):
        at = (struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF) * _PAGE
        page = main[at : at + _PAGE]
        if len(page) == _PAGE and at not in seen:
            seen.add(at)
            found += _page(page, of_paragraphs=of_paragraphs)
    found.sort(key=lambda run: run[0])
    return Runs([run[0] for run in found], [run[1] for run in found], [run[2] for run in found])


def _page(page: bytes, *, of_paragraphs: bool) -> list[tuple[int, int, bytes]]:
    count = page[_PAGE - 1]
    width = 13 if of_paragraphs else 1
    if 4 * (count + 1) + width * count > _PAGE - 1:
        return []
    places = struct.unpack_from(f"<{count + 1}I", page)
    out = []
    for index in range(count):
        at = page[4 * (count + 1) + width * index] * 2
        value = b""
        if at and of_paragraphs:
            size = page[at] * 2 - 1 if page[at] else page[at + 1] * 2
            begin = at + (1 if page[at] else 2)
            value = page[begin : begin + max(0, size)]
        elif at:
            value = page[at + 1 : at + 1 + page[at]]
        out.append((places[index], places[index + 1], value))
    return out


def _changes(data: bytes, at: int = 0) -> list[tuple[int, int]]:
    """Split a list of property changes (Prl, 2.9.212) into code and value, long values as 0."""
    out = []
    while at + 2 < len(data):
        code = struct.unpack_from("<H", data, at)[0]
        at += 2
        kind = code >> 13
        if kind == 6:
            is_long = code in {0xD608, 0xD606} and at + 1 < len(data)
            size = struct.unpack_from("<H", data, at)[0] + 1 if is_long else data[at] + 1
            out.append((code, 0))
        else:
            size = _SIZES[kind]
            out.append((code, int.from_bytes(data[at : at + size], "little")))
        at += size
    return out


def paragraph_look(properties: bytes, start: ParagraphLook) -> ParagraphLook:
    """Apply paragraph property changes."""
    values: dict[str, object] = {}
    for code, value in _changes(properties):
        if code == _IN_TABLE:
            values["in_table"] = bool(value)
        elif code == _ROW_END:
            values["ends_row"] = bool(value)
        elif code == _DEPTH:
            values["depth"] = min(value, 9)
        elif code == _INNER_CELL:
            values["ends_inner_cell"] = bool(value)
        elif code == _INNER_ROW_END:
            values["ends_inner_row"] = bool(value)
        elif code == _LIST:
            values["list_number"] = value
        elif code == _LIST_LEVEL:
            values["level"] = value
    return replace(start, **values) if values else start  # type: ignore[arg-type]  # each value fits its field


def run_look(properties: bytes, start: RunLook, styles: list[Style97]) -> RunLook:
    """Apply run property changes, those of a character style first."""
    changes = _changes(properties)
    for code, value in changes:
        if code == _RUN_STYLE and value < len(styles):
            other = styles[value].run
            start = RunLook(
                other.font if other.font is not None else start.font,
                other.hidden if other.hidden is not None else start.hidden,
            )
    for code, value in changes:
        if code == _FONT:
            start = replace(start, font=value)
        elif code == _VANISHED:
            start = replace(start, hidden=bool(value & 1))
        elif code == _DELETED:
            start = replace(start, deleted=bool(value))
        elif code == _SYMBOL:
            start = replace(start, symbol=value >> 16)
    return start


def read_styles97(sheet: bytes) -> list[Style97]:
    """Read the style sheet, each style with what it takes from those it is based on."""
    if len(sheet) < 6:
        return []
    header, count, width = struct.unpack_from("<3H", sheet)
    at, styles = 2 + header, list[Style97]()
    while at + 2 <= len(sheet) and len(styles) < min(count, _MOST_STYLES):
        size = struct.unpack_from("<H", sheet, at)[0]
        try:
            styles.append(_style(sheet[at + 2 : at + 2 + size], width))
        except (struct.error, IndexError):
            styles.append(Style97(0xFFF))
        at += 2 + size + size % 2
    return [_resolved(styles, place) for place in range(len(styles))]


def _style(data: bytes, width: int) -> Style97:
    if len(data) < width + 4 or width < 8:
        return Style97(0xFFF)
    kind, base = data[2] & 0xF, struct.unpack_from("<H", data, 2)[0] >> 4
    at = width + 2 + 2 * struct.unpack_from("<H", data, width)[0] + 2
    parts: list[bytes] = []
    while at + 2 <= len(data) and len(parts) < 2:
        size = struct.unpack_from("<H", data, at)[0]
        parts.append(data[at + 2 : at + 2 + size])
        at += 2 + size + size % 2
    if kind == 1:
        paragraph = paragraph_look(parts[0][2:] if parts else b"", ParagraphLook())
        return Style97(base, paragraph, run_look(parts[1] if len(parts) > 1 else b"", RunLook(), []))
    return Style97(base, run=run_look(parts[0] if parts and kind == 2 else b"", RunLook(), []))


def _resolved(styles: list[Style97], place: int) -> Style97:
    style, seen = styles[place], {place}
    paragraph, run, base = style.paragraph, style.run, style.base
    while base < len(styles) and base not in seen:
        seen.add(base)
        other = styles[base]
        number = paragraph.list_number if paragraph.list_number is not None else other.paragraph.list_number
        level = paragraph.level if paragraph.level is not None else other.paragraph.level
        paragraph = replace(paragraph, list_number=number, level=level)
        run = RunLook(
            run.font if run.font is not None else other.run.font,
            run.hidden if run.hidden is not None else other.run.hidden,
        )
        base = other.base
    return Style97(0xFFF, replace(paragraph, style=place), run)


def read_fonts97(table: bytes) -> list[str]:
    """Read the names of the fonts (SttbfFfn, 2.9.286)."""
    out = list[str]()
    at = 4
    while at < len(table):
        size = table[at] + 1
        name = table[at + 40 : at + size]
        end = next((place for place in range(0, len(name) - 1, 2) if name[place : place + 2] == _NUL), len(name))
        out.append(name[:end].decode("utf-16-le", "replace"))
        at += size
    return out


def read_lists97(table: bytes, lists_at: tuple[int, int], uses_at: tuple[int, int]) -> Numbering:
    """Read the list definitions (PlfLst, whose levels follow it) and their uses (PlfLfo); a broken part ends it."""
    out = Numbering()
    try:
        definitions = _definitions(table, *lists_at)
        _uses(table, *uses_at, definitions, out)
    except (struct.error, IndexError):
        pass
    return out


def _definitions(table: bytes, start: int, size: int) -> dict[int, dict[int, Level]]:
    if size < 2:
        return {}
    count = min(struct.unpack_from("<H", table, start)[0], _MOST_LISTS)
    at, out = start + 2 + 28 * count, dict[int, dict[int, Level]]()
    for index in range(count):
        begin = start + 2 + 28 * index
        levels = dict[int, Level]()
        for depth in range(1 if table[begin + 26] & 1 else MOST_LEVELS):
            levels[depth], at = _level(table, at)
        out[struct.unpack_from("<i", table, begin)[0]] = levels
    return out


def _level(table: bytes, at: int) -> tuple[Level, int]:
    start, form, flags = struct.unpack_from("<iBB", table, at)
    runs, paragraphs, limit = struct.unpack_from("<3B", table, at + 24)
    at += 28 + runs + paragraphs
    length = struct.unpack_from("<H", table, at)[0]
    signs = struct.unpack_from(f"<{length}H", table, at + 2)
    pattern = "".join(f"%{sign + 1}" if sign < MOST_LEVELS else chr(sign) for sign in signs)
    restarts = limit if flags & 0x08 else None
    name = _FORMS.get(form, "decimal")
    return Level(name, pattern, start, is_legal=bool(flags & 0x04), restarts_after=restarts), at + 2 + 2 * length


def _uses(table: bytes, start: int, size: int, definitions: dict[int, dict[int, Level]], out: Numbering) -> None:
    if size < 4:
        return
    count = min(struct.unpack_from("<I", table, start)[0], _MOST_LISTS)
    at = start + 4 + 16 * count
    for index in range(count):
        identity = struct.unpack_from("<i", table, start + 4 + 16 * index)[0]
        name = str(index + 1)
        out.levels[name], out.sources[name] = dict(definitions.get(identity, {})), str(identity)
    for index in range(count):
        at += 4
        for _ in range(table[start + 4 + 16 * index + 12]):
            begin, flags = struct.unpack_from("<iI", table, at)
            at += 8
            depth = flags & 0xF
            if flags & 0x20:
                out.levels[str(index + 1)][depth], at = _level(table, at)
            if flags & 0x10:
                out.restarts.setdefault(str(index + 1), {})[depth] = begin
