from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.channels.wire import Account
from lantoa.project.channels_file import with_file
from lantoa.project.environment import SettingError

if TYPE_CHECKING:
    from pathlib import Path

OURS = {"email": ("lantoa.channels.ours.Mail", {"speed": 1}), "folder": ("lantoa.channels.folder.FolderChannel", {})}


def test_without_a_file_the_channels_are_ours(tmp_path: Path) -> None:
    assert with_file(OURS, tmp_path / "channels.toml") == OURS


def test_a_table_adds_options_and_accounts_to_ours_and_opens_its_own(tmp_path: Path) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(
        """
        [email]
        sender = "ubnd@phuong-mau.example"
        [[email.account]]
        name = "relay"
        pace = 30
        window = 10
        host = "relay.example"
        [portal_folder]
        adapter = "lantoa.channels.folder.FolderChannel"
        root = "/srv/portal"
        """,
        encoding="utf-8",
    )
    channels = with_file(OURS, path)
    account = Account("relay", pace=30, window=10, options={"host": "relay.example"})
    options = {"speed": 1, "sender": "ubnd@phuong-mau.example", "accounts": (account,)}
    assert channels["email"] == ("lantoa.channels.ours.Mail", options)
    assert channels["portal_folder"] == ("lantoa.channels.folder.FolderChannel", {"root": "/srv/portal"})
    assert OURS["email"][1] == {"speed": 1}


@pytest.mark.parametrize(("text", "words"), [
    ("email = 1", "must be a table"),
    ("[fax]\nnumber = 1", "give its `adapter`"),
    ("[email]\naccount = 3", "accounts are tables"),
    ("[[email.account]]\nhost = 'a'", "account 1 has no name"),
    ("[[email.account]]\nname = 'a'\npace = '30'", "pace = '30' is of the wrong kind"),
    ("[[email.account]]\nname = 'a'\nis_standby = 1", "is_standby"),
    ("[[email.account]]\nname = 'a'\nwindow = true", "window"),
    ("[[email.account]]\nname = 'a'\nwindow = 0", "window 1 or more"),
    ("[[email.account]]\nname = 'a'\n[[email.account]]\nname = 'a'", "two accounts"),
    ("[email", "channels.toml"),
])
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=words):
        with_file(OURS, path)
