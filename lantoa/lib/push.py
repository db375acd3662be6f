"""Web push: messages encrypted for a browser (RFC 8291) and the sender's proof of who it is (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MOST_PLAINTEXT = 3993
"""Bytes: a push service need not take more than 4096 (RFC 8030 §7.2), of which 86 are the header of the one record
and 17 its padding delimiter and tag (RFC 8291 §4)."""
RECORD_SIZE = 4096
_CURVE = ec.SECP256R1()


class SubscriptionError(ValueError):
    """What a browser is said to have given is no subscription."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where and for whom to encrypt (https://www.w3.org/TR/push-api/#dom-pushsubscriptionjson)."""

    endpoint: str
    key: bytes
    """The browser's public key, a point of P-256, uncompressed (65 bytes)."""
    auth: bytes
    """16 secret bytes."""


def read_subscription(text: str) -> Subscription:
    """The subscription in a browser's JSON. Raises `SubscriptionError`."""
    try:
        given = json.loads(text)
        keys = given["keys"]
        found = Subscription(str(given["endpoint"]), unbase64(keys["p256dh"]), unbase64(keys["auth"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SubscriptionError("no subscription as browsers give it") from error
    if len(found.key) != 65 or len(found.auth) != 16:
        raise SubscriptionError("the subscription's keys have the wrong length")
    return found


def encrypt(plaintext: bytes, to: Subscription) -> bytes:
    """One record `aes128gcm` (RFC 8188) for one browser, with a key of its own (RFC 8291 §3.1 asks for that).

    Raises `SubscriptionError` when the browser's key is no point of the curve, `ValueError` for too long a text.
    """
    if len(plaintext) > MOST_PLAINTEXT:
        raise ValueError(f"{len(plaintext)} bytes; at most {MOST_PLAINTEXT} fit into a push message")
    sender = ec.generate_private_key(_CURVE)
    return encrypt_with(plaintext, to, sender, os.urandom(16))


def encrypt_with(plaintext: bytes, to: Subscription, sender: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The same with key and salt given: for the example of RFC 8291 §5. Never use a pair twice."""
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.key)
    except ValueError as error:
        raise SubscriptionError("the subscription's key is no point of P-256") from error
    shared = sender.exchange(ec.ECDH(), public)
    ours = _point(sender.public_key())
    material = _hkdf(to.auth, shared, b"WebPush: info\0" + to.key + ours, 32)
    content_key = _hkdf(salt, material, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, material, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(content_key).encrypt(nonce, plaintext + b"\x02", None)


def _hkdf(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-256 (RFC 5869) for at most 32 bytes: one round of expansion."""
    return hmac.digest(hmac.digest(salt, material, "sha256"), info + b"\x01", "sha256")[:length]


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class VapidKey:
    """The key pair by which push services know the sender; browsers subscribe to its public half."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @cached_property
    def public(self) -> str:
        """What a page gives the browser as `applicationServerKey`, and what stands in the header as `k`."""
        return base64url(_point(self._private.public_key()))

    def token(self, origin: str, contact: str, ends_at: int) -> str:
        """The value of `Authorization` for one push service (RFC 8292 §2, §3).

        `origin` is the endpoint's, `contact` a `mailto:` or `https:` address, `ends_at` seconds since 1970, at most a
        day from now.
        """
        claims = {"aud": origin, "exp": ends_at, "sub": contact}
        signed = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (_JWT_HEADER, claims))
        r, s = utils.decode_dss_signature(self._private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")  # RFC 7518 §3.4
        return f"vapid t={signed}.{base64url(signature)}, k={self.public}"


_JWT_HEADER = {"typ": "JWT", "alg": "ES256"}


def load_vapid_key(path: Path) -> VapidKey:
    """The key in a PEM file (PKCS #8); made there once, readable by the owner alone, when the file is missing.

    Another key makes every subscription worthless: keep the file in the backup. Raises `OSError`, or `ValueError` for
    a file that holds no P-256 key.
    """
    if not path.exists():
        _make_key(path)
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} holds no key") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != _CURVE.name:
        raise ValueError(f"{path} holds no key of P-256")
    return VapidKey(private)


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(_CURVE).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption(),
    )
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by the owner alone
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whole or not at all; another process may have made it a moment ago
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def base64url(data: bytes) -> str:
    """Without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64(text: str) -> bytes:
    """The bytes of base64, of either alphabet, padded or not. Raises `ValueError`."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error


def topic_of(text: str) -> str:
    """A `Topic` (RFC 8030 §5.4), at most 32 characters of the URL-safe alphabet, the same for the same text."""
    return base64url(hashlib.sha256(text.encode()).digest())[:32]
