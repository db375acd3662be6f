"""`lantoa bench`: measures itself on generated work; JSON with medians and the machine."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.ready import print_json

if TYPE_CHECKING:
    from collections.abc import Callable

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
    print_json(
        {
            "bench": name,
            "n": count,
            "runs": [round(rate, 2) for rate in rates],
            "median": round(statistics.median(rates), 2),
            "unit": unit,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "compared": {},
            "machine": _machine(),
        }
    )


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}


@bench.command(epilog="Example: lantoa bench read --n 500")
@number
def read(count: int | None) -> None:
    """Letters a second: generated letters as text, read on one core."""
    from lantoa.letters.generating import generate_letter
    from lantoa.letters.rules.reading import read_letter
    from lantoa.letters.writing.composing import compose
    from lantoa.letters.writing.text import write_text

    count = count or 300
    texts = [write_text(compose(generate_letter(seed))) for seed in range(count)]
    _report("read", count, "letters/s", lambda: len([read_letter(text) for text in texts]))


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


@bench.command(epilog="Example: lantoa bench kit --n 6")
@number
@click.option(
    "--letter",
    "letter",
    default=Path("examples/duong-kinh/letter.txt"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default=True,
)
def kit(count: int | None, letter: Path) -> None:
    """Seconds of the whole main job in a fresh home, and again with everything made (`--n` is the runs)."""
    import json
    import subprocess
    import sys

    cold: list[float] = []
    warm: list[float] = []
    for _ in range(count or RUNS):
        with tempfile.TemporaryDirectory() as home:
            for kept in (cold, warm):
                done = subprocess.run(  # noqa: S603 - our own command
                    [sys.executable, "-m", "lantoa", "run", str(letter), "--json"],
                    check=True,
                    capture_output=True,
                    env={**os.environ, "LANTOA_HOME": home},
                )
                kept.append(json.loads(done.stdout)["seconds"])
    print_json(
        {
            "bench": "kit",
            "n": len(cold),
            "runs": cold,
            "median": round(statistics.median(cold), 2),
            "unit": "s",
            "rss_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
            "compared": {"again": round(statistics.median(warm), 2)},
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
