"""Any SMS or voice service that takes messages by HTTP, by configuration alone (docs/channels/http_service.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import ChannelError, Correcting, Limits, State
from lantoa.channels.http.answers import WORDS, AnswerReader, AnswerTable, Meaning, Read
from lantoa.channels.http.auth import Auth, AuthTable
from lantoa.channels.http.filling import FieldsForm, Filling, HeadersForm, JsonForm, UrlForm, plain, words_of
from lantoa.channels.http.session import HttpSession, Reading
from lantoa.channels.http.signing import WebhookError
from lantoa.channels.http.tables import read_table
from lantoa.channels.http.webhooks import WebhookTable, read_webhook
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Outcome, Reaches
from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request, Response
from lantoa.lib.sms import measure_sms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lantoa.channels.wire import Account, Feed, Item, Message, Reply, Report

ITEMS = "{items}"
BASE = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class RequestTable:
    """What is asked for a message, or for several at once."""

    url: str
    """Whole, or from `/` on behind the account's `base_url`."""
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    item: dict[str, Any] | None = None
    """One message of a batch; `json` then holds `"{items}"` where the list stands."""
    most_items: int = 1
    deduplicates: bool = False
    """Whether the service, given our `{key}` again, does not send again: then what got no answer is tried again."""


@dataclass(frozen=True, slots=True)
class AccountTable:
    """One login."""

    base_url: str = ""
    auth: AuthTable = field(default_factory=AuthTable)
    connections: int = 10
    streams: int = 1
    """Requests at once on a connection, where the service speaks HTTP/2."""
    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    ca_file: str = ""
    proxy: str = ""


@dataclass(slots=True, eq=False)
class ServiceTemplate:
    """A message made ready for a service."""

    url: Filling
    headers: list[Filling]
    body: Filling | None
    words: Filling
    said: int
    """Parts, where the message says how many it has."""
    count: Callable[[str], int] | None

    def parts(self, item: Item) -> int:
        """What the message costs: `details["parts"]` of the message, else what the text counts, else 1."""
        if self.said or not self.count:
            return self.said or 1
        return self.count(self.show(item))

    def show(self, item: Item) -> str:
        """The words as they are read."""
        return self.words.fill(item)


class _Forms:
    """The request table, checked."""

    def __init__(self, table: RequestTable, where: str) -> None:
        self.table = table
        self.url = UrlForm(table.url, f"{where}.url")
        kind = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
        bodies = [name for name in kind if getattr(table, name) is not None]
        if len(bodies) > 1:
            raise ChannelSettingError(f"{where} has both json and form")
        ours = {"Content-Type": kind[bodies[0]]} if bodies else {}
        self.headers = HeadersForm({**ours, **table.headers}, f"{where}.headers")
        self.is_batch = table.most_items > 1 or table.item is not None
        self.before = self.after = ""
        self.body: JsonForm | FieldsForm | None = None
        if self.is_batch:
            self._read_batch(where)
        elif table.json is not None:
            self.body = JsonForm(table.json, f"{where}.json")
        elif table.form is not None:
            self.body = FieldsForm(table.form, f"{where}.form")

    def _read_batch(self, where: str) -> None:
        if self.table.json is None or self.table.item is None:
            raise ChannelSettingError(f'{where}: a batch needs `json`, which holds "{ITEMS}", and `item`')
        if "{" in self.table.url or any("{" in value for value in self.table.headers.values()):
            raise ChannelSettingError(f"{where}: a batch has no places in its url and headers")
        outer = JsonForm(self.table.json, where, frozenset({"items"})).text()
        self.before, mark, self.after = outer.partition(f'"{ITEMS}"')
        if not mark:
            raise ChannelSettingError(f'{where}.json: "{ITEMS}" stands nowhere')
        self.body = JsonForm(self.table.item, f"{where}.item")


class HttpServiceChannel:
    """A service described by tables: what to ask (`request`), how to read answers and what is posted back."""

    limits = Limits()
    corrects = Correcting.FOLLOW_UP
    count_parts: Callable[[str], int] | None = staticmethod(lambda text: measure_sms(text).parts)
    """Counts the parts of a text as short messages have them, which is how services are paid and paced."""

    def __init__(  # noqa: PLR0913 - called with whatever stands in the installation's file
        self, *, name: str = "sms_http", accounts: tuple[Account, ...] = (), reaches: str = "phone",
        request: Mapping[str, Any] | None = None, answer: Mapping[str, Any] | None = None,
        webhook: Mapping[str, Any] | None = None,
    ) -> None:
        where = f"LANTOA_CHANNELS[{name!r}]"
        self.name = name
        self.accounts = accounts
        try:
            self.reaches = Reaches(reaches)
            self.reader = AnswerReader(read_table(AnswerTable, answer or {}, f"{where}.answer"))
        except ChannelSettingError:
            raise
        except ValueError as error:
            raise ChannelSettingError(f"{where}: {error}") from error
        self._forms = self._webhook = None
        if request is not None:
            self._forms = _Forms(read_table(RequestTable, request, f"{where}.request"), f"{where}.request")
        if webhook is not None:
            self._webhook = read_table(WebhookTable, webhook, f"{where}.webhook")
        self.gives_receipts = self.is_told = self._webhook is not None

    def compile(self, message: Message) -> ServiceTemplate:
        """Make the message ready. Raises `ChannelError` when nobody has said what to ask."""
        forms = self._asking()
        return ServiceTemplate(
            forms.url.ready(message), forms.headers.ready(message), forms.body.ready(message) if forms.body else None,
            Filling(words_of(message.text, plain)), _parts_said(message), self.count_parts,
        )

    async def open(self, account: Account, feed: Feed) -> HttpSession:
        """Begin to use an account. Raises `ChannelError` for options that cannot work."""
        forms = self._asking()
        try:
            table = read_table(AccountTable, dict(account.options), f"account {account.name}")
        except ChannelSettingError as error:
            raise ChannelError(f"Tài khoản “{account.name}” của kênh “{self.name}”: {error}", permanent=True) from error
        speaker = _ServiceSpeaker(forms, table, self.reader)
        door = HttpDoor(DoorOptions(
            connections=table.connections, connect_seconds=table.connect_seconds, total_seconds=table.total_seconds,
            ca_file=table.ca_file, proxy=table.proxy,
        ))
        most = max(1, account.window // speaker.most_items)
        return HttpSession(feed, door, speaker, min(most, table.connections * table.streams))

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> list[Report | Reply]:
        """What the service posted. Raises `WebhookError`, `UnsignedError`, `ChannelError`."""
        if not self._webhook:
            raise WebhookError(f"LANTOA_CHANNELS[{self.name!r}] has no webhook")
        return read_webhook(self._webhook, headers, body, now)

    def _asking(self) -> _Forms:
        if not self._forms:
            raise ChannelError(
                f"Kênh “{self.name}” chưa được cấu hình: tệp channels.toml chưa có bảng [{self.name}.request].",
                permanent=True,
            )
        return self._forms


def _parts_said(message: Message) -> int:
    parts = message.details.get("parts", 0)
    return parts if isinstance(parts, int) and parts > 0 else 0


class _ServiceSpeaker:
    """Asks one account of a service."""

    def __init__(self, forms: _Forms, table: AccountTable, reader: AnswerReader) -> None:
        self._forms = forms
        self._auth = Auth(table.auth)
        self._reader = reader
        self._method = forms.table.method
        self._base = table.base_url.rstrip("/") if forms.table.url.startswith("/") else ""
        if forms.table.url.startswith("/") and not BASE.fullmatch(self._base):
            raise ChannelError(
                "Chưa có địa chỉ của nhà cung cấp: hãy ghi base_url, bắt đầu bằng https://, cho tài khoản.",
                permanent=True,
            )
        self.most_items = forms.table.most_items
        self._fixed_for: ServiceTemplate | None = None
        self._fixed: tuple[str, ...] = ()

    async def prepare(self, door: HttpDoor) -> float:
        await door.reach(self._base or self._forms.table.url.partition("{")[0])
        if self._auth.keeper:
            await self._auth.keeper.hold(door)
        return 0.0

    def is_ready(self) -> bool:
        return not self._auth.keeper or bool(self._auth.keeper.value)

    def request(self, items: Sequence[Item]) -> Request:
        template: ServiceTemplate = items[0].template
        body = self._body(items, template)
        url = self._base + template.url.fill(items[0])
        return Request(self._method, url, self._headers(template, items[0], body or b""), body)

    def _body(self, items: Sequence[Item], template: ServiceTemplate) -> bytes | None:
        if self._forms.is_batch:
            inner = ",".join(item.template.body.fill(item) for item in items)
            text = f"{self._forms.before}[{inner}]{self._forms.after}"
        elif template.body is None:
            return None
        else:
            text = template.body.fill(items[0])
        return text.encode("utf-8", "replace")

    def _headers(self, template: ServiceTemplate, item: Item, body: bytes) -> tuple[str, ...]:
        if template is self._fixed_for:
            return self._fixed
        lines = (*(line.fill(item) for line in template.headers), *self._auth.headers(body))
        if self._auth.is_fixed and all(line.is_fixed for line in template.headers):
            self._fixed_for, self._fixed = template, lines
        return lines

    def read(self, items: Sequence[Item], request: Request, response: Response) -> Reading:
        if response.status == 401 and self._auth.keeper:
            # A token may end before its time: then a new one is asked for, once.
            is_current = self._auth.keeper.refuse_in(request.headers)
            trouble = WORDS[Meaning.ACCOUNT] if is_current else ""
            return Reading([None] * len(items), trouble, renews=is_current)
        reads = self._reads(items, response)
        wait = response.retry_after() if response.status != 200 else None
        trouble = next((one.why for one in reads if one.meaning is Meaning.ACCOUNT), "")
        least = 1.0 if any(one.meaning is Meaning.THROTTLED for one in reads) else 0.0
        return Reading(
            [None if one.meaning is Meaning.ACCOUNT else one.outcome(wait) for one in reads],
            trouble, slow=wait or least,
            proves=response.status < 500 or any(one.meaning is Meaning.ACCEPTED for one in reads),
        )

    def _reads(self, items: Sequence[Item], response: Response) -> list[Read]:
        if not self._forms.is_batch:
            return [self._reader.one(response.status, response.body)]
        read = self._reader.batch(response.status, response.body, [item.key for item in items])
        return read if isinstance(read, list) else [read] * len(items)

    def unanswered(self, items: Sequence[Item], error: HttpError) -> Reading:
        if not error.may_have_arrived:
            return Reading([None] * len(items), trouble=str(error))
        state = State.FAILED_FOR_NOW if self._forms.table.deduplicates else State.UNKNOWN
        return Reading([Outcome(state, code=error.trouble.value, why=str(error))] * len(items))
