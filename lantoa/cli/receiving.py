"""`lantoa receive`: letters into the register, and nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import as_json, as_user, get_ready, person, print_json, say

if TYPE_CHECKING:
    from lantoa.letters.actions import Received
    from lantoa.places.models import Place

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: lantoa receive scans/*.pdf --json")
@click.argument("files", metavar="FILE…", nargs=-1, type=FILE)
@click.option("--mailbox", "is_mailbox", is_flag=True, help="Take what waits in LANTOA_MAILBOX.")
@click.option("--folder", "is_folder", is_flag=True, help="Take what lies in LANTOA_WATCHED_FOLDER.")
@click.option("--book", "code", metavar="CODE", help="Whose register: else LANTOA_BOOK, or the only top place.")
@as_user
@as_json
def receive(
    files: tuple[Path, ...], code: str | None, username: str | None, *, is_mailbox: bool, is_folder: bool, is_json: bool
) -> int:
    """Register letters without opening a campaign; exit code 1 when something could not be read."""
    if not files and not is_mailbox and not is_folder:
        raise click.UsageError("hãy nêu tệp, hoặc --mailbox, hoặc --folder")
    get_ready()
    from lantoa.letters.doors.mailbox import take_mailbox
    from lantoa.letters.doors.watched_folder import take_folder

    told = _receive_files(files, code, username) if files else []
    rounds = {
        name: take()
        for name, take, is_wanted in (("mailbox", take_mailbox, is_mailbox), ("watched_folder", take_folder, is_folder))
        if is_wanted
    }
    if is_json:
        print_json({"files": told, **{name: _counts(taken) for name, taken in rounds.items()}})
    else:
        for line in told:
            say(_line(line))
        for name, taken in rounds.items():
            say(f"{'Hộp thư' if name == 'mailbox' else 'Thư mục'}: {str(taken) or 'không có gì mới'}")
    has_findings = any(line["why"] for line in told) or any(taken.unread or taken.failed for taken in rounds.values())
    return 1 if has_findings else 0


def _receive_files(files: tuple[Path, ...], code: str | None, username: str | None) -> list[dict[str, Any]]:
    from lantoa.letters.actions import Incoming
    from lantoa.letters.actions import receive as receive_one
    from lantoa.letters.models import Arrival

    book, by = _book(code), person(username)
    return [
        _told(receive_one(Incoming(path.read_bytes(), path.name, Arrival.Way.COMMAND), book, by)) for path in files
    ]


def _book(code: str | None) -> Place:
    from lantoa.letters.actions import book_of_doors
    from lantoa.places.models import Place
    from lantoa.places.permits import RefusedError

    if code is None:
        return book_of_doors()
    found = Place.objects.filter(code=code).order_by("-valid_from").first()
    if found is None:
        raise RefusedError(f"Không có đơn vị mã {code} trong cây đơn vị.")
    return found


def _told(received: Received) -> dict[str, Any]:
    row = received.row
    return {
        "file": received.arrival.file_name,
        "ordinal": row.ordinal if row else None,
        "year": row.year if row else None,
        "is_new": received.is_new,
        "resembles": row.resembles.ordinal if row and row.resembles else None,
        "why": received.arrival.why,
    }


def _line(told: dict[str, Any]) -> str:
    if told["why"]:
        return f"{told['file']}: không đọc được. {told['why']}"
    said = f"{told['file']}: số đến {told['ordinal']}/{told['year']}"
    if not told["is_new"]:
        return f"{said}, đã có trong sổ"
    return f"{said}, có thể trùng với số đến {told['resembles']}" if told["resembles"] else said


def _counts(taken: Any) -> dict[str, int]:
    return {"new": taken.new, "known": taken.known, "unread": taken.unread, "failed": taken.failed}
