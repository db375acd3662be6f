"""What is done with the register: it is imported, its devices are sorted, and a phone is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from lantoa.campaigns.models import Campaign
from lantoa.campaigns.rules.devices import PhoneCheck, read_device_rules
from lantoa.campaigns.rules.devices import check_phone as judge_phone
from lantoa.campaigns.rules.pack_loading import find_packs, load_pack
from lantoa.lib.tables import ImportResult, TableError, read_table
from lantoa.places.events import Event, record
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError, require
from lantoa.residents.importing import COLUMNS, ResidentsImport
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lantoa.campaigns.rules.devices import DeviceRules
    from lantoa.places.models import User

_DEVICE = {"risk": Resident.Device.AT_RISK, "safe": Resident.Device.FINE, "unknown": Resident.Device.UNKNOWN}


def check_import_residents(path: Path, by: User | None) -> ResidentsImport:
    """Make ready to import `path`. Raises `RefusedError` for a file that is no such table."""
    require(by, "import_residents")
    try:
        return ResidentsImport(read_table(path, COLUMNS), by, default_source=path.name[:100])
    except TableError as error:
        raise RefusedError(str(error)) from error


@transaction.atomic
def import_residents(path: Path, by: User | None) -> ImportResult:
    """Add and update residents from a CSV or spreadsheet, known by telephone number.

    Columns: see `importing.COLUMNS`; a column the file lacks keeps what is there. Wrong rows are rejected one by
    one. Of a device number only the TAC is kept. Raises `RefusedError` for a file that cannot be read.
    """
    work = check_import_residents(path, by)
    try:
        result = work.run()
    except TableError as error:
        raise RefusedError(str(error)) from error
    if result.new or result.changed:
        detail = {
            "file": path.name,
            "new": result.new,
            "changed": result.changed,
            "rejected": len(result.rejected),
            "converted": work.converted,
        }
        record(Event(by, "import_residents", _where(by), detail=detail))
    return result


def _where(by: User | None) -> Place:
    """Name the territory whose register was written: the person's own, else the top of the tree."""
    own = by.territory if by else None
    return own or Place.objects.filter(parent=None).earliest("pk")


def _device_rules(pack_name: str) -> DeviceRules:
    packs = find_packs(settings.LANTOA_PACKS)
    if pack_name not in packs:
        raise RefusedError(f"Không có gói nội dung “{pack_name}”. Các gói hiện có: {', '.join(sorted(packs))}.")
    pack = load_pack(packs[pack_name])
    if not pack.devices:
        raise RefusedError(f"Gói “{pack.title}” không có quy tắc kiểm tra máy.")
    return read_device_rules(pack.devices)


def usual_pack() -> str:
    """The pack whose phone check is meant when none is named: the newest live campaign's, else the first with one."""
    live = Campaign.objects.filter(state=Campaign.State.LIVE).values_list("pack", flat=True).first()
    packs = {name: load_pack(path) for name, path in find_packs(settings.LANTOA_PACKS).items()}
    names = [name for name in (live, *sorted(packs)) if name in packs and packs[name].devices]
    if not names:
        raise RefusedError("Chưa có gói nội dung nào có quy tắc kiểm tra máy.")
    return names[0]


def check_phone(pack_name: str, imei: str | None = None, model: str | None = None) -> PhoneCheck:
    """Judge one phone by a pack's rules; nothing of it is kept. Raises `RefusedError` where the pack has no rules."""
    return judge_phone(_device_rules(pack_name), imei, model)


@transaction.atomic
def sort_devices(pack_name: str, residents: Iterable[Resident], by: User | None) -> int:
    """Note for each resident what the pack's rules say of their phone, and return how many notes changed.

    A rule that cannot tell never undoes what is known from elsewhere (a carrier's list, a visit).
    """
    require(by, "import_residents")
    rules = _device_rules(pack_name)
    changed: list[Resident] = []
    for resident in residents:
        if not (resident.tac or resident.device_model):
            continue
        found = judge_phone(rules, resident.tac or None, resident.device_model or None)
        device = _DEVICE[rules.results[found.result].meaning]
        if device not in {Resident.Device.UNKNOWN, resident.device}:
            resident.device = device
            changed.append(resident)
    Resident.objects.bulk_update(changed, ["device"], batch_size=200)
    if changed:
        record(Event(by, "sort_devices", _where(by), detail={"pack": pack_name, "changed": len(changed)}))
    return len(changed)
