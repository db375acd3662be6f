"""Browsers that subscribed, for tests: each has its keys, and decrypts with http_ece, written by others."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

import http_ece  # type: ignore[import-untyped]  # it publishes no types
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lantoa.lib.push import base64url


@dataclass(frozen=True)
class Browser:
    """One subscription."""

    path: str
    key: ec.EllipticCurvePrivateKey
    auth: bytes

    def address(self, origin: str) -> str:
        """The JSON a browser gives."""
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint,
        )
        keys = {"p256dh": base64url(point), "auth": base64url(self.auth)}
        return json.dumps({"endpoint": f"{origin}{self.path}", "expirationTime": None, "keys": keys})

    def read(self, body: bytes) -> str:
        """What was encrypted for it."""
        plain: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return plain.decode()


def browsers(number: int) -> list[Browser]:
    """So many subscriptions."""
    return [Browser(f"/push/{n}", ec.generate_private_key(ec.SECP256R1()), os.urandom(16)) for n in range(number)]
