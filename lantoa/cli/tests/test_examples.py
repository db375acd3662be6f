from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lantoa.campaigns.tests.builders import build_letter, make_letter
from lantoa.cli.main import main
from lantoa.letters.actions import confirm_field, confirm_rest
from lantoa.letters.rules.letter import Doubt
from lantoa.places.tests.builders import make_cast

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.django_db
def test_settled_letters_are_written_as_pairs_the_reader_is_measured_by(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    district = make_cast().district
    doubtful, settled = (
        make_letter(district, build_letter(number=number, doubts=(Doubt("number", "Mờ."),))) for number in ("8", "9")
    )
    confirm_field(settled, "number", None)
    confirm_rest(settled, None)
    confirm_rest(doubtful, None)
    with pytest.raises(SystemExit):
        main(["examples", "--out", str(tmp_path / "mau"), "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["written"] == 1
    (text,) = (tmp_path / "mau").glob("*.txt")
    assert text.read_text(encoding="utf-8") == settled.text
    assert json.loads(text.with_suffix(".json").read_text(encoding="utf-8"))["number"] == "9"
