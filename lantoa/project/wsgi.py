"""The application server's entry: `granian --interface wsgi lantoa.project.wsgi:application`."""

from __future__ import annotations

import logging
import os
import threading
import time

from django.conf import settings
from django.core.wsgi import get_wsgi_application

EVERY = 10.0
"""Seconds between looks at the timetable."""


def start_timed_work() -> None:
    """Do the timed work and the sending beside the pages: on one machine one program does everything."""
    from lantoa.delivery.engine.starting import start_engine  # noqa: PLC0415 - needs the applications loaded

    start_engine()
    threading.Thread(target=_keep_time, name="timed-work", daemon=True).start()


def _keep_time() -> None:
    from lantoa.timed_work import do_due  # noqa: PLC0415 - needs the applications loaded

    while True:
        try:
            do_due()
        except Exception:
            logging.getLogger(__name__).exception("Timed work failed")
        time.sleep(EVERY)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantoa.project.settings")
application = get_wsgi_application()

if settings.LANTOA_BROKER:
    from lantoa.cluster import listen

    listen()
elif settings.LANTOA_TIMED_WORK:
    start_timed_work()
