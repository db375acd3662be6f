from __future__ import annotations

from pathlib import Path

import pytest

from lantoa.lib.files import write_whole


def test_a_file_is_written_in_a_folder_made_for_it_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"
    write_whole(path, b"first, and longer")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_keeps_the_old_file_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    write_whole(path, b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, f"No space left on device: {self} -> {target}")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
