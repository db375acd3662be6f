"""Prints what is sent, as its reader would meet it, to the terminal (docs/channels/console.md)."""

from __future__ import annotations

import sys
from typing import TextIO

from lantoa.channels.base import Correcting, Limits, Outgoing, Receipt, State

MOST_LINES = 40


class ConsoleChannel:
    """A channel whose other end is whoever watches standard error; standard output belongs to a command's data."""

    limits = Limits()
    corrects = Correcting.FOLLOW_UP

    def __init__(self, *, name: str = "console", stream: TextIO | None = None) -> None:
        self.name = name
        self._stream = stream
        self._printed: set[str] = set()

    def send(self, outgoing: Outgoing) -> Receipt:
        """Print it once; it is handed over, and nobody says that anyone read it."""
        if outgoing.key not in self._printed:
            self._print(f"Gửi tới {outgoing.address}", outgoing)
            self._printed.add(outgoing.key)
        return Receipt(State.SENT, f"{outgoing.address.rstrip('/')}/{outgoing.file_name}")

    def replace(self, target: str, outgoing: Outgoing) -> Receipt:
        """Print it with the word that it takes the place of what was printed before: print cannot be taken back."""
        if outgoing.key not in self._printed:
            self._print(f"Thay bản đã gửi tới {target}", outgoing)
            self._printed.add(outgoing.key)
        return Receipt(State.SENT, target)

    def withdraw(self, target: str) -> None:
        """Say that what was printed no longer holds."""
        self._write(f"── Gỡ bản đã gửi tới {target}\n")

    def _print(self, heading: str, outgoing: Outgoing) -> None:
        self._write(f"── {heading}\n   {outgoing.title} ({outgoing.file_name})\n{_readable(outgoing)}\n")

    def _write(self, text: str) -> None:
        stream = self._stream or sys.stderr  # looked up at each call: it may be redirected
        stream.write(text)
        stream.flush()


def _readable(outgoing: Outgoing) -> str:
    """The text, indented and cut to `MOST_LINES`; of other media, what and how much it is."""
    if not outgoing.media_type.startswith("text/"):
        size = f"{len(outgoing.content):,}".replace(",", ".")
        return f"   [{outgoing.media_type}, {size} byte]"
    lines = outgoing.content.decode("utf-8", errors="replace").splitlines()
    more = [f"… còn {len(lines) - MOST_LINES} dòng"] if len(lines) > MOST_LINES else []
    return "\n".join(f"   {line}" for line in [*lines[:MOST_LINES], *more])
