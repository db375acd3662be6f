"""Making renderings: from the campaign's facts and messages, each once."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of, roadmap_of
from lantoa.campaigns.models import Assignment, Campaign, Fact
from lantoa.campaigns.rules.wording import FactValue, PlaceWords, fill
from lantoa.content.makers.audio import BulletinJob
from lantoa.content.makers.making import Made, hash_of, make, make_audios
from lantoa.content.makers.recorded import make_recorded
from lantoa.content.models import Message, Recording, Rendering, recording_source
from lantoa.content.rules.composing import Composed, Ground, compose_piece, words_of
from lantoa.content.rules.editing import Words, entry_of, reworded
from lantoa.content.rules.kinds import KINDS, MP3
from lantoa.content.rules.kit import Given, Wanted, plan_kit
from lantoa.letters.rules.settling import settled
from lantoa.lib.files import write_whole
from lantoa.places.actions import tree
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lantoa.campaigns.rules.pack import Pack
    from lantoa.letters.rules.letter import Letter
    from lantoa.lib.audio import Format
    from lantoa.places.models import User
    from lantoa.places.rules import Tree

_PLACES_AT_A_TIME = 100
NOTICE_KINDS = ("correction_notice", "correction_notice_pdf")


@dataclass(frozen=True, slots=True)
class Kit:
    """The renderings of a campaign as it stands: how many were made now, how many stood already."""

    renderings: list[Rendering]
    made: int
    kept: int


@dataclass(frozen=True)
class Order:
    """One rendering to be had: for whom, of which words, under which name."""

    place_id: int
    kind: str
    composed: Composed
    hash: str
    letter: str = ""
    """How its words name the letter the campaign rests on; empty when they do not."""
    recording: str = ""
    """The hash of somebody's reading of it, which takes the place of the voice; empty when there is none."""

    @property
    def path(self) -> Path:
        """Where its bytes lie, or will lie, in the store."""
        return Rendering(kind=self.kind, hash=self.hash, file_name=KINDS[self.kind].file_name).path


def take_messages(campaign: Campaign, pack: Pack, by: User | None) -> None:
    """Copy the pack's words into the campaign as version 0, where they can be edited, once.

    Words the pack got since are taken over when they come; those taken before stay as they were.
    """
    known = set(Message.objects.filter(campaign=campaign).values_list("key", "language"))
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            campaign=campaign,
            key=entry.key,
            language=entry.language,
            version=0,
            title=entry.title,
            text=entry.text,
            short=entry.short,
            long=entry.long,
            by=by,
            is_question=is_question,
            is_optional=entry.optional,
            approved_at=now,
            approved_by=by,
        )
        for entries, is_question in ((pack.messages, False), (pack.questions, True))
        for entry in entries
        if (entry.key, entry.language) not in known
    )


def make_kit(campaign: Campaign, by: User | None, progress: Callable[[int, int], None] | None = None) -> Kit:
    """Make every rendering the campaign needs and does not have yet; those no longer needed stop being current.

    Raises `MissingFactsError` naming the facts to confirm, `PieceTooLongError` when words do not fit their form.
    """
    require(by, "make_kit", campaign.place)
    take_messages(campaign, pack_of(campaign), by)
    return _fill_orders(campaign, orders_of_kit(campaign), by, progress)


def orders_of_kit(campaign: Campaign, rewords: Mapping[tuple[str, str], Words] | None = None) -> list[Order]:
    """Every rendering the campaign needs, in the words in use; `rewords` stand in place of those of their messages.

    Raises as `make_kit`.
    """
    pack, places = pack_of(campaign), tree(campaign.as_of)
    composer = Composer(campaign, pack, places, rewords=rewords)
    wanted = plan_kit(given_to(campaign, places), campaign.place_id, [language.code for language in pack.languages])
    return [order for item in wanted if (order := composer.order(item)) is not None]


def make_press_copies(campaign: Campaign, by: User | None, bleed_mm: float) -> dict[tuple[int, str], Path]:
    """Print pieces again for a printing house, with a bleed and crop marks, by place and hash; each made once.

    They are copies of renderings, not renderings: what stands in the ledger stays as it is. Raises as `make_kit`.
    """
    require(by, "make_kit", campaign.place)
    pack, places = pack_of(campaign), tree(campaign.as_of)
    composer = Composer(campaign, pack, places)
    wanted = plan_kit(given_to(campaign, places), campaign.place_id, [language.code for language in pack.languages])
    printed = [item for item in wanted if KINDS[item.kind].is_print]
    copies, made = {}, 0
    for order in _in_making_order([order for item in printed if (order := composer.order(item)) is not None]):
        copy = replace(order, hash=hash_of(order.kind, order.composed.piece, bleed_mm=bleed_mm))
        if not copy.path.exists():
            write_whole(copy.path, make(order.kind, order.composed.piece, bleed_mm=bleed_mm).content)
            made += 1
        copies[order.place_id, order.hash] = copy.path
    if made:
        record(Event(by, "make_press_copies", campaign, campaign.pk, {"made": made, "bleed_mm": bleed_mm}))
    return copies


def make_notices(campaign: Campaign, changed: Iterable[Fact], territory_ids: Iterable[int], by: User | None) -> Kit:
    """Make the correction notice of the changed facts for each territory, without printing the old values."""
    require(by, "make_kit", campaign.place)
    pack = pack_of(campaign)
    composer = Composer(campaign, pack, tree(campaign.as_of), changed=tuple(changed))
    wanted = [Wanted(place_id, kind) for place_id in sorted(territory_ids) for kind in NOTICE_KINDS]
    orders = [order for item in wanted if (order := composer.order(item)) is not None]
    return _fill_orders(campaign, orders, by, None, only=NOTICE_KINDS)


def given_to(campaign: Campaign, places: Tree) -> Iterator[Given]:
    """Each assignment of the campaign as the kit sees it."""
    rows = Assignment.objects.filter(task__campaign=campaign, task__is_correction=False)
    for place_id, kinds in rows.values_list("place_id", "task__channel_kinds"):
        territory = places.territory(place_id)
        if territory is not None and territory.kind == "neighbourhood" and territory.parent_id is not None:
            territory = places.by_id[territory.parent_id]  # its people work with the pieces of their ward
        if territory is not None:
            yield Given(territory.id, territory.kind, tuple(kinds))


class Composer:
    """Composes pieces for the territories of one campaign; two kinds of one piece share its words."""

    def __init__(
        self,
        campaign: Campaign,
        pack: Pack,
        places: Tree,
        changed: tuple[Fact, ...] = (),
        rewords: Mapping[tuple[str, str], Words] | None = None,
    ) -> None:
        self.campaign, self.places, self.changed = campaign, places, changed
        facts = list(campaign.facts.current())
        self.facts = values_of(facts)
        self.letter = settled(campaign.letter.letter)
        self.citation = citation_of(self.letter)
        self.dated = max([campaign.as_of, *(fact.known_on for fact in facts if fact.version > 1)]).isoformat()
        self.pack = reworded(pack, {**words_in_use(campaign, pack), **(rewords or {})})
        self.homes = {place.pk: place for place in Place.objects.filter(kind__in=["province", "district", "ward"])}
        roadmap = roadmap_of(campaign, timezone.localdate(), pack)
        self.phase = roadmap.now.phase if roadmap and roadmap.now else None
        self.recordings = recordings_in_use(campaign)
        self._done: dict[tuple[int, str, str], Composed | None] = {}

    def order(self, wanted: Wanted) -> Order | None:
        """The order for one wanted rendering; None when the pack has no such piece or it comes out empty."""
        piece_kind = KINDS[wanted.kind].piece
        key = (wanted.territory_id, piece_kind, wanted.language)
        if key not in self._done:
            ground = replace(self.ground(wanted.territory_id), language=wanted.language)
            self._done[key] = compose_piece(ground, piece_kind, self._about)
        composed = self._done[key]
        if composed is None:
            return None
        if self.changed:  # a notice says the new value, whether by its key or in words handed to it
            composed = replace(composed, used=composed.used | {fact.key for fact in self.changed})
        named = self.citation if self.citation in words_of(composed.piece) else ""
        digest, recording = hash_of(wanted.kind, composed.piece), ""
        if KINDS[wanted.kind].media_type.startswith("audio/"):
            recording = self.recordings.get((wanted.territory_id, hash_of_script(composed.piece.text)), "")
            digest = hash_of_recorded(digest, recording) if recording else digest
        return Order(wanted.territory_id, wanted.kind, composed, digest, named, recording)

    @property
    def _about(self) -> str:
        return self.changed[0].key if len(self.changed) == 1 else ""

    def ground(self, territory_id: int) -> Ground:
        """What the words of one place stand on."""
        home = self.homes[territory_id]
        committee = next((place for place in self.places.children(territory_id) if place.kind == "committee"), None)
        words = PlaceWords(
            place=home.name[:1].lower() + home.name[1:] if not home.name[-1].isdigit() else home.name,
            publisher=committee.name if committee else home.name,
            url=f"{settings.LANTOA_PUBLIC_URL}/c/{self.campaign.slug}/?noi={home.code}",
            contact=home.phone,
            issuer=self.letter.issuer or "",
            letter=self.citation,
            changed_label=", ".join(fact.label for fact in self.changed),
            changed_value="; ".join(self._show(fact) for fact in self.changed),
        )
        return Ground(self.pack, self.facts, words, self.dated, phase=self.phase)

    def _show(self, fact: Fact) -> str:
        return fill(f"{{{fact.key}}}", self.facts, PlaceWords()).text


def values_of(facts: Iterable[Fact]) -> dict[str, FactValue]:
    """What a text needs to know of these versions of facts, by key."""
    return {
        fact.key: FactValue(
            fact.kind,
            fact.value,
            fact.label,
            fact.unit,
            fact.is_verified,
            fact.legal_basis or fact.source,
            fact.reason,
        )
        for fact in facts
    }


def citation_of(letter: Letter) -> str:
    """How a text names the letter the campaign rests on; what is in doubt of it is left out."""
    sure = settled(letter)
    return cited(sure.doc_type, sure.number_symbol, sure.issuer)


def cites_otherwise(campaign: Campaign, renderings: Iterable[Rendering]) -> list[Rendering]:
    """Those that name the letter in other words than hold now: a person settled, corrected or reopened it since."""
    now = citation_of(campaign.letter.letter)
    return [row for row in renderings if row.details.get("letter", now) != now]


def cited(doc_type: str, number_symbol: str | None, issuer: str | None) -> str:
    """How a text names a letter; without its number as long as that is blank."""
    name = "Công văn" if doc_type == "cong_van" else "Văn bản"
    number = f" số {number_symbol}" if number_symbol and number_symbol[:1].isdigit() else ""
    return f"{name}{number} của {issuer}" if issuer else f"{name}{number}"


def words_in_use(campaign: Campaign, pack: Pack) -> dict[tuple[str, str], Words]:
    """The approved words of each message of the campaign, by key and language."""
    return {
        (row.key, row.language): words_of_version(row, pack)
        for row in Message.objects.filter(campaign=campaign).in_use()
    }


def words_of_version(row: Message, pack: Pack) -> Words:
    """What a version says. Version 0 of before lengths were kept has those of the pack it was taken from."""
    entry = entry_of(pack, row.key, row.language) if row.version == 0 else None
    is_whole = entry is None or (row.title, row.text) != (entry.title, entry.text)
    return row.words if entry is None or is_whole else Words.of(entry)


def _fill_orders(
    campaign: Campaign,
    orders: Sequence[Order],
    by: User | None,
    progress: Callable[[int, int], None] | None,
    only: Sequence[str] = (),
) -> Kit:
    missing = make_missing(orders, progress)
    with transaction.atomic():
        rows = keep_rows(campaign, orders, only)
        if missing:
            detail = {"made": missing, "kept": len(orders) - missing}
            record(Event(by, "make_kit", campaign, campaign.pk, detail))
    return Kit(rows, missing, len(orders) - missing)


def make_missing(orders: Sequence[Order], progress: Callable[[int, int], None] | None) -> int:
    """Make the files that are not in the store yet; returns how many."""
    missing = {order.hash: order for order in orders if not (order.path.exists() and details_path(order.path).exists())}
    _make_all(list(missing.values()), progress)
    return len(missing)


def _make_all(orders: Sequence[Order], progress: Callable[[int, int], None] | None) -> None:
    """Make the files, the slow bulletins on the side while the rest is made."""
    for order in orders:
        if order.recording:
            _store(order.path, make_of_recording(order))
    orders = [order for order in orders if not order.recording]
    audio = [order for order in orders if order.kind == "audio"]
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="audio") as side:
        sounding = side.submit(make_audios, [order.composed.piece for order in audio])
        rest = _in_making_order([order for order in orders if order.kind != "audio"])
        for done, order in enumerate(rest, start=1):
            _store(order.path, make(order.kind, order.composed.piece))
            if progress:
                progress(done, len(orders))
        for order, made in zip(audio, sounding.result(), strict=True):
            _store(order.path, made)
    if progress:
        progress(len(orders), len(orders))


def make_of_recording(order: Order) -> Made:
    """Make the bulletin of an order of somebody's reading of it. Raises `RecordingError`."""
    piece = order.composed.piece
    form: Format = "mp3" if KINDS[order.kind].media_type == MP3 else "opus"
    job = BulletinJob(piece.text, piece.title, piece.publisher)
    made = make_recorded(recording_source(order.recording).read_bytes(), job, form)
    return Made(made.content, {**made.details, "recording": order.recording})


def recordings_in_use(campaign: Campaign) -> dict[tuple[int, str], str]:
    """For each place and script somebody has read, the hash of the recording; one whose file is lost is none."""
    rows = Recording.objects.filter(campaign=campaign).in_use()
    return {(row.place_id, row.script_hash): row.file_hash for row in rows if row.source.exists()}


def hash_of_script(script: str) -> str:
    """By which a recording is known to read just these words: one syllable more or less is another script."""
    return hashlib.sha256(" ".join(script.split()).encode()).hexdigest()


def hash_of_recorded(digest: str, file_hash: str) -> str:
    """The rendering's name in the store when a person reads it: what the voice's would be, and the recording."""
    return hashlib.sha256(f"{digest} {file_hash}".encode()).hexdigest()


def _in_making_order(orders: Sequence[Order]) -> list[Order]:
    """One kind after the other for some places at a time: what the pieces of a kind share is laid out once.

    Not all places at once, for the kinds of one place share its code.
    """
    places = sorted({order.place_id for order in orders})
    batch = {place_id: index // _PLACES_AT_A_TIME for index, place_id in enumerate(places)}
    return sorted(orders, key=lambda order: (batch[order.place_id], order.kind, order.place_id))


def _store(path: Path, made: Made) -> None:
    """Write the figures, then the file: a file in the store is a finished file."""
    write_whole(details_path(path), json.dumps(made.details, ensure_ascii=False).encode())
    write_whole(path, made.content)


def details_path(path: Path) -> Path:
    """Where a rendering's figures lie beside it."""
    return path.with_suffix(".details.json")


def keep_rows(
    campaign: Campaign, orders: Sequence[Order], only: Sequence[str] = (), at: int | None = None
) -> list[Rendering]:
    """The ledger's rows for these orders, made current; the others of the same kinds (at one place) stop being so."""
    versions = dict(campaign.facts.current().values_list("key", "version"))
    scope = (
        campaign.rendering_set.filter(kind__in=only) if only else campaign.rendering_set.exclude(kind__in=NOTICE_KINDS)
    )
    scope = scope if at is None else scope.filter(place=at)
    standing = {(row.place_id, row.kind, row.hash): row for row in scope}  # the language stands in the hash
    wanted = {(order.place_id, order.kind, order.hash) for order in orders}
    old = [row.pk for key, row in standing.items() if row.is_current and key not in wanted]
    scope.filter(pk__in=old).update(is_current=False)
    fresh: list[Rendering] = []
    again: list[Rendering] = []
    for order in orders:
        facts = {key: versions[key] for key in sorted(order.composed.used)}
        row = standing.get((order.place_id, order.kind, order.hash))
        if row is None:
            fresh.append(row_of(campaign, order, facts))
        elif not row.is_current or row.facts != facts or row.details.get("letter", "") != order.letter:
            row.is_current, row.facts = True, facts
            row.details = {key: value for key, value in row.details.items() if key != "letter"} | _named(order)
            again.append(row)
    Rendering.objects.bulk_update(again, ["is_current", "facts", "details"])
    Rendering.objects.bulk_create(fresh)
    return list(scope.filter(is_current=True).select_related("place"))


def row_of(campaign: Campaign, order: Order, facts: dict[str, int]) -> Rendering:
    """The ledger's row of a rendering that was made."""
    kind, path = KINDS[order.kind], order.path
    details = json.loads(details_path(path).read_text(encoding="utf-8"))
    words = details.pop("transcript", None) or words_of(order.composed.piece)
    return Rendering(
        campaign=campaign,
        kind=kind.name,
        place_id=order.place_id,
        hash=order.hash,
        file_name=kind.file_name,
        media_type=kind.media_type,
        size=path.stat().st_size,
        title=order.composed.piece.title or kind.label,
        words=words,
        facts=facts,
        language=order.composed.piece.language,
        details=details | _named(order),
    )


def _named(order: Order) -> dict[str, str]:
    return {"letter": order.letter} if order.letter else {}
