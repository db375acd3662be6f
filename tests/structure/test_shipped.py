from __future__ import annotations

import hashlib
import itertools
import re
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import lantoa
from tests.structure.house import ROOT, expect_none, files, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTRIES = tuple(".".join(parts) for parts in (
    ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("registry", "yarnpkg", "com"),
    ("npmmirror", "com"), ("conda", "anaconda", "org"),
))


def test_one_version_is_said_everywhere() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    newest = re.search(r"^## \[(\d[^\]]*)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert project["version"] == lantoa.__version__ == newest[1]


def test_what_is_shipped_from_others_is_what_was_fetched() -> None:
    lists = [ROOT / name for name in files() if name.endswith("/VENDOR.toml")]
    assert lists
    for path in lists:
        listed = {entry["name"]: entry for entry in tomllib.loads(path.read_text(encoding="utf-8"))["file"]}
        beside = {Path(name).name for name in files() if (ROOT / name).parent == path.parent} - {"VENDOR.toml"}
        assert set(listed) == beside, path
        for name, entry in listed.items():
            assert hashlib.sha256((path.parent / name).read_bytes()).hexdigest() == entry["sha256"], path.parent / name


def test_everything_shipped_from_others_is_named_in_the_notice_with_its_licence() -> None:
    notice = text_of("NOTICE")
    for name in files():
        if name.endswith("/VENDOR.toml"):
            for entry in tomllib.loads(text_of(name))["file"]:
                assert entry["package"] in notice, entry["package"]
                assert entry["licence"] in notice, entry["package"]


def test_every_dependency_is_recorded_with_its_reason() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    groups = [*project["project"]["optional-dependencies"].values(), *project["dependency-groups"].values()]
    wanted = [*project["project"]["dependencies"], *itertools.chain.from_iterable(groups)]
    names = {re.split(r"[\[><=~ ]", line)[0] for line in wanted}
    page = text_of("docs/decisions/0002-dependencies.md")
    expect_none(sorted({name for name in names if f"| {name} |" not in page}))


def test_no_file_names_a_package_registry() -> None:
    naming = []
    for name in files():
        try:
            text = text_of(name)
        except UnicodeDecodeError:
            continue
        naming += [f"{name}: {address}" for address in REGISTRIES if address in text]
    expect_none(naming)


def test_the_compiled_translations_are_those_of_the_sources(needs: Callable[[str], str], tmp_path: Path) -> None:
    msgfmt = needs("msgfmt")
    for name in files():
        if name.endswith(".po"):
            compiled = tmp_path / "messages.mo"
            command = [msgfmt, "--check-format", "-o", str(compiled), str(ROOT / name)]
            subprocess.run(command, check=True, capture_output=True)
            shipped = (ROOT / name).with_suffix(".mo")
            assert shipped.exists(), f"{shipped} is missing: make messages"
            assert shipped.read_bytes() == compiled.read_bytes(), f"{shipped} is older than its source: make messages"
