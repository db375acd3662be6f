"""Our side of the voice process: start it, ask it, outlive it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import numpy as np

from lantoa.lib.voice.protocol import FAULT, HELLO, SAY, SOUND, StreamEndedError, receive, send, unpack_sound
from lantoa.lib.voice.speech import Memory, Said, Speech, Voice, VoiceError, assemble, silence_before, trim_silence
from lantoa.lib.voice.timing import words_from_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

WORKER = (sys.executable, "-m", "lantoa.lib.voice.worker")
_ROOT = Path(__file__).resolve().parents[3]


class Speaker:
    """One voice process, started at the first sentence and again after a crash.

    Sentences are remembered, so a sentence that several texts share is synthesised once. Safe to use
    from several threads.
    """

    def __init__(self, command: Sequence[str] = WORKER, timeout: float = 30) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.RLock()
        self._memory = Memory()
        self.sample_rate = 0
        self.engine = ""

    def say(self, text: str, voice: Voice) -> Speech:
        """Speak `text`, resting after each sentence. Raises `VoiceError`."""
        return assemble(text, voice, lambda one: self._memory.recall(one, voice, lambda: self._sentence(one, voice)))

    def close(self) -> None:
        """End the process; the next sentence would start another."""
        with self._lock:
            process, self._process = self._process, None
            if process is None or self._owner != os.getpid():
                return
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _reason: BaseException | None, _trace: TracebackType | None,
    ) -> None:
        self.close()

    def _sentence(self, text: str, voice: Voice) -> Said:
        with self._lock:
            events, sound = unpack_sound(self._ask_again(text, voice))
        whole = np.frombuffer(sound, "<i2").astype(np.int16, copy=False)
        samples = trim_silence(whole)
        skipped = silence_before(whole) / self.sample_rate
        moved = [(at, milliseconds / 1000 - skipped) for at, milliseconds in events]
        seconds = len(samples) / self.sample_rate
        return Said(samples, self.sample_rate, words_from_events(text, moved, seconds))

    def _ask_again(self, text: str, voice: Voice) -> bytes:
        """Ask; if the process died of it, ask a new one once more."""
        try:
            return self._ask(text, voice)
        except (StreamEndedError, OSError):
            self.close()
        try:
            return self._ask(text, voice)
        except (StreamEndedError, OSError) as reason:
            self.close()
            raise VoiceError(f"Giọng đọc dừng đột ngột ở câu “{text[:60]}”. Hãy sửa câu này rồi làm lại.") from reason

    def _ask(self, text: str, voice: Voice) -> bytes:
        process = self._running()
        wish = asdict(voice) | {"text": text}
        wish.pop("pauses")
        with self._deadline(process, text):
            send(cast("BinaryIO", process.stdin), SAY, json.dumps(wish).encode())
            kind, payload = receive(cast("BinaryIO", process.stdout))
        if kind == SOUND:
            return payload
        raise VoiceError(payload.decode() if kind == FAULT else f"Giọng đọc trả lời lạ: {kind}.")

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process, started if need be. A forked child never shares its parent's pipe."""
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.close()
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(),
            )
        except OSError as reason:
            raise VoiceError(f"Không chạy được chương trình giọng đọc: {reason}.") from reason
        self._process, self._owner = process, os.getpid()
        with self._deadline(process, "khởi động"):
            kind, payload = receive(cast("BinaryIO", process.stdout))
        if kind != HELLO:
            self.close()
            raise VoiceError(payload.decode())
        hello = json.loads(payload)
        self.sample_rate, self.engine = hello["sample_rate"], hello["engine"]
        return process

    @contextlib.contextmanager
    def _deadline(self, process: subprocess.Popen[bytes], what: str) -> Iterator[None]:
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._timeout, give_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (StreamEndedError, OSError) as reason:
            if late.is_set():
                self.close()
                raise VoiceError(f"Giọng đọc không trả lời sau {self._timeout:g} giây (“{what[:60]}”).") from reason
            raise
        finally:
            timer.cancel()


def _environment() -> dict[str, str]:
    """Ours, with this very copy of the package first on the path."""
    path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONIOENCODING": "utf-8"}
