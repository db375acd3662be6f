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
from lantoa.content.makers.email import write_email_html, write_email_text
from lantoa.content.makers.feed import write_entry
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
from lantoa.content.makers.push import push_faults, write_push
from lantoa.content.makers.studio import PLAIN, Studio
from lantoa.content.makers.zns import write_zns, zns_faults
from lantoa.content.rules.kinds import KINDS, OPUS
from lantoa.content.rules.official import correction_notice, covering_letter
from lantoa.content.rules.script import reading_seconds
from lantoa.content.rules.slots import inert
from lantoa.content.rules.speech import speak
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.sms import gsm7_text, measure_sms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lantoa.content.makers.audio import BulletinAudio
    from lantoa.content.rules.piece import Piece
    from lantoa.lib.audio import Format

FEWEST_POINTS = 3
"""A piece that cannot say this many points at a size an old person reads is to be rewritten by a person."""
ROOT = Path(__file__).resolve().parents[2]
INPUTS = (
    "content/makers",
    "content/rules/speech*.py",
    "content/rules/script.py",
    "content/rules/pronunciation.toml",
    "content/rules/slots.py",
    "content/rules/limits.py",
    "content/rules/zns.py",
    "content/rules/official.py",
    "letters/writing",
    "lib/press.py",
    "lib/audio.py",
    "lib/chimes.py",
    "lib/sms/alphabet.py",
    "lib/sms/measure.py",
    "lib/splicing.py",
    "lib/voice",
)
SUFFIXES = frozenset({".py", ".typ", ".toml"})


@dataclass(frozen=True, slots=True)
class Made:
    """A rendering's bytes, and what can be measured of it: parts, seconds, alt text."""

    content: bytes
    details: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Files that go with it, by their ending: `.vtt`."""


def make(kind: str, piece: Piece, *, bleed_mm: float = 0, studio: Studio = PLAIN) -> Made:
    """Make one rendering. Audio is made in batches: see `make_audios`. Raises `PieceTooLongError`.

    A print piece may have a bleed, in millimetres, with crop marks: for a printing house that cuts the sheets.
    A bulletin is made the way of the agency's `studio`.
    """
    if kind in PRINTERS and bleed_mm:
        return _fitted(partial(PRINTERS[kind], bleed_mm=bleed_mm))(piece)
    if kind in AUDIO_KINDS:
        return make_audios([piece], [kind], studio)[0]
    return _script(piece, studio) if KINDS[kind].piece == "bulletin" else MAKERS[kind](piece)


def make_audios(pieces: Sequence[Piece], kinds: Sequence[str] = (), studio: Studio = PLAIN) -> list[Made]:
    """Bulletins as sound, together: a sentence they share is spoken once, and so is a bulletin in two formats.

    `kinds` are the rendering kinds of the pieces; MP3 is made of all without. Raises `VoiceError`, `ChimeError`.
    """
    if not pieces:
        return []
    wanted: list[Format] = ["opus" if KINDS[kind].media_type == OPUS else "mp3" for kind in kinds] or [
        "mp3" for _ in pieces
    ]
    formats: dict[tuple[str, str, str], dict[Format, None]] = {}
    keys = [(piece.text, piece.title, piece.publisher) for piece in pieces]
    for key, one in zip(keys, wanted, strict=True):
        formats.setdefault(key, {})[one] = None
    jobs = [BulletinJob(*key, formats=tuple(made)) for key, made in formats.items()]
    audios = dict(zip(formats, make_bulletin_audios(jobs, sound=studio.sound, speaker=studio.speaker()), strict=True))
    return [_sounding(audios[key], one) for key, one in zip(keys, wanted, strict=True)]


def _sounding(audio: BulletinAudio, form: Format) -> Made:
    """One file of a bulletin, with the words and their times beside it."""
    file = audio.files[form]
    details = {
        "seconds": round(file.seconds, 1),
        "transcript": audio.transcript,
        "unknown": list(audio.unknown),
        "voice": audio.engine,
        "loudness": round(file.levels.loudness, 1),
        "true_peak": round(file.levels.true_peak, 1),
        "timing": audio.timed.timing,
    }
    beside = {".vtt": audio.timed.to_webvtt().encode(), ".words.json": audio.timed.to_json().encode()}
    return Made(file.data, details, beside)


def hash_of(kind: str, piece: Piece, *, bleed_mm: float = 0, studio: Studio = PLAIN) -> str:
    """The rendering's name in the store: the same words made by the same makers are the same rendering."""
    form: dict[str, Any] = {"bleed_mm": bleed_mm} if bleed_mm else {}
    form |= studio.identity() if KINDS[kind].piece == "bulletin" else {}
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
            yield from sorted(one for one in files if one.suffix in SUFFIXES and "tests" not in one.parts)


def _sms(piece: Piece) -> Made:
    return _measured_sms(piece.text)


def _sms_unaccented(piece: Piece) -> Made:
    return _measured_sms(gsm7_text(piece.text))


def _measured_sms(text: str) -> Made:
    size = measure_sms(text)
    return Made(text.encode(), {"alphabet": size.alphabet, "units": size.units, "parts": size.parts})


def _script(piece: Piece, studio: Studio = PLAIN) -> Made:
    manner = studio.manner()
    seconds = reading_seconds(speak(piece.text, manner.table).text, manner.rate, manner.pauses) + manner.frame_seconds
    head = f"{piece.title}\n{piece.publisher}\nThời lượng đọc: khoảng {round(seconds)} giây\n\n"
    return Made((head + piece.text + "\n").encode(), {"seconds": round(seconds, 1)})


def _email(piece: Piece) -> Made:
    return Made(write_email_html(piece).encode(), {"subject": inert(piece.title), "text": write_email_text(piece)})


def _push(piece: Piece) -> Made:
    content = write_push(piece)
    return Made(content, _faults(push_faults(content)))


def _zns(piece: Piece) -> Made:
    """What its channel and previews need besides the file: the words as read, and how long each parameter may be."""
    most = {one.name: one.most for one in piece.parameters}
    return Made(write_zns(piece), {"text": piece.text, "most": most} | _faults(zns_faults(piece)))


def _faults(found: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What breaks a limit of the channel, for the check before release."""
    return {"faults": [list(fault) for fault in found]} if found else {}


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


AUDIO_KINDS = frozenset(name for name, kind in KINDS.items() if kind.media_type.startswith("audio/"))

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
    "email": _email,
    "push": _push,
    "zns": _zns,
    "feed_entry": _plain(write_entry),
    **{kind.name: _script for kind in KINDS.values() if kind.piece == "bulletin" and kind.name not in AUDIO_KINDS},
    **{name: partial(make, name) for name in sorted(AUDIO_KINDS)},
    **{kind: _fitted(printer) for kind, printer in PRINTERS.items()},
    "covering_letter": _plain(lambda piece: write_docx(compose(covering_letter(piece)))),
    "covering_letter_pdf": _plain(lambda piece: write_pdf(compose(covering_letter(piece)))),
    "correction_notice": _plain(lambda piece: write_docx(compose(correction_notice(piece)))),
    "correction_notice_pdf": _plain(lambda piece: write_pdf(compose(correction_notice(piece)))),
    "correction_sms": _sms,
    "correction_sms_unaccented": _sms_unaccented,
    "correction_email": _email,
    "correction_push": _push,
    "correction_zns": _zns,
}
