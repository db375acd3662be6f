"""What `lantoa chaos deliver` does: blows on a seed while messages go out, then the count.

The promises: nobody is lost; nobody is sent to twice but those that were `unknown` and sent to again because somebody
said so; what is called sent has arrived and what is called failed has not; at most a window of people is unknown for
each kill; and sending goes on within ten seconds of a start.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lantoa.cli.trials import (
    Workers,
    count_by_state,
    get_world_ready,
    make_campaign,
    make_people,
    make_words,
    queue,
    text_of,
    write_channels,
)
from lantoa.delivery.rules.states import QUEUED
from lantoa.lib.files import write_whole
from lantoa.simulators.aside import Aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lantoa.delivery.models import Dispatch
    from lantoa.simulators.rabbitmq import Broker

MOST_RESUMING = 10.0
"""Seconds from the start of a worker until the next message arrives."""
LONGEST = 900.0
SIZE = 400
IN_FLIGHT = 120
"""Most messages on the wire of one account here: so many a cut line may leave without an answer."""


@dataclass(frozen=True)
class Spec:
    """How much, and how bad."""

    channel: str
    database: str
    count: int
    kills: int
    other: int
    workers: int
    errors: float
    lost: float
    unknown: str
    is_celery: bool
    seed: int


@dataclass
class OtherEnd:
    """A server that misbehaves, and remembers who was sent what."""

    channel: str
    table: str
    arrived: Callable[[], Counter[str]]
    """By address, how often."""
    number: Callable[[], int]
    """How many messages so far."""
    address: Callable[[int], str]
    """Of the person with a number."""
    cut: Callable[[], None]
    pause: Callable[[float], None]
    """Away for so many seconds."""


@dataclass
class Trial:
    """What happens, and what was seen."""

    spec: Spec
    end: OtherEnd
    workers: Workers
    dispatch: Dispatch
    chance: random.Random
    clock: Path
    broker: Broker | None = None
    blows: Counter[str] = field(default_factory=Counter)
    resumed: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Strike at moments spread over the sending, until everything is done."""
        self.workers.start(self.spec.workers)
        moments = sorted(
            [(self.chance.uniform(0.02, 0.9), "kill") for _ in range(self.spec.kills)]
            + [(self.chance.uniform(0.02, 0.9), self.chance.choice(self._others())) for _ in range(self.spec.other)]
        )
        for share, blow in moments:
            self._wait_for(share * self.spec.count)
            self.blows[blow] += 1
            getattr(self, f"_{blow}")()
        self._wait_until_settled()
        self.workers.stop()

    def _others(self) -> list[str]:
        found = ["cut", "away", "lock", "jump"]
        if self.spec.database == "sqlite":
            found.append("fill_disk")
        if self.broker is not None:
            found += ["restart_broker", "restart_broker"]
        return found

    def _restart_broker(self) -> None:
        """The job queue dies and comes back."""
        if self.broker is not None:
            self.broker.stop(signal.SIGKILL)
            self.broker.start()

    def _wait_for(self, number: float) -> None:
        until = time.monotonic() + 60
        while self.end.number() < number and time.monotonic() < until:
            time.sleep(0.005)

    def _kill(self) -> None:
        time.sleep(self.chance.uniform(0, 0.05))
        self.workers.kill(self.chance.randrange(len(self.workers.running)))
        before, started = self.end.number(), time.monotonic()
        self.workers.start(1)
        while self.end.number() == before and time.monotonic() - started < 3 * MOST_RESUMING:
            if not self.dispatch.recipients.filter(state=QUEUED).exists():
                return  # nothing was left to go on with
            time.sleep(0.01)
        self.resumed.append(round(time.monotonic() - started, 2))

    def _cut(self) -> None:
        self.end.cut()

    def _away(self) -> None:
        self.end.pause(self.chance.uniform(0.2, 1.0))

    def _lock(self) -> None:
        """Somebody holds the database for a while."""
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("LOCK TABLE delivery_chunk, delivery_recipient IN EXCLUSIVE MODE")
            time.sleep(self.chance.uniform(0.2, 1.5))

    def _fill_disk(self) -> None:
        """No file of the workers may grow for a while: to them the disk is full."""
        for process in self.workers.running:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        time.sleep(self.chance.uniform(0.2, 1.0))
        for process in self.workers.running:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)

    def _jump(self) -> None:
        """The workers' clock is put forward or back by up to an hour."""
        write_whole(self.clock, f"{self.chance.randint(-3600, 3600)}".encode())

    def _wait_until_settled(self) -> None:
        """Until nobody waits. The clock is right again; who was put off to a time that it never was waits no longer."""
        from lantoa.delivery.models import Chunk, Dispatch

        write_whole(self.clock, b"0")
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            if Dispatch.objects.get(pk=self.dispatch.pk).state == Dispatch.State.DONE:
                return
            if self.spec.other:
                late = Chunk.objects.filter(state=Chunk.State.OPEN, not_before__gt=time.time() + 60)
                late.update(not_before=int(time.time()) + 5)
                self.dispatch.recipients.filter(due__gt=time.time() + 60).update(due=int(time.time()) + 5)
            time.sleep(0.2)
        raise TimeoutError(f"not done after {LONGEST} s: {count_by_state(self.dispatch)}")


def measure(spec: Spec) -> dict[str, Any]:
    """Do it; what was struck, what was counted, and which promises were broken."""
    broker = _start_broker() if spec.is_celery else None
    get_world_ready()
    from django.conf import settings

    clock = settings.LANTOA_HOME / "clock"
    write_whole(clock, b"0")
    campaign = make_campaign()
    make_people(spec.count)
    with ExitStack() as stack:
        if broker is not None:
            stack.callback(broker.remove)
        end = stack.enter_context(ENDS[spec.channel](spec))
        write_channels(end.table)
        make_words(campaign, text_of(SIZE))
        from lantoa.delivery.actions import start_dispatch

        dispatch = queue(campaign, end.channel, unknown=spec.unknown)
        start_dispatch(dispatch, None)
        workers = Workers(("lantoa.cli.crooked_clock", str(clock), "worker"), is_led=spec.is_celery)
        stack.callback(workers.stop)
        if spec.is_celery:
            beat = Workers(("lantoa", "schedule"), is_led=True)
            stack.callback(beat.stop)
            beat.start(1)
        chance = random.Random(spec.seed)  # noqa: S311 - blows, no secrets
        trial = Trial(spec, end, workers, dispatch, chance, clock, broker)
        started = time.monotonic()
        trial.run()
        return {"seconds": round(time.monotonic() - started, 1), **count(trial)}


def _start_broker() -> Broker:
    from lantoa.simulators.rabbitmq import Broker, is_installed

    if not is_installed():
        raise SystemExit("RabbitMQ is not installed: apt install rabbitmq-server")
    broker = Broker()
    broker.start()
    os.environ.update(LANTOA_BROKER=broker.url)
    return broker


def count(trial: Trial) -> dict[str, Any]:
    """Compare what the other end got with what the ledger says, person by person."""
    from django.conf import settings

    from lantoa.delivery.rules.states import FAILED_FOR_GOOD, REFUSED, STATE, UNKNOWN

    arrived = trial.end.arrived()
    found: Counter[str] = Counter()
    rows = trial.dispatch.recipients.values_list("person", "state")
    for person, state in rows.iterator():
        times = arrived[trial.end.address(person)]
        found["people"] += 1
        found["twice"] += times > 1
        found["lost"] += state != UNKNOWN and not times and state not in {FAILED_FOR_GOOD, REFUSED}
        found["failed_but_arrived"] += state in {FAILED_FOR_GOOD, REFUSED} and times > 0
        found["unknown"] += state == UNKNOWN
        found["unknown_that_arrived"] += state == UNKNOWN and times > 0
        found[f"state_{STATE[state].value}"] += 1
    cuts = trial.blows["cut"] + trial.blows["away"]
    lost_answers = int(trial.spec.lost * trial.spec.count * 1.5) + IN_FLIGHT * cuts
    most_unknown = trial.blows["kill"] * settings.LANTOA_WINDOW + lost_answers
    tallied = {row.state: 0 for row in trial.dispatch.tallies.all()}
    for row in trial.dispatch.tallies.all():
        tallied[row.state] += row.number
    counted = Counter(state for _, state in rows)
    broken = {
        "lost": found["lost"] > 0,
        "twice": found["twice"] > (0 if trial.spec.unknown != "again" else most_unknown),
        "failed_but_arrived": found["failed_but_arrived"] > 0,
        "too_many_unknown": trial.spec.unknown == "ask" and found["unknown"] > most_unknown,
        "resumed_late": any(seconds > MOST_RESUMING for seconds in trial.resumed),
        "not_everybody": found["people"] != trial.spec.count,
        "miscounted": {state: n for state, n in tallied.items() if n} != dict(counted),
    }
    return {
        "blows": dict(trial.blows), **dict(sorted(found.items())), "most_unknown": most_unknown,
        "window": settings.LANTOA_WINDOW, "resumed_seconds": sorted(trial.resumed),
        "broken": sorted(name for name, is_broken in broken.items() if is_broken), "seed": trial.spec.seed,
    }


# --- other ends ----------------------------------------------------------------------------------


@contextmanager
def _smtp(spec: Spec) -> Iterator[OtherEnd]:
    from lantoa.simulators.smtp import MailServer, Script

    server, aside = MailServer(Script(seed=spec.seed, temporary=spec.errors, lost=spec.lost)), Aside()
    aside.do(server.start())

    async def away(seconds: float) -> None:
        import asyncio

        await server.stop()
        await asyncio.sleep(seconds)
        await server.start()

    yield OtherEnd(
        "email",
        'email.sender = "thong-bao@phuong-mau.example"\n[[email.account]]\nname = "chaos"\nhost = "127.0.0.1"\n'
        f'tls = "off"\nport = {server.port}\nconnections = 10\n',
        lambda: Counter(recipient for recipient, _ in server.arrivals.taken),
        lambda: server.arrivals.count,
        lambda person: f"nguoi{person}@hop-thu.example",
        lambda: aside.call(server.cut_all),
        lambda seconds: aside.do(away(seconds)),
    )
    aside.do(server.stop())


@contextmanager
def _smpp(spec: Spec) -> Iterator[OtherEnd]:
    from lantoa.lib.smpp import statuses
    from lantoa.simulators.smsc import Smsc
    from lantoa.simulators.smsc_script import Script

    script = Script(seed=spec.seed, errors={statuses.SYSTEM_ERROR: spec.errors}, tries=1, lost_answers=spec.lost)
    centre, aside = Smsc(script), Aside()
    aside.do(centre.start())

    def cut() -> None:
        for peer in list(centre.peers):
            peer.cut()

    async def away(seconds: float) -> None:
        import asyncio

        await centre.stop()
        await asyncio.sleep(seconds)
        await centre.start(centre.port)

    yield OtherEnd(
        "sms",
        f'sms.source_addr = "UBND"\n[[sms.account]]\nname = "chaos"\nhost = "127.0.0.1"\nport = {centre.port}\n'
        'system_id = "a"\nwindow = 100\nanswer_timeout = 3\n',
        lambda: Counter(arrival.destination for arrival in centre.arrivals if arrival.place is None
                        or arrival.place.number == 1),
        lambda: len(centre._taken),  # noqa: SLF001 - counting without making a list of it
        lambda person: f"849{person:08d}",
        lambda: aside.call(cut),
        lambda seconds: aside.do(away(seconds)),
    )
    aside.do(centre.stop())


@contextmanager
def _http(spec: Spec) -> Iterator[OtherEnd]:
    from lantoa.simulators.dialects import AggregatorDialect
    from lantoa.simulators.http import Fault, HttpSimulator, Script

    script = Script(seed=spec.seed, faults=(Fault(spec.errors, "7", times=1),), lost=spec.lost)
    service, aside = HttpSimulator(AggregatorDialect(), script), Aside()
    aside.do(service.start())

    async def away(seconds: float) -> None:
        import asyncio

        port = service.port
        await service.stop()
        await asyncio.sleep(seconds)
        await service.start(port)

    def cut() -> None:
        for connection in list(service._open):  # noqa: SLF001 - as if the line were cut
            connection.cut()

    yield OtherEnd(
        "sms_http",
        '[sms_http.request]\nurl = "/v1/messages"\njson = { to = "{address}", text = "{text}", id = "{key}" }\n'
        '[sms_http.answer]\nid = "/id"\ncode = "/code"\naccepted = ["0"]\ntemporary = ["7"]\n'
        f'[[sms_http.account]]\nname = "chaos"\nbase_url = "{service.url}"\nconnections = 10\n',
        lambda: Counter(got.address for got in service.book.all()),
        lambda: len(service.book._got),  # noqa: SLF001 - counting without making a list of it
        lambda person: f"09{person:08d}",
        lambda: aside.call(cut),
        lambda seconds: aside.do(away(seconds)),
    )
    aside.do(service.stop())


ENDS: dict[str, Any] = {"smtp": _smtp, "smpp": _smpp, "http": _http}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Spec(**json.loads(sys.argv[1]))), ensure_ascii=False))
