"""A picture of a page put straight for reading: found on its table, turned upright, flattened, evenly lit.

Everything is judged on a small copy and gathered into one plane map, so that the picture itself is resampled once,
and the page shown to a person later is the very one that was read. Each step is there because it lowered the share
of wrong letters on simulated scans (docs/reading.md).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lantoa.lib.extract.framing import find_page, parting_grey
from lantoa.lib.extract.planes import FRAME, mapped, plane_between, scaling, turning

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lantoa.lib.extract.planes import Plane

    Grey = NDArray[np.float32]

A4 = 297 / 210
_LEAST_WIDTH, _MOST_WIDTH = 1654, 2067
"""Dots across a page 210 mm wide at 200 and 250 dpi, between which letters are read best."""
_GRAIN, _MOST_CHANGES = 1.2, 0.05
_SMALL = 1000
_MOST_SIDE = 4600
_STEEPEST = 20.0
_MOST_INK = 30_000
_COARSE = 4
"""Dots in which lines of writing still alternate and the stems of single letters do not."""
_LEAST_TILT = 0.12
_BRIGHT = 310.0
"""Grey the paper is lifted to: beyond white, so that what is left of a stamp or of grain is white too."""


@dataclass(frozen=True, slots=True)
class Upright:
    """How a page lies in its picture: the map from the unit page to the unit picture, and its height per width."""

    plane: Plane
    aspect: float

    @property
    def is_plain(self) -> bool:
        """Whether the page is the picture as it stands."""
        return bool(np.allclose(self.plane, np.eye(3), atol=1e-9))

    def turned_over(self) -> Upright:
        """The same page the other way up."""
        return Upright(self.plane @ np.array([[-1.0, 0, 1], [0, -1, 1], [0, 0, 1]]), self.aspect)


def find_upright(image: Any) -> Upright:
    """Return how the page lies in a Pillow picture: its outline when it lies on a table, its turn and its tilt.

    Whether it stands on its head cannot be told here; reading tells.
    """
    small = _small(image)
    whole = Upright(np.eye(3), image.height / image.width)
    corners = find_page(small)
    if corners is not None:
        whole = _framed(corners, image.size)
        small = _resampled(small, whole, _SMALL if whole.aspect < 1 else round(_SMALL / whole.aspect))
    quarter, tilt = _turn_and_tilt(_ink(np.asarray(small, np.float32)))
    return _straightened(whole, quarter, tilt)


def draw_upright(image: Any, upright: Upright, width: int) -> Any:
    """Return the page as a picture of that width, in the colours it came in."""
    if upright.is_plain:
        height = max(1, round(width * upright.aspect))
        return image if image.width == width else image.resize((width, height), _pillow("Image").Resampling.LANCZOS)
    return _resampled(image, upright, width)


def clear(image: Any) -> Any:
    """Return a page in evenly lit grey, red stamps gone.

    Red ink is as light as paper in the red channel while black ink stays black. The light of each place is that of the
    brightest paper around it. Grain, as of a dithered fax, is smoothed.
    """
    grey = image.getchannel("R") if image.mode == "RGB" else image
    page = _evenly_lit(grey)
    return page if is_calm(page) else _evenly_lit(grey.filter(_pillow("ImageFilter").GaussianBlur(_GRAIN)))


def is_calm(page: Any) -> bool:
    """Whether black and white change places along the rows no oftener than in writing; grain is no writing.

    Writing changes at 2 to 3 of 100 dots, noise at 6 to 30, a dithered photograph at 30.
    """
    dots = np.asarray(page)
    dark = dots <= parting_grey(dots)
    return bool((dark[:, 1:] != dark[:, :-1]).mean() < _MOST_CHANGES)


def _evenly_lit(grey: Any) -> Any:
    filters, step = _pillow("ImageFilter"), 8
    paper = grey.reduce(step).filter(filters.MaxFilter(5)).filter(filters.MedianFilter(5))
    paper = paper.filter(filters.GaussianBlur(6)).resize(grey.size, _pillow("Image").Resampling.BILINEAR)
    dots = np.asarray(grey, np.float32) * (_BRIGHT / np.maximum(np.asarray(paper, np.float32), 40.0))
    return _pillow("Image").fromarray(np.minimum(dots, 255.0).astype(np.uint8))


def reading_width(image: Any, upright: Upright) -> int:
    """Dots across at which the page is read: its own between 200 and 250 dpi, were it a sheet A4."""
    plane = scaling(*image.size) @ upright.plane
    own = float(np.linalg.norm(np.diff(mapped(plane, [(0, 0.5), (1, 0.5)]), axis=0)))
    least, most = _LEAST_WIDTH, _MOST_WIDTH
    if upright.aspect < 1:
        least, most = round(least / max(upright.aspect, 1 / A4)), round(most / max(upright.aspect, 1 / A4))
    return max(16, min(max(least, min(most, round(own))), round(_MOST_SIDE / max(1.0, upright.aspect))))


def _pillow(name: str) -> Any:
    return importlib.import_module(f"PIL.{name}")


def _small(image: Any) -> Any:
    small = image.getchannel("R") if image.mode == "RGB" else image
    share = _SMALL / max(small.size)
    if share >= 1:
        return small
    size = (max(1, round(small.width * share)), max(1, round(small.height * share)))
    return small.resize(size, _pillow("Image").Resampling.BOX, reducing_gap=2.0)


def _framed(corners: NDArray[np.float64], size: tuple[int, int]) -> Upright:
    """The page between four corners given as fractions; nearly A4 is taken as A4."""
    shown = corners * np.array(size)
    across = np.linalg.norm(shown[1] - shown[0]) + np.linalg.norm(shown[2] - shown[3])
    down = np.linalg.norm(shown[3] - shown[0]) + np.linalg.norm(shown[2] - shown[1])
    aspect = float(down / across)
    if 0.8 < aspect / A4 < 1.25:
        aspect = A4
    elif 0.8 < aspect * A4 < 1.25:
        aspect = 1 / A4
    return Upright(plane_between(FRAME, corners.tolist()), aspect)


def _straightened(whole: Upright, quarter: int, tilt: float) -> Upright:
    """Turn the page by quarters and by its tilt; the frame grows to hold what the tilt would cut off."""
    if not quarter and abs(tilt) < _LEAST_TILT:
        return whole
    width, height = 1.0, whole.aspect
    turn, (across, down) = turning(-90.0 * quarter - tilt, (width, height))
    plane = whole.plane @ scaling(1 / width, 1 / height) @ np.linalg.inv(turn) @ scaling(across, down)
    return Upright(plane / plane[2, 2], down / across)


def _resampled(image: Any, upright: Upright, width: int) -> Any:
    size = (width, max(1, round(width * upright.aspect)))
    plane = scaling(*image.size) @ upright.plane @ scaling(1 / size[0], 1 / size[1])
    flat = (plane / plane[2, 2]).ravel()[:8].tolist()
    module = _pillow("Image")
    shrunk = max(1, int(_dots_each(plane, size) / 1.5))
    if shrunk > 1:  # a steep reduction by single dots would leave letters ragged
        return _resampled(image.reduce(shrunk), upright, width)
    white = (255, 255, 255) if image.mode == "RGB" else 255
    return image.transform(size, module.Transform.PERSPECTIVE, flat, module.Resampling.BICUBIC, fillcolor=white)


def _dots_each(plane: Plane, size: tuple[int, int]) -> float:
    """Dots of the source for each dot of the target, along a side, in the middle."""
    x, y = size[0] / 2, size[1] / 2
    near = mapped(plane, [(x, y), (x + 1, y), (x, y + 1)])
    return float(min(np.linalg.norm(near[1] - near[0]), np.linalg.norm(near[2] - near[0])))


def _ink(grey: Grey) -> NDArray[np.int64]:
    """Places (row, column) clearly darker than the paper around them, a fair sample when they are many."""
    image = _pillow("Image").fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    filters = _pillow("ImageFilter")
    paper = image.reduce(4).filter(filters.MaxFilter(5)).filter(filters.GaussianBlur(4)).resize(image.size)
    dark = grey < 0.72 * np.asarray(paper, np.float32)
    dark[:4], dark[-4:], dark[:, :4], dark[:, -4:] = False, False, False, False
    places: NDArray[np.int64] = np.argwhere(dark)
    if len(places) <= _MOST_INK:
        return places
    return places[np.random.default_rng(0).choice(len(places), _MOST_INK, replace=False)]


def _turn_and_tilt(ink: NDArray[np.int64]) -> tuple[int, float]:
    """Quarter turns (0 or 1) and degrees clockwise by which the lines of writing are off the level."""
    if len(ink) < 200:
        return 0, 0.0
    rows, columns = ink[:, 0], ink[:, 1]
    level, upright = _tilt(rows, columns), _tilt(columns, -rows)
    if _comb(columns, -rows, upright, _COARSE) > _comb(rows, columns, level, _COARSE):
        return 1, upright
    return 0, level


def _tilt(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> float:
    """The tilt at which lines of writing stand out most from the gaps between them, in degrees."""
    best, score = 0.0, _comb(rows, columns, 0.0)
    for reach, step in ((_STEEPEST, 1.0), (1.0, 0.2), (0.2, 0.05)):
        around = best
        for tilt in np.arange(around - reach, around + reach + step / 2, step):
            found = _comb(rows, columns, float(tilt))
            if found > score:
                best, score = float(tilt), found
    return best


def _comb(rows: NDArray[np.int64], columns: NDArray[np.int64], tilt: float, step: int = 1) -> float:
    """How sharply ink alternates down the page, in steps of so many dots, were it tilted by so many degrees."""
    level = (rows - columns * np.tan(np.radians(tilt))) / step
    counts = np.bincount((level - level.min()).astype(np.int64)).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())
