"""The check before release, and the approval of a kit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.models import Assignment
from lantoa.content.actions.agency import speech_table
from lantoa.content.actions.extracting import shown_text
from lantoa.content.actions.homes import citation_of, cites_otherwise, neighbours_of
from lantoa.content.models import Message
from lantoa.content.rules.check_scams import SMS
from lantoa.content.rules.checks import (
    Checking,
    Finding,
    GivenChannel,
    Known,
    KnownFact,
    Mend,
    Sheet,
    check_levels,
    check_pair,
    check_sheet,
)
from lantoa.content.rules.findings import fold
from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, KINDS
from lantoa.content.rules.place_names import PlaceNames, key_of
from lantoa.letters.rules.settling import settled
from lantoa.places.actions import tree
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require
from lantoa.places.rules.tree import TERRITORY_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.content.models import Rendering
    from lantoa.places.models import User
    from lantoa.places.rules.tree import Tree

NAMED_OTHERWISE = "số, ký hiệu hoặc cơ quan ban hành của văn bản đã được sửa hoặc còn ngờ; hãy làm lại bộ nội dung"


@dataclass(frozen=True, slots=True)
class KitFinding:
    """A fault in one rendering, or in an order of the campaign when there is none."""

    rendering: Rendering | None
    finding: Finding
    message: str = ""
    """Key of the message whose words were found; empty when they come from a fact or from the form."""
    number: int = 0
    """Its place among the findings of its rendering, from 1, as `check_rendering` gives them; 0 for one of the kit."""

    @property
    def where(self) -> str:
        """What it stands in, in Vietnamese: `Tờ rơi A5 — Phường Đa Phúc`."""
        if self.rendering is None:
            return "Phân việc của chiến dịch"
        return f"{KINDS[self.rendering.kind].label} — {self.rendering.place}"

    @property
    def what_to_do(self) -> str:
        """The mend, with the message it is made in."""
        if not self.message:
            return self.finding.mend.what
        return f"{self.finding.mend.what} Sửa ở thông điệp «{self.message}», rồi duyệt lời mới."


def check_kit(campaign: Campaign, also: Iterable[Rendering] = ()) -> list[KitFinding]:
    """Go through the text of every current rendering, and through the kit as a whole; what blocks comes first.

    `also` are renderings that are not current but are to go out as well: notices for those who hold another value.
    """
    current = campaign.rendering_set.in_every_language().select_related("place__parent")
    sheets = Sheets(campaign)
    found = check_renderings(campaign, [*current, *(row for row in also if not row.is_current)], sheets)
    found += [KitFinding(None, fault) for fault in check_levels(_given_channels(campaign, sheets.places))]
    return sorted(found, key=lambda one: not one.finding.blocks)


def check_renderings(
    campaign: Campaign, rows: Sequence[Rendering], sheets: Sheets | None = None
) -> list[KitFinding]:
    """Go through the text of these renderings, and see that each message with tones has its twin without."""
    sheets = sheets or Sheets(campaign)
    checking = Checking(known_of(campaign), pack_of(campaign))
    written = _messages(campaign)
    found = [
        KitFinding(
            row, Finding(row.details["letter"], NAMED_OTHERWISE, "letter", mend=Mend("remake", "Làm lại bộ nội dung."))
        )
        for row in cites_otherwise(campaign, rows)
    ]
    texts = {_name_of(row): shown_text(row) for row in rows}
    for row in rows:
        faults = checking.check(sheets.of(row, texts[_name_of(row)]))
        found += [KitFinding(row, one, _message_with(one, written), number) for number, one in enumerate(faults, 1)]
    return [*found, *_unpaired(rows, texts)]


def _name_of(row: Rendering) -> tuple[int, str]:
    """By which its text is found again, whether it has a row in the ledger yet or not."""
    return row.place_id, row.hash


def check_rendering(rendering: Rendering) -> tuple[str, list[Finding]]:
    """Check one rendering: its text as checked, and what was found in it, each at its place."""
    campaign, text = rendering.campaign, shown_text(rendering)
    sheet = Sheets(campaign).of(rendering, text)
    return sheet.text, check_sheet(sheet, known_of(campaign), pack_of(campaign))


def known_of(campaign: Campaign) -> Known:
    """All the campaign's texts may rest on: its facts, the papers behind them, the letter."""
    current = list(campaign.facts.current())
    values = {fact.key: fact.value for fact in current}
    verified = [fact for fact in current if fact.is_verified and fact.value is not None]
    past = campaign.facts.exclude(pk__in=[fact.pk for fact in current]).filter(value__isnull=False)
    letter = settled(campaign.letter.letter)
    papers = [text for fact in verified for text in (fact.legal_basis, fact.source, fact.reason, fact.label)]
    urls = [settings.LANTOA_PUBLIC_URL, *(fact.value or "" for fact in verified if fact.kind == "url")]
    return Known(
        facts=tuple(_known(fact) for fact in current if fact.value is not None),
        past=tuple(_known(fact) for fact in past if fact.value != values.get(fact.key)),
        papers=(*papers, campaign.letter.text, citation_of(letter), letter.issuer or "", letter.subject or ""),
        tokens=pack_of(campaign).tokens,
        names=tuple(CHANNEL_KIND_LABELS.values()),
        days=(campaign.as_of, *(fact.known_on for fact in current if fact.version > 1)),
        hosts=frozenset(host for url in urls if (host := urlsplit(url).netloc.removeprefix("www."))),
    )


def _known(fact: Fact) -> KnownFact:
    return KnownFact(fact.key, fact.kind, fact.label, fact.value or "", fact.unit, fact.is_verified)


class Sheets:
    """Makes sheets: what the check must know of the place each rendering is for."""

    def __init__(self, campaign: Campaign) -> None:
        self.places: Tree = tree(campaign.as_of)
        self.called = {
            place.id: (place.name, *place.aliases) for place in self.places.places if place.kind in TERRITORY_KINDS
        }
        self.past: dict[int | None, list[str]] = defaultdict(list)
        """What territories were called that are no more, or are not yet, by the place they lay in."""
        others = Place.objects.filter(kind__in=TERRITORY_KINDS).exclude(pk__in=Place.objects.on(campaign.as_of))
        for parent_id, name, aliases in others.values_list("parent", "name", "aliases"):
            self.past[parent_id] += [name, *aliases]
        organisations = (place for place in self.places.places if place.kind not in TERRITORY_KINDS)
        self.names = PlaceNames(
            tuple(name for names in (*self.called.values(), *self.past.values()) for name in names),
            tuple(name for place in organisations for name in (place.name, *place.aliases)),
        )
        committees = [place for place in self.places.places if place.kind == "committee"]
        self.committees = {place.parent_id: place.name for place in reversed(committees)}  # the first of several
        self.table = speech_table(campaign.pack)
        self._own: dict[int, frozenset[str]] = {}

    def of(self, rendering: Rendering, text: str) -> Sheet:
        """The text with what is known of the place it speaks to."""
        place = rendering.place
        office = place.parent if place.kind == "neighbourhood" and place.parent else place
        own = neighbours_of(place)
        contacts = (office.phone, own.phone, own.leader, own.meeting_house)
        return Sheet(
            kind=rendering.kind,
            text=text,
            publisher=self.committees.get(office.pk, office.name),
            place=place.name[:1].lower() + place.name[1:],
            names=self.names,
            own_names=self._line(place.pk),
            contacts=tuple(dict.fromkeys(filter(None, contacts))),
            is_spoken=rendering.media_type.startswith("audio/"),
            seconds=float(rendering.details.get("seconds", 0)),
            slot=int(rendering.details.get("slot", 0)),
            left_out=tuple(rendering.details.get("left_out", ())),
            subject=rendering.details.get("subject", ""),
            faults=tuple((severity, why) for severity, why in rendering.details.get("faults", ())),
            table=self.table,
        )

    def _line(self, place_id: int) -> frozenset[str]:
        """What it may name: itself, what it lies in, what lies in it, now or at another time."""
        if place_id not in self._own:
            line = [place_id, *(one.id for one in (*self.places.above(place_id), *self.places.below(place_id)))]
            called = (name for one in line for name in (*self.called.get(one, ()), *self.past.get(one, ())))
            self._own[place_id] = frozenset(map(key_of, called))
        return self._own[place_id]


def _messages(campaign: Campaign) -> dict[str, str]:
    """The newest words of each message at every length, by key."""
    rows = Message.objects.filter(campaign=campaign).newest()
    return {row.key: "\n".join(row.words.texts().values()) for row in rows}


def _message_with(fault: Finding, written: dict[str, str]) -> str:
    if not fault.found or fault.mend.act != "rewrite":
        return ""
    words = fold(fault.found)
    return next((key for key, text in written.items() if words in fold(" ".join(text.split()))), "")


def _unpaired(rows: Sequence[Rendering], texts: dict[tuple[int, str], str]) -> Iterator[KitFinding]:
    """Messages with tones whose twin without is missing or says something else."""
    pairs: dict[tuple[int, str, str], dict[bool, Rendering]] = defaultdict(dict)
    for row in rows:
        if row.kind in SMS:
            kind = row.kind.removesuffix("_unaccented")
            pairs[row.place_id, row.language, kind][row.kind == kind] = row
    for pair in pairs.values():
        accented, bare = pair.get(True), pair.get(False)
        faults = check_pair(
            texts[_name_of(accented)] if accented else None, texts[_name_of(bare)] if bare else None
        )
        for fault in faults:
            yield KitFinding(bare or accented, fault)


def _given_channels(campaign: Campaign, places: Tree) -> Iterator[GivenChannel]:
    rows = Assignment.objects.filter(task__campaign=campaign, task__is_correction=False).select_related("task", "place")
    told: set[tuple[str, str]] = set()
    for row in rows:
        home = places.territory(row.place_id)
        for kind in row.task.channel_kinds:
            if home is not None and (home.name, kind) not in told:
                told.add((home.name, kind))
                yield GivenChannel(home.name, home.kind, kind, tuple(row.task.channel_kinds))


def check_approve_kit(campaign: Campaign, by: User | None, also: Iterable[Rendering] = ()) -> None:
    """Whether `by` may approve, and nothing found blocks. Raises `RefusedError` naming the first fault and its mend.

    `also` as in `check_kit`.
    """
    require(by, "approve_kit", campaign.place)
    refuse_blocked(check_kit(campaign, also))


def refuse_blocked(findings: Iterable[KitFinding]) -> None:
    """Raise `RefusedError` naming the first that blocks, and its mend."""
    blocking = [one for one in findings if one.finding.blocks]
    if blocking:
        first = blocking[0]
        quoted = f" “{first.finding.found}”:" if first.finding.found else ""
        raise RefusedError(
            f"Chưa duyệt được: {len(blocking)} lỗi trong bộ nội dung. Lỗi đầu tiên: {first.where}:{quoted} "
            f"{first.finding.why}. {first.what_to_do}",
        )


@transaction.atomic
def approve_kit(campaign: Campaign, by: User | None, also: Iterable[Rendering] = ()) -> int:
    """Approve every current rendering not approved yet; returns how many. Nothing unapproved is ever published.

    `also` as in `check_kit`. Raises as `check_approve_kit`.
    """
    also = list(also)
    check_approve_kit(campaign, by, also)
    waiting = campaign.rendering_set.in_every_language().filter(approved_at__isnull=True)
    others = campaign.rendering_set.filter(pk__in=[row.pk for row in also], approved_at__isnull=True)
    number = (waiting | others).update(approved_at=timezone.now(), approved_by=by)
    if number:
        record(Event(by, "approve_kit", campaign, campaign.pk, {"renderings": number}))
    return number
