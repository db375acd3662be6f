"""What `lantoa bench deliver` measures: messages to many people, from the start to the last row written.

The workers are processes of their own that run already, as in an office. In the same run, alternating with ours, stand
the peers there are: Postfix's `smtp-source` to the same sink, smpplib to the same centre, and our own client without
engine and ledger, which is the physical limit of this machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lantoa.cli.bench_overtaking import overtake
from lantoa.cli.bench_peers import has_kannel, kannel, smpplib, smtp_source
from lantoa.cli.trials import (
    Workers,
    count_by_state,
    get_world_ready,
    make_campaign,
    make_people,
    make_words,
    queue,
    smtp_sink,
    text_of,
    wait_until_done,
    write_channels,
)
from lantoa.simulators.aside import Aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lantoa.channels.wire import Wire

SIZE = {"smtp": 2048, "smpp": 120, "http": 120}
"""Octets of a message's words: 2 KB of e-mail; an SMS of one part with tones."""
CHANNELS = {"smtp": "email", "smpp": "sms", "http": "sms_http"}


@dataclass(frozen=True)
class Spec:
    """What to measure."""

    channel: str
    count: int
    workers: int
    runs: int = 3
    connections: int = 20
    pace: float = 0.0
    sign: str = ""
    """`ed25519` or `rsa2048`: e-mail is signed (DKIM)."""
    peers: bool = True
    urgent: int = 0
    """People of urgent dispatches that are approved while the others go."""


@dataclass
class OtherEnd:
    """What we send to: its address, and what it counted."""

    table: str
    """Of `channels.toml`."""
    peers: dict[str, Callable[[], float]] = field(default_factory=dict)
    """Others' programs that send to it: each gives messages a second."""
    told: dict[str, Any] = field(default_factory=dict)
    seconds: Callable[[], list[float]] | None = None
    """When messages came, where the other end writes it down."""


def measure(spec: Spec) -> dict[str, Any]:
    """Run it; rates, ratios and memory as JSON data."""
    get_world_ready()
    campaign = make_campaign()
    make_people(spec.count)
    with ExitStack() as stack:
        end = stack.enter_context(ENDS[spec.channel](spec))
        write_channels(end.table)
        workers = Workers()
        stack.callback(workers.stop)
        workers.start(spec.workers)
        rates: list[float] = []
        peers: dict[str, list[float]] = defaultdict(list)
        beside: dict[str, list[float]] = {"queueing": [], "rss": [], "processor": [], "urgent": []}
        compared = {**end.peers, "client_alone": lambda: _alone(spec)} if spec.peers else {}
        for run in range(spec.runs):
            for name, peer in compared.items():
                peers[name].append(peer())
            make_words(campaign, text_of(SIZE[spec.channel], run))
            used = workers.processor_seconds()
            rate, seconds = _send(campaign, spec, beside["urgent"])
            rates.append(rate)
            beside["queueing"].append(seconds)
            beside["rss"].append(workers.memory())
            beside["processor"].append((workers.processor_seconds() - used) / spec.count * 1e6)
        return _told(spec, end, rates, peers, beside)


def _send(campaign: Any, spec: Spec, urgent: list[float]) -> tuple[float, float]:
    """One dispatch to everybody; messages a second, and the seconds it took to write down who gets it.

    How long urgent ones took that were approved meanwhile is added to `urgent`.
    """
    from lantoa.delivery.actions import start_dispatch

    started = time.perf_counter()
    dispatch = queue(campaign, CHANNELS[spec.channel])
    queueing = time.perf_counter() - started
    start_dispatch(dispatch, None)
    started = time.perf_counter()
    if spec.urgent:
        urgent += overtake(campaign, CHANNELS[spec.channel], dispatch, spec.urgent)
    wait_until_done(dispatch, look=min(0.1, spec.count / 5e6))  # a look takes time from what is measured
    seconds = time.perf_counter() - started
    states = count_by_state(dispatch)
    went = states.get("sent", 0) + states.get("delivered", 0)
    if went != spec.count:
        raise RuntimeError(f"not everybody was sent to: {states}")
    return spec.count / seconds, queueing


def _told(
    spec: Spec, end: OtherEnd, rates: list[float], peers: dict[str, list[float]], beside: dict[str, list[float]]
) -> dict[str, Any]:
    median = statistics.median(rates)
    compared: dict[str, Any] = dict(end.told)
    for name, values in peers.items():
        compared[name] = {
            "runs": [round(value) for value in values], "median": round(statistics.median(values)),
            "ratio": round(median / statistics.median(values), 2),
        }
    if beside["urgent"]:
        compared["urgent"] = {
            "people": spec.urgent, "times": len(beside["urgent"]),
            "seconds_from_approval_to_99_percent_handed_over": {
                "median": round(statistics.median(beside["urgent"]), 2), "most": round(max(beside["urgent"]), 2),
            },
        }
    if end.seconds is not None:
        compared["parts_in_a_second"] = _by_second(end.seconds())
    return {
        "n": spec.count,
        "workers": spec.workers,
        "runs": [round(rate) for rate in rates],
        "median": round(median),
        "unit": "messages/s",
        "rss_mb": int(max(beside["rss"])),
        "rss_mb_by_run": [int(value) for value in beside["rss"]],
        "processor_us_a_message": round(statistics.median(beside["processor"]), 1),
        "queueing_seconds": round(statistics.median(beside["queueing"]), 2),
        "compared": compared,
        "load": os.getloadavg()[0],
    }


def _by_second(times: list[float]) -> dict[str, float]:
    """Fewest and most messages in any whole second between the first and the last, sliding by a hundredth."""
    times = sorted(times)
    counts, low, high = [], 0, 0
    at = times[0]
    while at + 1 <= times[-1]:
        while times[low] < at:
            low += 1
        while high < len(times) and times[high] < at + 1:
            high += 1
        counts.append(high - low)
        at += 0.01
    return {"fewest": min(counts), "most": max(counts), "mean": round(statistics.mean(counts), 2)}


# --- other ends and peers ------------------------------------------------------------------------


@contextmanager
def _smtp(spec: Spec) -> Iterator[OtherEnd]:
    from lantoa.simulators.smtp import MailServer

    with smtp_sink() as sink:
        port, told = sink or 0, {"other_end": "smtp-sink"}
        if sink is None:
            server, aside = MailServer(), Aside()
            aside.do(server.start())
            port, told = server.port, {"other_end": "our simulator: smtp-sink is not installed"}
        program = shutil.which("smtp-source", path=f"{os.environ['PATH']}:/usr/sbin")
        if spec.sign:
            told["dkim"] = spec.sign
        yield OtherEnd(
            'email.sender = "thong-bao@phuong-mau.example"\n' + _dkim(spec.sign)
            + _account("email", spec, f"port = {port}\nconnections = {spec.connections}\n"),
            {"smtp_source": lambda: smtp_source(program, port, SIZE["smtp"])} if program else {}, told,
        )


def _dkim(kind: str) -> str:
    from django.conf import settings

    if not kind:
        return ""
    path = settings.LANTOA_HOME / "dkim.pem"
    made = {"ed25519": ["-algorithm", "ed25519"], "rsa2048": ["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"]}
    openssl = shutil.which("openssl") or "openssl"
    subprocess.run(  # noqa: S603 - a known program
        [openssl, "genpkey", *made[kind], "-out", str(path)], check=True, capture_output=True
    )
    return f'email.dkim = [{{ domain = "phuong-mau.example", selector = "a", key_file = "{path}" }}]\n'


@contextmanager
def _smpp(spec: Spec) -> Iterator[OtherEnd]:
    from lantoa.simulators.smsc import Smsc

    centre, aside = Smsc(), Aside()
    aside.do(centre.start())
    yield OtherEnd(
        'sms.source_addr = "UBND"\n'
        + _account("sms", spec, f'port = {centre.port}\nsystem_id = "a"\nconnections = 2\n', window=200),
        {"smpplib": lambda: smpplib(centre.port), **({"kannel": lambda: kannel(centre)} if has_kannel() else {})},
        {"other_end": "our message centre, a receipt for each part"},
        (lambda: [arrival.at for arrival in centre.arrivals]) if spec.pace else None,
    )
    aside.do(centre.stop())


@contextmanager
def _http(spec: Spec) -> Iterator[OtherEnd]:
    from lantoa.simulators.dialects import AggregatorDialect
    from lantoa.simulators.http import HttpSimulator

    service, aside = HttpSimulator(AggregatorDialect()), Aside()
    aside.do(service.start())
    table = (
        '[sms_http.request]\nurl = "/v1/messages"\njson = { to = "{address}", text = "{text}", id = "{key}" }\n'
        '[sms_http.answer]\nid = "/id"\ncode = "/code"\naccepted = ["0"]\n'
    )
    yield OtherEnd(
        table + _account("sms_http", spec, f'base_url = "{service.url}"\nconnections = {spec.connections}\n'),
        told={"other_end": "our HTTP service"},
    )
    aside.do(service.stop())


def _account(channel: str, spec: Spec, options: str, window: int = 100) -> str:
    host = "" if "base_url" in options else 'host = "127.0.0.1"\ntls = "off"\n' if channel == "email" else (
        'host = "127.0.0.1"\n'
    )
    pace = f"pace = {spec.pace}\n" if spec.pace else ""
    return f'[[{channel}.account]]\nname = "bench"\nwindow = {window}\n{pace}{host}{options}'


ENDS: dict[str, Any] = {"smtp": _smtp, "smpp": _smpp, "http": _http}


# --- the client alone ----------------------------------------------------------------------------


class _Endless:
    """A feed without engine and ledger: people out of the air, outcomes counted and forgotten."""

    def __init__(self, wire: Wire, message: Any, count: int) -> None:
        from asyncio import Event

        self.template = wire.compile(message)
        self.left = self.open = count
        self.reaches = wire.reaches.value
        self.done_all = Event()

    def take(self) -> Any:
        from lantoa.channels.wire import Item

        if not self.left:
            return None
        self.left -= 1
        number = self.left
        address = f"09{number:08d}" if self.reaches == "phone" else f"nguoi{number}@hop-thu.example"
        return Item((1, number), address, {"name": f"Nguyễn Thị Mẫu {number}"}, self.template, f"{number:032x}")

    def done(self, item: Any, outcome: Any) -> None:  # noqa: ARG002 - a feed's signature
        self.open -= 1
        if not self.open:
            self.done_all.set()

    def back(self, item: Any) -> None:  # noqa: ARG002 - as above
        self.left += 1

    def heard(self, news: Any, kept: Any = None) -> None:  # noqa: ARG002 - as above
        if kept:
            kept()

    def up(self) -> None:
        """Nothing to note."""

    def down(self, why: str, *, permanent: bool = False) -> None:
        """Nothing is to be down here."""
        raise RuntimeError(f"{why} ({permanent})")

    def slow(self, seconds: float) -> None:
        """Nor slow."""


def _alone(spec: Spec) -> float:
    """Our client without engine and ledger, in a process of its own: messages a second."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "lantoa.cli.bench_delivering", "alone", spec.channel, str(min(spec.count, 100_000))],
        check=True, stdout=subprocess.PIPE, text=True,
    )
    return float(done.stdout)


def _run_alone(channel: str, count: int) -> float:
    import asyncio

    import uvloop

    from lantoa.channels.registry import open_wire
    from lantoa.channels.wire import Message
    from lantoa.cli.ready import get_ready

    get_ready()
    from django.conf import settings

    async def work() -> float:
        wire = open_wire(CHANNELS[channel], settings.LANTOA_CHANNELS)
        feed = _Endless(wire, Message("k", "Thông báo của Ủy ban nhân dân", text_of(SIZE[channel])), count)
        started = time.perf_counter()
        session = await wire.open(wire.accounts[0], feed)
        session.wake()
        await feed.done_all.wait()
        seconds = time.perf_counter() - started
        await session.close()
        return count / seconds

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work())


if __name__ == "__main__":
    if sys.argv[1] == "alone":
        sys.stdout.write(str(_run_alone(sys.argv[2], int(sys.argv[3]))))
    else:
        sys.stdout.write(re.sub(r"\n", " ", json.dumps(measure(Spec(**json.loads(sys.argv[1]))), ensure_ascii=False)))
