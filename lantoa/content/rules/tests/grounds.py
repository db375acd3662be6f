"""What the tests of the check stand on: each shipped pack's own pieces as texts, and what they may say."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lantoa.campaigns.rules.pack_loading import load_pack
from lantoa.campaigns.rules.wording import FactValue, PlaceWords
from lantoa.content.rules.checks import Finding, Known, KnownFact, Sheet, check_sheet
from lantoa.content.rules.composing import Ground, compose_piece, message_words, words_of
from lantoa.content.rules.place_names import PlaceNames
from lantoa.content.rules.speech import speak

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack

PACKS = Path(__file__).resolve().parents[3] / "packs"
NAMES = ("2g_shutdown", "volte_readiness")
TO_MANY = frozenset({"sms", "email", "push", "correction_sms", "correction_email", "correction_push"})
"""Messages to many people, taken in every phase."""
DAY = dt.date(2024, 10, 11)
PLACE, PUBLISHER = "phường Đa Phúc", "Ủy ban nhân dân phường Đa Phúc"
DISTRICT = PlaceNames(
    ("Thành phố Hải Phòng", "Quận Dương Kinh", "Phường Đa Phúc", "Phường Anh Dũng", "Phường Hòa Nghĩa")
)
HOST = "lantoa.haiphong.gov.vn"
HOTLINES = {"viettel_hotline": "1800 8098", "vinaphone_hotline": "1800 1091"}
"""Confirmed by a person in this campaign."""


@cache
def pack_named(name: str) -> Pack:
    """A shipped pack."""
    return load_pack(PACKS / name)


@cache
def known_named(name: str) -> Known:
    """What a campaign of this pack may say on `DAY`."""
    pack = pack_named(name)
    facts = tuple(
        KnownFact(
            fact.key, fact.kind, fact.label, str(HOTLINES.get(fact.key, fact.value)), fact.unit,
            fact.verified or fact.key in HOTLINES,
        )
        for fact in pack.facts_as_of(DAY)
        if fact.value is not None or fact.key in HOTLINES
    )  # fmt: skip
    now = {fact.key: fact.value for fact in facts}
    past = tuple(
        KnownFact(fact.key, fact.kind, fact.label, fact.value, fact.unit)
        for fact in pack.facts
        if fact.value is not None and fact.known_on <= DAY and fact.value != now.get(fact.key)
    )
    papers = tuple(text for fact in pack.facts_as_of(DAY) for text in (fact.legal_basis, fact.source, fact.reason))
    return Known(
        facts, past, (*papers, "Công văn số 45/UBND-VHTT của Ủy ban nhân dân quận Dương Kinh"), pack.tokens,
        days=(DAY,), hosts=frozenset({HOST, *(urlsplit(fact.value).netloc for fact in facts if fact.kind == "url")}),
    )  # fmt: skip


def sheet(text: str, kind: str = "article", **values: Any) -> Sheet:
    """Make a sheet of the ward; its publisher is not asked for unless a test gives one."""
    own = frozenset({"phuong da phuc", "quan duong kinh", "thanh pho hai phong"})
    return Sheet(kind, text, **{"place": PLACE, "names": DISTRICT, "own_names": own, **values})


def found_in(text: str, kind: str = "article", pack: str = NAMES[0], **values: Any) -> list[Finding]:
    """Check a text of the ward."""
    return check_sheet(sheet(text, kind, **values), known_named(pack), pack_named(pack))


@cache
def own_texts(name: str) -> tuple[tuple[str, str], ...]:
    """Every piece of a pack in words, by rendering kind; the bulletin as written and as said."""
    pack = pack_named(name)
    facts = {
        fact.key: FactValue(
            fact.kind, HOTLINES.get(fact.key, fact.value), fact.label, fact.unit, fact.verified or fact.key in HOTLINES,
            fact.legal_basis or fact.source, fact.reason,
        )
        for fact in pack.facts_as_of(DAY)
    }  # fmt: skip
    words = PlaceWords(
        PLACE, PUBLISHER, f"https://{HOST}/c/may-cu/?noi=11683", "0225 388 1234", "Công văn số 45/UBND-VHTT",
        "Ủy ban nhân dân quận Dương Kinh",
    )  # fmt: skip
    texts: list[tuple[str, str]] = []
    for kind, phase in product(sorted({piece.kind for piece in pack.pieces}), (None, *pack.phases)):
        composed = compose_piece(Ground(pack, facts, words, DAY.isoformat(), phase=phase), kind, pack.key_fact)
        if composed is None or (phase and kind not in TO_MANY):
            continue
        if kind == "bulletin":
            texts += [("script", composed.piece.text), ("audio", speak(composed.piece.text).text)]
        else:
            alone = kind in {"sms", "correction_sms", "push", "correction_push"}
            texts.append((kind, message_words(composed.piece) if alone else words_of(composed.piece)))
    return tuple(dict.fromkeys(texts))
