"""Picture files opened with limits: no bombs, no endless animations, nothing broken let through."""

from __future__ import annotations

import importlib
import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lantoa.lib.extract.document import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "MPO")
_JPEG = ("JPEG", "MPO")
_MOST_PIXELS = 40_000_000
"""Decoded at once: 120 MB in colour. A sheet A4 at 600 dpi has 35 million."""
_MOST_JPEG_PIXELS = 110_000_000
"""A JPEG is decoded at a half, a quarter or an eighth of its size."""
_ENOUGH = 3600
"""Dots along a side beyond which a JPEG is decoded smaller: 300 dpi of a sheet A4."""
_MOST_PAGES = 100
_LONGEST_RATIO = 12
_LEAST_SIDE = 40
_TOO_LARGE = "Ảnh quá lớn. Hãy quét lại ở 200-300 dpi rồi gửi lại."
_BROKEN = "Tệp ảnh bị hỏng, không mở được. Hãy quét hoặc chụp lại rồi gửi lại."
_NO_PAGE = "Ảnh quá nhỏ hoặc không có hình dạng một trang giấy. Hãy quét hoặc chụp cả trang công văn rồi gửi lại."
_TOO_MANY = f"Tệp ảnh có hơn {_MOST_PAGES} trang. Hãy tách riêng phần công văn rồi gửi lại."


def frames(data: bytes) -> Iterator[Any]:
    """Give the pages of a picture file as Pillow pictures in grey or colour, the right way up by their own mark.

    Of an animation the first picture counts. Raises `ExtractionError` when the file is broken, too large or no page.
    """
    image = opened(data)
    for place in range(count_frames(image)):
        yield frame(image, place)


def count_frames(image: Any) -> int:
    """Return the pages of an opened picture: more than one in TIFF only. Raises `ExtractionError` beyond 100."""
    if image.format != "TIFF":
        return 1
    with _calm():
        count = int(image.n_frames)
    if count > _MOST_PAGES:
        raise ExtractionError(_TOO_MANY)
    return count


def opened(data: bytes) -> Any:
    """Open a picture file without decoding it. Raises `ExtractionError` as `frames` does."""
    pillow = importlib.import_module("PIL.Image")
    with _calm():
        return pillow.open(io.BytesIO(data), formats=_FORMATS)


def frame(image: Any, place: int, enough: int = _ENOUGH) -> Any:
    """Decode one page of an opened picture; a JPEG with many more than `enough` dots along a side, smaller.

    Raises `ExtractionError` as `frames` does.
    """
    operations = importlib.import_module("PIL.ImageOps")
    with _calm():
        if place:
            image.seek(place)
        _check_size(image)
        if image.format in _JPEG:
            image.draft(None, (enough, enough))
        page = _in_grey_or_colour(image)
        page = page.reduce(2) if max(page.size) > 2 * enough else page
        operations.exif_transpose(page, in_place=True)
        return page


@contextmanager
def _calm() -> Iterator[None]:
    """What Pillow raises over broken and oversized files, as an `ExtractionError`; what it only warns of, unsaid."""
    bomb = importlib.import_module("PIL.Image").DecompressionBombError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except bomb as error:
            raise ExtractionError(_TOO_LARGE) from error
        except ExtractionError:
            raise
        except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, EOFError) as error:
            raise ExtractionError(_BROKEN) from error


def _check_size(image: Any) -> None:
    most = _MOST_JPEG_PIXELS if image.format in _JPEG else _MOST_PIXELS
    if image.width * image.height > most:
        raise ExtractionError(_TOO_LARGE)
    short, long = sorted(image.size)
    if short < _LEAST_SIDE or long > _LONGEST_RATIO * short:
        raise ExtractionError(_NO_PAGE)


def _in_grey_or_colour(image: Any) -> Any:
    """The picture as 8-bit grey or RGB on white paper."""
    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        image.load()
        return image.copy() if image.format == "TIFF" else image
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith(("I", "F")):  # 16 and 32 bits a dot
        return image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        pillow = importlib.import_module("PIL.Image")
        clear = image.convert("RGBA")
        return pillow.alpha_composite(pillow.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image.convert("RGB")
