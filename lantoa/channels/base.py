"""What every channel speaks: a thing to send, what became of it, and how it can be put right.

An adapter translates and nothing else. Validation, retries, permission and the ledger lie above it. A new
channel is one file here, one test, one page in `docs/channels/` and one line in `LANTOA_CHANNELS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping


class State(Enum):
    """What became of something sent. `SENT` (handed over) is never shown as `DELIVERED` (it arrived)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED_FOR_NOW = "failed_for_now"
    FAILED_FOR_GOOD = "failed_for_good"
    REFUSED = "refused"
    UNKNOWN = "unknown"


STATE_LABELS: Mapping[State, str] = {
    State.QUEUED: "Chờ gửi",
    State.SENDING: "Đang gửi",
    State.SENT: "Đã gửi",
    State.DELIVERED: "Đã đến nơi",
    State.FAILED_FOR_NOW: "Tạm lỗi, sẽ thử lại",
    State.FAILED_FOR_GOOD: "Không gửi được",
    State.REFUSED: "Bị từ chối",
    State.UNKNOWN: "Chưa rõ kết quả",
}
DONE = frozenset({State.SENT, State.DELIVERED})
WAITING = frozenset({State.QUEUED, State.SENDING, State.FAILED_FOR_NOW})
SHOWN = DONE | {State.UNKNOWN}
"""What may stand in front of someone: a lost answer does not mean that it did not go."""
FAILED = frozenset({State.FAILED_FOR_GOOD, State.REFUSED})


class Correcting(Enum):
    """How what went out through a channel can be put right."""

    REPLACE = "replace"
    FOLLOW_UP = "follow_up"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry; `None` is no limit."""

    most_bytes: int | None = None
    media_types: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send. `address` is the folder path, e-mail, number or account, as the channel reads it."""

    key: str
    """Ours, unique: the same key sent twice is one thing."""
    address: str
    title: str
    content: bytes
    media_type: str
    file_name: str
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel says became of it, with its own words beside ours."""

    state: State
    target: str
    """Where it can be found or was handed: a path, an address, a URL."""
    provider_id: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)


class ChannelError(Exception):
    """It did not go: `permanent` says whether trying again is of use, `retry_after` in how many seconds."""

    def __init__(self, message: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


@runtime_checkable
class Channel(Protocol):
    """What an adapter is."""

    name: str
    limits: Limits
    corrects: Correcting

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand it over. Sending the same key again must not show it twice. Raises `ChannelError`."""

    def replace(self, target: str, outgoing: Outgoing) -> Receipt:
        """Put `outgoing` where `target` stands, so that nobody meets the old one. Raises `ChannelError`."""

    def withdraw(self, target: str) -> None:
        """Take away what stands at `target`; one already away is no error. Raises `ChannelError`."""
