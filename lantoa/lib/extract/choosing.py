"""The letter among the files of a container, and safe names for them all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.lib.extract.document import Attachment, Extracted, ExtractionError
from lantoa.lib.vietnamese import folded, nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Read = Callable[[bytes, str], Extracted]
    """Reads a file found inside another; the second argument forces a format (`html`), empty to let bytes decide."""

_MARKS = (
    re.compile("cong hoa xa hoi"),
    re.compile(r"doc lap\W{1,5}tu do"),
    re.compile("kinh gui"),
    re.compile("noi nhan"),
    re.compile(r"\bso ?:? {0,20}\d{0,6} ?/"),
    re.compile("luu ?:? ?vt"),
)
_LEAST_FOR_BODY = 3
_MOST_FILES = 50
_LONGEST_NAME = 120
_PICTURE = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM", b"RIFF")
_NO_TEXT = "Không có tệp nào bên trong đọc được. Hãy gửi riêng tệp công văn, hoặc dán nội dung công văn."


@dataclass(frozen=True, slots=True)
class Part:
    """A file found in a container: its name as stated there, and its bytes."""

    name: str
    data: bytes


def safe_name(stated: str, place: int) -> str:
    """Make a name that is only a name: no folders, no signs that hide what it is; else `tep-<place>`."""
    last = re.split(r"[/\\]", stated)[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    name = nfc(" ".join(shown.split())).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > _LONGEST_NAME:
        kept = dot + ending if len(ending) < 8 else ""
        name = (stem if kept else name)[: _LONGEST_NAME - len(kept)] + kept
    return name or f"tep-{place}"


def choose_letter(body: str, parts: Iterable[Part], kind: str, read: Read) -> Extracted:
    """Read the files and give the one that bears most marks of a letter, the body when it is itself the letter.

    All files stand in `attachments`, with their text where it could be read. Pictures are read only when no other
    file is a letter, for they take long and are mostly logos. Raises `ExtractionError` when nothing has text.
    """
    kept = [Part(safe_name(part.name, place), part.data) for place, part in enumerate(parts, 1) if place <= _MOST_FILES]
    found: dict[int, Extracted] = {}
    for wants_pictures in (False, True):
        if wants_pictures and any(_marks(one.text) > 1 for one in found.values()):
            break
        for place, part in enumerate(kept):
            if part.data.startswith(_PICTURE) == wants_pictures:
                _try(found, place, part, read)
    listed = tuple(
        Attachment(part.name, part.data, *((found[place].format, found[place].text) if place in found else ()))
        for place, part in enumerate(kept)
    )
    best = max(found.values(), key=lambda one: _marks(one.text), default=None)
    if best is None or (body.strip() and _prefers_body(body, best.text)):
        best = Extracted(body)
    if not best.text.strip():
        raise ExtractionError(_NO_TEXT)
    return replace(best, format=kind, attachments=listed)


def _try(found: dict[int, Extracted], place: int, part: Part, read: Read) -> None:
    try:
        found[place] = read(part.data, "")
    except ExtractionError:
        return


def _prefers_body(body: str, best: str) -> bool:
    """Whether the letter is the body: a covering note says `Kính gửi` too, but has no other mark."""
    marks = _marks(body)
    return marks > _marks(best) if marks >= _LEAST_FOR_BODY else _marks(best) == 0


def _marks(text: str) -> int:
    plain = folded(text)
    return sum(mark.search(plain) is not None for mark in _MARKS)
