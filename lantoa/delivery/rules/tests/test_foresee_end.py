from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from lantoa.delivery.rules.hours import Window, read_hours
from lantoa.delivery.rules.progress import Look, ends_at, opens_at, read_look

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = read_hours("07:00-21:00")


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=HANOI)


def test_speed_is_measured_between_two_looks_and_settles() -> None:
    look = Look(100.0, 50).then(103.0, 80)
    assert look.speed == 10
    assert look.then(106.0, 80).speed == 5, "one slow look does not move it all the way"


def test_a_look_that_comes_at_once_measures_nothing() -> None:
    look = Look(100.0, 50, 7.0).then(100.1, 90)
    assert look.speed == 7


def test_people_who_are_queued_again_do_not_make_a_speed_below_nothing() -> None:
    assert Look(100.0, 50).then(103.0, 10).speed == 0


def test_standing_still_is_told_after_a_while_and_forgotten_when_something_moves() -> None:
    look = Look(100.0, 50, moved_at=100.0)
    for second in (103.0, 110.0, 118.0):
        look = look.then(second, 50)
        assert not look.stands_still()
    look = look.then(121.0, 50)
    assert look.stands_still()
    assert not look.then(124.0, 51).stands_still()


def test_a_look_reads_back_as_it_was_written() -> None:
    look = Look(1732800000.5, 1234, 12.25, 1732799990.0)
    assert read_look(str(look)) == look


@pytest.mark.parametrize("text", ["", "1-2", "a-b-c-d", "1-2-nan-3", "inf-2-3-4", "1-2-3-4-5", "-1-2-3-4"])
def test_what_is_no_look_is_none(text: str) -> None:
    assert read_look(text) is None


@pytest.mark.parametrize(("window", "now", "expected"), [
    (Window(), at(2, 23), at(2, 23)),
    (Window(DAY), at(2, 23), at(3, 7)),
    (Window(DAY), at(2, 5), at(2, 7)),
    (Window(DAY), at(2, 12, 30), at(2, 12, 30)),
    (Window(DAY, not_before=at(4, 22)), at(2, 12), at(5, 7)),
    (Window(read_hours("22:00-02:00")), at(2, 12), at(2, 22)),
    (Window(read_hours("22:00-02:00")), at(2, 1), at(2, 1)),
    (Window(DAY, not_after=at(2, 22)), at(2, 21, 30), None),
])
def test_the_first_moment_it_may_go(window: Window, now: dt.datetime, expected: dt.datetime | None) -> None:
    assert opens_at(window, now) == expected


@pytest.mark.parametrize(("window", "seconds", "expected"), [
    (Window(), 3600.0, at(2, 13)),
    (Window(DAY), 3600.0, at(2, 13)),
    (Window(DAY), 10 * 3600.0, at(3, 8)),
    (Window(DAY), 9 * 3600.0, at(2, 21)),
    (Window(DAY), (9 + 14 + 1) * 3600.0, at(4, 8)),
    (Window(read_hours("00:00-24:00")), 40 * 3600.0, at(4, 4)),
    (Window(DAY, not_after=at(2, 20)), 10 * 3600.0, None),
    (Window(DAY), 1e12, None),
])
def test_the_end_is_foreseen_within_the_hours_of_each_day(
    window: Window, seconds: float, expected: dt.datetime | None,
) -> None:
    assert ends_at(window, at(2, 12), seconds) == expected
