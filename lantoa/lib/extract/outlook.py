"""MSG: an e-mail as Outlook saves it ([MS-OXMSG]), properties as streams of a compound file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lantoa.lib.extract.choosing import Part, choose_letter
from lantoa.lib.extract.compound import open_compound
from lantoa.lib.extract.document import Extracted, ExtractionError
from lantoa.lib.vietnamese import decode_text, mend_legacy, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.lib.extract.choosing import Read
    from lantoa.lib.extract.compound import Compound

_BROKEN = "Tệp thư Outlook (.msg) bị hỏng. Hãy lưu riêng tệp công văn đính kèm rồi gửi lại."
_MARK = "__properties_version1.0"
_BODY, _PAGE, _FILE, _LONG_NAME, _SHORT_NAME = "1000", "1013", "3701", "3707", "3704"
_UNICODE, _STRING, _BINARY = "001F", "001E", "0102"
_ATTACHED = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]{8}")
_MOST_FILES = 50


def is_message(data: bytes) -> bool:
    """Whether a compound file is an Outlook message; one too broken to say is none."""
    try:
        with open_compound(data) as container:
            return container.has(_MARK)
    except ExtractionError:
        return False


def read_msg(data: bytes, read: Read) -> Extracted:
    """Read an Outlook message: its body, or the letter among its files. Raises `ExtractionError` when it is broken."""
    with open_compound(data, _BROKEN) as container:
        body = _words(container, "", _BODY)
        page = _stream(container, f"__substg1.0_{_PAGE}{_BINARY}")
        files = list(_files(container))
    if not body.strip() and page:
        body = read(page, "html").text
    return choose_letter(body, files, "msg", read)


def _files(container: Compound) -> Iterator[Part]:
    folders = dict.fromkeys(path[0] for path in container.paths() if len(path) > 1 and _ATTACHED.fullmatch(path[0]))
    for folder in list(folders)[:_MOST_FILES]:
        content = _stream(container, f"{folder}/__substg1.0_{_FILE}{_BINARY}")
        if content:
            name = _words(container, folder + "/", _LONG_NAME) or _words(container, folder + "/", _SHORT_NAME)
            yield Part(name, content)


def _words(container: Compound, folder: str, code: str) -> str:
    """Text of a property, Unicode first, else in the encoding its bytes show."""
    wide = _stream(container, f"{folder}__substg1.0_{code}{_UNICODE}")
    if wide:
        return nfc(mend_legacy(wide.decode("utf-16-le", "replace"))[0]).replace("\r\n", "\n")
    narrow = _stream(container, f"{folder}__substg1.0_{code}{_STRING}")
    try:
        return decode_text(narrow)[0].replace("\r\n", "\n") if narrow else ""
    except ValueError:
        return nfc(narrow.decode("cp1252", "replace"))


def _stream(container: Compound, path: str) -> bytes:
    return container.stream(path) if container.has(path) else b""
