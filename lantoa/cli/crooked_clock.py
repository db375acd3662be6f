"""A worker whose clock can be put forward and back while it works: for `lantoa chaos`.

    python -m lantoa.cli.crooked_clock FILE worker

FILE holds the seconds by which the wall clock is wrong. The monotonic clock is not touched: no system sets that back.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading
import time
from pathlib import Path

_true_time = time.time
_wrong_by = [0.0]


def _crooked_time() -> float:
    return _true_time() + _wrong_by[0]


def _crooked_now() -> dt.datetime:
    return dt.datetime.fromtimestamp(_crooked_time(), tz=dt.UTC)


def _follow(file: Path) -> None:
    while True:
        text = file.read_text(encoding="ascii").strip()
        _wrong_by[0] = float(text or 0)
        time.sleep(0.05)


def main() -> None:
    """Do a command of ours with that clock."""
    from django.utils import timezone

    from lantoa.cli.main import main as lantoa

    threading.Thread(target=_follow, args=(Path(sys.argv[1]),), daemon=True).start()
    time.time = _crooked_time
    timezone.now = _crooked_now
    lantoa(sys.argv[2:])


if __name__ == "__main__":
    main()
