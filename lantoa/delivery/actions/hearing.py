"""What comes back: receipts by webhook, replies, refusals; and what a person does about them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from lantoa.channels.registry import open_wire
from lantoa.channels.wire import Reaches, Reply, Report
from lantoa.delivery.engine.gathering import heard_of
from lantoa.delivery.engine.receiving import receive
from lantoa.delivery.engine.store import Counts
from lantoa.delivery.engine.stores import open_store
from lantoa.delivery.engine.work import Batch
from lantoa.delivery.models import Answer, Dispatch, PushSubscription, Recipient, Suppression
from lantoa.delivery.rules.keys import read_key
from lantoa.delivery.rules.replies import is_refusal
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require
from lantoa.residents.models import Resident
from lantoa.residents.rules import read_phone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.delivery.engine.store import Store
    from lantoa.places.models import User

MOST_TEXT = 4000
"""Letters kept of what somebody wrote."""
REPEATED = dt.timedelta(days=1)
"""The same words from the same address within this time are one answer: a provider may bring it twice."""


@transaction.atomic
def hear(channel: str, news: Iterable[Report | Reply]) -> int:
    """Write down what a provider told by itself, such as to a webhook; returns how many things that were."""
    batch = Batch()
    number = 0
    for number, one in enumerate(news, start=1):  # noqa: B007 - counts
        if isinstance(one, Report):
            batch.heard += heard_of(one, settings.SECRET_KEY)
        else:
            take_reply(channel, one)
    store = open_store_with_desk()
    with connection.cursor() as cursor:
        counts = Counts(0, is_second_try=False)
        receive(store, cursor, batch, counts, int(store.now()))
        counts.write(cursor)
    return number


def open_store_with_desk() -> Store:
    """The ledger, with somebody to take what people write back."""
    store = open_store()
    store.take_reply, store.take_refusal = take_reply, take_refusal
    return store


def take_reply(channel: str, reply: Reply) -> Answer | None:
    """Keep what somebody wrote for a person to read; a refusal is obeyed at once, everywhere, and needs nobody."""
    ref = read_key(reply.key, settings.SECRET_KEY) if reply.key else None
    reaches = open_wire(channel, settings.LANTOA_CHANNELS).reaches
    address = _plain_address(reaches, reply.address)
    if is_refusal(reply.text):
        row = _suppress(reaches, address, Suppression.Source.REPLY, reply.text[:300])[0]
        record(Event(None, "opt_out", row))
        return None
    if Answer.objects.filter(
        channel=channel, address=address, text=reply.text[:MOST_TEXT], at__gte=timezone.now() - REPEATED
    ).exists():
        return None
    dispatch = Dispatch.objects.filter(pk=ref[0]).first() if ref else None
    person = ref[1] if ref else None
    return Answer.objects.create(
        channel=channel, address=address, text=reply.text[:MOST_TEXT], dispatch=dispatch, person=person,
        place=_place_of(dispatch, person, reaches, address),
    )


def _plain_address(reaches: Reaches, address: str) -> str:
    """A telephone number as the register writes it; an e-mail address in small letters."""
    if reaches is Reaches.PHONE:
        return read_phone(address).number or address[:200]
    return address.strip().lower()[:200] if reaches is Reaches.EMAIL else address[:200]


def _place_of(dispatch: Dispatch | None, person: int | None, reaches: Reaches, address: str) -> Place | None:
    """Where whoever wrote belongs, so that the answer lies on the right desk."""
    if dispatch is not None and person is not None:
        row = Recipient.objects.filter(dispatch=dispatch, person=person).first()
        if row is not None:
            return Place.objects.filter(pk=row.place_id).first()
    field = "phone" if reaches is Reaches.PHONE else "email__iexact"
    resident = Resident.objects.filter(**{field: address}).select_related("place").first()
    return resident.place if resident else Place.objects.filter(**{field: address}).first()


def _suppress(
    reaches: Reaches, address: str, source: str, why: str = "", by: User | None = None
) -> list[Suppression]:
    """Send this address nothing any more; nor any other address we have of the same resident."""
    addresses = {(reaches.value, address)}
    field = {Reaches.PHONE: "phone", Reaches.EMAIL: "email__iexact"}.get(reaches)
    if field and address:
        for resident in Resident.objects.filter(**{field: address}):
            addresses |= {("phone", resident.phone), ("email", resident.email)}
    if reaches is Reaches.BROWSER:
        PushSubscription.objects.filter(address=address).delete()
    return [
        Suppression.objects.get_or_create(
            reaches=one, address=own, defaults={"source": source, "why": why[:300], "by": by}
        )[0]
        for one, own in sorted(addresses) if own
    ]


@transaction.atomic
def opt_out(key: str) -> Suppression | None:
    """Obey a click on the link or button by which a message is refused; None for a key that we did not make."""
    ref = read_key(key, settings.SECRET_KEY)
    return take_refusal(ref, "") if ref else None


def take_refusal(ref: tuple[int, int], code: str) -> Suppression | None:
    """Send a recipient nothing any more; `code` says how they refused. None when they are gone anyway."""
    dispatch = Dispatch.objects.filter(pk=ref[0]).first()
    address = address_of(dispatch, ref[1]) if dispatch else ""
    if dispatch is None or not address:
        return None
    source = Suppression.Source.COMPLAINT if code == "complaint" else Suppression.Source.LINK
    row = _suppress(Reaches(dispatch.reaches), address, source)[0]
    record(Event(None, "opt_out", row, dispatch.campaign_id))
    return row


def address_of(dispatch: Dispatch, person: int) -> str:
    """Where a recipient of a dispatch is reached now; empty when they are gone."""
    models: dict[str, Any] = {
        Dispatch.Audience.RESIDENTS: Resident, Dispatch.Audience.PLACES: Place,
        Dispatch.Audience.BROWSERS: PushSubscription,
    }
    field = "address" if dispatch.reaches == Reaches.BROWSER.value else dispatch.reaches
    row = models[dispatch.audience].objects.filter(pk=person).first()
    return str(getattr(row, field, "")) if row else ""


@transaction.atomic
def refuse_messages(reaches: Reaches, address: str, why: str, by: User | None) -> list[Suppression]:
    """Write down that somebody wants no messages, as they said by telephone or at the door."""
    require(by, "suppress")
    plain = _plain_address(reaches, address)
    if reaches is Reaches.PHONE and not read_phone(plain).number:
        raise RefusedError("Hãy ghi số điện thoại di động, như 0912 345 678.")
    if reaches is Reaches.EMAIL and "@" not in plain:
        raise RefusedError("Hãy ghi địa chỉ thư điện tử.")
    rows = _suppress(reaches, plain, Suppression.Source.PERSON, why, by)
    record(Event(by, "refuse_messages", rows[0], detail={"reaches": reaches.value}))
    return rows


@transaction.atomic
def allow_messages(row: Suppression, by: User | None) -> None:
    """Send to an address again, because its owner asked for it."""
    require(by, "suppress")
    record(Event(by, "allow_messages", row, detail={"reaches": row.reaches, "source": row.source}))
    row.delete()


@transaction.atomic
def handle_answer(answer: Answer, note: str, by: User | None) -> None:
    """Write down what was done about what somebody wrote."""
    require(by, "handle_answer", answer.place)
    if not note.strip():
        raise RefusedError("Hãy ghi đã làm gì với tin này.")
    answer.note, answer.handled_at, answer.by = note.strip(), timezone.now(), by
    answer.save(update_fields=["note", "handled_at", "by"])
    campaign = answer.dispatch.campaign_id if answer.dispatch else None
    record(Event(by, "handle_answer", answer, campaign))
