from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

import lantoa
from lantoa.campaigns.rules.pack import Pack
from lantoa.campaigns.rules.pack_loading import find_packs, load_pack
from lantoa.campaigns.rules.wording import FactValue, PlaceWords, fill
from lantoa.content.rules.check_words import Fault, Subject, check_words, mended
from lantoa.content.rules.editing import FIELDS, Words, reworded, uses_of
from lantoa.content.rules.offering import Fitting, offer_facts, offer_place

PACKS = find_packs(Path(lantoa.__file__).parent / "packs")
PACK = load_pack(PACKS["2g_shutdown"])
FACTS = {fact.key: FactValue.of(fact) for fact in PACK.facts_as_of(dt.date(2024, 8, 14))}
LEAD = Subject(PACK, "lead", FACTS)


def faults(text: str, subject: Subject = LEAD) -> list[Fault]:
    return check_words(Words(text=text), subject)


@pytest.mark.parametrize("name", PACKS)
def test_every_word_of_a_pack_may_be_saved_as_it_is(name: str) -> None:
    pack = load_pack(PACKS[name])
    facts = {fact.key: FactValue.of(fact) for fact in pack.facts}
    for entry in (*pack.messages, *pack.questions):
        assert check_words(Words.of(entry), Subject(pack, entry.key, facts, entry.language)) == [], entry.key


@pytest.mark.parametrize(
    ("text", "found", "new"),
    [
        ("Từ ngày 16/9/2024, máy dừng.", "16/9/2024", "{cutoff_date}"),
        ("Từ 16/09/2024 máy dừng.", "16/09/2024", "{cutoff_date}"),
        ("Từ ngày 16 tháng 9 năm 2024.", "ngày 16 tháng 9 năm 2024", "{cutoff_date|long}"),
        ("Hết ngày 15/9/2024.", "15/9/2024", "{cutoff_date|day_before}"),
        ("Từ 16/9.", "16/9", "{cutoff_date|day_month}"),
        ("Chỉ còn 3 tuần.", "3", "ba"),
    ],
)
def test_a_fact_typed_into_the_words_is_offered_as_its_reference(text: str, found: str, new: str) -> None:
    (fault,) = faults(text)
    assert (fault.found, fault.new) == (found, new)
    assert text[fault.start : fault.end] == found
    mend = mended(Words(text=text), "text", Fitting(fault.start, fault.end, fault.new))
    assert faults(mend.text) == []


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("Gọi 18008098.", "18008098", "ghi thành dữ kiện"),
        ("Xem (www.tat-song.vn).", "www.tat-song.vn", "ghi thành dữ kiện"),
        ("Trước tháng Chín.", "tháng Chín", "ghi thành dữ kiện"),
        ("Từ {cutoff}.", "{cutoff}", "không có dữ kiện «cutoff»"),
        ("Từ {cutoff_date|dài}.", "{", "dấu ngoặc nhọn"),
        ("Từ {cutoff_date|unit}.", "{cutoff_date|unit}", "không có cách viết «unit»"),
        ("Từ } đó.", "}", "dấu ngoặc nhọn"),
        ("Gọi {viettel_hotline}.", "{viettel_hotline}", "chưa được kiểm chứng"),
        ("Nay là {changed_value}.", "{changed_value}", "chỉ thông báo đính chính"),
    ],
)
def test_what_may_not_stand_is_found_at_its_place(text: str, found: str, why: str) -> None:
    fault = faults(text)[0]
    assert (fault.found, text[fault.start : fault.end]) == (found, found)
    assert why in fault.why


def test_a_false_sentence_is_offered_the_true_one_in_its_place() -> None:
    text = "Bà con yên tâm. Bà con phải đổi SIM mới. Xin cảm ơn."
    (fault,) = faults(text)
    assert fault.found == "Bà con phải đổi SIM mới."
    assert faults(text.replace(fault.found, fault.new)) == []


def test_a_message_that_can_wait_may_name_what_is_not_confirmed_yet() -> None:
    assert faults("Gọi {viettel_hotline}.", replace(LEAD, key="contact_viettel")) == []


def test_the_pack_holds_edited_words_to_its_own_rules() -> None:
    sms = replace(LEAD, key="sms_text")
    assert ["phải nói «{publisher}»" in one.why for one in faults("Từ {cutoff_date} máy cũ dừng.", sms)] == [True]
    assert "không được nói «{url}»" in faults("{publisher}: từ {cutoff_date} dừng, xem {url}.", sms)[0].why
    assert faults("{publisher}: từ {cutoff_date} máy cũ dừng.", sms) == []


def test_empty_and_endless_words_are_refused() -> None:
    assert [one.field for one in faults("")] == ["text"]
    assert [one.field for one in faults("Ai?", replace(LEAD, key="q_sim"))] == ["title"]
    assert "nhiều nhất là 20000" in faults("a" * 20_001)[0].why


def test_in_english_only_what_english_can_print_is_taken() -> None:
    english = replace(LEAD, language="en")
    assert "chỉ in ra được bằng tiếng Việt" in faults("From {cutoff_date|label}.", english)[0].why
    (fault,) = faults("From 16 September 2024.", english)
    assert fault.new == "{cutoff_date}"


def test_each_offer_prints_what_it_shows() -> None:
    offers = offer_facts(FACTS)
    for offer in offers:
        for way in offer.ways:
            if offer.is_verified:
                assert fill(way.reference, FACTS, PlaceWords()).text == way.text
    assert [one.key for one in offers if not one.is_verified][-1:] == [offers[-1].key], "what is unconfirmed comes last"
    cutoff = next(one for one in offers if one.key == "cutoff_date")
    assert [way.text for way in cutoff.ways[:3]] == ["16/9/2024", "ngày 16 tháng 9 năm 2024", "16/9"]


def test_the_words_of_a_change_are_offered_to_notices_alone() -> None:
    words = PlaceWords(place="phường Mẫu", changed_value="16/10/2024")
    plain = {one.key for one in offer_place(words, {"place": "tên địa bàn"})}
    assert "changed_value" not in plain
    assert {"place", "publisher", "url"} <= plain
    assert "changed_value" in {one.key for one in offer_place(words, {}, tells_a_change=True)}


def test_own_words_stand_in_place_of_the_packs_and_a_translation_may_be_added() -> None:
    assert not [one for one in PACK.messages if (one.key, one.language) == ("b_hello", "en")]
    pack = reworded(PACK, {("lead", "vi"): Words(text="Lời mới."), ("b_hello", "en"): Words(text="Hello.")})
    assert pack.words()["lead"].text == "Lời mới."
    assert pack.words("en")["b_hello"].text == "Hello."
    assert pack.words()["b_hello"] == PACK.words()["b_hello"]
    assert reworded(PACK, {}) == PACK


def test_a_message_is_said_where_a_phase_puts_it() -> None:
    uses = {(use.piece.kind, use.slot): use.phases for use in uses_of(PACK, "lead_t3")}
    assert uses == {("article", "lead"): frozenset({"t3"})}
    plain = {use.piece.kind: use.phases for use in uses_of(PACK, "lead")}
    assert "" in plain["article"]
    assert "t3" not in plain["article"]
    assert uses_of(Pack("leer", "", (), (), (), (), (), (), (), {}), "lead") == []


def test_words_are_kept_tidy() -> None:
    words = Words("  Tiêu đề \r\n", "một  \r\nhai\r\n", "", "\n")
    assert words.tidied() == Words("Tiêu đề", "một\nhai")
    assert words.tidied().texts() == {"title": "Tiêu đề", "text": "một\nhai"}
    assert FIELDS == ("title", "text", "short", "long")


@pytest.mark.parametrize(("field", "start", "end"), [("text", 5, 99), ("text", 3, 2), ("khac", 1, 2)])
def test_a_mend_for_words_that_are_there_no_more_is_refused(field: str, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=field):
        mended(Words(text="ngắn"), field, Fitting(start, end, "x"))
