"""What a phrase of a letter names in the tree: one place, a class of places, or nothing we may guess.

`Ủy ban nhân dân các phường` is the committee of every ward below the issuer; `Công an quận` is the police of the
issuer's own district. A phrase, or a part of one, that names nothing here or could name two places is returned as
unresolved: the officer is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantoa.lib.vietnamese import unaccented
from lantoa.places.rules.tree import PlaceFacts, Tree

ABBREVIATIONS = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc", "vp": "van phong",
    "tt&tt": "thong tin va truyen thong", "tttt": "thong tin va truyen thong", "vhtt": "van hoa va thong tin",
    "vh&tt": "van hoa va thong tin", "cnscd": "cong nghe so cong dong", "gd&dt": "giao duc va dao tao",
    "gddt": "giao duc va dao tao", "ld-tb&xh": "lao dong thuong binh va xa hoi", "tp": "thanh pho", "tdp": "to dan pho",
}
LEVELS = {"tinh": "province", "thanh pho": "province", "quan": "district", "huyen": "district", "thi xa": "district",
          "xa": "ward", "phuong": "ward", "thi tran": "ward", "dac khu": "ward",
          "thon": "neighbourhood", "to dan pho": "neighbourhood", "khu pho": "neighbourhood"}
_LEVEL = "|".join(LEVELS)
# A class of places in words -> the kinds it covers. Matched on the whole of a part, after `các` and locality are taken off.
CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"phong( ban)? chuyen mon|phong ban|phong|ban nganh|co quan chuyen mon|phong ban nganh", ("section", "office")),
    (r"don vi su nghiep( cong lap)?", ("service_unit",)),
    (r"don vi", ("service_unit",)),
    (r"(to chuc )?(doan the|chinh tri xa hoi)|hoi doan the|ban nganh doan the|to chuc hoi", ("mass_organisation",)),
    (r"truong( hoc)?|co so giao duc", ("school",)),
    (r"dai truyen thanh", ("station",)),
    (r"(to )?cong nghe so cong dong", ("digital_team",)),
    (r"to (cong tac )?(trien khai )?de an 06( cp)?", ("project06_team",)),
    (r"to dan pho|thon|khu pho|khu dan cu", ("neighbourhood",)),
)
ADDRESSED = re.compile(r"(cac )?(co quan|don vi)( (don vi|to chuc|doan the|dia phuong))*|(cac )?don vi co lien quan")
HEADS = re.compile(r"^(thu truong|lanh dao|nguoi dung dau|truong|giam doc|dong chi|chu tich) (?=(cac|co quan|uy ban|don vi)\b)")
EXCEPT = re.compile(r"\(?\s*\btrừ\b\s+(?P<who>[^)]*)\)?", re.IGNORECASE)


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


def resolve(phrase: str, tree: Tree, anchor_id: int, addressed: tuple[int, ...] = ()) -> Resolution:
    """Find what `phrase` names, seen from the territory `anchor_id` (the letter's issuer).

    `addressed` are the places of Kính gửi: `Thủ trưởng các cơ quan, đơn vị` means their heads.
    """
    ground = _Ground(tree, tree.by_id[anchor_id], addressed)
    excepted = EXCEPT.search(phrase)
    found, unresolved = _resolve_list(EXCEPT.sub("", phrase).strip(), ground)
    if excepted:
        without, unknown = _resolve_list(excepted["who"], ground)
        found = [place_id for place_id in found if place_id not in set(without)]
        unresolved += unknown
    return Resolution(phrase, tuple(dict.fromkeys(found)), tuple(unresolved))


def _resolve_list(phrase: str, ground: _Ground) -> tuple[list[int], list[str]]:
    whole = _resolve_part(phrase, ground)
    if whole is not None:
        return whole, []
    parts = [part for part in re.split(r"\s*[;,]\s*|\s+và\s+", phrase) if part.strip()]
    found: list[int] = []
    unresolved: list[str] = []
    for part in parts if len(parts) > 1 else []:
        some = _resolve_part(part, ground)
        if some is None:
            unresolved.append(part)
        else:
            found += some
    return (found, unresolved) if len(parts) > 1 else ([], [phrase])


def _resolve_part(part: str, ground: _Ground) -> list[int] | None:
    """Place ids, or None where the part names nothing or could name two places."""
    words = HEADS.sub("", key(part))
    named = _named(words, ground)
    if named:
        return named if len(named) == 1 else None
    if ground.addressed and ADDRESSED.fullmatch(words):
        return list(ground.addressed)
    return _committees(words, ground) or _class(words, ground)


def _named(words: str, ground: _Ground) -> list[int]:
    """Places whose name, or a name people use for it here, is exactly these words."""
    tree, anchor = ground.tree, ground.anchor
    for circle in (tuple(tree.below(anchor.id)), (anchor, *tree.above(anchor.id)), tree.places):
        found = [place.id for place in circle if words in _names(place, anchor)]
        if found:
            return found
    return []


def _names(place: PlaceFacts, anchor: PlaceFacts) -> set[str]:
    names = {key(name) for name in (place.name, *place.aliases)}
    own = key(anchor.name)
    level = next((noun for noun in LEVELS if own.startswith(noun + " ")), "")
    for name in tuple(names):
        if name != own and name.endswith(own):
            rest = name.removesuffix(own).strip()
            names |= {f"{rest} {level}".strip(), rest}
    return names


def _committees(words: str, ground: _Ground) -> list[int] | None:
    match = re.fullmatch(rf"uy ban nhan dan (cac )?((?:(?:{_LEVEL})(?: va)? ?)+)(?: thuoc .*| tren dia ban.*)?", words)
    if not match:
        return None
    kinds = {LEVELS[noun] for noun in re.findall(_LEVEL, match[2])}
    below = ground.tree.below(ground.anchor.id)
    found = [place.id for place in below if place.kind == "committee"
             and (home := ground.tree.by_id.get(place.parent_id or -1)) and home.kind in kinds]
    return found or None


def _class(words: str, ground: _Ground) -> list[int] | None:
    words = re.sub(rf"( thuoc| truc thuoc| tren dia ban| cua)?( uy ban nhan dan)?( cac)?( {_LEVEL})?( {key(ground.anchor.name)})?$",
                   "", re.sub(r"^cac ", "", words)) if words not in LEVELS else words
    for pattern, kinds in CLASSES:
        if re.fullmatch(pattern, words):
            return [place.id for place in _nearest(kinds, ground)] or None
    return None


def _nearest(kinds: tuple[str, ...], ground: _Ground) -> list[PlaceFacts]:
    """Places of these kinds that work for the anchor itself; where it has none, those further down."""
    own = [place for place in ground.tree.children(ground.anchor.id) if place.kind in kinds]
    return own or [place for place in ground.tree.below(ground.anchor.id) if place.kind in kinds]


def key(text: str) -> str:
    """Words folded for comparison: lower case, no accents, abbreviations written out, no punctuation."""
    words = re.findall(r"[\w&]+", unaccented(text).casefold())
    return " ".join(ABBREVIATIONS.get(word, word) for word in words)
