"""A places file: read, checked as a whole against the tree that is there, and written in one go.

Rows are wrong one by one and rejected one by one; a tree that cannot stand (a circle, an unknown parent) refuses
the file. A place is known by its code and the day it became valid, so that a code used again after a merger is
another place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from lantoa.lib.tables import Column, Rejection, Table, date_of, yes_or_no
from lantoa.lib.vietnamese import plain_key
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.places.rules import check_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lantoa.places.models import User

Key = tuple[str, dt.date | None]

COLUMNS = (
    Column("code", ("Mã", "Mã đơn vị"), required=True),
    Column("name", ("Tên", "Tên đơn vị"), required=True),
    Column("kind", ("Loại", "Loại đơn vị"), required=True),
    Column("parent_code", ("Mã cấp trên", "Đơn vị cấp trên", "Thuộc mã")),
    Column("valid_from", ("Có từ ngày", "Hiệu lực từ", "Từ ngày")),
    Column("valid_to", ("Đến hết ngày", "Hiệu lực đến", "Đến ngày")),
    Column("email", ("Thư điện tử",)),
    Column("phone", ("Điện thoại", "Số điện thoại")),
    Column("portal_url", ("Cổng thông tin", "Cổng thông tin điện tử", "Trang thông tin điện tử")),
    Column("fanpage", ("Trang mạng xã hội", "Facebook")),
    Column("loudspeaker", ("Đài truyền thanh", "Loa truyền thanh", "Cụm loa")),
    Column("leader", ("Tổ trưởng", "Trưởng thôn", "Trưởng khu phố", "Trưởng ấp", "Người đứng đầu")),
    Column("meeting_house", ("Nhà văn hóa", "Nơi họp", "Nơi sinh hoạt cộng đồng")),
    Column("aliases", ("Tên gọi khác", "Tên khác")),
    Column("is_sample", ("Dữ liệu mẫu", "Là mẫu")),
)
_KINDS = {
    "tinh": "province", "thanh pho": "province", "quan": "district", "huyen": "district", "thi xa": "district",
    "quan, huyen": "district", "xa": "ward", "phuong": "ward", "dac khu": "ward", "thi tran": "ward",
    "xa, phuong, dac khu": "ward", "thon": "neighbourhood", "to dan pho": "neighbourhood", "khu pho": "neighbourhood",
    "ap": "neighbourhood", "thon, to dan pho": "neighbourhood", "uy ban nhan dan": "committee", "ubnd": "committee",
    "van phong": "office", "phong chuyen mon": "section", "phong": "section", "don vi su nghiep": "service_unit",
    "co quan dang": "party_office", "mat tran to quoc": "front", "uy ban mttq viet nam": "front",
    "to chuc doan the": "mass_organisation", "doan the": "mass_organisation", "cong an": "police",
    "truong hoc": "school", "truong": "school", "dai truyen thanh": "station",
    "to cong nghe so cong dong": "digital_team", "to cong tac de an 06": "project06_team",
}
_PHONE = re.compile(r"[0-9+ ().-]{3,30}")
_BEGINNING, _END = dt.date.min, dt.date.max


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One good row: the values of the columns the file has, ready for the model."""

    row: int
    key: Key
    values: Mapping[str, Any]
    parent_code: str

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """First and last day."""
        return self.key[1] or _BEGINNING, self.values.get("valid_to") or _END


@dataclass
class Plan:
    """What the file would do to the tree: rows to write, each with its parent's key, and rows that are refused."""

    existing: dict[Key, Place]
    has_parents: bool
    read: int = 0
    rows: dict[Key, PlaceRow] = field(default_factory=dict)
    parents: dict[Key, Key | None] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    rejected_codes: set[str] = field(default_factory=set)

    def reject(self, row: PlaceRow, column: str, value: str, why: str) -> None:
        """Take the row out again and say why."""
        self.rows.pop(row.key, None)
        self.rejected_codes.add(row.key[0])
        self.rejected.append(Rejection(row.row, column, value, why))
        before = self.existing.get(row.key)
        if before is None:
            self.parents.pop(row.key, None)
        else:
            self.parents[row.key] = _key_of(before.parent)


def plan_places(table: Table, by: User | None) -> Plan:
    """Read the rows and see what they would make of the tree; nothing is written.

    Raises `RefusedError` when a parent is unknown or the tree would hold a circle.
    """
    existing = {(place.code, place.valid_from): place for place in Place.objects.select_related("parent")}
    plan = Plan(existing, has_parents="parent_code" in table.found)
    plan.parents = {key: _key_of(place.parent) for key, place in existing.items()}
    for number, values in table.rows:
        plan.read += 1
        _take_row(number, dict(zip((column.name for column in COLUMNS), values, strict=True)), table.found, plan)
    _reject_overlaps(plan)
    _find_parents(plan)
    _refuse_circles(plan)
    if by is not None and not by.is_superuser:
        _reject_outside(plan, by)
    return plan


def _key_of(place: Place | None) -> Key | None:
    return (place.code, place.valid_from) if place else None


def _take_row(number: int, texts: dict[str, str], found: frozenset[str], plan: Plan) -> None:
    values: dict[str, Any] = {}
    for name in found - {"parent_code"}:
        try:
            values[name] = READERS[name](texts[name])
        except (ValueError, ValidationError) as error:
            plan.rejected.append(Rejection(number, name, texts[name], _why(error)))
            plan.rejected_codes.add(texts["code"])
            return
    row = PlaceRow(number, (values["code"], values.get("valid_from")), values, texts["parent_code"])
    if row.period[1] < row.period[0]:
        plan.rejected.append(Rejection(number, "valid_to", texts["valid_to"], "ngày kết thúc trước ngày bắt đầu"))
        plan.rejected_codes.add(row.key[0])
    elif earlier := plan.rows.get(row.key):
        plan.rejected.append(Rejection(number, "code", row.key[0], f"trùng mã và ngày bắt đầu với dòng {earlier.row}"))
    else:
        plan.rows[row.key] = row


def _why(error: ValueError | ValidationError) -> str:
    return "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _words(limit: int, *, required: bool = False) -> Callable[[str], str]:
    def read(text: str) -> str:
        if required and not text:
            raise ValueError("không được để trống")
        if len(text) > limit:
            raise ValueError(f"dài quá {limit} ký tự")
        return text

    return read


def _kind(text: str) -> str:
    kind = text if text in Place.Kind.values else _KINDS.get(plain_key(text))
    if kind is None:
        raise ValueError("không phải loại đơn vị; ví dụ: ward (phường), section (phòng chuyên môn)")
    return kind


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise ValueError("không phải địa chỉ thư điện tử") from None
    return text


def _url(text: str) -> str:
    if text:
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError:
            raise ValueError("không phải địa chỉ trang, phải bắt đầu bằng https:// hoặc http://") from None
    return _words(200)(text)


def _phone(text: str) -> str:
    if text and not _PHONE.fullmatch(text):
        raise ValueError("không phải số điện thoại")
    return text


def _aliases(text: str) -> list[str]:
    return [alias.strip() for alias in text.split("|") if alias.strip()]


READERS: dict[str, Callable[[str], Any]] = {
    "code": _words(40, required=True), "name": _words(200, required=True), "kind": _kind,
    "valid_from": date_of, "valid_to": date_of, "email": _email, "phone": _phone, "portal_url": _url,
    "fanpage": _url, "loudspeaker": _words(40), "leader": _words(100), "meeting_house": _words(200),
    "aliases": _aliases, "is_sample": yes_or_no,
}


def _versions(plan: Plan) -> dict[str, list[tuple[Key, tuple[dt.date, dt.date]]]]:
    """Each code's places with their periods: those of the file, and those of the tree the file does not touch."""
    found: dict[str, list[tuple[Key, tuple[dt.date, dt.date]]]] = defaultdict(list)
    for key, row in plan.rows.items():
        found[key[0]].append((key, row.period))
    for key, place in plan.existing.items():
        if key not in plan.rows:
            found[key[0]].append((key, (place.valid_from or _BEGINNING, place.valid_to or _END)))
    return found


def _overlap(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _reject_overlaps(plan: Plan) -> None:
    """On no day may a code name two places."""
    versions = _versions(plan)
    for key, row in list(plan.rows.items()):
        others = [other for other, period in versions[key[0]] if other != key and _overlap(period, row.period)]
        if others:
            versions[key[0]] = [version for version in versions[key[0]] if version[0] != key]
            plan.reject(row, "valid_from", _day(key[1]), f"mã {key[0]} đã có đơn vị khác trong cùng thời gian này")


def _find_parents(plan: Plan) -> None:
    """Give each row the place that had its parent code when the row's place came to be."""
    if not plan.has_parents:
        plan.parents |= {key: plan.parents.get(key) for key in plan.rows}
        return
    versions = _versions(plan)
    for key, row in list(plan.rows.items()):
        code = row.parent_code
        if code and code not in versions and code not in plan.rejected_codes:
            raise RefusedError(
                f"Dòng {row.row}: đơn vị cấp trên “{code}” của “{key[0]}” không có trong tệp và chưa có "
                "trong hệ thống; chưa có gì thay đổi, hãy sửa mã cấp trên rồi nhập lại.",
            )
        fitting = [parent for parent, period in versions.get(code, ()) if _overlap(period, row.period)]
        plan.parents[key] = min(fitting, key=lambda parent: parent[1] or _BEGINNING) if fitting else None
        if code and not fitting and code in versions:
            plan.reject(row, "parent_code", code, "đơn vị cấp trên không tồn tại trong thời gian của dòng này")
    _reject_orphans(plan)


def _reject_orphans(plan: Plan) -> None:
    """Let children fall with their parents."""
    while True:
        standing = plan.rows.keys() | plan.existing.keys()
        lost = [row for key, row in plan.rows.items() if row.parent_code and plan.parents[key] not in standing]
        if not lost:
            return
        for row in lost:
            plan.reject(row, "parent_code", row.parent_code, "dòng của đơn vị cấp trên bị từ chối")


def _refuse_circles(plan: Plan) -> None:
    pairs = [(_label(key), _label(parent) if parent else None) for key, parent in plan.parents.items()]
    if faults := check_tree(pairs):
        raise RefusedError(
            f"Cây đơn vị có {faults[0].why}; chưa có gì thay đổi, "
            f"hãy sửa mã cấp trên của {faults[0].code} rồi nhập lại.",
        )


def _label(key: Key) -> str:
    return f"{key[0]} (từ {_day(key[1])})" if key[1] else key[0]


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _reject_outside(plan: Plan, by: User) -> None:
    """Keep a person to the territory they work for: neither from outside it, nor out of it, nor moving it.

    A refused move puts a place back where it was, which may leave others outside: so again until all stand. Places
    that are there already go first, so that a refused move takes no new row with it.
    """
    own = _key_of(by.territory)
    before = {key: _key_of(place.parent) for key, place in plan.existing.items()}
    refused = True
    while refused:
        rows = sorted(plan.rows.values(), key=lambda row: row.key not in before)
        refused = False
        for row in rows:
            if not is_same(row, plan) and not _is_inside(row.key, own, plan.parents, before):
                plan.reject(row, "code", row.key[0], "không thuộc phạm vi của bạn")
                refused = True
    _reject_orphans(plan)


def _is_inside(key: Key, own: Key | None, after: Mapping[Key, Key | None], before: Mapping[Key, Key | None]) -> bool:
    if key == own:
        return after[key] == before[key]
    lines = [_line(key, after), _line(key, before)] if key in before else [_line(key, after)]
    return all(any(node == own for node in line) for line in lines)


def _line(key: Key, parents: Mapping[Key, Key | None]) -> Iterable[Key]:
    node: Key | None = key
    while node is not None:
        yield node
        node = parents.get(node)


def is_same(row: PlaceRow, plan: Plan) -> bool:
    """Whether the row says what the tree already holds."""
    place = plan.existing.get(row.key)
    if place is None or plan.parents[row.key] != _key_of(place.parent):
        return False
    return all(getattr(place, name) == value for name, value in row.values.items())


@dataclass(frozen=True, slots=True)
class Written:
    """What a plan did to the tree."""

    new: int
    changed: int
    top: Place | None
    """The highest place written; none where nothing changed."""


def write_places(plan: Plan) -> Written:
    """Write the plan's rows; the caller holds the transaction."""
    different = [row for row in plan.rows.values() if not is_same(row, plan)]
    places = dict(plan.existing)
    new = [row for row in different if row.key not in plan.existing]
    created = Place.objects.bulk_create([Place(**row.values) for row in new], batch_size=500)
    places |= {row.key: place for row, place in zip(new, created, strict=True)}
    for row in different:
        place = places[row.key]
        for name, value in row.values.items():
            setattr(place, name, value)
        parent = plan.parents[row.key]
        place.parent = places[parent] if parent else None
    fields = [column.name for column in COLUMNS if column.name not in {"code", "valid_from", "parent_code"}]
    Place.objects.bulk_update([places[row.key] for row in different], [*fields, "parent"], batch_size=50)
    top = min(different, key=lambda row: len(list(_line(row.key, plan.parents))), default=None)
    return Written(len(new), len(different) - len(new), places[top.key] if top else None)
