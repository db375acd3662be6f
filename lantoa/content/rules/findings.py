"""What the check before release says: a finding, the place it stands at, and the mend it offers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lantoa.content.rules.place_names import NamedPlace, PlaceNames

from lantoa.content.rules.speech_table import DEFAULT, SpeechTable

Severity = Literal["blocks", "warns"]
Act = Literal["rewrite", "remake", "confirm", "reroute"]

_SPACE = re.compile(r"\s+")
AROUND = 60
"""Characters shown on each side of what was found."""

RULES = (
    "letter", "date", "weekday", "number", "phone", "document", "name", "false_statement", "near_false", "link",
    "urgency", "asks_secret", "sender", "unaccented", "length", "level", "speech", "reading",
)  # fmt: skip
"""Every rule of the check, in the order of what it is about."""


@dataclass(frozen=True, slots=True)
class Mend:
    """How a finding is put right, in Vietnamese: the act, what to do, and the words to put in where there are some."""

    act: Act
    what: str
    new: str = ""
    key: str = ""
    """The fact it is about; empty for none."""


REWRITE = Mend("rewrite", "Sửa lại câu này.")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in one text: which rule, how grave, what stands there, why it may not go out, and the mend.

    `start` and `end` are characters of the checked text; both 0 where the fault is of the whole.
    """

    found: str
    why: str
    rule: str = "date"
    severity: Severity = "blocks"
    mend: Mend = REWRITE
    start: int = 0
    end: int = 0
    before: str = ""
    after: str = ""

    @property
    def blocks(self) -> bool:
        """Whether nothing may be approved as long as it stands."""
        return self.severity == "blocks"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text of one rendering as its reader or hearer gets it, and what is known of where it goes."""

    kind: str
    text: str
    publisher: str = ""
    place: str = ""
    """The territory it speaks to: `phường Đa Phúc`."""
    names: PlaceNames | None = None
    """The places it may meet, its own and others."""
    own_names: frozenset[str] = frozenset()
    """Of these the territories it may name: its own, those above and those below, by key."""
    contacts: tuple[str, ...] = ()
    """Whom its people may be told to ask, and where: numbers, names and houses of the place and of its office."""
    is_spoken: bool = False
    """Whether figures are written in words, as they are said."""
    seconds: float = 0.0
    slot: int = 0
    """Of a bulletin: seconds of air time it has; 0: the longest usual slot."""
    left_out: tuple[str, ...] = ()
    subject: str = ""
    """Of an e-mail."""
    faults: tuple[tuple[Severity, str], ...] = ()
    """Limits of its channel that its maker found broken: how gravely, and what."""
    table: SpeechTable = DEFAULT
    """How the agency's abbreviations are read aloud."""
    folded: str = field(init=False, default="")
    is_bare: bool = field(init=False, default=False)
    named: tuple[NamedPlace, ...] = field(init=False, default=())
    """The territories it names."""

    def __post_init__(self) -> None:
        """Fold the text and look up its places once: every rule reads them."""
        object.__setattr__(self, "text", unicodedata.normalize("NFC", self.text))
        object.__setattr__(self, "folded", fold(self.text))
        object.__setattr__(self, "is_bare", self.text.isascii())
        if self.names is not None:
            object.__setattr__(self, "named", self.names.territories_in(self.text))


    def section(self, start: int, end: int) -> Sheet:
        """The sheet of a part of its text, written in the same way."""
        part = replace(self, text=self.text[start:end], names=None)
        named = (replace(one, start=one.start - start, end=one.end - start) for one in self.named)
        object.__setattr__(part, "names", self.names)
        object.__setattr__(part, "named", tuple(one for one in named if one.start >= 0 and one.end <= end - start))
        object.__setattr__(part, "is_bare", self.is_bare)
        return part


def moved(finding: Finding, start: int) -> Finding:
    """The finding of a section that begins at `start`, in the whole text."""
    return replace(finding, start=finding.start + start, end=finding.end + start)


def located(sheet: Sheet, span: tuple[int, int], rule: str, why: str, mend: Mend = REWRITE) -> Finding:
    """Make a blocking finding at `span` of the sheet."""
    start, end = span
    before = sheet.text[max(0, start - AROUND) : start].rsplit("\n\n", 1)[-1]
    after = sheet.text[end : end + AROUND].split("\n\n", 1)[0]
    return Finding(
        found=" ".join(sheet.text[start:end].split()),
        why=why,
        rule=rule,
        mend=mend,
        start=start,
        end=end,
        before=_SPACE.sub(" ", before).lstrip(),
        after=_SPACE.sub(" ", after).rstrip(),
    )


def _bare(char: str) -> str:
    if char in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


_FOLDED = {code: _bare(chr(code)) for code in range(0x2000)}
"""All Latin letters, those of Vietnamese included."""


def fold(text: str) -> str:
    """Small letters without tones, character for character: every offset of NFC `text` stays what it is."""
    return text.translate(_FOLDED)


@dataclass(frozen=True, slots=True)
class Wording:
    """A pattern written with tones, that also reads a text written without them."""

    accented: re.Pattern[str]
    bare: re.Pattern[str]

    def of(self, sheet: Sheet) -> re.Pattern[str]:
        """The pattern for this sheet's way of writing."""
        return self.bare if sheet.is_bare else self.accented


def wording(pattern: str) -> Wording:
    """Compile a pattern for texts with and without tones; a space is any white space, case does not count."""
    spaced = unicodedata.normalize("NFC", pattern).replace(" ", r"\s+")
    return Wording(re.compile(spaced, re.IGNORECASE), re.compile(_untoned(spaced), re.IGNORECASE))


def _untoned(pattern: str) -> str:
    return "".join(char if char.isascii() else _bare(char) for char in pattern)
