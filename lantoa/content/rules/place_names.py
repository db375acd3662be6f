"""Names of places in a text, in whatever way a name is written or said.

A name may hold a number (`Phường 12`, `Tổ dân phố số 7`, `Phường Hải Châu II`): it is a name there and no figure, and
only there. A bulletin says it in words, a heading in capitals, a table as `P.12` or `TDP 7`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from lantoa.content.rules.findings import fold
from lantoa.content.rules.speech_numbers import read_roman, say_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_SPACE = re.compile(r"[^\S\n]*\n?[^\S\n]*")
_ANY_SPACE = r"\s+"
_ON = re.compile(r"\w|[./,:\-\u2010-\u2015]\d|\s?(?:%|(?:phan tram|muoi|tram|nghin|ngan|trieu|ty|ti)(?!\w))")
"""What goes on after a number and makes it another one: `phường 12/9`, `phường 12.000`, `phường mười hai nghìn`."""
_HEADS = {
    "phuong": "p", "xa": "x", "quan": "q", "huyen": "h", "thanh pho": "tp", "thi xa": "tx", "thi tran": "tt",
    "to dan pho": "tdp", "khu pho": "kp",
}  # fmt: skip
_NOUNS = [tuple(head.split()) for head in _HEADS if head not in {"to dan pho", "khu pho"}]
_KINDS = frozenset(
    {
        *(head.split()[0] for head in _HEADS), *_HEADS.values(), "tinh", "dac", "to", "khu", "thon", "ap", "ban", "xom",
        "lang", "buon", "bon", "soc", "khoi", "cum",
    }
)  # fmt: skip
"""What the name of a territory begins with."""
_NUMBERED = "so"
"""`Tổ dân phố số 7` is also called `tổ dân phố 7`."""

_AROUND = 150
"""Characters on each side of a number in which the name it belongs to begins and ends."""
_LARGEST = 9999
_MOST_TOKENS = 24

Token = tuple[str, int, int]
"""A word or number, folded, and where it stands."""
Step = tuple[str, str]
"""What parts a token from the one before (nothing for white space), and the token."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A name of a place found in a text."""

    start: int
    end: int
    names: frozenset[str]
    """The places called so, as `key_of` has them."""
    is_proper: bool
    """Whether it can be nothing but a territory's name: `phường Mới`; not `phường mới`, and not `Mới` alone."""


def key_of(name: str) -> str:
    """By what a name is known: without tones, capitals and double spaces."""
    return fold(" ".join(name.split()))


@dataclass(slots=True)
class _Node:
    further: dict[Step, _Node] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    """The same without the noun they begin with: a name only where it is capitalised."""
    capitals: int = 0
    """How many words are capitalised where the name is written as one; the noun it begins with does not count."""


@dataclass(frozen=True)
class PlaceNames:
    """The names that texts of a campaign may meet; they are looked up all at once."""

    territories: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    @cached_property
    def _territories(self) -> _Node:
        return _tree_of(self.territories)

    @cached_property
    def _organisations(self) -> _Node:
        return _tree_of(self.organisations)

    def territories_in(self, text: str) -> tuple[NamedPlace, ...]:
        """Every territory named in NFC `text`, the longest name at each place."""
        return tuple(_found_in(text, self._territories)) if self.territories else ()

    def is_in_organisation(self, text: str, span: tuple[int, int]) -> bool:
        """Whether `span` of `text` lies within the name of an organisation: `Trường Tiểu học số 2`.

        They are many and seldom asked about: the first that asks makes them ready.
        """
        if not self.organisations:
            return False
        start, end = span
        first = max(0, start - _AROUND)
        found = _found_in(text[first : end + _AROUND], self._organisations)
        return any(one.start + first <= start and end <= one.end + first for one in found)


def without(text: str, places: Iterable[NamedPlace]) -> str:
    """`text` with these names blanked; every offset stays."""
    parts, last = [], 0
    for one in places:
        parts += [text[last : one.start], "\x00" * (one.end - one.start)]
        last = one.end
    return "".join((*parts, text[last:]))


@lru_cache(maxsize=4096)
def spelled(words: str) -> re.Pattern[str]:
    """These very words, whatever white space and line ends stand between them."""
    return re.compile(rf"(?<!\w){_ANY_SPACE.join(map(re.escape, words.split()))}(?!\w)", re.IGNORECASE)


# --- finding ----------------------------------------------------------------------------------------------


def _found_in(text: str, root: _Node) -> Iterator[NamedPlace]:
    folded = fold(text)
    tokens = [(match[0].lstrip("0") or match[0], *match.span()) for match in _TOKEN.finditer(folded)]
    at = 0
    while at < len(tokens):
        found = _longest(text, folded, tokens[at : at + _MOST_TOKENS], root)
        if found is None:
            at += 1
            continue
        size, place = found
        yield place
        at += size


def _longest(text: str, folded: str, tokens: Sequence[Token], root: _Node) -> tuple[int, NamedPlace] | None:
    """The longest name that begins with the first of `tokens`, and how many of them it takes."""
    node, best = root, None
    for size, (token, start, end) in enumerate(tokens):
        gap = "" if not size else _parted(folded[tokens[size - 1][2] : start])
        following = node.further.get((gap, token))
        if following is None or (not size and _is_joined(folded, start)):
            break
        node = following
        if (node.names or node.bare) and not _goes_on(folded, token, end):
            best = size + 1, node, end
    if best is None:
        return None
    size, node, end = best
    has_noun = tokens[0][0] in _KINDS
    is_capital = sum(text[start].isupper() for _, start, _ in tokens[has_noun:size]) >= node.capitals
    names = node.names | node.bare if is_capital else node.names  # `theo mẫu 1` is not of "Phường Mẫu 1"
    if not names:
        return None
    return size, NamedPlace(tokens[0][1], end, frozenset(names), has_noun and is_capital)


def _is_joined(folded: str, start: int) -> bool:
    return start > 0 and (folded[start - 1].isalnum() or folded[start - 1] == "_")


def _parted(between: str) -> str:
    return "" if _SPACE.fullmatch(between) else between.strip() or between


def _goes_on(folded: str, token: str, end: int) -> bool:
    """Whether a name cannot end there, for its last word or number goes on."""
    if token.isdecimal() or token in _NUMERALS:
        return _ON.match(folded, end) is not None
    return end < len(folded) and (folded[end].isalnum() or folded[end] == "_")


_NUMERALS = frozenset(fold(word) for number in range(100) for word in say_number(number).split())


# --- the ways a name is written ---------------------------------------------------------------------------


def _tree_of(names: Iterable[str]) -> _Node:
    root = _Node()
    for name in dict.fromkeys(names):
        for steps in _ways(name):
            _end_of(root, steps, name).names.add(key_of(name))
            bare = _without_noun(steps)
            if bare:
                _end_of(root, bare, name).bare.add(key_of(name))
    return root


def _end_of(root: _Node, steps: Sequence[Step], name: str) -> _Node:
    node = root
    for step in steps:
        node = node.further.setdefault(step, _Node())
    capitals = _capitals(name)
    node.capitals = min(node.capitals, capitals) if node.names or node.bare else capitals
    return node


def _capitals(name: str) -> int:
    words = [match[0] for match in _TOKEN.finditer(name)]
    own = words[1:] if words and fold(words[0]) in _KINDS else words
    return sum(word[0].isupper() for word in own if len(word) > 1 and read_roman(word) is None)


def _ways(name: str) -> Iterator[tuple[Step, ...]]:
    """Every way to write or say `name`, as steps of the tree."""
    steps = _steps(name)
    if not steps:
        return
    for way in product(*(_ways_of(steps, at) for at in range(len(steps)))):
        whole = tuple(step for part in way for step in part)
        yield whole
        yield from _shortened(whole)


def _steps(name: str) -> list[Step]:
    """The words and numbers of a name, a number without leading zeros; capitals are kept for `_ways_of`."""
    found: list[Step] = []
    last = 0
    for match in _TOKEN.finditer(name):
        gap = _parted(name[last : match.start()]) if found else ""
        found.append((gap, match[0].lstrip("0") or match[0]))
        last = match.end()
    return found


def _ways_of(steps: Sequence[Step], at: int) -> list[tuple[Step, ...]]:
    """One word of a name: itself; a number also as it is said; `số` before a number also left out."""
    gap, word = steps[at]
    plain = ((fold(gap), fold(word)),)
    value = int(word) if word.isdecimal() else read_roman(word)
    if at and value is not None and value <= _LARGEST:
        said = zip((gap, *[""] * 9), map(fold, say_number(value).split()), strict=False)
        return list(dict.fromkeys((plain, ((gap, str(value)),), tuple(said))))
    is_left_out = fold(word) == _NUMBERED and at and at + 1 < len(steps) and steps[at + 1][1].isdecimal()
    return [plain, ()] if is_left_out else [plain]


def _shortened(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """`P. 12`, `P.12` and `P12` for `phường 12`."""
    for head, short in _HEADS.items():
        size = len(head.split())
        if len(steps) > size and " ".join(word for _, word in steps[:size]) == head:
            (_, following), *rest = steps[size:]
            yield (("", short), ("", following), *rest)
            yield (("", short), (".", following), *rest)


def _without_noun(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """`Mẫu 1` for `Phường Mẫu 1`, as it stands before a date; none for `Phường 1` (NĐ 30/2020, Phụ lục II, III.1)."""
    size = next((len(noun) for noun in _NOUNS if tuple(word for _, word in steps[: len(noun)]) == noun), 0)
    rest = steps[size:]
    is_one = size and len(rest) > 1 and rest[-1][1].isdecimal() and not rest[0][1].isdecimal()
    return (("", rest[0][1]), *rest[1:]) if is_one else ()
