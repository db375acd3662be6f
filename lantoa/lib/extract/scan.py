"""Scans and photographs, read by Tesseract when it is installed with its Vietnamese data."""

from __future__ import annotations

import importlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.lib.extract.document import Extracted, ExtractionError
from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDERS = ("/usr/share/tessdata", "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata")
_NO_READER = (
    "Văn bản là ảnh quét, máy chưa cài bộ nhận dạng chữ (tesserocr và dữ liệu tiếng Việt vie.traineddata). "
    "Hãy dán nội dung công văn vào ô soạn, gửi tệp gốc DOCX/PDF có chữ, hoặc cài bộ nhận dạng."
)
_UNREADABLE = "Không nhận dạng được chữ trong ảnh. Hãy quét lại rõ hơn (từ 200 dpi) hoặc dán nội dung công văn."
_MOST_PIXELS = 80_000_000


def _data_folder() -> Path | None:
    places = [os.environ.get("TESSDATA_PREFIX", ""), *_FOLDERS]
    return next((Path(place) for place in places if place and (Path(place) / "vie.traineddata").exists()), None)


def read_image(open_image: Callable[[], Any]) -> str:
    """Read the words of a picture; `open_image` gives a Pillow image, and is called only when a reader is there.

    Raises `ExtractionError` when no reader is installed or nothing can be made out.
    """
    folder = _data_folder()
    try:
        reader = importlib.import_module("tesserocr")
    except ImportError:
        reader = None
    if reader is None or folder is None:
        raise ExtractionError(_NO_READER)
    text = str(reader.image_to_text(open_image(), lang="vie", path=str(folder)))
    if sum(letter.isalpha() for letter in text) < 10:
        raise ExtractionError(_UNREADABLE)
    return nfc(text)


def read_picture(data: bytes, kind: str) -> Extracted:
    """Read a picture file (PNG, JPEG, TIFF …)."""
    return Extracted(read_image(lambda: _opened(data)), (0,), kind)


def _opened(data: bytes) -> Any:
    pillow = importlib.import_module("PIL.Image")
    image = pillow.open(io.BytesIO(data))
    if image.width * image.height > _MOST_PIXELS:
        raise ExtractionError("Ảnh quá lớn. Hãy quét lại ở 200-300 dpi rồi gửi lại.")
    return image.convert("L")
