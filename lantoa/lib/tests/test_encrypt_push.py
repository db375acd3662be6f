from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import http_ece  # type: ignore[import-untyped]  # it publishes no types
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.push import (
    MOST_PLAINTEXT,
    Subscription,
    SubscriptionError,
    VapidKey,
    base64url,
    encrypt,
    encrypt_with,
    load_vapid_key,
    read_subscription,
    topic_of,
    unbase64,
)

if TYPE_CHECKING:
    from pathlib import Path

KEY = ec.generate_private_key(ec.SECP256R1())
POINT = KEY.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
AUTH = os.urandom(16)
TO = Subscription("https://push.example/1", POINT, AUTH)


def private(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unbase64(number), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_to_the_letter() -> None:
    """RFC 8291 §5 and its appendix A."""
    to = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        unbase64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        unbase64("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    sender = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    body = encrypt_with(b"When I grow up, I want to be a watermelon", to, sender, unbase64("DGv6ra1nlYgDCS1FRnbzlw"))
    assert base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.binary(max_size=MOST_PLAINTEXT))
def test_whatever_is_encrypted_a_browser_reads(plaintext: bytes) -> None:
    body = encrypt(plaintext, TO)
    assert http_ece.decrypt(body, private_key=KEY, auth_secret=AUTH, version="aes128gcm") == plaintext
    assert len(body) == len(plaintext) + 103


def test_the_longest_text_makes_the_longest_body_and_a_longer_one_is_refused() -> None:
    assert len(encrypt(b"x" * MOST_PLAINTEXT, TO)) == 4096
    with pytest.raises(ValueError, match="at most 3993"):
        encrypt(b"x" * (MOST_PLAINTEXT + 1), TO)


def test_no_two_messages_have_a_salt_or_a_sender_key_in_common() -> None:
    bodies = [encrypt(b"same", TO) for _ in range(50)]
    assert len({body[:16] for body in bodies}) == 50
    assert len({body[21:86] for body in bodies}) == 50


NO_POINTS = {
    "off the curve": b"\x04" + b"\x01" * 64,
    "at infinity": b"\x04" + b"\x00" * 64,
    "unknown form": b"\x05" + POINT[1:],
    "no form": b"\x00" * 65,
}


# The keys are new in every run: names of their own, for the processes of one run must find the same tests.
@pytest.mark.parametrize("point", NO_POINTS.values(), ids=NO_POINTS)
def test_a_key_that_is_no_point_of_the_curve_is_refused(point: bytes) -> None:
    with pytest.raises(SubscriptionError):
        encrypt(b"x", Subscription("https://push.example/1", point, AUTH))


def given_by_a_browser(**changes: object) -> str:
    keys = {"p256dh": base64url(POINT), "auth": base64url(AUTH)}
    return json.dumps({"endpoint": TO.endpoint, "expirationTime": None, "keys": keys, **changes})


def test_what_a_browser_gives_is_read() -> None:
    assert read_subscription(given_by_a_browser()) == TO


@pytest.mark.parametrize("text", [
    "", "null", "7", "[]", "{}", "{", "[" * 50_000, given_by_a_browser(keys=None), given_by_a_browser(keys={}),
    given_by_a_browser(keys={"p256dh": base64url(POINT), "auth": "AA"}),
    given_by_a_browser(keys={"p256dh": 1, "auth": 2}),
    given_by_a_browser(keys={"p256dh": base64url(POINT[1:]), "auth": base64url(AUTH)}),
    given_by_a_browser(keys={"p256dh": "é", "auth": base64url(AUTH)}),
])
def test_what_no_browser_gives_is_refused(text: str) -> None:
    with pytest.raises(SubscriptionError):
        read_subscription(text)


@given(st.binary(max_size=80))
def test_base64_is_read_with_either_alphabet_and_with_or_without_padding(data: bytes) -> None:
    text = base64url(data)
    assert unbase64(text) == data
    assert unbase64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)) == data


def test_our_proof_is_verified_by_the_public_key_beside_it() -> None:
    key = VapidKey(KEY)
    value = key.token("https://push.example:8443", "mailto:a@b.example", 1_733_000_000)
    scheme, _, rest = value.partition(" ")
    fields = dict(part.split("=", 1) for part in rest.split(", "))
    assert scheme == "vapid"
    signed, _, signature = fields["t"].rpartition(".")
    header, claims = (json.loads(unbase64(part)) for part in signed.split("."))
    assert header == {"typ": "JWT", "alg": "ES256"}
    assert claims == {"aud": "https://push.example:8443", "exp": 1_733_000_000, "sub": "mailto:a@b.example"}
    raw = unbase64(signature)
    assert len(raw) == 64
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unbase64(fields["k"]))
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    assert unbase64(fields["k"]) == POINT


def test_the_key_pair_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vapid.pem"
    first = load_vapid_key(path)
    assert load_vapid_key(path).public == first.public
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["vapid.pem"]
    assert len(unbase64(first.public)) == 65


def test_a_file_that_holds_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("no key")
    with pytest.raises(ValueError, match="holds no key"):
        load_vapid_key(path)
    for other in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())):
        path.write_bytes(other.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        with pytest.raises(ValueError, match=r"no key of P-256"):
            load_vapid_key(path)


def test_a_topic_is_what_a_push_service_takes() -> None:
    assert topic_of("dừng 2G") == topic_of("dừng 2G") != topic_of("dừng 3G")
    assert len(topic_of("dừng 2G")) == 32
    assert topic_of("dừng 2G").replace("-", "").replace("_", "").isalnum()
