from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantoa.channels.base import ChannelError, State
from lantoa.channels.http.signing import Signature, UnsignedError, WebhookError, check_time, read_secret
from lantoa.channels.http.tables import read_table
from lantoa.channels.http.webhooks import MOST_NEWS, WebhookTable, read_webhook
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Reply, Report

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_733_000_000.0
SECRET = "chìa khóa"  # noqa: S105 - of the tests


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def table(secret_file: str) -> WebhookTable:
    return read_table(WebhookTable, {
        "signature": {"secret_file": secret_file, "prefix": "sha256=", "content": "{timestamp}.{body}",
                      "timestamp": "X-Timestamp"},
        "id": "/id", "key": "/client_id", "status": "/status", "code": "/error", "message": "/note",
        "delivered": ["DELIVRD"], "failed": ["UNDELIV", "EXPIRED"], "refused": ["BLOCKED"], "underway": ["QUEUED"],
        "words": {"EXPIRED": "máy tắt quá lâu"},
        "reply": {"address": "/from", "text": "/text", "to": "/to", "key": "/re"},
    }, "webhook")


def signed(body: bytes, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Timestamp": stamp, "X-Signature": f"sha256={digest}"}


def told(table: WebhookTable, document: Any) -> list[Report | Reply]:
    body = json.dumps(document).encode()
    return read_webhook(table, signed(body), body, NOW)


@pytest.mark.parametrize(("status", "state"), [
    ("DELIVRD", State.DELIVERED), ("UNDELIV", State.FAILED_FOR_GOOD), ("EXPIRED", State.FAILED_FOR_GOOD),
    ("BLOCKED", State.REFUSED),
])
def test_a_status_means_what_the_table_says(table: WebhookTable, status: str, state: State) -> None:
    (report,) = told(table, {"id": 7, "client_id": "k1-2", "status": status, "note": "n"})
    assert isinstance(report, Report)
    assert (report.provider_id, report.key, report.state, report.code) == ("7", "k1-2", state, status)


def test_a_status_that_settles_nothing_is_passed_over_and_one_in_no_list_is_noted(
    table: WebhookTable, caplog: pytest.LogCaptureFixture,
) -> None:
    assert told(table, {"id": 7, "status": "QUEUED"}) == []
    assert not caplog.text
    assert told(table, {"id": 7, "status": "delivrd"}) == []
    assert "'delivrd' is in no list" in caplog.text


def test_a_report_keeps_the_services_code_and_our_words_for_it(table: WebhookTable) -> None:
    one, two = told(table, [
        {"id": "a", "status": "EXPIRED", "note": "late"}, {"id": "b", "status": "UNDELIV", "error": 17, "note": "late"},
    ])
    assert isinstance(one, Report)
    assert isinstance(two, Report)
    assert (one.code, one.why) == ("EXPIRED", "máy tắt quá lâu")
    assert (two.code, two.why) == ("17", "late")
    assert two.raw["note"] == "late"


def test_what_somebody_wrote_back_is_a_reply(table: WebhookTable) -> None:
    (reply,) = told(table, {"from": "0912345678", "text": "Xin hỏi đổi máy ở đâu?", "to": "8068", "re": "k1-2"})
    assert reply == Reply("0912345678", "Xin hỏi đổi máy ở đâu?", "8068", "k1-2", {
        "from": "0912345678", "text": "Xin hỏi đổi máy ở đâu?", "to": "8068", "re": "k1-2"})


def test_entries_that_name_no_message_of_ours_are_passed_over(table: WebhookTable) -> None:
    assert told(table, [{"status": "DELIVRD"}, {"what": 1}, {"id": "", "client_id": "", "status": "DELIVRD"}]) == []


def test_entries_may_lie_deeper_and_come_as_a_form(secret_file: str) -> None:
    token = {"header": "Authorization", "secret_file": secret_file, "prefix": "Bearer "}
    deep = read_table(WebhookTable, {"token": token, "entries": "/a/b", "id": "/id", "delivered": ["1"]}, "webhook")
    headers = {"authorization": f"Bearer {SECRET}"}
    (report,) = read_webhook(deep, headers, b'{"a":{"b":[{"id":"x","status":1}]}}', NOW)
    assert report == Report("x", State.DELIVERED, "1", raw={"id": "x", "status": "1"})
    form = read_table(WebhookTable, {"token": token, "format": "form", "id": "/id", "delivered": ["1"]}, "webhook")
    (report,) = read_webhook(form, headers, urlencode({"id": "ký tự", "status": "1"}).encode(), NOW)
    assert isinstance(report, Report)
    assert report.provider_id == "ký tự"


@pytest.mark.parametrize("change", [
    lambda headers: headers.pop("X-Signature"), lambda headers: headers.pop("X-Timestamp"),
    lambda headers: headers.update({"X-Signature": ""}), lambda headers: headers.update({"X-Signature": "sha256="}),
    lambda headers: headers.update({"X-Signature": headers["X-Signature"][:-1] + "g"}),
    lambda headers: headers.update({"X-Signature": "é" * 71}),
    lambda headers: headers.update({"X-Timestamp": str(int(NOW) + 1)}),
    lambda headers: headers.update({"X-Timestamp": "now"}),
])
def test_what_is_not_signed_as_it_should_be_is_not_believed(table: WebhookTable, change: Any) -> None:
    body = b'{"id":"a","status":"DELIVRD"}'
    headers = signed(body)
    change(headers)
    with pytest.raises(UnsignedError):
        read_webhook(table, headers, body, NOW)


def test_a_changed_body_or_another_secret_is_not_believed(table: WebhookTable) -> None:
    body = b'{"id":"a","status":"DELIVRD"}'
    with pytest.raises(UnsignedError):
        read_webhook(table, signed(body), body + b" ", NOW)
    with pytest.raises(UnsignedError):
        read_webhook(table, signed(body, secret="other"), body, NOW)


def test_the_names_of_headers_and_the_case_of_hex_do_not_matter(table: WebhookTable) -> None:
    body = b'{"id":"a","status":"DELIVRD"}'
    headers = {name.upper(): value.upper().replace("SHA256=", "sha256=") for name, value in signed(body).items()}
    assert len(read_webhook(table, headers, body, NOW)) == 1


@pytest.mark.parametrize("late", [-301, 301, 86_400, -86_400])
def test_an_old_one_played_again_is_not_believed(table: WebhookTable, late: int) -> None:
    body = b'{"id":"a","status":"DELIVRD"}'
    with pytest.raises(UnsignedError, match="too old"):
        read_webhook(table, signed(body), body, NOW + late)
    assert read_webhook(table, signed(body), body, NOW + 299)


@pytest.mark.parametrize(("stamp", "is_good"), [
    ("1733000000", True), ("1733000000123", True), ("1733000301", False), ("1733000301000", False), ("", False),
    ("-1", False), ("1e9", False), ("٣", False), ("9" * 40, False),
])
def test_a_time_is_read_in_seconds_or_milliseconds(stamp: str, *, is_good: bool) -> None:
    if is_good:
        check_time(stamp, NOW, 300)
    else:
        with pytest.raises(UnsignedError):
            check_time(stamp, NOW, 300)


@pytest.mark.parametrize("body", [b"", b"null", b"7", b'"x"', b"[1]", b"{", b"\xff\xfe", b"[" * 50_000, b"[[{}]]"])
def test_a_body_that_is_not_as_the_table_says_is_refused_as_a_whole(table: WebhookTable, body: bytes) -> None:
    with pytest.raises(WebhookError):
        read_webhook(table, signed(body), body, NOW)


def test_a_flood_in_one_request_is_refused(table: WebhookTable) -> None:
    with pytest.raises(WebhookError, match="more than"):
        told(table, [{}] * (MOST_NEWS + 1))


@given(body=st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "client_id", "status", "from", "text", "error"]), inner, max_size=5),
).map(lambda value: json.dumps(value).encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_signed_body_breaks_the_reader(table: WebhookTable, body: bytes) -> None:
    try:
        news = read_webhook(table, signed(body), body, NOW)
    except WebhookError:
        return
    assert all(isinstance(one, Report | Reply) for one in news)


@pytest.mark.parametrize("options", [
    {}, {"id": "/id"}, {"token": {"header": "A", "secret_file": "b"}},
    {"id": "/id", "token": {"header": "A", "secret_file": "b"}, "signature": {"secret_file": "b"}},
    {"id": "/id", "token": {"header": "A", "secret_file": "b"}, "format": "xml"},
    {"id": "/id", "token": {"header": "A"}}, {"id": "/id", "signature": {"secret_file": "b", "algorithm": "md5"}},
    {"id": "/id", "signature": {"secret_file": "b", "encoding": "base32"}},
    {"id": "/id", "signature": {"secret_file": "b", "content": "{timestamp}.{body}"}},
    {"id": "/id", "signature": {"secret_file": "b", "content": "{timestamp}", "timestamp": "T"}},
    {"id": "/id", "signature": {"secret_file": "b", "content": "{body}{url}"}},
    {"id": "/id", "signature": {"secret_file": "b", "colour": "red"}},
    {"id": 7, "signature": {"secret_file": "b"}}, {"id": "/id", "signature": "b"},
    {"id": "/id", "signature": {"secret_file": "b", "within": "5"}},
    {"id": "/id", "signature": {"secret_file": "b"}, "delivered": "DELIVRD"},
    {"id": "/id", "signature": {"secret_file": "b"}, "delivered": [1]},
    {"id": "/id", "signature": {"secret_file": "b"}, "reply": {"address": "/a"}},
])
def test_a_table_that_cannot_work_is_refused_with_its_place(options: dict[str, Any]) -> None:
    with pytest.raises(ChannelSettingError):
        read_table(WebhookTable, options, "LANTOA_CHANNELS['sms_http'].webhook")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_what_we_sign_ourselves_is_what_we_would_believe(secret_file: str, algorithm: str, encoding: str) -> None:
    signature = Signature(secret_file, algorithm=algorithm, encoding=encoding, prefix="v1=")
    value = signature.of("s", b"body")
    signature.check("s", {"x-signature": value}, b"body", NOW)
    with pytest.raises(UnsignedError):
        signature.check("s", {"x-signature": value}, b"bodY", NOW)


def test_a_secret_that_is_missing_or_empty_is_told_to_whoever_installs(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="Không đọc được tệp khóa"):
        read_secret(str(tmp_path / "none"))
    for wrong in ("\n", "one\ntwo", "a\0b"):
        (tmp_path / "wrong").write_text(wrong)
        with pytest.raises(ChannelError, match="đúng một dòng"):
            read_secret(str(tmp_path / "wrong"))
