"""What extraction gives, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.lib.extract.boxes import Boxes

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 60_000_000
"""Largest file read, and largest size a compressed file may unpack to, in bytes."""


class ExtractionError(ValueError):
    """A file that cannot be read. The message, in Vietnamese, says what is wrong and what to do next."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside another: its name, its bytes, and its text when it could be read."""

    name: str
    data: bytes
    format: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file (NFC), the offsets where its pages begin (the first 0), and what it was.

    Files with pages (PDF, pictures) also say where each word stands; what optical reading was unsure of is `shaky`.
    """

    text: str
    page_starts: tuple[int, ...] = (0,)
    format: str = "txt"
    attachments: tuple[Attachment, ...] = ()
    boxes: Boxes = field(default_factory=Boxes)
    shaky: tuple[tuple[int, int], ...] = ()
    """Offsets `[start, end)` of words read by optical reading that are likely wrong, in the order of the text."""
    envelope: Mapping[str, object] | None = None
    """What the envelope around a letter says of it (edXML); its keys: `lantoa.lib.extract.envelopes`."""


def joined_row(cells: list[str]) -> str:
    """Lay out the cells of a table's row: side by side when each is one line, else one cell under another.

    The head and the foot of a letter are tables of two columns with several lines each; reading one column after
    the other keeps every line whole.
    """
    kept = [cell.strip() for cell in cells]
    if any("\n" in cell for cell in kept):
        return "\n".join(cell for cell in kept if cell)
    return " | ".join(kept) if any(kept) else ""
