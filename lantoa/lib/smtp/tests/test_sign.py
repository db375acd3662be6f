from __future__ import annotations

import base64
import sys
import types
from typing import TYPE_CHECKING

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.lib.smtp.dkim import Signer, SigningError, read_signer
from lantoa.lib.smtp.tests.making import MODERN, OLD, compiled, content_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lantoa.lib.smtp.relay import Peer

RSA = Signer("phuong-mau.example", "rsa2026", generate_private_key(65537, 2048))
ED25519 = Signer("phuong-mau.example", "ed2026", Ed25519PrivateKey.generate())
BOTH = (RSA, ED25519)
both_peers = pytest.mark.parametrize("peer", [MODERN, OLD], ids=["8bit", "quoted"])


class BadSignatureError(Exception):
    """As PyNaCl calls it."""


class VerifyKey:
    """What dkimpy asks of PyNaCl, which is no dependency of ours: the curve alone; all else is dkimpy's own."""

    def __init__(self, key: bytes, encoder: object) -> None:  # noqa: ARG002 - PyNaCl's signature
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))

    def verify(self, message: bytes, signature: bytes) -> bytes:
        try:
            self._key.verify(signature, message)
        except InvalidSignature as error:
            raise BadSignatureError from error
        return message


@pytest.fixture(autouse=True, scope="module")
def _curve() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        nacl = types.SimpleNamespace(
            signing=types.SimpleNamespace(VerifyKey=VerifyKey), encoding=types.SimpleNamespace(Base64Encoder=None),
            exceptions=types.SimpleNamespace(BadSignatureError=BadSignatureError, ValueError=ValueError),
        )
        patch.setitem(sys.modules, "nacl", nacl)
        patch.setattr(dkim, "nacl", nacl, raising=False)
        yield


def record(name: bytes, timeout: float = 5) -> bytes:  # noqa: ARG001 - dkimpy's signature
    named = {f"{signer.selector}._domainkey.{signer.domain}.": signer.record for signer in BOTH}
    return named[name.decode()].encode()


def verified(content: bytes) -> list[bool]:
    """What an independent reader says of each signature."""
    count = content.partition(b"\r\n\r\n")[0].count(b"DKIM-Signature:")
    return [_holds(content, number) for number in range(count)]


def _holds(content: bytes, number: int) -> bool:
    try:
        return bool(dkim.DKIM(content).verify(idx=number, dnsfunc=record))
    except dkim.ValidationError:  # the body is another
        return False


hostile = st.text("abc ệ.=-<>&_ \t\r\n😀", max_size=120)


@both_peers
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=hostile, after=hostile, name=st.one_of(st.just(""), st.text(max_size=40)), with_html=st.booleans())
def test_both_signatures_hold_whatever_the_text_and_the_name(
    peer: Peer, before: str, after: str, name: str, with_html: bool,  # noqa: FBT001 - hypothesis names it
) -> None:
    text = f"{before} {{{{name}}}} {after}{{{{name|quý vị}}}}"
    made = compiled("Gửi {{name|quý vị}}", text, text if with_html else "", BOTH)
    assert verified(content_for(made, {"name": name}, peer)) == [True, True]


def test_a_text_without_blanks_is_signed_as_well() -> None:
    made = compiled("Dừng  2G", "Hai  dấu cách,  rồi hết. \n\n\n", "", BOTH)
    assert verified(content_for(made)) == [True, True]
    assert verified(content_for(compiled("", "", "", BOTH))) == [True, True]


def test_what_was_changed_on_the_way_no_longer_holds() -> None:
    content = content_for(compiled(signers=BOTH), {"name": "Tỵ"})
    assert verified(content) == [True, True]
    assert verified(content.replace(b"16/10/2024", b"16/09/2024")) == [False, False]
    assert verified(content.replace(b"/tu-choi/k1-7>", b"/tu-choi/k1-8>")) == [False, False]
    assert verified(content.replace(b"\r\nTo: ", b"\r\nSubject: Khac\r\nTo: ", 1)) == [False, False]


def test_the_way_to_refuse_is_under_the_signature() -> None:
    head = content_for(compiled(signers=[RSA])).partition(b"bh=")[0]
    listed = head.partition(b" h=")[2].decode().split(";")[0].split(":")
    assert {"from", "to", "subject", "date", "list-unsubscribe", "list-unsubscribe-post"} <= set(listed)  # RFC 8058 §4
    assert listed.count("from") == listed.count("subject") == listed.count("to") == 2


def test_keys_are_read_from_files_and_tell_their_record(tmp_path: Path) -> None:
    for signer in BOTH:
        path = tmp_path / f"{signer.selector}.pem"
        path.write_bytes(signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        read = read_signer("Phuong-Mau.example", signer.selector, path)
        assert read.record == signer.record
        assert read.domain == "phuong-mau.example"
    assert RSA.record.startswith("v=DKIM1; k=rsa; p=MII")


def test_the_record_of_an_ed25519_key_is_that_of_the_rfc() -> None:
    secret = base64.b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")  # RFC 8463 §A.1, §A.2
    signer = Signer("football.example.com", "brisbane", Ed25519PrivateKey.from_private_bytes(secret))
    assert signer.record == "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def test_a_key_that_cannot_sign_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    with pytest.raises(SigningError, match="không đọc được khóa"):
        read_signer("phuong.example", "a", path)
    path.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(SigningError, match="không đọc được khóa"):
        read_signer("phuong.example", "a", path)
    with pytest.raises(SigningError, match="viết sai"):
        read_signer("phuong.example", "a\r\nb", path)
