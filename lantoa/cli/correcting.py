"""`lantoa fact` and `lantoa correct`: a fact changes, and everything and everybody that holds the old value follows."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import as_json, as_user, campaign_of, get_ready, person, print_json, progress_line, say

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.actions.accounting import PeopleTold
    from lantoa.delivery.models import Correction, CorrectionAct
    from lantoa.places.models import User


NAMED = 2
"""Places that are named where many are counted."""


@click.command(epilog='Example: lantoa fact 1 cutoff_date 2024-10-16 --source "TT 10/2024/TT-BTTTT"')
@click.argument("ident", metavar="ID")
@click.argument("key", metavar="KEY")
@click.argument("value", metavar="VALUE")
@click.option("--source", required=True, metavar="TEXT", help="The document or person the new value comes from.")
@click.option("--reason", default="", metavar="TEXT", help="Why it changed, in words a resident may read.")
@as_user
@as_json
def fact(ident: str, key: str, value: str, *, source: str, reason: str, username: str | None, is_json: bool) -> None:
    """Record a new version of a fact, and show what became stale and how it would be put right."""
    get_ready()
    from lantoa.campaigns.actions import FactChange, record_fact
    from lantoa.delivery.actions import plan_correction

    row, by = campaign_of(ident), person(username)
    recorded = record_fact(row, FactChange(key, value, source, reason=reason), by)
    correction = plan_correction(row, by)
    data = {
        "fact": {"key": recorded.key, "version": recorded.version, "value": recorded.value},
        **plan_data(row, correction),
    }
    if is_json:
        print_json(data)
        return
    say(f"{recorded.label}: phiên bản {recorded.version} = {recorded.value} ({recorded.source})")
    if correction is None:
        say("Không có nội dung nào đang phát bị cũ. Không phải đính chính gì.")
        _tell_left_out(data["people"])
        return
    say(f"Đã cũ: {len(data['stale'])} nội dung đang phát. Kế hoạch đính chính: {len(data['plan'])} việc:")
    _tell_acts(acts_of(correction))
    _tell_people(data["people"])
    say(f"Chưa thay đổi gì bên ngoài. Thực hiện: lantoa correct {row.pk}")


@click.command(epilog="Example: lantoa correct 1 --json")
@click.argument("ident", metavar="ID")
@as_user
@as_json
def correct(ident: str, username: str | None, *, is_json: bool) -> int:
    """Carry out the correction plan, and send what it tells people; safe to run again when it was cut off.

    Exit code 1 when an act failed, or somebody was not reached.
    """
    get_ready()
    from lantoa.delivery.actions import plan_correction

    row, by = campaign_of(ident), person(username)
    plan = row.correction_set.filter(state="planned").first() or plan_correction(row, by)
    if plan is None:
        data = plan_data(row, None)
        if is_json:
            print_json({**data, "done": 0, "undone": 0})
        else:
            say("Không có gì phải đính chính.")
            _tell_left_out(data["people"])
        return 1 if data["people"]["left_out"] else 0
    _carry_out(plan, by)
    data = plan_data(row, plan)
    undone = [act for act in data["plan"] if not act["done"]]
    if is_json:
        print_json({**data, "done": len(data["plan"]) - len(undone), "undone": len(undone)})
    else:
        _tell(data, undone)
    people = data["people"]
    return 1 if undone or people["missed"] or people["unknown"] or people["left_out"] or people["paused"] else 0


def _carry_out(plan: Correction, by: User | None) -> None:
    """Approve it, do its acts, send to its people what can be sent now, and keep the report."""
    from lantoa.delivery.actions import carry_out, send_waiting
    from lantoa.reports.actions import keep_report

    with progress_line() as progress:
        carry_out(plan, by, progress and (lambda done, of: progress("correct", done, of)))
        if plan.dispatches.unfinished().exists():
            _send(plan, progress)
            send_waiting(plan.campaign)  # which writes down that nothing is left, where nothing is
    plan.refresh_from_db()
    keep_report(plan.campaign, by)


def _send(plan: Correction, progress: Any) -> None:
    """Run the engine until there is nothing to send now; another one that runs already takes its share."""
    from lantoa.delivery.engine.starting import run_engine, usual_manner

    run_engine(usual_manner(is_once=True, looked=partial(_show, plan, progress) if progress else None))


def _show(plan: Correction, progress: Any) -> None:
    from lantoa.delivery.actions import numbers
    from lantoa.delivery.rules.states import UNSENT

    counted = numbers(list(plan.dispatches.values_list("pk", flat=True))).values()
    people = sum(sum(states.values()) for states in counted)
    waiting = sum(states.get(one, 0) for states in counted for one in UNSENT)
    progress("deliver", people - waiting, people)


def _tell_acts(acts: list[CorrectionAct]) -> None:
    """What will be done with which thing, and at how many places; the first of them by name."""
    from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, KINDS

    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for act in acts:
        row = act.exposure
        kind = CHANNEL_KIND_LABELS.get(row.channel_kind, row.channel_kind)
        places[act.get_act_display(), kind, KINDS[row.rendering.kind].label].append(row.where.full_name)
    for (what, kind, piece), where in places.items():
        rest = "; …" if len(where) > NAMED else ""
        say(f"  - {what}: {piece} ({kind}), {len(where)} nơi: {'; '.join(where[:NAMED])}{rest}")


# --- as data --------------------------------------------------------------------------------------


def plan_data(campaign: Campaign, correction: Correction | None) -> dict[str, Any]:
    """A correction plan as data (CONTRACT: `lantoa fact --json`)."""
    acts = [] if correction is None else acts_of(correction)
    stale = {(act.exposure.KIND, act.exposure.pk): act.exposure for act in acts}
    return {
        "correction": None if correction is None else correction.pk,
        "stale": [
            {
                "type": name,
                "id": pk,
                "place": row.where.code,
                "channel": row.channel,
                "channel_kind": row.channel_kind,
                "target": row.target,
                "rendering": row.rendering.hash,
                "facts": row.facts,
            }
            for (name, pk), row in stale.items()
        ],
        "plan": [_act_data(act) for act in acts],
        "people": people_data(campaign, correction),
    }


def acts_of(correction: Correction) -> list[CorrectionAct]:
    """Its acts with all that is told of them."""
    above = ("publication__place__parent__parent", "delivery__recipient__parent__parent")
    return list(correction.acts.select_related("rendering", "publication__rendering", "delivery__rendering", *above))


def _act_data(act: CorrectionAct) -> dict[str, Any]:
    row = act.exposure
    return {
        "act": act.act,
        "channel": row.channel,
        "channel_kind": row.channel_kind,
        "place": row.where.code,
        "target": row.target,
        "rendering": act.rendering and act.rendering.hash,
        "done": act.done_at is not None,
        "error": act.error or None,
    }


def people_data(campaign: Campaign, correction: Correction | None) -> dict[str, Any]:
    """Who is told, or sent new words, by messages to many people: all together, and by dispatch."""
    from lantoa.delivery.actions.accounting import left_out, people_told

    told = [] if correction is None else people_told(correction)
    notices = [one for one in told if one.is_notice]
    return {
        "people": sum(one.people for one in notices),
        "told": sum(one.told for one in notices),
        "new_words": sum(one.people for one in told if not one.is_notice),
        "waiting": sum(one.waiting for one in told),
        "missed": sum(one.missed for one in told),
        "unknown": sum(one.unknown for one in told),
        "holding": sum(one.holding for one in notices),
        "left_out": left_out(campaign, correction),
        "paused": sum(one.dispatch.state == "paused" for one in told),
        "dispatches": [_told_data(one) for one in told],
    }


def _told_data(one: PeopleTold) -> dict[str, Any]:
    from lantoa.delivery.actions.accounting import outlook

    dispatch = one.dispatch
    found: dict[str, Any] = {
        "dispatch": dispatch.pk,
        "act": "tell" if one.is_notice else "new_words",
        "instead_of": dispatch.instead_of_id,
        "channel": dispatch.channel,
        "message": dispatch.rendering_kind,
        "audience": dispatch.audience,
        "facts": [key for key in dispatch.tells if key],
        "state": dispatch.state,
        "why": dispatch.why or None,
        "people": one.people,
        "told": one.told,
        "waiting": one.waiting,
        "missed": one.missed,
        "unknown": one.unknown,
        "holding": one.holding,
        "first_at": one.first_at and one.first_at.isoformat(),
        "last_at": one.last_at and one.last_at.isoformat(),
    }
    if dispatch.state != "planned":
        return found
    ahead = outlook(dispatch)
    return found | {
        "refused": ahead.reach.refused,
        "parts": ahead.parts,
        "sample": ahead.previews[0].text if ahead.previews else None,
        "price": _price(ahead.loads) or None,
        "problem": ahead.problem or None,
    }


def _price(loads: Any) -> str:
    from lantoa.web.measures import price_of

    return price_of([(one.rendering, one.parts, one.by_carrier) for one in loads])


# --- in words -------------------------------------------------------------------------------------


def _tell(data: dict[str, Any], undone: list[dict[str, Any]]) -> None:
    if data["plan"]:
        say(f"Đã thực hiện {len(data['plan']) - len(undone)}/{len(data['plan'])} việc đính chính.")
    for act in undone:
        say(f"  Chưa xong: {act['act']} {act['target']}: {act['error']}")
    _tell_people(data["people"])
    if data["people"]["waiting"]:
        say(f"Còn {data['people']['waiting']} người chờ gửi: ngoài giờ được gửi, hoặc sẽ thử lại. lantoa serve --alone "
            "hay lantoa worker gửi tiếp; hoặc chạy lại lệnh này.")


def _tell_people(people: dict[str, Any]) -> None:
    from lantoa.content.rules.kinds import KINDS

    for one in people["dispatches"]:
        what = "Báo cho người đã nhận lời cũ" if one["act"] == "tell" else f"Gửi lời mới thay đợt {one['instead_of']}"
        words = KINDS[one["message"]].label
        say(f"{what}: đợt {one['dispatch']}, {words} qua {one['channel']}, {one['people']} người.")
        if one["state"] == "planned":
            _tell_outlook(one)
            continue
        counted = (("đã gửi", "told"), ("chờ gửi", "waiting"), ("không tới", "missed"), ("chưa rõ", "unknown"),
                   ("còn giữ bản cũ", "holding"))
        say("  " + ", ".join(f"{name} {one[key]}" for name, key in counted if one[key] or key == "told"))
        if one["first_at"]:
            say(f"  từ {_clock(one['first_at'])} đến {_clock(one['last_at'])}")
        if one["why"]:
            say(f"  {one['why']}")
        if one["missed"] or one["unknown"]:
            say(f"  Ai chưa nhận được: lantoa dispatch missed {one['dispatch']} --out chua-nhan.xlsx")
    _tell_left_out(people)


def _tell_outlook(one: dict[str, Any]) -> None:
    if one["problem"]:
        say(f"  Chưa gửi được: {one['problem']}")
    if one["refused"]:
        say(f"  Trong đó {one['refused']} người đã từ chối nhận tin, sẽ không được gửi.")
    if one["price"]:
        say(f"  {one['parts']} phần tin nhắn; {one['price']}")
    if one["sample"]:
        say(f"  Lời gửi: {' '.join(one['sample'].split())[:300]}")


def _tell_left_out(people: dict[str, Any]) -> None:
    if people["left_out"]:
        say(f"{people['left_out']} người giữ giá trị cũ mà không có thông báo nào cho kênh của họ: hãy báo bằng cách "
            "khác, hoặc thêm thông báo đính chính vào gói nội dung.")


def _clock(iso: str) -> str:
    import datetime as dt

    return f"{dt.datetime.fromisoformat(iso):%H:%M %d/%m/%Y}"
