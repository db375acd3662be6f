"""The Vietnamese lunar calendar: the day a lunar date falls on, reckoned for the meridian of UTC+7.

Months begin on the day of the new moon; the month with the winter solstice is the eleventh; in a year of thirteen
months the first without a principal term of the sun is the leap month. New moons and the sun's place are
reckoned as in J. Meeus, Astronomical Algorithms (1998), ch. 25 and 49, in the short form Hồ Ngọc Đức published.
"""

from __future__ import annotations

import datetime as dt
import functools
import math

_ZONE = 7 / 24
_EPOCH = 1721424.5
"""The Julian day of the ordinal 0 of `datetime.date`."""
_MONTH = 29.530588853
_FIRST_NEW_MOON = 2415021.076998695


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> dt.date | None:
    """The solar date of a lunar one, or None when that month has no such day or that year no such leap month.

    `year` is the solar year in which the lunar year begins: the 23rd of the twelfth month of 2025 is in February 2026.
    """
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    start, number = _eleventh_month(year - 1), month + 1
    if month >= 11:
        start, number = _eleventh_month(year), month - 11
    following = _eleventh_month(year if month < 11 else year + 1)
    k = round((start - _FIRST_NEW_MOON + _EPOCH) / _MONTH)
    leap_at = _leap_month(k) if following - start > 365 else None
    if leap and (leap_at is None or leap_at != number + 1):
        return None
    if leap_at is not None and (leap or number >= leap_at):
        number += 1
    first, after = _new_moon(k + number), _new_moon(k + number + 1)
    return dt.date.fromordinal(first + day - 1) if first + day - 1 < after else None


def new_year(year: int) -> dt.date:
    """The first day of the lunar year that begins in a solar year (mùng 1 Tết)."""
    day = lunar_day(year, 1, 1)
    if day is None:
        message = f"no lunar new year in {year}"
        raise ValueError(message)
    return day


@functools.lru_cache(maxsize=256)
def _new_moon(k: int) -> int:
    """The day, as an ordinal, of the k-th new moon since that of 1 January 1900."""
    t = k / 1236.85
    rad = math.radians
    julian = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    julian += 0.00033 * math.sin(rad(166.56 + 132.87 * t - 0.009173 * t**2))
    sun = rad(359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3)
    moon = rad(306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3)
    node = rad(21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3)
    late = (0.1734 - 0.000393 * t) * math.sin(sun) + 0.0021 * math.sin(2 * sun)
    late += -0.4068 * math.sin(moon) + 0.0161 * math.sin(2 * moon) - 0.0004 * math.sin(3 * moon)
    late += 0.0104 * math.sin(2 * node) - 0.0051 * math.sin(sun + moon) - 0.0074 * math.sin(sun - moon)
    late += 0.0004 * math.sin(2 * node + sun) - 0.0004 * math.sin(2 * node - sun)
    late += -0.0006 * math.sin(2 * node + moon) + 0.0010 * math.sin(2 * node - moon) + 0.0005 * math.sin(sun + 2 * moon)
    drift = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(julian + late - drift + _ZONE - _EPOCH)


def _sun_term(day: int) -> int:
    """In which twelfth of its path, from the spring equinox, the sun stands when a day (an ordinal) begins."""
    t = (day + _EPOCH - _ZONE - 2451545.0) / 36525
    mean = math.radians(357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3)
    place = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    place += (1.914600 - 0.004817 * t - 0.000014 * t**2) * math.sin(mean)
    place += (0.019993 - 0.000101 * t) * math.sin(2 * mean) + 0.000290 * math.sin(3 * mean)
    return math.floor(place % 360 / 30)


@functools.lru_cache(maxsize=64)
def _eleventh_month(year: int) -> int:
    """The day, as an ordinal, on which the lunar month with the winter solstice of a solar year begins."""
    k = math.floor((dt.date(year, 12, 31).toordinal() + _EPOCH - _FIRST_NEW_MOON) / _MONTH)
    start = _new_moon(k)
    return _new_moon(k - 1) if _sun_term(start) >= 9 else start


def _leap_month(k: int) -> int:
    """Which month after the eleventh, begun by the k-th new moon, holds no principal term of the sun."""
    at = 1
    last, term = None, _sun_term(_new_moon(k + at))
    while term != last and at < 14:
        at += 1
        last, term = term, _sun_term(_new_moon(k + at))
    return at - 1
