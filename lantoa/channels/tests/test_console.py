from __future__ import annotations

import dataclasses
import io
import re

import pytest

from lantoa.channels.base import Channel, State
from lantoa.channels.console import MOST_LINES, ConsoleChannel
from lantoa.channels.tests.contract import CORRECTED, LETTER, ChannelContract


class TestConsole(ChannelContract):
    @pytest.fixture
    def printed(self) -> io.StringIO:
        return io.StringIO()

    @pytest.fixture
    def channel(self, printed: io.StringIO) -> ConsoleChannel:
        self.text = printed
        return ConsoleChannel(stream=printed)

    def shown(self, channel: Channel) -> list[bytes]:
        assert channel.name == "console"
        things = re.findall(r"^── (?:Gửi|Thay).*\n.*\n((?:   .*\n)*)", self.text.getvalue(), re.MULTILINE)
        return [re.sub(r"^   ", "", thing, flags=re.MULTILINE).encode() for thing in things]


def test_printed_is_sent_and_never_delivered() -> None:
    assert ConsoleChannel(stream=io.StringIO()).send(LETTER).state is State.SENT


def test_a_picture_is_named_with_its_size_and_not_printed() -> None:
    printed = io.StringIO()
    ConsoleChannel(stream=printed).send(
        dataclasses.replace(LETTER, content=b"\x89PNG" * 1000, media_type="image/png", file_name="anh.png"),
    )
    assert "[image/png, 4.000 byte]" in printed.getvalue()
    assert "PNG" not in printed.getvalue()


def test_a_long_text_is_cut_and_says_how_much_is_left() -> None:
    printed = io.StringIO()
    ConsoleChannel(stream=printed).send(dataclasses.replace(LETTER, content=b"x\n" * (MOST_LINES + 7)))
    assert "… còn 7 dòng" in printed.getvalue()


def test_a_replacement_says_what_it_replaces() -> None:
    printed = io.StringIO()
    channel = ConsoleChannel(stream=printed)
    channel.replace(channel.send(LETTER).target, CORRECTED)
    assert "Thay bản đã gửi tới chien-dich/phuong-mot/loa/ban-tin.txt" in printed.getvalue()


def test_without_a_stream_it_speaks_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleChannel().send(LETTER)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Kính thưa bà con" in captured.err
