"""What may be printed of a letter: nothing that is in doubt and that nobody has settled (docs/decisions/0010-*)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.fields import HEADER, LISTS, MEMBERS, NEVER_ABSENT, field_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.letters.rules.letter import Letter

TOGETHER = (("number", "symbol"), ("date", "date_partial"))
"""Printed as one, so believed as one: half a number names another letter."""
PRINTED = ("doc_type", "number", "symbol", "issuer", "date", "date_partial", "subject", "place")
"""What of a letter enters content, letters and reports, or decides which facts do."""


def settled(letter: Letter) -> Letter:
    """The letter with every value left out that is in doubt: what may enter a rendering, a letter or a report.

    An item in doubt is left out whole; a letter whose type is in doubt is a letter of some type.
    """
    doubted = {field_of(doubt.field) for doubt in letter.doubts}
    for pair in TOGETHER:
        if doubted.intersection(pair):
            doubted.update(pair)
    header: dict[str, Any] = {name: None for name in HEADER if name in doubted and name not in NEVER_ABSENT}
    if "doc_type" in doubted:
        header["doc_type"] = "other"
    lists: dict[str, Any] = {name: tuple(_sure(letter, name, doubted)) for name in (*LISTS, *MEMBERS)}
    return replace(letter, **header, **lists, spans={}, doubts=())


def _sure(letter: Letter, name: str, doubted: set[str]) -> Iterator[Any]:
    """The items of a list nobody doubts, without those of their members somebody does."""
    if name in doubted:
        return
    for number, item in enumerate(getattr(letter, name)):
        path = f"{name}[{number}]"
        blank: dict[str, Any] = {
            member: () if kind in {"lines", "channels"} else None
            for member, kind in MEMBERS.get(name, {}).items()
            if f"{path}.{member}" in doubted
        }
        if path not in doubted and not any(f"{name}[].{member}" in NEVER_ABSENT for member in blank):
            yield replace(item, **blank) if blank else item


def printed_doubts(letter: Letter) -> list[str]:
    """The fields in doubt that would be printed if they were settled, in the order people read them."""
    doubted = {field_of(doubt.field) for doubt in letter.doubts}
    cited = sorted(path for path in doubted if path.startswith("cited_documents["))
    return [name for name in PRINTED if name in doubted] + cited
