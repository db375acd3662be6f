"""Scans and photographs, read by Tesseract when it is installed with its Vietnamese data."""

from __future__ import annotations

import functools
import importlib.util
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.lib.extract.boxes import UNIT, PageView
from lantoa.lib.extract.document import Extracted, ExtractionError
from lantoa.lib.extract.pictures import frames
from lantoa.lib.extract.placing import PlacedPage, Run, Word, placed
from lantoa.lib.extract.rectifying import clear, draw_upright, find_upright, is_calm, reading_width
from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.lib.extract.boxes import Boxes
    from lantoa.lib.extract.rectifying import Upright

_FOLDERS = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata")
_LANGUAGES = ("script/Vietnamese", "Vietnamese", "vie")
"""The script data knows Vietnamese and the Latin words in it, and reads better (docs/reading.md)."""
NO_READER = (
    "Văn bản là ảnh quét, máy chưa cài bộ nhận dạng chữ (tesserocr và dữ liệu tiếng Việt vie.traineddata). "
    "Hãy dán nội dung công văn vào ô soạn, gửi tệp gốc DOCX/PDF có chữ, hoặc cài bộ nhận dạng."
)
_UNREADABLE = "Không nhận dạng được chữ trong ảnh. Hãy quét lại rõ hơn (từ 200 dpi) hoặc dán nội dung công văn."
_LEAST_LETTERS = 10
_MOST_SECONDS = 15
_SPARSE_TEXT = 11
"""Find every line by itself: the columns of head and foot are put together here, not by Tesseract (docs/reading.md)."""
_WELL_READ = 70
"""A page read below this mean confidence may stand on its head."""
_SHAKY = 85
"""On simulated scans six of ten wrong words lie below it, and one of eighty right ones (docs/reading.md)."""
_SPECK = 60
"""A sign without a letter or digit, read below this confidence, is dirt."""
_SCRIBBLE = 40
"""A run none of whose words reaches this confidence is a signature or the rim of a stamp."""
_RULE = 0.8
"""A sign without a letter or digit, wider than this many heights of a line, is a drawn rule."""
_COLUMN_GAP = 1.5
"""A gap wider than this many heights of a line parts columns; the widest between words set to a margin is about one."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read from one page: its runs and how sure, 0 to 100 over all letters."""

    runs: tuple[Run, ...]
    sure: float
    letters: int


def can_read_scans() -> bool:
    """Whether optical reading is installed, with Vietnamese data."""
    return _data() is not None and importlib.util.find_spec("tesserocr") is not None and _has_pillow()


def read_picture(data: bytes, kind: str) -> Extracted:
    """Read a picture file (PNG, JPEG, TIFF of several pages …).

    Raises `ExtractionError` when no reader is installed, when the picture is broken or too large, or when nothing can
    be made out.
    """
    _engine()  # without a reader the file is not even opened
    return extracted_pages([read_page(image) for image in frames(data)], kind)


def extracted_pages(pages: list[PlacedPage], kind: str) -> Extracted:
    """Put pages together. Raises `ExtractionError` when hardly a letter was read."""
    whole = placed(pages)
    if sum(letter.isalpha() for letter in whole.text) < _LEAST_LETTERS:
        raise ExtractionError(_UNREADABLE)
    return Extracted(whole.text, whole.page_starts, kind, boxes=whole.boxes, shaky=shaky_spans(whole.boxes))


def shaky_spans(boxes: Boxes) -> tuple[tuple[int, int], ...]:
    """Offsets of the words whose confidence is so low that they are likelier wrong than others."""
    return tuple((word.start, word.end) for word in boxes.words if word.sure < _SHAKY)


def read_page(image: Any) -> PlacedPage:
    """Read one page from a Pillow picture, put straight first. Raises `ExtractionError` when no reader is installed."""
    upright = find_upright(image)
    width = reading_width(image, upright)
    found = _read(clear(draw_upright(image, upright, width)))
    if found.sure < _WELL_READ:
        over = upright.turned_over()
        other = _read(clear(draw_upright(image, over, width)))
        if other.sure * other.letters > found.sure * found.letters:
            upright, found = over, other
    return PlacedPage(found.runs, width, max(1, round(width * upright.aspect)), _view(upright))


def _view(upright: Upright) -> PageView:
    if upright.is_plain:
        return PageView(upright.aspect, UNIT)
    return PageView(upright.aspect, tuple((upright.plane / upright.plane[2, 2]).ravel()[:8].tolist()))


def _read(page: Any) -> _Reading:
    """Read a clear, upright page."""
    api, lock = _engine()
    if not is_calm(page):
        return _Reading((), 0.0, 0)  # Tesseract would look for letters in it for minutes
    with lock:
        api.SetImage(page)
        api.Recognize(_MOST_SECONDS * 1000)
        table = api.GetTSVText(0)
        api.Clear()
    runs = tuple(run for line in _text_lines(table) for run in _runs(line))
    words = [word for run in runs for word in run.words]
    letters = sum(word.end - word.start for word in words)
    sure = sum(word.sure * (word.end - word.start) for word in words) / max(1, letters)
    return _Reading(_without_dirt(runs), sure, letters)


def _without_dirt(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs without what is no writing: drawn rules and scribble."""
    height = _median([run.height for run in runs]) if runs else 0.0
    return tuple(
        run
        for run in runs
        if max(word.sure for word in run.words) >= _SCRIBBLE
        and (any(sign.isalnum() for sign in run.text) or run.right - run.left <= _RULE * height)
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    left: int
    top: int
    right: int
    bottom: int
    sure: int
    text: str


def _text_lines(table: str) -> Iterator[list[_Seen]]:
    """Words, line by line, from Tesseract's table: level, page, block, paragraph, line, word, frame, sure, text."""
    line: list[_Seen] = []
    for row in table.splitlines():
        cells = row.split("\t", 11)
        if cells[0] != "5":
            if line:
                yield line
            line = []
            continue
        left, top, width, height = map(int, cells[6:10])
        word = _Seen(left, top, left + width, top + height, round(float(cells[10])), nfc(cells[11].strip()))
        if any(sign.isalnum() for sign in word.text) or (word.text and word.sure >= _SPECK):
            line.append(word)
    if line:
        yield line


def _runs(line: list[_Seen]) -> Iterator[Run]:
    """A line of words, parted where columns stand side by side."""
    height = _median([word.bottom - word.top for word in line])
    group = line[:1]
    for word in line[1:]:
        if word.left - group[-1].right > _COLUMN_GAP * height:
            yield _run(group)
            group = []
        group.append(word)
    yield _run(group)


def _run(words: list[_Seen]) -> Run:
    placed_words, at = [], 0
    for word in words:
        end = at + len(word.text)
        placed_words.append(Word(at, end, word.left, word.top, word.right, word.bottom, word.sure))
        at = end + 1
    top, bottom = _median([word.top for word in words]), _median([word.bottom for word in words])
    text = " ".join(word.text for word in words)
    return Run(words[0].left, top, words[-1].right, max(bottom, top + 1), text, tuple(placed_words))


def _median(values: Sequence[float]) -> float:
    return float(sorted(values)[len(values) // 2])


def _has_pillow() -> bool:
    return importlib.util.find_spec("PIL") is not None


def _data() -> tuple[Path, str] | None:
    """The folder of Tesseract's data and the best Vietnamese data in it."""
    places = [os.environ.get("TESSDATA_PREFIX", ""), *_FOLDERS]
    for name in _LANGUAGES:
        for place in places:
            if place and (Path(place) / f"{name}.traineddata").exists():
                return Path(place), name
    return None


def _engine() -> tuple[Any, threading.Lock]:
    found = _data()
    if found is None:
        raise ExtractionError(NO_READER)
    return _loaded(*found)


@functools.lru_cache(maxsize=1)
def _loaded(folder: Path, language: str) -> tuple[Any, threading.Lock]:
    """Tesseract with its data in memory (30 MB, 0.06 s), and the lock that lets one thread at a time use it."""
    # Threads inside Tesseract make two pages read at once many times slower; said before its library is loaded.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        tesserocr = importlib.import_module("tesserocr")
        importlib.import_module("PIL.Image")
    except ImportError as error:
        raise ExtractionError(NO_READER) from error
    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
    settings = {"tessedit_do_invert": "0", "user_defined_dpi": "250", "debug_file": os.devnull}
    api = tesserocr.PyTessBaseAPI(
        path=f"{folder}/", lang=language, psm=_SPARSE_TEXT, oem=tesserocr.OEM.LSTM_ONLY, variables=settings
    )
    return api, threading.Lock()
