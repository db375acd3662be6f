"""Every date, number, telephone number and document of a text is a current confirmed fact, or stands in its papers."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.wording import FactValue, show
from lantoa.content.rules.figures import Figure, figures_in
from lantoa.content.rules.findings import Finding, Mend, Sheet, fold, located
from lantoa.content.rules.known import meanings_of
from lantoa.content.rules.place_names import spelled, without
from lantoa.content.rules.said_figures import written_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.content.rules.known import Known, KnownFact
    from lantoa.content.rules.place_names import NamedPlace

SMALL = 10
"""A number in words up to this is a way of speaking: `hai cách`, `mười phút`."""
_RULE = {"phone": "phone", "number": "number", "document": "document", "article": "document"}
_WHY = {
    "date": "ngày này không phải dữ kiện hiện hành của chiến dịch",
    "no_date": "lịch không có ngày này",
    "month": "tháng này không phải dữ kiện hiện hành của chiến dịch",
    "day_month": "ngày này không phải dữ kiện hiện hành của chiến dịch",
    "year": "năm này không có trong dữ kiện hay căn cứ của chiến dịch",
    "phone": "số điện thoại này không phải dữ kiện đã xác nhận",
    "document": "văn bản này không có trong căn cứ hay văn bản chỉ đạo",
    "article": "điều, khoản này không có trong căn cứ hay văn bản chỉ đạo",
    "number": "con số này không phải dữ kiện đã xác nhận",
}
_KINDS = {
    "date": ("date",), "no_date": ("date",), "day_month": ("date",), "year": ("date", "month"),
    "month": ("month", "date"), "phone": ("phone",), "number": ("number", "money"),
}  # fmt: skip
_DAYS = ("thu hai", "thu ba", "thu tu", "thu nam", "thu sau", "thu bay", "chu nhat")
_WEEKDAY = re.compile(r"(?<!\w)(thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)(?!\w)[\s,(]*(?:ngay\s+)?$")
_BRANDS = re.compile(r"viettel|vinaphone|mobifone|vietnamobile|vnpt|gmobile|itel|wintel", re.IGNORECASE)


def check_figures(sheet: Sheet, known: Known) -> list[Finding]:
    """Find each figure that `known` does not hold, each weekday that is not that day's, each swapped owner."""
    text = without(sheet.text, _names(sheet))
    for contact in sheet.contacts:  # the number of a house is no figure where its address stands
        text = spelled(contact).sub(lambda match: "\x00" * len(match[0]), text)
    written = figures_in(text, known.tokens)
    all_figures = [*written, *([] if sheet.is_bare else _in_words(text, known, written))]
    return [*_unknown(all_figures, sheet, known), *_weekdays(all_figures, sheet), *_swapped(all_figures, sheet, known)]


def _names(sheet: Sheet) -> Iterator[NamedPlace]:
    """What is a name and no figure: of its own places, or of others, which `check_names` finds."""
    return (one for one in sheet.named if one.is_proper or one.names & sheet.own_names)


def _unknown(figures: Sequence[Figure], sheet: Sheet, known: Known) -> Iterator[Finding]:
    told: set[tuple[int, int]] = set()
    for figure in figures:
        span = (figure.start, figure.end)
        if span not in told and not _may_stand(figure, sheet, known):
            told.add(span)
            yield _fault(figure, sheet, known)


def _in_words(text: str, known: Known, written: Sequence[Figure]) -> list[Figure]:
    """Figures that stand in words, wholly or in part: `ngày mười sáu tháng chín`, `ngày 16 tháng chín năm 2024`."""
    said = written_back(text)
    if said.text == text:
        return []
    places = {(one.start, one.end) for one in written}
    found = (Figure(one.kind, one.value, *said.span(one.start, one.end)) for one in figures_in(said.text, known.tokens))
    return [one for one in found if (one.start, one.end) not in places]


def _may_stand(figure: Figure, sheet: Sheet, known: Known) -> bool:
    if (figure.kind, figure.value) in known.meanings:
        return True
    if figure.kind == "phone" and any(figure.value == one.value for text in sheet.contacts for one in figures_in(text)):
        return True
    if figure.kind not in {"number", "phone"}:
        return False
    words = sheet.text[figure.start : figure.end]
    in_words = not any(char.isdecimal() for char in words)
    if in_words and (int(figure.value) <= SMALL if figure.value.isdecimal() else False):
        return True
    if (in_words and sheet.is_spoken and figure.value in known.numbers) or figure.value in known.tokens:
        return True
    return sheet.names is not None and sheet.names.is_in_organisation(sheet.text, (figure.start, figure.end))


def _fault(figure: Figure, sheet: Sheet, known: Known) -> Finding:
    rule = _RULE.get(figure.kind, "date")
    held = known.was(figure)
    if held is None:
        return located(sheet, (figure.start, figure.end), rule, _WHY[figure.kind], _nearest(figure, known))
    now = known.now(held.key)
    if now is not None and now.is_verified:
        new = shown(now)
        why = f"đây là giá trị cũ của «{held.label}», nay là {new}"
        mend = Mend("remake", f"Làm lại bộ nội dung; chỗ viết tay thì thay bằng {new}.", new, held.key)
    else:
        why = f"{_WHY[figure.kind]}: «{held.label}» chưa có ai xác nhận"
        mend = Mend("confirm", f"Xác nhận dữ kiện «{held.label}», hoặc bỏ khỏi lời văn.", "", held.key)
    return located(sheet, (figure.start, figure.end), rule, why, mend)


def _nearest(figure: Figure, known: Known) -> Mend:
    """Offer the confirmed fact of the same kind that is most like what stands there."""
    kinds = _KINDS.get(figure.kind, ())
    facts = [fact for fact in known.facts if fact.is_verified and fact.kind in kinds]
    best = max(facts, key=lambda fact: _likeness(figure.value, fact), default=None)
    if best is None:
        return Mend("rewrite", "Bỏ khỏi lời văn, hoặc ghi thành dữ kiện có nguồn và để người có trách nhiệm xác nhận.")
    new = shown(best)
    return Mend(
        "rewrite", f"Nếu là «{best.label}» thì thay bằng {new}; nếu không, ghi thành dữ kiện có nguồn.", new, best.key
    )


def _likeness(value: str, fact: KnownFact) -> int:
    other = re.sub(r"\D", "", fact.value)
    return sum(one == two for one, two in zip(re.sub(r"\D", "", value), other, strict=False))


def shown(fact: KnownFact) -> str:
    """A fact's value as a text prints it."""
    return show(FactValue(fact.kind, fact.value, fact.label, fact.unit))


def _weekdays(figures: Sequence[Figure], sheet: Sheet) -> Iterator[Finding]:
    """A weekday said of a day that is another."""
    for figure in figures:
        if figure.kind != "date":
            continue
        head = sheet.folded[max(0, figure.start - 24) : figure.start]
        match = _WEEKDAY.search(head)
        if match is None:
            continue
        day = dt.date.fromisoformat(figure.value)
        said = match[1]
        named = _DAYS[int(said[-1]) - 2] if said[-1].isdecimal() else said
        right = _DAYS[day.weekday()]
        if named != right:
            start = figure.start - len(head) + match.start(1)
            proper = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")[day.weekday()]
            why = f"ngày {day.day}/{day.month}/{day.year} là {proper}"
            span = (start, start + len(said))
            yield located(sheet, span, "weekday", why, Mend("rewrite", f"Thay bằng {proper}.", proper))


def _swapped(figures: Sequence[Figure], sheet: Sheet, known: Known) -> Iterator[Finding]:
    """A telephone number beside the name of another operator than the fact it is of."""
    owners = {
        value: (fact, brand[0].lower())
        for fact in known.facts
        if fact.kind == "phone" and fact.is_verified and (brand := _BRANDS.search(fact.label))
        for _, value in meanings_of(fact)
    }
    for figure in figures if owners else ():
        if figure.kind != "phone" or figure.value not in owners:
            continue
        fact, owner = owners[figure.value]
        line = fold(re.split(r"[\n.;]", sheet.text[: figure.start])[-1])
        names = _BRANDS.findall(line)
        if names and names[-1] != owner:
            right = next((other for other, brand in owners.values() if brand == names[-1]), None)
            new = shown(right) if right else ""
            mend = Mend("rewrite", f"Thay bằng {new}." if new else "Sửa lại tên hoặc số.", new, fact.key)
            yield located(sheet, (figure.start, figure.end), "phone", f"số này là của «{fact.label}»", mend)
