"""The first page of a PDF as a small picture."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 480


def first_page(pdf: Path | bytes) -> bytes:
    """The first page of a PDF, a file or its bytes, as a PNG 480 pixels wide."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        bitmap = page.render(scale=WIDTH / page.get_width(), rev_byteorder=True)
        pixels = bitmap.to_numpy()[:, :, :3]
        height, width = pixels.shape[:2]
        rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
