"""Browsers that subscribed to notices: each has its keys, and reads what was encrypted for it (RFC 8291)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lantoa.lib.push import base64url

_CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True)
class Browser:
    """One subscription; `path` is its address at the push service."""

    path: str
    key: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def _point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def address(self, origin: str) -> str:
        """What the browser gives the page, its keys in the order in which we keep them."""
        keys = {"auth": base64url(self.auth), "p256dh": base64url(self._point)}
        return json.dumps({"endpoint": f"{origin}{self.path}", "keys": keys}, separators=(",", ":"))

    def read(self, body: bytes) -> str:
        """The words of one encrypted message of one record. Raises `ValueError` or `InvalidTag` for anything else."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21:21 + length], body[21 + length:]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender))
        secret = _derived(self.auth, shared, b"WebPush: info\0" + self._point + sender, 32)
        content_key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        return AESGCM(content_key).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\x02").decode()


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def browsers(number: int) -> list[Browser]:
    """So many subscriptions."""
    return [Browser(f"/push/{n}", ec.generate_private_key(_CURVE), os.urandom(16)) for n in range(1, number + 1)]
