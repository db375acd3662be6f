"""Finding rows by words typed with or without accents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lantoa.lib.vietnamese import unaccented

if TYPE_CHECKING:
    from collections.abc import Iterable


def folded(text: str) -> str:
    """Text as searched: no accents, lower case."""
    return unaccented(text).casefold()


def matching(words: str, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """The first cell (a key) of rows whose other cells hold every word."""
    wanted = folded(words).split()
    found = []
    for key, *cells in rows:
        text = folded(" ".join(str(cell) for cell in cells if cell))
        if all(word in text for word in wanted):
            found.append(key)
    return found
