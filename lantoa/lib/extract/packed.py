"""Compressed containers and XML, opened with limits: no bombs, no entities, nothing fetched from outside."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from lantoa.lib.extract.document import MOST_BYTES, ExtractionError

MOST_MARKS = 1_500_000
"""Most `<` and `=` in a marked-up file: each may be a node of a hundred bytes and more once parsed."""
MOST_TEXT = 3_000_000
"""Most signs of text in a file: a thousand pages."""
_TOO_WORDY = "Tệp có nhiều chữ hơn mọi công văn. Hãy gửi riêng phần công văn, hoặc dán nội dung công văn."
_STRICT, _TRANSITIONAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
"""The two families of names for the same parts of a document (ISO/IEC 29500)."""
_MOST_MEMBERS = 5_000
_MOST_DEPTH = 250
_BOMB = "Tệp nén bung ra quá lớn nên không được mở. Hãy lưu lại văn bản thành DOCX hoặc PDF thông thường rồi gửi lại."
_BROKEN = "Tệp bị hỏng, không mở được. Hãy mở tệp bằng phần mềm soạn thảo, lưu lại rồi gửi lại."
_LOCKED = "Tệp nén được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
_ENTITIES = "Tệp chứa khai báo thực thể XML không an toàn nên bị từ chối. Hãy lưu lại văn bản rồi gửi lại."
_TANGLED = "Tệp có cấu trúc lớn hoặc rối bất thường nên không được mở. Hãy lưu thành PDF, hoặc dán nội dung công văn."


@dataclass(slots=True)
class Allowance:
    """Bytes that may still be unpacked or decoded from one file, all it contains counted together."""

    left: int = MOST_BYTES

    def take(self, count: int) -> None:
        """Spend `count` bytes. Raises `ExtractionError` when they are not there."""
        self.left -= count
        if self.left < 0:
            raise ExtractionError(_BOMB)


class Package:
    """A zip container whose members are read one by one within one allowance of bytes."""

    def __init__(self, data: bytes, allowance: Allowance | None = None) -> None:
        """Open the container. Raises `ExtractionError` when it is broken or says it would unpack too large."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise ExtractionError(_BROKEN) from error
        if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
            raise ExtractionError(_BOMB)
        self.names = tuple(dict.fromkeys(member.filename for member in members if not member.is_dir()))
        self._allowance = allowance or Allowance()

    def read(self, name: str) -> bytes | None:
        """Read a member, or None when there is none. The sizes a container states are not believed."""
        if name not in self.names:
            return None
        try:
            with self._zip.open(name) as member:
                data = member.read(self._allowance.left + 1)
        except RuntimeError as error:  # how zipfile says that a password is needed
            raise ExtractionError(_LOCKED if "password" in str(error) else _BROKEN) from error
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError) as error:
            raise ExtractionError(_BROKEN) from error
        self._allowance.take(len(data))
        return data


def parse_xml(data: bytes, *, is_long: bool = False) -> etree._Element:
    """Parse XML without entities, DTD or network; `is_long` lets one text exceed 10 MB, as an encoded file does.

    Raises `ExtractionError` when it is broken, declares entities, or is too large or too deep to be a document.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or _hides_doctype(data):
        raise ExtractionError(_ENTITIES)
    check_marks(data)
    if _STRICT in data:
        data = data.replace(_STRICT + b"wordprocessingml/main", _TRANSITIONAL + b"wordprocessingml/2006/main")
        relations = b"officeDocument/2006/relationships"
        data = data.replace(_STRICT + b"officeDocument/relationships", _TRANSITIONAL + relations)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=is_long)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ExtractionError(_BROKEN) from error
    if root is None:
        raise ExtractionError(_BROKEN)
    if is_long and _is_deep(root):
        raise ExtractionError(_TANGLED)
    return root


def check_marks(data: bytes) -> None:
    """Raise `ExtractionError` when marked-up text has more marks than a document of thousands of pages."""
    if data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise ExtractionError(_TANGLED)


def check_length(signs: int) -> None:
    """Raise `ExtractionError` when a text is longer than a thousand pages."""
    if signs > MOST_TEXT:
        raise ExtractionError(_TOO_WORDY)


def _is_deep(root: etree._Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MOST_DEPTH:
            return True
    return False


def _hides_doctype(data: bytes) -> bool:
    """Whether a declaration stands in UTF-16 or UTF-32, where the plain bytes above do not show it."""
    encodings = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    if any(mark.encode(name) in data for mark in ("<!DOCTYPE", "<!ENTITY") for name in encodings):
        return True
    return data[:200].lstrip().lower().startswith(b"\x4c\x6f\xa7\x94")  # EBCDIC `<?xm`, which nothing here needs
