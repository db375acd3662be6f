"""Writing down who a dispatch goes to: one statement for all of them, and one for the chunks they are sent in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, Exists, F, OuterRef, SmallIntegerField, Value

from lantoa.delivery.actions.inserting import insert_from
from lantoa.delivery.engine.store import recount
from lantoa.delivery.engine.stores import open_store
from lantoa.delivery.models import Chunk, Dispatch, PushSubscription, Recipient, Tally
from lantoa.delivery.rules.states import QUEUED, UNSENT
from lantoa.places.actions import tree_of_all
from lantoa.places.models import Place
from lantoa.residents.models import Resident
from lantoa.residents.rules import read_segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

CHUNK = 500
"""People in a chunk: large enough that claiming costs nothing, small enough that a pause is at once."""
FIELDS = ("dispatch_id", "person", "place_id", "wave", "state", "attempts")


def people(dispatch: Dispatch) -> QuerySet[Any]:
    """Everybody of a dispatch's audience and segment who has an address of its kind.

    Raises `ValueError`, in Vietnamese, for a segment that cannot be read.
    """
    return everybody(dispatch).exclude(**{address_field(dispatch): ""})


def everybody(dispatch: Dispatch) -> QuerySet[Any]:
    """The same with those who have no address. Raises `ValueError`, in Vietnamese."""
    place = dispatch.campaign.place
    if dispatch.audience == Dispatch.Audience.RESIDENTS:
        return Resident.objects.segment(read_segment(dispatch.segment), place)
    if dispatch.audience == Dispatch.Audience.BROWSERS:
        return PushSubscription.objects.filter(place__in=Place.objects.under([place]))
    return _offices(dispatch)


def address_field(dispatch: Dispatch) -> str:
    """The column in which people of a dispatch's audience have their address."""
    return "address" if dispatch.audience == Dispatch.Audience.BROWSERS else dispatch.reaches


def _offices(dispatch: Dispatch) -> QuerySet[Any]:
    """The places that the campaign's tasks were given to; a segment is a kind of place or a code."""
    given = dispatch.campaign.tasks.filter(is_correction=False).values("assignments__place")
    rows = Place.objects.filter(pk__in=given)
    if not dispatch.segment:
        return rows
    if dispatch.segment in Place.Kind.values:
        return rows.filter(kind=dispatch.segment)
    found = rows.filter(code=dispatch.segment)
    if not found:
        raise ValueError(f"Không có đơn vị nào được giao việc mang mã hoặc loại “{dispatch.segment}”.")
    return found


def add_people(dispatch: Dispatch, rows: QuerySet[Any] | None = None) -> int:
    """Write down everybody of the dispatch, or just these `rows` of its audience; returns how many are new in it.

    Of everybody, whoever had the very same words by the same channel from an earlier dispatch is left out. The caller
    holds the transaction.
    """
    open_store().make_room(dispatch.pk)
    if rows is None:
        rows = people(dispatch)
        earlier = _same_words_before(dispatch)
        rows = rows if earlier is None else rows.filter(~Exists(earlier))
    wave = dispatch.waves + 1
    place = F("pk") if dispatch.audience == Dispatch.Audience.PLACES else F("place_id")
    number = insert_from(
        Recipient,
        FIELDS,
        rows.order_by("pk").values_list(
            Value(dispatch.pk, BigIntegerField()),
            F("pk"),
            place,
            Value(wave, SmallIntegerField()),
            Value(QUEUED, SmallIntegerField()),
            Value(0, SmallIntegerField()),
        ),
        in_order=True,
    )
    if number:
        _cut_into_chunks(dispatch, wave)
        Tally.objects.create(dispatch=dispatch, state=QUEUED, shard=-wave, number=number)
        dispatch.waves = wave
        dispatch.save(update_fields=["waves"])
    return number


def _same_words_before(dispatch: Dispatch) -> QuerySet[Recipient] | None:
    """Who had these words already: rows of earlier dispatches in places whose words are the same."""
    others = Dispatch.objects.filter(
        campaign=dispatch.campaign, channel=dispatch.channel, rendering_kind=dispatch.rendering_kind,
        audience=dispatch.audience,
    ).exclude(pk=dispatch.pk)
    places = tree_of_all()
    now = places.inherit(dict(dispatch.texts.values_list("place", "rendering")))
    found: QuerySet[Recipient] | None = None
    for other in others:
        then = places.inherit(dict(other.texts.values_list("place", "rendering")))
        same = [place for place, rendering in now.items() if then.get(place) == rendering]
        if same:
            rows = Recipient.objects.filter(dispatch=other, place_id__in=same, person=OuterRef("pk"))
            if other.state == Dispatch.State.CANCELLED:
                rows = rows.exclude(state__in=UNSENT)  # whoever it never came to is to get it now
            found = rows if found is None else found | rows
    return found


def _cut_into_chunks(dispatch: Dispatch, wave: int) -> None:
    """Each chunk is a range of `CHUNK` people, in the order of their numbers."""
    table = connection.ops.quote_name(Chunk._meta.db_table)  # noqa: SLF001 - documented by Django
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (dispatch_id, wave, first, last, size, state, begun, not_before, claimed_at, "  # noqa: S608 - a name of our own
            "offered_at) SELECT %s, %s, MIN(person), MAX(person), COUNT(*), 0, -1, 0, 0, 0 FROM ("
            "SELECT person, (ROW_NUMBER() OVER (ORDER BY person) - 1) / %s AS part "
            "FROM delivery_recipient WHERE dispatch_id = %s AND wave = %s) AS numbered "
            "GROUP BY part ORDER BY part",
            [dispatch.pk, wave, CHUNK, dispatch.pk, wave],
        )
        if connection.vendor == "postgresql":  # a table never looked at makes the planner guess wrong
            first = dispatch.pk // 256 * 256
            cursor.execute(f"ANALYZE delivery_recipient_{first}")
            cursor.execute(f"ANALYZE {table}")


def numbers(dispatch_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """By dispatch, how many are in each state; read from what is kept, not counted."""
    found: dict[int, dict[int, int]] = {pk: {} for pk in dispatch_ids}
    for dispatch, state, number in Tally.objects.filter(dispatch__in=found).values_list(
        "dispatch", "state", "number"
    ):
        found[dispatch][state] = found[dispatch].get(state, 0) + number
    return found


def count_again(dispatch: Dispatch) -> None:
    """Count a dispatch's people by state anew, after rows were taken out of it."""
    with connection.cursor() as cursor:
        recount(cursor, dispatch.pk)
