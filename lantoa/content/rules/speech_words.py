"""The words of the trade (`pronunciation.toml`), and what a Vietnamese syllable is."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _trade() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("pronunciation.toml").read_text(encoding="utf-8"))


TRADE: Mapping[str, Mapping[str, str]] = {name: MappingProxyType(table) for name, table in _trade().items()}
"""Tables of the package's own file, by name."""
LETTERS = TRADE["letters"]
"""Names of the letters when an abbreviation is spelled."""
UNITS = TRADE["units"]
"""Unit right after a number, in lower case → as spoken."""
DOCUMENT_TYPES = TRADE["kinds"]
"""Kind of document in its number (NĐ 30/2020, Phụ lục III, and the Party's own) → as spoken."""

_RHYMES = frozenset(
    re.findall(
        r"\w+",
        "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep "
        "et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai "
        "oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oep oet oi om on ong ooc oong op "
        "ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi "
        "uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uynh uyp uyt uyn uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn "
        "ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ynh ych yt ",
    )
)
_ONSETS = (*re.findall(r"\w+", "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x"), "")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = re.compile(r"(?:c|ch|p|t)$")


def is_syllable(word: str) -> bool:
    """Whether `word` can be read as one Vietnamese syllable: onset, rhyme, and a tone the rhyme can bear."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in _TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if len(tones) > 1 or (_STOPPED.search(plain) and tones not in (["\u0301"], ["\u0323"])):
        return False
    if plain.startswith("gi") and (plain == "gi" or "i" + plain[2:] in _RHYMES):
        return True
    return any(plain.startswith(onset) and plain[len(onset) :] in _RHYMES for onset in _ONSETS)


@lru_cache(maxsize=4096)
def split_bare(word: str) -> tuple[str, ...]:
    """Part a run of letters without marks, as web addresses have them, into the fewest syllables.

    `haiphong` → `hai`, `phong`; nothing when it cannot be parted. Syllables of one letter do not count:
    with them anything could be read. A stopped rhyme needs no tone here: there are none.
    """
    best: list[tuple[str, ...] | None] = [(), *([None] * len(word))]
    for end in range(1, len(word) + 1):
        ways = [
            (*before, word[start:end])
            for start in range(max(0, end - 6), end - 1)
            if (before := best[start]) is not None and _is_bare(word[start:end])
        ]
        best[end] = min(ways, key=_strangeness, default=None)
    return best[-1] or ()


def _strangeness(way: tuple[str, ...]) -> tuple[int, int, int, list[int]]:
    """Of two ways to part the same letters the likelier first: few syllables, those of the trade, with an onset."""
    unusual = sum(syllable not in _USUAL for syllable in way)
    open_ = sum(syllable[0] in "aeiouy" for syllable in way)
    return len(way), unusual, open_, [-len(syllable) for syllable in way]


def _is_bare(word: str) -> bool:
    return any(
        word.startswith(onset) and (word[len(onset) :] in _BARE_RHYMES or (onset == "gi" and word == "gi"))
        for onset in _BARE_ONSETS
    )


def _bare(written: str) -> str:
    marks = unicodedata.normalize("NFD", written.replace("đ", "d").strip(",.-"))
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


_BARE_RHYMES = frozenset(map(_bare, _RHYMES))
_BARE_ONSETS = tuple(map(_bare, _ONSETS))
_USUAL = frozenset(
    _bare(syllable.lower()) for table in TRADE.values() for said in table.values() for syllable in said.split()
)
"""Syllables of the trade's own table, without marks."""
