"""Pages put straight: what the simulator did to a sheet is undone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lantoa.lib.extract import ExtractionError
from lantoa.lib.extract.pictures import frames
from lantoa.lib.extract.planes import FRAME, mapped, plane_between
from lantoa.lib.extract.rectifying import clear, draw_upright, find_upright, is_calm

if TYPE_CHECKING:
    from collections.abc import Callable


def sheet(pillow: Any, size: tuple[int, int] = (1000, 1414)) -> Any:
    """A page of straight lines of unequal words, its first line short and its last a single word."""
    random, dots = np.random.default_rng(5), np.full((size[1], size[0]), 250, np.uint8)
    for top in range(120, size[1] - 300, 34):
        left = 110
        while left < size[0] - 160:
            width = int(random.integers(12, 60))
            strokes = left + random.integers(0, width, width // 4)
            dots[top : top + 14, strokes] = 20
            left += width + 12
    return pillow.fromarray(dots)


def saved(image: Any, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_four_corners_fix_a_plane_map() -> None:
    corners = [(10, 20), (200, 30), (190, 300), (5, 280)]
    assert mapped(plane_between(FRAME, corners), FRAME) == pytest.approx(np.array(corners))


@pytest.mark.parametrize("tilt", [-7.0, -0.6, 0.0, 3.2])
def test_a_tilted_page_is_levelled(pillow: Any, tilt: float) -> None:
    page = sheet(pillow).rotate(-tilt, pillow.Resampling.BICUBIC, fillcolor=250)
    right, left = mapped(find_upright(page).plane, [(0.9, 0.5), (0.1, 0.5)]) * page.size
    assert np.degrees(np.arctan2(*(right - left)[::-1])) == pytest.approx(tilt, abs=0.15)


def test_a_page_on_its_side_is_turned(pillow: Any) -> None:
    upright = find_upright(sheet(pillow).rotate(90, expand=True))
    assert upright.aspect == pytest.approx(1.414, abs=0.03)


def test_a_page_on_a_dark_table_is_found(pillow: Any) -> None:
    page, corners = sheet(pillow), np.array([(130, 90), (1050, 150), (1010, 1400), (80, 1330)], float)
    back = plane_between(corners.tolist(), [(0, 0), (1000, 0), (1000, 1414), (0, 1414)])
    photo = page.transform((1160, 1500), pillow.Transform.PERSPECTIVE, back.ravel()[:8].tolist(), fillcolor=60)
    upright = find_upright(photo)
    assert upright.aspect == pytest.approx(297 / 210, abs=0.01)
    assert np.abs(mapped(upright.plane, FRAME) * photo.size - corners).max() < 25
    drawn = np.asarray(draw_upright(photo, upright, 800))
    assert np.median(drawn) > 230
    assert drawn[0].min() > 150


def test_a_red_stamp_and_a_shadow_are_gone_and_black_ink_stays(pillow: Any) -> None:
    dots = np.full((600, 400, 3), 240.0)
    dots[100:200, 100:200] = (210, 40, 50)
    dots[140:150, 120:180] = (30, 20, 20)
    dots *= np.linspace(1, 0.6, 400)[None, :, None]
    page = np.asarray(clear(pillow.fromarray(dots.astype(np.uint8))))
    assert page[110:130, 110:190].min() > 235
    assert page[142:148, 125:175].max() < 80
    assert page[400:, :].min() > 250


def test_a_dithered_page_is_smoothed_and_nothing_but_noise_is_told(pillow: Any) -> None:
    page = np.asarray(sheet(pillow), np.float32)
    grain = np.random.default_rng(1).uniform(0, 255, page.shape)
    dithered = pillow.fromarray(((page * 0.97 > grain) * 255).astype(np.uint8))
    assert not is_calm(dithered)
    assert is_calm(clear(dithered))
    stripes = pillow.fromarray(np.tile(np.repeat(np.array([0, 255], np.uint8), 4), (800, 100)))
    assert not is_calm(clear(stripes))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda pillow: saved(pillow.new("L", (100_000, 1)), "PNG"), "hình dạng"),
        (lambda pillow: saved(pillow.new("1", (9_000, 9_000)), "PNG"), "quá lớn"),
        (lambda pillow: saved(pillow.new("1", (30_000, 30_000)), "TIFF", compression="group4"), "quá lớn"),
        (lambda pillow: saved(sheet(pillow), "JPEG")[:9000], "hỏng"),
        (lambda pillow: saved(sheet(pillow), "PNG")[:3000], "hỏng"),
        (lambda _: b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "hỏng"),
        (lambda _: b"RIFF\x10\x00\x00\x00WEBPVP8 ", "hỏng"),
    ],
)
def test_pictures_that_are_broken_or_no_page_are_refused(
    pillow: Any, make: Callable[[Any], bytes], message: str
) -> None:
    with pytest.raises(ExtractionError, match=message):
        list(frames(make(pillow)))


def test_each_page_of_a_tiff_counts_and_of_an_animation_the_first(pillow: Any) -> None:
    page = sheet(pillow, (300, 420))
    more = {"save_all": True, "append_images": [pillow.new("L", (300, 420)), page]}
    assert len(list(frames(saved(page, "TIFF", **more)))) == 3
    assert len(list(frames(saved(page, "GIF", **more)))) == 1
    assert len(list(frames(saved(page, "WEBP", **more)))) == 1


def test_pictures_come_as_grey_or_colour_on_white_whatever_they_were(pillow: Any) -> None:
    clear_page = pillow.new("RGBA", (100, 140), (0, 0, 0, 0))
    deep = pillow.fromarray(np.full((140, 100), 65_535, np.uint16))
    for image in (clear_page, deep, pillow.new("1", (100, 140), 1), pillow.new("CMYK", (100, 140))):
        kind = "TIFF" if image.mode == "CMYK" else "PNG"
        (found,) = frames(saved(image, kind))
        assert found.mode in ("L", "RGB")
        assert np.asarray(found).min() >= 254
