"""Many machines: Celery on RabbitMQ carries the numbers of chunks and the timetable; what a job does is the same code.

Only where `LANTOA_BROKER` is set. The ledger stays in PostgreSQL, which alone says what was sent: a job that comes
twice, late or never does no harm, because a chunk is claimed in the ledger, and open chunks are offered again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import uuid
from typing import TYPE_CHECKING, Any

import django
from celery import Celery
from celery.signals import worker_process_shutdown, worker_shutdown
from django.conf import settings
from django.db import close_old_connections, transaction

if TYPE_CHECKING:
    from lantoa.delivery.engine.engine import Engine
    from lantoa.places.events import Event

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantoa.project.settings")
django.setup()

from lantoa.delivery.engine.offering import offer_again, offer_chunks  # noqa: E402 - models need the set-up above
from lantoa.delivery.engine.starting import run_engine, usual_manner  # noqa: E402 - as above
from lantoa.delivery.models import Dispatch  # noqa: E402 - as above
from lantoa.places.events import happened  # noqa: E402 - as above
from lantoa.timed_work import TIMETABLE, do_job  # noqa: E402 - as above

logger = logging.getLogger(__name__)

URGENT, BULK, CLOCK = "lantoa-urgent", "lantoa-bulk", "lantoa-clock"
OFFER_EVERY = 2.0
"""Seconds between looks for open chunks that no job was made for."""
STARTED = frozenset({"start_dispatch", "send_again", "fall_back"})

app = Celery("lantoa", broker=settings.LANTOA_BROKER or "amqp://")
app.conf.update(
    task_default_queue=CLOCK,
    task_default_queue_type="quorum",
    task_create_missing_queue_type="quorum",
    # A job is acknowledged when it is done: that of a killed worker goes to another. It carries numbers only.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_detect_quorum_queues=True,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_ignore_result=True,
    timezone=settings.TIME_ZONE,
    worker_hijack_root_logger=False,
    beat_schedule={
        "offer": {"task": "lantoa.offer", "schedule": OFFER_EVERY},
        **{job.name: {"task": "lantoa.do", "schedule": job.every, "args": [job.name]} for job in TIMETABLE},
    },
    beat_schedule_filename=str(settings.LANTOA_HOME / "beat"),
)


@app.task(name="lantoa.send")
def send(chunk: int) -> None:
    """Send one chunk as far as it is open and may go out."""
    _engine().send(chunk)


@app.task(name="lantoa.offer")
def offer() -> int:
    """Make jobs of open chunks that have none; returns how many."""
    close_old_connections()
    chunks = offer_chunks()
    with app.producer_pool.acquire(block=True) as producer:
        for chunk, is_urgent in chunks:
            send.apply_async([chunk], queue=URGENT if is_urgent else BULK, producer=producer)
    return len(chunks)


@app.task(name="lantoa.do")
def do(name: str) -> None:
    """Do one job of the timetable."""
    close_old_connections()
    do_job(name)


def listen() -> None:
    """Offer a dispatch's chunks the moment it is started, in whatever program that is."""
    happened.connect(_offer_soon, dispatch_uid="lantoa.cluster")


def _offer_soon(event: Event, **_: Any) -> None:
    if event.verb in STARTED and isinstance(event.subject, Dispatch):
        offer_again(event.subject)
        transaction.on_commit(_offer)


def _offer() -> None:
    try:
        offer.apply_async(queue=URGENT, retry=False)
    except app.connection().connection_errors as error:  # the sweep finds it as well, a little later
        logger.warning("The broker is not there: %s", error)


# --- the engine of this process ------------------------------------------------------------------


class _LedEngine:
    """An engine in a thread of this process; jobs hand it chunks and wait."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Engine | None = None
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        run_engine(usual_manner(is_led=True, started=self._started))

    def _started(self, own: tuple[asyncio.AbstractEventLoop, Engine]) -> None:
        self._loop, self._engine = own
        self._ready.set()

    def send(self, chunk: int) -> None:
        self._ready.wait()
        if self._loop is not None and self._engine is not None:
            asyncio.run_coroutine_threadsafe(self._engine.send_chunks([chunk]), self._loop).result()

    def stop(self) -> None:
        if self._loop is not None and self._engine is not None:
            self._loop.call_soon_threadsafe(self._engine.stop)
            self._thread.join(timeout=20)


_engines: list[_LedEngine] = []
_lock = threading.Lock()


def _engine() -> _LedEngine:
    with _lock:
        if not _engines:
            _engines.append(_LedEngine())
        return _engines[0]


@worker_shutdown.connect
@worker_process_shutdown.connect
def _stop(**_: Any) -> None:
    for engine in _engines:
        engine.stop()
    _engines.clear()


def work(concurrency: int) -> None:
    """Do jobs until told to stop: one process, one engine, so many chunks at a time."""
    app.worker_main(
        ["worker", "--pool", "threads", "--concurrency", str(concurrency), "--queues", f"{URGENT},{BULK},{CLOCK}",
         "--loglevel", "warning", "--without-gossip", "--without-mingle", "--hostname", f"{uuid.uuid4()}@%h"]
    )


def keep_time() -> None:
    """Make the jobs of the timetable when they are due, until told to stop. One on all machines is enough."""
    app.start(["beat", "--loglevel", "warning"])
