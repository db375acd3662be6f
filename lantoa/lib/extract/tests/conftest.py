"""What tests of pictures need: Pillow and Tesseract, which are optional outside CI."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

from lantoa.lib.extract.scan import can_read_scans


def _absent(what: str) -> None:
    why = f"{what}: pip install lantoa[ocr], apt install tesseract-ocr-script-viet"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture
def pillow() -> Any:
    """Pillow's `Image` module."""
    try:
        return importlib.import_module("PIL.Image")
    except ImportError:
        _absent("Pillow is not installed")


@pytest.fixture
def scanning(pillow: Any) -> Any:
    """The simulator of scans."""
    assert pillow
    return importlib.import_module("lantoa.letters.scanning")


@pytest.fixture
def optical_reader(pillow: Any) -> None:
    """Tesseract with Vietnamese data."""
    assert pillow
    if not can_read_scans():
        _absent("Tesseract or its Vietnamese data is not installed")
