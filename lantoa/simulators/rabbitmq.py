"""A RabbitMQ of one's own for a while: for tests and trials that restart it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from lantoa.simulators.ports import free_port

PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
LONGEST = 60.0
"""Seconds it may take to start."""


def is_installed() -> bool:
    """Whether the server's program is on this machine."""
    return PROGRAM.exists()


class Broker:
    """A server in a folder and on ports of its own; what it holds survives a restart."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lantoa-rabbitmq-"))
        self.port, self._between, self._names = (free_port() for _ in range(3))
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:
            shutil.chown(self.folder, "rabbitmq", "rabbitmq")

    @property
    def url(self) -> str:
        """The same as `LANTOA_BROKER`."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        own = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"lantoa{self.port}@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port), "RABBITMQ_DIST_PORT": str(self._between),
            "ERL_EPMD_PORT": str(self._names), "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"), "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"), "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
        }
        command = [str(PROGRAM)]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--clear-groups", *command]
        self._process = subprocess.Popen(  # noqa: S603 - the program of the server
            command, cwd="/", env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            # It may hang up, or say nothing, while it is still starting.
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"AMQP\x00\x00\x09\x01")
                if line.recv(1):
                    return
            time.sleep(0.2)
        raise TimeoutError(f"RabbitMQ did not start: {self.folder / 'log'}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it; `SIGKILL` is as if the power were cut."""
        if self._process is not None:
            os.killpg(self._process.pid, how)
            self._process.wait(LONGEST)
            self._process = None

    def remove(self) -> None:
        """Stop it for good."""
        self.stop(signal.SIGKILL)
        names = shutil.which("epmd")
        if names:  # it was started beside the server and would go on without it
            own = {**os.environ, "ERL_EPMD_PORT": str(self._names)}
            subprocess.run([names, "-kill"], env=own, check=False, capture_output=True)  # noqa: S603 - Erlang's own
        shutil.rmtree(self.folder, ignore_errors=True)
