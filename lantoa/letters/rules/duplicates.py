"""Whether two letters are one: found by what they say of themselves, and by their words.

A letter comes by mail in the morning as DOCX and in the afternoon as a scan; next month the same office sends a letter
with the same words, another number and another date. The first pair is one letter, the second is two. Words alone
cannot tell them apart, so words only find who must be compared (MinHash over the bare text, which survives a scan's
misread marks), and number, symbol, issuer, date and the figures in the text decide. What cannot be decided is left to
a person. How the limits were measured stands in docs/receiving.md.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from lantoa.letters.rules.doubts import reads_like_scan
from lantoa.letters.rules.letter import Doubt
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from lantoa.letters.rules.letter import Letter

BANDS, ROWS = 20, 4
"""A text leaves 20 marks of 4 hashes: two texts that share 70 % of their pieces share a mark in 99.6 % of cases."""
NEAR = 0.55
"""From this share of common pieces on, two texts are near-equal: a letter in another layout with 5 % of its signs
misread shares at least .52 (most of them .8), two letters that have nothing to do with each other at most .41."""
_DOUBT = "Có thể trùng với văn bản đã vào sổ"
_PIECE = 7
_WORDS_APART = 0.03
_SPELLED_ALIKE = 0.85
_LINE = 90
_LOOKED_AT = 3_000
_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20_200_305)  # any fixed start will do: marks that are kept must never change
_TIMES = _RANDOM.integers(1, int(_PRIME), BANDS * ROWS, dtype=np.uint64)[:, None]
_PLUS = _RANDOM.integers(0, int(_PRIME), BANDS * ROWS, dtype=np.uint64)[:, None]
_WORD = re.compile(r"[a-z0-9]+")
_PAGE_NUMBER = re.compile(r"^[\W_]*\d{1,3}[\W_]*$", re.MULTILINE)


class Likeness(Enum):
    """What two letters are to each other."""

    SAME = "same"
    """One letter that came twice."""
    RESEMBLES = "resembles"
    """Perhaps one letter: a person says."""
    DIFFERENT = "different"


@dataclass(frozen=True)
class Compared:
    """A letter as it is compared: what was read of it and the text it was read from."""

    letter: Letter
    text: str

    @cached_property
    def words(self) -> list[str]:
        """The words in plain small letters; page numbers left out."""
        return _WORD.findall(folded(_PAGE_NUMBER.sub("", self.text)))

    @cached_property
    def pieces(self) -> AbstractSet[str]:
        """Every stretch of seven signs of the words run together, so that neither spaces nor line ends matter."""
        run = "".join(self.words)
        return {run[start : start + _PIECE] for start in range(max(1, len(run) - _PIECE + 1))}

    @cached_property
    def is_scan(self) -> bool:
        """Whether its signs may be misread: the text bears the marks of optical reading, or its number is in doubt."""
        is_number_doubted = any(
            doubt.field == "number" and not doubt.why.startswith(_DOUBT) for doubt in self.letter.doubts
        )
        return is_number_doubted or reads_like_scan(self.text)


def resemblance(one: Compared, other: Compared) -> float:
    """How much of what two texts say they say both, 0..1 (Jaccard index of their pieces)."""
    return len(one.pieces & other.pieces) / len(one.pieces | other.pieces)


def text_marks(seen: Compared) -> tuple[int, ...]:
    """Marks of the text, signed 64 bits each: near-equal texts have at least one in common (MinHash in bands)."""
    hashes = np.fromiter((zlib.crc32(piece.encode()) for piece in seen.pieces), np.uint64, len(seen.pieces))
    least = _least(hashes % _PRIME).reshape(BANDS, ROWS)
    return tuple(_mark(f"text {band} ".encode() + row.tobytes()) for band, row in enumerate(least))


def _least(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """For each hash function, the least value over all pieces; a slice at a time, so that a long text takes no more."""
    slices = [hashes[start : start + 4096] for start in range(0, len(hashes), 4096)]
    least: NDArray[np.uint64] = np.min([((_TIMES * part + _PLUS) % _PRIME).min(axis=1) for part in slices], axis=0)
    return least


def identity_mark(letter: Letter, year: int) -> int | None:
    """Mark of number, symbol, issuer and year, which no two letters share (NĐ 30/2020, Điều 15).

    `year` is that of arrival, for a letter whose date cannot be read. None when number or issuer is not known.
    """
    if not letter.number or not letter.issuer:
        return None
    printed = (letter.date or letter.date_partial or "")[:4]
    said = (_number(letter.number), _bare(letter.symbol), _bare(letter.issuer), printed or str(year))
    return _mark("\n".join(("identity", *said)).encode())


def _mark(said: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big", signed=True)


def compare(new: Compared, old: Compared) -> Likeness:
    """What `new` is to `old`, which was registered before.

    One letter: number, date, symbol and issuer agree, the texts are near-equal, and no figure was exchanged for
    another. Two letters: their numbers differ by more than a scan may misread; or neither identity nor text brings
    them together. All else is for a person: the same number over another text, or near-equal
    texts of which one lacks its number, as a draft does, or a scan whose number was written by hand.
    """
    near = resemblance(new, old) >= NEAR
    if _is_identity_equal(new.letter, old.letter):
        is_one = near and new.letter.date == old.letter.date is not None and _says_the_same(new, old)
        return Likeness.SAME if is_one else Likeness.RESEMBLES
    if not near or _are_surely_two(new, old):
        return Likeness.DIFFERENT
    return Likeness.RESEMBLES


def exchanged(one: Compared, other: Compared, most: int = 12) -> list[tuple[str, str]]:
    """The stretches in which two texts differ, as printed in each: at most `most`, each cut to a line.

    Looked at are the first 3,000 words, some eight pages: longer texts would take seconds.
    """
    first, second = (text.split()[:_LOOKED_AT] for text in (one.text, other.text))
    plain, plain_other = ([folded(word).strip(".,;:") for word in words] for words in (first, second))
    matcher = SequenceMatcher(None, plain, plain_other, autojunk=False)
    changes = (code for code in matcher.get_opcodes() if code[0] != "equal")
    found = ((_line(first[a:b]), _line(second[c:d])) for _kind, a, b, c, d in changes)
    return list(islice(found, most))


def _line(words: list[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= _LINE else text[:_LINE].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Registered:
    """A letter that stands in the register: its number and day of arrival."""

    letter: Letter
    ordinal: int
    arrived_on: dt.date


def with_likeness(letter: Letter, old: Registered) -> Letter:
    """The letter with a doubt on its number: what it resembles, and where that stands in the register."""
    day = f"{old.arrived_on.day}/{old.arrived_on.month}/{old.arrived_on.year}"
    said = f"số {old.letter.number_symbol}" if old.letter.number_symbol else "không đọc được số"
    why = f"{_DOUBT} ngày {day}, số đến {old.ordinal} ({said}); hãy mở hai bản và cho biết có phải một không."
    return replace(letter, doubts=(Doubt("number", why), *letter.doubts))


def without_likeness(letter: Letter) -> Letter:
    """The letter without that doubt: a person has settled it."""
    return replace(letter, doubts=tuple(doubt for doubt in letter.doubts if not doubt.why.startswith(_DOUBT)))


def _is_identity_equal(new: Letter, old: Letter) -> bool:
    """Whether number and year agree, and symbol and issuer but for a sign misread."""
    if not new.number or not old.number or _number(new.number) != _number(old.number):
        return False
    years = [(letter.date or letter.date_partial or "")[:4] for letter in (new, old)]
    if all(years) and years[0] != years[1]:
        return False
    return _is_alike(new.symbol, old.symbol) and _is_alike(new.issuer, old.issuer)


def _are_surely_two(new: Compared, old: Compared) -> bool:
    """Whether numbers or dates differ for certain: typed, or by more than one digit misread, or both of them."""
    first, second = _number(new.letter.number), _number(old.letter.number)
    dates_differ = bool(new.letter.date and old.letter.date) and new.letter.date != old.letter.date
    is_scan = new.is_scan or old.is_scan
    if not first or not second or first == second:
        return dates_differ and not is_scan
    return not is_scan or dates_differ or not _is_one_digit_apart(first, second)


def _is_one_digit_apart(first: str, second: str) -> bool:
    if len(first) == len(second):
        return sum(one != other for one, other in zip(first, second, strict=True)) <= 1
    short, long = sorted((first, second), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _says_the_same(new: Compared, old: Compared) -> bool:
    """No figure was exchanged for another; and, where neither was scanned, hardly a word."""
    only_new, only_old = Counter(new.words) - Counter(old.words), Counter(old.words) - Counter(new.words)
    if any(map(str.isdecimal, only_new)) and any(map(str.isdecimal, only_old)):
        return False
    if new.is_scan or old.is_scan:
        return True
    return only_new.total() + only_old.total() <= _WORDS_APART * (len(new.words) + len(old.words))


def _is_alike(one: str | None, other: str | None) -> bool:
    """Whether two names are spelled alike; one that could not be read does not count against."""
    first, second = _bare(one), _bare(other)
    return not first or not second or SequenceMatcher(None, first, second).ratio() >= _SPELLED_ALIKE


def _number(number: str | None) -> str:
    return _bare(number).lstrip("0")


def _bare(text: str | None) -> str:
    return "".join(_WORD.findall(folded(text or "")))
