"""`lantoa kit`: the kit written out and checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.campaigns import rendering_data
from lantoa.cli.ready import as_json, as_user, campaign_of, get_ready, person, print_json, progress_line, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.content.actions import Asked
    from lantoa.content.actions.approving import KitFinding
    from lantoa.content.models import Rendering


ASKED_FILE = "lien-he-con-thieu.csv"


@click.command(epilog="Example: lantoa kit 1 --out kit/")
@click.argument("ident", metavar="ID")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; without it only the check.",
)
@click.option(
    "--bleed",
    "bleed_mm",
    type=click.FloatRange(0, 10),
    default=0.0,
    metavar="MM",
    help="For a printing house: so wide a bleed on print pieces, with crop marks (3 is usual).",
)
@click.option(
    "--neighbourhoods",
    is_flag=True,
    help=f"Each neighbourhood's own leaflet, poster and doorstep card, too; {ASKED_FILE} asks for contacts they lack.",
)
@as_user
@as_json
def kit(
    ident: str, out: Path | None, bleed_mm: float, username: str | None, *, neighbourhoods: bool, is_json: bool
) -> int:
    """Write all renderings as files, with `kit.json` listing them, and check them; exit code 1 when a fault blocks.

    With --out bulletins are made in every length and format, with the times of their words beside the sound.
    """
    get_ready()
    from lantoa.content.actions import check_kit, contacts_asked, make_kit, make_press_copies

    row = campaign_of(ident)
    with progress_line() as progress:
        made = make_kit(
            row,
            person(username),
            progress and (lambda done, of: progress("make", done, of)),
            variants=out is not None,
            neighbourhoods=neighbourhoods,
        )
    findings = check_kit(row)
    asked = contacts_asked(row) if neighbourhoods else []
    copies = make_press_copies(row, person(username), bleed_mm) if out and bleed_mm else {}
    data = {
        "campaign": row.slug,
        "renderings": (
            _write_out(made.renderings, copies, out) if out else [rendering_data(one) for one in made.renderings]
        ),
        "made": made.made,
        "kept": made.kept,
        "findings": [finding_data(one) for one in findings],
        "contacts_asked": [{"code": one.place.code, "name": one.place.name, "lacks": one.lacks} for one in asked],
    }
    if out and asked:
        _ask_for(asked, out / ASKED_FILE)
    if out:
        (out / "kit.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    if is_json:
        print_json(data)
    else:
        say(f"Đã ghi {len(made.renderings)} tệp và kit.json vào {out}." if out else f"{len(made.renderings)} sản phẩm.")
        _say_findings(findings)
        _say_asked(asked, out)
    return 1 if any(one.finding.blocks for one in findings) else 0


def _write_out(
    renderings: Sequence[Rendering], copies: Mapping[tuple[int, str], Path], out: Path
) -> list[dict[str, Any]]:
    """Copy each file, or the copy for the printing house in its stead, into the folder of its place; lists them.

    A rendering in another language has that in its name; what goes with a rendering lies beside it.
    """
    from lantoa.lib.vietnamese import slug

    listed = []
    for rendering in renderings:
        place = rendering.place
        within = place.parent if place.kind == "neighbourhood" else None  # each ward has a first one
        folder = out.joinpath(*(slug(one.name) for one in (within, place) if one))
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / rendering.name_in_kit
        shutil.copyfile(copies.get((rendering.place_id, rendering.hash), rendering.path), target)
        beside = {ending: path for ending, path in rendering.beside.items() if path.exists()}
        for ending, path in beside.items():
            shutil.copyfile(path, target.with_suffix(ending))
        names = [str(target.with_suffix(ending).relative_to(out)) for ending in beside]
        listed.append({**rendering_data(rendering), "path": str(target.relative_to(out)), "beside": names})
    return listed


def _ask_for(asked: Sequence[Asked], path: Path) -> None:
    """Write the form to fill in; `lantoa import places` takes it back as it is."""
    from lantoa.lib.sheets import Sheet, write_csv

    columns = {
        "Mã": "code", "Tên": "name", "Loại": "kind", "Có từ ngày": "valid_from", "Đến hết ngày": "valid_to",
        "Tổ trưởng": "leader", "Số điện thoại": "phone", "Nhà văn hóa": "meeting_house",
    }  # fmt: skip
    rows = [[getattr(one.place, name) or "" for name in columns.values()] for one in asked]
    path.write_bytes(write_csv(Sheet(path.stem, path.stem, list(columns), rows)))


def _say_asked(asked: Sequence[Asked], out: Path | None) -> None:
    if not asked:
        return
    say(f"{len(asked)} tổ dân phố còn thiếu liên hệ riêng; chỗ chưa có thì bản in không ghi:")
    for one in asked[:5]:
        say(f"  {one.place.code} {one.place}: {', '.join(one.lacks)}")
    where = f"Hãy điền vào {out / ASKED_FILE}" if out else "Hãy chạy lại với --out để lấy mẫu, điền vào đó"
    say(f"  {where}, nạp bằng lantoa import places, rồi làm lại bộ.")


def _say_findings(findings: Sequence[KitFinding]) -> None:
    for one in findings:
        fault = one.finding
        mark = "CHẶN" if fault.blocks else "nhắc"
        quoted = f" “{fault.found}”" if fault.found else ""
        say(f"[{mark}] {one.where}:{quoted} {fault.why}. → {one.what_to_do} ({fault.rule})")
    if not findings:
        say("Kiểm tra: không thấy lỗi.")
        return
    blocking = sum(one.finding.blocks for one in findings)
    say(f"{blocking} lỗi chặn duyệt, {len(findings) - blocking} điều nhắc.")


def finding_data(one: KitFinding) -> dict[str, Any]:
    """A finding of the check before release, as JSON; `start` and `end` are characters of the checked text."""
    fault = one.finding
    return {
        "rule": fault.rule,
        "severity": fault.severity,
        "rendering": {"kind": one.rendering.kind, "place": one.rendering.place.code} if one.rendering else None,
        "where": {"start": fault.start, "end": fault.end, "before": fault.before, "after": fault.after},
        "found": fault.found,
        "why": fault.why,
        "mend": {"act": fault.mend.act, "what": one.what_to_do, "new": fault.mend.new, "fact": fault.mend.key},
    }
