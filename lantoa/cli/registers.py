"""`lantoa import places|residents` and `lantoa check-phone`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import as_json, as_user, get_ready, person, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import", epilog="Example: lantoa import places examples/duong-kinh/places.csv")
def import_() -> None:
    """Import places or residents from CSV or XLSX."""


@import_.command("places", epilog="Example: lantoa import places examples/duong-kinh/places.csv")
@click.argument("source", metavar="FILE", type=FILE)
@as_user
@as_json
def places(source: Path, username: str | None, *, is_json: bool) -> int:
    """Import the tree of places.

    Columns: code, name, kind, parent_code, valid_from, valid_to, email, phone, portal_url, fanpage, loudspeaker,
    leader, meeting_house (of a neighbourhood: whom its people ask, and where they meet).
    """
    get_ready()
    from lantoa.places.actions import import_places

    return _import(import_places, source, username, is_json=is_json)


@import_.command("residents", epilog="Example: lantoa import residents residents.xlsx --json")
@click.argument("source", metavar="FILE", type=FILE)
@as_user
@as_json
def residents(source: Path, username: str | None, *, is_json: bool) -> int:
    """Import the register of residents.

    Columns: phone, name, household, address, place_code, device_model, tac, carrier, needs_help, source.
    """
    get_ready()
    from lantoa.residents.actions import import_residents

    return _import(import_residents, source, username, is_json=is_json)


def _import(action: Callable[..., Any], source: Path, username: str | None, *, is_json: bool) -> int:
    result = action(source, person(username))
    rejected = [{"row": one.row, "column": one.column, "value": one.value, "why": one.why} for one in result.rejected]
    if is_json:
        print_json(
            {
                "read": result.read,
                "new": result.new,
                "changed": result.changed,
                "same": result.same,
                "rejected": rejected,
            }
        )
    else:
        say(
            f"Đọc {result.read} dòng: mới {result.new}, thay đổi {result.changed}, giữ nguyên {result.same}, "
            f"từ chối {len(rejected)}."
        )
        for one in rejected:
            say(f"  Dòng {one['row']}, cột {one['column']}, giá trị “{one['value']}”: {one['why']}")
    return 1 if rejected else 0


@click.command("check-phone", epilog='Example: lantoa check-phone --model "Nokia 105 4G"')
@click.option("--imei", metavar="N", help="The 15 digits shown by *#06#; checked and not kept.")
@click.option("--model", metavar="TEXT", help="The model as on the label under the battery.")
@click.option(
    "--pack", metavar="NAME", help="The campaign pack whose device rules to use (default: the live campaign's)."
)
@as_json
def check_phone(imei: str | None, model: str | None, pack: str | None, *, is_json: bool) -> None:
    """Say whether a phone is touched by the campaign; unknown is an answer: ask the carrier."""
    get_ready()
    from lantoa.residents.actions import check_phone as check
    from lantoa.residents.actions import usual_pack

    found = check(pack or usual_pack(), imei, model)
    if is_json:
        print_json({"result": found.result, "why": found.why, "advice": found.advice})
    else:
        say(f"{found.result}: {found.why}\n{found.advice}")
