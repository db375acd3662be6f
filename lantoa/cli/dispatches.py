"""`lantoa deliver` and `lantoa dispatch`: messages to many people."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import as_json, as_user, campaign_of, get_ready, person, print_json, progress_line, say

if TYPE_CHECKING:
    import datetime as dt

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Dispatch
    from lantoa.places.models import User

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@click.command(epilog='Example: lantoa deliver 1 --channel sms --message sms --segment "device=at_risk"')
@click.argument("ident", metavar="ID")
@click.option(
    "--channel",
    required=True,
    metavar="KIND",
    help="The channel to send through, or a channel kind: its route says which.",
)
@click.option("--message", required=True, metavar="KEY", help="The rendering kind to send: sms, email, briefing …")
@click.option(
    "--segment",
    metavar="Q",
    default="",
    help="Residents: place=CODE device=at_risk needs_help=yes carrier=NAME. Offices: a kind of place or a code.",
)
@click.option("--audience", type=click.Choice(["residents", "places", "browsers"]), help="Default: as usual for it.")
@click.option("--not-before", type=MOMENT, help="Send nothing before this moment, local time.")
@click.option("--not-after", type=MOMENT, help="Ask instead of sending after this moment.")
@click.option("--hours", metavar="SPAN", help="Hours of the day: 07:00-21:00 (default: the setting); - is any hour.")
@click.option("--unknown", type=click.Choice(["ask", "again", "leave"]), default="ask", show_default=True,
              help="What to do where nobody knows whether it went.")
@click.option("--urgent", is_flag=True, help="Go ahead of everything that is not.")
@click.option("--queue-only", is_flag=True, help="Write down who gets what; send nothing yet.")
@as_user
@as_json
def deliver(ident: str, channel: str, message: str, segment: str, *, username: str | None, is_json: bool,
            **when: Any) -> int:
    """Queue and send a message to many people, or a rendering to the places given work; safe to kill and run again."""
    get_ready()
    from django.conf import settings

    from lantoa.channels.registry import is_wire

    campaign, by = campaign_of(ident), person(username)
    name = channel if channel in settings.LANTOA_CHANNELS else settings.LANTOA_ROUTES.get(channel, channel)
    if name in settings.LANTOA_CHANNELS and is_wire(name, settings.LANTOA_CHANNELS):
        order = _order(name, message, segment, when)
        return _dispatch(campaign, order, by, is_json=is_json, is_sending=not when["queue_only"])
    return _hand_over(campaign, (channel, message, segment), by, is_json=is_json)


def _order(channel: str, message: str, segment: str, when: dict[str, Any]) -> Any:
    from django.utils import timezone

    from lantoa.delivery.actions import Order

    def aware(moment: dt.datetime | None) -> dt.datetime | None:
        return moment and timezone.make_aware(moment)

    return Order(
        channel=channel, rendering_kind=message, segment=segment, audience=when["audience"] or "",
        lane=0 if when["urgent"] else 1, hours="" if when["hours"] == "-" else when["hours"],
        not_before=aware(when["not_before"]), not_after=aware(when["not_after"]), unknown=when["unknown"],
    )


def _dispatch(campaign: Campaign, order: Any, by: User | None, *, is_json: bool, is_sending: bool) -> int:
    from lantoa.delivery.actions import queue_dispatch, start_dispatch

    dispatch = queue_dispatch(campaign, order, by)
    if is_sending:
        start_dispatch(dispatch, by)
        _send(dispatch)
    return _tell(dispatch, is_json=is_json)


def _send(dispatch: Dispatch) -> None:
    """Send until there is nothing left to send now, and show how far it is."""
    from lantoa.delivery.engine.starting import run_engine, usual_manner

    with progress_line() as progress:
        looked = partial(_show, dispatch, progress) if progress else None
        run_engine(usual_manner(is_once=True, looked=looked))
    dispatch.refresh_from_db()


def _show(dispatch: Dispatch, progress: Any) -> None:
    numbers = _numbers(dispatch)
    done = sum(number for state, number in numbers.items() if state != "queued")
    progress("deliver", done, sum(numbers.values()))


def _hand_over(campaign: Campaign, what: tuple[str, str, str], by: User | None, *, is_json: bool) -> int:
    from lantoa.delivery.actions import Audience, deliver_message

    outcome = deliver_message(campaign, Audience(*what), by)
    if is_json:
        print_json({"queued": outcome.deliveries, "sent": outcome.sent, "failed": outcome.failed})
    else:
        say(f"Xếp hàng {outcome.deliveries}, đã gửi {outcome.sent}, lỗi {outcome.failed}.")
    return 1 if outcome.failed else 0


def _numbers(dispatch: Dispatch) -> dict[str, int]:
    from lantoa.delivery.actions import numbers
    from lantoa.delivery.rules.states import STATE

    return {STATE[state].value: number for state, number in sorted(numbers([dispatch.pk])[dispatch.pk].items())
            if number}


def dispatch_data(dispatch: Dispatch) -> dict[str, Any]:
    """A dispatch as data."""
    numbers = _numbers(dispatch)
    return {
        "dispatch": dispatch.pk,
        "campaign": dispatch.campaign_id,
        "channel": dispatch.channel,
        "message": dispatch.rendering_kind,
        "audience": dispatch.audience,
        "segment": dispatch.segment,
        "lane": dispatch.get_lane_display(),
        "state": dispatch.state,
        "why": dispatch.why,
        "people": sum(numbers.values()),
        "states": numbers,
        "queued": numbers.get("queued", 0),
        "sent": numbers.get("sent", 0) + numbers.get("delivered", 0),
        "failed": numbers.get("failed_for_good", 0) + numbers.get("refused", 0),
        "unknown": numbers.get("unknown", 0),
        "started_at": dispatch.started_at and dispatch.started_at.isoformat(),
        "finished_at": dispatch.finished_at and dispatch.finished_at.isoformat(),
    }


def _tell(dispatch: Dispatch, *, is_json: bool) -> int:
    from lantoa.channels.base import STATE_LABELS, State

    data = dispatch_data(dispatch)
    if is_json:
        print_json(data)
    else:
        say(f"Đợt gửi {dispatch.pk}: {dispatch.get_state_display()}, {data['people']} người nhận.")
        for state, number in data["states"].items():
            say(f"  {STATE_LABELS[State(state)]}: {number}")
        if dispatch.why:
            say(f"  {dispatch.why}")
        if data["failed"] or data["unknown"]:
            say(f"  Ai chưa nhận được: lantoa dispatch missed {dispatch.pk} --out chua-nhan.xlsx")
        if data["queued"] and dispatch.state == "planned":
            say(f"  Chưa gửi gì. Bắt đầu: lantoa dispatch start {dispatch.pk}")
    return 1 if data["failed"] or data["unknown"] or dispatch.state == "paused" else 0


def _dispatch_of(number: int) -> Dispatch:
    from lantoa.delivery.models import Dispatch
    from lantoa.places.permits import RefusedError

    found = Dispatch.objects.filter(pk=number).select_related("campaign").first()
    if found is None:
        raise RefusedError(f"Không có đợt gửi {number}. Xem các đợt: lantoa dispatch list")
    return found


@click.group(epilog="Example: lantoa dispatch list")
def dispatch() -> None:
    """See dispatches to many people, and start, pause, cancel or finish them."""


@dispatch.command("list", epilog="Example: lantoa dispatch list --json")
@click.option("--campaign", "ident", metavar="ID", help="Only of this campaign.")
@as_json
def list_(ident: str | None, *, is_json: bool) -> None:
    """List dispatches, the newest first."""
    get_ready()
    from lantoa.delivery.models import Dispatch

    rows = Dispatch.objects.select_related("campaign")
    if ident:
        rows = rows.filter(campaign=campaign_of(ident))
    data = [dispatch_data(row) for row in rows]
    if is_json:
        print_json({"dispatches": data})
        return
    for row in data:
        say(f"{row['dispatch']:>5}  {row['state']:<10} {row['channel']:<10} {row['message']:<18} "
            f"{row['sent']}/{row['people']}")
    if not data:
        say("Chưa có đợt gửi nào. Gửi đợt đầu tiên: lantoa deliver CHIEN_DICH --channel KENH --message LOAI")


@dispatch.command(epilog="Example: lantoa dispatch show 1 --json")
@click.argument("number", metavar="DISPATCH", type=int)
@as_json
def show(number: int, *, is_json: bool) -> int:
    """Show how far a dispatch is."""
    get_ready()
    return _tell(_dispatch_of(number), is_json=is_json)


@dispatch.command(epilog="Example: lantoa dispatch start 1")
@click.argument("number", metavar="DISPATCH", type=int)
@as_user
@as_json
def start(number: int, *, username: str | None, is_json: bool) -> int:
    """Let a dispatch go out, or go on, and send until there is nothing to send now."""
    get_ready()
    from lantoa.delivery.actions import start_dispatch

    row = _dispatch_of(number)
    start_dispatch(row, person(username))
    _send(row)
    return _tell(row, is_json=is_json)


@dispatch.command(epilog='Example: lantoa dispatch pause 1 --why "kiểm tra lại danh sách"')
@click.argument("number", metavar="DISPATCH", type=int)
@click.option("--why", default="", metavar="TEXT")
@as_user
def pause(number: int, why: str, username: str | None) -> None:
    """Let nothing more leave; `start` goes on."""
    get_ready()
    from lantoa.delivery.actions import pause_dispatch

    pause_dispatch(_dispatch_of(number), why, person(username))
    say("Đã tạm dừng.")


@dispatch.command(epilog='Example: lantoa dispatch cancel 1 --why "gửi nhầm nhóm" --yes')
@click.argument("number", metavar="DISPATCH", type=int)
@click.option("--why", default="", metavar="TEXT")
@click.confirmation_option(prompt="Hủy hẳn đợt gửi này? Những người chưa đến lượt sẽ không được gửi nữa.")
@as_user
def cancel(number: int, why: str, username: str | None) -> None:
    """Never send to those still waiting. It cannot be taken back."""
    get_ready()
    from lantoa.delivery.actions import cancel_dispatch

    cancel_dispatch(_dispatch_of(number), why, person(username))
    say("Đã hủy.")


@dispatch.command(epilog="Example: lantoa dispatch again 1 --state unknown")
@click.argument("number", metavar="DISPATCH", type=int)
@click.option("--state", "states", multiple=True, required=True,
              type=click.Choice(["unknown", "failed_for_good", "refused"]))
@as_user
@as_json
def again(number: int, states: tuple[str, ...], *, username: str | None, is_json: bool) -> int:
    """Send once more to those in these states; whoever is `unknown` may then get it twice."""
    get_ready()
    from lantoa.channels.base import State
    from lantoa.delivery.actions import send_again
    from lantoa.delivery.rules.states import NUMBER

    row = _dispatch_of(number)
    send_again(row, tuple(NUMBER[State(state)] for state in states), person(username))
    _send(row)
    return _tell(row, is_json=is_json)


@dispatch.command(epilog="Example: lantoa dispatch missed 1 --out chua-nhan.xlsx")
@click.argument("number", metavar="DISPATCH", type=int)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=".csv or .xlsx; else it is printed.")
@click.option("--waiting", is_flag=True, help="Also those whose turn is still to come.")
@as_json
def missed(number: int, out: Path | None, *, waiting: bool, is_json: bool) -> None:
    """List who did not get it and why: a list to call or to visit by."""
    get_ready()
    from lantoa.delivery.models import missed as with_names
    from lantoa.delivery.models import missed_rows, missed_sheet
    from lantoa.lib.sheets import write_csv, write_xlsx

    row = _dispatch_of(number)
    people = with_names(row, missed_rows(row, with_waiting=waiting).iterator())
    if out is not None:
        write = write_xlsx if out.suffix == ".xlsx" else write_csv
        out.write_bytes(write(missed_sheet(row, people)))
        say(f"Đã ghi {out}.")
        return
    if is_json:
        print_json({"missed": [
            {"name": one.name, "phone": one.phone, "address": one.address, "place": one.place, "state": one.state,
             "why": one.why, "at": one.at and one.at.isoformat()} for one in people
        ]})
        return
    for one in people:
        say(f"{one.place:<24} {one.name:<28} {one.phone:<14} {one.why}")
