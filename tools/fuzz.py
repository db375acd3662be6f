"""Fuzz every way in: break files on purpose, read them, and keep what crashes, hangs, swells or breaks a promise.

    python tools/fuzz.py --minutes 10 --seed 1 --out var/fuzz [--kinds docx,doc]

A child reads mutants one after another, each written down before it is read; the parent watches its time and memory
and starts it anew. What is found lies in the folder as `<kind>-<what>-<hash>` with the reason in a `.txt` beside it.
Exit code 1 when anything was found. Optical reading is off unless `--ocr`: it takes seconds a page by nature.
"""

from __future__ import annotations

import argparse
import hashlib
import mmap
import os
import resource
import signal
import struct
import sys
import time
import traceback
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from lantoa.letters.generating import generate_letter
from lantoa.letters.rules.envelope import read_enveloped
from lantoa.letters.rules.reading import NotALetter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.html import write_html
from lantoa.letters.writing.pdf import write_pdf
from lantoa.letters.writing.text import write_text
from lantoa.lib.extract import ExtractionError, extract_bytes
from lantoa.lib.extract.tests import making
from lantoa.lib.extract.tests.mutating import mutated

MOST_SECONDS = 5.0
MOST_MEGABYTES = 500
MOST_ADDRESSES = 4_000_000_000
_ROOM = 4_000_000
_HEAD = struct.Struct("<QQdQ16s")
_TICKS = os.sysconf("SC_CLK_TCK")
_EXPECTED = frozenset(
    {"ExtractionError", "XMLSyntaxError", "BadZipFile", "error", "OSError", "ValueError", "PdfiumError", "OleFileError",
     "NotOleFileError", "EOFError", "IndexError", "UnicodeDecodeError", "UnicodeError", "NotImplementedError",
     "RuntimeError", "RecursionError", "UnidentifiedImageError", "Error"}
)  # fmt: skip
"""What a refusal may come from: what parsers say of broken files. Anything else that was caught is worth a look."""


@dataclass(slots=True)
class Desk:
    """Memory shared by parent and child: how many mutants were read, the one being read, and when it was begun."""

    memory: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, _HEAD.size + _ROOM))

    def put(self, count: int, kind: str, data: bytes) -> None:
        """Write down the mutant that is about to be read."""
        used = sum(os.times()[:2])
        self.memory[_HEAD.size : _HEAD.size + len(data)] = data
        self.memory[: _HEAD.size] = _HEAD.pack(count, len(data), used, 0, kind.encode().ljust(16))

    def look(self) -> tuple[int, float, str, bytes]:
        """Give how many were read, the processor time at which the present one was begun, its kind and bytes."""
        count, size, used, _, kind = _HEAD.unpack(self.memory[: _HEAD.size])
        return count, used, kind.decode().strip("\0 "), bytes(self.memory[_HEAD.size : _HEAD.size + size])


@dataclass(slots=True)
class Tally:
    """What a run has done so far."""

    read: int = 0
    found: dict[str, int] = field(default_factory=dict)

    def keep(self, out: Path, kind: str, what: str, data: bytes, why: str = "") -> None:
        """Keep a finding, the first twenty of its sort."""
        sort = f"{kind}-{what}"
        self.found[sort] = self.found.get(sort, 0) + 1
        if self.found[sort] > 20:
            return
        name = f"{sort}-{hashlib.sha256(data).hexdigest()[:10]}"
        (out / name).write_bytes(data)
        (out / f"{name}.txt").write_text(why, encoding="utf-8")


def seeds(kinds: set[str]) -> dict[str, list[bytes]]:
    """Files to begin from: those made by hand in the tests, and those our own writers make of generated letters."""
    found = making.seeds()
    for number in range(3):
        document = compose(generate_letter(number))
        found["txt"].append(write_text(document).encode())
        found["html"].append(write_html(document).encode())
        found["docx"].append(write_docx(document))
        found.setdefault("pdf", []).append(write_pdf(document))
    return {kind: files for kind, files in found.items() if not kinds or kind in kinds}


def check(data: bytes) -> None:
    """Read a file and its letter; raise on anything that extraction and reader promise never to do."""
    try:
        found = extract_bytes(data)
    except ExtractionError as refusal:
        cause = type(refusal.__cause__).__name__
        if refusal.__cause__ is not None and cause not in _EXPECTED:
            raise refusal.__cause__ from None
        promise(str(refusal).endswith((".", "!", "?")), "the refusal is no sentence")
        return
    promise(unicodedata.is_normalized("NFC", found.text), "the text is not NFC")
    found.text.encode()
    starts = list(found.page_starts)
    in_order = starts[:1] == [0] and starts == sorted(starts) and starts[-1] <= len(found.text)
    promise(in_order, f"page starts {starts[:9]}")
    promise(not any(set(one.name or "/") & {"/", "\\"} for one in found.attachments), "a name leads out")
    try:
        letter = read_enveloped(found.text, found.page_starts, found.envelope)
    except NotALetter:
        return
    wrong = [name for name, span in letter.spans.items() if found.text[span.start : span.end] != span.text]
    promise(not wrong or not found.text, f"spans {wrong[:3]}")


def promise(kept: object, what: str) -> None:
    """Raise when a promise is broken."""
    if not kept:
        raise AssertionError(what)


def work(desk: Desk, files: dict[str, list[bytes]], options: argparse.Namespace, begin: int) -> None:
    """Read mutants without end; the child's side. A finding is kept by the parent from what the child leaves."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    count = begin
    kinds = sorted(files)
    while True:
        random = Random(f"{options.seed}/{count}")  # noqa: S311 - breaks files, guards nothing
        kind = kinds[count % len(kinds)]
        data = mutated(kind, random.choice(files[kind]), random)[:_ROOM]
        desk.put(count, kind, data)
        try:
            check(data)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what we are looking for
            what = type(error).__name__
            (options.out / f".{count}").write_text(f"{what}\n{traceback.format_exc()}", encoding="utf-8")
            os._exit(3)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MOST_MEGABYTES * 1024:
            os._exit(4)
        count += 1
        if count - begin > 3_000:
            os._exit(0)


def watch(options: argparse.Namespace, out: Path) -> Tally:
    """Run children until the time is up; keep what they were reading when they ended or stuck."""
    tally, desk, files = Tally(), Desk(), seeds(options.kinds)
    until, count, said = time.monotonic() + options.minutes * 60, 0, time.monotonic()
    while time.monotonic() < until:
        desk.put(count, "", b"")
        child = os.fork()
        if child == 0:
            try:
                work(desk, files, options, count)
            except BaseException:  # noqa: BLE001 - the child must end here, whatever happened
                traceback.print_exc()
                os._exit(5)
        status = supervise(child, desk, until)
        read, _, kind, data = desk.look()
        tally.read += read - count
        count = read + 1
        judge(tally, out, status, (read, kind, data))
        if time.monotonic() - said > 30:
            said = time.monotonic()
            say(f"{tally.read} mutants, found {tally.found or 'nothing'}")
    return tally


def supervise(child: int, desk: Desk, until: float) -> str:
    """Wait for a child; say how it ended: `done`, `time`, `slow`, or its exit status in words."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            if os.WIFSIGNALED(status):
                return f"signal {os.WTERMSIG(status)}"
            return {0: "done", 3: "raised", 4: "fat"}.get(os.WEXITSTATUS(status), "died")
        count, began, kind, _ = desk.look()
        stuck = bool(kind) and used_by(child) - began > MOST_SECONDS and desk.look()[0] == count
        if stuck or time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "slow" if stuck else "done"
        time.sleep(0.1)


def used_by(child: int) -> float:
    """Processor seconds a child has used."""
    parts = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / _TICKS


def judge(tally: Tally, out: Path, status: str, last: tuple[int, str, bytes]) -> None:
    """Keep the mutant a child ended on, unless it ended because its work was done."""
    count, kind, data = last
    note = out / f".{count}"
    why = note.read_text(encoding="utf-8") if note.exists() else status
    note.unlink(missing_ok=True)
    if status == "done":
        return
    if not kind:
        raise SystemExit(f"The child ended before its first mutant: {why}")
    tally.keep(out, kind, why.split("\n", 1)[0] if status == "raised" else status.replace(" ", ""), data, why)


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Fuzz for some minutes; print what was done; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1, help="the same seed breaks files the same way")
    parser.add_argument("--out", type=Path, default=Path("var/fuzz"), help="where findings are kept")
    parser.add_argument("--kinds", type=lambda text: set(text.split(",")), default=set(), help="docx,doc,pdf …; all")
    parser.add_argument("--ocr", action="store_true", help="let pages without text be made out")
    parser.add_argument("--again", type=Path, help="read one kept finding once more, in this process")
    options = parser.parse_args(words)
    os.nice(10)
    if not options.ocr:
        without: dict[str, Any] = {"tesserocr": None}
        sys.modules.update(without)
    if options.again:
        check(options.again.read_bytes())
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    tally = watch(options, options.out)
    seconds = time.monotonic() - began
    say(f"{tally.read} mutants in {seconds:.0f} s ({tally.read / seconds:.0f}/s); found {tally.found or 'nothing'}")
    return 1 if tally.found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
