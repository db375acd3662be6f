"""Compound files ([MS-CFB]): DOC, MSG and their kin, opened with their numbers checked.

A chain of sectors may lead back to its beginning, and olefile then follows it for as long as the stated size asks;
nothing in such a file can be larger than the file itself, so whatever says it is, is refused before it is read.
"""

from __future__ import annotations

import io
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

import olefile

from lantoa.lib.extract.document import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROKEN = "Tệp bị hỏng hoặc không phải văn bản Word. Hãy mở bằng Word, lưu thành DOCX rồi gửi lại."
_RAISED = (OSError, struct.error, LookupError, ValueError, TypeError, AttributeError, RecursionError)
"""What olefile raises on broken containers."""
_SHIFT, _TABLES, _SMALL_TABLES, _FURTHER_TABLES = 0x1E, 0x2C, 0x40, 0x48
_SHIFTS = (9, 12)


class Compound:
    """An open compound file."""

    def __init__(self, container: olefile.OleFileIO, size: int) -> None:
        self._container, self._size = container, size

    def has(self, path: str) -> bool:
        """Whether there is a stream or storage at this path."""
        return bool(self._container.exists(path))

    def paths(self) -> list[list[str]]:
        """The streams, each as the names of its storages and its own."""
        return [list(map(str, path)) for path in self._container.listdir()]

    def stream(self, path: str) -> bytes:
        """Read a stream. Raises `ExtractionError` when it claims to be larger than the file, `OSError` when missing."""
        if self._container.get_size(path) > self._size:
            raise ExtractionError(_BROKEN)
        return bytes(self._container.openstream(path).read())


@contextmanager
def open_compound(data: bytes, broken: str = _BROKEN) -> Iterator[Compound]:
    """Open a compound file; whatever goes wrong while it is open is `ExtractionError` with the sentence `broken`."""
    try:
        _check_header(data)
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            _check_root(container, len(data))
            yield Compound(container, len(data))
    except ExtractionError as error:
        raise (ExtractionError(broken) if str(error) == _BROKEN else error) from error
    except _RAISED as error:
        raise ExtractionError(broken) from error


def _check_root(container: olefile.OleFileIO, size: int) -> None:
    """Raise `ExtractionError` when the stream of small streams is said to be larger than the file."""
    if container.root is None or container.root.size > size:
        raise ExtractionError(_BROKEN)


def _check_header(data: bytes) -> None:
    """Raise `ExtractionError` when the header speaks of more sectors than the file has."""
    shift = struct.unpack_from("<H", data, _SHIFT)[0]
    stated = [struct.unpack_from("<I", data, at)[0] for at in (_TABLES, _SMALL_TABLES, _FURTHER_TABLES)]
    if shift not in _SHIFTS or any(count << shift > len(data) for count in stated):
        raise ExtractionError(_BROKEN)
