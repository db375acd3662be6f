"""Messages to browsers that subscribed: web push (docs/channels/web_push.md).

Each browser has a push service of its own maker; its address comes from the browser, so it is taken as foreign: only
https, and never into our own network.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lantoa.channels.base import ChannelError, Correcting, Limits, State
from lantoa.channels.http.filling import OF_ITEM, Filling, in_json, plain, words_of
from lantoa.channels.http.session import HttpSession, Reading
from lantoa.channels.http.tables import read_table
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Item, Outcome, Reaches
from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request, Response, Trouble
from lantoa.lib.push import (
    MOST_PLAINTEXT,
    SubscriptionError,
    VapidKey,
    encrypt,
    load_vapid_key,
    read_subscription,
    topic_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.channels.wire import Account, Feed, Message

URGENCIES = ("very-low", "low", "normal", "high")
"""RFC 8030 §5.3."""
TOKEN_SECONDS = 12 * 3600
"""How long a proof of who we are holds; RFC 8292 §2 allows a day."""
FIRST_REST, LONGEST_REST = 5.0, 300.0
"""Seconds that a push service which cannot be reached is left alone."""
MOST_UNWELCOME = 3
"""After so many refusals of our key in a row a push service is left alone."""
REFUSED_REST = 3600.0
"""Seconds before a message that was refused for our key is tried again."""
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
"""RFC 8030 §5.4."""
_ORIGIN = re.compile(r"https?://[^/?#\s@\\]+")


@dataclass(frozen=True, slots=True)
class AccountTable:
    """The sender."""

    key_file: str
    """The key pair (PEM); made there when it is missing."""
    contact: str
    """`mailto:` or `https:` address at which a push service finds us."""
    ttl: int = 86_400
    """Seconds that a push service keeps a message for a browser that is away, unless the message says otherwise."""
    urgency: str = "normal"
    connections: int = 10
    """To one push service."""
    streams: int = 10
    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    ca_file: str = ""
    proxy: str = ""
    local: bool = False
    """For trials on one machine: http, and addresses of this machine, are taken."""


@dataclass(frozen=True, slots=True, eq=False)
class PushTemplate:
    """A message made ready: the JSON that the page's service worker gets, and how it travels."""

    payload: Filling
    words: Filling
    ttl: int | None
    urgency: str
    topic: str

    def parts(self, item: Item) -> int:  # noqa: ARG002 - push services count messages
        """One."""
        return 1

    def show(self, item: Item) -> str:
        """Title and words."""
        return self.words.fill(item)

    def plaintext(self, item: Item) -> bytes:
        """What is encrypted for one browser. Raises `ChannelError`, permanent, when it is too long."""
        text = self.payload.fill(item).encode("utf-8", "replace")
        if len(text) > MOST_PLAINTEXT:
            raise ChannelError(
                f"Tin dài {len(text)} byte; thông báo đẩy chỉ chở được {MOST_PLAINTEXT}. Hãy rút ngắn tin.",
                permanent=True,
            )
        return text


class WebPushChannel:
    """Notifications of browsers."""

    limits = Limits(most_bytes=MOST_PLAINTEXT)
    corrects = Correcting.FOLLOW_UP
    reaches = Reaches.BROWSER
    gives_receipts = False

    def __init__(self, *, name: str = "push", accounts: tuple[Account, ...] = ()) -> None:
        self.name = name
        self.accounts = accounts

    def compile(self, message: Message) -> PushTemplate:
        """Make the message ready. Of its `details`: `url`, `tag`, `ttl`, `urgency`.

        Raises `ChannelError`, permanent, for one that is too long or whose details cannot be used.
        """
        details = message.details
        urgency, ttl = str(details.get("urgency", "")), details.get("ttl")
        if urgency and urgency not in URGENCIES:
            raise ChannelError(f"Thông báo đẩy: urgency phải là một trong {', '.join(URGENCIES)}.", permanent=True)
        if ttl is not None and (not isinstance(ttl, int) or ttl < 0):
            raise ChannelError("Thông báo đẩy: ttl phải là số giây, từ 0 trở lên.", permanent=True)
        tag = str(details.get("tag", ""))
        topic = tag if not tag or _TOPIC.fullmatch(tag) else topic_of(tag)
        words = [*words_of(message.title, plain), "\n", *words_of(message.text, plain)]
        template = PushTemplate(_payload(message), Filling(words), ttl, urgency, topic)
        template.plaintext(Item((0, 0), "", {}, None, ""))
        return template

    async def open(self, account: Account, feed: Feed) -> HttpSession:
        """Begin to send. Raises `ChannelError` for options that cannot work."""
        table = self._table(account)
        try:
            key = load_vapid_key(Path(table.key_file))
        except (OSError, ValueError) as error:
            raise ChannelError(f"Không dùng được tệp khóa {table.key_file} ({error}).", permanent=True) from error
        door = HttpDoor(DoorOptions(
            connections=table.connections, connect_seconds=table.connect_seconds, total_seconds=table.total_seconds,
            ca_file=table.ca_file, proxy=table.proxy, https_only=not table.local, public_only=not table.local,
        ))
        return HttpSession(feed, door, _PushSpeaker(table, key), min(account.window, table.connections * table.streams))

    def public_key(self, account: Account) -> str:
        """What a page gives the browser as `applicationServerKey`. Raises `ChannelError`, `OSError`, `ValueError`."""
        return load_vapid_key(Path(self._table(account).key_file)).public

    def _table(self, account: Account) -> AccountTable:
        try:
            table = read_table(AccountTable, dict(account.options), f"account {account.name}")
        except ChannelSettingError as error:
            raise ChannelError(f"Tài khoản “{account.name}” của kênh “{self.name}”: {error}", permanent=True) from error
        if not table.contact.startswith(("mailto:", "https:")):
            raise ChannelError("contact phải là địa chỉ mailto: hoặc https: của cơ quan.", permanent=True)
        if table.urgency not in URGENCIES:
            raise ChannelError(f"urgency phải là một trong {', '.join(URGENCIES)}.", permanent=True)
        return table


def _payload(message: Message) -> Filling:
    """What the service worker reads: the words, the link to open, where to refuse, and the tag: what is shown later
    with the same one takes the place of what stands there; without one of its own a repeat has the same.
    """  # noqa: D205 - one sentence over two lines
    link, tag = (in_json(str(message.details.get(name, ""))) for name in ("url", "tag"))
    pieces = ['{"title":"', *words_of(message.title, in_json), '","body":"', *words_of(message.text, in_json),
              f'","lang":"{in_json(message.language)}","url":"{link}","tag":"', tag or OF_ITEM["key"], '"']
    if message.opt_out_url:
        pieces += [f',"opt_out":"{in_json(message.opt_out_url)}', OF_ITEM["key"], '"']
    return Filling([*pieces, "}"])


class _PushSpeaker:
    """Asks the push services of all makers."""

    most_items = 1

    def __init__(self, table: AccountTable, key: VapidKey) -> None:
        self._table = table
        self._key = key
        self._proofs: dict[str, tuple[str, float]] = {}
        """By origin: `Authorization`, and when it is to be made anew."""
        self._resting: dict[str, tuple[float, float]] = {}
        """Origins that are not asked before a time, and how long they were left alone."""
        self._origins: set[str] = set()
        self._unwelcome: dict[str, int] = {}
        """By origin: how often in a row it took nothing because of our key."""

    async def prepare(self, door: HttpDoor) -> float:  # noqa: ARG002 - there is no one address to reach
        return 0.0

    def is_ready(self) -> bool:
        return True

    def request(self, items: Sequence[Item]) -> Request:
        item = items[0]
        template: PushTemplate = item.template
        try:
            subscription = read_subscription(item.address)
            origin = self._origin(subscription.endpoint)
            body = encrypt(template.plaintext(item), subscription)
        except SubscriptionError as error:
            raise ChannelError("Địa chỉ nhận thông báo của trình duyệt không dùng được.", permanent=True) from error
        ttl = self._table.ttl if template.ttl is None else template.ttl
        headers = (
            f"TTL: {ttl}", f"Urgency: {template.urgency or self._table.urgency}",
            f"Topic: {template.topic or topic_of(item.key)}", f"Authorization: {self._proof(origin)}",
            "Content-Encoding: aes128gcm", "Content-Type: application/octet-stream",
        )
        return Request("POST", subscription.endpoint, headers, body)

    def _origin(self, endpoint: str) -> str:
        """The endpoint's origin. Raises `SubscriptionError`, or `ChannelError` while it is left alone."""
        found = _ORIGIN.match(endpoint)
        if not found or not endpoint.isascii() or not endpoint.isprintable():
            raise SubscriptionError("no address of a push service")
        origin = found[0]
        self._origins.add(origin)
        if origin in self._resting:
            left = self._resting[origin][0] - time.time()
            if left > 0:
                raise ChannelError("Dịch vụ thông báo của trình duyệt đang bận hoặc không tới được.",
                                   permanent=False, retry_after=left)
        return origin

    def _proof(self, origin: str) -> str:
        now = time.time()
        value, until = self._proofs.get(origin, ("", 0.0))
        if now >= until:
            value = self._key.token(origin, self._table.contact, int(now) + TOKEN_SECONDS)
            self._proofs[origin] = (value, now + TOKEN_SECONDS * 0.9)
        return value

    def read(self, items: Sequence[Item], request: Request, response: Response) -> Reading:  # noqa: ARG002 - the address said all
        status, origin = response.status, _origin_of(request.url)
        code = str(status)
        if status in {401, 403}:
            return self._refused(origin, code)
        self._unwelcome.pop(origin, None)
        if 200 <= status < 300:
            self._answered(origin)
            return Reading([Outcome(State.SENT)])
        if status in {404, 410}:
            return Reading([Outcome(State.REFUSED, code=code, why="trình duyệt này không còn đăng ký nhận thông báo")])
        wait = response.retry_after()
        if status == 429 or status >= 500:
            self._rest(origin, wait)
            why = "dịch vụ thông báo của trình duyệt đang bận"
            return Reading([Outcome(State.FAILED_FOR_NOW, code=code, why=why, retry_after=wait)], proves=status == 429)
        said = response.body[:200].decode("utf-8", "replace").strip()
        why = f"dịch vụ thông báo của trình duyệt không nhận tin này ({said or f'HTTP {status}'})"
        return Reading([Outcome(State.FAILED_FOR_GOOD, code=code, why=why)])

    def _refused(self, origin: str, code: str) -> Reading:
        """Our key or clock is wrong, or this browser subscribed to an older key: the next browsers tell."""
        why = "dịch vụ thông báo không nhận khóa của cơ quan; hãy kiểm tra tệp khóa, contact và ngày giờ máy"
        self._unwelcome[origin] = self._unwelcome.get(origin, 0) + 1
        if self._unwelcome[origin] >= MOST_UNWELCOME:
            self._rest(origin, None)
        outcome = Outcome(State.FAILED_FOR_NOW, code=code, why=why, retry_after=REFUSED_REST)
        return Reading([outcome], why if self._is_all_at_rest() else "", proves=False)

    def unanswered(self, items: Sequence[Item], error: HttpError) -> Reading:
        if error.may_have_arrived:
            return Reading([Outcome(State.UNKNOWN, code=error.trouble.value, why=str(error))])
        if error.trouble is Trouble.REFUSED:
            return Reading([Outcome(State.FAILED_FOR_GOOD, code=error.trouble.value, why=str(error))])
        origin = _origin_of(read_subscription(items[0].address).endpoint)
        left = self._rest(origin, None)
        outcome = Outcome(State.FAILED_FOR_NOW, (), error.trouble.value, str(error), left)
        return Reading([outcome], str(error) if self._is_all_at_rest() else "")

    def _rest(self, origin: str, asked: float | None) -> float:
        """Leave a push service alone for as long as it asks, else longer each time; gives the seconds."""
        _, before = self._resting.get(origin, (0.0, 0.0))
        rest = min(max(FIRST_REST, before * 2), LONGEST_REST) if asked is None else asked
        self._resting[origin] = (time.time() + rest, rest)
        return rest

    def _answered(self, origin: str) -> None:
        if origin in self._resting and time.time() >= self._resting[origin][0]:
            del self._resting[origin]

    def _is_all_at_rest(self) -> bool:
        return self._origins <= set(self._resting)


def _origin_of(url: str) -> str:
    found = _ORIGIN.match(url)
    return found[0] if found else ""
