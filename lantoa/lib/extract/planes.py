"""Plane maps: how the points of one flat page lie on another picture of it.

A plane map is a 3 × 3 matrix over homogeneous coordinates: turning, scaling, shearing and perspective are all of that
kind, so a chain of them is one matrix product, and a page is put straight by one resampling of the picture it came in.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Plane = NDArray[np.float64]
    Points = NDArray[np.float64]

FRAME = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""The corners of the unit page, clockwise from the top left; y runs down."""


def plane_between(source: Sequence[Sequence[float]], target: Sequence[Sequence[float]]) -> Plane:
    """Return the map that takes four corners to four others (8 linear equations). Raises `LinAlgError` for a line."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows, float), np.array(values, float)), 1.0).reshape(3, 3)


def mapped(plane: Plane, points: Sequence[Sequence[float]]) -> Points:
    """Return points, one a row, taken through the map."""
    whole = np.column_stack([np.asarray(points, float), np.ones(len(points))]) @ plane.T
    found: Points = whole[:, :2] / whole[:, 2:]
    return found


def scaling(across: float, down: float) -> Plane:
    """Return the map that multiplies x and y."""
    return np.diag([across, down, 1.0])


def turning(degrees: float, size: tuple[float, float]) -> tuple[Plane, tuple[float, float]]:
    """Return the map that turns a picture clockwise, and the size of the box that then holds all of it."""
    angle, (width, height) = math.radians(degrees), size
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1.0]])
    corners = mapped(turn, [(x * width, y * height) for x, y in FRAME])
    low, high = corners.min(axis=0), corners.max(axis=0)
    turn[:2, 2] = -low
    return turn, (float(high[0] - low[0]), float(high[1] - low[1]))
