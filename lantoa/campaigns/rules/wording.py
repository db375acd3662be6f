"""The references in a pack's words: `{cutoff_date|long}` becomes `ngày 16 tháng 9 năm 2024`.

A text holds no date, number, telephone number or address of its own: it refers to facts by key, or to one
of the built-in words of place and sender. Filters follow a bar and may be chained:
`{cutoff_date|day_before|long}`. What a fact may print is decided by its kind (`SHAPES`).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from lantoa.campaigns.rules.pack import FORMED_LANGUAGES
from lantoa.campaigns.rules.phases import said_in
from lantoa.campaigns.rules.readers import select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lantoa.campaigns.rules.pack import Pack, PackFact, PackLanguage, PackMessage, PackPhase, PackPiece

REFERENCE = re.compile(r"\{(?P<key>[A-Za-z][A-Za-z0-9_]*)(?P<filters>(?:\|[a-z_]+)*)\}")
ATTRIBUTES = ("label", "basis", "reason")
"""Filters that print something about the fact instead of its value."""
_VIETNAMESE_ONLY = frozenset({"label", "reason", "unit"})
"""Filters that print words kept in Vietnamese alone; a legal basis is cited as it is named, in any language."""

Typed: TypeAlias = dt.date | Decimal | str


class WordingError(ValueError):
    """A text cannot be read: a stray brace or an unknown filter. In Vietnamese."""


class MissingFactsError(ValueError):
    """A text needs facts nobody has confirmed yet; `missing` lists them. In Vietnamese."""

    def __init__(self, where: str, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        named = "; ".join(f"{one.label} (`{one.key}`): {one.why}" for one in missing)
        super().__init__(f"{where}: cần xác nhận trước khi phát hành: {named}.")


@dataclass(frozen=True, slots=True)
class FactValue:
    """What a text needs to know of a fact. `value` is canonical: ISO date, `2028-09`, plain digits."""

    kind: str
    value: str | None
    label: str = ""
    unit: str = ""
    verified: bool = True
    basis: str = ""
    """Legal basis, or the source where there is none."""
    reason: str = ""

    @classmethod
    def of(cls, fact: PackFact) -> FactValue:
        """Take over one version from a pack."""
        return cls(fact.kind, fact.value, fact.label, fact.unit, fact.verified,
                   fact.legal_basis or fact.source, fact.reason)


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The built-in words: who speaks, of which place, where to look and whom to ask. Empty: not known."""

    place: str = ""
    """`phường Anh Dũng`; `{Place}` prints it with a capital."""
    publisher: str = ""
    url: str = ""
    contact: str = ""
    letter: str = ""
    """The letter the campaign rests on, cited with its issuer: `Công văn số 12/UBND-VHTT của Ủy ban nhân dân …`."""
    issuer: str = ""
    changed_label: str = ""
    """In a correction notice: what the changed fact is called …"""
    changed_value: str = ""
    """… and what it is now."""


BUILT_INS = {word.name: word.name for word in fields(PlaceWords)} | {"Place": "place"}
_BUILT_IN_LABELS = {
    "place": "tên địa bàn", "publisher": "đơn vị phát hành", "url": "địa chỉ trang thông tin",
    "contact": "đầu mối liên hệ", "letter": "văn bản căn cứ", "issuer": "cơ quan ban hành văn bản",
    "changed_label": "tên thông tin thay đổi", "changed_value": "nội dung mới",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One `{key|filter|filter}` of a text."""

    key: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A reference that could not be filled, and why, in Vietnamese."""

    key: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its references replaced; `used` names the facts that were printed."""

    text: str
    used: frozenset[str] = frozenset()
    missing: tuple[Missing, ...] = ()


@lru_cache(maxsize=4096)
def references(text: str) -> tuple[Reference, ...]:
    """All references of `text` in order. Raises `WordingError` at a brace that belongs to none."""
    rest = REFERENCE.sub("", text)
    if "{" in rest or "}" in rest:
        raise WordingError(f"dấu ngoặc nhọn không thành một tham chiếu đúng trong «{text}»")
    return tuple(_reference(match) for match in REFERENCE.finditer(text))


def _reference(match: re.Match[str]) -> Reference:
    return Reference(match["key"], tuple(match["filters"].split("|")[1:]))


def check_reference(reference: Reference, kind: str | None, language: str = "vi") -> None:
    """Whether `kind` (None: a built-in word) can print this in `language`. Raises `WordingError` naming the filter."""
    allowed = {"cap"} if kind is None else {"cap", *ATTRIBUTES, *(shape for of, shape in SHAPES if of == kind)}
    if kind == "date":
        allowed |= set(_STEPS)
    for name in reference.filters:
        if name not in allowed:
            raise WordingError(f"«{{{reference.key}}}» không có cách viết «{name}»")
        if language != "vi" and name in _VIETNAMESE_ONLY:
            raise WordingError(f"«{{{reference.key}|{name}}}» chỉ in ra được bằng tiếng Việt")
        if language not in FORMED_LANGUAGES and name == "weekday":
            raise WordingError(f"«{{{reference.key}|{name}}}»: phần mềm chưa biết tên thứ trong tuần bằng tiếng này")


def typed_value(kind: str, value: str) -> Typed:
    """`value` as what it means. Raises `WordingError` when it is not of `kind`."""
    try:
        if kind == "date":
            return dt.date.fromisoformat(value)
        if kind == "month":
            return dt.date.fromisoformat(f"{value}-01")
        if kind in {"number", "money"}:
            return Decimal(value)
    except (ValueError, InvalidOperation):
        raise WordingError(f"«{value}» không phải giá trị kiểu «{kind}»") from None
    return value


def show(fact: FactValue, filters: tuple[str, ...] = (), language: str = "vi") -> str:
    """Print a fact's value. Empty when it has no value, or the attribute asked for is empty.

    Raises `WordingError` for a filter its kind does not know.
    """
    check_reference(Reference("…", filters), fact.kind)
    if fact.value is None:
        return ""
    value, shape, printed = typed_value(fact.kind, fact.value), "", None
    for name in filters:
        if name in _STEPS and isinstance(value, dt.date):
            value += dt.timedelta(days=_STEPS[name])
        elif name in ATTRIBUTES:
            printed = str(getattr(fact, name))
        elif name != "cap":
            shape = name
    if printed is None:
        printed = SHAPES[fact.kind, shape](value, fact, language)
    return _capital(printed) if "cap" in filters else printed


def fill(text: str, facts: Mapping[str, FactValue], words: PlaceWords, language: str = "vi") -> Filled:
    """Replace every reference of `text`.

    What is unknown or unverified is never printed: its reference stays in the text and is named in `missing`.
    """
    used: set[str] = set()
    missing: dict[str, Missing] = {}

    def put(match: re.Match[str]) -> str:
        reference = _reference(match)
        try:
            printed = _look_up(reference, facts, words, language)
        except _NotThereError as lack:
            missing[reference.key] = lack.missing
            return match[0]
        if reference.key not in BUILT_INS:
            used.add(reference.key)
        return printed

    references(text)
    filled = REFERENCE.sub(put, text)
    return Filled(filled, frozenset(used), tuple(missing.values()))


class _NotThereError(LookupError):
    def __init__(self, missing: Missing) -> None:
        self.missing = missing


def _look_up(reference: Reference, facts: Mapping[str, FactValue], words: PlaceWords, language: str) -> str:
    key = reference.key
    if key in BUILT_INS:
        check_reference(reference, None)
        printed = str(getattr(words, BUILT_INS[key]))
        if not printed:
            raise _NotThereError(Missing(key, _BUILT_IN_LABELS[BUILT_INS[key]], "chưa có"))
        return _capital(printed) if key == "Place" or reference.filters else printed
    fact = facts.get(key)
    if fact is None:
        raise _NotThereError(Missing(key, key, "không có trong chiến dịch"))
    if not fact.verified:
        why = "chưa có giá trị" if fact.value is None else "chưa được kiểm chứng"
        raise _NotThereError(Missing(key, fact.label or key, why))
    printed = show(fact, reference.filters, language)
    if not printed:
        raise _NotThereError(Missing(key, fact.label or key, "chưa có giá trị"))
    return printed


# --- shapes: what each kind of fact prints -------------------------------------------------------

_STEPS = {"day_before": -1, "day_after": 1}
_WEEKDAYS = {
    # "thứ Hai" has its capital by NĐ 30/2020, Phụ lục II, mục V.
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(value: dt.date) -> str:
    return f"{value.day:02d}"


def _month(value: dt.date) -> str:
    """Months 1 and 2 carry a leading zero, the others do not (NĐ 30/2020, Phụ lục I, mục II.4)."""
    return f"{value.month:02d}" if value.month <= 2 else str(value.month)


def _date(value: Typed, fact: FactValue, language: str) -> str:
    day = _as_date(value)
    return _long_date(value, fact, language) if language == "en" else f"{_day(day)}/{_month(day)}/{day.year}"


def _long_date(value: Typed, _: FactValue, language: str) -> str:
    day = _as_date(value)
    if language == "en":
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    figures = f"{_day(day)}/{_month(day)}/{day.year}"
    return f"ngày {_day(day)} tháng {_month(day)} năm {day.year}" if language == "vi" else figures


def _day_month(value: Typed, _: FactValue, language: str) -> str:
    day = _as_date(value)
    return f"{day.day} {_MONTHS_EN[day.month - 1]}" if language == "en" else f"{_day(day)}/{_month(day)}"


def _weekday(value: Typed, _: FactValue, language: str) -> str:
    return _WEEKDAYS[language][_as_date(value).weekday()]


def _short_month(value: Typed, fact: FactValue, language: str) -> str:
    day = _as_date(value)
    return _long_month(value, fact, language) if language == "en" else f"{_month(day)}/{day.year}"


def _long_month(value: Typed, _: FactValue, language: str) -> str:
    day = _as_date(value)
    if language == "en":
        return f"{_MONTHS_EN[day.month - 1]} {day.year}"
    return f"tháng {_month(day)} năm {day.year}" if language == "vi" else f"{_month(day)}/{day.year}"


def _year(value: Typed, _: FactValue, language: str) -> str:  # noqa: ARG001 - every shape has this signature
    return str(_as_date(value).year)


def _number(value: Typed, _: FactValue, language: str) -> str:
    english = f"{Decimal(str(value)):,f}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def _number_unit(value: Typed, fact: FactValue, language: str) -> str:
    return f"{_number(value, fact, language)} {fact.unit}".rstrip()


def _money(value: Typed, fact: FactValue, language: str) -> str:
    amount = _number(value, fact, language)
    return f"{amount} đồng" if language == "vi" else f"VND {amount}"


def in_language(language: PackLanguage | None, facts: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
    """The facts as `language` prints them: a value in words is the one written for it, or not there yet."""
    if language is None:
        return facts
    return {
        key: replace(fact, value=language.values.get((key, fact.value or "")))
        if fact.kind == "text" else fact
        for key, fact in facts.items()
    }


def _as_written(value: Typed, _: FactValue, language: str) -> str:  # noqa: ARG001 - every shape has this signature
    return str(value)


def _as_date(value: Typed) -> dt.date:
    if not isinstance(value, dt.date):
        raise WordingError(f"«{value}» không phải ngày tháng")
    return value


SHAPES: dict[tuple[str, str], Callable[[Typed, FactValue, str], str]] = {
    ("date", ""): _date, ("date", "long"): _long_date, ("date", "day_month"): _day_month,
    ("date", "weekday"): _weekday, ("date", "month"): _long_month, ("date", "year"): _year,
    ("month", ""): _short_month, ("month", "long"): _long_month, ("month", "year"): _year,
    ("number", ""): _number, ("number", "unit"): _number_unit, ("money", ""): _money,
    ("text", ""): _as_written, ("phone", ""): _as_written, ("url", ""): _as_written, ("document", ""): _as_written,
}
"""By kind and filter: how a value is printed. The empty filter is the default."""


# --- messages and pieces -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """How a piece is said: in which language and phase of the campaign, and how much room it has."""

    language: str = "vi"
    phase: PackPhase | None = None
    length: str = "medium"
    """The length that suits the channel: `short`, `medium` or `long`."""
    most: int = 0
    """Characters a text has room for; 0: no limit. What is too long is said shorter, if the message can be."""


@dataclass(frozen=True, slots=True)
class FilledMessage:
    """A message (or question) ready to print."""

    key: str
    title: str
    text: str
    used: frozenset[str]
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class FilledPiece:
    """A piece with each slot's messages filled. `left_out` names optional messages that wait for a fact."""

    piece: PackPiece
    slots: Mapping[str, tuple[FilledMessage, ...]]
    left_out: tuple[str, ...] = ()
    untranslated: tuple[str, ...] = ()
    """Messages that stand in Vietnamese because the language asked for lacks them."""

    @property
    def used(self) -> frozenset[str]:
        """Keys of all facts printed anywhere in the piece."""
        return frozenset(key for messages in self.slots.values() for message in messages for key in message.used)

    def texts(self) -> Iterator[str]:
        """Every title and text of the piece, slot by slot."""
        for messages in self.slots.values():
            for message in messages:
                yield from filter(None, (message.title, message.text))


def fill_message(
    message: PackMessage, facts: Mapping[str, FactValue], words: PlaceWords, way: Way | None = None,
) -> FilledMessage | None:
    """`message` filled at the length that fits; None when it is optional and waits for a fact.

    Raises `MissingFactsError` naming what must be confirmed.
    """
    title = fill(message.title, facts, words, message.language)
    text = _fitting(message, facts, words, way or Way())
    missing = tuple({one.key: one for one in (*title.missing, *text.missing)}.values())
    if not missing:
        return FilledMessage(message.key, title.text, text.text, title.used | text.used, message.language)
    if message.optional:
        return None
    raise MissingFactsError(f"Nội dung «{message.key}»", missing)


def _fitting(message: PackMessage, facts: Mapping[str, FactValue], words: PlaceWords, way: Way) -> Filled:
    """The text at the length asked for, or the next shorter one that has room; the shortest when none has."""
    lengths = {"long": ("long", "medium", "short"), "medium": ("medium", "short"), "short": ("short",)}[way.length]
    for length in lengths:
        filled = fill(message.at(length), facts, words, message.language)
        if not way.most or len(filled.text) <= way.most:
            break
    return filled


def fill_piece(
    pack: Pack, piece: PackPiece, facts: Mapping[str, FactValue], words: PlaceWords, way: Way | None = None,
) -> FilledPiece:
    """All slots of `piece`. Raises `MissingFactsError` naming everything that must be confirmed, at once."""
    teller = Teller(pack, facts, words, way or Way())
    slots: dict[str, tuple[FilledMessage, ...]] = {}
    left_out: list[str] = []
    missing: dict[str, Missing] = {}
    for slot, keys in piece.slots.items():
        filled: list[FilledMessage] = []
        for message in select((teller.words[key] for key in keys), piece.readers):
            try:
                told = teller.tell(message)
            except MissingFactsError as lack:
                missing |= {one.key: one for one in lack.missing}
                continue
            if told is None:
                left_out.append(message.key)
            else:
                filled.append(told)
        slots[slot] = tuple(filled)
    if missing:
        raise MissingFactsError(f"Sản phẩm «{piece.kind}»", tuple(missing.values()))
    foreign = [one.key for filled in slots.values() for one in filled if one.language != teller.way.language]
    return FilledPiece(piece, slots, tuple(left_out), tuple(foreign))


class Teller:
    """Says a pack's messages one way: in a language, a phase and a length; what the language lacks, in Vietnamese."""

    def __init__(self, pack: Pack, facts: Mapping[str, FactValue], words: PlaceWords, way: Way) -> None:
        self.way, self.words = way, said_in(way.phase, pack.words(way.language))
        self._place, self._vietnamese = words, said_in(way.phase, pack.words())
        self._facts = {way.language: in_language(pack.language(way.language), facts), "vi": facts}

    def tell(self, message: PackMessage) -> FilledMessage | None:
        """Fill `message`; None and `MissingFactsError` as `fill_message` does."""
        if message.language != "vi":
            try:
                told = fill_message(message, self._facts[message.language], self._place, self.way)
            except MissingFactsError:
                told = None  # a value nobody has put into this language yet
            if told is not None:
                return told
        return fill_message(self._vietnamese[message.key], self._facts["vi"], self._place, self.way)
