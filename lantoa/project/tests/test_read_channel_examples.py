"""The tables shown on the pages of channels over HTTP are tables that work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from lantoa.channels.registry import open_wire
from lantoa.project.channels_file import with_file

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("http_service", "zalo_zns", "web_push")
TABLE = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHOWN = [
    (page, number, text) for page in PAGES
    for number, text in enumerate(TABLE.findall((ROOT / f"docs/channels/{page}.md").read_text(encoding="utf-8")))
]


def test_each_page_shows_a_table() -> None:
    assert {page for page, _, _ in SHOWN} == set(PAGES)


@pytest.mark.parametrize(("page", "number", "text"), SHOWN, ids=[f"{page}-{number}" for page, number, _ in SHOWN])
def test_a_table_shown_on_a_channels_page_makes_that_channel(tmp_path: Path, page: str, number: int, text: str) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(text, encoding="utf-8")
    ours = {name: setting for name, setting in settings.LANTOA_CHANNELS.items() if not setting[1]}
    changed = {name: one for name, one in with_file(ours, path).items() if one != ours.get(name)}
    assert changed, (page, number)
    for name in changed:
        assert open_wire(name, changed).accounts
