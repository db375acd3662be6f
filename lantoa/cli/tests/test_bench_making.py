from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.cli.bench_making import KINDS_OF_A_PLACE, print_for_places

if TYPE_CHECKING:
    from pathlib import Path


def test_each_place_has_pieces_of_its_own_and_what_is_unchanged_is_not_made_again(tmp_path: Path) -> None:
    first = print_for_places(2, tmp_path)
    assert (first.made, first.kept) == (2 * len(KINDS_OF_A_PLACE), 0)
    standing = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = print_for_places(3, tmp_path)
    assert (again.made, again.kept) == (len(KINDS_OF_A_PLACE), first.made)
    assert {path: path.stat().st_mtime_ns for path in standing} == standing
