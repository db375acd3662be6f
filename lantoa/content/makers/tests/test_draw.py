from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest

from lantoa.content.makers.form import PieceTooLongError
from lantoa.content.makers.image import draw_social_square, draw_social_wide, image_alt
from lantoa.content.makers.tests.builders import BARE, ENDLESS, ENGLISH, FULL, LONG, build
from lantoa.content.rules.piece import Piece

Drawer = Callable[[Piece], bytes]

SIZES = ((draw_social_wide, (1200, 630)), (draw_social_square, (1080, 1080)))
sizes = pytest.mark.parametrize(("drawer", "size"), SIZES, ids=["wide", "square"])


def read_size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def check_chunks(png: bytes) -> None:
    at = 8
    while at < len(png):
        (long,) = struct.unpack(">I", png[at : at + 4])
        (found,) = struct.unpack(">I", png[at + 8 + long : at + 12 + long])
        assert zlib.crc32(png[at + 4 : at + 8 + long]) == found
        at += 12 + long


@sizes
@pytest.mark.parametrize("piece", [FULL, BARE, ENGLISH, LONG], ids=["full", "bare", "english", "long"])
def test_images_are_whole_and_have_exactly_their_size(drawer: Drawer, size: tuple[int, int], piece: Piece) -> None:
    png = drawer(piece)
    assert read_size(png) == size
    check_chunks(png)


@sizes
def test_the_same_piece_gives_the_same_image(drawer: Drawer, size: tuple[int, int]) -> None:
    first = drawer(FULL)
    assert drawer(build(key_figure="08/6/2025")) != first
    assert drawer(FULL) == first
    assert read_size(first) == size


@sizes
def test_an_image_never_cuts_words_it_cannot_hold(drawer: Drawer, size: tuple[int, int]) -> None:
    with pytest.raises(PieceTooLongError, match="ảnh mạng xã hội"):
        drawer(ENDLESS)
    assert read_size(drawer(build(lead="Đọc thùng đo mưa. " * 30))) == size


def test_the_text_for_an_image_says_all_that_the_image_says() -> None:
    alt = image_alt(FULL)
    assert alt == (
        "Mỗi nhà ven sông ghi một số đo mưa. Bắt đầu ghi số đo từ ngày: 07/6/2025. "
        "Nhà ở ven sông đọc thùng đo mưa lúc bảy giờ sáng và báo số cho tổ trưởng trước tám giờ. "
        "Ủy ban nhân dân phường Bến Nghĩa."
    )
    assert image_alt(BARE) == "Mỗi nhà ven sông ghi một số đo mưa."
