"""DKIM signatures (RFC 6376; RFC 8463 for Ed25519): relaxed/relaxed, one for each key, quick for a million messages."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from lantoa.lib.smtp.headers import relaxed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SIGNED = (
    "from", "reply-to", "subject", "date", "to", "message-id", "mime-version", "content-type",
    "content-transfer-encoding", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
"""What a signature is over, where it is there (RFC 6376 §5.4.1, RFC 8058 §4)."""
SEALED = ("from", "subject", "to")
"""Named once more than they stand there, so that nobody can add a second one (RFC 6376 §8.15)."""
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_LEAST_BITS = 1024
"""Shorter keys count as no signature (RFC 8301 §3.2)."""
_FOLD = 70


class SigningError(ValueError):
    """A key cannot sign; the message, in Vietnamese, says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, and where its public half is found: the TXT record `selector._domainkey.domain`."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        """`rsa-sha256` or `ed25519-sha256`."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    @property
    def record(self) -> str:
        """The TXT record that whoever keeps the domain must publish (RFC 6376 §3.6.1, RFC 8463 §4)."""
        public = self.key.public_key()
        if isinstance(self.key, RSAPrivateKey):
            kind, data = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            kind, data = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k={kind}; p={b64encode(data).decode()}"

    def sign(self, digest_input: bytes) -> str:
        """The signature over canonical headers, in base64."""
        if isinstance(self.key, RSAPrivateKey):
            return b64encode(self.key.sign(digest_input, PKCS1v15(), SHA256())).decode()
        return b64encode(self.key.sign(sha256(digest_input).digest())).decode()  # RFC 8463 §3: over the hash


def read_signer(domain: str, selector: str, key_file: Path) -> Signer:
    """The signer whose private key (PEM, RSA or Ed25519) lies in a file. Raises `SigningError`."""
    if not _NAME.fullmatch(domain) or not _NAME.fullmatch(selector):
        raise SigningError(f"DKIM: tên miền “{domain}” hoặc bộ chọn “{selector}” viết sai.")
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:  # TypeError: the key is locked by a password
        raise SigningError(f"DKIM: không đọc được khóa trong {key_file}: {error}") from error
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise SigningError(f"DKIM: {key_file} không phải là khóa RSA hoặc Ed25519.")
    if isinstance(key, RSAPrivateKey) and key.key_size < _LEAST_BITS:
        raise SigningError(f"DKIM: khóa RSA trong {key_file} quá ngắn ({key.key_size} bit); cần từ 2048 bit.")
    return Signer(domain.lower(), selector, key)


class Seal:
    """The signatures of one compiled message: what is the same for everyone is made canonical once."""

    def __init__(self, signers: Sequence[Signer], fixed: Sequence[str], variable: Sequence[str]) -> None:
        """`fixed` are whole header lines, `variable` the names of those that differ, in lower case, each name once."""
        lines = {line.partition(":")[0]: line for line in map(relaxed, fixed)}
        names = [name for name in SIGNED if name in lines]
        self._over = "".join(f"{lines[name]}\r\n" for name in names)
        self._order = [name for name in SIGNED if name in variable]
        listed = ":".join([*names, *self._order, *SEALED])
        self._behind = f";\r\n h={listed};\r\n bh="
        self._signers = [
            (signer, f" v=1; a={signer.algorithm}; c=relaxed/relaxed; d={signer.domain};\r\n s={signer.selector}; t=")
            for signer in signers
        ]

    def lines(self, variable: Mapping[str, str], body_hash: str, at: int) -> str:
        """The `DKIM-Signature` lines for the top of a message.

        `variable` gives the whole lines by name; `body_hash` is that of the canonical body in base64; `at` is the
        second of signing.
        """
        over = self._over + "".join(f"{relaxed(variable[name])}\r\n" for name in self._order)
        made = []
        for signer, before in self._signers:
            value = f"{before}{at}{self._behind}{body_hash};\r\n b="
            mark = signer.sign(f"{over}{relaxed('DKIM-Signature:' + value)}".encode())
            folded = "\r\n ".join(mark[start:start + _FOLD] for start in range(0, len(mark), _FOLD))
            made.append(f"DKIM-Signature:{value}{folded}\r\n")
        return "".join(made)
