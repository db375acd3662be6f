"""`lantoa examples`: letters that people settled, as examples the reader can be measured by."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lantoa.cli.ready import as_json, get_ready, print_json, say


@click.command(epilog="Example: lantoa examples --out examples-of-our-office")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@as_json
def examples(out: Path, *, is_json: bool) -> None:
    """Write settled letters as pairs NAME.txt, NAME.json that `make eval LETTERS=DIR` replays.

    They hold letters of your office, names of people included: keep them on your machine.
    """
    get_ready()
    from lantoa.letters.actions import examples_of_office

    written = 0
    out.mkdir(parents=True, exist_ok=True)
    for name, text, letter in examples_of_office():
        (out / f"{name}.txt").write_text(text, encoding="utf-8")
        (out / f"{name}.json").write_text(json.dumps(letter, ensure_ascii=False, indent=1), encoding="utf-8")
        written += 1
    if is_json:
        print_json({"written": written, "out": str(out)})
    else:
        say(f"Đã ghi {written} văn bản mẫu vào {out}. Trong đó có tên người thật: chỉ dùng trên máy của cơ quan.")
