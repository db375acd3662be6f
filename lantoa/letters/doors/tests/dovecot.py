"""A real IMAP server (Dovecot) for tests: started on free ports of this machine as whoever runs the tests."""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "mật khẩu & thử"  # noqa: S105 - of the test's own server
CONFIG = """
protocols = imap
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{home}/mail
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
first_valid_uid = 1
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = .
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server with one mailbox, `can-bo`."""

    home: Path
    port: int
    tls_port: int

    @property
    def ca_file(self) -> Path:
        """The certificate that vouches for it."""
        return self.home / "cert.pem"

    @contextlib.contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Sign in as somebody who reads the mailbox with another program."""
        imap = imaplib.IMAP4("127.0.0.1", self.port)
        imap.authenticate("PLAIN", lambda _: f"\0can-bo\0{PASSWORD}".encode())
        try:
            yield imap
        finally:
            imap.logout()

    def put(self, message: bytes, flags: str = "") -> None:
        """Let a message arrive."""
        with self.client() as imap:
            assert imap.append("INBOX", flags, "", message)[0] == "OK"

    def held(self, folder: str = "INBOX") -> list[bytes]:
        """The flags of each message of a folder."""
        with self.client() as imap:
            answer, counted = imap.select(folder, readonly=True)
            if answer != "OK" or counted == [b"0"]:
                return []
            return [line for line in imap.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]


@contextlib.contextmanager
def running_dovecot(command: str, openssl: str, prefix: str = "") -> Iterator[Dovecot]:
    """Start a server and stop it at the end; `prefix` stands before the names of its folders."""
    home = Path(tempfile.mkdtemp(prefix="dv"))  # its sockets have long names, and a path of a socket has 107 signs
    server = Dovecot(home, *_free_ports())
    _write_files(server, openssl, prefix)
    process = subprocess.Popen([command, "-F", "-c", str(home / "conf")], stderr=subprocess.DEVNULL)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _write_files(server: Dovecot, openssl: str, prefix: str) -> None:
    home = server.home
    # A mailbox of root's is refused, and a process that is not root's can be nobody else.
    owner = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    (home / "mail").mkdir()
    (home / "users").write_text(f"can-bo:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", home / "key.pem", "-out", home / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    if os.geteuid() == 0:
        home.chmod(0o755)
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
        (home / "users").chmod(0o644)
    text = CONFIG.format(
        home=home, user=owner.pw_name, group=grp.getgrgid(owner.pw_gid).gr_name, uid=owner.pw_uid, gid=owner.pw_gid,
        port=server.port, tls_port=server.tls_port, prefix=prefix,
    )  # fmt: skip
    (home / "conf").write_text(text, encoding="utf-8")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error), server.client():
            return
        time.sleep(0.1)
    log = server.home / "log"
    raise AssertionError(log.read_text(encoding="utf-8") if log.exists() else "Dovecot does not start")
