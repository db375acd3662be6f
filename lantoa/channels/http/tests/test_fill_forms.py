from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.channels.http.filling import FieldsForm, Filling, HeadersForm, JsonForm, UrlForm, plain, words_of
from lantoa.channels.registry import ChannelSettingError
from lantoa.channels.wire import Item, Message, Slot

MESSAGE = Message(
    key="abc", title="Dừng 2G", text='Kính gửi {{name|quý vị}}: "2G" dừng & đổi máy ở 100% phường\n- hết -',
    sender="UBND phường Mẫu", opt_out_url="https://a.example/tu-choi/",
)
HOSTILE = st.text(max_size=60) | st.sampled_from([
    '"', "\\", '\\"', "\u2028", "\r\nX-Evil: 1", "&to=0900000000", "#", "?x=1", "../../admin", "..", ".", "/", "%0d%0a",
    "\ud800",
    '","to":"0900000000', "{{name}}", "{address}", "\x00", "🙂", "a+b c", "=", "é\u0301",
])


def item(address: str = "0912345678", name: str = "", key: str = "k1-2") -> Item:
    return Item((1, 2), address, {"name": name} if name else {}, None, key)


def shown(name: str) -> str:
    """What a slot shows of a name, and what of that UTF-8 can carry."""
    return Slot("name").fill({"name": name}).encode("utf-8", "replace").decode() or "quý vị"


@given(name=HOSTILE, address=HOSTILE)
def test_whatever_a_name_holds_the_json_says_what_was_meant(name: str, address: str) -> None:
    inner = {"text": "Gửi: {text}", "n": 3, "ok": True, "no": None}
    form = JsonForm({"to": "{address}", "in": [inner]}, "request.json")
    body = form.ready(MESSAGE).fill(item(address, name)).encode("utf-8", "replace")
    read = json.loads(body)
    assert read["to"] == address.encode("utf-8", "replace").decode()
    assert read["in"] == [{**inner, "text": "Gửi: " + MESSAGE.text.replace("{{name|quý vị}}", shown(name))}]
    assert list(read) == ["to", "in"]


@given(name=HOSTILE, address=HOSTILE)
def test_whatever_a_name_holds_the_form_says_what_was_meant(name: str, address: str) -> None:
    form = FieldsForm({"to": "{address}", "text": "{text}", "fixed": 7}, "request.form")
    body = form.ready(MESSAGE).fill(item(address, name))
    assert body.isascii()
    read = parse_qsl(body, keep_blank_values=True, strict_parsing=True)
    text = MESSAGE.text.replace("{{name|quý vị}}", shown(name))
    assert read == [("to", address.encode("utf-8", "replace").decode()), ("text", text), ("fixed", "7")]


@given(name=HOSTILE, address=HOSTILE)
def test_whatever_an_address_holds_the_url_keeps_its_path_and_host(name: str, address: str) -> None:
    form = UrlForm("https://sms.example/v1/{address}/send?text={text}&id={key}", "request.url")
    url = form.ready(MESSAGE).fill(item(address, name))
    parts = urlsplit(url)
    assert url.isascii()
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "sms.example", "")
    assert parts.path.count("/") == 3
    assert parts.path.startswith("/v1/")
    assert parts.path.endswith("/send")
    assert parts.path.split("/")[2] not in {".", ".."}
    assert [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)] == ["text", "id"]


@given(name=HOSTILE, address=HOSTILE)
def test_whatever_a_name_holds_a_header_stays_one_line_of_ascii(name: str, address: str) -> None:
    lines = HeadersForm({"X-To": "{address}", "X-Name": "n={name};"}, "request.headers").ready(MESSAGE)
    for line in lines:
        text = line.fill(item(address, name))
        assert text.isascii()
        assert text.isprintable()
        assert text.startswith(("X-To: ", "X-Name: n="))


def test_each_place_is_filled_with_its_own() -> None:
    form = JsonForm({
        "a": "{address}|{key}|{title}|{sender}|{name}|{message}", "p": "{parts}", "q": "{parts} phần",
        "o": "{opt_out_url}",
    }, "request.json")
    one = item("0911", "Tỵ")
    one.parts = 2
    read = json.loads(form.ready(MESSAGE).fill(one))
    assert read == {
        "a": "0911|k1-2|Dừng 2G|UBND phường Mẫu|Tỵ|abc", "p": 2, "q": "2 phần", "o": "https://a.example/tu-choi/k1-2",
    }


def test_a_form_may_hold_slots_of_its_own() -> None:
    form = JsonForm({"t": "Gửi {{name|quý vị}}, {{name}}: {title}"}, "w").ready(MESSAGE)
    assert json.loads(form.fill(item(name="Tỵ"))) == {"t": "Gửi Tỵ, Tỵ: Dừng 2G"}
    assert json.loads(form.fill(item())) == {"t": "Gửi quý vị, : Dừng 2G"}


def test_a_message_that_nobody_can_refuse_by_link_leaves_its_place_empty() -> None:
    message = Message(key="a", title="", text="")
    assert JsonForm({"o": "{opt_out_url}"}, "w").ready(message).fill(item()) == '{"o":""}'


def test_braces_in_a_message_are_words_not_places() -> None:
    message = Message(key="a", title="", text="tập {address} và {không}")
    assert json.loads(JsonForm({"t": "{text}"}, "w").ready(message).fill(item())) == {"t": message.text}


def test_what_is_the_same_for_everyone_is_one_piece() -> None:
    fixed = Filling(["a", "b", "c"])
    assert fixed.is_fixed
    assert fixed.fill(item()) == "abc"
    assert not Filling(words_of(MESSAGE.text, plain)).is_fixed
    assert Filling([]).fill(item()) == ""


@pytest.mark.parametrize(("url", "why"), [
    ("ftp://a.example/", "must begin with"), ("sms.example/send", "must begin with"), ("https://", "must begin with"),
    ("https://{address}.example/", "must begin with"), ("https://a.example{text}", "no place before its path"),
    ("https://a.example:{parts}/", "no place before its path"),
    ("https://a.example/{nothing}", "{nothing} is no place"),
    ("https://a.example/gửi", "plain ASCII"), ("https://a.example/a b", "plain ASCII"),
    ("{address}", "must begin with"), ("https://user{key}@a.example/", "no place before its path"),
])
def test_a_url_that_could_lead_elsewhere_is_refused_when_it_is_configured(url: str, why: str) -> None:
    with pytest.raises(ChannelSettingError, match=why.replace("{", r"\{")):
        UrlForm(url, "request.url")


@pytest.mark.parametrize("headers", [
    {"X Y": "1"}, {"X:": "1"}, {"": "1"}, {"X": "a\r\nY: 1"}, {"X": "tiếng"}, {"X": "{what}"},
])
def test_a_header_that_is_none_is_refused_when_it_is_configured(headers: dict[str, str]) -> None:
    with pytest.raises(ChannelSettingError):
        HeadersForm(headers, "request.headers")


def test_a_place_nobody_knows_is_named_with_those_there_are() -> None:
    with pytest.raises(ChannelSettingError, match=r"request.json: \{phone\} is no place; there are \{address\}"):
        JsonForm({"a": [{"b": "{phone}"}]}, "request.json")
    with pytest.raises(ChannelSettingError, match=r"\{body\} is no place"):
        FieldsForm({"a": "{body}"}, "request.form")
