"""Deciding what a file is by its content, and reading it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.lib.extract.document import MOST_BYTES, Extracted, ExtractionError
from lantoa.lib.extract.envelopes import is_edxml, read_edxml, read_mail
from lantoa.lib.extract.markup import read_html, read_rtf
from lantoa.lib.extract.packed import Package, parse_xml
from lantoa.lib.extract.portable import read_pdf
from lantoa.lib.extract.scan import read_picture
from lantoa.lib.extract.word import read_docx
from lantoa.lib.extract.word97 import read_doc
from lantoa.lib.vietnamese import decode_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"),
    (b"GIF8", "gif"), (b"BM", "bmp"),
)  # fmt: skip
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(rb"(?:[A-Za-z][\w-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}")
_MAIL_FIELD = re.compile(
    rb"^(?:from|received|mime-version|message-id|return-path|delivered-to):", re.IGNORECASE | re.MULTILINE
)
_EMPTY = "Tệp rỗng. Hãy kiểm tra lại rồi gửi đúng tệp công văn."
_UNKNOWN = "Không nhận ra loại tệp. Hãy gửi DOCX, DOC, PDF, RTF, HTML, TXT, EML hoặc edXML, hay dán nội dung công văn."
_BROKEN = "Tệp bị hỏng, không đọc được. Hãy mở bằng phần mềm soạn thảo, lưu lại rồi gửi lại."
_TOO_LARGE = f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Hãy gửi riêng tệp công văn."
_DEEPEST = 2


def extract_text(path: Path) -> Extracted:
    """Read a file's text. Raises `ExtractionError` with a Vietnamese sentence: what is wrong and what to do."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ExtractionError(_TOO_LARGE)
        data = path.read_bytes()
    except OSError as error:
        raise ExtractionError("Không mở được tệp. Hãy kiểm tra lại đường dẫn và quyền đọc.") from error
    return extract_bytes(data)


def extract_bytes(data: bytes, *, depth: int = 0) -> Extracted:
    """Read the text of a file given as bytes, as `extract_text` does; `depth` counts the containers around it."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ExtractionError(_EMPTY)
    if len(data) > MOST_BYTES:
        raise ExtractionError(_TOO_LARGE)
    try:
        found = _reader_of(data, depth)(data)
    except ExtractionError:
        raise
    except (ValueError, LookupError, RecursionError, ArithmeticError) as error:  # what parsers meet in broken files
        raise ExtractionError(_BROKEN) from error
    if not found.text.strip():
        raise ExtractionError("Tệp không có chữ nào đọc được. Hãy dán nội dung công văn vào ô soạn.")
    return found


def _reader_of(data: bytes, depth: int) -> Callable[[bytes], Extracted]:
    picture = next((kind for mark, kind in _PICTURES if data.startswith(mark)), None)
    if picture and (picture != "bmp" or b"\x00" in data[:64]):
        return lambda content: read_picture(content, picture)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_package
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return read_doc
    if b"%PDF-" in data[:1024]:
        return read_pdf
    if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf"):
        return read_rtf
    return _text_reader(data, depth)


def _text_reader(data: bytes, depth: int) -> Callable[[bytes], Extracted]:
    def read(content: bytes, kind: str) -> Extracted:
        if kind == "html":
            return read_html(content)
        if depth >= _DEEPEST:
            raise ExtractionError("Quá nhiều tệp lồng nhau. Hãy gửi riêng tệp công văn.")
        return extract_bytes(content, depth=depth + 1)

    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.match(head[:4000]):
        return read_html
    if head.startswith(b"<") and is_edxml(head):
        return lambda content: read_edxml(content, read)
    if head.startswith(b"<?xml") or b"<!ENTITY" in head[:4000]:
        return _refuse_xml
    if _MAIL.match(head) and _MAIL_FIELD.search(head[:6000]):
        return lambda content: read_mail(content, read)
    return _read_plain


def _read_package(data: bytes) -> Extracted:
    package = Package(data)
    if "word/document.xml" not in package.names:
        raise ExtractionError(_UNKNOWN)
    return read_docx(data)


def _refuse_xml(data: bytes) -> Extracted:
    parse_xml(data)
    raise ExtractionError(_UNKNOWN)


def _read_plain(data: bytes) -> Extracted:
    try:
        text, encoding = decode_text(data)
    except ValueError as error:
        raise ExtractionError(_UNKNOWN) from error
    controls = sum(sign < " " and sign not in "\n\r\t\f\x0b" for sign in text[:4000])
    if controls > len(text[:4000]) // 50:
        raise ExtractionError(_UNKNOWN)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = (0, *(index + 1 for index, sign in enumerate(text) if sign == "\f" and index + 1 < len(text)))
    return Extracted(text, starts, "txt" if encoding.startswith("utf") else f"txt/{encoding}")
