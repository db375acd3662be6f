"""E-mail (RFC 5322, MIME): the letter is the body or one of the files, however deep it was forwarded."""

from __future__ import annotations

import codecs
import email
import email.policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import collapse_rfc2231_value
from typing import TYPE_CHECKING

from lantoa.lib.extract.choosing import Part, choose_letter
from lantoa.lib.extract.document import ExtractionError
from lantoa.lib.extract.packed import check_length
from lantoa.lib.vietnamese import decode_text, mend_legacy, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from lantoa.lib.extract.choosing import Read
    from lantoa.lib.extract.document import Extracted

_LONGEST_HEADER = 8_000
_MOST_PARTS = 400
_CHARSETS = frozenset(
    ("ascii", "utf-8", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "iso8859-15", "cp1252", "cp1258",
     "big5", "gb2312", "gbk", "gb18030")
)  # fmt: skip
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_TANGLED = "Thư lồng quá nhiều phần nên không được mở. Hãy gửi riêng tệp công văn."


def read_mail(data: bytes, read: Read) -> Extracted:
    """Read an e-mail: the body when it is the letter, else the attached file that bears most marks of one.

    Raises `ExtractionError` when neither has text.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        leaves = list(_leaves(message))
    except RecursionError as error:
        raise ExtractionError(_TANGLED) from error
    plain = [part for part in leaves if _is_body(part, "text/plain")]
    pages = [part for part in leaves if _is_body(part, "text/html")]
    body = next((text for text in map(_plain_text, plain) if text.strip()), "")
    for page in pages:
        body = body or _page_text(page, read)
    taken = {id(part) for part in (*plain[:1], *pages)}
    files = (_file(part) for part in leaves if id(part) not in taken)
    return choose_letter(body, (part for part in files if part.data), "eml", read)


def _leaves(message: Message) -> Iterator[Message]:
    """Give the parts that hold content, in order; a forwarded message is one part, opened when it is read."""
    queue, count = [message], 0
    while queue:
        part = queue.pop()
        count += 1
        if count > _MOST_PARTS:
            raise ExtractionError(_TANGLED)
        _tidy(part)
        content = part.get_payload()
        if isinstance(content, list) and part.get_content_type() != "message/rfc822":
            queue += [inner for inner in reversed(content) if not isinstance(inner, str)]
        elif part.get_content_type() not in _SIGNATURES:
            yield part


def _tidy(part: Message) -> None:
    """Drop headers too long to be meant, and read those written in bytes no header may hold, as some mailers do."""
    for name, value in list(part.raw_items()):
        if name.casefold() not in {"content-type", "content-disposition"}:
            continue
        if len(value) > _LONGEST_HEADER:
            del part[name]
        elif not value.isascii():
            part.replace_header(name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _is_body(part: Message, kind: str) -> bool:
    is_file = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return part.get_content_type() == kind and not is_file


def _file(part: Message) -> Part:
    content = part.get_payload()
    if isinstance(content, list):  # a message in a message
        inner = content[0] if content else ""
        return Part(_name(part) or "thu.eml", b"" if isinstance(inner, str) else inner.as_bytes())
    return Part(_name(part), _content(part))


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    """Decode the name of a file (RFC 2231), also where a mailer wrote it as a coded word (RFC 2047) or raw bytes."""
    stated = part.get_param("filename", None, "content-disposition") or part.get_param("name", None, "content-type")
    if isinstance(stated, tuple):
        charset, language, raw = stated
        stated = (charset if _charset(charset) else "utf-8", language, raw)
    name = collapse_rfc2231_value(stated or "", errors="replace")
    if "=?" in name:
        try:
            pieces = decode_header(name.replace("\r\n", "").replace("\n", ""))
        except (HeaderParseError, ValueError):
            return name
        name = "".join(
            piece if isinstance(piece, str) else _decoded(piece, charset or "") for piece, charset in pieces
        )
    return nfc(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _plain_text(part: Message) -> str:
    return _decoded(_content(part), part.get_content_charset("")).replace("\r\n", "\n")


def _page_text(part: Message, read: Read) -> str:
    try:
        text = _decoded(_content(part), part.get_content_charset(""))
        return read(text.encode("utf-8", "replace"), "html").text if text.strip() else ""
    except ExtractionError:
        return ""


def _decoded(content: bytes, charset: str) -> str:
    """Decode text by the charset it states, by what it looks like when that is not so."""
    check_length(len(content) // 4)
    name = _charset(charset)
    if name and name != "ascii":
        try:
            return nfc(mend_legacy(content.decode(name))[0])
        except UnicodeDecodeError:
            pass
    try:
        return decode_text(content)[0] if content else ""
    except ValueError:
        return nfc(content.decode("utf-8", "replace"))


def _charset(stated: str | None) -> str | None:
    """Python's name of a charset, None when it is not one that mail is written in."""
    try:
        name = codecs.lookup(stated or "").name
    except (LookupError, ValueError):
        return None
    return name if name in _CHARSETS else None
