"""Pages as pictures for the screen, put straight as they were read, so that the boxes of their words fit."""

from __future__ import annotations

import importlib.util
import io
import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lantoa.lib.extract.boxes import UNIT, PageView
from lantoa.lib.extract.document import ExtractionError
from lantoa.lib.extract.pictures import count_frames, frame, opened
from lantoa.lib.extract.portable import opened_pdf, render_page
from lantoa.lib.extract.rectifying import Upright, draw_upright

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pypdfium2
    from numpy.typing import NDArray

    from lantoa.lib.extract.boxes import Boxes

_WIDEST = 2400
_NO_SUCH_PAGE = "Văn bản không có trang này."
_NO_PICTURES = "Máy chưa cài bộ xử lý ảnh (pillow) nên không hiện được trang quét."


class PageImage(NamedTuple):
    """A picture file and its media type."""

    data: bytes
    media_type: str


def has_pages(data: bytes) -> bool:
    """Whether a file shows pages: a PDF, or a picture."""
    return _is_pdf(data) or data.startswith(
        (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
    ) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def count_pages(data: bytes) -> int:
    """Return the number of pages of a PDF or picture. Raises `ExtractionError` when it cannot be opened."""
    if not _is_pdf(data):
        return count_frames(_picture(data))
    with opened_pdf(data) as document:
        return len(document)


def page_image(data: bytes, page: int, width: int, view: PageView | None = None) -> PageImage:
    """Return one page (from 0) of a PDF or picture as a picture `width` dots wide, as `view` says it was read.

    WebP where Pillow is installed, else PNG. Raises `ExtractionError` when there is no such page or it cannot be drawn.
    """
    width = max(16, min(width, _WIDEST))
    if not _is_pdf(data):
        return _of_picture(data, page, width, view)
    with opened_pdf(data) as document:
        if not 0 <= page < len(document):
            raise ExtractionError(_NO_SUCH_PAGE)
        return _of_pdf_page(document[page], width, view)


def page_images(data: bytes, boxes: Boxes, width: int) -> Iterator[PageImage]:
    """Give all pages as `page_image` does, each as it was read."""
    for page in range(count_pages(data)):
        yield page_image(data, page, width, boxes.pages[page] if page < len(boxes.pages) else None)


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _is_plain(view: PageView | None) -> bool:
    return view is None or view.plane == UNIT


def _of_pdf_page(page: pypdfium2.PdfPage, width: int, view: PageView | None) -> PageImage:
    across = max(1.0, page.get_width())
    if _is_plain(view) or view is None:
        dots = page.render(scale=width / across, rev_byteorder=True).to_numpy()
        return _encoded_dots(dots)
    if not _has_pillow():
        raise ExtractionError(_NO_PICTURES)
    drawn = render_page(page, 1.2 * width / min(across, page.get_height()))
    return _encoded(draw_upright(drawn, _upright(view), width))


def _of_picture(data: bytes, page: int, width: int, view: PageView | None) -> PageImage:
    picture = _picture(data)
    if not 0 <= page < count_frames(picture):
        raise ExtractionError(_NO_SUCH_PAGE)
    image = frame(picture, page, round(1.2 * width))
    shown = Upright(np.eye(3), image.height / image.width) if view is None else _upright(view)
    return _encoded(draw_upright(image, shown, width))


def _upright(view: PageView) -> Upright:
    return Upright(np.append(np.array(view.plane), 1.0).reshape(3, 3), view.aspect)


def _picture(data: bytes) -> Any:
    if not _has_pillow():
        raise ExtractionError(_NO_PICTURES)
    return opened(data)


def _has_pillow() -> bool:
    return importlib.util.find_spec("PIL") is not None


def _encoded(image: Any) -> PageImage:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=75, method=0)
    return PageImage(out.getvalue(), "image/webp")


def _encoded_dots(dots: NDArray[np.uint8]) -> PageImage:
    if _has_pillow():
        return _encoded(importlib.import_module("PIL.Image").fromarray(np.ascontiguousarray(dots[:, :, :3])))
    return PageImage(_png(dots[:, :, :3]), "image/png")


def _png(dots: NDArray[np.uint8]) -> bytes:
    """An RGB picture as PNG (ISO/IEC 15948), each row as the difference from the one above it."""
    height, width = dots.shape[:2]
    rows = dots.reshape(height, width * 3)
    changes = np.vstack([rows[:1], rows[1:] - rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), changes])
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 6)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(body)) + kind + body + _checksum(kind + body) for kind, body in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _checksum(data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(data))
