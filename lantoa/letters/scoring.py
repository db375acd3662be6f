"""How well letters were read: header fields against what was meant, as F1 (harmonic mean of precision and recall)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.letters.flattening import flatten, layout_of
from lantoa.letters.generating import generate_letter
from lantoa.letters.noising import noised
from lantoa.letters.rules.reading import NotALetter, read_letter
from lantoa.letters.writing.composing import compose
from lantoa.lib.vietnamese import with_modern_tones

if TYPE_CHECKING:
    from lantoa.letters.rules.letter import Letter

HEADER = ("doc_type", "issuer", "parent_issuer", "number", "symbol", "place", "date", "subject", "signing_authority",
          "signer_title", "signer_name")  # fmt: skip
_ALMOST = {"issuer": 0.85, "parent_issuer": 0.85, "place": 0.85, "subject": 0.9, "signing_authority": 0.9,
           "signer_title": 0.9}  # fmt: skip
"""Least share of words in common, for fields a person would take for right though a letter is wrong in them."""


@dataclass(slots=True)
class Score:
    """Values right, wrong and missed, by field; `total` is F1 over all of them."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    """Values wrong and not in doubt: the worst error there is."""

    def f1(self, name: str | None = None) -> float:
        """F1 of one field, or of the whole header; 1 when there was nothing to read and nothing was read."""
        right, wrong, missed = (
            counts[name] if name else counts.total() for counts in (self.right, self.wrong, self.missed)
        )
        return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0

    def add(self, meant: Letter, read: Letter | None) -> None:
        """Count the header fields of one letter; None is a letter that could not be read at all."""
        doubted = {doubt.field for doubt in read.doubts} if read else set()
        for name in HEADER:
            wanted, found = getattr(meant, name), getattr(read, name) if read else None
            if found and wanted and is_right(name, wanted, found):
                self.right[name] += 1
                continue
            self.missed[name] += bool(wanted)
            self.wrong[name] += bool(found)
            self.silent[name] += bool(found) and name not in doubted


def is_right(name: str, meant: str, read: str) -> bool:
    """Whether a value read is the value meant, but for case, white space, the place of tones and leading zeros."""
    first, second = (_words(value) for value in (meant, read))
    if name in {"number", "symbol"}:
        return "".join(first).lstrip("0") == "".join(second).lstrip("0")
    return first == second or _shared(first, second) >= _ALMOST.get(name, 2)


def _words(value: str) -> list[str]:
    return with_modern_tones(value).casefold().replace("/", " / ").replace("-", " - ").split()


def _shared(first: list[str], second: list[str]) -> float:
    """F1 of two lists of words."""
    common = (Counter(first) & Counter(second)).total()
    return 2 * common / (len(first) + len(second))


def score_generated(count: int, rate: float = 0.0, seed: int = 0) -> Score:
    """Read `count` generated letters, flattened in as many layouts, with `rate` (0..1) of their characters misread."""
    score = Score()
    for place in range(seed, seed + count):
        meant = generate_letter(place)
        text = noised(flatten(compose(meant), layout_of(place)), rate, place)
        try:
            read = read_letter(text)
        except NotALetter:
            read = None
        score.add(meant, read)
    return score


def header_f1(n: int, rate: float = 0.0, seed: int = 0) -> float:
    """F1 over all header fields of `n` generated letters in many layouts, with `rate` (0..1) of character noise."""
    return score_generated(n, rate, seed).f1()
