"""How hard a text is to read: sentences by their syllables, the measure that fits a language of one-syllable words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.content.rules.findings import Finding, Mend, Sheet, located
from lantoa.content.rules.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

HEARD = frozenset(name for name, kind in KINDS.items() if kind.piece == "bulletin")
LONGEST_HEARD, LONGEST_READ = 36, 40
"""Syllables of one sentence at most. Of the sentences both packs print, 99 of 100 have 32 or fewer (measured on the
example's kits)."""
AVERAGE = 22.0
"""Syllables of an average sentence at most: the packs' texts have 8 to 18."""
FEWEST = 5
"""A text of fewer sentences has no average."""
OFFICIAL = frozenset({"covering_letter", "covering_letter_pdf"})
"""Official letters have the sentences of NĐ 30/2020 and are read by officers."""

_SENTENCE = re.compile(r"[^.!?\n;:]+(?:[.:]\d[^.!?\n;:]*)*[.!?;:]?")
_SYLLABLE = re.compile(r"[^\W\d_]+|\d[\d.,/]*")
_CITES = re.compile(r"\d/(?:\d{4}/)?[A-ZĐ]{2}|(?i:thông tư số|nghị định số|kế hoạch do)|https?://")


def sentences_of(text: str) -> Iterator[tuple[int, int, int]]:
    """Each sentence's start, end and syllables; a line ends one, and so does `:` before a list. Citations are none."""
    for match in _SENTENCE.finditer(text):
        syllables = len(_SYLLABLE.findall(match[0]))
        if syllables and not _CITES.search(match[0]):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield start, match.end(), syllables


def check_reading(sheet: Sheet) -> list[Finding]:
    """Find sentences too long to be taken in at one reading, and a text whose sentences are long on the whole."""
    if sheet.kind in OFFICIAL:
        return []
    sentences = list(sentences_of(sheet.text))
    most = LONGEST_HEARD if sheet.kind in HEARD else LONGEST_READ
    split = Mend("rewrite", "Tách thành hai, ba câu ngắn; mỗi câu một ý.")
    found = [
        replace(
            located(sheet, (start, end), "reading", f"câu dài {size} tiếng, nên dưới {most}", split), severity="warns"
        )
        for start, end, size in sentences
        if size > most
    ]
    whole = [size for _, _, size in sentences if size > 3]  # a heading is no sentence
    if len(whole) >= FEWEST and sum(whole) / len(whole) > AVERAGE:
        start, end, size = max(sentences, key=lambda one: one[2])
        why = f"câu trung bình dài {sum(whole) / len(whole):.0f} tiếng, nên dưới {AVERAGE:.0f}; câu này {size} tiếng"
        found.append(replace(located(sheet, (start, end), "reading", why, split), severity="warns"))
    return found
