"""A mail server to rehearse against: quick, counting what it really took, misbehaving as its script says.

    python -m lantoa.simulators.smtp --port 2525 --record taken.tsv --temporary 0.1

What it took is known by recipient and Message-ID, in memory or in a file that is whole after the program was killed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import sys
import time
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast
from zlib import crc32

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

_MESSAGE_ID = re.compile(rb"(?:^|\n)message-id:\s*<([^>\r\n]{0,250})>", re.IGNORECASE)
_MOST_LINE = 4_096
_OK = b"250 2.0.0 Ok\r\n"


@dataclass(frozen=True, slots=True)
class Script:
    """How the server behaves. A share is of addresses, always the same ones for a seed."""

    seed: int = 0
    delay: float = 0.0
    """Seconds before a message is answered."""
    temporary: float = 0.0
    """Share refused for now (451) at the first try."""
    permanent: float = 0.0
    """Share that does not exist (550)."""
    unwanted: float = 0.0
    """Share whose content is refused (554), after it was heard."""
    lost: float = 0.0
    """Share whose first message is taken, and the connection cut instead of an answer."""
    greylist: float = 0.0
    """Seconds an address is put off from its first try."""
    closes_after: int = 0
    """421 after so many messages of a connection; 0 never."""
    most_connections: int = 0
    """421 to a connection beyond so many; 0 is no limit."""
    hears_refused: bool = False
    """Answers DATA with 354 even when the recipient was refused (RFC 2920 §3.1)."""
    pipelining: bool = True
    eight_bit: bool = True
    utf8: bool = True
    receipts: bool = False
    size: int = 0
    """Most octets of a message; 0 is no limit."""
    tls: ssl.SSLContext | None = None
    """Offers STARTTLS with this certificate."""
    is_tls_from_the_start: bool = False
    users: Mapping[str, str] = field(default_factory=dict)
    """Who must sign in, and by which password; none: anybody may send."""
    logins: Sequence[str] = ("PLAIN", "LOGIN")

    def strikes(self, share: float, what: str, address: str) -> bool:
        """Whether an address is among the share of those something happens to."""
        return share > 0 and crc32(f"{self.seed}:{what}:{address}".encode()) < share * 2**32


class Arrivals:
    """What a server took: recipient and Message-ID, once for each time."""

    def __init__(self, record: Path | None = None, *, keeps_content: bool = False) -> None:
        """With a `record` they are appended to that file before the server answers, else kept in memory."""
        self.taken: list[tuple[str, str]] = []
        self.at: list[float] = []
        """When each of `taken` came, in seconds since 1970."""
        self.contents: list[bytes] = []
        """Of each message as it was meant, without stuffed dots; only if it `keeps_content`."""
        self.count = 0
        self._keeps_content = keeps_content
        self._file = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) if record else -1
        self._lines: list[str] = []

    def add(self, recipients: list[str], content: bytes) -> None:
        """Take one message."""
        found = _MESSAGE_ID.search(content)
        name = found[1].decode("utf-8", "replace") if found else ""
        self.count += len(recipients)
        if self._file >= 0:
            self._lines += [f"{recipient}\t{name}\n" for recipient in recipients]
        else:
            self.taken += [(recipient, name) for recipient in recipients]
            self.at += [time.time()] * len(recipients)
        if self._keeps_content:
            plain = content.replace(b"\r\n..", b"\r\n.")
            self.contents += [plain[1:] if plain.startswith(b"..") else plain] * len(recipients)

    def keep(self) -> None:
        """Write down what was taken since; called before it is answered for."""
        if self._lines:
            os.write(self._file, "".join(self._lines).encode())
            self._lines.clear()

    def close(self) -> None:
        """Close the record."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def read_record(record: Path) -> Counter[tuple[str, str]]:
    """How often each message was taken, by recipient and Message-ID, from the record of a server that may be gone."""
    lines = record.read_text(encoding="utf-8").splitlines()
    return Counter((recipient, name) for recipient, _, name in (line.partition("\t") for line in lines))


class MailServer:
    """Listens on this machine and speaks SMTP (RFC 5321) as its script says."""

    def __init__(self, script: Script | None = None, arrivals: Arrivals | None = None) -> None:
        """Listen only after `start`."""
        self.script = script or Script()
        self.arrivals = arrivals or Arrivals()
        self.port = 0
        self.conversations: set[_Conversation] = set()
        self.seen: dict[str, float] = {}
        """When an address was first refused for now."""
        self.cut: set[str] = set()
        """Addresses whose first message went unanswered."""
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0, *, host: str = "127.0.0.1") -> None:
        """Listen on this machine; once stopped, on the same port again unless told another."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Conversation(self), host, port or self.port,
            ssl=self.script.tls if self.script.is_tls_from_the_start else None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        if self._server:
            self._server.close()
            self.cut_all()
            await self._server.wait_closed()
            self._server = None
            await asyncio.sleep(0)

    def cut_all(self) -> None:
        """Cut every connection; new ones are let in."""
        for conversation in tuple(self.conversations):
            conversation.cut()


class _Conversation(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, server: MailServer) -> None:
        self._server, self._script = server, server.script
        self._transport = cast("asyncio.Transport", None)
        self._buffer = b""
        self._out: list[bytes] = []
        self._is_blocked = self._is_over = self._is_secret = self._forgets = False
        self._is_known = not self._script.users
        self._login: list[str] | None = None
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        """No message is under way."""
        self._has_sender = self._is_in_data = False
        self._recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.conversations.add(self)
        most = self._script.most_connections
        if most and len(self._server.conversations) > most:
            self._dismiss("421 4.7.0 Too many connections")
        else:
            self._out.append(b"220 simulator ESMTP\r\n")
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it went changes nothing
        self._is_over = True
        self._server.conversations.discard(self)

    def cut(self) -> None:
        """Break off without a word."""
        self._is_over = True
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        self._work()

    def _work(self) -> None:
        """Take in what is there, then answer all of it in one write."""
        buffer, start = self._buffer, 0
        while not (self._is_blocked or self._is_over):
            if self._is_in_data:
                if buffer.startswith(b".\r\n", start):
                    end, behind = start, start + 3
                else:
                    end = buffer.find(b"\r\n.\r\n", start)
                    if end < 0:
                        break
                    end, behind = end + 2, end + 5
                self._take(buffer[start:end])
            else:
                behind = buffer.find(b"\n", start) + 1
                if not behind:
                    break
                self._hear(buffer[start:behind].rstrip(b"\r\n"))
            start = behind
        self._buffer = b"" if self._forgets else buffer[start:]
        self._forgets = False
        if not self._is_in_data and not self._is_blocked and len(self._buffer) > _MOST_LINE:
            self._dismiss("500 5.5.2 Line too long")
        self._flush()

    def _flush(self) -> None:
        self._server.arrivals.keep()
        if self._out:
            out, self._out = self._out, []
            self._transport.write(b"".join(out))

    def _say(self, line: str) -> None:
        self._out.append(f"{line}\r\n".encode())

    def _dismiss(self, line: str) -> None:
        self._say(line)
        self._flush()
        self._is_over = True
        self._transport.close()

    # Commands.

    def _hear(self, line: bytes) -> None:
        if self._login is not None:
            self._sign_in(line)
            return
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient(line)
        elif verb == b"MAIL":
            self._mail(line)
        elif verb == b"DATA":
            self._data()
        elif verb == b"RSET":
            self._begin()
            self._out.append(_OK)
        else:
            self._hear_seldom(verb, line)

    def _hear_seldom(self, verb: bytes, line: bytes) -> None:
        if verb == b"EHLO":
            self._begin()
            self._offer()
        elif verb == b"HELO":
            self._begin()
            self._say("250 simulator")
        elif verb == b"NOOP":
            self._out.append(_OK)
        elif verb == b"QUIT":
            self._dismiss("221 2.0.0 Bye")
        elif verb == b"AUTH" and self._script.users:
            self._auth(line)
        elif line.upper() == b"STARTTLS" and self._script.tls and not self._is_secret:
            self._encrypt()
        else:
            self._say("502 5.5.1 Command not known")

    def _offer(self) -> None:
        script = self._script
        offers = {
            "simulator": True, "PIPELINING": script.pipelining, "8BITMIME": script.eight_bit, "SMTPUTF8": script.utf8,
            "DSN": script.receipts, f"SIZE {script.size}": True, "ENHANCEDSTATUSCODES": True,
            "STARTTLS": bool(script.tls) and not (self._is_secret or script.is_tls_from_the_start),
            f"AUTH {' '.join(script.logins)}": bool(script.users),
        }
        words = [word for word, is_offered in offers.items() if is_offered]
        for word in words[:-1]:
            self._say(f"250-{word}")
        self._say(f"250 {words[-1]}")

    def _mail(self, line: bytes) -> None:
        script = self._script
        size = re.search(rb"\bSIZE=(\d{1,18})", line)
        if script.closes_after and self._count >= script.closes_after:
            self._dismiss("421 4.7.0 Enough messages on this connection")
        elif not self._is_known:
            self._say("530 5.7.0 Authentication required")
        elif self._has_sender:
            self._say("503 5.5.1 Nested MAIL command")
        elif script.size and size and int(size[1]) > script.size:
            self._say("552 5.3.4 Message too big")
        elif b" SMTPUTF8" in line and not script.utf8:
            self._say("555 5.5.4 Parameter not known")
        else:
            self._has_sender = True
            self._out.append(_OK)

    def _recipient(self, line: bytes) -> None:
        address = line[line.find(b"<") + 1:line.find(b">")].decode("utf-8", "replace")
        if not self._has_sender:
            self._say("503 5.5.1 Need MAIL before RCPT")
        elif refusal := self._refusal(address):
            self._say(refusal)
        else:
            self._recipients.append(address)
            self._out.append(_OK)

    def _refusal(self, address: str) -> str:
        script = self._script
        if script.strikes(script.permanent, "permanent", address):
            return f"550 5.1.1 <{address}>: no such user here"
        if script.strikes(script.temporary, "temporary", address) and address not in self._server.seen:
            self._server.seen[address] = 0.0
            return "451 4.3.0 Error in processing, try later"
        if script.greylist:
            now = asyncio.get_running_loop().time()
            left = self._server.seen.setdefault(address, now) + script.greylist - now
            if left > 0:
                return f"451 4.7.1 Greylisted, please try again in {int(left) + 1} seconds"
        return ""

    def _data(self) -> None:
        if self._recipients or (self._has_sender and self._script.hears_refused):
            self._is_in_data = True
            self._say("354 End data with <CR><LF>.<CR><LF>")
        else:
            self._say("554 5.5.1 No valid recipients")

    def _take(self, content: bytes) -> None:
        script, recipients = self._script, self._recipients
        self._begin()
        self._count += 1
        address = recipients[0] if recipients else ""
        if not recipients:
            self._say("554 5.5.1 No valid recipients")
        elif script.size and len(content) > script.size:
            self._say("552 5.3.4 Message too big")
        elif script.strikes(script.unwanted, "unwanted", address):
            self._say("554 5.7.1 Message refused by policy")
        else:
            self._server.arrivals.add(recipients, content)
            if script.strikes(script.lost, "lost", address) and address not in self._server.cut:
                self._server.cut.add(address)
                self._flush()
                self._is_over = True
                self._transport.close()
            elif script.delay:
                self._is_blocked = True
                asyncio.get_running_loop().call_later(script.delay, self._answer_late)
            else:
                self._out.append(_OK)

    def _answer_late(self) -> None:
        self._is_blocked = False
        self._out.append(_OK)
        self._work()

    # Encryption and login.

    def _encrypt(self) -> None:
        self._say("220 2.0.0 Ready to start TLS")
        self._flush()
        self._is_blocked = True
        self._forgets = True  # what was said in the clear behind the command
        self._transport.pause_reading()
        self._task = asyncio.get_running_loop().create_task(self._secure())

    async def _secure(self) -> None:
        loop = asyncio.get_running_loop()
        assert self._script.tls is not None  # noqa: S101 - else it was not offered
        with contextlib.suppress(OSError):  # a client that does not trust us
            transport = await loop.start_tls(self._transport, self, self._script.tls, server_side=True)
            if transport is None:
                return
            self._transport = transport
            self._is_blocked, self._is_secret = False, True
            self._begin()
            self._work()

    def _auth(self, line: bytes) -> None:
        _, kind, *first = [*line.decode("utf-8", "replace").split(" "), ""]
        kind = kind.upper()
        if kind not in self._script.logins:
            self._say("504 5.5.4 Mechanism not known")
            return
        self._login = [kind]
        if kind == "PLAIN" and first[0]:
            self._sign_in(first[0].encode())
        else:
            self._say("334 " if kind == "PLAIN" else "334 VXNlcm5hbWU6")

    def _sign_in(self, line: bytes) -> None:
        kind, *words = self._login or [""]
        words.append(_decoded(line))
        if kind == "LOGIN" and len(words) == 1:
            self._login = [kind, *words]
            self._say("334 UGFzc3dvcmQ6")
            return
        self._login = None
        if kind == "PLAIN":
            words = words[0].split("\0")[1:]
        user, password = (*words, "", "")[:2]
        self._is_known = bool(user) and self._script.users.get(user) == password
        self._say("235 2.7.0 Welcome" if self._is_known else "535 5.7.8 Authentication failed")


def _decoded(line: bytes) -> str:
    try:
        return b64decode(line, validate=True).decode()
    except ValueError:
        return ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one until it is stopped; its port is the first line of standard output."""
    parser = argparse.ArgumentParser(prog="python -m lantoa.simulators.smtp", description="A mail server to rehearse.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path, help="append what is taken to this file: recipient, tab, Message-ID")
    kinds = {"int": int, "float": float}
    plain = [entry for entry in fields(Script) if entry.type in kinds]
    for entry in plain:
        parser.add_argument(f"--{entry.name.replace('_', '-')}", type=kinds[str(entry.type)], default=entry.default)
    chosen = parser.parse_args(arguments)
    script = Script(**{entry.name: getattr(chosen, entry.name) for entry in plain})
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_serve(MailServer(script, Arrivals(chosen.record)), chosen.port))


async def _serve(server: MailServer, port: int) -> None:
    await server.start(port)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
