"""What would be made of words nobody has saved yet: every kind of rendering that says them, checked as a release is.

Nothing is written. Texts and pages are made at once by the very makers of the kit; pictures, printed matter and sound
when somebody asks for one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lantoa.campaigns.actions import pack_of, roadmap_of
from lantoa.campaigns.rules.pack_checks import typed_spans
from lantoa.campaigns.rules.wording import MissingFactsError, WordingError, fill, references
from lantoa.content.actions.approving import Sheets, known_of
from lantoa.content.actions.composing import Composer
from lantoa.content.actions.extracting import LIGHT, text_of
from lantoa.content.makers.making import make
from lantoa.content.models import Rendering
from lantoa.content.rules.checks import check_sheet
from lantoa.content.rules.composing import message_words, words_of
from lantoa.content.rules.editing import VIETNAMESE, uses_of
from lantoa.content.rules.kinds import BULLETIN_VARIANTS, JSON, KINDS, TEXT
from lantoa.content.rules.kit import IN_EVERY_LANGUAGE, Wanted
from lantoa.content.rules.offering import Fitting
from lantoa.content.rules.zns import PIECES as TEMPLATED
from lantoa.lib.vietnamese import unaccented
from lantoa.places.actions import tree
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.campaigns.models import Campaign
    from lantoa.campaigns.rules.pack import PackPhase, PackPiece
    from lantoa.content.actions.composing import Order
    from lantoa.content.makers.making import Made
    from lantoa.content.rules.editing import Words
    from lantoa.content.rules.findings import Finding
    from lantoa.content.rules.kinds import RenderingKind
    from lantoa.places.models import Place

@dataclass(frozen=True, slots=True)
class Trial:
    """Words being tried: of which message, in which language, for which place and phase of the campaign.

    `phase` is a phase's key; empty: the phase the campaign is in, or the first in which the message is said.
    """

    key: str
    language: str
    words: Words
    place: Place
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the release check in a preview, and where the words being tried can be mended."""

    finding: Finding
    number: int
    """Its place among the findings of the preview, from 1."""
    is_own: bool
    """Whether the words being tried say it; else another message of the same piece does."""
    field: str = ""
    mend: Fitting | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """One rendering as it would be."""

    kind: str
    media_type: str
    hash: str = ""
    """By which what was made can be told from what would be made of other words."""
    text: str = ""
    """What its reader or hearer gets, in plain text."""
    details: dict[str, Any] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
    why_not: str = ""
    """Why it cannot be made, in Vietnamese."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where in `text` the words being tried stand."""

    @property
    def is_shown_whole(self) -> bool:
        """Whether `text` is all there is to see."""
        return self.media_type in (TEXT, JSON)

    @property
    def findings(self) -> list[Finding]:
        """What the check found."""
        return [one.finding for one in self.found]


def preview_message(campaign: Campaign, trial: Trial) -> list[Preview]:
    """Every kind of rendering that says the words, as it would be. Raises `RefusedError` when the pack is not there."""
    return _Previewer(campaign, trial).previews()


def make_preview(campaign: Campaign, trial: Trial, kind: str) -> tuple[Made, str]:
    """One rendering of the words being tried, made, and the hash of what it was made of.

    Raises `RefusedError` when no such rendering says them, or it cannot be made.
    """
    return _Previewer(campaign, trial).made(kind)


def phases_of(campaign: Campaign, key: str) -> tuple[list[PackPhase], str]:
    """The phases in which message `key` is said, and the key of the one to be shown first; `""` is no phase."""
    pack = pack_of(campaign)
    said = {phase for use in uses_of(pack, key) for phase in use.phases}
    phases = [phase for phase in pack.phases if phase.key in said]
    roadmap = roadmap_of(campaign, timezone.localdate(), pack)
    now = roadmap.now.phase.key if roadmap and roadmap.now else ""
    first = now if now in said else "" if "" in said else phases[0].key if phases else ""
    return phases, first


class _Previewer:
    def __init__(self, campaign: Campaign, trial: Trial) -> None:
        self.campaign, self.trial = campaign, trial
        self.pack, self.places = pack_of(campaign), tree(campaign.as_of)
        self.phase = next((phase for phase in self.pack.phases if phase.key == self._phase_key), None)

    @property
    def _phase_key(self) -> str:
        return self.trial.phase or phases_of(self.campaign, self.trial.key)[1]

    def previews(self) -> list[Preview]:
        found = (self._preview(kind, piece) for kind, piece in self._wanted())
        return [one for one in found if one is not None]

    def made(self, name: str) -> tuple[Made, str]:
        for kind, piece in self._wanted():
            if kind.name == name:
                try:
                    order = self._order(kind, piece)
                    if order is not None:
                        return make(name, order.composed.piece, studio=order.studio), order.hash
                except ValueError as why:
                    raise RefusedError(str(why)) from why
        raise RefusedError("Thông điệp này không có trong nội dung loại này.")

    def _wanted(self) -> Iterator[tuple[RenderingKind, PackPiece]]:
        """The kinds of rendering of the pieces that say the message in the phase shown."""
        told: set[str] = set()
        key = self.phase.key if self.phase else ""
        for use in uses_of(self.pack, self.trial.key):
            if key in use.phases and use.piece.kind not in told:
                told.add(use.piece.kind)
                yield from ((kind, use.piece) for kind in KINDS.values() if self._is_made(kind, use.piece))

    def _is_made(self, kind: RenderingKind, piece: PackPiece) -> bool:
        if kind.piece != piece.kind or (kind.name in BULLETIN_VARIANTS and kind.media_type != TEXT):
            return False  # the sound of one length is enough to hear the words
        if kind.piece in TEMPLATED:
            return False  # its words are those its carrier approved, whatever is written here
        return self.trial.language == VIETNAMESE or kind.name in IN_EVERY_LANGUAGE

    def _order(self, kind: RenderingKind, piece: PackPiece) -> Order | None:
        composer = self._notices(piece) if piece.kind.startswith("correction") else self._composer
        return composer.order(Wanted(self.trial.place.pk, kind.name, self.trial.language))

    @cached_property
    def _composer(self) -> Composer:
        return self._compose_with()

    def _notices(self, piece: PackPiece) -> Composer:
        """As a notice would be if the fact it is about had changed; one about any fact, if another had."""
        facts = self.campaign.facts.current().filter(is_verified=True, value__isnull=False)
        about = [fact for fact in facts if self.pack.piece(piece.kind, fact.key) is piece]
        chosen = sorted(about, key=lambda fact: (fact.key != self.pack.key_fact, fact.label))[:1]
        return self._compose_with(*chosen)

    def _compose_with(self, *changed: Any) -> Composer:
        rewords = {(self.trial.key, self.trial.language): self.trial.words}
        composer = Composer(self.campaign, self.pack, changed, rewords)
        composer.phase = self.phase
        return composer

    def _preview(self, kind: RenderingKind, piece: PackPiece) -> Preview | None:
        try:
            order = self._order(kind, piece)
        except MissingFactsError as lack:
            named = "; ".join(f"{one.label}: {one.why}" for one in lack.missing)
            return Preview(kind.name, kind.media_type, why_not=f"Cần xác nhận trước: {named}.")
        except WordingError:
            return Preview(kind.name, kind.media_type, why_not="Lời văn còn lỗi. Sửa chỗ được chỉ ra rồi xem tiếp.")
        except ValueError as why:
            return Preview(kind.name, kind.media_type, why_not=str(why))
        if order is None and self.trial.language == VIETNAMESE:
            return None  # a bulletin of another length that says nothing else
        if order is None:
            why_not = "Phần chính chưa có bằng thứ tiếng này, nên cả bài ra bằng tiếng Việt."
            return Preview(kind.name, kind.media_type, why_not=why_not)
        return self._checked(kind, order)

    def _checked(self, kind: RenderingKind, order: Order) -> Preview:
        piece, details = order.composed.piece, order.own
        text = message_words(piece) if kind.media_type == JSON else words_of(piece)
        if kind.media_type in LIGHT:
            made = make(kind.name, piece, studio=order.studio)
            text = text_of(made.content, kind.media_type, text)
            details |= made.details
        row = Rendering(kind=kind.name, place=self.trial.place, media_type=kind.media_type, details=details)
        sheet = self._sheets.of(row, text)
        findings = check_sheet(sheet, self._known, self._composer.pack)
        own = self._own_spans(sheet.text)
        found = tuple(self._found(number, one, own) for number, one in enumerate(findings, 1))
        return Preview(kind.name, kind.media_type, order.hash, sheet.text, details, found, spans=tuple(own))

    @cached_property
    def _sheets(self) -> Sheets:
        return Sheets(self.campaign)

    @cached_property
    def _known(self) -> Any:
        return known_of(self.campaign)

    @cached_property
    def _own_texts(self) -> list[str]:
        """What the words being tried print at each length, the longest first."""
        words = self._composer.ground(self.trial.place.pk).words
        said = (fill(text, self._composer.facts, words, self.trial.language).text for text in self._fillable())
        return sorted((text.rstrip(".") for text in said), key=len, reverse=True)

    def _fillable(self) -> Iterator[str]:
        for text in self.trial.words.texts().values():
            with suppress(WordingError):
                references(text)
                yield text

    def _own_spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words being tried stand in a text."""
        spans: list[tuple[int, int]] = []
        for said in self._own_texts:
            found = _as_broken(unaccented(said) if text.isascii() else said).search(text)
            if found and not any(found.start() < end and start < found.end() for start, end in spans):
                spans.append(found.span())
        return sorted(spans)

    def _found(self, number: int, finding: Finding, own: Sequence[tuple[int, int]]) -> Found:
        is_own = any(start <= finding.start < end for start, end in own) if finding.end else False
        place = _place_of(finding, self.trial.words)
        if place is None or not finding.mend.new or typed_spans(finding.mend.new, self.pack.tokens):
            return Found(finding, number, is_own or place is not None)
        name, start, end = place
        return Found(finding, number, is_own=True, field=name, mend=Fitting(start, end, finding.mend.new))


def _place_of(finding: Finding, words: Words) -> tuple[str, int, int] | None:
    """The field and the stretch of it that says what was found, where it says it as it stands."""
    if not finding.found:
        return None
    pattern = _as_broken(finding.found)
    found = ((name, match) for name, text in words.texts().items() if (match := pattern.search(text)))
    return next(((name, *match.span()) for name, match in found), None)


def _as_broken(text: str) -> re.Pattern[str]:
    """A pattern for `text` whose lines may be broken elsewhere."""
    return re.compile(r"\s+".join(map(re.escape, text.split())))
