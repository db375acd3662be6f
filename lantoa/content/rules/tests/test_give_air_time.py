from __future__ import annotations

import pytest

from lantoa.content.rules.air_time import AirTimeError, read_air_time


def test_a_place_has_its_own_slot_or_that_of_the_place_above_it() -> None:
    table = read_air_time('"11683" = 60\n"313" = 180\n', 120)
    assert table.seconds(["11683", "313", "31"]) == 60
    assert table.seconds(["11686", "313", "31"]) == 180
    assert table.seconds(["999"]) == 120
    assert read_air_time("", 90).seconds(["11683"]) == 90


@pytest.mark.parametrize("line", ['"11683" = "60"', '"11683" = 5', '"11683" = 3600', '"11683" = true', '"11683" = ['])
def test_a_slot_nobody_can_use_is_refused_by_its_line(line: str) -> None:
    with pytest.raises(AirTimeError, match=r"air_time\.toml"):
        read_air_time(line, 120)
