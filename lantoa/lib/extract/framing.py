"""The sheet of paper in a photograph: its four corners on a darker table."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Corners = NDArray[np.float64]

_SIDE = 420
_LEAST_SHARE, _MOST_SHARE = 0.2, 0.97
_LEAST_INSIDE, _MOST_OUTSIDE = 0.88, 0.12
_LEAST_CONTRAST = 1.35
_RIM = 0.015
"""Share of the way to the middle by which the outline is drawn in, so that no dark rim is read as writing (two dots
more undo the filters, which let bright dots grow). No letter has writing there: its margins are 15 mm and more."""


def find_page(grey: Any) -> Corners | None:
    """Return the corners of the page in a grey Pillow picture, clockwise from the top left, as fractions of it.

    None when the page fills the picture, or when nothing bright with four straight sides stands out.
    """
    image = importlib.import_module("PIL.Image")
    filters = importlib.import_module("PIL.ImageFilter")
    scale = _SIDE / max(grey.size)
    size = (max(8, round(grey.width * scale)), max(8, round(grey.height * scale)))
    calm = grey.resize(size, image.Resampling.BOX).filter(filters.MaxFilter(5)).filter(filters.MedianFilter(5))
    dots = np.asarray(calm, np.float32)
    found = [corners for level in _levels(dots) if (corners := _outline(dots, level)) is not None]
    if not found:
        return None
    best = max(found, key=lambda one: one[0])[1]
    inset = best + _RIM * (best.mean(axis=0) - best) + 2.0 * np.sign(best.mean(axis=0) - best)
    share: Corners = inset / np.array([size[0], size[1]])
    return share


def _levels(dots: NDArray[np.float32]) -> list[float]:
    """Greys that may part paper from table: the one that parts all dots best, and its neighbours."""
    best = parting_grey(dots)
    return [best, 0.8 * best, 0.65 * best, 1.15 * best]


def parting_grey(dots: NDArray[np.number[Any]]) -> float:
    """Return the grey that best parts all dots in a dark and a bright class (N. Otsu, 1979)."""
    counts = np.bincount(dots.astype(np.int64).ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    total, sums = below[-1], np.cumsum(counts * np.arange(256))
    above = np.maximum(total - below, 1e-9)
    spread = below * above * (sums / np.maximum(below, 1e-9) - (sums[-1] - sums) / above) ** 2
    return float(np.argmax(spread[:255]))


def _outline(dots: NDArray[np.float32], level: float) -> tuple[float, Corners] | None:
    """The four sides around what is brighter than `level`, and how well they part it from the rest; or None."""
    mask = dots > level
    places = np.argwhere(mask)[:, ::-1].astype(np.float64)
    if not _LEAST_SHARE < len(places) / mask.size < _MOST_SHARE:
        return None
    sums, rests = places.sum(axis=1), places[:, 0] - places[:, 1]
    rough = places[[np.argmin(sums), np.argmax(rests), np.argmax(sums), np.argmin(rests)]]
    corners = _refined(mask, rough)
    if corners is None or not _is_convex(corners):
        return None
    inside = _within(mask.shape, corners)
    share = inside.mean()
    if not _LEAST_SHARE < share < _MOST_SHARE:
        return None
    filled, spilt = mask[inside].mean(), mask[~inside].mean()
    contrast = np.median(dots[inside]) / max(1.0, float(np.median(dots[~inside])))
    if filled < _LEAST_INSIDE or spilt > _MOST_OUTSIDE or contrast < _LEAST_CONTRAST:
        return None
    return float(filled - spilt), corners


def _refined(mask: Mask, rough: Corners) -> Corners | None:
    """Corners where lines laid along the four edges meet."""
    lines = [_side(mask, rough[place], rough[(place + 1) % 4], is_level=place % 2 == 0) for place in range(4)]
    corners = []
    for place in range(4):
        across = np.cross(lines[place - 1], lines[place])
        if abs(across[2]) < 1e-9:
            return None
        corners.append(across[:2] / across[2])
    return np.array(corners)


def _side(mask: Mask, first: Corners, second: Corners, *, is_level: bool) -> NDArray[np.float64]:
    """The line `ax + by + c = 0` along one edge: outermost bright dots between two corners, outliers left out."""
    grid = mask if is_level else mask.T
    start, end = sorted((first, second), key=lambda corner: corner[0 if is_level else 1])
    low, high = (int(corner[0 if is_level else 1]) for corner in (start, end))
    margin = max(1, (high - low) // 12)
    along = np.arange(low + margin, max(low + margin + 2, high - margin))
    along = along[along < grid.shape[1]]
    columns = grid[:, along]
    is_first = (first + second)[1 if is_level else 0] < grid.shape[0]
    edge = columns.argmax(axis=0) if is_first else grid.shape[0] - columns[::-1].argmax(axis=0)
    along, edge = along[columns.any(axis=0)] + 0.5, edge[columns.any(axis=0)].astype(np.float64)
    slope, height = _fitted(along, edge)
    return np.array([slope, -1.0, height]) if is_level else np.array([-1.0, slope, height])


def _fitted(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """The straight line through most points: fitted again without those far off."""
    kept = np.ones(len(x), bool)
    slope, height = 0.0, float(np.median(y)) if len(y) else 0.0
    for _ in range(4):
        if kept.sum() < 8:
            break
        slope, height = (float(value) for value in np.polyfit(x[kept], y[kept], 1))
        off = np.abs(slope * x + height - y)
        kept = off <= max(1.0, 1.5 * float(np.median(off)))
    return slope, height


def _is_convex(corners: Corners) -> bool:
    sides = np.roll(corners, -1, axis=0) - corners
    following = np.roll(sides, -1, axis=0)
    return bool((sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0] > 0).all())


def _within(shape: tuple[int, ...], corners: Corners) -> Mask:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    inside = np.ones(shape, bool)
    for first, second in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        side = second - first
        inside &= side[0] * (rows + 0.5 - first[1]) - side[1] * (columns + 0.5 - first[0]) >= 0
    return inside
