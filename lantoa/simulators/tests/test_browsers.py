from __future__ import annotations

import os

import http_ece  # type: ignore[import-untyped]  # it publishes no types
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from lantoa.lib.push import encrypt, read_subscription
from lantoa.simulators.browsers import browsers


def test_a_browser_reads_what_was_encrypted_for_it_and_no_other_does() -> None:
    one, other = browsers(2)
    sealed = encrypt("Chào bà con".encode(), read_subscription(one.address("http://127.0.0.1:1")))
    assert one.read(sealed) == "Chào bà con"
    with pytest.raises(InvalidTag):
        other.read(sealed)


def test_a_browser_reads_what_another_library_encrypted() -> None:
    browser = browsers(1)[0]
    to = read_subscription(browser.address("http://127.0.0.1:1"))
    sealed = http_ece.encrypt(
        b"xin", salt=os.urandom(16), private_key=ec.generate_private_key(ec.SECP256R1()), dh=to.key,
        auth_secret=to.auth, version="aes128gcm",
    )  # fmt: skip
    assert browser.read(sealed) == "xin"
