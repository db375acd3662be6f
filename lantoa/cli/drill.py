"""`lantoa drill`: a rehearsal of a whole campaign on a copy, and the sheet of promises."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import as_json, campaign_of, get_ready, print_json, progress_line, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLE = Path("examples/duong-kinh/letter.txt")
KEPT_SETTINGS = (
    "LANTOA_PACKS",
    "LANTOA_TIME_ZONE",
    "LANTOA_WINDOW",
    "LANTOA_LOG_LEVEL",
    "LANTOA_DEBUG",
    "LANTOA_PIPER",
    "LANTOA_PIPER_VOICE",
    "LANTOA_SPEECH_RATE",
    "LANTOA_LOUDNESS",
    "LANTOA_BULLETIN_SECONDS",
)
"""Of the real installation: how content is made. Its accounts, its database, its doors stay behind."""
FILE_NAME = "phieu-tong-dien-tap"


@click.command(epilog="Example: lantoa drill examples/duong-kinh/letter.txt --people 2000 --weather storm --out phieu/")
@click.argument("subject", metavar="[LETTER or CAMPAIGN]", required=False)
@click.option(
    "--people", type=click.IntRange(20, 200_000), default=2000, show_default=True, help="Residents who do not exist."
)
@click.option(
    "--weather",
    type=click.Choice(["calm", "usual", "storm"]),
    default="usual",
    show_default=True,
    help="How badly the other ends behave.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed brings the same misfortunes.")
@click.option(
    "--places",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The tree of places for a LETTER (default: places.csv beside it).",
)
@click.option(
    "--place",
    metavar="CODE",
    default="",
    help="Who runs it (default: the province above the issuer, which alone may send SMS).",
)
@click.option("--pack", metavar="NAME", default="", help="The campaign pack for a LETTER.")
@click.option("--fact", metavar="KEY", default="", help="The fact that changes (default: a date the messages show).")
@click.option("--value", metavar="VALUE", default="", help="What it changes to (default: a month later).")
@click.option(
    "--plant",
    "faults",
    multiple=True,
    metavar="CHANNEL=FAULT",
    help="Plant a fault, to see the sheet say no: drop, twice, names, replies, receipts; as sms=twice.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write the sheet there, to print and as data."
)
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the copy there: LANTOA_HOME of the drill."
)
@as_json
def drill(subject: str | None, *, out: Path | None, keep: Path | None, is_json: bool, **spec: Any) -> int:
    """Rehearse a whole campaign, letter to report, against simulated servers; exit code 1 when a promise is broken.

    It works on a copy with people who do not exist: the real ledger, accounts and people are neither read nor told.
    """
    spec["faults"] = _faults(spec["faults"])
    with _own_home(keep) as (home, environment):
        spec = {**spec, **_subject(subject, spec["places"], home)}
        told = _hold(spec, environment)
    from lantoa.drill.promises import Finding
    from lantoa.drill.sheet import as_page, as_text, read_sheet

    sheet = read_sheet(told, Finding)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{FILE_NAME}.html").write_text(as_page(sheet), encoding="utf-8")
        (out / f"{FILE_NAME}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if is_json:
        print_json(told)
    else:
        say(as_text(sheet))
        if out is not None:
            say(f"Đã ghi {out / FILE_NAME}.html (để in) và .json.")
        if keep is not None:
            say(f"Bản sao còn ở {keep}. Xem lại: LANTOA_HOME={keep} lantoa serve")
    return 0 if sheet.is_passed else 1


def _faults(asked: tuple[str, ...]) -> dict[str, str]:
    from lantoa.drill.planted import FAULTS

    found: dict[str, str] = {}
    for one in asked:
        channel, _, fault = one.partition("=")
        if fault not in FAULTS or channel not in {"email", "sms", "sms_http", "zns", "push"}:
            raise click.BadParameter(
                f"“{one}”: hãy ghi KÊNH=LỖI, kênh là email, sms, sms_http, zns, push; lỗi là {', '.join(FAULTS)}."
            )
        found[channel] = fault
    return found


def _subject(subject: str | None, places: Path | None, home: Path) -> dict[str, str]:
    """What the drill is about: a file as it is, or a campaign of this installation written into the copy."""
    path = Path(subject) if subject else EXAMPLE
    if path.is_file():
        beside = path.parent / "places.csv"
        tree = places or (beside if beside.is_file() else None)
        if tree is None:
            raise click.UsageError("Cạnh văn bản không có places.csv. Hãy chỉ cây đơn vị bằng --places TỆP.")
        return {"letter": str(path.resolve()), "places": str(tree.resolve())}
    if subject is None:
        raise click.UsageError(f"Không thấy {EXAMPLE}. Hãy cho tệp văn bản, hoặc số của một chiến dịch.")
    if path.suffix and not subject.isdecimal():
        raise click.UsageError(f"Không có tệp {subject}.")
    get_ready()
    from lantoa.drill.bundle import write_bundle

    write_bundle(campaign_of(subject), home)
    return {"letter": "", "places": ""}


@contextmanager
def _own_home(keep: Path | None) -> Iterator[tuple[Path, dict[str, str]]]:
    """An empty home and an environment that leads nowhere else; the home goes at the end unless it is kept."""
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise click.UsageError(f"Thư mục {keep} đã có dữ liệu. Hãy chọn thư mục trống cho --keep.")
    home = Path(tempfile.mkdtemp(prefix="lantoa-drill-")) if keep is None else keep.resolve()
    home.mkdir(parents=True, exist_ok=True)
    try:
        yield home, own_environment(os.environ, home)
    finally:
        if keep is None:
            shutil.rmtree(home, ignore_errors=True)


def own_environment(real: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment of a drill: nothing of the installation's own but how its content is made."""
    own = {name: value for name, value in real.items() if not name.startswith("LANTOA_") or name in KEPT_SETTINGS}
    return {
        **own,
        "LANTOA_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home}/lantoa.sqlite3",
        "LANTOA_SENDING_HOURS": "-",
        "LANTOA_URGENT_HOURS": "-",
        "LANTOA_RETRY_SECONDS": "1",
        "LANTOA_SECRET_KEY": "only-for-drills",
        "DJANGO_SETTINGS_MODULE": "lantoa.project.settings",
        "TMPDIR": str(home),
    }


def _hold(spec: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Hold the drill in a process of its own, showing how far it is; returns the sheet as data."""
    (Path(environment["LANTOA_HOME"]) / "static").mkdir(parents=True, exist_ok=True)  # pages are called, none looked at
    child = subprocess.Popen(
        [sys.executable, "-m", "lantoa.cli.drilling"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environment),
        start_new_session=True,  # Ctrl+C comes here alone, and ends it
    )
    told: dict[str, Any] = {}
    try:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("no pipes")
        child.stdin.write(json.dumps(dict(spec)) + "\n")
        child.stdin.flush()
        with progress_line() as show:
            for line in child.stdout:
                told = json.loads(line)
                if show and "step" in told:
                    show(told["step"], told["done"], told["of"])
        child.wait()
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
    if "error" in told:
        raise click.ClickException(told["error"])
    if child.returncode or "promises" not in told:
        raise RuntimeError(f"cuộc diễn tập dừng giữa chừng (mã {child.returncode})")
    return told
