"""A socket for libcurl to a checked address."""

from __future__ import annotations

import socket
from typing import Any


class HandedSocket:
    """What libcurl's hook wants: something with a `fileno`, which it duplicates; ours is closed when it is let go."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner

    def fileno(self) -> int:
        """The number of the open socket."""
        return self._inner.fileno()

    def __del__(self) -> None:
        self._inner.close()


def open_public_socket(address: Any) -> HandedSocket:
    """Open a socket of the family that libcurl's `address` names."""
    return HandedSocket(socket.socket(address.family, address.socktype, address.protocol))
