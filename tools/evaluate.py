"""Compare what the reader makes of letters with what a person made of them: `make eval LETTERS=folder`.

The folder holds pairs `NAME.txt` and `NAME.json`, the second in the form of `docs/letter.schema.json`, read by hand.
For each field it prints how many letters agree, and how many disagree with or without a doubt: a silent error is the
worst kind. Comparison is strict but for accents, case and punctuation.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.reading import read_letter
from lantoa.lib.vietnamese import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIELDS = (
    "doc_type", "issuer", "parent_issuer", "number", "symbol", "place", "date", "subject", "signing_authority",
    "signer_title", "signer_name",
)
LISTS = ("addressees", "attachments", "recipients_lines")


def main() -> int:
    """Read every pair and print the table; exit 1 when there is no pair."""
    parser = argparse.ArgumentParser(description="Compare the reader with letters read by hand.")
    parser.add_argument("letters", type=Path, help="a folder of NAME.txt and NAME.json")
    parser.add_argument("--show", metavar="FIELD", help="print every disagreement of one field")
    options = parser.parse_args()
    pairs = [(path, path.with_suffix(".json")) for path in sorted(options.letters.glob("*.txt"))]
    pairs = [(text, by_hand) for text, by_hand in pairs if by_hand.exists()]
    if not pairs:
        sys.stderr.write(f"{options.letters}: no pair of NAME.txt and NAME.json\n")
        return 1
    counts: Counter[tuple[str, str]] = Counter()
    started = time.perf_counter()
    for text, by_hand in pairs:
        expected = json.loads(by_hand.read_text(encoding="utf-8"))
        try:
            read = read_letter(text.read_text(encoding="utf-8")).to_json()
        except ValueError as refusal:
            sys.stdout.write(f"{text.stem}: not read: {refusal}\n")
            read = {}
        for field, verdict in compare(expected, read):
            counts[field, verdict] += 1
            if verdict != "right" and field == options.show:
                sys.stdout.write(f"{text.stem}: {expected.get(field)!r}\n{'':>{len(text.stem)}}  {read.get(field)!r}\n")
    print_table(counts)
    sys.stdout.write(f"{len(pairs)} letters, {(time.perf_counter() - started) / len(pairs) * 1000:.1f} ms each\n")
    return 0


def compare(expected: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field with `right`, `doubted` (wrong, and said so) or `silent` (wrong without a word)."""
    doubted = {str(doubt["field"]).split("[")[0].split(".")[0] for doubt in read.get("doubts") or ()}
    for field in FIELDS:
        yield field, verdict(folded(expected.get(field)) == folded(read.get(field)), is_doubted=field in doubted)
    for field in LISTS:
        same = {folded(item) for item in expected.get(field) or ()} == {folded(item) for item in read.get(field) or ()}
        yield field, verdict(same, is_doubted=field in doubted)
    for field, of in (("cited_documents", "number_symbol"), ("tasks", "index")):
        yield field, verdict(keys(expected, field, of) == keys(read, field, of), is_doubted=field in doubted)
    channels = [channels_of(letter) for letter in (expected, read)]
    yield "channels", verdict(channels[0] == channels[1], is_doubted="tasks" in doubted)


def keys(letter: Mapping[str, Any], field: str, of: str) -> list[str]:
    """What marks the items of a list, in the letter's order."""
    return [folded(item.get(of)) for item in letter.get(field) or ()]


def channels_of(letter: Mapping[str, Any]) -> set[str]:
    """Every channel kind a letter orders, whichever task names it."""
    return {channel for task in letter.get("tasks") or () for channel in task.get("channels") or ()}


def verdict(is_right: bool, *, is_doubted: bool) -> str:  # noqa: FBT001 - the thing judged
    """One word for a comparison."""
    return "right" if is_right else "doubted" if is_doubted else "silent"


def folded(value: object) -> str:
    """Words without case, accents and punctuation: where a diacritic is wrong, the letter is still read."""
    return "" if value is None else " ".join(re.findall(r"\w+", plain_key(str(value))))


def print_table(counts: Counter[tuple[str, str]]) -> None:
    """One line a field: right, wrong and doubted, wrong in silence."""
    sys.stdout.write(f"{'field':<20}{'right':>8}{'doubted':>9}{'silent':>8}\n")
    for field in dict.fromkeys(field for field, _ in counts):
        right, doubted, silent = (counts[field, verdict] for verdict in ("right", "doubted", "silent"))
        share = right / (right + doubted + silent)
        sys.stdout.write(f"{field:<20}{right:>8}{doubted:>9}{silent:>8}  {share:6.1%}\n")


if __name__ == "__main__":
    sys.exit(main())
