"""One form of a message's body, ready to be filled: as it is for peers with 8BITMIME, or quoted for the others."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from lantoa.lib.smtp.bodies import Hole, canonical, one_space, plain_part, quoted_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lantoa.lib.smtp.bodies import Blank, Part, Words

    Written = tuple[Callable[[str], bytes], int, tuple[int, ...]]
    """How a blank is written, the octets it has at most, and where in the pieces it stands."""


class Rendition:
    """The body of a message in one form, and the header lines that speak of that form."""

    def __init__(self, text: Words, html: Words, boundary: str, *, is_plain: bool) -> None:
        """`text` and `html`, one of which may be missing, are what `lines_of` gave; `boundary` stands in neither."""
        parts = [
            _part(kind, words, is_plain=is_plain) for kind, words in (("plain", text), ("html", html)) if words
        ] or [_part("plain", [""], is_plain=is_plain)]
        self.is_8bit = any(part.encoding == "8bit" for _, part in parts)
        pieces: list[bytes | Hole] = []
        if len(parts) == 1:
            self.headers, pieces = parts[0][0], [*parts[0][1].pieces, b"\r\n"]
        else:
            self.headers = [f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"']
            for headers, part in parts:
                pieces += ["\r\n".join((f"--{boundary}", *headers, "", "")).encode(), *part.pieces, b"\r\n"]
            pieces.append(f"--{boundary}--\r\n".encode())
        self._lay_out(_joined(pieces))

    def _lay_out(self, pieces: Sequence[bytes | Hole]) -> None:
        self._pieces = [b"" if isinstance(piece, Hole) else piece for piece in pieces]
        *others, last = self._pieces
        self._canonical = [*(canonical(piece, is_end=False) for piece in others), canonical(last) or b"\r\n"]
        self._is_canonical = self._canonical == self._pieces
        self._blanks = _blanks(pieces)
        self._places = [place for place, piece in enumerate(pieces) if isinstance(piece, Hole)]
        self._hash = "" if self._places else body_hash(canonical(self._pieces[0]))
        self._may_have_dots = any(_may_have_dot(pieces, place) for place in range(len(pieces)))

    def fill(self, fields: Mapping[str, str]) -> list[bytes] | None:
        """The body's pieces for one recipient; None when a value is too long for its line."""
        pieces = self._pieces.copy()
        for blank, ways in self._blanks:
            words = one_space(blank.fill(fields))
            for write, room, places in ways:
                value = write(words)
                if len(value) > room:
                    return None
                for place in places:
                    pieces[place] = value
        return pieces

    def hash_of(self, pieces: list[bytes]) -> str:
        """The hash of the filled body in canonical form, in base64 (RFC 6376 §3.7)."""
        if self._hash:
            return self._hash
        if not all(pieces[place] for place in self._places):  # with nothing between them, two spaces may have met
            return body_hash(canonical(b"".join(pieces)))
        if self._is_canonical:
            return body_hash(b"".join(pieces))
        tidy = self._canonical.copy()
        for place in self._places:
            tidy[place] = pieces[place]
        return body_hash(b"".join(tidy))

    def stuffed(self, content: bytes) -> bytes:
        """The content with one more dot before each line that begins with one (RFC 5321 §4.5.2)."""
        return content.replace(b"\n.", b"\n..") if self._may_have_dots else content


def body_hash(body: bytes) -> str:
    """The hash of a canonical body, in base64."""
    return b64encode(sha256(body).digest()).decode()


def _part(kind: str, words: Words, *, is_plain: bool) -> tuple[list[str], Part]:
    part = plain_part(words, is_html=kind == "html") if is_plain else None
    part = part or quoted_part(words, is_html=kind == "html")
    return [f"Content-Type: text/{kind}; charset=utf-8", f"Content-Transfer-Encoding: {part.encoding}"], part


def _joined(pieces: Sequence[bytes | Hole]) -> list[bytes | Hole]:
    """The same with fixed bytes that touch made one; it begins with fixed bytes, which may be none."""
    joined: list[bytes | Hole] = [b""]
    for piece in pieces:
        last = joined[-1]
        if isinstance(piece, bytes) and isinstance(last, bytes):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    return joined


def _blanks(pieces: Sequence[bytes | Hole]) -> list[tuple[Blank, list[Written]]]:
    """Each blank once, with each way it is written, all its places and the least room of them."""
    found: dict[Blank, dict[Callable[[str], bytes], tuple[int, tuple[int, ...]]]] = {}
    for place, piece in enumerate(pieces):
        if isinstance(piece, Hole):
            ways = found.setdefault(piece.blank, {})
            room, places = ways.get(piece.write, (piece.room, ()))
            ways[piece.write] = (min(room, piece.room), (*places, place))
    return [(blank, [(write, *rest) for write, rest in ways.items()]) for blank, ways in found.items()]


def _may_have_dot(pieces: Sequence[bytes | Hole], place: int) -> bool:
    """Whether a line may begin with a dot in this piece: in fixed bytes, or in what a recipient's field puts there."""
    piece = pieces[place]
    if isinstance(piece, bytes):
        return b"\n." in piece or (place == 0 and piece.startswith(b"."))
    before = pieces[place - 1]
    return isinstance(before, Hole) or before.endswith(b"\n") or (place == 1 and not before)
