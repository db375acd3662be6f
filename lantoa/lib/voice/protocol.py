"""Frames between us and the voice process: a kind, a length, and that many bytes.

- frame: kind (1 byte), length (4 bytes, big-endian), payload
- HELLO, worker → us: JSON {"engine", "sample_rate"}; the first thing it says
- SAY, us → worker: JSON {"text", "name", "rate", "pitch", "range"}
- SOUND, worker → us: signed 16-bit little-endian mono samples
- FAULT, worker → us: a UTF-8 sentence for a person, in Vietnamese
"""

from __future__ import annotations

import struct
from typing import BinaryIO

HELLO, SAY, SOUND, FAULT = 1, 2, 3, 4
LIMIT = 256 * 1024 * 1024
"""Bytes; more than an hour and a half of sound: a longer frame is a broken stream."""

_HEAD = struct.Struct(">BI")


class StreamEndedError(Exception):
    """The other side is gone, or talks nonsense."""


def send(stream: BinaryIO, kind: int, payload: bytes) -> None:
    """Write one frame and flush it. Raises `OSError` when the pipe is closed."""
    stream.write(_HEAD.pack(kind, len(payload)) + payload)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[int, bytes]:
    """Read one frame as (kind, payload). Raises `StreamEndedError` at the end of the stream."""
    kind, length = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if length > LIMIT:
        raise StreamEndedError(f"frame of {length} bytes")
    return kind, _exactly(stream, length)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            raise StreamEndedError(f"{len(data)} of {size} bytes")
        data += part
    return bytes(data)
