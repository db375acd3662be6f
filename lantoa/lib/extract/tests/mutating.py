"""Files broken on purpose: by bytes, by tokens, by members of a ZIP, by sectors, by lines of MIME."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lantoa.lib.extract.tests.making import packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Mutate = Callable[[bytes, Random], bytes]

_TOKENS = re.compile(rb"<[^>]{0,400}>|\\[a-zA-Z]+-?\d* ?|[{}]|[^<\\{}]+|[<\\]")
_NUMBER = re.compile(rb"-?\d+")
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65535", b"65536", b"2147483647", b"-2147483648", b"99999999999999999999")
_WORDS = (0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF, 0x40000000, 0x100, 0x1FF, 0x3FFFFF)
_SIGNS = (b"\x00", b"\xff", b"<", b">", b"{", b"}", b"\\", b'"', b"\r\n", b"\x07", b"\x13", b"\x15", b"&#xD800;",
          b"%1", "ế".encode(), b"=?utf-8?q?=", b"--", b"\xed\xa0\x80")  # fmt: skip
_LARGEST = 400_000


def by_bytes(data: bytes, random: Random) -> bytes:
    """Flip, drop, repeat or put in bytes."""
    out = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(len(out) + 1)
        size = random.choice((1, 1, 2, 4, 8, 64, 512))
        kind = random.randrange(5)
        if kind == 0 and at < len(out):
            out[at] = random.randrange(256)
        elif kind == 1:
            del out[at : at + size]
        elif kind == 2:
            out[at:at] = bytes(out[at : at + size]) * random.choice((1, 2, 50))
        elif kind == 3:
            out[at:at] = random.choice(_SIGNS)
        elif random.random() < 0.2:
            del out[at:]
    return bytes(out[:_LARGEST])


def by_words(data: bytes, random: Random) -> bytes:
    """Put numbers that mean something to a file format where numbers stand: headers, sector chains, offsets."""
    if len(data) < 16:
        return by_bytes(data, random)
    out = bytearray(data)
    for _ in range(random.choice((1, 2, 3, 8))):
        area = random.choice((512, 2048, len(out), len(out)))
        at = random.randrange(max(1, min(area, len(out)) - 4)) & ~random.choice((0, 1, 3))
        value = random.choice((*_WORDS, random.randrange(64), random.randrange(1 << 32)))
        if at + 4 <= len(out):
            struct.pack_into(random.choice(("<I", ">I")), out, at, value)
    if random.random() < 0.2:
        first, second = random.randrange(len(out) // 512 + 1) * 512, random.randrange(len(out) // 512 + 1) * 512
        out[first : first + 512] = out[second : second + 512]
    return bytes(out[:_LARGEST])


def by_tokens(data: bytes, random: Random) -> bytes:
    """Drop, repeat, move, nest or renumber tags and control words."""
    tokens = _TOKENS.findall(data)
    for _ in range(random.choice((1, 2, 4, 12))):
        if not tokens:
            break
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        kind = random.randrange(6)
        if kind == 0:
            del tokens[at]
        elif kind == 1:
            tokens[at:at] = [tokens[other]] * random.choice((1, 1, 3, 300))
        elif kind == 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            first, last = sorted((at, other))
            tokens[first:first] = tokens[first : min(last, first + 60)]
        elif kind == 4:
            tokens[at] = _NUMBER.sub(lambda _: random.choice(_NUMBERS), tokens[at])
        else:
            tokens[at] = by_bytes(tokens[at], random)
    return b"".join(tokens)[:_LARGEST]


def by_lines(data: bytes, random: Random) -> bytes:
    """Drop, repeat, stretch or swap lines, as headers and boundaries of MIME are lines."""
    lines = data.split(b"\n")
    for _ in range(random.choice((1, 2, 4))):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        kind = random.randrange(4)
        if kind == 0:
            lines[at : at + random.choice((1, 3))] = []
        elif kind == 1:
            lines[at:at] = [lines[other]] * random.choice((1, 2, 200))
        elif kind == 2:
            lines[at] = lines[at] * random.choice((2, 40))
        else:
            lines[at], lines[other] = lines[other], lines[at]
        lines = lines or [b""]
    return b"\n".join(lines)[:_LARGEST]


def by_members(data: bytes, random: Random) -> bytes:
    """Mutate a member of a ZIP and pack it again; when it is no ZIP, its bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            files = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        files = {}
    if not files:
        return by_bytes(data, random)
    name = random.choice(list(files))
    files[name] = random.choice((by_tokens, by_tokens, by_bytes))(files[name], random)
    if random.random() < 0.1:
        files[random.choice(("../../x", "word/document.xml", "word/styles.xml", "a" * 300))] = files.pop(name)
    return packed(files)


MUTATIONS: dict[str, tuple[Mutate, ...]] = {
    "txt": (by_bytes, by_lines),
    "html": (by_tokens, by_tokens, by_bytes),
    "docx": (by_members, by_members, by_members, by_bytes),
    "doc": (by_words, by_words, by_words, by_bytes),
    "rtf": (by_tokens, by_tokens, by_bytes),
    "eml": (by_lines, by_lines, by_bytes),
    "msg": (by_words, by_words, by_bytes),
    "edxml": (by_tokens, by_tokens, by_bytes),
    "zip": (by_members, by_words, by_bytes),
    "pdf": (by_words, by_tokens, by_bytes, by_lines),
}


def mutated(kind: str, data: bytes, random: Random) -> bytes:
    """Give a file of this kind broken in one to three ways."""
    for _ in range(random.choice((1, 1, 2, 3))):
        data = random.choice(MUTATIONS[kind])(data, random) or b"\0"
    return data
