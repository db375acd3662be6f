"""Zalo's template messages to telephone numbers: Zalo Notification Service (docs/channels/zalo_zns.md).

Zalo approves the words beforehand as a template; a message only fills its parameters. What is known of the interface,
from which page, and what could not be verified, is on the channel's page.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import ChannelError, Correcting, Limits, State
from lantoa.channels.http.answers import AnswerReader, AnswerTable, Meaning, document_of, text_at
from lantoa.channels.http.filling import Filling, pieces_of, places_of, words_of
from lantoa.channels.http.session import HttpSession, Reading
from lantoa.channels.http.signing import WebhookError, read_secret
from lantoa.channels.http.tables import read_table
from lantoa.channels.http.tokens import TokenKeeper
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Item, Outcome, Reaches
from lantoa.channels.zalo.codes import CODES, LONGEST, OTHER, Code, Touches, Until
from lantoa.channels.zalo.events import EventTable, read_event
from lantoa.channels.zalo.tokens import ZaloTokens
from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lantoa.channels.http.filling import Fill
    from lantoa.channels.wire import Account, Feed, Message, Reply, Report

VIETNAM = dt.timezone(dt.timedelta(hours=7))
NOBODY = Item((0, 0), "\ue000address", {}, None, "\ue000key")
"""Somebody of whom nothing is known; the two marks, of Unicode's private use, are in no text."""
MOST = 200
"""Characters: no parameter takes more; of a message's own parameters nobody but its maker knows better."""
MORNING = 6
"""Hour from which templates that may not go at night are taken again."""
LONGEST_KEY = 48
"""Characters of `tracking_id`."""
REST = 900.0
"""Seconds that a template rests after Zalo refused it for a reason that a person must put right."""


@dataclass(frozen=True, slots=True)
class AccountTable:
    """One official account with its application."""

    app_id: str
    secret_key_file: str
    token_file: str
    base_url: str = "https://business.openapi.zalo.me"
    token_url: str = "https://oauth.zaloapp.com/v4/oa/access_token"  # noqa: S105 - an address, no secret
    connections: int = 10
    streams: int = 1
    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    ca_file: str = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One parameter of a template."""

    name: str
    filled: Filling
    otherwise: str
    """As somebody reads it of whom nothing is known."""
    most: int

    def value(self, item: Item) -> str:
        """What is filled in; a name too long for the template gives way to what stands there otherwise.

        Raises `ChannelError`, permanent, when nothing fits.
        """
        value = self.filled.fill(item).strip()
        if len(value) > self.most and self.otherwise:
            value = self.otherwise.strip()
        if not value or len(value) > self.most:
            raise ChannelError(
                f"Tham số {self.name} của mẫu Zalo phải có từ 1 đến {self.most} ký tự, nhưng có {len(value)}.",
                permanent=True,
            )
        return value


@dataclass(frozen=True, slots=True, eq=False)
class ZnsTemplate:
    """A message made ready: which template, and what fills it."""

    id: str
    parameters: tuple[Parameter, ...]

    def parts(self, item: Item) -> int:  # noqa: ARG002 - Zalo counts messages
        """One."""
        return 1

    def show(self, item: Item) -> str:
        """What is filled in; the words around it are Zalo's approved template. Raises `ChannelError`."""
        return "\n".join(f"{one.name}: {one.value(item)}" for one in self.parameters)

    def data(self, item: Item) -> dict[str, str]:
        """What is filled in, by parameter. Raises `ChannelError`."""
        return {one.name: one.value(item) for one in self.parameters}


class ZaloZnsChannel:
    """Template messages by Zalo."""

    limits = Limits()
    corrects = Correcting.FOLLOW_UP
    reaches = Reaches.PHONE

    def __init__(  # noqa: PLR0913 - called with whatever stands in the installation's file
        self, *, name: str = "zns", accounts: tuple[Account, ...] = (), template: str = "",
        params: Mapping[str, str] | None = None, kinds: Mapping[str, str | int] | None = None,
        development: bool = False, webhook: Mapping[str, Any] | None = None,
    ) -> None:
        where = f"LANTOA_CHANNELS[{name!r}]"
        self.name = name
        self.accounts = accounts
        self._template = template
        self._params = dict(params or {})
        self._development = development
        for parameter, form in self._params.items():
            places_of(str(form), f"{where}.params.{parameter}")
        self._longest = {name: _longest(kind, f"{where}.kinds.{name}") for name, kind in (kinds or {}).items()}
        self._events = read_table(EventTable, webhook, f"{where}.webhook") if webhook is not None else None
        self.gives_receipts = self.is_told = self._events is not None

    def compile(self, message: Message) -> ZnsTemplate:
        """Choose the template and what fills it: the message's own, else the channel's.

        Of its `details`: `template`, `params` (words with slots), and `most`, the characters each may have.

        Raises `ChannelError`, permanent, without a template or for words too long for it.
        """
        own: Mapping[str, Any] = message.details.get("params") or {}
        template = str(message.details.get("template", "")) if own else self._template
        if not template or not (own or self._params):
            raise ChannelError(
                f"Tin này chưa có mẫu Zalo: hãy ghi template và params cho kênh “{self.name}” trong channels.toml, "
                "hoặc cho chính tin.", permanent=True)
        most = {**dict.fromkeys(own, MOST), **self._longest, **(message.details.get("most") or {})}
        return ZnsTemplate(template, tuple(
            _parameter(name, pieces, most.get(name, LONGEST["label"])) for name, pieces in self._pieces(own, message)
        ))

    def _pieces(self, own: Mapping[str, Any], message: Message) -> Iterator[tuple[str, list[str | Fill]]]:
        """What fills each parameter: a message's own are words with slots, the channel's are forms."""
        for name, words in own.items():
            yield name, words_of(str(words), one_line)
        if not own:
            for name, form in self._params.items():
                yield name, pieces_of(str(form), message, one_line)

    async def open(self, account: Account, feed: Feed) -> HttpSession:
        """Begin to use an account. Raises `ChannelError` for options that cannot work."""
        try:
            table = read_table(AccountTable, dict(account.options), f"account {account.name}")
        except ChannelSettingError as error:
            raise ChannelError(f"Tài khoản “{account.name}” của kênh “{self.name}”: {error}", permanent=True) from error
        tokens = ZaloTokens(table.token_url, table.app_id, read_secret(table.secret_key_file), Path(table.token_file))
        door = HttpDoor(DoorOptions(
            connections=table.connections, connect_seconds=table.connect_seconds, total_seconds=table.total_seconds,
            ca_file=table.ca_file, proxy=table.proxy,
        ))
        speaker = _ZnsSpeaker(table.base_url.rstrip("/"), TokenKeeper(tokens), development=self._development)
        return HttpSession(feed, door, speaker, min(account.window, table.connections * table.streams))

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> list[Report | Reply]:
        """What Zalo posted. Raises `WebhookError`, `UnsignedError`, `ChannelError`."""
        if not self._events:
            raise WebhookError(f"{self.name} has no webhook")
        return read_event(self._events, headers, body, now)


def _parameter(name: str, pieces: list[str | Fill], most: int) -> Parameter:
    """Raises `ChannelError`, permanent, for what is too long or empty also when nothing is known of the recipient."""
    filled = Filling(pieces)
    parameter = Parameter(name, filled, filled.fill(NOBODY), most)
    if NOBODY.key not in parameter.otherwise and NOBODY.address not in parameter.otherwise:
        parameter.value(NOBODY)
        return parameter
    return Parameter(name, filled, "", most)  # nothing stands for somebody's key or number


_BREAK = re.compile(r"[^\S\n]*\n\s*")


def one_line(text: str) -> str:
    """The words without line breaks: a parameter stands inside a line of the template."""
    return _BREAK.sub(" ", text)


def _longest(kind: str | int, where: str) -> int:
    if isinstance(kind, int) and not isinstance(kind, bool) and kind > 0:
        return kind
    if kind in LONGEST:
        return LONGEST[str(kind)]
    raise ChannelSettingError(f"{where} = {kind!r}: neither a number of characters nor one of {', '.join(LONGEST)}")


def zalo_number(address: str) -> str:
    """A Vietnamese number as Zalo wants it, `84912345678`. Raises `ChannelError`, permanent."""
    digits = address.removeprefix("+")
    if digits.startswith("0"):
        digits = "84" + digits[1:]
    if digits.isascii() and digits.isdigit() and digits.startswith("84") and 10 <= len(digits) <= 12:
        return digits
    raise ChannelError("Số điện thoại không phải số di động Việt Nam.", permanent=True)


def seconds_until(until: Until, now: float) -> float:
    """Seconds from `now` until another try makes sense, by the clock in Vietnam."""
    here = dt.datetime.fromtimestamp(now, VIETNAM)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    match until:
        case Until.SOON:
            return REST
        case Until.MORNING:
            morning = midnight.replace(hour=MORNING)
            then = morning if here < morning else morning + dt.timedelta(days=1)
        case Until.NEXT_DAY:
            then = midnight + dt.timedelta(days=1)
        case Until.NEXT_MONTH:
            then = (midnight.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return (then - here).total_seconds() + 60  # not on the stroke: their clock may be behind ours


class _ZnsSpeaker:
    """Asks Zalo for one official account."""

    most_items = 1

    def __init__(self, base: str, keeper: TokenKeeper, *, development: bool) -> None:
        self._base = base
        self._keeper = keeper
        self._mode = {"mode": "development"} if development else {}
        self._statuses = AnswerReader(AnswerTable())
        self._resting: dict[str, tuple[float, Outcome]] = {}
        """Templates that are not asked about before a time, and what Zalo said of them."""

    async def prepare(self, door: HttpDoor) -> float:
        await door.reach(self._base)
        await self._keeper.hold(door)
        headers = (f"access_token: {self._keeper.value}",)
        try:
            answer = await door.send(Request("GET", f"{self._base}/message/quota", headers))
        except HttpError:
            return 0.0  # only asked to know beforehand: the first message that is too many is told anyway
        return _rest_of_day(document_of(answer.body), "/data")

    def is_ready(self) -> bool:
        return bool(self._keeper.value)

    def request(self, items: Sequence[Item]) -> Request:
        item = items[0]
        template: ZnsTemplate = item.template
        if resting := self._resting.get(template.id):
            self._check_rest(template.id, *resting)
        if len(item.key) > LONGEST_KEY:
            raise ChannelError(f"Mã của tin dài quá {LONGEST_KEY} ký tự.", permanent=True)
        asked = {
            **self._mode, "phone": zalo_number(item.address), "template_id": template.id,
            "template_data": template.data(item), "tracking_id": item.key,
        }
        headers = ("Content-Type: application/json", f"access_token: {self._keeper.value}")
        body = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")
        return Request("POST", f"{self._base}/message/template", headers, body)

    def _check_rest(self, template: str, until: float, outcome: Outcome) -> None:
        left = until - time.time()
        if left > 0:
            raise ChannelError(f"{outcome.why} (mã {outcome.code})", permanent=False, retry_after=left)
        del self._resting[template]

    def read(self, items: Sequence[Item], request: Request, response: Response) -> Reading:
        document = document_of(response.body)
        said = text_at(document, "/error")
        if said == "0":
            ids = tuple(filter(None, [text_at(document, "/data/msg_id")]))
            return Reading([Outcome(State.SENT, ids)], slow=_rest_of_day(document, "/data/quota"))
        try:
            number = int(said)
        except ValueError:
            return self._by_status(response)
        code = CODES.get(number, OTHER)
        if code.touches is Touches.TOKEN:
            return self._stale(request, f"Zalo: {code.why} (mã {number})")
        return self._refused(items[0].template, number, code, text_at(document, "/message"))

    def _stale(self, request: Request, why: str) -> Reading:
        """The token was refused; when it was renewed meanwhile, the message just goes again."""
        is_current = self._keeper.refuse_in(request.headers)
        return Reading([None], why, renews=True) if is_current else Reading([None])

    def _by_status(self, response: Response) -> Reading:
        meaning = self._statuses.of_status(response.status)
        if meaning is Meaning.ACCEPTED:
            unknown = Outcome(State.UNKNOWN, code=str(response.status), why="Zalo trả lời không đọc được")
            return Reading([unknown], proves=False)
        read = self._statuses.one(response.status, response.body)
        wait = response.retry_after()
        if meaning is Meaning.ACCOUNT:
            return Reading([None], read.why)
        slow = wait or (1.0 if meaning is Meaning.THROTTLED else 0.0)
        return Reading([read.outcome(wait)], slow=slow, proves=response.status < 500)

    def _refused(self, template: ZnsTemplate, number: int, code: Code, message: str) -> Reading:
        why = code.why if code is not OTHER else f"{code.why} ({message[:200]})"
        wait = seconds_until(code.until, time.time())
        outcome = Outcome(code.state, (), str(number), why, wait if code.state is State.FAILED_FOR_NOW else None)
        if code.touches is Touches.ACCOUNT and code.until is Until.SOON:
            return Reading([None], f"Zalo: {why} (mã {number})")
        if code.touches is Touches.TEMPLATE:
            self._resting[template.id] = (time.time() + wait, outcome)
        return Reading([outcome], slow=wait if code.touches is Touches.ACCOUNT else 0.0)

    def unanswered(self, items: Sequence[Item], error: HttpError) -> Reading:
        if error.may_have_arrived:
            return Reading([Outcome(State.UNKNOWN, code=error.trouble.value, why=str(error))] * len(items))
        return Reading([None] * len(items), trouble=str(error))


def _rest_of_day(document: Any, pointer: str) -> float:
    """Seconds to rest when nothing is left of the day's quota; of an account without one Zalo says 0 of 0."""
    daily, left = text_at(document, f"{pointer}/dailyQuota"), text_at(document, f"{pointer}/remainingQuota")
    is_spent = daily.isdigit() and int(daily) > 0 and left.isdigit() and int(left) == 0
    return seconds_until(Until.NEXT_DAY, time.time()) if is_spent else 0.0
