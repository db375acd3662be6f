"""`lantoa run`, `campaign` and `report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import (
    as_json,
    as_user,
    campaign_of,
    get_ready,
    is_address_local,
    person,
    print_json,
    progress_line,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.delivery.actions.proposing import Proposal
    from lantoa.main_job import RunResult

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: lantoa run examples/duong-kinh/letter.txt --json")
@click.argument("source", metavar="FILE", type=FILE)
@click.option("--pack", metavar="NAME", help="The campaign pack; else the one the letter's subject names.")
@click.option(
    "--places",
    "places_file",
    type=FILE,
    help="Import this tree of places first (default: places.csv beside the letter when there is no tree yet).",
)
@click.option(
    "--place", "place_code", metavar="CODE", help="The territory that runs the campaign (default: the issuer's)."
)
@click.option("--rehearse", is_flag=True, help="Take the whole path, but send everything to memory.")
@as_user
@as_json
def run(source: Path, *, is_json: bool, username: str | None, **options: Any) -> None:
    """Do the main job: read, open the campaign, cascade, make the kit, publish, report."""
    get_ready()
    from lantoa.main_job import RunOptions, run_letter

    with progress_line() as progress:
        result = run_letter(source, RunOptions(by=person(username), progress=progress, **options))
    if is_json:
        print_json(run_data(result))
    else:
        tell_run(result)


def run_data(result: RunResult) -> dict[str, Any]:
    """What the main job did, as data (CONTRACT: `lantoa run --json`)."""
    from lantoa.delivery.models import Delivery, Publication

    campaign = result.campaign
    return {
        "campaign": campaign.pk,
        "slug": campaign.slug,
        "title": campaign.title,
        "pack": campaign.pack,
        "place": campaign.place.code,
        "as_of": campaign.as_of.isoformat(),
        "is_new": result.is_new,
        "rehearsal": campaign.is_rehearsal,
        "letter": result.letter.to_json(),
        "tasks": tasks_data(campaign),
        "assignments": assignments_data(campaign),
        "questions": [question.details() for question in campaign.questions.all()],
        "renderings": [rendering_data(rendering) for rendering in result.kit.renderings],
        "made": result.kit.made,
        "kept": result.kit.kept,
        "exposures": [
            {
                "id": row.pk,
                "type": row.KIND,
                "place": row.where.code,
                "channel": row.channel,
                "channel_kind": row.channel_kind,
                "state": row.state,
                "target": row.target,
                "rendering": row.rendering.hash,
                "facts": row.facts,
            }
            for model in (Publication, Delivery)
            for row in model.objects.filter(campaign=campaign).select_related("rendering", model.WHERE)
        ],
        "dispatches": [proposal_data(one) for one in result.outcome.proposals],
        "report": str(result.report["docx"]),
        "reports": {kind: str(path) for kind, path in result.report.items()},
        "seconds": result.seconds,
        "steps": dict(result.steps),
    }


def proposal_data(proposal: Proposal) -> dict[str, Any]:
    """A dispatch that waits for somebody's word, as data; `dispatch` is None where none could be planned."""
    dispatch = proposal.dispatch
    return {
        "channel": proposal.channel,
        "dispatch": dispatch and dispatch.pk,
        "message": dispatch and dispatch.rendering_kind,
        "people": dispatch.recipients.count() if dispatch else 0,
        "new": proposal.is_new,
        "why": proposal.why_not or None,
    }


def tell_proposals(proposals: Sequence[Proposal]) -> None:
    """Say which dispatches wait for somebody's word, and which could not be planned."""
    for proposal in proposals:
        data = proposal_data(proposal)
        if proposal.dispatch is None:
            say(f"  Chưa lập được đợt gửi qua kênh {data['channel']}: {data['why']}")
        else:
            say(f"  CHỜ XÁC NHẬN: đợt gửi {data['dispatch']}, {data['message']} qua kênh {data['channel']}, "
                f"{data['people']} người nhận. Chưa gửi gì. Xem trên trang Đợt gửi, hoặc: "
                f"lantoa dispatch start {data['dispatch']}")


def tasks_data(campaign: Campaign) -> list[dict[str, Any]]:
    """The campaign's tasks as data."""
    return [
        {
            "index": task.index,
            "summary": task.summary,
            "assignees": task.assignee_phrases,
            "channels": task.channel_kinds,
            "deadline": task.deadline or None,
            "report_to": task.report_to or None,
            "correction": task.is_correction,
        }
        for task in campaign.tasks.all()
    ]


def assignments_data(campaign: Campaign) -> list[dict[str, Any]]:
    """The campaign's assignments as data; `given_by` is the code of the place that handed it on."""
    from lantoa.campaigns.models import Assignment

    rows = Assignment.objects.filter(task__campaign=campaign).select_related("task", "place", "given_by__place")
    return [
        {
            "task": row.task.index,
            "place": row.place.code,
            "name": row.place.name,
            "kind": row.place.kind,
            "state": row.state,
            "due_on": row.due_on and row.due_on.isoformat(),
            "given_by": row.given_by and row.given_by.place.code,
        }
        for row in rows
    ]


def rendering_data(rendering: Rendering) -> dict[str, Any]:
    """A rendering as data."""
    return {
        "kind": rendering.kind,
        "place": rendering.place.code,
        "path": str(rendering.path),
        "hash": rendering.hash,
        "language": rendering.language,
        "facts": rendering.facts,
        "file_name": rendering.file_name,
        "size": rendering.size,
        "details": rendering.details,
    }


def tell_run(result: RunResult) -> None:
    """Say what the main job did, for a person."""
    from django.conf import settings

    campaign, letter = result.campaign, result.letter
    say(f"\nCHIẾN DỊCH {campaign.pk}: {campaign.title}" + ("" if result.is_new else " (đã mở từ trước)"))
    say(f"  Văn bản:   {letter.issuer}, {letter.number_symbol or 'chưa có số'}, ngày {letter.date or 'chưa ghi'}")
    say(f"  Trích yếu: {letter.subject}")
    say(f"  Dữ kiện lấy theo ngày {campaign.as_of:%d/%m/%Y}, gói nội dung {campaign.pack}")
    say(f"\nNHIỆM VỤ ({campaign.tasks.count()})")
    for task in campaign.tasks.all():
        places = [row.place.name for row in task.assignments.filter(given_by__isnull=True).select_related("place")]
        handed = task.assignments.filter(given_by__isnull=False).count()
        more = f", chuyển tiếp tới {handed} tổ" if handed else ""
        shown = ", ".join(places[:4]) + (f" … (tất cả {len(places)})" if len(places) > 4 else "")
        say(f"  Mục {task.index}: {task.summary}\n      giao: {shown}{more}")
    questions = campaign.questions.filter(answered_at__isnull=True)
    say(f"\nCẦN NGƯỜI TRẢ LỜI ({questions.count()})")
    for question in questions:
        say(f"  - {question.get_about_display()}: {question.subject}: {question.why}")
    say(f"\nBỘ NỘI DUNG: {len(result.kit.renderings)} sản phẩm (làm mới {result.kit.made}, giữ lại {result.kit.kept})")
    say(f"  Xem tất cả: lantoa kit {campaign.pk} --out THU_MUC")
    outcome = result.outcome
    say(f"\nĐÃ PHÁT: {outcome.publications} nội dung đăng, {outcome.deliveries} bản gửi mới; lỗi: {outcome.failed}")
    say(f"  Thư mục:   {settings.LANTOA_OUT / campaign.slug}")
    tell_proposals(outcome.proposals)
    if is_address_local():
        say("  Lưu ý: mã QR, đường dẫn đang trỏ về máy này. Hãy đặt LANTOA_PUBLIC_URL trước khi chạy chiến dịch thật.")
    say(f"\nBÁO CÁO:    {', '.join(str(path) for path in result.report.values())}")
    say(
        f"\nHết {result.seconds:.1f} giây: "
        + ", ".join(f"{step} {seconds:.1f}" for step, seconds in result.steps.items())
    )


@click.group(epilog="Example: lantoa campaign list")
def campaign() -> None:
    """List campaigns, or show one."""


@campaign.command("list", epilog="Example: lantoa campaign list --json")
@as_json
def list_(*, is_json: bool) -> None:
    """List the campaigns."""
    get_ready()
    from lantoa.campaigns.models import Campaign

    rows = [
        {
            "id": row.pk,
            "slug": row.slug,
            "title": row.title,
            "pack": row.pack,
            "place": row.place.code,
            "state": row.state,
        }
        for row in Campaign.objects.select_related("place")
    ]
    if is_json:
        print_json({"campaigns": rows})
        return
    for row in rows:
        say(f"{row['id']:>4}  {row['slug']:<40} {row['title']}")
    if not rows:
        say("Chưa có chiến dịch nào. Mở chiến dịch đầu tiên: lantoa run VAN_BAN")


@campaign.command("show", epilog="Example: lantoa campaign show 1 --json")
@click.argument("ident", metavar="ID")
@as_json
def show(ident: str, *, is_json: bool) -> None:
    """Show a campaign's tasks, assignments by state, and facts with their versions."""
    get_ready()
    row = campaign_of(ident)
    facts = [
        {
            "key": fact.key,
            "version": fact.version,
            "kind": fact.kind,
            "label": fact.label,
            "value": fact.value,
            "known_on": fact.known_on.isoformat(),
            "legal_basis": fact.legal_basis,
            "source": fact.source,
            "verified": fact.is_verified,
        }
        for fact in row.facts.all()
    ]
    states: dict[str, int] = {}
    for item in assignments_data(row):
        states[item["state"]] = states.get(item["state"], 0) + 1
    data: dict[str, Any] = {
        "id": row.pk,
        "slug": row.slug,
        "title": row.title,
        "tasks": tasks_data(row),
        "states": states,
        "assignments": assignments_data(row),
        "facts": facts,
        "questions": [one.details() for one in row.questions.all()],
    }
    if is_json:
        print_json(data)
        return
    say(f"{row.title}\n")
    for task in data["tasks"]:
        say(f"  Mục {task['index']}: {task['summary']}")
    say(
        "\nGiao việc theo trạng thái: "
        + (", ".join(f"{state}: {number}" for state, number in states.items()) or "chưa có")
    )
    say("\nDữ kiện:")
    for fact in facts:
        mark = "" if fact["verified"] else "  (chưa kiểm chứng)"
        basis = fact["legal_basis"] or fact["source"]
        say(f"  {fact['key']} v{fact['version']} = {fact['value'] or '?'}{mark}  [{basis}]")


@click.command(epilog="Example: lantoa report 1 --out bao-cao.docx")
@click.argument("ident", metavar="ID")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".docx, .pdf or .json")
@as_user
def report(ident: str, out: Path, username: str | None) -> None:
    """Write the official report, or its figures as JSON with the query that opens the rows of each."""
    get_ready()
    from lantoa.reports.actions import write_report

    content = write_report(campaign_of(ident), out.suffix.lstrip("."), person(username))
    out.write_bytes(content)
    say(f"Đã ghi {out}.")
