"""A message to many people, compiled once: for each recipient only blanks are filled and pieces joined.

The standard library's `email` builds, folds and encodes anew for every recipient, which takes some four hundred times
as long; it is what the tests read these messages with.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from lantoa.lib.smtp.addresses import PLAIN, SHORT, AddressError, mailbox_of
from lantoa.lib.smtp.bodies import lines_of
from lantoa.lib.smtp.dkim import Seal
from lantoa.lib.smtp.headers import named, one_line, title
from lantoa.lib.smtp.rendering import Rendition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.lib.smtp.addresses import KeyedAddress
    from lantoa.lib.smtp.bodies import Words
    from lantoa.lib.smtp.dkim import Signer
    from lantoa.lib.smtp.relay import Peer

OPT_OUT = "opt_out_url"
"""The blank in which stands where this recipient refuses further messages."""
NAME = "name"
"""The field that says who the recipient is."""
_URL = re.compile(r"https?://[!-;=?-~]{1,800}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MARK = "\0"
"""Where the key stands in a line that is the same for everyone else."""


class MessageError(ValueError):
    """The message cannot be carried, to anyone or to this recipient; the words, in Vietnamese, say why."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose message it is, and where what comes back of it goes."""

    address: str
    name: str = ""
    bounces: KeyedAddress | None = None
    """The envelope's sender; without it bounces go to `address` and name no key."""
    reply_to: str = ""
    opt_out: KeyedAddress | None = None
    """A mailbox that takes refusals, beside the page of `Draft.opt_out_url`."""
    signers: Sequence[Signer] = ()
    asks_receipts: bool = False
    """Whether servers that can (DSN, RFC 3461) are asked to say that a message was delivered."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The finished words, with blanks."""

    title: Words
    text: Words
    html: Words = field(default_factory=list)
    language: str = "vi"
    opt_out_url: str = ""
    """The key is put behind it."""


class _Clock:
    """The second it is, and how mail writes it, which changes once a second."""

    def __init__(self) -> None:
        self.second = 0
        self.line = ""

    def look(self) -> None:
        now = int(time.time())
        if now != self.second:
            self.second, self.line = now, f"Date: {format_datetime(datetime.fromtimestamp(now).astimezone())}"


_clock = _Clock()


class Compiled:
    """What `fill` needs for a recipient, in both forms: as it is for peers with 8BITMIME, quoted for the others."""

    def __init__(self, draft: Draft, sender: Sender) -> None:
        """Compile. Raises `MessageError` for what nobody could be sent."""
        if draft.opt_out_url and not _URL.fullmatch(draft.opt_out_url):
            raise MessageError(f"Địa chỉ trang từ chối nhận tin “{draft.opt_out_url[:80]}” viết sai.")
        self._draft, self._sender = draft, sender
        text, html, boundary = lines_of(draft.text), lines_of(draft.html), f"=_{secrets.token_hex(12)}"
        self._plain = _Form(Rendition(text, html, boundary, is_plain=True), draft, sender)
        self._quoted = _Form(Rendition(text, html, boundary, is_plain=False), draft, sender)
        envelope = sender.bounces.with_key(_MARK) if sender.bounces else sender.address
        self._mail = f"MAIL FROM:<{envelope}>".split(_MARK)
        keyed = _keyed_lines(draft, sender)
        # Signatures are over each line by itself; without them one join serves for all.
        self._keyed = [line.split(_MARK) for line in (keyed if sender.signers else ["\r\n".join(keyed)])]
        blanks = {word.name for word in (*draft.title, *text, *html) if not isinstance(word, str)}
        self._shows_opt_out = bool(draft.opt_out_url) and OPT_OUT in blanks
        self._has_own_title = not _is_fixed(draft.title)

    def fill(self, address: str, key: str, fields: Mapping[str, str], peer: Peer) -> tuple[bytes, bytes]:
        """The commands MAIL, RCPT and DATA for a recipient, and the content, dots stuffed, without its final dot.

        Raises `AddressError` or `MessageError` for a recipient who cannot be sent this by this peer.
        """
        needs_utf8 = False
        if len(address) > SHORT or not PLAIN.fullmatch(address):
            mailbox = mailbox_of(address)
            address, needs_utf8 = mailbox.address, mailbox.needs_utf8
            if needs_utf8 and not peer.utf8:
                raise AddressError(f"Máy chủ thư không nhận địa chỉ có dấu “{address}”.")
        if self._shows_opt_out:
            fields = {**fields, OPT_OUT: self._draft.opt_out_url + key}
        form = self._plain if peer.eight_bit else self._quoted
        body = form.rendition.fill(fields)
        if body is None:  # a value too long for its line; in the other form lines have no end
            form = self._quoted
            body = form.rendition.fill(fields) or []
        content = form.content(self._own_lines(address, key, fields), body)
        if peer.size and len(content) > peer.size:
            size = f"{len(content):,} byte, lớn hơn mức máy chủ nhận ({peer.size:,})".replace(",", ".")
            raise MessageError(f"Thư dài {size}.")
        mail = key.join(self._mail)
        if form.rendition.is_8bit or needs_utf8:
            mail += " BODY=8BITMIME SMTPUTF8" if needs_utf8 else " BODY=8BITMIME"
        if peer.size is not None:
            mail += f" SIZE={len(content)}"
        receipt = ""
        if self._sender.asks_receipts and peer.receipts:
            mail += f" RET=HDRS ENVID={key}"
            receipt = _receipt(address, needs_utf8=needs_utf8)
        return f"{mail}\r\nRCPT TO:<{address}>{receipt}\r\nDATA\r\n".encode(), content

    def _own_lines(self, address: str, key: str, fields: Mapping[str, str]) -> list[str]:
        """The header lines that are this recipient's own, in the order of `_own_names`."""
        _clock.look()
        lines = [f"To: {named(fields.get(NAME, ''), address, 4)}", _clock.line]
        lines += [key.join(pieces) for pieces in self._keyed]
        if self._has_own_title:
            lines.append(f"Subject: {title(_filled(self._draft.title, fields), 9)}")
        return lines

    def show(self, address: str, key: str, fields: Mapping[str, str]) -> str:
        """The message as this recipient reads it: to whom, subject and text."""
        if self._shows_opt_out:
            fields = {**fields, OPT_OUT: self._draft.opt_out_url + key}
        name = one_line(fields.get(NAME, ""))
        to = f"{name} <{address}>" if name else address
        words = self._draft.text or self._draft.html
        return f"Tới: {to}\nTiêu đề: {one_line(_filled(self._draft.title, fields))}\n\n{_filled(words, fields)}"


class _Form:
    """A rendition with the header lines that are the same for everyone."""

    def __init__(self, rendition: Rendition, draft: Draft, sender: Sender) -> None:
        self.rendition = rendition
        fixed = [*_fixed_lines(draft, sender), *rendition.headers]
        self._fixed = ("\r\n".join(fixed) + "\r\n\r\n").encode()
        self._names = _own_names(draft, sender)
        self._seal = Seal(sender.signers, fixed, self._names) if sender.signers else None

    def content(self, own_lines: list[str], body: list[bytes]) -> bytes:
        """Header and body, signed where there are keys, dots stuffed."""
        head = "\r\n".join(own_lines) + "\r\n"
        if self._seal:
            own = dict(zip(self._names, own_lines, strict=True))
            head = self._seal.lines(own, self.rendition.hash_of(body), _clock.second) + head
        return self.rendition.stuffed(b"".join((head.encode(), self._fixed, *body)))


def _own_names(draft: Draft, sender: Sender) -> list[str]:
    """Names of the header lines that are a recipient's own: first those of `To` and `Date`, a title's last."""
    keyed = [line.partition(":")[0].lower() for line in _keyed_lines(draft, sender)]
    return ["to", "date", *keyed, *(() if _is_fixed(draft.title) else ("subject",))]


def _keyed_lines(draft: Draft, sender: Sender) -> list[str]:
    """Lines in which the key stands, as `_MARK`."""
    lines = [f"Message-ID: <{_MARK}@{sender.address.rpartition('@')[2]}>"]
    ways = [f"<{draft.opt_out_url}{_MARK}>"] if draft.opt_out_url else []
    if sender.opt_out:
        ways.append(f"<mailto:{sender.opt_out.with_key(_MARK)}?subject=unsubscribe>")
    if ways:
        lines.append("List-Unsubscribe: " + ",\r\n ".join(ways))
    return lines


def _fixed_lines(draft: Draft, sender: Sender) -> list[str]:
    lines = [f"From: {named(sender.name, sender.address, 6)}"]
    if sender.reply_to:
        lines.append(f"Reply-To: {sender.reply_to}")
    if _is_fixed(draft.title):
        lines.append(f"Subject: {title(_filled(draft.title, {}), 9)}")
    if draft.opt_out_url.startswith("https:"):  # RFC 8058 §3.1 allows it with https only
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    # RFC 3834 §5: so that machines do not answer machines.
    lines += ["Auto-Submitted: auto-generated", "MIME-Version: 1.0"]
    return [*lines, f"Content-Language: {draft.language}"] if _LANGUAGE.fullmatch(draft.language) else lines


def _is_fixed(words: Words) -> bool:
    return all(isinstance(word, str) for word in words)


def _filled(words: Words, fields: Mapping[str, str]) -> str:
    return "".join(word if isinstance(word, str) else word.fill(fields) for word in words)


def _receipt(address: str, *, needs_utf8: bool) -> str:
    """Parameters of RCPT that ask for a report (RFC 3461 §4): the address as it was, in xtext."""
    kind, shown = ("utf-8", address) if needs_utf8 else ("rfc822", address.replace("+", "+2B").replace("=", "+3D"))
    return f" NOTIFY=SUCCESS,FAILURE ORCPT={kind};{shown}"
