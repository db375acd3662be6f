r"""RTF (Rich Text Format 1.9.1), read as Word shows it: tables row by row, printed list numbers, no hidden text.

Text comes as bytes in the code page of its font, or as Unicode escapes followed by a stand-in that is skipped. The
printed number of a list item stands in the file, in a group of its own (`\listtext`, `\pntext`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from lantoa.lib.extract.document import Extracted, ExtractionError, joined_row
from lantoa.lib.extract.fonts import encoding_of, is_symbol_font, marked, settled, symbol
from lantoa.lib.extract.stories import Stories

_BROKEN = "Tệp RTF bị hỏng. Hãy mở bằng Word, lưu thành DOCX rồi gửi lại."
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_MOST_DEPTH = 5_000
_CODE_PAGES = {
    0: "cp1252", 2: "latin-1", 77: "mac-roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_SIGNS = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "endash": "–",
    "emdash": "—", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "page": "\f", "column": "\n",
}  # fmt: skip
_ESCAPES = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_SILENT = {
    "colortbl", "stylesheet", "info", "pict", "fldinst", "annotation", "atnid", "atnauthor", "themedata", "listtable",
    "listoverridetable", "shprslt", "nonesttables", "upr", "sp", "objdata", "objclass", "xe", "tc", "rxe", "private",
    "nonshppict", "revtbl", "filetbl", "listpicture", "datafield", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc",
}  # fmt: skip
_HEARD = {"shpinst", "shptxt", "ud", "fldrslt", "shppict", "nesttableprops"}
"""Destinations marked as ones an old reader may skip (`\\*`), which hold text or what parts it."""
_STORIES = {
    "header": "header", "headerf": "header", "headerr": "header", "headerl": "header", "footer": "footer",
    "footerf": "footer", "footerr": "footer", "footerl": "footer", "footnote": "note",
}  # fmt: skip
_LABELS = {"listtext", "pntext"}


@dataclass(frozen=True, slots=True)
class _Run:
    """How the text of a group is to be taken; an inner group begins with that of the outer."""

    font: int = 0
    skip: int = 1
    silent: bool = False
    sealed: bool = False
    """Whether no group inside may be heard."""
    hidden: bool = False
    deleted: bool = False
    nested: bool = False
    target: str = ""


@dataclass(slots=True)
class _Font:
    name: str = ""
    charset: int = 1


@dataclass(slots=True)
class _Reader:
    run: _Run = field(default_factory=_Run)
    outer: list[_Run] = field(default_factory=list)
    fonts: dict[int, _Font] = field(default_factory=dict)
    code_page: str = "cp1252"
    default_font: int = 0
    stories: Stories = field(default_factory=Stories)
    line: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    cell: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    waiting: list[tuple[list[str], list[str], list[str]]] = field(default_factory=list)
    in_table: bool = False
    starred: bool = False
    to_skip: int = 0

    def read(self, data: bytes) -> None:
        """Walk the file from token to token."""
        at = 0
        while found := _TOKEN.match(data, at):
            at = found.end()
            word, number, code, sign, brace, text = found.groups()
            if word is not None:
                if word == b"bin":
                    at += max(0, int(number or 0))
                else:
                    self._flush_unless_text(word)
                    self._word(word.decode(), int(number) if number else None)
            elif code is not None:
                self._bytes(bytes([int(code, 16)]))
            elif text is not None:
                self._bytes(text)
            elif brace is not None:
                self._brace(brace)
            elif sign is not None:
                self._sign(sign)
        self._flush()
        self._end_table()
        self._end_line()

    def _flush_unless_text(self, word: bytes) -> None:
        if self.pending and word != b"u":
            self._flush()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip = 0
        self.starred = False
        if brace == b"{":
            if len(self.outer) >= _MOST_DEPTH:
                raise ExtractionError(_BROKEN)
            self.outer.append(self.run)
            return
        left = self.run
        self.run = self.outer.pop() if self.outer else _Run()
        if left.target and left.target != self.run.target:
            self._leave(left.target)

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.starred = True
            return
        self._flush()
        if sign in b"\r\n":
            self._word("par", None)
        else:
            self._put(_ESCAPES.get(sign, ""))

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word in _STORIES or word in _LABELS or word == "fonttbl":
            self._enter(_STORIES.get(word, word))
        elif (starred and word not in _HEARD) or word in _SILENT:
            self.run = replace(self.run, silent=True, sealed=self.run.sealed or word != "upr")
        elif word in _HEARD:
            self.run = replace(self.run, silent=self.run.sealed or word == "nesttableprops")
            if word == "nesttableprops":
                self._end_inner_row()
        elif word == "u" and number is not None:
            self._unicode(number)
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        else:
            self._format(word, number)

    def _format(self, word: str, number: int | None) -> None:
        on = number != 0
        if word == "f":
            self.run = replace(self.run, font=number or 0)
        elif word == "fcharset" and self.run.target == "fonttbl":
            self.fonts.setdefault(self.run.font, _Font()).charset = number or 0
        elif word == "uc":
            self.run = replace(self.run, skip=max(0, min(number if number is not None else 1, 16)))
        elif word == "v":
            self.run = replace(self.run, hidden=on)
        elif word == "deleted":
            self.run = replace(self.run, deleted=on)
        elif word == "plain":
            self.run = replace(self.run, font=self.default_font, hidden=False, deleted=False)
        elif word == "ansicpg":
            self.code_page = _known(f"cp{number}")
        elif word == "deff":
            self.default_font = number or 0
            self.run = replace(self.run, font=self.default_font)
        elif not self.run.silent:
            self._layout(word, number)

    def _layout(self, word: str, number: int | None) -> None:
        if word in {"par", "sect"}:
            self._end_paragraph()
        elif word == "pard":
            self.in_table = False
            self.run = replace(self.run, nested=False)
        elif word == "intbl":
            self.in_table = True
        elif word == "itap":
            self.run = replace(self.run, nested=(number or 0) > 1)
        elif word == "cell":
            self.cells.append("\n".join([*self.cell, self._line()]))
            self.cell = []
        elif word == "nestcell":
            self.inner.append(self._line())
        elif word == "nestrow":
            self._end_inner_row()
        elif word == "row":
            self._end_table()

    def _bytes(self, text: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(text))
            self.to_skip -= skipped
            text = text[skipped:]
        if text and not self.run.silent:
            self.pending += text

    def _flush(self) -> None:
        if not self.pending:
            return
        data, self.pending = bytes(self.pending), bytearray()
        if self.run.target == "fonttbl":
            self.fonts.setdefault(self.run.font, _Font()).name += data.decode("latin-1").split(";")[0]
            return
        font = self.fonts.get(self.run.font, _Font())
        if is_symbol_font(font.name):
            self._put("".join(symbol(code) if code > 32 else " " for code in data))
        elif encoding_of(font.name):
            self._put(data.decode("latin-1"))
        else:
            page = self.code_page if font.charset == 1 else _CODE_PAGES.get(font.charset, self.code_page)
            self._put(data.decode(page, "replace"))

    def _unicode(self, number: int) -> None:
        self._flush()
        self.to_skip = self.run.skip
        code = number + 0x10000 if number < 0 else number
        if 0xF000 <= code <= 0xF0FF and is_symbol_font(self.fonts.get(self.run.font, _Font()).name):
            self._put(symbol(code))
        elif 0 < code < 0x10000:
            self._put(chr(code))

    def _put(self, text: str) -> None:
        run = self.run
        if text and not (run.silent or run.hidden or run.deleted or run.target == "fonttbl"):
            self.line.append(marked(text, self.fonts.get(run.font, _Font()).name))

    def _line(self) -> str:
        text, self.line = "".join(self.line), []
        return text

    def _end_paragraph(self) -> None:
        if self.in_table:
            self.cell.append(self._line())
        else:
            self._end_table()
            self.stories.add(self._line())

    def _end_line(self) -> None:
        if self.line:
            self.stories.add(self._line())

    def _end_inner_row(self) -> None:
        if self.inner:
            self.cell.append(joined_row(self.inner))
            self.inner = []

    def _end_table(self) -> None:
        self._end_inner_row()
        if self.cell:
            self.cells.append("\n".join(self.cell))
        row = joined_row(self.cells)
        self.cell, self.cells = [], []
        if row:
            self.stories.add(row)

    def _enter(self, target: str) -> None:
        self.run = replace(self.run, target=target)
        if target in {"header", "footer", "note"}:
            self.waiting.append((self.line, self.cell, self.cells))
            self.line, self.cell, self.cells = [], [], []
            self.stories.begin(target)
        elif target != "fonttbl":
            self.waiting.append((self.line, [], []))
            self.line = []

    def _leave(self, target: str) -> None:
        if target == "fonttbl" or not self.waiting:
            return
        if target in _LABELS:
            label = self._line().strip()
            self.line = [*self.waiting.pop()[0], printed_label(label)]
            return
        self._end_table()
        self._end_line()
        self.stories.end()
        self.line, self.cell, self.cells = self.waiting.pop()


def printed_label(label: str) -> str:
    """Give a list's printed number with its space; a bullet, whatever sign it is, as a dash, `+` as itself."""
    bare = label.strip().strip("\ufdd0\ufdd1\ufdd2\ufddf")
    if not bare:
        return ""
    return label + " " if any(sign.isalnum() for sign in bare) or bare == "+" else "- "


def _known(page: str) -> str:
    try:
        return codecs.lookup(page).name
    except LookupError:
        return "cp1252"


def read_rtf(data: bytes) -> Extracted:
    """Read the text of an RTF file. Raises `ExtractionError` when it is no RTF or is nested beyond sense."""
    reader = _Reader()
    reader.read(data.lstrip(b"\xef\xbb\xbf \r\n"))
    text = settled(reader.stories.text())
    starts = (0, *(index + 1 for index, sign in enumerate(text) if sign == "\f"))
    return Extracted(text.replace("\f", "\n"), starts, "rtf")
