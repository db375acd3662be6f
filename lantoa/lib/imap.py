"""A mailbox over IMAP (RFC 3501): what waits in it, its messages whole, and marking what has been taken.

Nothing is marked by looking: messages are fetched without touching their flags, and whoever takes them says so
afterwards. TLS is always verified; without TLS only a server on this very machine is spoken to.
"""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

PORTS = {"imap": 143, "imaps": 993}
TIMEOUT = 20.0
"""Seconds to wait for the server."""
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_PREFIX = re.compile(rb'^\(\("([^"]*)"')


class MailboxError(Exception):
    """The mailbox cannot be reached or does not do what is asked; the message, in Vietnamese, says what to do."""


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where a mailbox is and who opens it; the password is never shown."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    is_tls: bool = True
    """Whether the connection begins with TLS; else it is asked for (STARTTLS)."""

    def __str__(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def address_of(url: str, password: str = "") -> MailboxAddress:
    """The address in `imaps://user:password@host:993/INBOX`; signs such as `@` are written `%40`.

    `password` is used when the URL has none. Raises `ValueError`, whose message never holds the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("must be imaps://user:password@host:993/INBOX") from None
    if parts.scheme not in PORTS or not parts.hostname or not parts.username:
        raise ValueError("must be imaps://user:password@host:993/INBOX")
    return MailboxAddress(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password) if parts.password else password,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_tls=parts.scheme == "imaps",
    )


@contextlib.contextmanager
def open_mailbox(address: MailboxAddress, ca_file: str = "") -> Iterator[Mailbox]:
    """Sign in, open the folder, and sign out at the end. Raises `MailboxError`, also for what fails while it is open.

    `ca_file` holds the certificates of a server that no public authority vouches for.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
        imap = _connect(address, context)
        try:
            yield Mailbox(imap, address)
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                imap.logout()
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(
            f"Hộp thư {address}: chứng thư của máy chủ không tin được ({error.verify_message}). "
            "Nếu là máy chủ nội bộ, đặt LANTOA_MAILBOX_CA là tệp chứng thư gốc."
        ) from error
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(f"Hộp thư {address}: {_said(error)}. Sẽ thử lại lần sau.") from error


def _connect(address: MailboxAddress, context: ssl.SSLContext) -> imaplib.IMAP4:
    if address.is_tls:
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=TIMEOUT)
    else:
        imap = imaplib.IMAP4(address.host, address.port, timeout=TIMEOUT)
        if "STARTTLS" in imap.capabilities:
            imap.starttls(context)
        elif address.host not in _LOCAL:
            imap.shutdown()
            raise imaplib.IMAP4.error("máy chủ không mã hóa được đường truyền")
    try:
        _sign_in(imap, address)
    except Exception:
        imap.shutdown()
        raise
    return imap


def _sign_in(imap: imaplib.IMAP4, address: MailboxAddress) -> None:
    if "AUTH=PLAIN" in imap.capabilities:  # carries any password; LOGIN only those of ASCII
        imap.authenticate("PLAIN", lambda _: f"\0{address.user}\0{address.password}".encode())
    else:
        imap.login(address.user, address.password)


class Mailbox:
    """An open folder of a mailbox."""

    def __init__(self, imap: imaplib.IMAP4, address: MailboxAddress) -> None:
        """Open the folder `address` names."""
        self._imap = imap
        self._abilities = {word.upper() for word in _answer(imap.capability())[0].decode().split()}
        _answer(imap.select(_quoted(address.folder)))
        self.validity = self._told("UIDVALIDITY")
        """The generation of the folder: when it changes, earlier UIDs say nothing (RFC 3501, 2.3.1.1)."""
        self.next = self._told("UIDNEXT")
        """The least UID that a message yet to come may have; 0 when the server does not say."""

    def unseen(self) -> list[int]:
        """UIDs of the messages nobody has opened, in order of arrival."""
        return self._search("UNSEEN")

    def after(self, uid: int) -> list[int]:
        """UIDs above `uid`: what came since, opened by somebody or not."""
        return [one for one in self._search("UID", f"{uid + 1}:*") if one > uid]

    def since(self, day: dt.date) -> list[int]:
        """UIDs of what came on `day` or later."""
        return self._search("SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def size(self, uid: int) -> int:
        """Bytes of a message; 0 when it has gone."""
        for line in self._fetch(uid, "(RFC822.SIZE)"):
            if found := _SIZE.search(line if isinstance(line, bytes) else line[0]):
                return int(found[1])
        return 0

    def message(self, uid: int) -> bytes:
        """The whole message; empty when it has gone. Its flags stay as they are."""
        return next((line[1] for line in self._fetch(uid, "(BODY.PEEK[])") if isinstance(line, tuple)), b"")

    def mark_seen(self, uid: int) -> None:
        """Mark a message as opened."""
        _answer(self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))

    def move(self, uid: int, folder: str) -> None:
        """Mark a message as opened and put it in another folder, which is made when missing."""
        target = _quoted(self._prefix() + folder)
        self._imap.create(target)  # says NO when it is there
        self._imap.subscribe(target)
        self.mark_seen(uid)
        if "MOVE" in self._abilities:
            _answer(self._imap.uid("MOVE", str(uid), target))
            return
        _answer(self._imap.uid("COPY", str(uid), target))
        _answer(self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._abilities:  # a plain EXPUNGE would take what others marked as well
            _answer(self._imap.uid("EXPUNGE", str(uid)))

    def _prefix(self) -> str:
        """What stands before the names of one's own folders on some servers: `INBOX.`."""
        if "NAMESPACE" not in self._abilities:
            return ""
        found = _PREFIX.match(_answer(self._imap.namespace())[0])
        return found[1].decode() if found else ""

    def _search(self, *what: str) -> list[int]:
        return sorted(int(uid) for uid in _answer(self._imap.uid("SEARCH", *what, "UNDELETED"))[0].split())

    def _fetch(self, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]]:
        kind, lines = self._imap.uid("FETCH", str(uid), what)
        _answer((kind, lines))
        return [line for line in lines if line]

    def _told(self, name: str) -> int:
        values = self._imap.response(name)[1]
        return int(values[-1]) if values and values[-1] else 0


def _answer(answered: tuple[str, Sequence[bytes | None]]) -> list[bytes]:
    """What the server says. Raises `imaplib.IMAP4.error` when it says no."""
    kind, lines = answered
    said = [line if line is not None else b"" for line in lines]
    if kind != "OK":
        raise imaplib.IMAP4.error(said[0] if said else kind)
    return said or [b""]


def _said(error: Exception) -> str:
    first = error.args[0] if isinstance(error, imaplib.IMAP4.error) and error.args else str(error) or repr(error)
    said = first.decode(errors="replace") if isinstance(first, bytes) else str(first)
    if "AUTHENTICATIONFAILED" in said:
        return "máy chủ không nhận tên hoặc mật khẩu"
    return said.rstrip(".")


def _quoted(name: str) -> str:
    return '"' + encoded_name(name).replace("\\", "\\\\").replace('"', '\\"') + '"'


def encoded_name(name: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501, 5.1.3): `Chưa đọc` → `Ch&AbA-a &AREezQ-c`."""
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    return "".join(_shifted(piece) if place % 2 else piece.replace("&", "&-") for place, piece in enumerate(pieces))


def _shifted(text: str) -> str:
    packed = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=")
    return f"&{packed.replace('/', ',')}-"
