"""Extraction in a child process with a limit on time and memory, for files nobody vouches for.

The parsers of PDF, pictures and compound files are others' code, written in C, and cannot be bounded from inside: a
file that makes one loop or swell ends the child, never the program that asked. One child reads many files, so that a
file costs little more than its own reading; it is replaced after a limit is met and after `FILES_PER_CHILD` files.

The child is handed bytes and hands back an `Extracted`; it opens no file, and what it answers is taken only if it is
made of the plain types and classes of this package.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from lantoa.lib.confining import child_command, child_environment, confine
from lantoa.lib.extract.document import Extracted, ExtractionError
from lantoa.lib.extract.reading import extract_bytes, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

FILES_PER_CHILD = 200
_MOST_ANSWER = 400_000_000
_LENGTH = struct.Struct("<Q")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM", b"RIFF")
_HOLDING_PAGES = (b"%PDF-", b"JVBERi0", b"/9j/", b"iVBOR", b".pdf", b".jpg", b".png", b".tif", b".PDF", b".JPG")
"""A PDF or a picture in a container: as it is, in base64, or by its name in an archive."""
_DOCX = b"word/document.xml"
_TOO_LONG = (
    "Đọc tệp mất quá {seconds:.0f} giây nên đã dừng. Tệp có thể bị hỏng hoặc quá lớn; "
    "hãy gửi riêng phần công văn, hoặc dán nội dung công văn."
)
_ENDED = "Tệp làm trình đọc dừng đột ngột, có thể do bị hỏng. Hãy mở bằng phần mềm soạn thảo, lưu lại rồi gửi lại."
_TOO_MUCH = "Tệp cần quá nhiều bộ nhớ nên không được mở. Hãy gửi riêng phần công văn, hoặc dán nội dung công văn."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds of waiting, seconds when pages may have to be made out, megabytes of memory."""

    seconds: float = 5.0
    seconds_with_pictures: float = 120.0
    megabytes: int = 500

    def seconds_for(self, data: bytes) -> float:
        """Give the time for a file: longer for what may hold scanned pages, which take seconds each."""
        holds_pages = data.startswith(_PICTURES) or any(mark in data for mark in _HOLDING_PAGES)
        return self.seconds_with_pictures if holds_pages and _DOCX not in data else self.seconds


class BoundedReader:
    """A child process that reads files one after another; safe to share between threads, which then take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._read = 0

    def extract_path(self, path: Path) -> Extracted:
        """Read a file nobody vouches for, as `extract_bytes` does; a link is not followed."""
        return self.extract_bytes(load(path, follows_links=False))

    def extract_bytes(self, data: bytes) -> Extracted:
        """Read a file within the limits. Raises `ExtractionError`, also when a limit was met or the reader died."""
        with self._lock:
            child = self._ready()
            seconds = self.limits.seconds_for(data)
            try:
                answer = _ask(child, data, time.monotonic() + seconds)
            except TimeoutError as error:
                self.close()
                raise ExtractionError(_TOO_LONG.format(seconds=seconds)) from error
            except (OSError, EOFError, ValueError) as error:
                self.close()
                raise ExtractionError(_ENDED) from error
            self._read += 1
        return _taken(answer)

    def close(self) -> None:
        """End the child; the next file begins another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._read >= FILES_PER_CHILD or (self._child is not None and self._child.poll() is not None):
            self.close()
        if self._child is None:
            self._read = 0
            self._child = _begin(self.limits)
        return self._child


def _begin(limits: Limits) -> subprocess.Popen[bytes]:
    """Start a child with a clean environment: it needs the program, its language data, and nothing else."""
    command = child_command("from lantoa.lib.extract.bounded import serve; serve()", str(limits.megabytes))
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        bufsize=0,
    )


def _ask(child: subprocess.Popen[bytes], data: bytes, until: float) -> bytes:
    """Send a file, wait for the answer. Raises `TimeoutError`, or `OSError`/`EOFError` when the child is gone."""
    if child.stdin is None or child.stdout is None:
        raise EOFError
    with memoryview(_LENGTH.pack(len(data)) + data) as left:
        sent = 0
        while sent < len(left):
            _wait(until, writing=child.stdin)
            sent += os.write(child.stdin.fileno(), left[sent : sent + 65_536])
    size = _LENGTH.unpack(_received(child.stdout, _LENGTH.size, until))[0]
    if size > _MOST_ANSWER:
        raise EOFError
    return _received(child.stdout, size, until)


def _received(pipe: IO[bytes], size: int, until: float) -> bytes:
    out = bytearray()
    while len(out) < size:
        _wait(until, reading=pipe)
        part = os.read(pipe.fileno(), min(size - len(out), 1 << 20))
        if not part:
            raise EOFError
        out += part
    return bytes(out)


def _wait(until: float, *, reading: IO[bytes] | None = None, writing: IO[bytes] | None = None) -> None:
    waiting = select.poll()
    if reading is not None:
        waiting.register(reading, select.POLLIN)
    if writing is not None:
        waiting.register(writing, select.POLLOUT)
    if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TimeoutError


class _Plain(pickle.Unpickler):
    """Takes only the data classes and named tuples of this package: an answer can make nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in {"bytearray", "complex", "frozenset", "set"}:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.startswith("lantoa.lib.extract.") else None
        is_record = hasattr(found, "__dataclass_fields__") or hasattr(found, "_fields")
        if not isinstance(found, type) or not is_record:
            raise pickle.UnpicklingError(name)
        return found


def _taken(answer: bytes) -> Extracted:
    try:
        found = _Plain(io.BytesIO(answer)).load()
    except Exception as error:  # an answer out of shape is whatever a broken child wrote
        raise ExtractionError(_ENDED) from error
    if isinstance(found, str):
        raise ExtractionError(found)
    if not isinstance(found, Extracted):
        raise ExtractionError(_ENDED)
    return found


def serve() -> None:
    """Answer files on standard input until it ends; this is the child's side, its memory limit the first argument."""
    answers, sys.stdout = os.fdopen(os.dup(1), "wb"), sys.stderr
    os.dup2(2, 1)
    confine(int(sys.argv[1]))
    while size := sys.stdin.buffer.read(_LENGTH.size):
        data = sys.stdin.buffer.read(_LENGTH.unpack(size)[0])
        answer = _answer(data, extract_bytes)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(data: bytes, extract: Callable[[bytes], Extracted]) -> bytes:
    try:
        return pickle.dumps(extract(data))
    except ExtractionError as refusal:
        return pickle.dumps(str(refusal))
    except MemoryError:
        return pickle.dumps(_TOO_MUCH)
