"""DOC (Word 97-2003): the text of the piece table ([MS-DOC], 2.4.1 Retrieving Text)."""

from __future__ import annotations

import io
import re
import struct

import olefile

from lantoa.lib.extract.document import Extracted, ExtractionError, joined_row
from lantoa.lib.vietnamese import mend_legacy, nfc

_BROKEN = "Tệp Word cũ (.doc) bị hỏng hoặc không phải văn bản. Hãy mở bằng Word, lưu thành DOCX rồi gửi lại."
_LOCKED = "Tệp Word được đặt mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi gửi lại."
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_PROPERTIES, _PIECES = 0x01, 0x02
_COMPRESSED = 0x40000000
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x15]*))?\x15")
_DROPPED = dict.fromkeys(map(ord, "\x00\x01\x02\x03\x04\x05\x08\x1f"), None)
_SIGNS = {0x0B: "\n", 0x0D: "\n", 0x1E: "-", 0xA0: " "}


def read_doc(data: bytes) -> Extracted:
    """Read the text of a Word 97-2003 file. Raises `ExtractionError` when it is locked, broken or no Word file."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            text = _text(container)
    except ExtractionError:
        raise
    except (OSError, struct.error, IndexError, ValueError) as error:  # olefile raises each on a broken container
        raise ExtractionError(_BROKEN) from error
    return _paged(nfc(mend_legacy(_readable(text))[0]))


def _text(container: olefile.OleFileIO) -> str:
    if not container.exists("WordDocument"):
        raise ExtractionError(_BROKEN)
    main = container.openstream("WordDocument").read()
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise ExtractionError(_LOCKED)
    table = container.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
    length = struct.unpack_from("<i", main, 0x4C)[0]
    start, size = struct.unpack_from("<II", main, 0x01A2)
    return "".join(_pieces(main, table[start : start + size]))[: max(0, length)]


def _pieces(main: bytes, clx: bytes) -> list[str]:
    at = 0
    while clx[at] == _PROPERTIES:
        at += 3 + struct.unpack_from("<h", clx, at + 1)[0]
    if clx[at] != _PIECES:
        raise ExtractionError(_BROKEN)
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    out = []
    for index in range(count):
        offset = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
        length = places[index + 1] - places[index]
        if offset & _COMPRESSED:
            begin = (offset & ~_COMPRESSED) // 2
            out.append(main[begin : begin + length].decode("cp1252", errors="replace"))
        else:
            out.append(main[offset : offset + 2 * length].decode("utf-16-le", errors="replace"))
    return out


def _readable(text: str) -> str:
    while _FIELD.search(text):
        text = _FIELD.sub(lambda found: found[1] or "", text)
    text = text.translate(_DROPPED).translate(_SIGNS)
    text = re.sub("[\x13\x14\x15]", "", text)
    return "".join(_rows(text))


def _rows(text: str) -> list[str]:
    """Put cells (each ended by 0x07, a row by one more) in reading order; text before a first cell is its own."""
    out: list[str] = []
    for run in re.split("\x07\x07", text):
        *cells, rest = run.split("\x07")
        if not cells:
            out.append(rest if run is text else _row_of_one(rest))
            continue
        before, _, first = cells[0].rpartition("\n\n") if cells[0].count("\n\n") else ("", "", cells[0])
        out += [before + "\n" if before else "", joined_row([first, *cells[1:], rest]) + "\n"]
    return out


def _row_of_one(rest: str) -> str:
    return rest if rest.endswith("\n") else rest + "\n"


def _paged(text: str) -> Extracted:
    starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\f")]
    return Extracted(text.replace("\f", "\n"), tuple(starts), "doc")
