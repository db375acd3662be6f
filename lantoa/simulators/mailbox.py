"""A mailbox to rehearse against: as much of IMAP4rev1 (RFC 3501) as reading returned mail asks for.

One folder, one user, no TLS: it stands on this machine alone. `put` lays a message into it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_LINE = 8192
_ALWAYS = {b"CAPABILITY": [b"CAPABILITY IMAP4rev1"], b"LOGOUT": [b"BYE"], b"NOOP": []}
"""Commands that need no login, and what is said to them."""
_ARGUMENT = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')


class MailboxServer:
    """The server: `await start()`, `put` messages, look at `seen`; `await stop()`."""

    def __init__(self, user: str = "drill", password: str = "drill") -> None:  # noqa: S107 - nobody's: a simulator's
        self.user, self.password = user, password
        self.port = 0
        self.messages: list[bytes] = []
        """The first has the UID 1."""
        self.seen: set[int] = set()
        """UIDs that were marked as opened."""
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on this machine."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=_LONGEST_LINE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()
            self._server = None

    def put(self, message: bytes) -> int:
        """Lay a message into the folder; returns its UID."""
        self.messages.append(message)
        return len(self.messages)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = _Conversation(self)
        writer.write(b"* OK simulator ready\r\n")
        with contextlib.suppress(ConnectionError, ValueError):
            while not conversation.is_over and (line := await reader.readline()):
                writer.write(conversation.answer(line.strip()))
                await writer.drain()
        writer.close()


class _Conversation:
    """One client, command by command."""

    def __init__(self, server: MailboxServer) -> None:
        self.is_over = False
        self._server = server
        self._is_known = self._is_open = False

    def answer(self, line: bytes) -> bytes:
        """What is said to one line, whole."""
        tag, *words = [bytes(quoted or plain) for quoted, plain in _ARGUMENT.findall(line)] or [b"*"]
        name = words[0].upper() if words else b""
        untagged, said = self._do(name, words[1:])
        return b"".join(b"* " + one + b"\r\n" for one in untagged) + tag + b" " + said + b"\r\n"

    def _do(self, name: bytes, words: list[bytes]) -> tuple[Iterable[bytes], bytes]:
        if name == b"LOGIN":
            self._is_known = words == [self._server.user.encode(), self._server.password.encode()]
            return [], b"OK welcome" if self._is_known else b"NO [AUTHENTICATIONFAILED] no"
        if name in {b"SELECT", b"EXAMINE"} and self._is_known:
            self._is_open = True
            return self._opened(), b"OK [READ-WRITE] done"
        if name == b"UID" and self._is_open and words:
            return self._by_uid(words[0].upper(), words[1:])
        self.is_over = name == b"LOGOUT"
        said = _ALWAYS.get(name)
        return ([], b"BAD not known here") if said is None else (said, b"OK done")

    def _opened(self) -> list[bytes]:
        number = len(self._server.messages)
        return [b"%d EXISTS" % number, b"OK [UIDVALIDITY 1] valid", b"OK [UIDNEXT %d] next" % (number + 1)]

    def _by_uid(self, name: bytes, words: list[bytes]) -> tuple[Iterable[bytes], bytes]:
        server = self._server
        if name == b"SEARCH":
            every = range(1, len(server.messages) + 1)
            found = [uid for uid in every if not (b"UNSEEN" in words and uid in server.seen)]
            return [b" ".join((b"SEARCH", *(b"%d" % uid for uid in found)))], b"OK done"
        uid = int(words[0]) if words and words[0].isdigit() else 0
        if not 1 <= uid <= len(server.messages):
            return [], b"OK nothing there"
        if name == b"STORE":
            server.seen.add(uid)
            return [], b"OK done"
        if name == b"FETCH":
            return [self._fetched(uid, b" ".join(words[1:]))], b"OK done"
        return [], b"BAD not known here"

    def _fetched(self, uid: int, what: bytes) -> bytes:
        content = self._server.messages[uid - 1]
        if b"SIZE" in what:
            return b"%d FETCH (UID %d RFC822.SIZE %d)" % (uid, uid, len(content))
        return b"%d FETCH (UID %d BODY[] {%d}\r\n%b)" % (uid, uid, len(content), content)
