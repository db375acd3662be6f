"""What `lantoa bench correct` measures: a fact changes under a ledger of a hundred thousand deliveries.

The ledger is built in a home of its own by bulk insert; what goes through the folder goes out for real. Afterwards
the promises of a correction are counted one by one, from the ledger and from what stands outside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import resource
import sys
import time
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.campaigns.rules.pack import Pack
    from lantoa.delivery.models import Correction
    from lantoa.letters.rules.letter import Letter
    from lantoa.places.models import Place

WARDS, NEIGHBOURHOODS, POSTS, SLOTS = 12, 61, 40, 3
CHANNELS = ("portal", "fanpage", "social_network", "zalo", "loudspeaker", "poster_banner", "staff_meeting")
HANDED = "briefing"
"""The rendering kind the recipients were handed."""
NEVER_EXPOSED = 1000
MOST_PLANNING, MOST_QUEUEING = 2.0, 60.0
"""Seconds that planning, and writing down everything that is to go out, may take."""


@dataclass
class Ground:
    """The generated places: who publishes what, who was handed something, and who never was."""

    district: Place
    wards: list[Place]
    committees: list[Place]
    stations: list[Place]
    neighbourhoods: list[Place]
    exposed: list[Place]
    spared: list[Place]


@dataclass
class Stopwatch:
    """Seconds by what was done: on the clock, and of this process's own work."""

    seconds: dict[str, float] = field(default_factory=dict)
    processor_seconds: dict[str, float] = field(default_factory=dict)

    def time(self, name: str, act: Callable[[], Any]) -> Any:
        """Do it, and remember how long it took."""
        started, processor = time.perf_counter(), time.process_time()
        result = act()
        self.seconds[name] = round(time.perf_counter() - started, 3)
        self.processor_seconds[name] = round(time.process_time() - processor, 3)
        return result


def measure(letter_path: Path, count: int) -> dict[str, Any]:
    """Build the ledger, change its key fact, plan, carry out, and check; seconds and counts as JSON data."""
    from django.conf import settings

    from lantoa.channels.base import Correcting
    from lantoa.cli.ready import get_ready

    get_ready(may_migrate=True)
    adapter, _ = settings.LANTOA_CHANNELS[settings.LANTOA_ROUTES["rehearsal"]]
    settings.LANTOA_CHANNELS = {**settings.LANTOA_CHANNELS, "post": (adapter, {"corrects": Correcting.FOLLOW_UP})}
    watch = Stopwatch()
    campaign, pack = watch.time("opening", lambda: _open(letter_path))
    ground = watch.time("places", lambda: _settle_people(campaign, count))
    watch.time("kit", lambda: _approve(campaign))
    watch.time("ledger", lambda: _expose(campaign, ground))
    old = _change(campaign, pack)
    before = _standing(campaign)
    plan = _correct(campaign, watch)
    return {
        "seconds": watch.seconds,
        "processor_seconds": watch.processor_seconds,
        "within": {
            "planning": watch.seconds["planning"] < MOST_PLANNING,
            "queueing": watch.seconds["queueing"] < MOST_QUEUEING,
        },
        "acts": _acts(plan),
        "checks": check(campaign, plan, ground, before, old),
        "database": _database(),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _correct(campaign: Campaign, watch: Stopwatch) -> Correction:
    from lantoa.content.actions import make_kit
    from lantoa.delivery.actions import approve_correction, carry_out, plan_correction

    watch.time("new_kit", lambda: make_kit(campaign, None))
    plan: Correction = watch.time("planning", lambda: plan_correction(campaign, None))
    watch.time("queueing", lambda: approve_correction(plan, None))
    watch.time("sending", lambda: carry_out(plan, None))
    watch.time("second_plan", lambda: plan_correction(campaign, None))
    return plan


# --- the ledger ----------------------------------------------------------------------------------


def _open(letter_path: Path) -> tuple[Campaign, Pack]:
    """A campaign of a generated district, from a letter about the same thing as the one given."""
    from lantoa.campaigns.actions import open_campaign, pack_for
    from lantoa.letters.models import IncomingLetter
    from lantoa.letters.rules.letter import LetterTask
    from lantoa.letters.rules.reading import read_letter
    from lantoa.lib.extract import extract_text

    text = extract_text(letter_path).text
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "Tuyên truyền", CHANNELS)
    letter: Letter = replace(read_letter(text), tasks=(task,))
    district = _places()
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = IncomingLetter.objects.create(
        book=district,
        year=dt.date.fromisoformat(letter.date or "2024-01-01").year,
        ordinal=1,
        content=letter.to_json(),
        subject=letter.subject or "",
        text=text,
        arrived_on=dt.date.fromisoformat(letter.date or "2024-01-01"),
        text_hash=digest,
        file_name=letter_path.name,
        file_hash=digest,
    )
    pack = pack_for(letter)
    return open_campaign(row, district, pack, None), pack


def _places() -> Place:
    from lantoa.places.models import Place

    district = Place.objects.create(code="Q1", name="Quận Mẫu", kind="district")
    for ward in range(WARDS):
        home = Place.objects.create(code=f"P{ward}", name=f"Phường Mẫu {ward + 1}", kind="ward", parent=district)
        office = f"Ủy ban nhân dân phường Mẫu {ward + 1}"
        Place.objects.create(code=f"U{ward}", name=office, kind="committee", parent=home)
        for slot in range(SLOTS):
            name = f"Đài truyền thanh số {slot + 1} phường Mẫu {ward + 1}"
            Place.objects.create(code=f"D{ward}.{slot}", name=name, kind="station", parent=home)
    homes = list(Place.objects.filter(kind="ward"))
    for number in range(NEIGHBOURHOODS):
        home = homes[number % WARDS]
        Place.objects.create(code=f"T{number}", name=f"Tổ dân phố số {number}", kind="neighbourhood", parent=home)
    return district


def _settle_people(campaign: Campaign, count: int) -> Ground:
    """As many offices as things are to be handed over, and some that are never handed anything."""
    from lantoa.places.models import Place

    own = {kind: list(Place.objects.filter(kind=kind)) for kind in ("ward", "committee", "station", "neighbourhood")}
    wards = own["ward"]
    offices = Place.objects.bulk_create(
        (
            Place(code=f"C{number}", name=f"Cơ sở số {number}", kind="school", parent=wards[number % WARDS])
            for number in range(count + NEVER_EXPOSED)
        ),
        batch_size=5000,
    )
    shown = (wards, own["committee"], own["station"], own["neighbourhood"])
    return Ground(campaign.place, *shown, exposed=offices[:count], spared=offices[count:])


def _approve(campaign: Campaign) -> None:
    from lantoa.content.actions import approve_kit, make_kit

    make_kit(campaign, None, neighbourhoods=True)
    approve_kit(campaign, None)


def _expose(campaign: Campaign, ground: Ground) -> None:
    """Pages, posts, bulletins and posters go out through the folder; what was handed over stands in the ledger."""
    from django.conf import settings
    from django.utils import timezone

    from lantoa.delivery.actions import send_waiting
    from lantoa.delivery.models import Delivery, Publication

    kit = {(row.place_id, row.kind): row for row in campaign.rendering_set.current().filter(language="vi")}

    def shown(place: Place, home: Place, channel_kind: str, kind: str) -> Publication:
        words = kit[home.pk, kind]
        way = settings.LANTOA_ROUTES["default"]
        shared = {"campaign": campaign, "rendering": words, "facts": words.facts, "channel": way}
        return Publication(place=place, channel_kind=channel_kind, **shared)

    homes = {ward.pk: ward for ward in ground.wards}
    posts = [
        shown(place, place if place.kind == "district" else homes[place.parent_id or 0], way, "social_post")
        for place in (ground.district, *ground.committees, *ground.stations)
        for way in ("fanpage", "social_network", "zalo")
    ][:POSTS]
    slots = [shown(place, homes[place.parent_id or 0], "loudspeaker", "audio") for place in ground.stations]
    posters = [shown(place, place, "poster_banner", "poster") for place in ground.neighbourhoods]
    pages = [shown(place, homes[place.parent_id or 0], "portal", "article") for place in ground.committees]
    Publication.objects.bulk_create([*posts, *slots, *posters, *pages])
    send_waiting(campaign)
    handed = {"campaign": campaign, "channel": "post", "channel_kind": "school", "live_from": timezone.now()}
    Delivery.objects.bulk_create(
        (
            Delivery(
                recipient=place,
                rendering=kit[place.parent_id or 0, HANDED],
                facts=kit[place.parent_id or 0, HANDED].facts,
                state="delivered",
                target=f"before-{place.pk}",
                attempts=1,
                **handed,
            )
            for place in ground.exposed
        ),
        batch_size=5000,
    )


def _change(campaign: Campaign, pack: Pack) -> Fact:
    """The key fact moves by thirty days; returns what it was."""
    from lantoa.campaigns.actions import FactChange, record_fact

    old: Fact = campaign.facts.current().get(key=pack.key_fact)
    moved = dt.date.fromisoformat(old.value or "") + dt.timedelta(days=30)
    record_fact(campaign, FactChange(pack.key_fact, moved.isoformat(), "Thông báo số 1/TB", reason="để chuẩn bị"), None)
    return old


# --- the checks ----------------------------------------------------------------------------------

Stale = set[tuple[str, int, int]]
"""Stale things by kind, number and place."""


def _standing(campaign: Campaign) -> Stale:
    from lantoa.delivery.actions.ledger import MODELS, Ledger

    ledger = Ledger.read(campaign)
    found: Stale = set()
    for model in MODELS:
        rows = ledger.rows(model, ledger.is_wrong).values_list("pk", f"{model.WHERE}_id")
        found |= {(model.KIND, pk, place) for pk, place in rows}
    return found


def check(campaign: Campaign, plan: Correction, ground: Ground, before: Stale, old: Fact) -> dict[str, Any]:
    """The promises, counted: nothing uncovered, nobody bothered, no old value standing, nobody told twice."""
    from lantoa.delivery.models import Delivery

    acts = plan.acts.values_list("act", "publication", "publication__place", "delivery", "delivery__recipient")
    acted, settled = set(), set()
    for act, publication, place, delivery, recipient in acts:
        acted.add(("publication", publication) if publication else ("delivery", delivery))
        if act in {"follow_up", "task"}:
            settled.add(place or recipient)
    uncovered = [row for row in before if row[:2] not in acted and row[2] not in settled]
    rows = Delivery.objects.filter(campaign=campaign, rendering__kind="correction_notice")
    notices = list(rows.values_list("recipient", "state"))
    exposed = {place for _, _, place in before}
    spared = {place.pk for place in ground.spared}
    return {
        "stale_before": len(before),
        "uncovered": len(uncovered),
        "notices": len(notices),
        "notices_not_sent": sum(state not in {"sent", "delivered"} for _, state in notices),
        "told_though_never_exposed": sum(place not in exposed or place in spared for place, _ in notices),
        "told_twice": len(notices) - len({place for place, _ in notices}),
        "stale_after": len(_standing(campaign)),
        "outputs_searched": sum(1 for _ in live_words(campaign)),
        "outputs_with_the_old_value": sorted(
            name for name, words in live_words(campaign) if any(form in words for form in forms_of(old))
        ),
        "state": plan.__class__.objects.get(pk=plan.pk).state,
    }


def forms_of(old: Fact) -> set[str]:
    """How the old value may stand in a text, on paper or in a transcript."""
    from lantoa.campaigns.rules.wording import FactValue, show
    from lantoa.content.rules.speech import speak

    value = FactValue(old.kind, old.value, unit=old.unit)
    day = dt.date.fromisoformat(old.value or "")
    written = {show(value), show(value, ("long",)), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}"}
    return {_plain(form) for form in written | {speak(form).text for form in written}}


def live_words(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Every different thing that stands in front of people now, as they would read or hear it."""
    from django.conf import settings

    from lantoa.content.models import Rendering
    from lantoa.delivery.actions.ledger import MODELS

    shown = {pk for model in MODELS for pk in model.objects.live().values_list("rendering", flat=True).distinct()}
    for row in Rendering.objects.filter(campaign=campaign, pk__in=shown):
        yield f"{row} {row.hash[:8]}", _plain(f"{row.words} {_words_in(row.path)}")
    for path in sorted(settings.LANTOA_OUT.rglob("*")):
        if path.is_file() and "/." not in str(path.relative_to(settings.LANTOA_OUT)):
            yield path.name, _plain(_words_in(path))


def _words_in(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".pdf":
        import pypdfium2

        return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    if path.suffix == ".docx":
        return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    return content.decode("utf-8", errors="ignore") if path.suffix in {".html", ".txt"} else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


def _acts(plan: Correction) -> dict[str, int]:
    from django.db.models import Count

    return dict(plan.acts.order_by().values_list("act").annotate(Count("pk")))


def _database() -> str:
    from django.db import connection

    return connection.vendor


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False) + "\n")
