"""The watched folder: what a scanner or a colleague puts there is registered and moved aside, never deleted."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from lantoa.letters.actions import Incoming, book_of_doors, receive, refuse
from lantoa.letters.doors.turn import Taken, turn_at
from lantoa.letters.models import Arrival
from lantoa.lib.extract.document import MOST_BYTES
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.letters.actions import Received
    from lantoa.places.models import Place

logger = logging.getLogger(__name__)
TAKEN, UNREAD = "da-nhan", "chua-doc-duoc"
QUIET = 5.0
"""Seconds since a file was last written before it is believed to be whole."""
LOOK = 2.0
"""Seconds between two looks at its size: a clock that goes wrong on the writer's machine deceives only the first."""
EMPTY = 600.0
"""Seconds after which an empty file is no longer waited for."""
_PARTIAL = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".lock")
_TOO_LARGE = f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Hãy gửi riêng tệp công văn."


def take_folder() -> Taken:
    """Receive every whole file of `LANTOA_WATCHED_FOLDER`; nothing when none is set or another process is at it.

    Raises `RefusedError` when the folder cannot be read, or it is not known whose register to write in. A file that
    fails stays for the next round.
    """
    taken = Taken()
    folder: Path | None = settings.LANTOA_WATCHED_FOLDER
    if folder is None:
        return taken
    with turn_at("watched-folder") as is_mine:
        files = _whole_files(folder) if is_mine else []
        book = book_of_doors() if files else None
        for path in files:
            if book is None or taken.is_over:
                break
            try:
                taken.count(_take(path, book))
            except Exception:
                logger.exception("Taking %s from the watched folder failed", path.name)
                taken.failed += 1
    return taken


def _whole_files(folder: Path) -> list[Path]:
    try:
        return whole_files(folder)
    except OSError as error:
        raise RefusedError(
            f"LANTOA_WATCHED_FOLDER: không mở được {folder} ({error.strerror}). Hãy tạo thư mục và cho quyền đọc, ghi."
        ) from error


def whole_files(folder: Path) -> list[Path]:
    """The files nobody is writing any more, oldest first. Folders, links, hidden and half-made files are left alone."""
    before = _seen(folder)
    if not before:
        return []
    time.sleep(LOOK)
    now = time.time()
    still = [(path, state) for path, state in _seen(folder).items() if before.get(path) == state]
    quiet = [(path, size, at) for path, (size, at) in still if not 0 <= now - at / 1e9 < (QUIET if size else EMPTY)]
    return [path for path, _size, _at in sorted(quiet, key=lambda one: one[2])]


def _seen(folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of writing of each file that may be a letter. Raises `OSError` when the folder cannot be read."""
    found: dict[Path, tuple[int, int]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name.lower()
            is_half_made = name.startswith((".", "~")) or name.endswith((*_PARTIAL, "~"))
            if is_half_made or not entry.is_file(follow_symlinks=False):
                continue
            try:
                state = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            found[Path(entry.path)] = (state.st_size, state.st_mtime_ns)
    return found


def _take(path: Path, book: Place) -> Received:
    """Receive one file and move it aside; cut off between the two, the next round knows the file again."""
    state = path.stat()
    known_by = f"{path.name[:200]}:{state.st_mtime_ns}"
    way = Arrival.Way.WATCHED
    if state.st_size > MOST_BYTES:
        received = refuse(Incoming(b"", path.name, way, message_id=known_by), book, None, _TOO_LARGE)
    else:
        received = receive(Incoming(path.read_bytes(), path.name, way, message_id=known_by), book, None)
    if received.row is not None:
        _move(path, path.parent / TAKEN / f"{timezone.localdate():%Y-%m-%d}")
    else:
        moved = _move(path, path.parent / UNREAD)
        moved.with_name(moved.name + ".txt").write_text(received.arrival.why + "\n", encoding="utf-8")
    return received


def _move(path: Path, folder: Path) -> Path:
    """Move the file into a folder under a name nothing has there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(1, 10_000):
        target = folder / (path.name if place == 1 else f"{path.stem} ({place}){path.suffix}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))  # the name is ours from here on
        except FileExistsError:
            continue
        return path.replace(target)
    raise FileExistsError(folder / path.name)
