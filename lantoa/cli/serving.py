"""`lantoa demo`, `serve` and `worker`."""

from __future__ import annotations

import os
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lantoa.cli.campaigns import tell_run
from lantoa.cli.ready import get_ready, progress_line, say

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = "127.0.0.1"
CHUNKS_AT_A_TIME = 8
"""Jobs of a worker led by Celery that run beside each other; they share one engine."""
PORT = 8000


@click.command(epilog="Example: lantoa demo --no-serve")
@click.option(
    "--example",
    default=Path("examples/duong-kinh"),
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    show_default=True,
    help="A folder with letter.txt and places.csv.",
)
@click.option("--serve/--no-serve", "is_serving", default=True, help="Serve the pages afterwards.")
@click.option("--port", default=PORT, show_default=True)
def demo(example: Path, port: int, *, is_serving: bool) -> None:
    """Load the example, do the main job on its letter, say what happened, and serve."""
    get_ready()
    from django.conf import settings

    from lantoa.main_job import RunOptions, run_letter
    from lantoa.places.actions import load_example_people

    with progress_line() as progress:
        result = run_letter(example / "letter.txt", RunOptions(places_file=example / "places.csv", progress=progress))
    password = load_example_people(result.campaign.place)
    tell_run(result)
    say(f"\nĐỊA CHỈ:    http://{ADDRESS}:{port}/")
    say(f"Trang dân:  http://{ADDRESS}:{port}/c/{result.campaign.slug}/")
    if password:
        say(f"Đăng nhập:  can-bo (cán bộ phụ trách) hoặc lanh-dao, van-thu, quan-tri …; mật khẩu: {password}")
    say(f"            (mọi tài khoản mẫu: {settings.LANTOA_HOME / 'sign-in.txt'})")
    if is_serving:
        _serve(ADDRESS, port, workers=1, is_alone=True)
    else:
        say("\nMở trang: lantoa serve")


@click.command(epilog="Example: lantoa serve --port 8000")
@click.option("--host", default=ADDRESS, show_default=True)
@click.option("--port", default=PORT, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes; one is enough for an office.")
@click.option(
    "--alone", "is_alone", is_flag=True, help="Do the timed work in the same process: one machine, one program."
)
def serve(host: str, port: int, workers: int, *, is_alone: bool) -> None:
    """Serve the pages."""
    get_ready()
    _serve(host, port, workers, is_alone=is_alone)


def _serve(host: str, port: int, workers: int, *, is_alone: bool) -> None:
    from django.core.management import call_command

    call_command("collectstatic", "--noinput", verbosity=0)
    if find_spec("granian") is None:
        raise click.ClickException("thiếu máy chủ granian: hãy chạy lại make run")
    say(f"Đang phục vụ tại http://{host}:{port}/ (dừng: Ctrl+C)")
    sys.stdout.flush()
    os.execve(  # noqa: S606 - our own server, with arguments checked by click
        sys.executable,
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
            "--workers",
            str(workers),
            "--no-ws",
            "--blocking-threads",
            "4",
            "--backpressure",
            "64",
            "--log-level",
            "warning",
            "lantoa.project.wsgi:application",
        ],
        {**os.environ, "LANTOA_TIMED_WORK": "1" if is_alone else "0"},
    )


@click.command(epilog="Example: lantoa worker --once")
@click.option("--once", "is_once", is_flag=True, help="Send what waits now and end.")
@click.option("--every", default=5.0, show_default=True, help="Seconds between rounds of what is not for many people.")
def worker(every: float, *, is_once: bool) -> None:
    """Send: messages to many people, and what waits in every live campaign. Safe to kill; as many as you like.

    With LANTOA_BROKER set, the jobs come by Celery.
    """
    get_ready()
    from django.conf import settings

    if settings.LANTOA_BROKER and not is_once:
        from lantoa.cluster import work

        work(CHUNKS_AT_A_TIME)
        return
    from lantoa.delivery.engine.starting import run_engine, usual_manner
    from lantoa.timed_work import send_all

    if is_once:
        _repeat(lambda: [send_all()], every, is_once=True)
    else:
        beside = threading.Thread(target=_repeat, args=(lambda: [send_all()], every), kwargs={"is_once": False})
        beside.daemon = True
        beside.start()
    sent = run_engine(usual_manner(is_once=is_once))
    if sent:
        say(f"gửi cho nhiều người: {sent}")


@click.command(epilog="Example: lantoa schedule --once")
@click.option("--once", "is_once", is_flag=True, help="Do what is due now and end.")
@click.option("--every", default=10.0, show_default=True, help="Seconds between looks at the timetable.")
def schedule(every: float, *, is_once: bool) -> None:
    """Do the timed work: send what waits, renew the reports and check the history daily."""
    get_ready()
    from django.conf import settings

    if settings.LANTOA_BROKER and not is_once:
        from lantoa.cluster import keep_time

        keep_time()
        return
    from lantoa.timed_work import do_due

    _repeat(do_due, every, is_once=is_once)


def _repeat(work: Callable[[], list[str]], every: float, *, is_once: bool) -> None:
    while True:
        for line in work():
            if line:
                say(line)
        if is_once:
            return
        time.sleep(every)
