"""A bulletin read by a place's own announcer: brought, listened to, taken in place of the voice, and given up again.

A recording reads one script. As soon as a fact, the words or the phase change what is to be read, the voice takes its
place again by itself: words of before are never aired.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.models import Campaign
from lantoa.content.actions.composing import Composer, hash_of_recorded, hash_of_script
from lantoa.content.actions.making import keep_rows, make_missing, make_reading, store_made, wanted_for
from lantoa.content.makers.making import hash_of
from lantoa.content.models import Recording, Rendering, recording_source
from lantoa.content.rules.kinds import KINDS, MP3
from lantoa.lib.files import write_whole
from lantoa.lib.recording import RecordingError
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from lantoa.content.actions.composing import Order
    from lantoa.places.models import Place, User

AUDIO = tuple(kind.name for kind in KINDS.values() if kind.media_type.startswith("audio/"))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody brings: for which place, reading which script (by its hash), its name and bytes."""

    place: Place
    script_hash: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """A script to be read at a place, and the renderings that air it."""

    script: str
    title: str
    orders: tuple[Order, ...]

    @property
    def script_hash(self) -> str:
        """By which recordings of it are known."""
        return hash_of_script(self.script)

    @property
    def kinds(self) -> list[str]:
        """The rendering kinds that air it."""
        return [order.kind for order in self.orders]


def readings_of(campaign: Campaign, place: Place) -> list[Reading]:
    """The scripts a place is to air now, each once. Raises `RefusedError` when one cannot be composed, saying why."""
    found: dict[str, list[Order]] = {}
    for order in _orders(campaign, place):
        found.setdefault(order.composed.piece.text, []).append(order)
    return [Reading(script, orders[0].composed.piece.title, tuple(orders)) for script, orders in found.items()]


def _orders(campaign: Campaign, place: Place) -> list[Order]:
    composer = Composer(campaign, pack_of(campaign))
    wanted = [item for item in wanted_for(composer) if item.territory_id == place.pk and item.kind in AUDIO]
    try:
        return [order for item in wanted if (order := composer.order(item)) is not None]
    except ValueError as why:
        raise RefusedError(str(why)) from why


def check_record_bulletin(campaign: Campaign, upload: Upload, by: User | None) -> Reading:
    """The script that the upload reads. Raises `RefusedError` when the place airs no such script (any more)."""
    require(by, "record_bulletin", upload.place)
    readings = readings_of(campaign, upload.place)
    if not readings:
        raise RefusedError(f"{upload.place.name} không có bản tin phát thanh trong chiến dịch này.")
    reading = next((one for one in readings if one.script_hash == upload.script_hash), None)
    if reading is None:
        raise RefusedError("Lời đọc đã đổi sau khi bạn mở trang. Hãy xem lời mới rồi thu lại.")
    if not upload.data:
        raise RefusedError("Tệp ghi âm trống. Hãy chọn tệp khác hoặc thu lại.")
    return reading


def record_bulletin(campaign: Campaign, upload: Upload, by: User | None) -> Recording:
    """Take in somebody's reading: trimmed, levelled, between chimes, judged. It is aired only once it is accepted.

    Raises `RefusedError` for what cannot be used, saying why.
    """
    reading = check_record_bulletin(campaign, upload, by)
    order = next((one for one in reading.orders if KINDS[one.kind].media_type == MP3), reading.orders[0])
    piece = order.composed.piece
    file_hash = hashlib.sha256(upload.data).hexdigest()
    try:
        made = make_reading(upload.data, order)
    except RecordingError as refusal:
        raise RefusedError(str(refusal)) from refusal
    row = Recording(
        campaign=campaign,
        place=upload.place,
        script=piece.text,
        script_hash=reading.script_hash,
        file_hash=file_hash,
        file_name=upload.name[-200:] or "ghi-am",
        hash=hash_of_recorded(hash_of(order.kind, piece, studio=order.studio), file_hash),
        seconds=made.details["seconds"],
        faults=made.details["heard"],
        sentences=made.details["sentences"],
        by=by,
    )
    write_whole(recording_source(file_hash), upload.data)
    store_made(row.path, replace(made, details={**made.details, "recording": file_hash}))
    with transaction.atomic():
        row.save()
        detail = {"place": upload.place.name, "seconds": row.seconds, "faults": len(row.faults), "file": row.file_name}
        record(Event(by, "record_bulletin", row, campaign.pk, detail))
    return row


def check_accept_recording(recording: Recording, by: User | None) -> Reading:
    """The script it reads. Raises `RefusedError` when that is no longer what is to be read, or it was given up."""
    require(by, "record_bulletin", recording.place)
    if recording.dropped_at is not None:
        raise RefusedError("Bản thu này đã bỏ. Hãy tải lên lại nếu cần.")
    if recording.accepted_at is not None:
        raise RefusedError("Bản thu này đang được dùng.")
    readings = readings_of(recording.campaign, recording.place)
    reading = next((one for one in readings if one.script_hash == recording.script_hash), None)
    if reading is None:
        raise RefusedError("Lời đọc đã đổi sau khi thu. Bản thu này đọc lời cũ nên không dùng được; hãy thu lại.")
    return reading


def accept_recording(recording: Recording, by: User | None) -> Recording:
    """Take the recording in place of the voice; its renderings become the current ones and wait for approval."""
    check_accept_recording(recording, by)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=recording.campaign_id)
        now = timezone.now()
        same = Recording.objects.filter(campaign=recording.campaign, place=recording.place).in_use()
        same.filter(script_hash=recording.script_hash).update(dropped_at=now)
        recording.accepted_at, recording.accepted_by = now, by
        recording.save(update_fields=["accepted_at", "accepted_by"])
        _renew(recording)
        detail = {"place": recording.place.name, "file": recording.file_name, "faults": len(recording.faults)}
        record(Event(by, "accept_recording", recording, recording.campaign_id, detail))
    return recording


def check_drop_recording(recording: Recording, by: User | None) -> None:
    """Whether `by` may give it up. Raises `RefusedError`, also when it was given up before."""
    require(by, "record_bulletin", recording.place)
    if recording.dropped_at is not None:
        raise RefusedError("Bản thu này đã bỏ rồi.")


def drop_recording(recording: Recording, by: User | None) -> Recording:
    """Give the recording up: the voice reads again, in the very file that was approved before."""
    check_drop_recording(recording, by)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=recording.campaign_id)
        was_used = recording.accepted_at is not None
        recording.dropped_at = timezone.now()
        recording.save(update_fields=["dropped_at"])
        if was_used:
            _renew(recording)
        detail = {"place": recording.place.name, "file": recording.file_name, "was_used": was_used}
        record(Event(by, "drop_recording", recording, recording.campaign_id, detail))
    return recording


def _renew(recording: Recording) -> list[Rendering]:
    """Make current what the place airs now; its files are there already, or are made."""
    orders = _orders(recording.campaign, recording.place)
    make_missing(orders, None)
    scope = recording.campaign.rendering_set.filter(kind__in=AUDIO, place=recording.place_id)
    return keep_rows(recording.campaign, orders, scope)
