"""Long work a page starts and watches: one thread each, its state in a small file any process can read."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import connection
from django.utils import timezone

from lantoa.lib.files import write_whole
from lantoa.lib.voice.speech import VoiceError
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

Tell = Callable[[str, int, int], None]
"""Called with the step and how many of how many things of it are done."""
Work = Callable[[Tell], str]
log = logging.getLogger(__name__)
STALE_SECONDS = 30 * 60
STOPPED = "Máy chủ đã dừng giữa chừng. Hãy nhận lại văn bản này; việc đã xong không làm lại."
BROKEN = (
    "Máy chủ gặp lỗi khi làm việc này; chi tiết đã ghi trong nhật ký. Hãy thử lại, nếu vẫn lỗi thì báo người quản trị."
)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work: whose, of what file, how far, and how it ended."""

    id: str
    by_id: int
    file_name: str
    started_at: str
    state: Literal["running", "done", "failed"] = "running"
    step: str = ""
    done: int = 0
    of: int = 0
    leads_to: str = ""
    """The address of what came of it."""
    error: str = ""
    back: str = ""
    """The address to go back to when it failed; empty: where letters are taken in."""

    @property
    def folder(self) -> Path:
        """Where the job's file and its state lie."""
        return folder_of(self.id)

    def save(self) -> None:
        """Write the state; a reader sees the old one or the new one, never half."""
        write_whole(self.folder / "job.json", json.dumps(asdict(self)).encode())


def folder_of(job_id: str) -> Path:
    """The folder of a job."""
    home: Path = settings.LANTOA_HOME
    return home / "jobs" / job_id


def find(job_id: str, now: dt.datetime) -> Job | None:
    """The job as it stands; one whose process died is told as failed after half an hour."""
    path = folder_of(job_id) / "job.json"
    if not path.exists():
        return None
    job = Job(**json.loads(path.read_text(encoding="utf-8")))
    age = now.timestamp() - path.stat().st_mtime
    if job.state == "running" and age > STALE_SECONDS:
        return replace(job, state="failed", error=STOPPED)
    return job


def open_job(by_id: int, file_name: str, back: str = "") -> Job:
    """A new job with its folder."""
    job = Job(str(uuid.uuid4()), by_id, file_name, timezone.now().isoformat(), back=back)
    job.folder.mkdir(parents=True)
    job.save()
    return job


def start(job: Job, work: Work) -> None:
    """Run `work` in a thread. It is given a teller of steps and returns the address to go on to."""
    threading.Thread(target=perform, args=(job, work), name=f"job-{job.id}").start()


def perform(job: Job, work: Work) -> None:
    """Run `work` here and now, and write down how it ended."""
    last = 0.0

    def tell(step: str, done: int, of: int) -> None:
        nonlocal last
        if done == of or time.monotonic() - last > 1:
            last = time.monotonic()
            replace(job, step=step, done=done, of=of).save()

    try:
        replace(job, state="done", leads_to=work(tell)).save()
    except (RefusedError, ValueError, VoiceError) as refused:
        replace(job, state="failed", error=str(refused)).save()
    except Exception:
        log.exception("job %s failed", job.id)
        replace(job, state="failed", error=BROKEN).save()
    finally:
        if threading.current_thread() is not threading.main_thread():
            connection.close()
