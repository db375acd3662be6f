"""The dated tree of places as plain values: walking it and finding its faults."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")

TERRITORY_KINDS = ("province", "district", "ward", "neighbourhood")


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One node: a territory or an organisation."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeFault:
    """A row of a places file that cannot stand: its code and why, in Vietnamese."""

    code: str
    why: str


@dataclass(frozen=True)
class Tree:
    """Places of one day, walked by id."""

    places: tuple[PlaceFacts, ...]

    @cached_property
    def by_id(self) -> dict[int, PlaceFacts]:
        """Each node by its id."""
        return {place.id: place for place in self.places}

    @cached_property
    def _children(self) -> dict[int | None, list[PlaceFacts]]:
        found: dict[int | None, list[PlaceFacts]] = defaultdict(list)
        for place in self.places:
            found[place.parent_id].append(place)
        return found

    def children(self, place_id: int | None) -> list[PlaceFacts]:
        """The nodes right below."""
        return self._children.get(place_id, [])

    def below(self, place_id: int) -> Iterator[PlaceFacts]:
        """All nodes below, parents before children."""
        for child in self.children(place_id):
            yield child
            yield from self.below(child.id)

    def inherit(self, values: Mapping[int, T]) -> dict[int, T]:
        """Each place's value: its own, or that of the nearest place above that has one."""
        found: dict[int, T] = {}
        for place in self.places:
            for one in (place, *self.above(place.id)):
                if one.id in values:
                    found[place.id] = values[one.id]
                    break
        return found | dict(values)

    def above(self, place_id: int) -> Iterator[PlaceFacts]:
        """The nodes above, nearest first."""
        place = self.by_id.get(place_id)
        while place is not None and place.parent_id is not None:
            place = self.by_id.get(place.parent_id)
            if place is not None:
                yield place

    def territory(self, place_id: int) -> PlaceFacts | None:
        """The territory the node is, or works for."""
        own = self.by_id.get(place_id)
        line = [own, *self.above(place_id)] if own else []
        return next((place for place in line if place.kind in TERRITORY_KINDS), None)


def check_tree(rows: Sequence[tuple[str, str | None]]) -> list[TreeFault]:
    """Faults of a tree given as (code, parent code): a code twice, a parent that is not there, a circle."""
    faults: list[TreeFault] = []
    parents: dict[str, str | None] = {}
    for code, parent in rows:
        if code in parents and parents[code] != parent:
            faults.append(TreeFault(code, f"mã {code} xuất hiện hai lần với hai đơn vị cấp trên khác nhau"))
        parents.setdefault(code, parent)
    for code, parent in parents.items():
        if parent is not None and parent not in parents:
            faults.append(TreeFault(code, f"đơn vị cấp trên {parent} không có trong tệp và chưa có trong hệ thống"))
    faults.extend(TreeFault(circle[0], "vòng lặp cấp trên: " + " → ".join(circle)) for circle in _circles(parents))
    return faults


def _circles(parents: dict[str, str | None]) -> Iterable[list[str]]:
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        code: str | None = start
        while code is not None and code in parents and code not in done and code not in path:
            path.append(code)
            code = parents[code]
        if code is not None and code in path:
            yield [*path[path.index(code) :], code]
        done.update(path)
