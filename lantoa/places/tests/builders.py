"""Places and people for tests, and the fixed cast: who is in charge, who works there, and who has no business here."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from lantoa.places.models import Place, User

_numbers = itertools.count(1)


def make_place(name: str = "", kind: str = Place.Kind.WARD, parent: Place | None = None, **values: Any) -> Place:
    """Make a place; by default a ward with a name and a code of its own."""
    number = next(_numbers)
    values.setdefault("code", f"P{number}")
    return Place.objects.create(name=name or f"Phường Số {number}", kind=kind, parent=parent, **values)


def make_user(place: Place | None, role: str = User.Role.OFFICER, **values: Any) -> User:
    """Make an account that works at `place`."""
    values.setdefault("username", f"user{next(_numbers)}")
    return User.objects.create(place=place, role=role, **values)


@dataclass(frozen=True)
class Cast:
    """The same people in every test, and where they work."""

    province: Place
    district: Place
    ward: Place
    committee: Place
    neighbourhood: Place
    team: Place
    officer: User
    colleague: User
    unit_officer: User
    field_worker: User
    outsider: User


def make_cast() -> Cast:
    """Make a district with a ward and a team in it, the people who work there, and an officer of another district."""
    province = make_place("Tỉnh Sông Lam", "province")
    district = make_place("Quận Bến Nghé", "district", province)
    ward = make_place("Phường Đa Phước", "ward", district)
    committee = make_place("Ủy ban nhân dân phường Đa Phước", "committee", ward)
    neighbourhood = make_place("Tổ dân phố số 1", "neighbourhood", ward)
    team = make_place("Tổ công nghệ số cộng đồng số 1", "digital_team", neighbourhood)
    elsewhere = make_place("Quận Cầu Mới", "district", province)
    return Cast(
        province, district, ward, committee, neighbourhood, team,
        officer=make_user(district, name="Cán bộ phụ trách"),
        colleague=make_user(district, User.Role.LEADER, name="Đồng nghiệp"),
        unit_officer=make_user(committee, User.Role.UNIT_OFFICER, name="Cán bộ phường"),
        field_worker=make_user(team, User.Role.FIELD_WORKER, name="Thành viên tổ"),
        outsider=make_user(elsewhere, name="Người ngoài"),
    )
