"""Frames between us and the voice process: a kind, a length, and that many bytes.

- frame: kind (1 byte), length (4 bytes, big-endian), payload
- HELLO, worker → us: JSON {"engine", "sample_rate"}; the first thing it says
- SAY, us → worker: JSON {"text", "name", "rate", "pitch", "range"}
- SOUND, worker → us: how many words, each word's character in the text and millisecond in the sound (4 bytes each),
  then signed 16-bit little-endian mono samples
- FAULT, worker → us: a UTF-8 sentence for a person, in Vietnamese
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def pack_sound(words: Sequence[tuple[int, int]], samples: bytes) -> bytes:
    """Make the payload of a SOUND frame; `words` are (character, millisecond)."""
    flat = [number for word in words for number in word]
    return struct.pack(f">I{len(flat)}I", len(words), *flat) + samples


def unpack_sound(payload: bytes) -> tuple[list[tuple[int, int]], bytes]:
    """Take a SOUND frame apart, as (words, samples). Raises `StreamEndedError` when it is broken."""
    try:
        (count,) = struct.unpack_from(">I", payload)
        flat = struct.unpack_from(f">{2 * count}I", payload, 4)
    except struct.error as reason:
        raise StreamEndedError(f"sound frame of {len(payload)} bytes") from reason
    return list(zip(flat[::2], flat[1::2], strict=True)), payload[4 + 8 * count :]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            raise StreamEndedError(f"{len(data)} of {size} bytes")
        data += part
    return bytes(data)
