"""What passed between two ends as a capture file that network analysers read (classic pcap, Ethernet, IPv4, TCP)."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

CENTRE_PORT = 2775
SENT, CAME = True, False
"""Which way octets went."""


@asynccontextmanager
async def recorded(port: int) -> AsyncIterator[tuple[int, list[tuple[bool, bytes]]]]:
    """A port that leads to `port`, and all that passed by it, in order."""
    passed: list[tuple[bool, bytes]] = []
    links: list[asyncio.Task[None]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, sent: bool) -> None:
        while data := await reader.read(65_536):
            passed.append((sent, data))
            writer.write(data)
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        links.append(asyncio.create_task(pump(reader, there[1], sent=SENT)))
        links.append(asyncio.create_task(pump(there[0], writer, sent=CAME)))
        await asyncio.gather(*links, return_exceptions=True)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], passed
    finally:
        server.close()
        await asyncio.gather(*links, return_exceptions=True)


def write_capture(path: Path, conversations: list[list[tuple[bool, bytes]]]) -> None:
    """The octets of connections, one after the other, as TCP segments."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for number, passed in enumerate(conversations):
            for moment, packet in enumerate(_packets(number, passed)):
                frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + packet
                file.write(struct.pack("<IIII", 1_729_000_000 + 100 * number, moment, len(frame), len(frame)) + frame)


def _packets(number: int, passed: list[tuple[bool, bytes]]) -> Iterator[bytes]:
    here, there = (bytes((10, 0, 1, number)), 40_000 + number), (bytes((10, 0, 0, 2)), CENTRE_PORT)
    sequence = {SENT: 1, CAME: 1}
    for way, data in passed:
        for at in range(0, len(data), 1_400):
            (source, source_port), (target, target_port) = (here, there) if way is SENT else (there, here)
            numbers = struct.pack(">HHII", source_port, target_port, sequence[way], sequence[not way])
            yield _packet(source, target, numbers + b"\x50\x18\xff\xff\0\0\0\0" + data[at:at + 1_400])
            sequence[way] += len(data[at:at + 1_400])


def _packet(source: bytes, target: bytes, tcp: bytes) -> bytes:
    total = _sum(source + target + struct.pack(">HH", socket.IPPROTO_TCP, len(tcp)) + tcp)
    tcp = tcp[:16] + total + tcp[18:]
    header = struct.pack(">BBHHHBB", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, socket.IPPROTO_TCP)
    return header + _sum(header + source + target) + source + target + tcp


def _sum(octets: bytes) -> bytes:
    """RFC 1071."""
    padded = octets + b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return struct.pack(">H", ~total & 0xFFFF)
