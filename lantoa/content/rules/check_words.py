"""Whether words may be saved: references that exist, nothing typed that is a fact, nothing false, the pack's own rules.

What is said of a pack's words when it is loaded (`campaigns/rules/pack_checks.py`) is said of edited ones too, of all
of them at once and each at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.false_statements import find_false_statements
from lantoa.campaigns.rules.pack_checks import breaches_of, typed_spans
from lantoa.campaigns.rules.phases import said_in
from lantoa.campaigns.rules.wording import BUILT_INS, REFERENCE, Reference, WordingError, check_reference
from lantoa.content.rules.editing import (
    MOST_OF_TEXT,
    MOST_OF_TITLE,
    VIETNAMESE,
    Words,
    entry_of,
    is_question,
    reworded,
    uses_of,
)
from lantoa.content.rules.offering import OF_A_CHANGE, fitting, offer_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lantoa.campaigns.rules.pack import Pack
    from lantoa.campaigns.rules.wording import FactValue
    from lantoa.content.rules.offering import Fitting, Offer

AROUND = 40
"""Characters shown on each side of a fault."""
_BEFORE, _AFTER = "(\u201c\"'", ".,;:!?)\u201d\"'"
"""Signs that stand around a word and are no part of it."""
_SENTENCE = re.compile(r"\S(?:[^.!?\n]|\.(?=\S))*[.!?]?")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in one field of a message: where it stands, why it may not, and the words that mend it where there are.

    `start` and `end` are characters of the field; both 0 where the fault is of the whole.
    """

    field: str
    why: str
    start: int = 0
    end: int = 0
    new: str = ""
    found: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The message whose words are edited, and what they may say."""

    pack: Pack
    key: str
    facts: Mapping[str, FactValue]
    language: str = VIETNAMESE

    @property
    def may_wait(self) -> bool:
        """Whether it is left out as long as a fact it names is not confirmed."""
        entry = entry_of(self.pack, self.key)
        return entry is not None and entry.optional

    @property
    def tells_a_change(self) -> bool:
        """Whether all that says it are correction notices, which alone have the words of a change."""
        uses = uses_of(self.pack, self.key)
        return bool(uses) and all(use.piece.kind.startswith("correction") for use in uses)

    def offers(self) -> list[Offer]:
        """Its facts, as its language prints them."""
        return offer_facts(self.facts, self.language, self.pack.language(self.language))


def check_words(words: Words, subject: Subject) -> list[Fault]:
    """Find everything that keeps these words from being saved, field by field in the order of the text."""
    faults = [*_empty(words, subject), *_too_long(words)]
    offers = subject.offers()
    for name, text in words.texts().items():
        own = [*_references(name, text, subject), *_typed(name, text, subject, offers), *_false(name, text, subject)]
        faults += sorted(own, key=lambda one: one.start)
    if not faults:
        faults = list(_against_rules(words, subject))
    return faults


def _empty(words: Words, subject: Subject) -> Iterator[Fault]:
    if not words.text:
        yield Fault("text", "chưa có lời văn")
    if is_question(subject.pack, subject.key) and not words.title:
        yield Fault("title", "chưa có câu hỏi")


def _too_long(words: Words) -> Iterator[Fault]:
    for name, text in words.texts().items():
        most = MOST_OF_TITLE if name == "title" else MOST_OF_TEXT
        if len(text) > most:
            yield Fault(name, f"dài {len(text)} ký tự, nhiều nhất là {most}")


def _references(name: str, text: str, subject: Subject) -> Iterator[Fault]:
    for match in REFERENCE.finditer(text):
        why = _why_not(match, subject)
        if why:
            yield _at(name, text, match.span(), why)
    rest = _blanked(text)
    for at, sign in enumerate(rest):
        if sign in "{}":
            yield _at(name, text, (at, at + 1), "dấu ngoặc nhọn không thành một tham chiếu đúng")


def _why_not(match: re.Match[str], subject: Subject) -> str:
    """Why a reference may not stand there; empty when it may."""
    key = match["key"]
    reference = Reference(key, tuple(match["filters"].split("|")[1:]))
    fact = subject.facts.get(key)
    if key not in BUILT_INS and fact is None:
        return f"chiến dịch không có dữ kiện «{key}»; hãy chọn trong danh sách"
    if key in OF_A_CHANGE and not subject.tells_a_change:
        return "chỉ thông báo đính chính mới có chỗ này"
    try:
        check_reference(reference, fact.kind if fact else None, subject.language)
    except WordingError as fault:
        return str(fault)
    if fact is not None and not fact.verified and not subject.may_wait:
        return f"«{fact.label or key}» chưa được kiểm chứng, nên chưa in ra được; hãy xác nhận dữ kiện này trước"
    return ""


def _typed(name: str, text: str, subject: Subject, offers: list[Offer]) -> Iterator[Fault]:
    """What is typed that is a fact, with the reference to take instead where a confirmed fact holds it."""
    spans = typed_spans(text, subject.pack.tokens)
    if not spans:
        return
    mends = [
        one
        for one in fitting(_blanked(text), offers, subject.facts, subject.pack.tokens)
        if any(start < one.end and one.start < end for start, end in spans)
    ]
    for mend in mends:
        why = "gõ thẳng vào lời văn thì không đổi theo dữ kiện được"
        yield _at(name, text, (mend.start, mend.end), why, mend.new)
    rest = {_whole(text, *span) for span in spans}
    for start, end in sorted(rest):
        if not any(start < one.end and one.start < end for one in mends):
            why = "gõ thẳng vào lời văn; hãy ghi thành dữ kiện có nguồn rồi chèn vào, hoặc viết cách khác"
            yield _at(name, text, (start, end), why)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """All that was typed without a space between, but for the signs around it."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    typed = text[start:end].rstrip(_AFTER)
    return start + len(typed) - len(typed.lstrip(_BEFORE)), start + len(typed)


def _false(name: str, text: str, subject: Subject) -> Iterator[Fault]:
    """A sentence the pack knows to be false, as a whole: what is right is a sentence too."""
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    for one in find_false_statements(subject.pack, text):
        span = next(
            ((start, end) for start, end in sentences if start <= one.start < end),
            (one.start, one.start + len(one.quote)),
        )
        yield _at(name, text, span, f"«{one.quote}» là điều sai: {one.why}", one.right)


def _against_rules(words: Words, subject: Subject) -> Iterator[Fault]:
    """What the pack demands of a kind of piece, whoever edits its words."""
    own = reworded(subject.pack, {(subject.key, subject.language): words})
    told: set[str] = set()
    phases = {"": None, **{phase.key: phase for phase in own.phases}}
    for use in uses_of(own, subject.key):
        rule = own.rule(use.piece.kind)
        for phase in use.phases if rule else ():
            said = said_in(phases[phase], own.words(subject.language))
            told |= set(breaches_of(rule, use.piece, said)) if rule else set()
    for why in sorted(told):
        yield Fault("text", why)


def _blanked(text: str) -> str:
    """The text with spaces in place of its references: every offset stays."""
    return REFERENCE.sub(lambda match: " " * len(match[0]), text)


def _at(name: str, text: str, span: tuple[int, int], why: str, new: str = "") -> Fault:
    start, end = span
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Fault(name, why, start, end, new, text[start:end], before, after)


def mended(words: Words, field: str, mend: Fitting) -> Words:
    """The words with one stretch of one field replaced. Raises `ValueError` for a place that is not there."""
    text = words.texts().get(field, "")
    if not 0 <= mend.start <= mend.end <= len(text):
        raise ValueError(f"{field}: {mend.start}-{mend.end}")
    return words.changed(field, text[: mend.start] + mend.new + text[mend.end :])
