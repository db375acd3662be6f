"""What is done to places and the people in them."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from lantoa.lib.tables import ImportResult, TableError, read_table
from lantoa.lib.vietnamese import slug
from lantoa.places.events import Event, record
from lantoa.places.importing import COLUMNS, READERS, Plan, plan_places, write_places
from lantoa.places.models import Place, User
from lantoa.places.permits import RefusedError, require
from lantoa.places.rules import PlaceFacts, Tree

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from django.db.models import QuerySet

ROLE = User.Role
_PASSWORD_LINE = "Mật khẩu: "  # noqa: S105 - the words before it, not a password


def check_import_places(path: Path, by: User | None) -> Plan:
    """See what importing `path` would do. Raises `RefusedError` for a file or a tree that cannot be taken."""
    require(by, "import_places")
    try:
        return plan_places(read_table(path, COLUMNS), by)
    except TableError as error:
        raise RefusedError(str(error)) from error


@transaction.atomic
def import_places(path: Path, by: User | None) -> ImportResult:
    """Add and update places from a CSV or spreadsheet, known by code and first day.

    Columns: see `importing.COLUMNS`; a column the file lacks keeps what is there. A wrong row is rejected alone;
    an unknown parent or a circle raises `RefusedError` and nothing changes. Places missing from the file stay.
    """
    plan = check_import_places(path, by)
    written = write_places(plan)
    same = len(plan.rows) - written.new - written.changed
    if written.top is not None:
        detail = {"file": path.name, "new": written.new, "changed": written.changed, "rejected": len(plan.rejected)}
        record(Event(by, "import_places", written.top, detail=detail))
    return ImportResult(plan.read, written.new, written.changed, same, sorted(plan.rejected, key=lambda one: one.row))


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom the people of a place ask, and where they meet."""

    leader: str = ""
    phone: str = ""
    meeting_house: str = ""


def check_record_contacts(place: Place, contacts: Contacts, by: User | None) -> Contacts:
    """The contacts as they will be kept. Raises `RefusedError` naming what is wrong, and where."""
    require(by, "record_contacts", place)
    try:
        return Contacts(**{name: READERS[name](" ".join(told.split())) for name, told in asdict(contacts).items()})
    except ValueError as error:
        raise RefusedError(f"{place}: {error}.") from error


@transaction.atomic
def record_contacts(place: Place, contacts: Contacts, by: User | None) -> bool:
    """Write down the contacts of a place; returns whether anything is new. Kits made from now on say them."""
    kept = check_record_contacts(place, contacts, by)
    before = Contacts(place.leader, place.phone, place.meeting_house)
    if kept == before:
        return False
    place.leader, place.phone, place.meeting_house = kept.leader, kept.phone, kept.meeting_house
    place.save(update_fields=["leader", "phone", "meeting_house"])
    new = [name for name, told in asdict(kept).items() if told != getattr(before, name)]
    record(Event(by, "record_contacts", place, detail={"changed": new}))
    return True


def tree(day: dt.date) -> Tree:
    """Read the tree of places as it stands on `day`."""
    return _tree_of(Place.objects.on(day))


def tree_of_all() -> Tree:
    """Read the tree of all places there ever were: whoever was registered in one keeps belonging there."""
    return _tree_of(Place.objects.all())


def _tree_of(places: QuerySet[Place]) -> Tree:
    written = Cast("aliases", TextField())  # few have any: the others cost no reading of JSON
    rows = places.values_list("pk", "code", "name", "kind", "parent_id", written)
    return Tree(
        tuple(
            PlaceFacts(pk, code, name, kind, parent_id, () if aliases == "[]" else tuple(json.loads(aliases)))
            for pk, code, name, kind, parent_id, aliases in rows.iterator()
        )
    )


@transaction.atomic
def load_example_people(district: Place) -> str:
    """Make the accounts one signs in with to try things, and return the password they share.

    The password is drawn once and kept in `LANTOA_HOME/sign-in.txt`, readable by its owner alone. Accounts that
    are there already are not touched; where all are and the file is gone, nothing is made and `""` returned.
    """
    wanted = [user for user in _example_people(district) if not User.objects.filter(username=user.username).exists()]
    kept_in = settings.LANTOA_HOME / "sign-in.txt"
    if kept_in.exists():
        password = _kept_password(kept_in)
    elif wanted:
        password = secrets.token_urlsafe(12)
        _keep_password(kept_in, password, wanted)
    else:
        return ""
    hashed = make_password(password)
    for user in wanted:
        user.password = hashed
        user.save()
        record(Event(None, "load_example_people", user, detail={"username": user.username, "role": user.role}))
    return password


def _example_people(district: Place) -> list[User]:
    """Name one person of each role, and an officer in each ward."""
    below = list(Place.objects.under([district]))
    wards = [place for place in below if place.kind == Place.Kind.WARD and place.parent_id == district.pk]
    team = next((place for place in below if place.kind == Place.Kind.DIGITAL_TEAM), district)
    cast = (
        ("quan-tri", "Quản trị (mẫu)", ROLE.OFFICER, district),
        ("can-bo", "Cán bộ văn hóa - thông tin (mẫu)", ROLE.OFFICER, district),
        ("lanh-dao", "Lãnh đạo quận (mẫu)", ROLE.LEADER, district),
        ("van-thu", "Văn thư (mẫu)", ROLE.CLERK, district),
        ("to-cong-nghe-so", "Thành viên tổ công nghệ số (mẫu)", ROLE.FIELD_WORKER, team),
        ("dai-truyen-thanh", "Người vận hành đài (mẫu)", ROLE.OPERATOR, wards[0] if wards else district),
        *((slug(ward.name), f"Cán bộ {ward.name} (mẫu)", ROLE.UNIT_OFFICER, ward) for ward in wards),
    )
    people = [User(username=username, name=name, role=role, place=place) for username, name, role, place in cast]
    people[0].is_superuser = people[0].is_staff = True
    return people


def _kept_password(kept_in: Path) -> str:
    lines = kept_in.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(_PASSWORD_LINE) for line in lines if line.startswith(_PASSWORD_LINE))


def _keep_password(kept_in: Path, password: str, people: list[User]) -> None:
    kept_in.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = [f"{_PASSWORD_LINE}{password}", "", *(f"{user.username}\t{user.name}" for user in people)]
    with os.fdopen(os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
