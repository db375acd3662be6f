"""Compressed containers and XML, opened with limits: no bombs, no entities, nothing fetched from outside."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from lantoa.lib.extract.document import MOST_BYTES, ExtractionError

_MOST_MEMBERS = 5_000
_BOMB = "Tệp nén bung ra quá lớn nên không được mở. Hãy lưu lại văn bản thành DOCX hoặc PDF thông thường rồi gửi lại."
_BROKEN = "Tệp bị hỏng, không mở được. Hãy mở tệp bằng phần mềm soạn thảo, lưu lại rồi gửi lại."
_ENTITIES = "Tệp chứa khai báo thực thể XML không an toàn nên bị từ chối. Hãy lưu lại văn bản rồi gửi lại."


class Package:
    """A zip container whose members are read one by one within one allowance of bytes."""

    def __init__(self, data: bytes) -> None:
        """Open the container. Raises `ExtractionError` when it is broken or says it would unpack too large."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            raise ExtractionError(_BROKEN) from error
        members = self._zip.infolist()
        if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
            raise ExtractionError(_BOMB)
        self.names = frozenset(member.filename for member in members)
        self._left = MOST_BYTES

    def read(self, name: str) -> bytes | None:
        """Read a member, or None when there is none. The sizes a container states are not believed."""
        if name not in self.names:
            return None
        try:
            with self._zip.open(name) as member:
                data = member.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise ExtractionError(_BROKEN) from error
        self._left -= len(data)
        if self._left < 0:
            raise ExtractionError(_BOMB)
        return data


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML without entities, DTD or network. Raises `ExtractionError` when it is broken or declares any."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or _hides_doctype(data):
        raise ExtractionError(_ENTITIES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ExtractionError(_BROKEN) from error
    return root


def _hides_doctype(data: bytes) -> bool:
    """Whether a declaration stands in UTF-16, where the plain bytes above do not show it."""
    return any(mark.encode(name) in data for mark in ("<!DOCTYPE", "<!ENTITY") for name in ("utf-16-le", "utf-16-be"))
