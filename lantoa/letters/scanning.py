"""Simulated scans: a printed letter as the copier or the telephone of an office would send it, on a seed.

For the reader's own tests and benches: what was printed is known letter for letter, so what is read from the scan
can be measured. Needs Pillow (the extra `ocr`).
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from lantoa.lib.extract.planes import FRAME, mapped, plane_between, turning

_FONT = Path(__file__).parents[1] / "lib" / "fonts" / "Tinos-Bold.ttf"
_MM = 1 / 25.4
_RED, _BLUE, _TABLE = (205, 30, 45), (35, 45, 140), (62, 48, 40)
_FINE = 200
"""Dots an inch at which stamp and pen are drawn, whatever the scan's own."""


@dataclass(frozen=True, slots=True)
class ScanLook:
    """What happened to the paper between the printer and us; the plain look is a clean grey scan at 200 dpi."""

    seed: int = 0
    dpi: int = 200
    tilt: float = 0.0
    """Degrees clockwise the sheet lies askew on the glass."""
    quarter_turns: int = 0
    """How often it was put in turned by 90° clockwise."""
    perspective: float = 0.0
    """0 for a scanner; above it a photograph on a dark table, corners off by up to this share of the page."""
    blur: float = 0.0
    """Radius in dots."""
    noise: float = 0.0
    """Standard deviation of each dot's grey, of 255."""
    shade: float = 0.0
    """Share of light missing in the darkest corner."""
    jpeg: int = 0
    """Quality of a lossy copy on the way, 0 for none."""
    stamp: bool = False
    signature: bool = False


LOOKS = {
    "clean": ScanLook(),
    "office": ScanLook(tilt=0.8, blur=0.5, noise=6, jpeg=55, stamp=True, signature=True),
    "poor": ScanLook(dpi=150, tilt=-1.6, blur=0.6, noise=14, shade=0.15, jpeg=45, stamp=True, signature=True),
    "turned": ScanLook(dpi=200, tilt=2.5, quarter_turns=1, noise=6, stamp=True, signature=True),
    "upside_down": ScanLook(dpi=200, tilt=-3.5, quarter_turns=2, noise=6, stamp=True, signature=True),
    "photo": ScanLook(
        dpi=220, tilt=2.0, perspective=0.06, blur=0.8, noise=6, shade=0.45, jpeg=75, stamp=True, signature=True
    ),
}
"""Looks met in an office, by name."""


def scanned(pdf: bytes, look: ScanLook) -> list[bytes]:
    """Return the pages of a PDF as PNG pictures of that look; the same seed gives the same pictures."""
    pages = []
    for page in scanned_pages(pdf, look):
        out = io.BytesIO()
        page.save(out, "PNG", dpi=(look.dpi, look.dpi), compress_level=1)
        pages.append(out.getvalue())
    return pages


def scanned_pdf(pdf: bytes, look: ScanLook) -> bytes:
    """Return the scan as the PDF a copier makes: one picture a page and no text."""
    first, *rest = scanned_pages(pdf, look)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=look.dpi, quality=look.jpeg or 90)
    return out.getvalue()


def scanned_pages(pdf: bytes, look: ScanLook) -> list[Image.Image]:
    """Return the pages as Pillow pictures, in colour where there is any."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = len(document)
        return [
            _seen(_printed(document[place], look, is_last=place == count - 1), replace(look, seed=look.seed + place))
            for place in range(count)
        ]
    finally:
        document.close()


def _printed(page: pypdfium2.PdfPage, look: ScanLook, *, is_last: bool) -> Image.Image:
    sheet: Image.Image = page.render(scale=look.dpi / 72).to_pil().convert("RGB")
    if is_last and (look.stamp or look.signature):
        x, y = _signer(page)
        spot = (x * look.dpi / 72, y * look.dpi / 72)
        ink = Image.new("RGB", sheet.size, "white")
        if look.signature:
            _sign(ink, spot, look)
        if look.stamp:
            _stamp(ink, spot, look)
        sheet = ImageChops.multiply(sheet, ink)
    return sheet


def _signer(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Middle of the lowest line in the right half, in points from the top left: the name under the signature."""
    layer = page.get_textpage()
    boxes = [layer.get_rect(place) for place in range(layer.count_rects())]
    layer.close()
    width, height = page.get_size()
    right = [box for box in boxes if (box[0] + box[2]) / 2 > width / 2] or [(width / 2, 120, width, 130)]
    left, bottom, edge, top = min(right, key=lambda box: box[1])
    return (left + edge) / 2, height - (bottom + top) / 2


def _sign(ink: Image.Image, spot: tuple[float, float], look: ScanLook) -> None:
    """Draw a pen's loops above the name, their tail running into it."""
    random, inch = np.random.default_rng(look.seed), look.dpi
    time = np.linspace(0, 1, 240)
    waves = random.uniform(0.3, 1.0, 6)
    x = spot[0] + inch * ((time - 0.5) * 1.3 + 0.12 * np.sin(time * 22 + waves[0] * 6))
    y = spot[1] - inch * (0.42 + 0.25 * waves[1] * np.sin(time * 31 + waves[2] * 6) - 0.3 * waves[3] * time)
    width = max(1, round(0.5 * _MM * inch))
    ImageDraw.Draw(ink).line([(float(a), float(b)) for a, b in zip(x, y, strict=True)], fill=_BLUE, width=width)


def _stamp(ink: Image.Image, spot: tuple[float, float], look: ScanLook) -> None:
    """Press a round red stamp over the left third of the signature, as NĐ 30/2020, Phụ lục I, mục II.8 has it."""
    random, dot = np.random.default_rng(look.seed + 1), _FINE * _MM
    side = round(38 * dot)
    seal = Image.new("L", (side, side), 0)
    draw, middle = ImageDraw.Draw(seal), side / 2
    for radius, width in ((18, 0.9), (16.6, 0.4), (11, 0.4)):
        reach = radius * dot
        box = (middle - reach, middle - reach, middle + reach, middle + reach)
        draw.ellipse(box, outline=255, width=max(1, round(width * dot)))
    _write_round(seal, "ỦY BAN NHÂN DÂN • TỈNH ĐỒNG MẪU • ", 13.8 * dot, round(3.6 * dot))
    star = [
        (middle + reach * dot * math.sin(turn), middle - reach * dot * math.cos(turn))
        for place in range(10) for reach, turn in ((8 if place % 2 == 0 else 3.2, place * math.pi / 5),)
    ]
    draw.polygon(star, outline=255, width=max(1, round(0.5 * dot)))
    worn = Image.fromarray((np.clip(random.normal(0.72, 0.16, (side, side)), 0, 1) * 255).astype(np.uint8))
    seal = ImageChops.multiply(seal, worn.filter(ImageFilter.GaussianBlur(1)))
    seal = seal.rotate(float(random.uniform(-12, 12)), Image.Resampling.BICUBIC)
    shown = round(38 * look.dpi * _MM)
    seal = seal.resize((shown, shown), Image.Resampling.LANCZOS)
    at = (round(spot[0] - 0.9 * look.dpi - shown / 2), round(spot[1] - 0.45 * look.dpi - shown / 2))
    under = ink.crop((*at, at[0] + shown, at[1] + shown))
    ink.paste(Image.composite(Image.new("RGB", seal.size, _RED), under, seal), at)


def _write_round(seal: Image.Image, words: str, radius: float, height: int) -> None:
    font = ImageFont.truetype(str(_FONT), height)
    for place, letter in enumerate(words):
        turn = 2 * math.pi * place / len(words)
        glyph = Image.new("L", (2 * height, 2 * height), 0)
        ImageDraw.Draw(glyph).text((height, height), letter, 255, font, anchor="mm")
        glyph = glyph.rotate(-math.degrees(turn), Image.Resampling.BICUBIC)
        x, y = seal.width / 2 + radius * math.sin(turn), seal.height / 2 - radius * math.cos(turn)
        at = (round(x) - height, round(y) - height)
        seal.paste(ImageChops.lighter(seal.crop((*at, at[0] + 2 * height, at[1] + 2 * height)), glyph), at)


def _seen(sheet: Image.Image, look: ScanLook) -> Image.Image:
    """Pass a printed sheet through the glass or the lens."""
    random = np.random.default_rng(look.seed + 2)
    is_photo = look.perspective > 0
    seen = _laid(sheet, look, random) if is_photo else _askew(sheet, look)
    if look.quarter_turns % 4:
        seen = seen.rotate(-90 * (look.quarter_turns % 4), expand=True)
    if look.blur:
        seen = seen.filter(ImageFilter.GaussianBlur(look.blur))
    seen = _lit(seen, look, random)
    if not (look.stamp or look.signature or is_photo):
        seen = seen.convert("L")
    if look.jpeg:
        copy = io.BytesIO()
        seen.save(copy, "JPEG", quality=look.jpeg)
        seen = Image.open(copy)
        seen.load()
    return seen


def _askew(sheet: Image.Image, look: ScanLook) -> Image.Image:
    """Turn the sheet on the glass; what leaves the glass is cut off, what is bare shows the white lid."""
    if not look.tilt:
        return sheet
    return sheet.rotate(-look.tilt, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))


def _laid(sheet: Image.Image, look: ScanLook, random: np.random.Generator) -> Image.Image:
    """Lay the sheet on a dark table and look at it from a hand's height."""
    width, height = sheet.size
    turn, (across, down) = turning(look.tilt, sheet.size)
    corners = mapped(turn, [(x * width, y * height) for x, y in FRAME])
    corners += random.uniform(-1, 1, (4, 2)) * look.perspective * width + (0.10 * across, 0.08 * down)
    size = (round(1.20 * across), round(1.16 * down))
    grain = random.normal(0, 9, (size[1] // 8 + 1, size[0] // 8 + 1, 1)) + np.array(_TABLE)
    table = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    back = plane_between(corners.tolist(), [(x * width, y * height) for x, y in FRAME])
    flat = (back / back[2, 2]).ravel()[:8].tolist()
    paper = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, (232, 228, 218)))
    mask = Image.new("L", sheet.size, 255)
    laid = paper.transform(size, Image.Transform.PERSPECTIVE, flat, Image.Resampling.BICUBIC)
    return Image.composite(laid, table, mask.transform(size, Image.Transform.PERSPECTIVE, flat))


def _lit(seen: Image.Image, look: ScanLook, random: np.random.Generator) -> Image.Image:
    """Take light from one side and add the grain of the sensor."""
    if not (look.shade or look.noise):
        return seen
    dots = np.asarray(seen, np.float32)
    height, width = dots.shape[:2]
    turn = random.uniform(0, 2 * math.pi)
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)[:, None]
    fall = (across * math.cos(turn) + down * math.sin(turn)) / 1.42
    light = 1 - look.shade * (fall + 1) / 2
    dots = dots * light[:, :, None].astype(np.float32)
    dots += np.float32(look.noise) * random.standard_normal((height, width, 1), dtype=np.float32)
    return Image.fromarray(np.clip(dots, 0, 255).astype(np.uint8))
