from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import lantoa
from lantoa.campaigns.rules.pack import Pack, PackFact, PackMessage, PackPiece, PackSentence
from lantoa.campaigns.rules.pack_loading import find_packs, load_pack
from lantoa.campaigns.rules.wording import FactValue, MissingFactsError, PlaceWords
from lantoa.content.rules.composing import BULLETIN_SLOT, Ground, compose_piece, words_of
from lantoa.content.rules.piece import Piece, Point
from lantoa.content.rules.script import SLOTS, SlotTooShortError
from lantoa.content.rules.speech import speak

PACKS = find_packs(Path(lantoa.__file__).parent / "packs")
WORDS = PlaceWords(
    "phường Bến Nghĩa", "Ủy ban nhân dân phường Bến Nghĩa", "https://bennghia.example.vn", "0225 388 1234"
)
FACTS = {
    "start": FactValue("date", "2025-06-07", "Ngày bắt đầu"),
    "homes": FactValue("number", "1200", "Số hộ", unit="hộ"),
    "hotline": FactValue("phone", None, "Số trực", verified=False),
}
MESSAGES = tuple(
    PackMessage(key, text, title, optional=key == "call")
    for key, title, text in (
        ("title", "", "Đo mưa từ {start}"),
        ("one", "", "Câu một."),
        ("two", "", "Có {homes} hộ."),
        ("step", "Đọc vạch", "Ở {place}."),
        ("call", "", "Gọi {hotline}."),
        ("long", "", "Có {homes} hộ đọc thùng đo mưa. " * 80),
        ("key", "", "Bắt đầu từ {start}."),
    )
)
ASK = PackMessage("ask", "Số không cũng báo.", "Không mưa thì sao?")


def ground(piece: PackPiece) -> Ground:
    pack = Pack("rain", "Đo mưa", (), (), MESSAGES, (ASK,), (piece,), (), (), {})
    return Ground(pack, FACTS, WORDS, "2025-05-10")


def piece_of(**slots: tuple[str, ...]) -> PackPiece:
    return PackPiece("article", slots)


def test_each_slot_takes_its_messages_in_order() -> None:
    planned = piece_of(
        title=("title",),
        lead=("one", "two"),
        text=("one", "two"),
        points=("step",),
        questions=("ask",),
        contacts=("one", "two"),
    )
    composed = compose_piece(ground(planned), "article")
    assert composed is not None
    piece = composed.piece
    assert (piece.title, piece.lead, piece.text) == (
        "Đo mưa từ 07/6/2025",
        "Câu một. Có 1.200 hộ.",
        "Câu một.\n\nCó 1.200 hộ.",
    )
    assert piece.points == (Point("Đọc vạch", "Ở phường Bến Nghĩa."),)
    assert piece.questions == (Point("Không mưa thì sao?", "Số không cũng báo."),)
    assert piece.contacts == ("Câu một.", "Có 1.200 hộ.")
    assert (piece.publisher, piece.url, piece.dated) == (WORDS.publisher, WORDS.url, "2025-05-10")
    assert composed.used == {"start", "homes"}


def test_a_piece_the_pack_does_not_have_is_none() -> None:
    assert compose_piece(ground(piece_of()), "poster") is None


def test_a_message_that_may_wait_for_a_fact_is_left_out_by_name() -> None:
    composed = compose_piece(ground(piece_of(title=("title",), contacts=("call",))), "article")
    assert composed is not None
    assert composed.piece.contacts == ()
    assert composed.left_out == ("call",)
    assert composed.used == {"start"}


def test_one_that_may_not_names_the_facts_to_confirm() -> None:
    pack = Pack(
        "rain", "", (), (), (replace(MESSAGES[4], optional=False),), (), (piece_of(lead=("call",)),), (), (), {}
    )
    with pytest.raises(MissingFactsError, match="Số trực"):
        compose_piece(Ground(pack, FACTS, WORDS, ""), "article")


def test_the_notice_about_a_fact_is_preferred_to_the_general_one() -> None:
    notices = (
        PackPiece("correction_notice", {"title": ("one",)}),
        PackPiece("correction_notice", {"title": ("two",)}, about="start"),
    )
    pack = replace(ground(piece_of()).pack, pieces=notices)
    titles = [
        one.piece.title
        for about in ("start", "homes")
        if (one := compose_piece(Ground(pack, FACTS, WORDS, ""), "correction_notice", about))
    ]
    assert titles == ["Có 1.200 hộ.", "Câu một."]


def test_a_bulletin_keeps_its_key_sentence_and_counts_only_the_facts_it_says() -> None:
    sentences = (PackSentence("key", 1, key=True), PackSentence("long", 3), PackSentence("call", 2))
    planned = PackPiece("bulletin", {"title": ("one",)}, sentences=sentences)
    composed = compose_piece(ground(planned), "bulletin")
    assert composed is not None
    assert "Bắt đầu từ 07/6/2025." in composed.piece.text
    assert "1.200" not in composed.piece.text
    assert composed.used == {"start"}


def test_a_bulletin_is_cut_to_its_slot_and_its_first_and_last_words_frame_it() -> None:
    steps = ("step", "key", "long", "two", "one")
    planned = PackPiece("bulletin", {}, sentences=tuple(PackSentence(one, 2, key=one == "key") for one in steps))
    for slot in SLOTS:
        composed = compose_piece(replace(ground(planned), slot_seconds=slot), "bulletin")
        assert composed is not None
        assert composed.piece.text.startswith("Ở phường Bến Nghĩa.")
        assert composed.piece.text.endswith("\n\nCâu một.")
        assert composed.piece.text.count("Bắt đầu từ 07/6/2025.") == 2
    with pytest.raises(SlotTooShortError):
        compose_piece(replace(ground(planned), slot_seconds=9), "bulletin")


@pytest.mark.parametrize("name", sorted(PACKS))
def test_the_bulletins_of_the_packs_that_come_with_it_can_be_read_aloud(name: str) -> None:
    pack = load_pack(PACKS[name])
    first: dict[str, PackFact] = {}
    for fact in pack.facts:
        first.setdefault(fact.key, fact)
    facts = {key: FactValue.of(fact) for key, fact in first.items()}
    words = replace(WORDS, letter="Công văn số 1/UBND", issuer="Ủy ban nhân dân quận")
    composed = compose_piece(Ground(pack, facts, words, "2024-08-14"), "bulletin")
    assert composed is not None
    assert speak(composed.piece.text).text
    assert BULLETIN_SLOT == 120


def test_the_words_of_a_piece_are_all_its_words() -> None:
    piece = Piece(
        kind="article",
        title="T",
        lead="L",
        text="X",
        key_figure="07/6",
        key_label="Ngày",
        points=(Point("P", "p"),),
        questions=(Point("Q", "q"),),
        warning="W",
        contacts=("C",),
        sources=("S",),
        publisher="U",
    )
    assert words_of(piece).split() == ["T", "Ngày:", "07/6", "L", "X", "P", "p", "Q", "q", "W", "C", "S", "U"]
    assert words_of(Piece(kind="article", title="T")) == "T"
