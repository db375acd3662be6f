"""Containers of other files: e-mail (RFC 5322) and the edXML envelope (QCVN 102:2016/BTTTT)."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from lantoa.lib.extract.document import MOST_BYTES, Attachment, Extracted, ExtractionError
from lantoa.lib.extract.packed import parse_xml
from lantoa.lib.vietnamese import decode_text, folded, nfc

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    Read = Callable[[bytes, str], Extracted]

_MARKS = re.compile(r"kinh gui|cong hoa xa hoi|noi nhan")
_MOST_FILES = 50
_NO_TEXT = "Gói văn bản không có tệp nào đọc được. Hãy gửi riêng tệp công văn."


def read_mail(data: bytes, read: Read) -> Extracted:
    """Read an e-mail: the body, or the first attached letter when the body is only a covering note."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    files: list[Attachment] = []
    for part in message.iter_attachments():
        if len(files) >= _MOST_FILES:
            break
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            files.append(_attachment(part.get_filename() or "", content, read))
    return _chosen(_mail_body(message, read), files, "eml")


def _mail_body(message: EmailMessage, read: Read) -> str:
    part = message.get_body(("plain", "html"))
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes):
        return ""
    if part.get_content_type() == "text/html":
        return read(content, "html").text
    try:
        return nfc(content.decode(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return _decoded(content)


def _decoded(content: bytes) -> str:
    try:
        return decode_text(content)[0]
    except ValueError:
        return ""


def _attachment(name: str, data: bytes, read: Read) -> Attachment:
    try:
        inner = read(data, "")
    except ExtractionError:
        return Attachment(name, data)
    return Attachment(name, data, inner.format, inner.text)


def _chosen(text: str, files: list[Attachment], kind: str) -> Extracted:
    """The letter among a body and its files: the body when it bears the marks of a letter, else the file that does."""
    candidates = [file.text for file in files if file.text and _MARKS.search(folded(file.text))]
    readable = [file.text for file in files if file.text]
    if not _MARKS.search(folded(text)):
        text = (candidates or ([] if text.strip() else readable) or [text])[0]
    if not text.strip():
        raise ExtractionError(_NO_TEXT)
    return Extracted(text, (0,), kind, tuple(files))


def is_edxml(data: bytes) -> bool:
    """Whether XML is an edXML envelope, by the name of its root."""
    head = data[:4000].lower()
    return b"edxml" in head and b"<" in head


def read_edxml(data: bytes, read: Read) -> Extracted:
    """Read the files inside an edXML envelope; the text is that of the letter among them."""
    root = parse_xml(data)
    files: list[Attachment] = []
    for node in root.iter():
        if not isinstance(node.tag, str) or etree.QName(node).localname != "Attachment":
            continue
        parts = {etree.QName(child).localname: child.text or "" for child in node if isinstance(child.tag, str)}
        content = _base64(parts.get("ContentTransferEncoded") or parts.get("Content") or "")
        if content and len(files) < _MOST_FILES:
            files.append(_attachment(parts.get("AttachmentName", "").strip(), content, read))
    return replace(_chosen("", files, "edxml"), format="edxml")


def _base64(text: str) -> bytes:
    if len(text) > MOST_BYTES * 2:
        return b""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
