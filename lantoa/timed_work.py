"""Work done by the clock: letters are taken in, what waits is sent, reports are renewed, the history is checked.

Like the main job it stands below the faces and above the rooms. When each job was last done is kept in
`LANTOA_HOME/timetable.json`, so that a restart neither repeats nor forgets one.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from lantoa.campaigns.models import Campaign
from lantoa.delivery.actions import fall_back, send_waiting
from lantoa.delivery.engine.retention import forget_gone_browsers, forget_recipients
from lantoa.delivery.engine.returned_mail import take_returned_mail
from lantoa.evidence.actions import verify_history
from lantoa.letters.doors.mailbox import take_mailbox
from lantoa.letters.doors.watched_folder import take_folder
from lantoa.lib.files import write_whole
from lantoa.lib.imap import MailboxError
from lantoa.places.permits import RefusedError
from lantoa.reports.actions import keep_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TimedJob:
    """One job of the timetable: how often it is due and what it does. `do` returns what to say, if anything."""

    name: str
    every: dt.timedelta
    do: Callable[[], str]


def send_all() -> str:
    """Send what waits in every live campaign."""
    sent = failed = 0
    for campaign in Campaign.objects.filter(state=Campaign.State.LIVE):
        good, bad = send_waiting(campaign)
        sent, failed = sent + good, failed + bad
    return f"đã gửi {sent}, lỗi {failed}" if sent or failed else ""


def renew_reports() -> str:
    """Write the report of every live campaign anew, so that the folder always holds today's."""
    campaigns = Campaign.objects.filter(state=Campaign.State.LIVE)
    for campaign in campaigns:
        keep_report(campaign, None)
    return f"làm mới {len(campaigns)} báo cáo" if campaigns else ""


def check_history() -> str:
    """Check the chain of the history; a broken one is logged as an error for whoever keeps the machine."""
    check = verify_history()
    if not check.is_whole:
        logger.error("The history is broken at entry %s", check.broken_at)
        return f"NHẬT KÝ BỊ SỬA ở mục {check.broken_at}: hãy khôi phục từ bản sao lưu"
    return ""


def receive_mail() -> str:
    """Register the letters that wait in the mailbox; a server out of reach is logged in one line and tried again."""
    try:
        return str(take_mailbox())
    except (MailboxError, RefusedError) as error:
        logger.warning("%s", error)
        return ""


def receive_folder() -> str:
    """Register the letters that lie in the watched folder; when it is away it is logged in one line and tried again."""
    try:
        return str(take_folder())
    except RefusedError as error:
        logger.warning("%s", error)
        return ""


def go_another_way() -> str:
    """Send to whom one channel cannot reach by the one that was named for that."""
    number = fall_back()
    return f"gửi bằng kênh dự phòng cho {number} người" if number else ""


def forget_old() -> str:
    """Forget who got what, once it has been kept as long as the settings say."""
    number = forget_recipients()
    return f"xóa danh sách người nhận của {number} đợt gửi đã quá hạn lưu" if number else ""


def forget_browsers() -> str:
    """Forget browsers whose owners no longer take notices."""
    number = forget_gone_browsers()
    return f"xóa {number} đăng ký nhận thông báo đã hết" if number else ""


def receive_returned_mail() -> str:
    """Read bounces, complaints and answers from the mailboxes that channels name."""
    number = take_returned_mail()
    return f"đọc {number} thư trả lại" if number else ""


TIMETABLE = (
    TimedJob("send_all", dt.timedelta(seconds=10), send_all),
    TimedJob("go_another_way", dt.timedelta(seconds=30), go_another_way),
    TimedJob("receive_returned_mail", dt.timedelta(seconds=30), receive_returned_mail),
    TimedJob("receive_folder", dt.timedelta(seconds=30), receive_folder),
    TimedJob("receive_mail", dt.timedelta(seconds=30), receive_mail),
    TimedJob("forget_browsers", dt.timedelta(minutes=10), forget_browsers),
    TimedJob("forget_old", dt.timedelta(days=1), forget_old),
    TimedJob("renew_reports", dt.timedelta(days=1), renew_reports),
    TimedJob("check_history", dt.timedelta(days=1), check_history),
)


def do_due() -> list[str]:
    """Do every job that is due now, and say what was done. A job that fails is logged and tried when next due."""
    now = timezone.now()
    kept = settings.LANTOA_HOME / "timetable.json"
    last = _last_done(kept)
    said: list[str] = []
    for job in TIMETABLE:
        before = last.get(job.name)
        if before is not None and now - before < job.every:
            continue
        close_old_connections()
        try:
            said.append(f"{job.name}: {told}" if (told := job.do()) else "")
        except Exception:
            logger.exception("Timed work %s failed", job.name)
        last[job.name] = now
    _keep(kept, last)
    return [line for line in said if line]


def do_job(name: str) -> None:
    """Do one job by its name, because somebody else keeps the time. A fault is logged."""
    for job in TIMETABLE:
        if job.name == name:
            try:
                job.do()
            except Exception:
                logger.exception("Timed work %s failed", name)


def _last_done(kept: Path) -> dict[str, dt.datetime]:
    try:
        data = json.loads(kept.read_text(encoding="utf-8"))
        return {name: dt.datetime.fromisoformat(text) for name, text in data.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # never done, or the file is broken: everything is due


def _keep(kept: Path, last: dict[str, dt.datetime]) -> None:
    write_whole(kept, json.dumps({name: moment.isoformat() for name, moment in last.items()}).encode())
