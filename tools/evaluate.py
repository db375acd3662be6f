"""Score the reader on letters a person has read: `make eval LETTERS=folder`.

The folder holds pairs `NAME.txt` and `NAME.json`, the second in the form of `docs/letter.schema.json`. Where the scorer
that came with the letters is there (`../tools/score_letters.py` beside the folder, or in the shared one) it gives F1 of
each field, for letters that came as text and for scans apart. Without it, and for what an office confirmed itself
(`lantoa examples`), each field is counted as right, wrong but doubted, or wrong in silence: the worst error there is.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.reading import NotALetter, read_letter
from lantoa.lib.extract import ExtractionError, extract_text
from lantoa.lib.vietnamese import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PAGE = Path(__file__).parent.parent / "docs" / "reading.md"
SHARED = Path(__file__).parents[2] / "shared"
SCORER = Path("tools", "score_letters.py")
MARKS = ("<!-- figures -->\n", "<!-- end of figures -->")
FIELDS = {
    "header": "header, all fields", "issuer": "office", "parent_issuer": "office above", "number": "number",
    "symbol": "symbol", "place": "place", "date": "date of issue", "subject": "subject",
    "signing_authority": "signing authority", "signer_title": "title", "signer_name": "name",
    "addressees": "addressees", "recipients_lines": "recipients", "attachments": "attachments",
    "cited": "cited documents", "cited_date": "their dates", "tasks": "tasks", "assignees": "assignees",
    "channels": "channels", "deadline_report": "deadlines and reports",
}  # fmt: skip
COLUMNS = {"text": "text", "ocr": "scans", "legible": "scans, what the text still holds"}
Scores = dict[str, dict[str, Any]]


def main() -> int:
    """Read every pair and print the table; exit 1 when there is no pair."""
    parser = argparse.ArgumentParser(description="Score the reader on letters read by hand.")
    parser.add_argument("letters", type=Path, help="a folder of NAME.txt and NAME.json")
    parser.add_argument("--show", metavar="FIELD", help="print every disagreement of one field")
    parser.add_argument("--write", action="store_true", help=f"renew the table of {PAGE.name}")
    options = parser.parse_args()
    pairs = list(pairs_of(options.letters))
    if not pairs:
        sys.stderr.write(f"{options.letters}: no pair of NAME.txt and NAME.json there\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        read = read_all(pairs, Path(folder))
        spent = (time.perf_counter() - started) / len(pairs) * 1000
        beside = (place / SCORER for place in (options.letters.resolve().parent, SHARED))
        scorer = next((path for path in beside if path.exists()), None)
        if scorer and not any("confirmed" in by_hand for _, by_hand in pairs):
            scores = score(scorer, options.letters, Path(folder), options.show)
            table = "\n".join(table_of(scores))
            if options.write:
                renew(table)
            sys.stdout.write(table + "\n")
        else:
            print_counts(count(pairs, read, options.show))
    sys.stdout.write(f"{len(pairs)} letters, {spent:.1f} ms each, {len(pairs) - len(read)} not read\n")
    return 0


def pairs_of(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each text with what a person read in it."""
    for text in sorted(folder.glob("*.txt")):
        by_hand = text.with_suffix(".json")
        if by_hand.exists():
            yield text, json.loads(by_hand.read_text(encoding="utf-8"))


def read_all(pairs: Sequence[tuple[Path, object]], out: Path) -> dict[str, dict[str, Any]]:
    """What the reader makes of each, by name, also written to `out`; a text it refuses is told and left out."""
    read: dict[str, dict[str, Any]] = {}
    for text, _ in pairs:
        try:
            extracted = extract_text(text)
            letter = json.dumps(read_letter(extracted.text, extracted.page_starts).to_json(), ensure_ascii=False)
        except (ExtractionError, NotALetter) as refusal:
            sys.stderr.write(f"{text.name}: {refusal}\n")
            continue
        (out / f"{text.stem}.json").write_text(letter, encoding="utf-8")
        read[text.stem] = json.loads(letter)
    return read


# With the scorer the letters came with


def score(scorer: Path, by_hand: Path, read: Path, show: str | None) -> Scores:
    """The scorer's result for text, for scans, and for scans without what their text has lost."""
    with tempfile.TemporaryDirectory() as folder:
        legible = Path(folder)
        for path in by_hand.glob("*.json"):
            (legible / path.name).write_text(json.dumps(without_lost(json.loads(path.read_text(encoding="utf-8")))))
        asked = {"text": (by_hand, "text"), "ocr": (by_hand, "ocr"), "legible": (legible, "ocr")}
        shown = ["--show", show] if show else []
        found = {name: ask(scorer, gold, read, ["--only", only, *shown]) for name, (gold, only) in asked.items()}
    return {name: result for name, result in found.items() if result["letters"]}


def ask(scorer: Path, by_hand: Path, read: Path, options: Sequence[str]) -> dict[str, Any]:
    """Run the scorer once; what it shows of single letters goes to standard error."""
    command = [sys.executable, str(scorer), str(by_hand), str(read), "--json", *options]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def without_lost(letter: dict[str, Any]) -> dict[str, Any]:
    """Name the fields a scan's text has lost as the scorer knows them (`date(day)` is `date`)."""
    lost = [str(item) for item in letter.get("not_in_text") or ()]
    fields = {match[0] for item in lost if (match := re.match(r"[a-z_]+", item))}
    if any("signing block" in item for item in lost):
        fields |= {"signing_authority", "signer_title", "signer_name"}
    return {**letter, "not_in_text": sorted(fields)}


def table_of(scores: Scores) -> Iterator[str]:
    """The figures as a Markdown table: F1, and how often a header value was wrong and not in doubt."""
    yield "| F1 | " + " | ".join(COLUMNS[name] for name in scores) + " |"
    yield "|---|" + "---|" * len(scores)
    for field, label in FIELDS.items():
        cells = (result["fields"].get(field, {}).get("f1") for result in scores.values())
        yield f"| {label} | " + " | ".join("–" if cell is None else f"{cell:.3f}" for cell in cells) + " |"
    silent = (f"{result['wrong_and_not_in_doubt_rate']:.1%}" for result in scores.values())
    yield "| header values wrong and not in doubt | " + " | ".join(silent) + " |"
    yield "| letters | " + " | ".join(str(result["letters"]) for result in scores.values()) + " |"


def renew(table: str) -> None:
    """Put the table between its marks in `docs/reading.md`."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}{table}\n{MARKS[1]}{after}", encoding="utf-8")


# Without it


def count(
    pairs: Sequence[tuple[Path, Mapping[str, Any]]], read: Mapping[str, Mapping[str, Any]], show: str | None
) -> Counter[tuple[str, str]]:
    """How often each field was right, doubted or silently wrong; accents, case and punctuation do not count."""
    counts: Counter[tuple[str, str]] = Counter()
    for text, by_hand in pairs:
        for field, found in compare(by_hand, read.get(text.stem, {})):
            counts[field, found] += 1
            if found != "right" and field == show:
                sys.stdout.write(f"{text.stem}: {by_hand.get(field)!r}\n    {read.get(text.stem, {}).get(field)!r}\n")
    return counts


def compare(by_hand: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field the person answers for (`confirmed`, else all there are), with `right`, `doubted` or `silent`."""
    doubted = {str(doubt["field"]).split("[")[0] for doubt in read.get("doubts") or ()}
    answered = by_hand.get("confirmed", by_hand)
    for field in ("doc_type", *FIELDS, "cited_documents"):
        if field in by_hand and field in answered:
            is_right = gist(field, by_hand[field]) == gist(field, read.get(field))
            yield field, "right" if is_right else "doubted" if field in doubted else "silent"


def gist(field: str, value: object) -> object:
    """What of a field is compared: of cited documents their numbers, of tasks who does what through which channels."""
    if isinstance(value, list):
        return sorted(str(gist(field, item)) for item in value)
    if isinstance(value, dict):
        kept = ("index", "assignees", "channels", "deadline") if field == "tasks" else ("number_symbol",)
        return [gist(key, value.get(key)) for key in kept]
    return "" if value is None else " ".join(re.findall(r"\w+", plain_key(str(value))))


def print_counts(counts: Counter[tuple[str, str]]) -> None:
    """One line a field: right, wrong and doubted, wrong in silence."""
    sys.stdout.write(f"{'field':<20}{'right':>8}{'doubted':>9}{'silent':>8}\n")
    for field in dict.fromkeys(field for field, _ in counts):
        right, doubted, silent = (counts[field, found] for found in ("right", "doubted", "silent"))
        share = right / (right + doubted + silent)
        sys.stdout.write(f"{field:<20}{right:>8}{doubted:>9}{silent:>8}  {share:6.1%}\n")


if __name__ == "__main__":
    sys.exit(main())
