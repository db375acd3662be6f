"""The pack, letter and tree that `docs/add-a-pack.md` prints, as files."""

from __future__ import annotations

import re
from pathlib import Path

import lantoa

GUIDE = Path(lantoa.__file__).parent.parent / "docs" / "add-a-pack.md"
_BLOCK = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def write_guide_pack(folder: Path) -> Path:
    """Write the pack of the guide into `folder`; gives the pack's own folder."""
    return _write(folder / "rabies_vaccination", {"toml"})


def write_guide_letter(folder: Path) -> Path:
    """Write the letter of the guide, and its tree of places beside it, into `folder`; gives the letter's path."""
    return _write(folder, {"text", "csv"}) / "letter.txt"


def _write(folder: Path, kinds: set[str]) -> Path:
    """Write the blocks of these kinds; those of one file one after the other."""
    files: dict[str, list[str]] = {}
    for kind, name, text in _BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if kind in kinds:
            files.setdefault(name, []).append(text)
    for name, texts in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(texts), encoding="utf-8")
    return folder
