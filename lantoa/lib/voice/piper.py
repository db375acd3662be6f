"""A better voice, where a person has one: Piper, an executable of its own with a voice file.

Piper's command line: `piper -m VOICE.onnx -f -` reads a text on standard input and writes a WAV file on standard
output. It is under the GPL and is not delivered with this software; neither is any voice.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lantoa.lib.voice.speech import Memory, Said, Samples, Speech, Voice, VoiceError, assemble, trim_silence
from lantoa.lib.voice.timing import words_by_share

_FULL_SCALE = 32768


class PiperSpeaker:
    """Speaks with a Piper voice, one process for a sentence; sentences are remembered.

    `length` stretches the voice: 1.1 is a tenth slower. The times of the words are proportional:
    Piper tells none.
    """

    def __init__(
        self, model: str | Path, command: str = "piper", *, length: float = 1.0, timeout: float = 120,
    ) -> None:
        """Raise `VoiceError`, in Vietnamese, when the program or a file of the voice is missing."""
        self._model, self._length, self._timeout = Path(model), length, timeout
        self._program = shutil.which(command)
        if self._program is None:
            raise VoiceError(
                f"Chưa có chương trình giọng đọc Piper (không tìm thấy lệnh “{command}”). "
                "Hãy cài Piper, hoặc bỏ cấu hình giọng Piper để dùng giọng eSpeak NG có sẵn."
            )
        for path in (self._model, self._model.with_name(self._model.name + ".json")):
            if not path.is_file():
                raise VoiceError(
                    f"Không thấy tệp giọng Piper “{path}”. "
                    "Một giọng có hai tệp để cạnh nhau: TÊN.onnx và TÊN.onnx.json."
                )
        self._memory = Memory()

    @property
    def engine(self) -> str:
        """Name of the program and of the voice."""
        return f"Piper, giọng {self._model.stem}"

    def say(self, text: str, voice: Voice) -> Speech:
        """Speak `text`, resting as `voice` says; its name, rate and pitch are the voice file's own."""
        spoken = assemble(text, voice, lambda one: self._memory.recall(one, voice, lambda: self._sentence(one)))
        return Speech(spoken.samples, spoken.sample_rate, spoken.utterances, timing="proportional")

    def _sentence(self, text: str) -> Said:
        wave = read_wave(self._run(text), text)
        samples = trim_silence(wave.samples)
        if not len(samples):
            raise VoiceError(f"Giọng Piper không đọc ra tiếng câu “{text[:60]}”. Hãy viết lại câu này.")
        (first, *_) = words_by_share(text, (samples / _FULL_SCALE).astype(np.float32), wave.rate) or (None,)
        return Said(samples, wave.rate, first.words if first else ())

    def _run(self, text: str) -> bytes:
        """One sentence through the program."""
        stretch = ["--length_scale", f"{self._length:g}"] if self._length != 1 else []
        command = [str(self._program), "-m", str(self._model), "-f", "-", *stretch]
        line = " ".join(text.split()) + "\n"  # a line is an utterance to Piper
        try:
            done = subprocess.run(  # noqa: S603 - the program the agency has named, no shell, text on its input
                command, input=line.encode(), capture_output=True, timeout=self._timeout, check=False,
            )
        except subprocess.TimeoutExpired as reason:
            raise VoiceError(f"Giọng Piper không trả lời sau {self._timeout:g} giây (“{text[:60]}”).") from reason
        except OSError as reason:
            raise VoiceError(f"Không chạy được chương trình giọng đọc Piper: {reason}.") from reason
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            raise VoiceError(f"Giọng Piper báo lỗi: {told[-1][:200] if told else f'mã {done.returncode}'}.")
        return done.stdout


@dataclass(frozen=True, slots=True)
class _Wave:
    samples: Samples
    rate: int


def read_wave(data: bytes, text: str = "") -> _Wave:
    """Read a WAV file of 16-bit samples, mono or mixed down to it.

    A program that writes to a pipe cannot go back to fill in the length: then the samples run to the end.
    Raises `VoiceError` naming the sentence.
    """
    layout = samples = None
    at = 12
    while data[:4] == b"RIFF" and data[8:12] == b"WAVE" and at + 8 <= len(data) and samples is None:
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"fmt ":
            layout = struct.unpack_from("<HHIIHH", data.ljust(at + 24, b"\0"), at + 8)
        elif name == b"data":
            left = len(data) - at - 8
            samples = data[at + 8 : at + 8 + (size if 0 < size <= left else left)]
        at += 8 + size + size % 2
    if layout is None or samples is None or layout[1] not in {1, 2} or layout[5] != 16 or not layout[2]:
        raise VoiceError(f"Giọng đọc trả về âm thanh không đúng dạng WAV 16 bit ở câu “{text[:60]}”.")
    channels = layout[1]
    found = np.frombuffer(samples[: len(samples) // (2 * channels) * 2 * channels], "<i2").reshape(-1, channels)
    return _Wave(np.round(found.mean(axis=1)).astype(np.int16), layout[2])
