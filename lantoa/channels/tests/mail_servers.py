"""Mail servers by others, started on free ports of this machine, and a certificate for them to show."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import email
import email.policy
import ipaddress
import os
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

USER, PASSWORD = "thong-bao", "mật khẩu & thử"  # of the tests' own servers


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key behind it, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption(),
        ),
    )
    return path


def showing(certificate: Path) -> ssl.SSLContext:
    """A server's side of TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def readable(content: bytes) -> str:
    """The plain text of a message."""
    body = email.message_from_bytes(content, policy=email.policy.default).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Kept:
    """What aiosmtpd was handed."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 - aiosmtpd's name
        self.messages += [(address, readable(envelope.content)) for address in envelope.rcpt_tos]
        return "250 2.0.0 kept"


def _signs_in(*asked: Any) -> AuthResult:
    *_, data = asked  # aiosmtpd gives the server, the session, the envelope and the mechanism before it
    return AuthResult(success=(data.login.decode(), data.password.decode()) == (USER, PASSWORD))


@contextlib.contextmanager
def aiosmtpd_server(certificate: Path) -> Any:
    """A server that takes mail only over STARTTLS and from who signs in; it has no PIPELINING."""
    kept = Kept()
    controller = Controller(
        kept, hostname="127.0.0.1", port=free_port(), tls_context=showing(certificate), require_starttls=True,
        auth_required=True, authenticator=_signs_in, enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        yield controller, kept
    finally:
        if controller.server is not None:
            controller.stop()


class Sink:
    """Postfix's `smtp-sink`, which keeps each message in a file."""

    def __init__(self, command: str, folder: Path, *options: str) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir(exist_ok=True)
        identity = ["-u", "root"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [command, *identity, *options, "-d", "message.", f"127.0.0.1:{self.port}", "100"], cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    async def ready(self) -> None:
        """Wait until it listens."""
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    await writer.wait_closed()
                    return
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End it with all its connections."""
        self.process.terminate()
        await asyncio.to_thread(self.process.wait)

    def received(self) -> list[tuple[str, str]]:
        """Recipient and text of each whole message; smtp-sink puts headers of its own before them."""
        found = []
        for path in sorted(self.folder.glob("message.*")):
            content = path.read_bytes()
            message = email.message_from_bytes(content, policy=email.policy.default)
            found.append((str(message["X-Rcpt-Args"]).strip("<>"), readable(content)))
        return found


@contextlib.asynccontextmanager
async def sink(command: str, folder: Path, *options: str) -> AsyncIterator[Sink]:
    """A `smtp-sink` while the test runs."""
    server = Sink(command, folder, *options)
    try:
        await server.ready()
        yield server
    finally:
        await server.stop()
