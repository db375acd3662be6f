from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.content.makers.pronouncing import pronunciation
from lantoa.content.rules.speech_table import DEFAULT, SpeechTableError

if TYPE_CHECKING:
    from pathlib import Path


def test_without_files_the_trade_speaks(tmp_path: Path) -> None:
    assert pronunciation([tmp_path, tmp_path / "none"]) == DEFAULT


def test_the_agency_wins_over_the_pack(tmp_path: Path) -> None:
    pack, home = tmp_path / "pack", tmp_path / "home"
    for folder, said in ((pack, "gói"), (home, "nhà")):
        folder.mkdir()
        (folder / "pronunciation.toml").write_text(f'[words]\nabc = "{said}"\n', encoding="utf-8")
    assert pronunciation([pack, home]).words["abc"] == "nhà"
    assert pronunciation([pack, home]).words["zalo"] == "da lô"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pronunciation.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SpeechTableError, match="không đọc được tệp"):
        pronunciation([tmp_path])
