"""The other ends of a drill: every kind of server that messages go to, on free ports of this machine."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import multiprocessing
import os
import threading
from dataclasses import dataclass
from multiprocessing.managers import BaseManager
from typing import TYPE_CHECKING, NamedTuple, Self

from lantoa.drill.evidence import Busiest
from lantoa.drill.weather import NOT_ON_ZALO
from lantoa.simulators.aside import Aside
from lantoa.simulators.browsers import Browser, browsers
from lantoa.simulators.dialects import AggregatorDialect, PushDialect, ZaloDialect
from lantoa.simulators.http import HttpSimulator
from lantoa.simulators.mailbox import MailboxServer
from lantoa.simulators.receipts import ReceiptPoster, Receipts, aggregator_signer, zalo_signer
from lantoa.simulators.smsc import Smsc, write_reply
from lantoa.simulators.smsc_script import fortune
from lantoa.simulators.smtp import Arrivals, MailServer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lantoa.drill.weather import Weather
    from lantoa.simulators.http import Got
    from lantoa.simulators.smsc import Arrival

CENTRE_LOGIN, SENDER_NUMBER = "drill", "UBND"
SENDER, BOUNCES, REFUSALS = "thong-bao@dien-tap.example", "tra-lai@dien-tap.example", "tu-choi@dien-tap.example"
APP_ID, SECRET = "1", "drill"
PHONE_CHANNELS = ("sms", "sms_http", "zns")


class Arrived(NamedTuple):
    """One message as its receiver has it."""

    channel: str
    address: str
    key: str
    """Ours, where the protocol carries it: else empty."""
    text: str
    at: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What an account may send a second; 0 is no limit."""

    email: int = 0
    sms: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What the ends are made for."""

    weather: Weather
    seed: int
    browsers: int
    webhooks: str
    """The address under which our webhooks stand."""
    keys: Path
    """A place of their own for secrets and keys."""
    pace: Pace


class EndsManager(BaseManager):
    """Starts the ends in a process of their own, so that how busy we are does not show in the times they write down."""

    def __enter__(self) -> Self:
        """Start that process; it ends with this one, however this one ends."""
        self.start(initializer=_end_with_parent)
        return self

    def make(self, setting: Setting) -> Ends:
        """The ends, as they are spoken to from here: every call goes over, and its result comes back."""
        ends: Ends = self.Ends(setting)  # type: ignore[attr-defined]  # registered below
        return ends


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


class Ends:
    """A mail server and a mailbox, a message centre, an SMS service over HTTP, Zalo, and a push service."""

    def __init__(self, setting: Setting) -> None:
        """Nothing listens before `start`."""
        weather, seed = setting.weather, setting.seed
        self._setting = setting
        self._mail = MailServer(weather.smtp(seed), Arrivals(keeps_content=True))
        self._mailbox = MailboxServer()
        self._centre = Smsc(weather.smsc(seed))
        self._aggregator, self._zalo_words, self._push_words = (
            AggregatorDialect(),
            ZaloDialect(secret_key=SECRET),
            PushDialect(),
        )
        self._service = HttpSimulator(self._aggregator, weather.service(seed))
        self._zalo = HttpSimulator(self._zalo_words, weather.service(seed, NOT_ON_ZALO))
        self._push = HttpSimulator(self._push_words, weather.push_service(seed))
        self._browsers: list[Browser] = browsers(setting.browsers)
        self._posters: dict[str, ReceiptPoster] = {}
        self._aside = Aside()
        self._replies = 0

    def start(self) -> None:
        """Listen, and write the keys by which they are spoken to."""
        self._aside.do(self._start())
        keys = self._setting.keys
        keys.mkdir(parents=True, exist_ok=True)
        for name, content in (("secret", SECRET), ("tokens.json", '{"refresh_token": "refresh-0"}')):
            (keys / name).write_text(content, encoding="ascii")

    async def _start(self) -> None:
        for server in (self._mail, self._mailbox, self._centre, self._service, self._zalo, self._push):
            await server.start()
        weather = self._setting.weather
        for name, sign, failed, server, dialect in (
            ("sms_http", aggregator_signer(SECRET), weather.undelivered, self._service, self._aggregator),
            ("zns", zalo_signer(APP_ID, SECRET), 0.0, self._zalo, self._zalo_words),
        ):
            receipts = Receipts(
                f"{self._setting.webhooks}/nhan/{name}/",
                sign,
                weather.receipt_delay,
                failed,
                weather.receipts_lost,
                tries=8,
            )
            self._posters[name] = ReceiptPoster(receipts, server.script)
            dialect.told.append(self._posters[name].note)
        for one in self._browsers:
            self._push_words.readers[one.path] = (one.address(self._push.url), one.read)

    def finish_receipts(self, seconds: float = 60.0) -> None:
        """Wait until every receipt of the HTTP services was taken, or given up."""
        for poster in self._posters.values():
            with contextlib.suppress(TimeoutError):
                self._aside.do_within(poster.finish(), seconds)

    def stop(self) -> None:
        """Listen no more."""
        self._aside.do(self._stop())
        self._aside.stop()

    async def _stop(self) -> None:
        for server in (self._mail, self._mailbox, self._centre, self._service, self._zalo, self._push):
            await server.stop()

    def ports(self) -> dict[str, int]:
        """Where each listens on this machine."""
        servers: dict[str, MailServer | MailboxServer | Smsc | HttpSimulator] = {
            "email": self._mail,
            "mailbox": self._mailbox,
            "sms": self._centre,
            "sms_http": self._service,
            "zns": self._zalo,
            "push": self._push,
        }
        return {name: server.port for name, server in servers.items()}

    def addresses(self) -> list[str]:
        """What each browser gives the page when its owner asks for notices."""
        return [one.address(self._push.url) for one in self._browsers]

    # --- what comes back ---------------------------------------------------------------------------

    def reply(self, phone: str, text: str) -> None:
        """Let somebody write back by SMS; a long text comes in parts."""
        self._replies += 1
        bodies = write_reply(text, phone, SENDER_NUMBER, self._replies)
        self._aside.call(self._centre.post, CENTRE_LOGIN, bodies)

    def put_mail(self, message: bytes) -> None:
        """Lay what came back by mail into the mailbox."""
        self._aside.call(self._mailbox.put, message)

    # --- what they got -----------------------------------------------------------------------------

    def arrived(self, channel: str) -> list[Arrived]:
        """Everything one channel's end took, in the order it came."""
        return {"email": self._by_mail, "sms": self._by_centre, "push": self._by_push}.get(
            channel, lambda: self._by_service(channel)
        )()

    def number(self, channel: str) -> int:
        """How many messages, or parts of them, so far."""
        if channel == "email":
            return self._mail.arrivals.count
        return len(self._centre.arrivals) if channel == "sms" else len(self._server(channel).book.all())

    def _server(self, channel: str) -> HttpSimulator:
        return {"sms_http": self._service, "zns": self._zalo, "push": self._push}[channel]

    def _by_mail(self) -> list[Arrived]:
        kept = self._mail.arrivals
        return [
            Arrived("email", recipient, name.partition("@")[0], text_of(content), at)
            for (recipient, name), content, at in zip(kept.taken, kept.contents, kept.at, strict=True)
        ]

    def _by_centre(self) -> list[Arrived]:
        return [Arrived("sms", national(to), "", text, at) for to, text, at in whole(self._centre.arrivals)]

    def _by_service(self, channel: str) -> list[Arrived]:
        got: list[Got] = self._server(channel).book.all()
        return [Arrived(channel, national(one.address), one.key, one.text, one.at) for one in got]

    def _by_push(self) -> list[Arrived]:
        return [Arrived("push", one.address, "", shown(one.text), one.at) for one in self._push.book.all()]

    def told(self, channel: str, address: str) -> bool | None:
        """What the end says later of a message it took: that it arrived, or not; None when it says nothing."""
        weather = self._setting.weather
        if channel == "sms":
            luck = fortune(self._centre.script.seed, f"84{address[1:]}")
            return None if luck.receipt_lost < weather.receipts_lost else luck.undelivered >= weather.undelivered
        if channel not in self._posters:
            return None
        script, own = self._server(channel).script, address if channel == "sms_http" else f"84{address[1:]}"
        if script.draw(own, "lost receipt") < weather.receipts_lost:
            return None
        return channel == "zns" or script.draw(own, "failed receipt") >= weather.undelivered

    def given_up(self) -> int:
        """Receipts that nobody took in the end."""
        return sum(poster.given_up for poster in self._posters.values())

    def acknowledged(self) -> int:
        """Receipts and replies by SMS that were taken."""
        return self._centre.acknowledged

    def busiest(self) -> dict[str, Busiest]:
        """How much came at most, by channel with a pace."""
        pace = self._setting.pace
        moments = {
            "email": (pace.email, sorted(self._mail.arrivals.at)),
            "sms": (pace.sms, sorted(one.at for one in self._centre.arrivals)),
        }
        return {name: Busiest(own, most(at, 1.0), most(at, 5.0)) for name, (own, at) in moments.items() if own and at}


EndsManager.register("Ends", Ends)


def most(moments: list[float], seconds: float) -> int:
    """The most of these moments, which are in order, within any so many seconds."""
    found, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= seconds:
            first += 1
        found = max(found, last - first + 1)
    return found


def national(phone: str) -> str:
    """A number as the register has it: `84912345678` → `0912345678`."""
    return f"0{phone[2:]}" if phone.startswith("84") else phone


def whole(arrivals: list[Arrival]) -> list[tuple[str, str, float]]:
    """Who got which text, and when its last part came. No telephone shows parts that never became a whole."""
    parts: dict[tuple[str, int, int], dict[int, Arrival]] = {}
    found: list[tuple[str, str, float]] = []
    for one in arrivals:
        if one.place is None:
            found.append((one.destination, one.text, one.at))
            continue
        name = (one.destination, one.place.reference, one.place.total)
        mine = parts.setdefault(name, {})
        mine[one.place.number] = one
        if len(mine) == one.place.total:
            found.append((one.destination, "".join(mine[number].text for number in sorted(mine)), one.at))
            del parts[name]
    return found


def shown(text: str) -> str:
    """What a browser shows of a notice: its title and its words."""
    notice = json.loads(text)
    return f"{notice.get('title', '')}\n{notice.get('body', '')}"


def text_of(content: bytes) -> str:
    """The plain words of an e-mail, as another program reads them."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n").rstrip("\n")


def table_of(ports: Mapping[str, int], setting: Setting) -> str:
    """`channels.toml` by which every wire leads to these ends."""
    keys, pace = setting.keys, setting.pace
    account = '\nname = "dien-tap"\n'
    return f"""
[email]
sender = "{SENDER}"
bounce_address = "{BOUNCES}"
opt_out_address = "{REFUSALS}"
mailbox = "imap://drill:drill@127.0.0.1:{ports["mailbox"]}/INBOX"
[[email.account]]{account}host = "127.0.0.1"
port = {ports["email"]}
tls = "off"
connections = 8
pace = {pace.email}

[sms]
source_addr = "{SENDER_NUMBER}"
[[sms.account]]{account}host = "127.0.0.1"
port = {ports["sms"]}
system_id = "{CENTRE_LOGIN}"
answer_timeout = 2
pace = {pace.sms}

[sms_http]
request = {{ url = "/v1/messages", json = {{ to = "{{address}}", text = "{{text}}", id = "{{key}}" }} }}
answer = {{ id = "/data/id", code = "/code", accepted = ["0"], permanent = ["22"] }}
[sms_http.webhook]
id = "/id"
key = "/client_id"
delivered = ["DELIVRD"]
failed = ["UNDELIV"]
[sms_http.webhook.signature]
secret_file = "{keys}/secret"
prefix = "sha256="
timestamp = "X-Timestamp"
content = "{{timestamp}}.{{body}}"
[[sms_http.account]]{account}base_url = "http://127.0.0.1:{ports["sms_http"]}"
total_seconds = 5

[zns]
webhook = {{ app_id = "{APP_ID}", oa_secret_key_file = "{keys}/secret" }}
[[zns.account]]{account}app_id = "{APP_ID}"
base_url = "http://127.0.0.1:{ports["zns"]}"
token_url = "http://127.0.0.1:{ports["zns"]}/v4/oa/access_token"
secret_key_file = "{keys}/secret"
token_file = "{keys}/tokens.json"
total_seconds = 5

[push]
[[push.account]]{account}key_file = "{keys}/vapid.pem"
contact = "mailto:{SENDER}"
local = true
total_seconds = 5
"""
