"""A home of its own in which the delivery engine is tried: a generated campaign, people, workers, another end.

For benches and for chaos; each runs in a process of its own whose environment names that home.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.delivery.models import Dispatch

KIND = "social_post"
"""The rendering kind whose words are sent: plain text."""
HOMES = ("sqlite", "postgres")


@contextmanager
def own_home(database: str) -> Iterator[dict[str, str]]:
    """An environment with an empty home, and an empty database of the kind asked for; both go when it ends.

    `postgres` starts a server of its own, unless `database` is an address (`postgres://…`) of an empty one.
    """
    with tempfile.TemporaryDirectory(prefix="lantoa-trial-") as home:
        own = {**os.environ, "LANTOA_HOME": home, "LANTOA_SENDING_HOURS": "-", "LANTOA_URGENT_HOURS": "-",
               "LANTOA_SECRET_KEY": "only-for-trials"}
        if database == "sqlite":
            yield {**own, "DATABASE_URL": f"sqlite:///{home}/lantoa.sqlite3"}
        elif "://" in database:
            yield {**own, "DATABASE_URL": database}
        else:
            with _own_server() as url:
                yield {**own, "DATABASE_URL": url}


@contextmanager
def _own_server() -> Iterator[str]:
    from lantoa.simulators.postgres import Server, is_installed

    if not is_installed():
        raise click.ClickException("Chưa có PostgreSQL trên máy này (apt install postgresql), hoặc hãy cho --db URL.")
    server = Server()
    server.make()
    server.start(shared_buffers="256MB")
    try:
        yield server.url("postgres")
    finally:
        server.remove()


def in_own_process(module: str, arguments: str, environment: dict[str, str]) -> str:
    """Run one of our modules there; returns what it printed. Raises `ClickException` with what it complained of."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", module, arguments], check=False, stdout=subprocess.PIPE, env=environment, text=True,
    )
    if done.returncode:
        raise click.ClickException(f"{module}: {done.returncode}")
    return done.stdout


# --- the generated world -------------------------------------------------------------------------


def get_world_ready() -> None:
    """Load Django and make the tables."""
    from lantoa.cli.ready import get_ready

    get_ready(may_migrate=True)


def make_campaign() -> Campaign:
    """A campaign of a generated province, with nothing but a place and a letter."""
    from django.utils import timezone

    from lantoa.campaigns.models import Campaign
    from lantoa.letters.generating import generate_letter
    from lantoa.letters.models import IncomingLetter
    from lantoa.places.models import Place

    province = Place.objects.create(code="T", name="Tỉnh Mẫu", kind="province")
    Place.objects.create(code="T1", name="Phường Mẫu", kind="ward", parent=province)
    letter, today = generate_letter(1), timezone.localdate()
    row = IncomingLetter.objects.create(
        book=province, year=today.year, ordinal=1, content=letter.to_json(), subject=letter.subject or "", text="",
        arrived_on=today, text_hash="0" * 64, file_name="letter.txt", file_hash="0" * 64,
    )
    return Campaign.objects.create(
        slug="trial", title="Chiến dịch thử", letter=row, pack="trial", place=province, as_of=today
    )


def make_people(count: int, *, first: int = 1) -> None:
    """So many residents of the ward, each with a telephone and an e-mail address; numbered from `first`."""
    from django.db import connection

    from lantoa.places.models import Place

    ward = Place.objects.get(code="T1")
    number = "printf('%%08d', i)" if connection.vendor == "sqlite" else "lpad(i::text, 8, '0')"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO residents_resident (phone, email, name, household, address, place_id, device, device_model, "  # noqa: S608 - ours
            "tac, carrier, needs_help, source, changed_at) "
            f"WITH RECURSIVE n(i) AS (SELECT {int(first)} UNION ALL SELECT i + 1 FROM n WHERE i < {first + count - 1}) "
            f"SELECT '09' || {number}, 'nguoi' || i || '@hop-thu.example', 'Nguyễn Thị Mẫu ' || i, '', '', %s, "
            "'unknown', '', '', '', false, 'trial', CURRENT_TIMESTAMP FROM n",
            [ward.pk],
        )


def set_apart(count: int, carrier: str) -> None:
    """Let the last so many residents be customers of this carrier: a group of their own."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE residents_resident SET carrier = %s WHERE id > (SELECT MAX(id) FROM residents_resident) - %s",
            [carrier, count],
        )


def make_words(campaign: Campaign, text: str) -> Rendering:
    """These words, approved and current."""
    import hashlib

    from django.utils import timezone

    from lantoa.content.models import Rendering
    from lantoa.lib.files import write_whole

    Rendering.objects.filter(campaign=campaign, kind=KIND).update(is_current=False)
    row = Rendering(
        campaign=campaign, kind=KIND, place=campaign.place, hash=hashlib.sha256(text.encode()).hexdigest(),
        file_name="tin.txt", media_type="text/plain", title="Thông báo của Ủy ban nhân dân", words=text,
        size=len(text.encode()), approved_at=timezone.now(),
    )
    write_whole(row.path, text.encode())
    row.save()
    return row


def text_of(size: int, number: int = 0) -> str:
    """Vietnamese words of about `size` octets, with a slot; another text for each `number`."""
    head = f"Kính gửi {{{{name|quý vị}}}}. Thông báo lần {number}: "
    line = "từ ngày mười sáu, người dân kiểm tra máy điện thoại của gia đình mình và hỏi tổ công nghệ số.\n"
    text = head
    while len((text + line).encode()) <= size:
        text += line
    return text if size > len(head.encode()) else head


def queue(campaign: Campaign, channel: str, **values: Any) -> Dispatch:
    """Queue the current words for everybody."""
    from lantoa.delivery.actions import Order, queue_dispatch

    values = {"audience": "residents", "hours": "", **values}
    return queue_dispatch(campaign, Order(channel=channel, rendering_kind=KIND, **values), None)


def wait_until_done(dispatch: Dispatch, seconds: float = 3600, look: float = 0.02) -> float:
    """Wait, and look every `look` seconds; returns the seconds since the call.

    Raises `TimeoutError`, or `RuntimeError` when it was paused.
    """
    from lantoa.delivery.models import Dispatch

    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        state, why = Dispatch.objects.values_list("state", "why").get(pk=dispatch.pk)
        if state == Dispatch.State.DONE:
            return time.perf_counter() - started
        if state == Dispatch.State.PAUSED:
            raise RuntimeError(f"paused: {why}")
        time.sleep(look)
    raise TimeoutError(f"dispatch {dispatch.pk} is not done after {seconds} s")


def count_by_state(dispatch: Dispatch) -> dict[str, int]:
    """How many recipients are in each state, counted row by row."""
    from django.db.models import Count

    from lantoa.delivery.rules.states import STATE

    rows = dispatch.recipients.order_by().values_list("state").annotate(Count("person"))
    return {STATE[state].value: number for state, number in rows}


# --- workers and the other end -------------------------------------------------------------------


@dataclass
class Workers:
    """Processes that send."""

    command: tuple[str, ...] = ("lantoa", "worker")
    """A module of ours, and its arguments."""
    is_led: bool = False
    """Whether a job queue leads them: then they sign on when the first job comes."""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, number: int) -> None:
        """Start so many and wait until they have signed on."""
        from lantoa.delivery.models import Worker

        known = Worker.objects.count()
        command = [sys.executable, "-m", *self.command]
        self.running += [
            subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(number)  # noqa: S603 - our own
        ]
        waited = 0.0
        while not self.is_led and Worker.objects.count() < known + number:
            time.sleep(0.05)
            waited += 0.05
            if waited > 60:
                raise TimeoutError("a worker did not start")

    def kill(self, which: int = 0) -> None:
        """Kill one as the system would, without a word."""
        process = self.running.pop(which)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Tell all to stop, and wait."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            process.wait(30)
        self.running.clear()

    def memory(self) -> int:
        """Most resident memory of one of them now, in megabytes."""
        found = [0]
        for process in self.running:
            lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
            found += [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:")]
        return max(found)


    def processor_seconds(self) -> float:
        """What all of them have used of the processors so far."""
        ticks = 0
        for process in self.running:
            fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def smtp_sink() -> Iterator[int | None]:
    """Postfix's sink on a free port; None where it is not installed."""
    from lantoa.simulators.ports import free_port

    program = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    as_user = ["-u", "postfix"] if os.getuid() == 0 else []
    sink = subprocess.Popen([program, *as_user, "-c", f"127.0.0.1:{port}", "1000"],  # noqa: S603 - a known program
                            stdout=subprocess.DEVNULL)
    time.sleep(0.3)
    try:
        yield port
    finally:
        sink.terminate()
        sink.wait()


def write_channels(table: str) -> None:
    """Write `channels.toml` of this home; read by processes started from now on, and by this one."""
    from django.conf import settings

    from lantoa.project.channels_file import with_file

    settings.LANTOA_CHANNELS_FILE.parent.mkdir(parents=True, exist_ok=True)
    settings.LANTOA_CHANNELS_FILE.write_text(table, encoding="utf-8")
    settings.LANTOA_CHANNELS = with_file(settings.LANTOA_CHANNELS, settings.LANTOA_CHANNELS_FILE)
