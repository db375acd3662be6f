"""The voice process: eSpeak NG behind a pipe (`python -m lantoa.lib.voice.worker`).

eSpeak NG is under the GPL and is C: it lives here alone, so that its licence does not reach our
process and a crash of it costs one sentence, not the work in hand.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from lantoa.lib.voice.protocol import FAULT, HELLO, SAY, SOUND, StreamEndedError, pack_sound, receive, send

if TYPE_CHECKING:
    from collections.abc import Callable

MISSING = (
    "Chưa có giọng đọc: không tìm thấy thư viện eSpeak NG (gói “espeakng-loader”). "
    "Hãy cài lại phần mềm cùng các gói phụ thuộc."
)

# speak_lib.h of eSpeak NG 1.52
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_CHARS_UTF8 = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_OK = 0
_NO_MORE_EVENTS, _WORD_EVENT = 0, 1


class _Event(ctypes.Structure):
    """espeak_EVENT."""

    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # characters from the beginning of the text, the first is 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # milliseconds
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event),
)


class EngineError(Exception):
    """What went wrong, in words for a person."""


class Engine:
    """eSpeak NG, loaded once; `say` turns a text into 16-bit samples."""

    def __init__(self) -> None:
        self._library, data = _load()
        self._sound = bytearray()
        self._words: list[tuple[int, int]] = []
        # The library keeps only a bare pointer: without our own reference Python would free the
        # callback and the next sentence would be a segmentation fault.
        self._callback = _Callback(self._collect)
        self.sample_rate: int = self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data.encode(), 0)
        if self.sample_rate <= 0:
            raise EngineError("Không khởi động được giọng đọc eSpeak NG: thiếu dữ liệu giọng.")
        self._library.espeak_SetSynthCallback(self._callback)
        self._voice = ""

    def say(self, text: str, name: str, settings: dict[int, int]) -> bytes:
        """Speak `text` in the voice `name`, as a SOUND payload. Raises `EngineError` for an unknown voice."""
        if name != self._voice:
            if self._library.espeak_SetVoiceByName(name.encode()) != _OK:
                raise EngineError(f"Không có giọng đọc “{name}”.")
            self._voice = name
        for parameter, value in settings.items():
            self._library.espeak_SetParameter(parameter, value, 0)
        self._sound.clear()
        self._words.clear()
        data = text.encode()
        status = self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _CHARS_UTF8, None, None)
        if status != _OK:
            raise EngineError(f"Giọng đọc không đọc được câu “{text[:60]}”.")
        return pack_sound(self._words, bytes(self._sound))

    def version(self) -> str:
        """Name and version of the engine, for the record beside an audio file."""
        path = ctypes.c_char_p()
        self._library.espeak_Info.restype = ctypes.c_char_p
        return f"eSpeak NG {self._library.espeak_Info(ctypes.byref(path)).decode().split()[0]}"

    def _collect(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, count * 2)
        index = 0
        while events and events[index].type != _NO_MORE_EVENTS:
            event = events[index]
            if event.type == _WORD_EVENT and event.text_position > 0:
                self._words.append((event.text_position - 1, max(event.audio_position, 0)))
            index += 1
        return 0


def _load() -> tuple[ctypes.CDLL, str]:
    """Load the library; its data folder comes with it."""
    try:
        import espeakng_loader  # noqa: PLC0415 - only this process may load it
    except ImportError as reason:
        raise EngineError(MISSING) from reason
    try:
        return ctypes.CDLL(espeakng_loader.get_library_path()), espeakng_loader.get_data_path()
    except (OSError, RuntimeError) as reason:
        raise EngineError(f"{MISSING} ({reason})") from reason


def serve(requests: BinaryIO, answers: BinaryIO, make_engine: Callable[[], Engine] = Engine) -> None:
    """Answer requests until the other side closes the pipe."""
    try:
        engine = make_engine()
    except EngineError as reason:
        send(answers, FAULT, str(reason).encode())
        return
    send(answers, HELLO, json.dumps({"engine": engine.version(), "sample_rate": engine.sample_rate}).encode())
    while True:
        try:
            kind, payload = receive(requests)
        except StreamEndedError:
            return
        send(answers, *_answer(engine, kind, payload))


def _answer(engine: Engine, kind: int, payload: bytes) -> tuple[int, bytes]:
    if kind != SAY:
        return FAULT, f"Yêu cầu lạ: {kind}.".encode()
    wish = json.loads(payload)
    settings = {_RATE: wish["rate"], _PITCH: wish["pitch"], _RANGE: wish["range"], _VOLUME: 85}

    def say() -> tuple[int, bytes]:
        try:
            return SOUND, engine.say(_respell(wish["text"]), wish["name"], settings)
        except EngineError as reason:
            return FAULT, str(reason).encode()

    return _apart(say) if hasattr(os, "fork") else say()


def _apart(say: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    """Run `say` in a copy of this process as it was at the start.

    eSpeak NG 1.52 carries the end of one sentence into the next (its wave generator keeps static state that
    no call resets), so the same sentence would sound a little different each time, and the same bulletin
    would have other bytes. A copy takes about two milliseconds, and a crash ends only the copy.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as answer:
            send(answer, *say())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        try:
            return receive(answer)
        except StreamEndedError:
            return FAULT, "Giọng đọc dừng đột ngột ở một câu. Hãy viết lại câu ấy.".encode()
        finally:
            os.waitpid(child, 0)


def _respell(text: str) -> str:
    """Spell for the engine what it reads wrongly: it leaves the vowel of “gi” out."""
    return re.sub(r"\b([Gg])i\b", lambda match: "Di" if match[1] == "G" else "di", text)


def main() -> None:
    """Speak the protocol on standard input and output."""
    # A stray print of the C library must not fall between two frames: give it standard error.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
