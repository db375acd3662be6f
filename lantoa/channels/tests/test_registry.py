from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.channels.folder import FolderChannel
from lantoa.channels.registry import ChannelSettingError, build_channels, open_channel

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "lantoa.channels.folder.FolderChannel"


def test_each_line_of_the_settings_is_a_channel_under_its_name(tmp_path: Path) -> None:
    channels = build_channels({
        "folder": (FOLDER, {"root": tmp_path / "a"}), "portal_folder": (FOLDER, {"root": tmp_path / "b"}),
    })
    assert [channel.name for channel in channels.values()] == ["folder", "portal_folder"]
    assert isinstance(channels["portal_folder"], FolderChannel)
    assert channels["portal_folder"].root == tmp_path / "b"


def test_the_same_line_opens_the_same_channel_and_other_options_another(tmp_path: Path) -> None:
    first = open_channel("folder", {"folder": (FOLDER, {"root": tmp_path})})
    assert open_channel("folder", {"folder": (FOLDER, {"root": tmp_path})}) is first
    assert open_channel("folder", {"folder": (FOLDER, {"root": tmp_path / "x"})}) is not first


@pytest.mark.parametrize(("setting", "words"), [
    (("lantoa.channels.pigeon.PigeonChannel", {}), "no adapter"),
    (("lantoa.channels.folder.Pigeon", {}), "no adapter"),
    (("pigeon", {}), "no adapter"),
    ((FOLDER, {"wings": 2}), "does not take these options"),
    (("builtins.dict", {}), "is no channel"),
])
def test_a_wrong_line_is_named(setting: tuple[str, dict[str, object]], words: str) -> None:
    with pytest.raises(ChannelSettingError, match=words) as fault:
        open_channel("pigeon", {"pigeon": setting})
    assert "pigeon" in str(fault.value)


def test_a_channel_that_is_not_configured_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ChannelSettingError, match="no channel 'fax'; it has folder"):
        open_channel("fax", {"folder": (FOLDER, {"root": tmp_path})})
