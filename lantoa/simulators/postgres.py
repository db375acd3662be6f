"""A PostgreSQL server of one's own for a while: for tests, benches and trials that kill it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from lantoa.simulators.ports import free_port

PROGRAMS = Path("/usr/lib/postgresql")


def is_installed() -> bool:
    """Whether the server's programs are on this machine."""
    return any(PROGRAMS.glob("*/bin/initdb"))


class Server:
    """A PostgreSQL server in a folder and on a port of its own."""

    def __init__(self) -> None:
        # Not in pytest's folder: that is closed to the account which the server runs as.
        self.folder = Path(tempfile.mkdtemp(prefix="lantoa-postgres-"))
        self._programs = max(PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))
        self.port = free_port()

    @property
    def settings(self) -> dict[str, Any]:
        """How Django connects."""
        return {
            "ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": self.port, "USER": "postgres",
            "PASSWORD": "", "OPTIONS": {},
        }

    def url(self, name: str) -> str:
        """The same as `DATABASE_URL`."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def make(self) -> None:
        """Make an empty cluster; a server may not run as root, so another account owns it."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        kind = ("--encoding", "UTF8", "--locale", "C", "--auth", "trust", "--username", "postgres", "--no-sync")
        self._run("initdb", *kind, "--pgdata", self._data)

    def start(self, **options: str) -> None:
        """Start it, and wait until it answers."""
        own = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
               "max_connections": "60", **options}
        told = " ".join(f"-c {key}={value or chr(39) * 2}" for key, value in own.items())
        self._run("pg_ctl", "start", "--wait", "--pgdata", self._data, "--log", str(self.folder / "log"),
                  "--options", told)

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is as if the power were cut."""
        self._run("pg_ctl", "stop", "--mode", how, "--wait", "--pgdata", self._data)

    def remove(self) -> None:
        """Stop it for good."""
        self.stop("immediate")
        shutil.rmtree(self.folder)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        own = {"PATH": os.environ["PATH"]}
        ran = subprocess.run(  # noqa: S603 - the programs of the server, with arguments of our own
            command, cwd="/", capture_output=True, text=True, check=False, env=own
        )
        if ran.returncode:
            raise RuntimeError(f"{program}: {ran.stdout} {ran.stderr}")
