"""Pure decisions about evidence: the chain of the history, what a file is, and what a proof is worth.

The media type of a file is read from its first bytes, never from its name. A check of a proof has three answers:
good, not good, cannot be said; none of them refuses the proof, a person decides.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_HASH = "0" * 64
MAX_BYTES = 25 * 1024 * 1024
MEDIA_TYPES = {
    "image/jpeg": "ảnh JPEG", "image/png": "ảnh PNG", "image/webp": "ảnh WebP", "image/heic": "ảnh HEIC",
    "application/pdf": "PDF", "audio/mpeg": "âm thanh MP3", "audio/wav": "âm thanh WAV", "audio/ogg": "âm thanh OGG",
    "video/mp4": "phim MP4",
}
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_TAKEN_TAG, _EXIF_TAG = 0x9003, 0x8769


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One history entry as it is hashed; `at` is UTC to the microsecond, ISO 8601."""

    seq: int
    at: str
    by: int | None
    verb: str
    campaign: int | None
    subject: str
    detail: dict[str, Any]
    previous_hash: str


@dataclass(frozen=True, slots=True)
class HistoryCheck:
    """Whether the history is whole; else the number of the first entry that is wrong or missing.

    `head` is the last entry's hash: written down elsewhere (in a report), it also shows entries cut off the end.
    """

    entries: int
    is_whole: bool
    broken_at: int | None
    head: str


def entry_hash(entry: EntryFacts) -> str:
    """SHA-256 of the entry as canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_chain(entries: Iterable[tuple[EntryFacts, str]]) -> HistoryCheck:
    """Check entries in their order, each with the hash kept with it."""
    count, head = 0, FIRST_HASH
    for entry, kept in entries:
        if entry.seq != count + 1 or entry.previous_hash != head or kept != entry_hash(entry):
            return HistoryCheck(count, is_whole=False, broken_at=count + 1, head=head)
        count, head = entry.seq, kept
    return HistoryCheck(count, is_whole=True, broken_at=None, head=head)


def media_type(head: bytes) -> str | None:
    """Tell a file's type from its first bytes (at least 16); none for a type that is not taken as proof."""
    brand = head[8:12]
    if head[4:8] == b"ftyp":
        return "image/heic" if brand in _HEIC else "video/mp4"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(brand)
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    magics = {
        b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf",
        b"OggS": "audio/ogg",
    }
    return next((name for magic, name in magics.items() if head.startswith(magic)), None)


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What is known of a proof: a file that may say when it was taken, or an address."""

    attached_at: dt.datetime
    is_readable: bool | None = None
    """None: not a kind of file that is opened to see."""
    taken_at: dt.datetime | None = None
    """Local time by the camera's clock, without a zone."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """The work a proof is for: when it was given, when it is due, and the place's own addresses."""

    given_at: dt.datetime
    """Local time without a zone."""
    due_on: dt.date | None = None
    portals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """One automatic check: good, not good, or (none) cannot be said; why, in Vietnamese."""

    name: str
    is_good: bool | None
    why: str


def check_proof(proof: ProofFacts, work: WorkFacts) -> list[ProofCheck]:
    """Check what can be checked without a person."""
    checks = [_in_time(proof, work)]
    if proof.url:
        checks.append(_own_address(proof.url, work.portals))
        return checks
    if proof.is_readable is not None:
        why = "mở được tệp" if proof.is_readable else "tệp hỏng, không mở được"
        checks.append(ProofCheck("readable", proof.is_readable, why))
    return [*checks, _taken_after(proof, work)]


def _in_time(proof: ProofFacts, work: WorkFacts) -> ProofCheck:
    if work.due_on is None:
        return ProofCheck("in_time", None, "việc này không có hạn")
    is_good = proof.attached_at.date() <= work.due_on
    return ProofCheck("in_time", is_good, f"nộp {'trong' if is_good else 'sau'} hạn {work.due_on:%d/%m/%Y}")


def _taken_after(proof: ProofFacts, work: WorkFacts) -> ProofCheck:
    if proof.taken_at is None:
        return ProofCheck("taken_after", None, "tệp không ghi ngày chụp")
    is_good = proof.taken_at >= work.given_at
    why = f"chụp {'sau' if is_good else 'trước'} khi giao việc ({proof.taken_at:%d/%m/%Y})"
    return ProofCheck("taken_after", is_good, why)


def _own_address(url: str, portals: tuple[str, ...]) -> ProofCheck:
    own = [site for site in map(_site, portals) if site]
    if not own:
        return ProofCheck("own_address", None, "chưa khai cổng thông tin, fanpage của đơn vị")
    host, path = _site(url) or ("", "")
    is_good = any(_within((host, path), site) for site in own)
    return ProofCheck("own_address", is_good, f"{host} {'là' if is_good else 'không phải'} trang của đơn vị")


def _site(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    return (parts.hostname.removeprefix("www."), parts.path.rstrip("/")) if parts.hostname else None


def _within(page: tuple[str, str], site: tuple[str, str]) -> bool:
    """Whether the page lies on the site: its host or one below it; on a shared host (a fanpage), under its path."""
    if not site[1] and page[0].endswith("." + site[0]):
        return True
    return page[0] == site[0] and (page[1] + "/").startswith(site[1] + "/")


def taken_at(jpeg: bytes) -> dt.datetime | None:
    """Read when a JPEG photograph was taken (Exif 2.3, tag 0x9003), by the camera's clock; none: it is not said."""
    start = jpeg[:65536].find(b"Exif\0\0")
    if start < 0:
        return None
    tiff = jpeg[start + 6:start + 65536]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return None
        exif = _tag(tiff, struct.unpack_from(order + "I", tiff, 4)[0], _EXIF_TAG, order)
        offset = None if exif is None else _tag(tiff, exif, _TAKEN_TAG, order)
        text = b"" if offset is None else tiff[offset:offset + 19]
        return dt.datetime.strptime(text.decode("ascii"), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - Exif 2.3 has no zone
    except (struct.error, ValueError):
        return None


def _tag(tiff: bytes, directory: int, wanted: int, order: str) -> int | None:
    (entries,) = struct.unpack_from(order + "H", tiff, directory)
    for number in range(entries):
        tag, _, _, value = struct.unpack_from(order + "HHII", tiff, directory + 2 + 12 * number)
        if tag == wanted:
            return int(value)
    return None


def image_is_whole(data: bytes) -> bool | None:
    """Whether a JPEG or PNG has its size in its head and its end at its end; none for other types."""
    if data.startswith(b"\x89PNG"):
        width, height = struct.unpack_from(">II", data, 16) if len(data) >= 24 else (0, 0)
        return bool(width and height) and b"IEND" in data[-64:]
    if data.startswith(b"\xff\xd8"):
        return b"\xff\xd9" in data[-64:] and any(bytes((0xFF, marker)) in data for marker in (0xC0, 0xC1, 0xC2))
    return None
