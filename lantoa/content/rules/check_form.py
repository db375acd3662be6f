"""The form of each rendering and of the kit: length, unaccented SMS, channel by level, words the voice cannot say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.content.rules.findings import Finding, Mend, Sheet, located
from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, KINDS, NOTICE_KINDS, SMS_LEVELS, TEXT
from lantoa.content.rules.limits import SUBJECT
from lantoa.content.rules.speech_check import check_speech
from lantoa.lib.sms import gsm7_text, measure_sms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_PARTS = {"sms": 3, "sms_unaccented": 2, "correction_sms": 3, "correction_sms_unaccented": 2}
"""SMS of so many parts at most: with tones 201 characters, without 306. A longer one is not read to its end."""
SLOT = 180
"""Seconds of the longest bulletin slot."""
SCRIPTS = frozenset(name for name, kind in KINDS.items() if (kind.piece, kind.media_type) == ("bulletin", TEXT))
LONGEST = {"social_post": 2000}
"""Characters of a post read on a telephone at most; what is longer belongs into the article."""
SMS_RULE = "NĐ 49/2024/NĐ-CP, Điều 32"
_REROUTED = ("zalo", "loudspeaker", "community_digital_team")
"""What carries the same words from a level that may not send telecom SMS."""


def check_form(sheet: Sheet) -> list[Finding]:
    """Find what is too long for its form or breaks a limit of its channel, and in a bulletin what nobody can say.

    A correction that is too long is warned of and not held up: what is out and no longer true is worse.
    """
    long = list(_length(sheet))
    if sheet.kind in NOTICE_KINDS:
        long = [replace(one, severity="warns") for one in long]
    return [*long, *_limits(sheet), *_unsaid(sheet)]


def _limits(sheet: Sheet) -> Iterator[Finding]:
    if len(sheet.subject) > SUBJECT:
        why = f"tiêu đề thư dài {len(sheet.subject)} ký tự, điện thoại chỉ hiện chừng {SUBJECT}"
        yield replace(_whole("length", why, "Rút ngắn tiêu đề, để mốc thời gian lên trước."), severity="warns")
    for severity, why in sheet.faults:
        yield replace(_whole("length", why, "Rút ngắn hoặc viết lại cho đúng dạng."), severity=severity)


def _length(sheet: Sheet) -> Iterator[Finding]:
    if sheet.kind in MOST_PARTS:
        size = measure_sms(sheet.text)
        most = MOST_PARTS[sheet.kind]
        if size.parts > most:
            yield _whole("length", f"tin nhắn dài {size.parts} phần, nhiều nhất là {most}", "Rút gọn tin nhắn.")
    most = LONGEST.get(sheet.kind, 0)
    if most and len(sheet.text) > most:
        what = f"Bỏ bớt {len(sheet.text) - most} ký tự."
        yield _whole("length", f"dài {len(sheet.text)} ký tự, nhiều nhất là {most}", what)
    slot = sheet.slot or SLOT
    if sheet.seconds > slot:
        yield _whole("length", f"đọc hết {round(sheet.seconds)} giây, nhiều nhất là {slot}", "Bỏ bớt câu ít cần.")
    if sheet.left_out:
        names = ", ".join(f"«{one}»" for one in sheet.left_out)
        why = f"không đủ chỗ, bản in đã bỏ {names}"
        yield replace(_whole("length", why, "Rút gọn các ý còn lại nếu cần in đủ."), severity="warns")


def _whole(rule: str, why: str, what: str, act: str = "rewrite") -> Finding:
    return Finding("", why, rule, mend=Mend("reroute" if act == "reroute" else "rewrite", what))


def _unsaid(sheet: Sheet) -> Iterator[Finding]:
    if sheet.kind not in SCRIPTS:
        return
    for word in check_speech(sheet.text, sheet.table):
        mend = Mend("rewrite", "Viết lại bằng chữ, hoặc thêm lời đọc vào bảng chữ viết tắt của cơ quan.")
        yield replace(located(sheet, (word.start, word.end), "speech", word.why, mend), severity="warns")


# --- the kit as a whole ---------------------------------------------------------------------------------


def check_pair(accented: str | None, bare: str | None) -> list[Finding]:
    """Find a message with tones that has no such message without, or another one. None: there is no such rendering."""
    if accented is None:
        return []
    remake = Mend("remake", "Làm lại bộ nội dung để có bản không dấu.")
    if bare is None:
        return [Finding("", "chưa có bản không dấu cho máy không hiện được chữ có dấu", "unaccented", mend=remake)]
    wrong = re.search(r"[^\x00-\x7f]", bare)
    if wrong is not None:
        why = "bản không dấu còn chữ có dấu: máy cũ hiện ô vuông và tin dài gấp đôi"
        return [Finding(wrong[0], why, "unaccented", mend=remake, start=wrong.start(), end=wrong.end())]
    if _words(gsm7_text(accented)) != _words(bare):
        return [Finding("", "bản không dấu nói khác bản có dấu", "unaccented", mend=remake)]
    return []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@dataclass(frozen=True, slots=True)
class GivenChannel:
    """A channel kind an order gives to a place, for the check of what its level may use."""

    place: str
    territory_kind: str
    channel_kind: str
    planned: Sequence[str] = ()
    """All channel kinds of the same order."""


def check_levels(given: Iterable[GivenChannel]) -> list[Finding]:
    """Find telecom SMS given to a level below the province (NĐ 49/2024, Điều 32): it goes another way."""
    return [_barred(one) for one in given if one.channel_kind == "sms" and one.territory_kind not in SMS_LEVELS]


def _barred(one: GivenChannel) -> Finding:
    others = [kind for kind in one.planned if kind != "sms"] or list(_REROUTED)
    ways = ", ".join(CHANNEL_KIND_LABELS[kind] for kind in others)
    why = f"tin nhắn qua nhà mạng chỉ dành cho cấp tỉnh và trung ương ({SMS_RULE}); {one.place} không gửi được"
    mend = Mend("reroute", f"Tin đi bằng {ways}; nếu cần tin nhắn thì đề nghị cấp tỉnh gửi.")
    return Finding(one.place, why, "level", "warns", mend)
