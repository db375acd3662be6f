from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.channels.base import State
from lantoa.channels.http.answers import NOTHING, OF_STATUS, AnswerReader, AnswerTable, Meaning, find, text_at

TABLE = AnswerTable(
    id="/data/id", code="/code", message="/message", accepted=("0", "00"), temporary=("7",), permanent=("22",),
    refused=("55",), account=("1", "99"), throttled=("8",), words={"22": "số không hợp lệ"},
)
READER = AnswerReader(TABLE)


def said(code: object, **more: object) -> bytes:
    return json.dumps({"code": code, **more}).encode()


@pytest.mark.parametrize(("code", "meaning", "state"), [
    ("0", Meaning.ACCEPTED, State.SENT), (0, Meaning.ACCEPTED, State.SENT), ("00", Meaning.ACCEPTED, State.SENT),
    ("7", Meaning.TEMPORARY, State.FAILED_FOR_NOW), (7, Meaning.TEMPORARY, State.FAILED_FOR_NOW),
    ("8", Meaning.THROTTLED, State.FAILED_FOR_NOW), ("22", Meaning.PERMANENT, State.FAILED_FOR_GOOD),
    ("55", Meaning.REFUSED, State.REFUSED),
    *((code, Meaning.UNKNOWN, State.UNKNOWN) for code in ("4711", "", None, [0], True)),
])
def test_a_code_means_what_the_table_says_and_an_unknown_one_nothing_sure(
    code: object, meaning: Meaning, state: State,
) -> None:
    read = READER.one(200, said(code))
    assert read.meaning is meaning
    assert read.outcome().state is state


@pytest.mark.parametrize("code", ["1", "99"])
def test_what_is_the_accounts_fault_is_no_recipients_outcome(code: str) -> None:
    read = READER.one(200, said(code, message="wrong key"))
    assert read.meaning is Meaning.ACCOUNT
    assert "wrong key" in read.why


@pytest.mark.parametrize(("status", "meaning"), [
    (200, Meaning.ACCEPTED), (201, Meaning.ACCEPTED), (202, Meaning.ACCEPTED), (204, Meaning.ACCEPTED),
    (301, Meaning.ACCOUNT), (302, Meaning.ACCOUNT), (400, Meaning.PERMANENT), (413, Meaning.PERMANENT),
    (422, Meaning.PERMANENT), (501, Meaning.TEMPORARY), (507, Meaning.TEMPORARY), *OF_STATUS.items(),
])
def test_without_a_code_the_status_speaks(status: int, meaning: Meaning) -> None:
    read = AnswerReader(AnswerTable()).one(status, b"<html>")
    assert read.meaning is meaning
    assert bool(read.why) == (meaning is not Meaning.ACCEPTED)


def test_a_known_code_outweighs_the_status() -> None:
    assert READER.one(403, said("22")).meaning is Meaning.PERMANENT
    assert READER.one(500, said("0")).meaning is Meaning.ACCEPTED
    assert READER.one(400, said("4711")).meaning is Meaning.PERMANENT
    assert READER.one(429, said("4711")).meaning is Meaning.THROTTLED


def test_statuses_may_mean_something_else_here() -> None:
    reader = AnswerReader(AnswerTable(statuses={"502": "temporary", "403": "refused", "299": "unknown"}))
    assert reader.of_status(502) is Meaning.TEMPORARY
    assert reader.of_status(403) is Meaning.REFUSED
    assert reader.of_status(299) is Meaning.UNKNOWN


@pytest.mark.parametrize("table", [
    AnswerTable(accepted=("0",), permanent=("0",)), AnswerTable(statuses={"502": "perhaps"}),
    AnswerTable(statuses={"x": "temporary"}),
])
def test_a_table_that_contradicts_itself_is_refused(table: AnswerTable) -> None:
    with pytest.raises(ValueError, match=r".+"):
        AnswerReader(table)


def test_why_is_our_word_for_the_code_else_what_the_service_said() -> None:
    assert READER.one(200, said("22", message="bad")).why == "số không hợp lệ"
    assert "bad" in READER.one(200, said("55", message="bad")).why
    assert "mã 55" in READER.one(200, said("55")).why
    assert "HTTP 500" in AnswerReader(AnswerTable()).one(500, b"").why


def test_the_services_ids_are_kept_one_or_many() -> None:
    assert READER.one(200, said("0", data={"id": 12})).ids == ("12",)
    assert READER.one(200, said("0", data={"id": ["a", "b"]})).ids == ("a", "b")
    assert READER.one(200, said("0", data={"id": ""})).ids == ()
    assert READER.one(200, said("0", data={"id": {"x": 1}})).ids == ()
    assert READER.one(200, said("22", data={"id": "a"})).ids == ()


BATCH = AnswerReader(AnswerTable(results="/r", key="/k", id="/id", code="/c", accepted=("0",), permanent=("22",)))


def test_each_of_a_batch_has_its_own_result_by_its_key() -> None:
    body = json.dumps({"r": [{"k": "b", "c": "22"}, {"k": "a", "c": "0", "id": "x"}]}).encode()
    read = BATCH.batch(200, body, ["a", "b", "c"])
    assert isinstance(read, list)
    assert [one.meaning for one in read] == [Meaning.ACCEPTED, Meaning.PERMANENT, Meaning.UNKNOWN]
    assert read[0].ids == ("x",)


def test_without_keys_results_stand_in_the_order_asked() -> None:
    reader = AnswerReader(AnswerTable(results="/r", code="/c", accepted=("0",), permanent=("22",)))
    body = json.dumps({"r": [{"c": "0"}, {"c": "22"}]}).encode()
    read = reader.batch(200, body, ["a", "b", "c"])
    assert isinstance(read, list)
    assert [one.meaning for one in read] == [Meaning.ACCEPTED, Meaning.PERMANENT, Meaning.UNKNOWN]


@pytest.mark.parametrize(("status", "body", "meaning"), [
    (500, b"", Meaning.TEMPORARY), (401, b"{}", Meaning.ACCOUNT), (200, b'{"c":"22"}', Meaning.PERMANENT),
    (200, b"[]", Meaning.UNKNOWN), (200, b'{"r":{}}', Meaning.UNKNOWN),
])
def test_a_batch_refused_as_a_whole_is_one_result(status: int, body: bytes, meaning: Meaning) -> None:
    read = BATCH.batch(status, body, ["a", "b"])
    assert not isinstance(read, list)
    assert read.meaning is meaning


@pytest.mark.parametrize(("pointer", "found"), [
    ("", {"a": [1, {"b/c": 2, "m~n": 3}]}), ("/a/0", 1), ("/a/1/b~1c", 2), ("/a/1/m~0n", 3), ("/a/2", NOTHING),
    ("/a/-1", NOTHING), ("/a/x", NOTHING), ("/b", NOTHING), ("/a/0/0", NOTHING),
])
def test_a_pointer_leads_where_rfc_6901_says(pointer: str, found: object) -> None:
    assert find({"a": [1, {"b/c": 2, "m~n": 3}]}, pointer) == found


@given(st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["code", "data", "id", "r", "k", "c"]), inner),
).map(lambda value: json.dumps(value).encode()), st.integers(100, 599))
def test_no_answer_breaks_the_reader(body: bytes, status: int) -> None:
    assert READER.one(status, body).meaning in Meaning
    read = BATCH.batch(status, body, ["a", "b"])
    assert not isinstance(read, list) or len(read) == 2


def test_deeply_nested_answers_are_no_json() -> None:
    assert READER.one(200, b"[" * 100_000).meaning is Meaning.UNKNOWN


def test_only_plain_values_are_words() -> None:
    document = {"a": "x", "b": 1, "c": True, "d": None, "e": [1], "f": 1.5}
    assert [text_at(document, f"/{name}") for name in "abcdefg"] == ["x", "1", "true", "", "", "1.5", ""]
