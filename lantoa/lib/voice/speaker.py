"""Our side of the voice process: start it, ask it, outlive it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import numpy as np
import numpy.typing as npt

from lantoa.lib.voice.phrases import Pauses, split_phrases
from lantoa.lib.voice.protocol import FAULT, HELLO, SAY, SOUND, StreamEndedError, receive, send

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

Samples = npt.NDArray[np.int16]

WORKER = (sys.executable, "-m", "lantoa.lib.voice.worker")
_ROOT = Path(__file__).resolve().parents[3]
_REMEMBERED_SAMPLES = 30 * 60 * 22_050
"""Half an hour of sentences (about 80 MB): a campaign's bulletins share most of theirs."""
_SILENCE = 60
"""Sample value under which the ends of a sentence count as silence (−55 dBFS)."""


class VoiceError(Exception):
    """The voice cannot speak; the message is for the person who asked for the audio."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak. The defaults are slow and clear, for a loudspeaker in the open."""

    name: str = "vi"
    """`vi` (northern), `vi-vn-x-central` or `vi-vn-x-south`."""
    rate: int = 128
    """eSpeak's words a minute; 128 gives 200 Vietnamese syllables a minute between pauses (measured)."""
    pitch: int = 42
    """0 to 99; eSpeak's usual 50 is thin on horn speakers."""
    range: int = 60
    """0 to 99: how far the tones move. A little more than eSpeak's usual 50 keeps hỏi and ngã apart."""
    pauses: Pauses = field(default_factory=Pauses)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence in a speech: its words, and where it sounds, in seconds."""

    text: str
    starts: float
    ends: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A text as sound: mono 16-bit samples, and where each sentence lies."""

    samples: Samples
    sample_rate: int
    utterances: tuple[Utterance, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.sample_rate


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
        self._known: OrderedDict[tuple[str, Voice], Samples] = OrderedDict()
        self._known_samples = 0
        self.sample_rate = 0
        self.engine = ""

    def say(self, text: str, voice: Voice) -> Speech:
        """Speak `text`, resting after each sentence. Raises `VoiceError`."""
        parts: list[Samples] = []
        utterances: list[Utterance] = []
        at = 0
        phrases = split_phrases(text)
        for index, phrase in enumerate(phrases):
            sound = self._sentence(phrase.text, voice)
            rest = 0.0 if index == len(phrases) - 1 else phrase.rest(voice.pauses)
            silence = np.zeros(round(rest * self.sample_rate), np.int16)
            utterances.append(Utterance(phrase.text, at / self.sample_rate, (at + len(sound)) / self.sample_rate))
            parts += [sound, silence]
            at += len(sound) + len(silence)
        if not parts:
            raise VoiceError("Bản tin không có chữ nào để đọc.")
        return Speech(np.concatenate(parts), self.sample_rate, tuple(utterances))

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

    def _sentence(self, text: str, voice: Voice) -> Samples:
        key = (text, voice)
        with self._lock:
            sound = self._known.get(key)
            if sound is None:
                sound = trim_silence(np.frombuffer(self._ask_again(text, voice), "<i2").astype(np.int16, copy=False))
                self._remember(key, sound)
            self._known.move_to_end(key)
            return sound

    def _remember(self, key: tuple[str, Voice], sound: Samples) -> None:
        self._known[key] = sound
        self._known_samples += len(sound)
        while self._known_samples > _REMEMBERED_SAMPLES and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            self._known_samples -= len(oldest)

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


def trim_silence(sound: Samples, threshold: int = _SILENCE) -> Samples:
    """`sound` without the silence at both ends; all silence gives an empty array."""
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > threshold)
    return sound[loud[0] : loud[-1] + 1] if len(loud) else sound[:0]


def _environment() -> dict[str, str]:
    """Ours, with this very copy of the package first on the path."""
    path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path), "PYTHONIOENCODING": "utf-8"}
