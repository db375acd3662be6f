"""How likely each value is right: where it was read, and what doubts there are.

A value that stands where the decree puts it, in a text without the marks of a scan, has the share of such values that
were right in the letters the reader was measured on; a doubt leaves it less, below .8.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lantoa.letters.rules.letter import Letter

_HEADER = ("doc_type", "issuer", "parent_issuer", "number", "symbol", "place", "date", "date_partial", "subject",
           "signing_authority", "signer_title", "signer_name")  # fmt: skip
_LISTS = ("addressees", "recipients_lines", "attachments", "tasks", "changes", "cited_documents")
_TASK = ("assignees", "channels", "deadline", "evidence", "report_to", "report_deadline")
_CITED = ("number_symbol", "date", "issuer", "title")
_CERTAIN = 0.99
_USUAL = {
    "purpose": 0.85, "attachments": 0.75, "changes": 0.85, "tasks": 0.88, "recipients_lines": 0.98, "addressees": 0.98,
    "cited_documents": 0.98,
}  # fmt: skip
"""What is read out of running text, or by its place among other lines, is less certain than a labelled value."""
_SCANNED = 0.9
"""What is left of it in a text that bears the marks of a scan."""
_PART = re.compile(r"[.\[]")


def rate(letter: Letter, levels: Mapping[str, float], *, scanned: bool) -> dict[str, float]:
    """Give the confidence (0..1) of each value of a letter by its field path; `levels` are what its doubts leave."""
    return {path: _rate(path, levels, scanned=scanned) for path in _paths(letter)}


def _rate(path: str, levels: Mapping[str, float], *, scanned: bool) -> float:
    usual = _USUAL.get(_PART.split(path, 1)[0], _CERTAIN)
    usual = usual * _SCANNED if scanned else usual
    return round(min([usual, *(levels[above] for above in _ancestors(path) if above in levels)]), 3)


def _ancestors(path: str) -> Iterator[str]:
    """A path and those it lies in: `tasks[0].deadline`, `tasks[0]`, `tasks`."""
    yield path
    for found in reversed(list(_PART.finditer(path))):
        yield path[: found.start()]


def _paths(letter: Letter) -> Iterator[str]:
    for name in (*_HEADER, "purpose"):
        if getattr(letter, name):
            yield name
    for name in _LISTS:
        for index, item in enumerate(getattr(letter, name)):
            yield f"{name}[{index}]"
            yield from (f"{name}[{index}].{part}" for part in _parts(name, item))


def _parts(name: str, item: Any) -> Iterator[str]:
    for part in {"tasks": _TASK, "cited_documents": _CITED}.get(name, ()):
        if getattr(item, part):
            yield part
