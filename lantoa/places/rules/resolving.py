"""What a phrase of a letter names in the tree: one place, a class of places, or nothing we may guess.

`Ủy ban nhân dân các phường` is the committee of every ward below the issuer; `Công an quận` is the police of the
issuer's own district. A phrase, or a part of one, that names nothing here or could name two places is returned as
unresolved: the officer is asked. So is a class that lacks a member somewhere, or whose number is not the letter's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lantoa.places.rules.phrases import (
    ADDRESSED,
    EVERYWHERE,
    EXCEPT,
    LEVEL,
    LEVELS,
    NOUN,
    NOUNS,
    PURPOSE,
    QUALIFIER,
    SEVERAL,
    key,
    without_head,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lantoa.places.rules.tree import PlaceFacts, Tree

_SEPARATOR = re.compile(r"\s*[;,]\s*(?:và\s+)?|\s+và\s+|\s*/\s*(?=\D)")
_LISTED = re.compile(r"(?P<head>[^:;,]+):\s*(?P<names>.+)", re.DOTALL)
# `Các phòng, ban liên quan`: which ones are concerned is not for us to say, so the nouns before it name nothing either.
_CONCERNED = re.compile("((" + "|".join(NOUNS) + r")\b ?|don vi ?|co quan ?|to chuc ?)+(co )?lien quan")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The places a phrase names, and the parts of it that name none or several."""

    phrase: str
    place_ids: tuple[int, ...]
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ground:
    """Where names are looked up: the tree, the issuer's territory, and the places the letter is addressed to."""

    tree: Tree
    anchor: PlaceFacts
    addressed: tuple[int, ...]

    @cached_property
    def below(self) -> tuple[PlaceFacts, ...]:
        return tuple(self.tree.below(self.anchor.id))

    @cached_property
    def nearest(self) -> dict[str, set[int]]:
        """Places below the issuer, by the names they go by."""
        return self._by_name(self.below)

    @cached_property
    def farther(self) -> tuple[dict[str, set[int]], ...]:
        """The issuer and those above it by their names; then all others."""
        line = (self.anchor, *self.tree.above(self.anchor.id))
        near = {place.id for place in (*line, *self.below)}
        return self._by_name(line), self._by_name(place for place in self.tree.places if place.id not in near)

    def named(self, words: str) -> set[int]:
        """Places that go by these words, in the nearest circle where there are any."""
        if found := self.nearest.get(words):
            return found
        return next((names[words] for names in self.farther if words in names), set())

    def _by_name(self, circle: Iterable[PlaceFacts]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for place in circle:
            for name in self._names(place):
                found.setdefault(name, set()).add(place.id)
        return found

    def _names(self, place: PlaceFacts) -> set[str]:
        """Its names; and `Công an quận`, or from its own district `Công an`, for `Công an quận Dương Kinh`."""
        names = {key(name) for name in (place.name, *place.aliases)}
        home = self.tree.territory(place.id)
        if home is None or home.id == place.id:
            return names
        own = key(home.name)
        bare = own.removeprefix(level_noun(own)).strip()
        for name in tuple(names):
            ending = next((ending for ending in (own, bare) if name.endswith(" " + ending)), "")
            rest = name.removesuffix(ending).strip() if ending else name
            names |= {f"{rest} {level_noun(own)}".strip()}
            names |= {rest} if home.id == self.anchor.id else set()
        return names


@dataclass(frozen=True, slots=True)
class _Found:
    """What one part names: places, localities where the class has nobody, and words the next part may lean on."""

    ids: tuple[int, ...]
    lacking: tuple[str, ...] = ()
    leaning: tuple[str, ...] = ()
    is_class: bool = False


def resolve(phrase: str, tree: Tree, anchor_id: int, addressed: tuple[int, ...] = ()) -> Resolution:
    """Find what `phrase` names, seen from the territory `anchor_id` (the letter's issuer).

    `addressed` are the places of Kính gửi: `Thủ trưởng các cơ quan, đơn vị` means their heads.
    """
    ground = _Ground(tree, tree.by_id[anchor_id], addressed)
    plain = PURPOSE.sub("", phrase)
    excepted = EXCEPT.search(plain)
    found, unresolved = _resolve_list(EXCEPT.sub("", plain), ground)
    if excepted:
        without, unknown = _resolve_list(excepted["who"], ground, _territory_words(ground))
        out = {place_id for one in without for place_id in (one, *(place.id for place in tree.below(one)))}
        found = [place_id for place_id in found if place_id not in out]
        unresolved += unknown
    return Resolution(phrase, tuple(dict.fromkeys(found)), tuple(unresolved))


def _territory_words(ground: _Ground) -> tuple[str, ...]:
    """Level nouns in use below the issuer: among exceptions `Đức Bình` may stand for `xã Đức Bình`."""
    return tuple({level_noun(key(place.name)) for place in ground.below if place.kind in LEVELS.values()} - {""})


def _resolve_list(phrase: str, ground: _Ground, leaning: tuple[str, ...] = ()) -> tuple[list[int], list[str]]:
    """Read a list from left to right, taking at each step the longest run of its parts that names something.

    So `Sở Văn hóa, Thể thao và Du lịch` is one place and `Phòng Y tế, Công an quận` two.
    """
    phrase = phrase.strip(" \n\t.;,")
    if listed := _LISTED.fullmatch(phrase):
        phrase, leaning = listed["names"], (key(listed["head"]).removeprefix("cac "),)
    ends = [(match.start(), match.end()) for match in _SEPARATOR.finditer(phrase)] + [(len(phrase), len(phrase))]
    found: list[int] = []
    unresolved: list[str] = []
    first, start, lost_from = 0, 0, None
    while first < len(ends):
        for last in range(len(ends) - 1, first - 1, -1):
            part = phrase[start:ends[last][0]]
            some = _resolve_part(part, ground, leaning)
            if some and not (some.is_class and _CONCERNED.match(key(phrase[ends[last][1]:]))):
                break
        else:
            some, last, lost_from = None, first, start if lost_from is None else lost_from
        if some or last == len(ends) - 1:
            if lost_from is not None:
                lost = phrase[lost_from:start if some else len(phrase)]
                unresolved.append(lost.strip(" \n\t.;,").removesuffix(" và"))
            lost_from = None
        if some:
            found += some.ids
            unresolved += [f"{part} ({name})" for name in some.lacking]
            leaning = some.leaning or leaning
        first, start = last + 1, ends[last][1]
    return found, unresolved


def _resolve_part(part: str, ground: _Ground, leaning: tuple[str, ...] = ()) -> _Found | None:
    """Find what one part names; none where it names nothing or could name two places."""
    words = without_head(key(part))
    if not words:
        return None
    for lead in leaning:
        leant = _named(f"{lead} {words}", ground)
        if leant:
            return replace(leant, leaning=leaning)
    if ground.addressed and ADDRESSED.fullmatch(words):
        return _Found(ground.addressed, is_class=True)
    return _named(words, ground) or _class(words, ground)


def _named(words: str, ground: _Ground) -> _Found | None:
    """Find the one place that goes by exactly these words."""
    found = ground.named(words)
    if len(found) != 1:
        return None
    place_id = next(iter(found))
    return _Found((place_id,), leaning=_leads(words, ground.tree.territory(place_id)))


def _leads(words: str, home: PlaceFacts | None) -> tuple[str, ...]:
    """Say what a further bare name may lean on: `uy ban nhan dan phuong` after `UBND phường Anh Dũng`."""
    own = key(home.name) if home else ""
    bare = own.removeprefix(level_noun(own)).strip()
    if bare and words.endswith(" " + bare):
        return (words.removesuffix(" " + bare),)
    return ()


def _class(words: str, ground: _Ground) -> _Found | None:
    """Find the members of a class of places: `cac phong ban nganh doan the`, `uy ban nhan dan 05 xa 09 phuong`."""
    many = re.match(r"(?:tat ca |toan bo |toan the )?(?:(cac|nhung)|(\d+)) ", words)
    rest = words[many.end():] if many else words
    nouns, rest = _nouns(rest)
    kinds = frozenset(kind for noun in nouns for kind in NOUNS[noun])
    if not kinds:
        return _class_by_name(words, ground)
    tail = QUALIFIER.sub("", rest).removeprefix("uy ban nhan dan").strip()
    own = key(ground.anchor.name)
    if tail and tail not in {own, level_noun(own)}:
        return _in_localities(kinds, words.removesuffix(rest).strip(), tail, ground)
    found = [
        place_id for place_id in _members(kinds, ground, plural=many is not None)
        if _is_called(ground.tree.by_id[place_id], nouns)
    ]
    if not found or (many and many[2] and int(many[2]) != len(found)):
        return None
    return _Found(tuple(found), is_class=True)


def _nouns(words: str) -> tuple[list[str], str]:
    """Take the leading class nouns off the words. `ban` alone is too little to go by."""
    nouns: list[str] = []
    while (match := NOUN.match(words)) and not (nouns and nouns[-1].endswith(" thuoc")):
        nouns.append(match["noun"])
        words = words[match.end():]
    return ([] if nouns == ["ban"] else nouns), words


def _is_called(place: PlaceFacts, nouns: list[str]) -> bool:
    """Whether a territory is of the sort the nouns say: an `ấp` is no `tổ dân phố`, though both are neighbourhoods."""
    called = level_noun(key(place.name))
    said = [noun for noun in nouns if noun in LEVELS]
    return place.kind != "neighbourhood" or not said or not called or called in said


def _members(kinds: frozenset[str], ground: _Ground, *, plural: bool) -> list[int]:
    """Places of these kinds that work for the issuer itself; of those that live in localities, all below."""
    found = [place.id for place in ground.tree.children(ground.anchor.id) if place.kind in kinds - EVERYWHERE]
    found += [place.id for place in ground.below if place.kind in kinds & EVERYWHERE]
    if not found and plural and not kinds & SEVERAL:
        found = [place.id for place in ground.below if place.kind in kinds]
    return found if plural or kinds & SEVERAL or len(found) == 1 else []


def _in_localities(kinds: frozenset[str], noun: str, tail: str, ground: _Ground) -> _Found | None:
    homes = _homes(tail, ground, singular=bool(kinds & EVERYWHERE))
    if not homes:
        return None
    found: list[int] = []
    lacking: list[str] = []
    for home in homes:
        own = [place.id for place in ground.tree.children(home.id) if place.kind in kinds]
        own = own or [place.id for place in ground.tree.below(home.id) if place.kind in kinds & EVERYWHERE]
        found += own
        lacking += [] if own else [home.name]
    lead = without_head(re.sub(r"^cac ", "", noun))
    return _Found(tuple(found), tuple(lacking), (lead,), is_class=True) if found else None


def _class_by_name(words: str, ground: _Ground) -> _Found | None:
    """`tram y te cac phuong`: in each ward, the place of that name."""
    match = re.search(r" (cac|\d+) ", words)
    homes = _homes(words[match.start() + 1:], ground, singular=False) if match else []
    name = words[:match.start()] if match else ""
    by_name = {home: ground.nearest.get(f"{name} {key(home.name)}", set()) for home in homes}
    if not any(len(ids) == 1 for ids in by_name.values()):
        return None
    found = tuple(next(iter(ids)) for ids in by_name.values() if len(ids) == 1)
    return _Found(found, tuple(home.name for home, ids in by_name.items() if len(ids) != 1), (name,), is_class=True)


def _homes(words: str, ground: _Ground, *, singular: bool) -> list[PlaceFacts]:
    """Territories that `cac xa phuong`, `09 phuong 05 xa` or `cap xa` means; none where the numbers do not agree.

    One noun without `các` means one locality that is not named, except where `singular` allows it.
    """
    found: list[PlaceFacts] = []
    nouns: list[str] = []
    many = singular
    while match := LEVEL.match(words):
        some = _of_level(match["noun"], ground)
        if match["many"] and match["many"].isdigit() and int(match["many"]) != len(some):
            return []
        many = many or match["many"] is not None or match["noun"].startswith("cap ")
        nouns.append(match["noun"])
        found += [place for place in some if place not in found]
        words = words[match.end():]
    left = QUALIFIER.sub("", words).strip()
    own = key(ground.anchor.name)
    return found if (many or len(nouns) > 1) and left in {"", own, level_noun(own)} else []


def _of_level(noun: str, ground: _Ground) -> list[PlaceFacts]:
    kind = LEVELS[noun]
    if noun == "thanh pho" and ground.anchor.kind == "province":
        kind = "district"  # the cities of a province
    places = [place for place in ground.below if place.kind == kind]
    called = [place for place in places if level_noun(key(place.name))]
    if noun.startswith("cap ") or not called:
        return places
    return [place for place in called if level_noun(key(place.name)) == noun]


@lru_cache(maxsize=65536)
def level_noun(name: str) -> str:
    """Find the noun a territory's folded name begins with: `phuong` of `phuong anh dung`."""
    match = LEVEL.match(name)
    return match["noun"] if match and match["many"] is None else ""
