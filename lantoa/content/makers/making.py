"""Which maker makes which rendering kind: finished words in, the file's bytes and its figures out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.content.makers.article import write_article
from lantoa.content.makers.audio import BulletinJob, make_bulletin_audios
from lantoa.content.makers.form import PieceTooLongError
from lantoa.content.makers.image import draw_social_square, draw_social_wide, image_alt
from lantoa.content.makers.paper import (
    print_board_notice,
    print_briefing,
    print_doorstep_card,
    print_leaflet,
    print_poster,
    print_poster_a4,
    print_qa_sheet,
    print_staff_slides,
)
from lantoa.content.makers.post import write_social_post
from lantoa.content.rules.official import correction_notice, covering_letter
from lantoa.content.rules.script import Manner, reading_seconds
from lantoa.content.rules.speech import speak
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.sms import measure_sms
from lantoa.lib.vietnamese import unaccented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lantoa.content.rules.piece import Piece

FEWEST_POINTS = 3
"""A piece that cannot say this many points at a size an old person reads is to be rewritten by a person."""
ROOT = Path(__file__).resolve().parents[2]
INPUTS = (
    "content/makers",
    "content/rules/speech*.py",
    "content/rules/script.py",
    "content/rules/official.py",
    "letters/writing",
    "lib/press.py",
    "lib/audio.py",
    "lib/voice",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A rendering's bytes, and what can be measured of it: parts, seconds, alt text."""

    content: bytes
    details: Mapping[str, Any] = field(default_factory=dict)


def make(kind: str, piece: Piece, *, bleed_mm: float = 0) -> Made:
    """Make one rendering. Audio is made in batches: see `make_audios`. Raises `PieceTooLongError`.

    A print piece may have a bleed, in millimetres, with crop marks: for a printing house that cuts the sheets.
    """
    if kind in PRINTERS and bleed_mm:
        return _fitted(partial(PRINTERS[kind], bleed_mm=bleed_mm))(piece)
    return MAKERS[kind](piece)


def make_audios(pieces: Sequence[Piece]) -> list[Made]:
    """Bulletins as sound, together: a sentence they share is spoken once."""
    jobs = [BulletinJob(piece.text, piece.title, piece.publisher) for piece in pieces]
    return [
        Made(
            audio.mp3,
            {
                "seconds": round(audio.seconds, 1),
                "transcript": audio.transcript,
                "unknown": list(audio.unknown),
                "voice": audio.engine,
            },
        )
        for audio in make_bulletin_audios(jobs)
    ]


def hash_of(kind: str, piece: Piece, *, bleed_mm: float = 0) -> str:
    """The rendering's name in the store: the same words made by the same makers are the same rendering."""
    form = {"bleed_mm": bleed_mm} if bleed_mm else {}
    inputs = json.dumps([kind, fingerprint(), piece.to_json(), *form.items()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(inputs.encode()).hexdigest()


@cache
def fingerprint() -> str:
    """The makers' own version: a hash of their code and templates, so that a mended template makes its pieces anew."""
    digest = hashlib.sha256()
    for path in _input_files():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    for pattern in INPUTS:
        for found in sorted(ROOT.glob(pattern)):
            files = found.rglob("*") if found.is_dir() else [found]
            yield from sorted(path for path in files if path.suffix in {".py", ".typ"} and "tests" not in path.parts)


def _sms(piece: Piece) -> Made:
    return _measured_sms(piece.text)


def _sms_unaccented(piece: Piece) -> Made:
    return _measured_sms(unaccented(piece.text))


def _measured_sms(text: str) -> Made:
    size = measure_sms(text)
    return Made(text.encode(), {"alphabet": size.alphabet, "units": size.units, "parts": size.parts})


def _script(piece: Piece) -> Made:
    seconds = reading_seconds(speak(piece.text).text) + Manner().frame_seconds
    head = f"{piece.title}\n{piece.publisher}\nThời lượng đọc: khoảng {round(seconds)} giây\n\n"
    return Made((head + piece.text + "\n").encode(), {"seconds": round(seconds, 1)})


def _image(draw: Callable[[Piece], bytes]) -> Callable[[Piece], Made]:
    return lambda piece: Made(draw(piece), {"alt": image_alt(piece)})


def _fitted(print_piece: Callable[[Piece], bytes]) -> Callable[[Piece], Made]:
    """Make a print piece with as much of it as fits: the last questions go first, then the last points.

    What was left out stands in the details. Raises `PieceTooLongError` when even the fewest points do not fit.
    """

    def made(piece: Piece) -> Made:
        whole = len(piece.questions) + max(0, len(piece.points) - FEWEST_POINTS)
        fits, best = whole + 1, b""
        low, high = 0, whole
        while low <= high:
            drop = low if low == 0 else (low + high) // 2  # the whole piece first: most fit
            try:
                best, fits, high = print_piece(_without(piece, drop)), drop, drop - 1
            except PieceTooLongError:
                if drop == whole:
                    raise
                low = drop + 1
        left_out = [point.heading for point in (*piece.points, *piece.questions)][-fits:] if fits else []
        return Made(best, {"left_out": left_out} if left_out else {})

    return made


def _without(piece: Piece, drop: int) -> Piece:
    """The piece without its last `drop` questions and, past those, points."""
    questions = min(drop, len(piece.questions))
    points = drop - questions
    return replace(
        piece,
        questions=piece.questions[: len(piece.questions) - questions],
        points=piece.points[: len(piece.points) - points],
    )


def _plain(make_bytes: Callable[[Piece], bytes]) -> Callable[[Piece], Made]:
    return lambda piece: Made(make_bytes(piece))


PRINTERS: dict[str, Callable[..., bytes]] = {
    "leaflet": print_leaflet,
    "poster": print_poster,
    "poster_a4": print_poster_a4,
    "board_notice": print_board_notice,
    "staff_slides": print_staff_slides,
    "briefing": print_briefing,
    "doorstep_card": print_doorstep_card,
    "qa_sheet": print_qa_sheet,
}
"""What is typeset on paper of its own size, and may have a bleed."""

MAKERS: dict[str, Callable[[Piece], Made]] = {
    "article": _plain(lambda piece: write_article(piece).encode()),
    "social_post": _plain(lambda piece: write_social_post(piece).encode()),
    "social_image_wide": _image(draw_social_wide),
    "social_image_square": _image(draw_social_square),
    "sms": _sms,
    "sms_unaccented": _sms_unaccented,
    "script": _script,
    "audio": lambda piece: make_audios([piece])[0],
    **{kind: _fitted(printer) for kind, printer in PRINTERS.items()},
    "covering_letter": _plain(lambda piece: write_docx(compose(covering_letter(piece)))),
    "covering_letter_pdf": _plain(lambda piece: write_pdf(compose(covering_letter(piece)))),
    "correction_notice": _plain(lambda piece: write_docx(compose(correction_notice(piece)))),
    "correction_notice_pdf": _plain(lambda piece: write_pdf(compose(correction_notice(piece)))),
}
