"""The main job: from a letter in a file to a live campaign with its report, in one act.

It stands below the faces and above the rooms, because it calls them all (docs/decisions/0001-the-house.md). Each step
can be run again: what was done stays done, and a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from lantoa.campaigns.actions import check_open_campaign, open_campaign, pack_for
from lantoa.campaigns.models import Campaign
from lantoa.content.actions import Kit, approve_kit, make_kit
from lantoa.delivery.actions import Outcome, publish_kit
from lantoa.letters.actions import Incoming, read_file, take_in
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.letters.rules.settling import settled
from lantoa.places.actions import import_places
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, is_within
from lantoa.places.rules.phrases import key
from lantoa.reports.actions import keep_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lantoa.letters.rules.letter import Letter
    from lantoa.places.models import User

PLACES_FILE = "places.csv"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How the main job runs."""

    by: User | None = None
    pack: str | None = None
    places_file: Path | None = None
    """Imported first. When the tree is empty, a `places.csv` beside the letter is taken."""
    place_code: str | None = None
    """The territory that runs the campaign; else the issuer's, else the user's own."""
    rehearse: bool = False
    progress: Callable[[str, int, int], None] | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """What the main job did. `seconds` by step, and their sum."""

    campaign: Campaign
    letter: Letter
    kit: Kit
    outcome: Outcome
    report: Mapping[str, Path]
    is_new: bool
    seconds: float
    steps: Mapping[str, float] = field(default_factory=dict)


def run_letter(path: Path, options: RunOptions | None = None, name: str | None = None) -> RunResult:
    """Read, register, open, cascade, make the kit, approve it, publish, and write the report.

    Raises `ExtractionError`, `NotALetter` or `RefusedError`, whose messages are for the officer; nothing is left
    half made: the campaign is opened whole or not at all.
    """
    options = options or RunOptions()
    clock = _Clock()
    incoming = Incoming(path.read_bytes(), name or path.name, Arrival.Way.COMMAND)
    source = read_file(path, name)
    clock.lap("read")
    with transaction.atomic():
        _take_places(path, options)
        place = _running_place(source.letter, options)
        check_open_campaign(source.letter, place, options.by)
        pack = pack_for(source.letter, options.pack)
        received = take_in(source, incoming, place, options.by)
        row = IncomingLetter.objects.get(arrivals=received.arrival)
        campaign = open_campaign(row, place, pack, options.by, is_rehearsal=options.rehearse)
    clock.lap("open")
    return _carry(campaign, source.letter, options, clock, is_new=received.is_new)


def run_registered(row: IncomingLetter, options: RunOptions | None = None) -> RunResult:
    """The rest of the main job for a letter that is registered and looked at: open, cascade, make, publish, report.

    `is_new` of the result says whether its campaign is. Raises as `run_letter` does.
    """
    options = options or RunOptions()
    clock = _Clock()
    with transaction.atomic():
        letter = row.letter
        place = _own_place(row, letter, options)
        check_open_campaign(letter, place, options.by)
        pack = pack_for(letter, options.pack)
        is_new = not Campaign.objects.filter(letter=row).exists()
        campaign = open_campaign(row, place, pack, options.by, is_rehearsal=options.rehearse)
    clock.lap("open")
    return _carry(campaign, letter, options, clock, is_new=is_new)


def _carry(campaign: Campaign, letter: Letter, options: RunOptions, clock: _Clock, *, is_new: bool) -> RunResult:
    """From an open campaign to its report."""
    kit = make_kit(campaign, options.by, _told("make", options))
    clock.lap("make")
    approve_kit(campaign, options.by)
    outcome = publish_kit(campaign, options.by, _told("publish", options))
    clock.lap("publish")
    report = keep_report(campaign, options.by)
    clock.lap("report")
    return RunResult(campaign, letter, kit, outcome, report, is_new, clock.total, clock.laps)


class _Clock:
    def __init__(self) -> None:
        self.started = self.last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step], self.last = round(now - self.last, 3), now

    @property
    def total(self) -> float:
        return round(self.last - self.started, 3)


def _told(step: str, options: RunOptions) -> Callable[[int, int], None] | None:
    progress = options.progress
    return None if progress is None else lambda done, of: progress(step, done, of)


def _take_places(path: Path, options: RunOptions) -> None:
    beside = path.parent / PLACES_FILE
    file = options.places_file or (beside if beside.exists() and not Place.objects.exists() else None)
    if file is None:
        return
    result = import_places(file, options.by)
    if result.rejected:
        first = result.rejected[0]
        raise RefusedError(
            f"{file.name}: {len(result.rejected)} dòng sai. Dòng {first.row}, cột {first.column}: {first.why}."
        )


def _running_place(letter: Letter, options: RunOptions) -> Place:
    """The territory that runs the campaign: as told, else the one whose committee or office issued the letter."""
    own = _told_place(options) or issuing_place(letter) or (options.by.territory if options.by else None)
    if own is None and letter.issuer and not settled(letter).issuer:
        raise RefusedError(
            f"Cơ quan ban hành “{letter.issuer}” còn ngờ, nên chưa biết ai chủ trì. Hãy xác nhận ở trang văn bản đến, "
            "hoặc chỉ đơn vị bằng --place MÃ.",
        )
    if own is None:
        raise RefusedError(
            f"Chưa biết ai chủ trì: cơ quan ban hành “{letter.issuer or 'không rõ'}” không có trong cây đơn vị. "
            "Hãy nạp cây đơn vị bằng lantoa import places TỆP, hoặc chỉ đơn vị bằng --place MÃ.",
        )
    return own


def _own_place(row: IncomingLetter, letter: Letter, options: RunOptions) -> Place:
    """The same for a registered letter; one that came from above is carried out by the place whose book it is in."""
    issuing, by = issuing_place(letter), options.by
    if issuing is not None and by is not None and not (by.is_superuser or is_within(issuing, by)):
        issuing = None
    return _told_place(options) or issuing or row.book


def _told_place(options: RunOptions) -> Place | None:
    if not options.place_code:
        return None
    place = Place.objects.filter(code=options.place_code).order_by("-valid_from").first()
    if place is None:
        raise RefusedError(f"Không có đơn vị mã {options.place_code} trong cây đơn vị.")
    return place


def issuing_place(letter: Letter) -> Place | None:
    """The territory of the office that issued the letter; none while the issuer is in doubt."""
    issuer = key(settled(letter).issuer or "")
    named = next((place for place in Place.objects.all() if key(place.name) == issuer), None) if issuer else None
    while named is not None and not named.is_territory:
        named = named.parent
    return named
