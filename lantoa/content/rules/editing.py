"""The words of a message as people edit them, and where a pack's pieces say them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.campaigns.rules.pack import Pack, PackMessage, PackPiece

VIETNAMESE = "vi"
MOST_OF_TITLE, MOST_OF_TEXT = 300, 20_000
"""Characters of a title, and of a text at any length."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: its title, and its text at medium length, shorter and longer. Empty: it has none."""

    title: str = ""
    text: str = ""
    short: str = ""
    long: str = ""

    @classmethod
    def of(cls, entry: PackMessage) -> Words:
        """Take over what a pack says."""
        return cls(entry.title, entry.text, entry.short, entry.long)

    def tidied(self) -> Words:
        """The same in NFC, with plain line ends and nothing around them: as words are kept."""
        return Words(*(_tidied(getattr(self, name)) for name in FIELDS))

    def changed(self, name: str, value: str) -> Words:
        """The same with another value of one field."""
        return replace(self, **{name: value})

    def texts(self) -> dict[str, str]:
        """Every field that says something, by its name."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}


FIELDS = tuple(field.name for field in fields(Words))
"""What can be written in a message, in the order it is shown."""


def _tidied(text: str) -> str:
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def reworded(pack: Pack, own: Mapping[tuple[str, str], Words]) -> Pack:
    """The pack with these words, by key and language, in place of its own; a translation it lacks is added."""

    def said(entries: tuple[PackMessage, ...]) -> tuple[PackMessage, ...]:
        known = {(entry.key, entry.language) for entry in entries}
        added = [
            replace(entry, language=language)
            for entry in entries
            if entry.language == VIETNAMESE
            for language in languages
            if (entry.key, language) in own and (entry.key, language) not in known
        ]
        return tuple(_in(entry, own.get((entry.key, entry.language))) for entry in (*entries, *added))

    languages = [language.code for language in pack.languages]
    return replace(pack, messages=said(pack.messages), questions=said(pack.questions))


def _in(entry: PackMessage, words: Words | None) -> PackMessage:
    if words is None:
        return entry
    return replace(entry, title=words.title, text=words.text, short=words.short, long=words.long)


# --- where a message is said ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """A message in a slot of a piece, and the phases of the campaign in which it is said there."""

    piece: PackPiece
    slot: str
    phases: frozenset[str]
    """Keys of phases; the empty one stands for a campaign that is in none."""


def uses_of(pack: Pack, key: str) -> list[Use]:
    """Every slot that says message `key`, itself or in the place of another that a phase says otherwise."""
    return all_uses(pack).get(key, [])


def all_uses(pack: Pack) -> dict[str, list[Use]]:
    """The same for every message that is said anywhere."""
    says: dict[str, Mapping[str, str]] = {"": {}, **{phase.key: phase.says for phase in pack.phases}}
    found: dict[str, list[Use]] = {}
    for piece in pack.pieces:
        for slot, keys in piece.slots.items():
            phases: dict[str, set[str]] = {}
            for phase, other in says.items():
                for key in keys:
                    phases.setdefault(other.get(key, key), set()).add(phase)
            for key, said in phases.items():
                found.setdefault(key, []).append(Use(piece, slot, frozenset(said)))
    return found


def entry_of(pack: Pack, key: str, language: str = VIETNAMESE) -> PackMessage | None:
    """The pack's words of message or question `key` in just this language; None when it has none."""
    entries = (*pack.messages, *pack.questions)
    return next((one for one in entries if one.key == key and one.language == language), None)


def is_question(pack: Pack, key: str) -> bool:
    """Whether `key` is one of the pack's questions, which need a title: the question itself."""
    return any(one.key == key for one in pack.questions)
