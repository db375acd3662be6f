"""A residents file: a million rows in seconds, upserted by telephone number in one transaction.

Rows are compared with what is there a batch at a time, and only those that differ are written, by plain SQL:
Django's `bulk_create(update_conflicts=True)` takes six times as long and cannot tell new from changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from lantoa.lib.tables import Column, ImportResult, Rejection, Table, yes_or_no
from lantoa.lib.vietnamese import plain_key
from lantoa.places.models import Place, User
from lantoa.residents.models import Resident
from lantoa.residents.rules import read_phone, read_tac, without_device_numbers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

BATCH = 20_000
COLUMNS = (
    Column("phone", ("Số điện thoại", "Điện thoại", "SĐT", "Số thuê bao"), required=True),
    Column("name", ("Họ và tên", "Họ tên", "Tên", "Chủ thuê bao")),
    Column("household", ("Hộ", "Mã hộ", "Số hộ", "Hộ gia đình")),
    Column("address", ("Địa chỉ", "Nơi ở")),
    Column("place_code", ("Mã địa bàn", "Mã đơn vị", "Mã tổ dân phố", "Mã phường"), required=True),
    Column("device_model", ("Kiểu máy", "Tên máy", "Loại máy", "Model")),
    Column("tac", ("IMEI", "Số IMEI", "Mã TAC")),
    Column("carrier", ("Nhà mạng", "Mạng")),
    Column("needs_help", ("Cần giúp đỡ", "Cần hỗ trợ")),
    Column("source", ("Nguồn", "Nguồn dữ liệu")),
    Column("device", ("Thiết bị", "Diện máy")),
    Column("email", ("Thư điện tử", "E-mail", "Địa chỉ thư điện tử")),
)
_DEVICES = {
    "": "unknown", "chua ro": "unknown", "unknown": "unknown", "at_risk": "at_risk",
    "thuoc dien": "at_risk", "thuoc dien phai chuyen doi": "at_risk", "fine": "fine", "khong thuoc dien": "fine",
}
_EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+\.[^\s@<>\"(),:;.]{2,}")
Values = tuple[Any, ...]


def _device(text: str) -> str:
    try:
        return _DEVICES[plain_key(text)]
    except KeyError:
        raise ValueError("chỉ ghi “thuộc diện”, “không thuộc diện” hoặc “chưa rõ”") from None


def _words(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > limit:
            raise ValueError(f"dài quá {limit} ký tự")
        return text

    return read


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise ValueError("không phải địa chỉ thư điện tử")
    return text


def _model(text: str) -> str:
    return _words(100)(without_device_numbers(text))


_READERS: dict[str, Callable[[str], Any]] = {
    "name": _words(100), "household": _words(60), "address": _words(200), "device_model": _model, "tac": read_tac,
    "carrier": _words(40), "needs_help": yes_or_no, "source": _words(100), "device": _device,
    "email": lambda text: _email(text) if text else "",
}
# What each reader makes of an empty cell.
_EMPTY: dict[str, Any] = {name: reader("") for name, reader in _READERS.items()}


@dataclass
class ResidentsImport:
    """One import under way: where residents may be put, what the file holds, and what has been done so far."""

    table: Table
    by: User | None
    default_source: str
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    converted: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields = tuple(name for name in _READERS if name in self.table.found)
        self.positions = {column.name: position for position, column in enumerate(COLUMNS)}
        self.places = _places_by_code(timezone.localdate())
        may_see = Place.objects.for_user(self.by) if self.by is not None else Place.objects.all()
        self.allowed = set(may_see.values_list("pk", flat=True))

    def run(self) -> ImportResult:
        """Take all rows; the caller holds the transaction."""
        while batch := list(islice(self.table.rows, BATCH)):
            self.read += len(batch)
            taken: dict[str, tuple[int, Values]] = {}
            for number, cells in batch:
                self._take(number, cells, taken)
            self._write(taken)
        return ImportResult(self.read, self.new, self.changed, self.same, self.rejected)

    def _take(self, number: int, cells: tuple[str, ...], taken: dict[str, tuple[int, Values]]) -> None:
        reading = read_phone(cells[0])
        place_id = self.places.get(cells[4])
        if not reading.number:
            self._reject(number, "phone", cells[0], reading.why)
        elif place_id is None:
            self._reject(number, "place_code", cells[4], "không có địa bàn mang mã này")
        elif place_id not in self.allowed:
            self._reject(number, "place_code", cells[4], "địa bàn không thuộc phạm vi của bạn")
        elif reading.number in self.seen:
            self._reject(number, "phone", cells[0], f"trùng số với dòng {self.seen[reading.number]}")
        elif (values := self._values(number, cells)) is not None:
            self.seen[reading.number] = number
            self.converted += reading.was_converted
            taken[reading.number] = number, (place_id, *values)

    def _values(self, number: int, cells: tuple[str, ...]) -> list[Any] | None:
        values: list[Any] = []
        for name in self.fields:
            text = cells[self.positions[name]]
            try:
                values.append(_READERS[name](text) if text else _EMPTY[name])
            except ValueError as error:
                # A device number is not repeated in full, not even to say that it is wrong.
                self._reject(number, name, text[:8] + "…" if name == "tac" and len(text) > 8 else text, str(error))
                return None
        return values

    def _reject(self, number: int, column: str, value: str, why: str) -> None:
        self.rejected.append(Rejection(number, column, value, why))

    def _write(self, taken: dict[str, tuple[int, Values]]) -> None:
        before = self._before(list(taken))
        new: list[Values] = []
        changed: list[Values] = []
        for phone, (number, values) in taken.items():
            old = before.get(phone)
            if old is None:
                new.append((phone, *values))
            elif old == values:
                self.same += 1
            elif old[0] not in self.allowed:
                self._reject(number, "phone", phone, "số này đã có ở một địa bàn ngoài phạm vi của bạn")
            else:
                changed.append((phone, *values))
        self._upsert([*new, *changed])
        self.new += len(new)
        self.changed += len(changed)

    def _before(self, phones: list[str]) -> dict[str, Values]:
        """What is there for these numbers: place, then the file's fields."""
        listed = "IN (SELECT value FROM json_each(%s))" if connection.vendor == "sqlite" else "= ANY(%s)"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT phone, place_id, {', '.join(self.fields) or 'phone'} FROM {_table()} WHERE phone {listed}",  # noqa: S608 - names of our own columns
                [_json(phones) if connection.vendor == "sqlite" else phones],
            )
            rows = cursor.fetchall()
        width = 2 + len(self.fields)
        yes = self.fields.index("needs_help") + 2 if "needs_help" in self.fields else None
        if yes is not None:  # SQLite keeps truth as a number; `True == 1`, so only the type differs
            return {row[0]: (*row[1:yes], bool(row[yes]), *row[yes + 1:width]) for row in rows}
        return {row[0]: row[1:width] for row in rows}

    def _upsert(self, rows: list[Values]) -> None:
        defaults = {name: value for name, value in _EMPTY.items() if name not in self.fields}
        defaults |= {"source": self.default_source} if "source" in defaults else {}
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        kept = (*defaults.values(), now, self.by.pk if self.by else None)
        columns = ("phone", "place_id", *self.fields, *defaults, "changed_at", "by_id")
        updated = ("place_id", *self.fields, "changed_at", "by_id")
        changes = [f"{name} = excluded.{name}" for name in updated]
        if "device" not in self.fields and (device := _device_column(self.fields)):
            changes.append(device)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_table()} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "  # noqa: S608 - names of our own columns
                f"ON CONFLICT (phone) DO UPDATE SET {', '.join(changes)}",
                [(*row, *kept) for row in rows],
            )


def _device_column(fields: tuple[str, ...]) -> str:
    """Forget what was known of the device where the file says it is another one."""
    told = [name for name in ("device_model", "tac") if name in fields]
    if not told:
        return ""
    another = " OR ".join(f"{_table()}.{name} <> excluded.{name}" for name in told)
    return f"device = CASE WHEN {another} THEN 'unknown' ELSE {_table()}.device END"


def _table() -> str:
    return connection.ops.quote_name(Resident._meta.db_table)  # noqa: SLF001 - Django documents it


def _json(phones: list[str]) -> str:
    return '["' + '","'.join(phones) + '"]' if phones else "[]"


def _places_by_code(day: dt.date) -> dict[str, int]:
    """Each code's place on `day`; of codes that name nothing any more, the last place that had them."""
    found: dict[str, int] = {}
    for places in (Place.objects.order_by("valid_to"), Place.objects.on(day)):
        found |= dict(places.values_list("code", "pk"))
    return found
