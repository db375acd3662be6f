"""A campaign's messages as lines of a list: what each says, what it is for, where it is said and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.rules.wording import WordingError, fill, in_language
from lantoa.content.models import Message
from lantoa.content.rules.editing import VIETNAMESE, Words, all_uses
from lantoa.content.rules.kinds import KINDS
from lantoa.web.labels import RENDERINGS, SLOTS, label

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import Place

STATES = {
    "cho-duyet": gettext_lazy("Chờ duyệt"),
    "da-sua": gettext_lazy("Đã sửa"),
    "goi": gettext_lazy("Lời của gói"),
    "thieu": gettext_lazy("Chưa có bản dịch"),
}
STATE_TONES = {"cho-duyet": "wait", "da-sua": "calm", "goi": "", "thieu": "bad"}
SHORT_NAME = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One message in one language."""

    key: str
    language: str
    words: Words
    name: str
    """What people call it: its title, or how its words begin, with facts printed."""
    slots: tuple[str, ...]
    pieces: tuple[str, ...]
    """Kinds of pieces of the pack that say it."""
    position: int
    """In the order of the pack."""
    row: Message | None = None
    """Its newest version; none before the first kit is made, and where it has no words in the language."""

    @property
    def state(self) -> str:
        """A key of `STATES`."""
        if not self.words.text:
            return "thieu"
        if self.row is None or self.row.version == 0 or self.row.restores == 0:
            return "goi"
        return "da-sua" if self.row.approved_at else "cho-duyet"

    @property
    def state_name(self) -> str:
        """The same as people read it."""
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return STATE_TONES[self.state]

    @property
    def slot_names(self) -> list[str]:
        """What it is for."""
        return [label(SLOTS, slot) for slot in self.slots]

    @property
    def piece_names(self) -> list[str]:
        """Where it is said."""
        return [name_of_piece(piece) for piece in self.pieces]

    @property
    def saved_at(self) -> dt.datetime | None:
        """When somebody last saved words of their own."""
        return self.row.recorded_at if self.row is not None and self.row.version else None


def name_of_piece(piece: str) -> str:
    """A pack's piece by the first rendering made of it."""
    kind = next((kind for kind in KINDS.values() if kind.piece == piece), None)
    return label(RENDERINGS, kind.name) if kind else piece


class Printer:
    """Prints references as a reader of one place gets them; what cannot be printed stays as it is written."""

    def __init__(self, campaign: Campaign, place: Place | None = None) -> None:
        from lantoa.content.actions.composing import Composer  # noqa: PLC0415 - loaded when called

        composer = Composer(campaign, pack_of(campaign))
        self.facts, self.pack = composer.facts, composer.pack
        self.words = composer.ground(place.pk if place else campaign.place_id).words

    def text(self, said: str, language: str = VIETNAMESE) -> str:
        """A whole text."""
        try:
            facts = in_language(self.pack.language(language), self.facts)
            return fill(said, facts, self.words, language).text
        except WordingError:
            return said

    def name(self, words: Words, language: str = VIETNAMESE) -> str:
        """How a message is called: its title, or the beginning of what it says."""
        flat = " ".join(self.text(words.title or words.text, language).split())
        return flat if len(flat) <= SHORT_NAME else f"{flat[:SHORT_NAME].rsplit(' ', 1)[0]}…"


def lines_of(campaign: Campaign) -> list[Line]:
    """Every message of the campaign in every language of its pack, those without words too.

    Raises `RefusedError` when the pack is there no more.
    """
    return list(_Liner(campaign).lines())


class _Liner:
    def __init__(self, campaign: Campaign) -> None:
        self.campaign, self.pack, self.printer = campaign, pack_of(campaign), Printer(campaign)
        self.uses = all_uses(self.pack)
        self.entries = {(one.key, one.language): one for one in (*self.pack.messages, *self.pack.questions)}
        newest = Message.objects.filter(campaign=campaign).newest().select_related("by", "approved_by")
        self.rows = {(row.key, row.language): row for row in newest}

    def lines(self) -> Iterator[Line]:
        languages = [VIETNAMESE, *(language.code for language in self.pack.languages)]
        keys = [key for key, language in self.entries if language == VIETNAMESE]
        for position, (key, language) in enumerate((key, language) for key in keys for language in languages):
            yield self._line(key, language, position)

    def _line(self, key: str, language: str, position: int) -> Line:
        from lantoa.content.actions.composing import words_of_version  # noqa: PLC0415 - loaded when called

        row, entry = self.rows.get((key, language)), self.entries.get((key, language))
        words = words_of_version(row, self.pack) if row else Words.of(entry) if entry else Words()
        called = words if words.text else Words.of(self.entries[key, VIETNAMESE])
        uses = self.uses.get(key, [])
        return Line(
            key,
            language,
            words,
            self.printer.name(called, language if words.text else VIETNAMESE),
            tuple(dict.fromkeys(use.slot for use in uses)),
            tuple(dict.fromkeys(use.piece.kind for use in uses)),
            position,
            row,
        )
