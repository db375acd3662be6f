from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lantoa
from lantoa.campaigns.rules.pack_loading import find_packs, load_pack
from lantoa.campaigns.rules.wording import FactValue, PlaceWords

if TYPE_CHECKING:
    from lantoa.campaigns.rules.pack import Pack

PACKS = Path(lantoa.__file__).parent / "packs"
BEFORE_THE_CHANGE = dt.date(2024, 8, 14)
AFTER_THE_CHANGE = dt.date(2024, 9, 14)

WORDS = PlaceWords(
    place="phường Anh Dũng", publisher="Ủy ban nhân dân phường Anh Dũng", url="https://anhdung.example/chien-dich",
    contact="0225 000 0000", letter="Công văn số 12/UBND-VHTT của Ủy ban nhân dân quận Dương Kinh",
    issuer="Ủy ban nhân dân quận Dương Kinh", changed_label="Tổng đài", changed_value="0225 111 1111",
)


def values(pack: Pack, day: dt.date) -> dict[str, FactValue]:
    return {fact.key: FactValue.of(fact) for fact in pack.facts_as_of(day)}


@pytest.fixture(scope="session", params=["2g_shutdown", "volte_readiness"])
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(find_packs(PACKS)[request.param])


@pytest.fixture(scope="session")
def shutdown() -> Pack:
    return load_pack(PACKS / "2g_shutdown")
