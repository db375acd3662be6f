"""The name under which a message to one person travels: in its Message-ID, its bounce address, its opt-out link.

It comes back from outside, so it says by itself whose it is and that we made it: dispatch (4 bytes), person (5 bytes)
and seven bytes of a keyed hash, in hexadecimal, because mail servers may turn capitals into small letters.
"""

from __future__ import annotations

from hashlib import blake2b
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = 32
_PERSON = 40
"""Bits of a person's number."""

Ref = tuple[int, int]
"""Dispatch and person."""


def key_maker(secret: str) -> Callable[[Ref], str]:
    """What makes keys that only this installation can make."""
    own = blake2b(secret.encode(), person=b"lantoa-item-key", digest_size=32).digest()

    def make(ref: Ref) -> str:
        name = (ref[0] << _PERSON | ref[1]).to_bytes(9, "big")
        return name.hex() + blake2b(name, key=own, digest_size=7).hexdigest()

    return make


def read_key(text: str, secret: str) -> Ref | None:
    """Dispatch and person of a key that came back; None for one that we did not make."""
    try:
        name = bytes.fromhex(text[:18]) if len(text) == LENGTH and text.isascii() else b""
    except ValueError:
        return None
    if len(name) != 9:
        return None
    number = int.from_bytes(name, "big")
    ref = (number >> _PERSON, number & (1 << _PERSON) - 1)
    return ref if compare_digest(key_maker(secret)(ref), text.lower()) else None
