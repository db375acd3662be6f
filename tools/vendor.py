"""Fetch the front-end and font files Lan Tỏa ships, pinned by version and checksum (`make vendor`).

Needs npm on the developer's machine and the development environment (fonttools); users need neither.
`tools/vendor.toml` names each package, what is taken from it and where it goes; the checksums of the
files written are kept beside them in `VENDOR.toml`, which a test compares with what is shipped.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from fontTools import subset  # type: ignore[import-untyped]  # it publishes no types

ROOT = Path(__file__).resolve().parent.parent
VIETNAMESE = (
    "U+0020-007E,U+00A0-017F,U+01A0-01B0,U+0300-0323,U+1E00-1EFF,"
    "U+2010-2026,U+2030-203A,U+20AB,U+2116,U+2190-2193,U+2212,U+2260-2265"
)


def fetch(package: str, version: str, into: Path) -> Path:
    """Download one package from the npm registry configured on this machine and unpack it."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = into / done.stdout.strip().splitlines()[-1]
    target = into / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def place(source: Path, target: Path, how: str) -> None:
    """Write one file: copied, or subset to Vietnamese and Latin, or with its source-map line removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if how in {"ttf", "woff2"}:
        options = subset.Options(
            layout_features=["*"],
            hinting=False,
            flavor="woff2" if how == "woff2" else None,
            notdef_outline=True,
            name_IDs=["*"],
        )
        font = subset.load_font(str(source), options)
        chooser = subset.Subsetter(options)
        chooser.populate(unicodes=subset.parse_unicodes(VIETNAMESE.replace("U+", "")))
        chooser.subset(font)
        subset.save_font(font, str(target), options)
    elif how == "text":
        text = source.read_text(encoding="utf-8")
        target.write_text(re.sub(r"\n?/[/*][#@] sourceMappingURL=\S+( \*/)?", "", text), encoding="utf-8")
    else:
        target.write_bytes(source.read_bytes())


def vendor(manifest: dict[str, Any]) -> None:
    """Fetch every package of the manifest and write a VENDOR.toml beside what was placed."""
    written: dict[Path, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for entry in manifest["package"]:
            unpacked = fetch(entry["name"], entry["version"], Path(folder))
            for item in entry["files"]:
                target = ROOT / item["to"]
                place(unpacked / item["from"], target, item.get("how", "copy"))
                digest = hashlib.sha256(target.read_bytes()).hexdigest()
                written.setdefault(target.parent, []).append(
                    f'[[file]]\nname = "{target.name}"\npackage = "{entry["name"]}"\nversion = "{entry["version"]}"\n'
                    f'licence = "{entry["licence"]}"\nsha256 = "{digest}"\n'
                )
                sys.stderr.write(f"{target.relative_to(ROOT)}\n")
    for directory, rows in written.items():
        (directory / "VENDOR.toml").write_text(
            "# Written by `make vendor`; do not edit by hand.\n\n" + "\n".join(rows), encoding="utf-8"
        )


if __name__ == "__main__":
    vendor(tomllib.loads((ROOT / "tools" / "vendor.toml").read_text(encoding="utf-8")))
