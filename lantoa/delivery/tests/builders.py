"""Channels that misbehave on demand, a published campaign, and what stands outside for anyone to read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pypdfium2
from django.conf import settings
from lxml import etree, html

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import LEAFLET, NEW, make_campaign
from lantoa.channels.base import ChannelError, Correcting, Limits, Outgoing, Receipt, State
from lantoa.content.actions import approve_kit, make_kit
from lantoa.delivery.actions import publish_kit
from lantoa.letters.rules.letter import LetterTask

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Campaign, Fact
    from lantoa.places.tests.builders import Cast

WARDS = "Ủy ban nhân dân các phường"
PORTAL = LetterTask("1", (WARDS,), "Đăng tin", ("portal",))
TEAMS = LetterTask("2", (WARDS,), "Gửi các tổ", ("community_digital_team",))
SMS = LetterTask("3", (WARDS,), "Nhắn tin", ("sms",))


@dataclass
class World:
    """What a test decides about the channel `test`, and what that channel did."""

    corrects: Correcting = Correcting.REPLACE
    faults: list[BaseException] = field(default_factory=list)
    """Raised one a call, first to last; then all is well."""
    acts: list[tuple[str, str]] = field(default_factory=list)
    """`send`, `replace` or `withdraw`, and what with."""
    kill_after: int | None = None
    """So many calls more are answered; the next one is the last thing that happens."""


WORLD = World()


class TestChannel:
    """A channel whose other end is `WORLD`."""

    __test__ = False
    limits = Limits()

    def __init__(self, *, name: str = "test") -> None:
        self.name = name

    @property
    def corrects(self) -> Correcting:
        return WORLD.corrects

    def send(self, outgoing: Outgoing) -> Receipt:
        return self._do("send", outgoing.key, f"{outgoing.address}/{outgoing.file_name}")

    def replace(self, target: str, outgoing: Outgoing) -> Receipt:
        return self._do("replace", outgoing.key, target)

    def withdraw(self, target: str) -> None:
        self._do("withdraw", target, target)

    def _do(self, act: str, what: str, target: str) -> Receipt:
        if WORLD.faults:
            raise WORLD.faults.pop(0)
        if WORLD.kill_after is not None:
            if not WORLD.kill_after:
                raise KeyboardInterrupt
            WORLD.kill_after -= 1
        WORLD.acts.append((act, what))
        return Receipt(State.SENT, target, provider_id="đã nhận")


def fault(*, permanent: bool = False) -> ChannelError:
    return ChannelError("Máy chủ bận.", permanent=permanent)


def use_test_channel(corrects: Correcting = Correcting.REPLACE) -> World:
    """Send everything through the channel `test`; the test's own settings forget it again."""
    WORLD.corrects = corrects
    WORLD.faults.clear()
    WORLD.acts.clear()
    WORLD.kill_after = None
    settings.LANTOA_CHANNELS = {**settings.LANTOA_CHANNELS, "test": ("lantoa.delivery.tests.builders.TestChannel", {})}
    settings.LANTOA_ROUTES = {"default": "test", "rehearsal": "memory"}
    return WORLD


def make_ready(cast: Cast, *tasks: LetterTask, pieces: tuple[str, ...] = (LEAFLET,), **values: Any) -> Campaign:
    """A campaign with its kit made and approved."""
    campaign = make_campaign(cast, *(tasks or (PORTAL, TEAMS)), pieces=pieces, **values)
    make_kit(campaign, None)
    approve_kit(campaign, cast.officer)
    return campaign


def make_live(cast: Cast, *tasks: LetterTask, **values: Any) -> Campaign:
    """A campaign whose kit is out."""
    campaign = make_ready(cast, *tasks, **values)
    publish_kit(campaign, cast.officer)
    return campaign


def change(campaign: Campaign, value: str = NEW, key: str = "start_date") -> Fact:
    """The fact is something else now."""
    return record_fact(campaign, FactChange(key, value, "Thông báo số 20/TB-UBND ngày 01/6/2025"), None)


def files_outside() -> dict[str, bytes]:
    """Every file of the folder channel that people are meant to open, by its path."""
    root: Path = settings.LANTOA_OUT
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "/." not in str(path.relative_to(root))
    }


def words_of_file(name: str, content: bytes) -> str:
    """What a person reads in a file."""
    suffix = name.rsplit(".", 1)[-1]
    if suffix == "pdf":
        return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    if suffix == "docx":
        document = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
        return "".join(str(text) for text in document.itertext())
    if suffix == "html":
        return "".join(str(text) for text in html.document_fromstring(content.decode()).itertext())
    return content.decode("utf-8", errors="ignore") if suffix == "txt" else ""


def words_outside() -> str:
    """All that can be read outside, as one text with single spaces."""
    words = (words_of_file(name, content) for name, content in files_outside().items())
    return " ".join(" ".join(words).split())
