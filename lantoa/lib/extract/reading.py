"""Deciding what a file is by its content, and reading it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.lib.extract.archives import is_archive, read_archive
from lantoa.lib.extract.document import MOST_BYTES, Extracted, ExtractionError
from lantoa.lib.extract.envelopes import is_edxml, read_edxml
from lantoa.lib.extract.mail import read_mail
from lantoa.lib.extract.markup import read_html
from lantoa.lib.extract.outlook import is_message, read_msg
from lantoa.lib.extract.packed import Allowance, Package, check_length, parse_xml
from lantoa.lib.extract.portable import read_pdf
from lantoa.lib.extract.rich import read_rtf
from lantoa.lib.extract.scan import read_picture
from lantoa.lib.extract.word import main_part, read_docx
from lantoa.lib.extract.word97 import read_doc
from lantoa.lib.vietnamese import decode_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lantoa.lib.extract.choosing import Read

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"),
    (b"GIF8", "gif"), (b"BM", "bmp"),
)  # fmt: skip
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(rb"(?:[A-Za-z][\w-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2}")
_MAIL_FIELD = re.compile(
    rb"^(?:from|received|mime-version|message-id|return-path|delivered-to):", re.IGNORECASE | re.MULTILINE
)
_EMPTY = "Tệp rỗng. Hãy kiểm tra lại rồi gửi đúng tệp công văn."
_UNKNOWN = "Không nhận ra loại tệp. Hãy gửi DOCX, DOC, PDF, RTF, HTML, TXT, EML hoặc edXML, hay dán nội dung công văn."
_BROKEN = "Tệp bị hỏng, không đọc được. Hãy mở bằng phần mềm soạn thảo, lưu lại rồi gửi lại."
_TOO_LARGE = f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Hãy gửi riêng tệp công văn."
_TOO_MUCH = "Tệp cần quá nhiều bộ nhớ nên không được mở. Hãy gửi riêng phần công văn, hoặc dán nội dung công văn."
_NESTED = "Quá nhiều tệp lồng nhau. Hãy gửi riêng tệp công văn."
_NOT_A_FILE = "Đây không phải một tệp thông thường (thư mục, thiết bị hoặc ống dẫn). Hãy chọn đúng tệp công văn."
_UNOPENED = "Không mở được tệp. Hãy kiểm tra lại đường dẫn và quyền đọc."
_DEEPEST = 3
_UNKEPT = dict.fromkeys([*range(9), *range(0x0E, 0x20), 0x7F], " ") | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Signs no database or page takes, each replaced by one sign: offsets stay."""


def extract_text(path: Path) -> Extracted:
    """Read a file's text. Raises `ExtractionError` with a Vietnamese sentence: what is wrong and what to do."""
    return extract_bytes(load(path))


def load(path: Path, *, follows_links: bool = True) -> bytes:
    """Load a regular file of an allowed size: a pipe, device or folder is refused without waiting for it.

    Raises `ExtractionError`; with `follows_links` off also for a symbolic link, which may lead out of a watched folder.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follows_links else os.O_NOFOLLOW)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            data = file.read(MOST_BYTES + 1) if is_file else b""
    except IsADirectoryError as error:
        raise ExtractionError(_NOT_A_FILE) from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise ExtractionError(_UNOPENED) from error
    if not is_file:
        raise ExtractionError(_NOT_A_FILE)
    if len(data) > MOST_BYTES:
        raise ExtractionError(_TOO_LARGE)
    return data


def extract_bytes(data: bytes, *, depth: int = 0, allowance: Allowance | None = None) -> Extracted:
    """Read the text of a file given as bytes, as `extract_text` does.

    `depth` counts the containers around it, which share one `allowance` of bytes.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ExtractionError(_EMPTY)
    if len(data) > MOST_BYTES:
        raise ExtractionError(_TOO_LARGE)
    try:
        found = _reader_of(data, depth, allowance or Allowance())(data)
    except ExtractionError:
        raise
    except MemoryError as error:
        raise ExtractionError(_TOO_MUCH) from error
    except Exception as error:  # parsers of others raise what they happen to meet in a broken file
        raise ExtractionError(_BROKEN) from error
    check_length(len(found.text))
    if not found.text.strip():
        raise ExtractionError("Tệp không có chữ nào đọc được. Hãy dán nội dung công văn vào ô soạn.")
    return replace(found, text=found.text.translate(_UNKEPT))


def _reader_of(data: bytes, depth: int, allowance: Allowance) -> Callable[[bytes], Extracted]:
    def read(content: bytes, kind: str) -> Extracted:
        if kind == "html":
            return read_html(content)
        if depth >= _DEEPEST:
            raise ExtractionError(_NESTED)
        allowance.take(len(content))
        return extract_bytes(content, depth=depth + 1, allowance=allowance)

    is_webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    picture = "webp" if is_webp else next((kind for mark, kind in _PICTURES if data.startswith(mark)), None)
    if picture and (picture != "bmp" or b"\x00" in data[:64]):
        return lambda content: read_picture(content, picture)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return lambda content: _read_package(content, allowance, read)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return lambda content: read_msg(content, read) if is_message(content) else read_doc(content)
    if b"%PDF-" in data[:1024]:
        return read_pdf
    if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf"):
        return read_rtf
    return _text_reader(data, read)


def _text_reader(data: bytes, read: Read) -> Callable[[bytes], Extracted]:
    head = _plain_head(data)
    if _HTML.match(head):
        return read_html
    if head.startswith(b"<") and is_edxml(head):
        return lambda content: read_edxml(content, read)
    if head.startswith(b"<?xml") or b"<!ENTITY" in head:
        return _refuse_xml
    if _MAIL.match(head) and _MAIL_FIELD.search(head):
        return lambda content: read_mail(content, read)
    return _read_plain


def _plain_head(data: bytes) -> bytes:
    """The first signs of a text, those of UTF-16 as single bytes, for telling markup from text."""
    head = data[:12_000]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:40].count(0) > 10:
        head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:6_000]


def _read_package(data: bytes, allowance: Allowance, read: Read) -> Extracted:
    package = Package(data, allowance)
    if main_part(package):
        return read_docx(data, allowance)
    if is_archive(package):
        return read_archive(package, read)
    raise ExtractionError(_UNKNOWN)


def _refuse_xml(data: bytes) -> Extracted:
    parse_xml(data)
    raise ExtractionError(_UNKNOWN)


def _read_plain(data: bytes) -> Extracted:
    check_length(len(data) // 4)  # before the work of telling the encoding
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
