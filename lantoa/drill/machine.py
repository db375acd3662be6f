"""The installation at work, in this process: the engine that sends, and the pages that providers and people call."""

from __future__ import annotations

import socketserver
import threading
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from lantoa.delivery.engine.starting import run_engine, usual_manner

if TYPE_CHECKING:
    import asyncio
    import socket

    from lantoa.delivery.engine.engine import Engine

POLL = 0.1
"""Seconds between the engine's looks at which dispatches run."""


class _Handler(WSGIRequestHandler):
    """Answers, and says nothing on the terminal."""

    def log_message(self, *_: object) -> None:
        """Say nothing: the sheet does."""

    def handle(self) -> None:
        """Answer one request in a thread whose database connection ends with it."""
        try:
            super().handle()
        finally:
            close_old_connections()


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A caller that hung up is no matter."""


class Machine:
    """The engine and the pages; `start` them, and `stop` them at the end."""

    def __init__(self, listening: socket.socket) -> None:
        """`listening` is bound already: its address is in the settings, and in every link."""
        self._pages = _Server(listening.getsockname(), _Handler, bind_and_activate=False)
        self._pages.socket.close()
        self._pages.socket = listening
        self._pages.server_name, self._pages.server_port = listening.getsockname()[:2]
        self._pages.setup_environ()
        self._pages.set_app(get_wsgi_application())
        self._engine: tuple[asyncio.AbstractEventLoop, Engine] | None = None
        self._threads = [
            threading.Thread(target=self._pages.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True),
            threading.Thread(target=self._send, daemon=True),
        ]
        self.failure: Exception | None = None
        """Why the engine ended, if it did so by itself."""

    def start(self) -> None:
        """Begin to answer and to send."""
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        try:
            run_engine(usual_manner(poll=POLL, grace=3.0, started=self._started))
        except Exception as error:  # noqa: BLE001 - told by whoever waits for it
            self.failure = error

    def _started(self, engine: tuple[asyncio.AbstractEventLoop, Engine]) -> None:
        self._engine = engine

    def stop(self) -> None:
        """End both, and wait."""
        if self._engine is not None:
            loop, engine = self._engine
            loop.call_soon_threadsafe(engine.stop)
        self._pages.shutdown()
        self._pages.server_close()
        for thread in self._threads:
            thread.join(timeout=15)
