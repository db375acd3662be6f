from __future__ import annotations

import pytest

from lantoa.project.environment import SettingError, number

NAME = "LANTOA_LOUDNESS"


@pytest.mark.parametrize(("said", "read"), [("", -16), ("-23", -23), ("-16.5", -16.5), (" -31 ", -31)])
def test_a_number_is_read(said: str, read: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, said)
    assert number(NAME, -16, -31, -9) == read


@pytest.mark.parametrize("said", ["loud", "-31.1", "0", "nan", "-16,5", "inf"])
def test_what_is_no_number_or_outside_is_refused_by_name(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, said)
    with pytest.raises(SettingError, match=f"{NAME}: .* no number from -31 to -9"):
        number(NAME, -16, -31, -9)
