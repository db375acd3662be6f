"""What our own packs promise, checked on every piece as it would be printed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.rules.false_statements import find_false_statements, strip_tones
from lantoa.campaigns.rules.pack import LENGTHS
from lantoa.campaigns.rules.phases import first_day_of, phase_on, said_in
from lantoa.campaigns.rules.tests.conftest import AFTER_THE_CHANGE, BEFORE_THE_CHANGE, WORDS, values
from lantoa.campaigns.rules.wording import BUILT_INS, Way, fill_piece, show
from lantoa.content.rules.zns import proposal_faults, proposed

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack
    from lantoa.campaigns.rules.wording import FilledPiece

GSM_7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")


def all_filled(pack: Pack, day: dt.date) -> list[FilledPiece]:
    return [fill_piece(pack, piece, values(pack, day), WORDS) for piece in pack.pieces]


def all_texts(pack: Pack, day: dt.date) -> list[str]:
    return [text for filled in all_filled(pack, day) for text in filled.texts()]


@pytest.mark.parametrize("day", [BEFORE_THE_CHANGE, AFTER_THE_CHANGE])
def test_every_piece_fills_and_leaves_no_reference(pack: Pack, day: dt.date) -> None:
    for filled in all_filled(pack, day):
        assert filled.slots["text" if filled.piece.kind in {"sms", "correction_sms"} else "title"]
        assert not [text for text in filled.texts() if "{" in text]


@pytest.mark.parametrize("day", [BEFORE_THE_CHANGE, AFTER_THE_CHANGE])
def test_no_text_of_ours_says_what_is_false(pack: Pack, day: dt.date) -> None:
    for text in all_texts(pack, day):
        assert find_false_statements(pack, text) == ()
        assert find_false_statements(pack, strip_tones(text)) == ()


def test_each_false_statement_is_caught_with_and_without_tones(pack: Pack) -> None:
    for statement in pack.false_statements:
        for text in (statement["example"], strip_tones(statement["example"])):
            assert statement["key"] in {found.key for found in find_false_statements(pack, text)}
        for text in (statement["right"], strip_tones(statement["right"])):
            assert statement["key"] not in {found.key for found in find_false_statements(pack, text)}


def test_the_old_date_never_appears_after_the_change(shutdown: Pack) -> None:
    old = re.compile(r"16/0?9(/2024)?\b|(16|15) tháng 9 năm 2024|15/0?9/2024")
    assert any(old.search(text) for text in all_texts(shutdown, BEFORE_THE_CHANGE))
    assert [text for text in all_texts(shutdown, AFTER_THE_CHANGE) if old.search(text)] == []


def test_the_correction_tells_the_new_date_and_its_basis(shutdown: Pack) -> None:
    piece = shutdown.piece("correction_notice", "cutoff_date")
    assert piece is not None
    filled = fill_piece(shutdown, piece, values(shutdown, AFTER_THE_CHANGE), WORDS)
    text = "\n".join(filled.texts())
    assert filled.slots["key_figure"][0].text == "16/10/2024"
    assert "ngày 16 tháng 10 năm 2024" in text
    assert "Thông tư số 10/2024/TT-BTTTT" in text
    assert "hết ngày 15 tháng 10 năm 2024" in text
    assert "Để người dân và doanh nghiệp có thời gian khắc phục" in text


def test_any_other_fact_has_a_general_correction(pack: Pack) -> None:
    piece = pack.piece("correction_notice", "exempt_places")
    assert piece is not None
    assert piece.about == ""
    assert WORDS.changed_value in "\n".join(fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), WORDS).texts())


def test_what_is_unverified_is_never_printed(pack: Pack) -> None:
    unverified = {fact.key: fact.value for fact in pack.facts if not fact.verified}
    assert unverified
    for filled in all_filled(pack, AFTER_THE_CHANGE):
        assert not filled.used & set(unverified)
        for value in filter(None, unverified.values()):
            assert value not in "\n".join(filled.texts())


def test_every_piece_turns_on_the_key_fact(pack: Pack) -> None:
    for piece in pack.pieces:
        if piece.kind.startswith("correction_") and not piece.about:
            continue
        assert pack.key_fact in fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), WORDS).used, piece.kind


def test_the_bulletin_keeps_its_key_sentence_in_every_slot(pack: Pack) -> None:
    piece = pack.piece("bulletin")
    assert piece is not None
    filled = fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), WORDS)
    known = {message.key: message for message in filled.slots["text"]}
    for most, syllables in ((1, 180), (2, 360), (3, 540)):
        read = [sentence for sentence in piece.sentences if sentence.priority <= most]
        assert any(sentence.key and pack.key_fact in known[sentence.message].used for sentence in read)
        assert sum(count_syllables(known[sentence.message].text) for sentence in read) <= syllables


def count_syllables(text: str) -> int:
    """A number is read with about two syllables a digit."""
    return sum(2 * len(word) if word.isdigit() else 1 for word in re.findall(r"\w+", text))


def in_every_phase(pack: Pack, kind: str, length: str = "medium", most: int = 0) -> list[FilledPiece]:
    pieces = [piece for piece in pack.pieces if piece.kind == kind]
    assert pieces, kind
    facts = values(pack, AFTER_THE_CHANGE)
    ways = [Way("vi", phase, length, most) for phase in (None, *pack.phases)]
    return [fill_piece(pack, piece, facts, WORDS, way) for piece in pieces for way in ways]


@pytest.mark.parametrize("kind", ["sms", "correction_sms"])
def test_the_sms_fits_three_parts_with_tones_and_two_without(pack: Pack, kind: str) -> None:
    for filled in in_every_phase(pack, kind, "long", 201):
        text = filled.slots["text"][0].text
        assert len(text) <= 3 * 67, text
        bare = strip_tones(text)
        assert set(bare.replace("«", '"').replace("»", '"')) <= GSM_7
        assert len(bare) <= 2 * 153


@pytest.mark.parametrize("kind", ["email", "correction_email"])
def test_the_subject_of_an_e_mail_is_short_and_says_a_value(pack: Pack, kind: str) -> None:
    for filled in in_every_phase(pack, kind):
        subject = filled.slots["title"][0].text
        assert len(subject) <= 60, subject
        assert re.search(r"\d", subject), subject


@pytest.mark.parametrize("kind", ["push", "correction_push"])
def test_a_push_message_fits_a_locked_screen(pack: Pack, kind: str) -> None:
    for filled in in_every_phase(pack, kind, most=160):
        title, text = filled.slots["title"][0].text, filled.slots["text"][0].text
        assert len(title) <= 50, title
        assert len(text) <= 160, text
        assert WORDS.publisher in text


@pytest.mark.parametrize("kind", ["correction_sms", "correction_email", "correction_push", "correction_zns"])
def test_a_short_correction_begins_with_the_new_value(pack: Pack, kind: str) -> None:
    """In its first words: nobody reads further."""
    for filled in in_every_phase(pack, kind):
        first = next(filled.texts())
        value = show(values(pack, AFTER_THE_CHANGE)[pack.key_fact]) if filled.piece.about else WORDS.changed_value
        assert value in first, first
        assert first.index(value) < 55, first


@pytest.mark.parametrize("kind", ["zns", "correction_zns"])
def test_the_words_proposed_to_zalo_keep_to_its_lengths(pack: Pack, kind: str) -> None:
    pieces = [piece for piece in pack.pieces if piece.kind == kind]
    assert pieces
    for phase in (None, *pack.phases):
        words = said_in(phase, pack.words())
        for piece in pieces:
            title, text = (words[piece.slots[slot][0]].text for slot in ("title", "text"))
            assert list(proposal_faults(proposed(title), proposed(text))) == []


def test_e_mail_and_push_are_there_in_english_in_every_phase(pack: Pack) -> None:
    for kind in ("email", "push"):
        piece = pack.piece(kind)
        assert piece is not None
        for phase in (None, *pack.phases):
            filled = fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), WORDS, Way("en", phase, most=160))
            assert filled.untranslated == (), (kind, phase and phase.key)
            assert len(filled.slots["title"][0].text) <= {"email": 60, "push": 50}[kind]
            assert kind == "email" or len(filled.slots["text"][0].text) <= 160


def test_the_social_image_has_a_short_title(pack: Pack) -> None:
    piece = pack.piece("social_image")
    assert piece is not None
    assert len(fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), WORDS).slots["title"][0].text) <= 50


def test_every_resident_piece_warns_of_fraud_but_those_of_a_locked_screen(pack: Pack) -> None:
    spoken = {"sms", "bulletin", "zns", "correction_sms", "correction_zns"}
    for piece in pack.pieces:
        if piece.kind in {"push", "correction_push"}:
            continue
        if piece.audience == "residents" and piece.kind not in spoken:
            assert piece.slots.get("warning"), piece.kind
        if piece.kind in spoken:
            assert "OTP" in "\n".join(pack.words()[key].text for key in piece.slots["text"]), piece.kind


def test_the_phases_follow_each_other_to_the_day_and_after(pack: Pack) -> None:
    facts = values(pack, AFTER_THE_CHANGE)
    key_day = first_day_of(facts[pack.key_fact])
    assert key_day is not None
    days = [key_day + dt.timedelta(days=number) for number in range(pack.phases[0].first_day, 61)]
    places = [phase_on(pack, facts, day) for day in days]
    assert all(place and place.now for place in places)
    before = phase_on(pack, facts, days[0] - dt.timedelta(days=1))
    assert before is not None
    assert (before.now, before.days_left) == (None, 1)


def test_every_rule_of_a_channel_holds_at_every_length(pack: Pack) -> None:
    for rule in pack.rules:
        piece = pack.piece(rule.piece)
        assert piece is not None
        for length in LENGTHS:
            filled = fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), WORDS, Way(length=length))
            assert {key for key in rule.must_say if key not in BUILT_INS} <= filled.used
            assert WORDS.url not in "\n".join(filled.texts()) or "url" not in rule.must_not_say


def test_the_funnel_runs_from_risk_to_proof(pack: Pack) -> None:
    assert [stage["key"] for stage in pack.funnel] == ["at_risk", "checked", "helped", "converted", "verified"]


def test_the_shutdown_pack_answers_the_recurring_questions(shutdown: Pack) -> None:
    assert len([question for question in shutdown.questions if question.language == "vi"]) >= 25


def test_the_false_statements_are_caught_as_people_say_them(shutdown: Pack) -> None:
    said = {
        "islands_until": "Mạng 2G chỉ còn ở các đảo đến năm 2026.",
        "threeg_stops_too": "Máy 2G, 3G sẽ bị khóa.",
        "must_change_sim": "Bà con bắt buộc phải thay SIM.",
        "listed_is_fine": "Máy có trong danh sách tqc thì dùng được.",
        "sim_decides": "Chỉ cần thay SIM 4G là gọi được.",
        "islands_stop_too": "Cả Trường Sa cũng sẽ tắt 2G.",
        "fee_to_keep": "Vui lòng chuyển tiền để giữ số.",
        "threeg_stops_too_en": "3G phones are blocked from October.",
        "must_change_sim_en": "Residents have to replace their SIM.",
    }
    for key, text in said.items():
        assert key in {found.key for found in find_false_statements(shutdown, text)}, text


def test_a_date_that_moved_is_offered_to_a_campaign_opened_before(shutdown: Pack) -> None:
    later = {fact.key: fact.value for fact in shutdown.later_facts(dt.date(2024, 9, 1)) if fact.kind == "date"}
    assert later == {"cutoff_date": "2024-10-16"}


def test_a_piece_still_fills_when_nobody_named_a_contact_or_a_letter(pack: Pack) -> None:
    bare = replace(WORDS, contact="", letter="", issuer="", url="")
    for piece in pack.pieces:
        filled = fill_piece(pack, piece, values(pack, AFTER_THE_CHANGE), bare)
        assert not [text for text in filled.texts() if "{" in text]
