"""What `lantoa bench kit` measures of making itself: the print pieces of many places, each with its own contacts."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.content.rules.composing import Ground
    from lantoa.content.rules.piece import Piece

KINDS_OF_A_PLACE = ("board_notice", "doorstep_card", "leaflet", "poster", "poster_a4", "qa_sheet")
PACKS = Path(__file__).resolve().parents[1] / "packs"


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: pieces made and kept, seconds on the clock and of the processor, growth of memory in megabytes."""

    made: int
    kept: int
    seconds: float
    processor_seconds: float
    growth_mb: float

    def to_json(self) -> dict[str, Any]:
        """The rates as `lantoa bench` prints them: on the clock, and on one core of the processor."""
        pieces = self.made + self.kept
        return {
            "made": self.made,
            "kept": self.kept,
            "per_second": round(pieces / self.seconds, 1),
            "per_second_on_one_core": round(pieces / self.processor_seconds, 1),
            "memory_growth_mb": self.growth_mb,
        }


def print_for_places(places: int, store: Path) -> Measured:
    """Compose, name and make every print piece of `places` generated neighbourhoods, those in `store` not again.

    The first tenth is not counted in the growth of memory: typesetter and caches fill up meanwhile.
    """
    from lantoa.content.makers.making import hash_of, make
    from lantoa.lib.files import write_whole

    ground = _ground()
    clock, processor = time.perf_counter(), time.process_time()
    made = kept = 0
    warm_mb = 0.0
    for number, kind, piece in _pieces(ground, places):
        path = store / hash_of(kind, piece)
        if path.exists():
            kept += 1
            continue
        write_whole(path, make(kind, piece).content)
        made += 1
        if not warm_mb and number > places // 10:
            warm_mb = _resident_mb()
    growth = round(_resident_mb() - warm_mb, 1) if warm_mb else 0.0
    return Measured(made, kept, time.perf_counter() - clock, time.process_time() - processor, growth)


def _pieces(ground: Ground, places: int) -> Iterator[tuple[int, str, Piece]]:
    """The pieces in the order a kit is made: kind by kind for a hundred places at a time."""
    from lantoa.content.rules.composing import compose_piece
    from lantoa.content.rules.kinds import KINDS

    for first in range(1, places + 1, 100):
        batch = range(first, min(first + 100, places + 1))
        grounds = {number: _of_place(ground, number) for number in batch}
        for kind in KINDS_OF_A_PLACE:
            for number in batch:
                composed = compose_piece(grounds[number], KINDS[kind].piece)
                if composed is not None:
                    yield number, kind, composed.piece


def _ground() -> Ground:
    """The first of the packs, with all it knows."""
    from lantoa.campaigns.rules.pack_loading import load_pack
    from lantoa.campaigns.rules.wording import FactValue, PlaceWords
    from lantoa.content.rules.composing import Ground

    pack = load_pack(next(path for path in sorted(PACKS.iterdir()) if (path / "pack.toml").exists()))
    last = max(fact.known_on for fact in pack.facts)
    facts = {
        fact.key: FactValue(
            fact.kind, fact.value, fact.label, fact.unit, fact.verified, fact.legal_basis or fact.source, fact.reason
        )
        for fact in pack.facts_as_of(last)
    }
    return Ground(pack, facts, PlaceWords(), last.isoformat())


def _of_place(ground: Ground, number: int) -> Ground:
    """A neighbourhood of its own name, telephone and address; twenty of them are one ward's."""
    from dataclasses import replace

    from lantoa.campaigns.rules.wording import PlaceWords

    words = PlaceWords(
        place=f"tổ dân phố số {number}",
        publisher=f"Ủy ban nhân dân phường Mẫu {number // 20 + 1}",
        url=f"https://lan-toa.example.vn/c/mau/?noi={10_000 + number}",
        contact=f"0225 3{number // 1000:03d} {number % 1000:03d}",
        issuer="Ủy ban nhân dân quận Mẫu",
        letter="Công văn của Ủy ban nhân dân quận Mẫu",
    )
    return replace(ground, words=words)


def _resident_mb() -> float:
    """What this process holds in memory now; its peak where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576
