"""`lantoa bench`: measures itself on generated work; JSON with medians and the machine."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RUNS = 3
number = click.option("--n", "count", type=int, help="How much work.")


@click.group(epilog="Example: lantoa bench read --n 500")
def bench() -> None:
    """Measure a part on generated work; always JSON."""


def _report(name: str, count: int, unit: str, once: Callable[[], int]) -> None:
    """Run `once` (which returns how many it did) a few times and print the median rate."""
    rates = []
    for _ in range(RUNS):
        started = time.perf_counter()
        done = once()
        rates.append(done / (time.perf_counter() - started))
    _print_runs(name, count, unit, rates, {})


def _print_runs(name: str, count: int, unit: str, rates: Sequence[float], compared: dict[str, Any]) -> None:
    print_json(
        {
            "bench": name,
            "n": count,
            "runs": [round(rate, 2) for rate in rates],
            "median": round(statistics.median(rates), 2),
            "unit": unit,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "compared": compared,
            "machine": _machine(),
        }
    )


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}


@bench.command(epilog="Example: lantoa bench read --n 10000")
@number
def read(count: int | None) -> None:
    """Letters a second on one core, pages of PDF and of scans, and whether memory stays flat."""
    from lantoa.cli.bench_reading import read_pages, read_texts

    count = count or 300
    runs, growth = zip(*(read_texts(count) for _ in range(RUNS)), strict=True)
    _print_runs("read", count, "letters/s", runs, {**read_pages(), "memory_growth_mb": growth[-1]})


@bench.command(epilog="Example: lantoa bench write --n 200")
@number
def write(count: int | None) -> None:
    """Official letters a second: PDF/A and DOCX of generated letters."""
    from lantoa.letters.generating import generate_letter
    from lantoa.letters.writing.composing import compose
    from lantoa.letters.writing.docx import write_docx
    from lantoa.letters.writing.pdf import write_pdf

    count = count or 50
    documents = [compose(generate_letter(seed)) for seed in range(count)]
    _report(
        "write",
        count,
        "letters/s (DOCX + PDF)",
        lambda: len([(write_docx(document), write_pdf(document)) for document in documents]),
    )


LETTER = click.option(
    "--letter",
    "letter",
    default=Path("examples/duong-kinh/letter.txt"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default=True,
    help="The letter; places.csv lies beside it.",
)


def _do(home: str, *arguments: str) -> dict[str, Any]:
    """Run one of our own commands in a home of its own; what it printed as JSON, with its whole seconds."""
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "lantoa", *arguments, "--json"],
        check=False,
        capture_output=True,
        env={**os.environ, "LANTOA_HOME": home},
    )
    if done.returncode not in {0, 1}:
        raise click.ClickException(done.stderr.decode().strip() or f"lantoa {arguments[0]}: {done.returncode}")
    return {**json.loads(done.stdout), "whole_seconds": round(time.perf_counter() - started, 3)}


def _print_seconds(name: str, runs: list[float], compared: dict[str, Any]) -> None:
    print_json(
        {
            "bench": name,
            "n": len(runs),
            "runs": runs,
            "median": round(statistics.median(runs), 2),
            "unit": "s",
            "rss_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
            "compared": compared,
            "machine": _machine(),
        }
    )


@bench.command(epilog="Example: lantoa bench kit --places 600")
@number
@LETTER
@click.option("--places", type=click.IntRange(1), help="Measure print pieces alone, for so many neighbourhoods.")
def kit(count: int | None, letter: Path, places: int | None) -> None:
    """Seconds of the whole main job in a fresh home, and again with everything made (`--n` is the runs).

    With `--places`: print pieces a second, each place's with its own name, telephone and code, and again unchanged.
    """
    if places:
        _print_pieces(places)
        return
    cold: list[float] = []
    warm: list[float] = []
    processor: list[float] = []
    for _ in range(count or RUNS):
        with tempfile.TemporaryDirectory() as home:
            before = _processor_seconds()
            cold.append(_do(home, "run", str(letter))["seconds"])
            processor.append(_processor_seconds() - before)
            warm.append(_do(home, "run", str(letter))["seconds"])
    again = round(statistics.median(warm), 2)
    _print_seconds("kit", cold, {"again": again, "processor_seconds": round(statistics.median(processor), 2)})


def _processor_seconds() -> float:
    """Processor time of all commands run so far, and of what they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print_pieces(places: int) -> None:
    from lantoa.cli.bench_making import print_for_places

    with tempfile.TemporaryDirectory() as store:
        cold = print_for_places(places, Path(store)).to_json()
        again = print_for_places(places, Path(store)).to_json()
    runs = [cold["per_second_on_one_core"]]
    _print_runs("kit --places", cold["made"], "pieces/s on one core", runs, {"cold": cold, "again": again})


@bench.command(epilog="Example: lantoa bench correct --n 100000")
@number
@LETTER
@click.option("--example", is_flag=True, help="Correct the example's own campaign instead; `--n` is the runs.")
@click.option(
    "--fact", "changed", default=("cutoff_date", "2024-10-16"), nargs=2, show_default=True, metavar="KEY VALUE"
)
@click.option("--database", metavar="URL", help="An empty database to build the ledger in; SQLite otherwise.")
def correct(count: int | None, letter: Path, *, example: bool, changed: tuple[str, str], database: str | None) -> None:
    """Seconds to plan and to carry out a correction under `--n` deliveries, and whether it kept its promises."""
    if example:
        _correct_example(count or RUNS, letter, changed)
        return
    with tempfile.TemporaryDirectory() as home:
        place = {"LANTOA_HOME": home, "DATABASE_URL": database or f"sqlite:///{home}/lantoa.sqlite3"}
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "lantoa.cli.bench_correcting", str(letter), str(count or 100_000)],
            check=False,
            capture_output=True,
            env={**os.environ, **place},
        )
    if done.returncode:
        raise click.ClickException(done.stderr.decode().strip())
    print_json({"bench": "correct", "n": count or 100_000, **json.loads(done.stdout), "machine": _machine()})


def _correct_example(runs: int, letter: Path, changed: tuple[str, str]) -> None:
    planning: list[float] = []
    carrying: list[float] = []
    acts = 0
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            ident = str(_do(home, "run", str(letter))["campaign"])
            planned = _do(home, "fact", ident, *changed, "--source", "bench")
            acts = len(planned["plan"])
            planning.append(planned["whole_seconds"])
            carrying.append(_do(home, "correct", ident)["whole_seconds"])
    _print_seconds("correct", carrying, {"acts": acts, "planning_with_new_kit": round(statistics.median(planning), 2)})


@bench.command(epilog="Example: lantoa bench deliver --channel smtp --db sqlite --n 1000000")
@number
@click.option("--channel", type=click.Choice(["smtp", "smpp", "http"]), default="smtp", show_default=True)
@click.option("--db", "database", default="sqlite", show_default=True, metavar="sqlite|postgres|URL",
              help="postgres starts a server of its own; or the address of an empty database.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--runs", type=click.IntRange(1), default=RUNS, show_default=True)
@click.option("--connections", type=click.IntRange(1), default=20, show_default=True)
@click.option("--pace", type=float, default=0.0, help="Parts a second of the contract; how they fall is told.")
@click.option("--sign", type=click.Choice(["ed25519", "rsa2048"]), help="Sign e-mail (DKIM).")
@click.option("--urgent", type=click.IntRange(0, 1000), default=0,
              help="People of urgent dispatches approved meanwhile; how long they take is told.")
@click.option("--peers/--no-peers", default=True, help="Measure the peers there are in the same run.")
def deliver(count: int | None, database: str, **spec: Any) -> None:
    """Messages a second to many people, from the start to the last row written, beside the peers there are."""
    from lantoa.cli.trials import in_own_process, own_home

    spec = {**spec, "count": count or 50_000, "sign": spec["sign"] or ""}
    with own_home(database) as environment:
        told = json.loads(in_own_process("lantoa.cli.bench_delivering", json.dumps(spec), environment))
    print_json({"bench": f"deliver --channel {spec['channel']} --db {database}", **told, "machine": _machine()})


@bench.command(epilog="Example: lantoa bench board --n 5000000 --db postgres")
@number
@click.option("--db", "database", default="sqlite", show_default=True, metavar="sqlite|postgres|URL")
def board(count: int | None, database: str) -> None:
    """Milliseconds to read how far dispatches are, with `--n` recipients in the ledger; seconds to write them down."""
    from lantoa.cli.trials import in_own_process, own_home

    with own_home(database) as environment:
        told = json.loads(in_own_process("lantoa.cli.bench_board", str(count or 500_000), environment))
    print_json({"bench": f"board --db {database}", "n": count or 500_000, **told, "machine": _machine()})


@bench.command("import", epilog="Example: lantoa bench import --n 100000")
@number
@LETTER
def import_(count: int | None, letter: Path) -> None:
    """Residents a second: a generated register imported new, and again unchanged."""
    count = count or 20_000
    new: list[float] = []
    same: list[float] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as home:
            register = Path(home) / "register.csv"
            rows = (
                f"09{number:08d},Người {number},H{number // 3},309" for number in range(10_000_000, 10_000_000 + count)
            )
            register.write_text("phone,name,household,place_code\n" + "\n".join(rows) + "\n", encoding="utf-8")
            _do(home, "import", "places", str(letter.parent / "places.csv"))
            for kept in (new, same):
                kept.append(round(count / _do(home, "import", "residents", str(register))["whole_seconds"]))
    print_json(
        {
            "bench": "import",
            "n": count,
            "runs": new,
            "median": statistics.median(new),
            "unit": "rows/s, the command's start included",
            "rss_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
            "compared": {"again": statistics.median(same)},
            "machine": _machine(),
        }
    )


@bench.command(epilog="Example: lantoa bench cascade --n 1000")
@number
def cascade(count: int | None) -> None:
    """Assignments a second: one letter cascaded down a generated tree of `--n` neighbourhoods."""
    from lantoa.campaigns.rules.cascade import plan_cascade
    from lantoa.letters.rules.letter import Letter, LetterTask
    from lantoa.places.rules import PlaceFacts, Tree

    count = count or 1000
    places = [PlaceFacts(1, "1", "Quận Mẫu", "district")]
    for ward in range(count // 50 or 1):
        home = 10_000_000 + ward * 1000
        places += [
            PlaceFacts(home, f"w{ward}", f"Phường Mẫu {ward}", "ward", 1),
            PlaceFacts(home + 1, f"c{ward}", f"Ủy ban nhân dân phường Mẫu {ward}", "committee", home),
        ]
        for hood in range(50):
            own = home + 10 + hood * 3
            places += [
                PlaceFacts(own, f"h{own}", f"Tổ dân phố số {hood}", "neighbourhood", home),
                PlaceFacts(own + 1, f"d{own}", f"Tổ công nghệ số cộng đồng số {hood}", "digital_team", own),
            ]
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "tuyên truyền", ("loudspeaker", "community_digital_team"))
    letter = Letter("cong_van", "Ủy ban nhân dân quận Mẫu", tasks=(task,))
    _report("cascade", count, "assignments/s", lambda: len(plan_cascade(letter, Tree(tuple(places)), 1).assignments))
