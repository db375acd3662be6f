"""How much air time each place gives a bulletin: the agency's own table (`air_time.toml`) over its usual slot."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE_NAME = "air_time.toml"
SHORTEST, LONGEST = 20, 900
"""Seconds of a slot: less holds no sentence said twice between two chimes, more is no bulletin of one subject."""


class AirTimeError(ValueError):
    """The table of slots is broken; the entry is named, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class AirTime:
    """Seconds of the slot by the code of a place; a place without its own has that of the place above it."""

    usual: int
    by_code: Mapping[str, int] = field(default_factory=dict)

    def seconds(self, codes: Iterable[str]) -> int:
        """The slot of a place: `codes` are its own and those above it, nearest first."""
        return next((self.by_code[code] for code in codes if code in self.by_code), self.usual)


def read_air_time(toml: str, usual: int, where: str = FILE_NAME) -> AirTime:
    """Read the agency's table: `"11683" = 60`, a place's code and its seconds. Raises `AirTimeError`."""
    try:
        entries = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise AirTimeError(f"{where}: tệp không đúng cú pháp TOML ({error}).") from error
    for code, seconds in entries.items():
        if type(seconds) is not int or not SHORTEST <= seconds <= LONGEST:
            raise AirTimeError(
                f'{where}: dòng “{code}” phải là số giây từ {SHORTEST} đến {LONGEST}, ví dụ "11683" = 60 '
                "(mã đơn vị trong dấu ngoặc kép)."
            )
    return AirTime(usual, entries)
