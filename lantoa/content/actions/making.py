"""Making renderings: from the campaign's facts and messages, each once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of
from lantoa.content.actions.asking import ask_for_templates
from lantoa.content.actions.composing import OWN_DETAILS, Composer, Order, given_to
from lantoa.content.actions.extracting import take_text
from lantoa.content.actions.homes import Homes
from lantoa.content.makers.audio import BulletinJob
from lantoa.content.makers.making import AUDIO_KINDS, Made, hash_of, make, make_audios
from lantoa.content.makers.recorded import make_recorded
from lantoa.content.makers.studio import PLAIN
from lantoa.content.models import Message, Rendering, recording_source
from lantoa.content.rules.composing import Composed, message_words, words_of
from lantoa.content.rules.kinds import BULLETIN_VARIANTS, JSON, KINDS, NOTICE_KINDS, OPUS, WIRE_NOTICES
from lantoa.content.rules.kit import IN_EVERY_LANGUAGE, Wanted, plan_kit
from lantoa.content.rules.neighbourhoods import plan_neighbourhood_kits
from lantoa.content.rules.withdrawal import Withdrawn, notices_of, withdrawal_piece
from lantoa.lib.files import write_whole
from lantoa.places.events import Event, record
from lantoa.places.permits import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.campaigns.rules.pack import Pack
    from lantoa.content.models import RenderingQuerySet
    from lantoa.lib.audio import Format
    from lantoa.places.models import User
    from lantoa.places.rules import Tree

_PLACES_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Kit:
    """The renderings of a campaign as it stands: how many were made now, how many stood already."""

    renderings: list[Rendering]
    made: int
    kept: int


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


def make_kit(
    campaign: Campaign,
    by: User | None,
    progress: Callable[[int, int], None] | None = None,
    *,
    variants: bool = False,
    neighbourhoods: bool = False,
) -> Kit:
    """Make every rendering the campaign needs and does not have yet; those no longer needed stop being current.

    With `variants`, bulletins also as sound in every length and format; with `neighbourhoods`, print pieces of each
    neighbourhood's own. Once made, both are kept up to date without. Cut off, it goes on where it stopped: what lies
    in the store is not made again.
    Raises `MissingFactsError` naming the facts to confirm, `PieceTooLongError` when words do not fit their form.
    """
    require(by, "make_kit", campaign.place)
    pack = pack_of(campaign)
    take_messages(campaign, pack, by)
    composer = Composer(campaign, pack)
    orders = orders_of_kit(composer, variants=variants, neighbourhoods=neighbourhoods)
    ask_for_templates(campaign, composer.ground(campaign.place_id), {order.kind for order in orders})
    return _fill_orders(campaign, orders, by, progress)


def orders_of_kit(composer: Composer, *, variants: bool = False, neighbourhoods: bool = False) -> list[Order]:
    """Every rendering the campaign needs, in the words the composer has. Raises as `make_kit`."""
    wanted = wanted_for(composer, variants=variants, neighbourhoods=neighbourhoods)
    return [order for item in wanted if (order := composer.order(item)) is not None]


def wanted_for(composer: Composer, *, variants: bool = False, neighbourhoods: bool = False) -> list[Wanted]:
    """What a kit made now would hold, whether or not there are words for it."""
    campaign, places = composer.campaign, composer.places
    languages = [language.code for language in composer.pack.languages]
    wanted = plan_kit(given_to(campaign, places), campaign.place_id, languages, variants=variants)
    own = set(places_below(places, campaign.place_id)) if neighbourhoods else neighbourhoods_of(campaign)
    wanted += plan_neighbourhood_kits(own)
    return wanted + ([] if variants else _standing_variants(campaign, wanted))


def places_below(places: Tree, place_id: int) -> Iterator[int]:
    """The neighbourhoods of a territory."""
    return (place.id for place in places.below(place_id) if place.kind == "neighbourhood")


def neighbourhoods_of(campaign: Campaign) -> set[int]:
    """The neighbourhoods that have pieces of their own."""
    rows = campaign.rendering_set.filter(is_current=True, place__kind="neighbourhood")
    return set(rows.order_by().values_list("place", flat=True).distinct())


def _standing_variants(campaign: Campaign, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Other lengths and formats of bulletins that somebody has had made: they must say what the others say."""
    heard = {item.territory_id for item in wanted if item.kind == "audio"}
    rows = campaign.rendering_set.current().filter(kind__in=BULLETIN_VARIANTS, place__in=heard)
    known = set(wanted)
    return sorted({Wanted(place, kind) for place, kind in rows.values_list("place", "kind")} - known)


def make_press_copies(campaign: Campaign, by: User | None, bleed_mm: float) -> dict[tuple[int, str], Path]:
    """Print pieces again for a printing house, with a bleed and crop marks, by place and hash; each made once.

    They are copies of renderings, not renderings: what stands in the ledger stays as it is. Raises as `make_kit`.
    """
    require(by, "make_kit", campaign.place)
    composer = Composer(campaign, pack_of(campaign))
    printed = [item for item in wanted_for(composer) if KINDS[item.kind].is_print]
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
    """Make the correction notice of the changed facts for each territory, without printing the old values.

    Beside the letter, a short one is made for each kind of message to many people that the kit holds.
    """
    require(by, "make_kit", campaign.place)
    pack = pack_of(campaign)
    composer = Composer(campaign, pack, changed=tuple(changed))
    languages = ("vi", *(language.code for language in pack.languages))
    wanted = [
        Wanted(place_id, kind, language)
        for place_id in sorted(territory_ids)
        for kind in notice_kinds(campaign)
        for language in (languages if kind in IN_EVERY_LANGUAGE else ("vi",))
    ]
    orders = [order for item in wanted if (order := composer.order(item)) is not None]
    return _fill_orders(campaign, orders, by, scope=campaign.rendering_set.filter(kind__in=NOTICE_KINDS))


def make_withdrawal_notices(
    campaign: Campaign, kind: str, reason: str, territory_ids: Iterable[int], by: User | None
) -> Kit:
    """Make what tells of a withdrawal of everything of `kind`: the letter, and short words the way a message went."""
    require(by, "withdraw_message", campaign.place)
    homes, territories, notices = Homes(campaign), sorted(territory_ids), notices_of(kind)
    today, orders = timezone.localdate().isoformat(), list[Order]()
    for territory in territories:
        told = Withdrawn(kind, reason, campaign.title, homes.words(territory), today)
        pieces = {notice: withdrawal_piece(notice, told) for notice in notices}
        orders += [
            Order(territory, notice, Composed(piece, frozenset()), hash_of(notice, piece))
            for notice, piece in pieces.items()
        ]
    own = campaign.rendering_set.filter(kind__in=notices, place__in=territories)
    return _fill_orders(campaign, orders, by, scope=own)


def notice_kinds(campaign: Campaign) -> tuple[str, ...]:
    """The kinds of notice a correction of this campaign needs: the letter, and one for each message its kit holds."""
    told = set(campaign.rendering_set.current().filter(kind__in=WIRE_NOTICES).values_list("kind", flat=True))
    return tuple(kind for kind in NOTICE_KINDS if not KINDS[kind].answers or KINDS[kind].answers in told)


def _fill_orders(
    campaign: Campaign,
    orders: Sequence[Order],
    by: User | None,
    progress: Callable[[int, int], None] | None = None,
    scope: RenderingQuerySet | None = None,
) -> Kit:
    """Make what is missing and keep the rows; those of `scope` that nobody wants any more stop being current."""
    scope = kit_scope(campaign) if scope is None else scope
    missing = make_missing(orders, progress)
    with transaction.atomic():
        rows = keep_rows(campaign, orders, scope)
        _retire_notices(campaign)
        if missing:
            detail = {"made": missing, "kept": len(orders) - missing}
            record(Event(by, "make_kit", campaign, campaign.pk, detail))
    return Kit(rows, missing, len(orders) - missing)


def make_missing(orders: Sequence[Order], progress: Callable[[int, int], None] | None) -> int:
    """Make the files that are not in the store yet; returns how many."""
    missing = {order.hash: order for order in orders if not (order.path.exists() and details_path(order.path).exists())}
    _make_all(list(missing.values()), progress)
    return len(missing)


def kit_scope(campaign: Campaign) -> RenderingQuerySet:
    """The rows a kit made anew decides about: all but notices."""
    rows: RenderingQuerySet = campaign.rendering_set.exclude(kind__in=NOTICE_KINDS)
    return rows


def _make_all(orders: Sequence[Order], progress: Callable[[int, int], None] | None) -> None:
    """Make the files, the slow bulletins on the side while the rest is made."""
    for order in orders:
        if order.recording:
            store_made(order.path, _of_recording(order))
    orders = [order for order in orders if not order.recording]
    audio = [order for order in orders if order.kind in AUDIO_KINDS]
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="audio") as side:
        pieces, kinds = [order.composed.piece for order in audio], [order.kind for order in audio]
        sounding = side.submit(make_audios, pieces, kinds, audio[0].studio if audio else PLAIN)
        rest = _in_making_order([order for order in orders if order.kind not in AUDIO_KINDS])
        for done, order in enumerate(rest, start=1):
            store_made(order.path, make(order.kind, order.composed.piece, studio=order.studio))
            if not sounding.done():  # for the check, while the bulletins are made
                take_text(order.path, KINDS[order.kind].media_type)
            if progress:
                progress(done, len(orders))
        for order, made in zip(audio, sounding.result(), strict=True):
            store_made(order.path, made)
    if progress:
        progress(len(orders), len(orders))


def _of_recording(order: Order) -> Made:
    made = make_reading(recording_source(order.recording).read_bytes(), order)
    return replace(made, details={**made.details, "recording": order.recording})


def make_reading(data: bytes, order: Order) -> Made:
    """Make the bulletin of an order of `data`, somebody's reading of it. Raises `RecordingError`."""
    piece = order.composed.piece
    form: Format = "opus" if KINDS[order.kind].media_type == OPUS else "mp3"
    job = BulletinJob(piece.text, piece.title, piece.publisher, formats=(form,))
    made = make_recorded(data, job, order.studio.sound)
    return Made(made.content, made.details, made.beside)


def _in_making_order(orders: Sequence[Order]) -> list[Order]:
    """One kind after the other for some places at a time: what the pieces of a kind share is laid out once.

    Not all places at once, for the kinds of one place share its code.
    """
    places = sorted({order.place_id for order in orders})
    batch = {place_id: index // _PLACES_AT_A_TIME for index, place_id in enumerate(places)}
    return sorted(orders, key=lambda order: (batch[order.place_id], order.kind, order.place_id))


def store_made(path: Path, made: Made) -> None:
    """Write its figures and what goes with it, then the file: a file in the store is a finished file."""
    for ending, content in made.beside.items():
        write_whole(path.with_suffix(ending), content)
    write_whole(details_path(path), json.dumps(made.details, ensure_ascii=False).encode())
    write_whole(path, made.content)


def details_path(path: Path) -> Path:
    """Where a rendering's figures lie beside it."""
    return path.with_suffix(".details.json")


def keep_rows(campaign: Campaign, orders: Sequence[Order], scope: RenderingQuerySet) -> list[Rendering]:
    """The ledger's rows for these orders, made current; the others of the scope stop being so."""
    versions = dict(campaign.facts.current().values_list("key", "version"))
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
        elif not row.is_current or row.facts != facts or {key: row.details.get(key) for key in OWN_DETAILS} != {
            key: order.own.get(key) for key in OWN_DETAILS
        }:
            row.is_current, row.facts = True, facts
            row.details = {key: value for key, value in row.details.items() if key not in OWN_DETAILS} | order.own
            again.append(row)
    Rendering.objects.bulk_update(again, ["is_current", "facts", "details"])
    Rendering.objects.bulk_create(fresh)
    return list(scope.filter(is_current=True).select_related("place"))


def _retire_notices(campaign: Campaign) -> None:
    """Notices of what a fact was before it changed again are no part of the kit: they will never go out again."""
    versions = dict(campaign.facts.current().values_list("key", "version"))
    notices = campaign.rendering_set.filter(kind__in=NOTICE_KINDS, is_current=True).values_list("pk", "facts")
    old = [pk for pk, facts in notices if any(versions.get(key) != version for key, version in facts.items())]
    campaign.rendering_set.filter(pk__in=old).update(is_current=False)


def row_of(campaign: Campaign, order: Order, facts: dict[str, int]) -> Rendering:
    """The ledger's row of a rendering that was made."""
    kind, path = KINDS[order.kind], order.path
    details = json.loads(details_path(path).read_text(encoding="utf-8"))
    told = message_words if kind.media_type == JSON else words_of
    words = details.pop("transcript", None) or told(order.composed.piece)
    signed = {"publisher": order.composed.piece.publisher} if kind.is_message else {}
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
        details=details | signed | order.own,
    )
