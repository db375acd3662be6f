"""One task out of the words it was found in: doers, channels, time, report, and a summary in the letter's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.dates import SHORT_DATE, iso_date
from lantoa.letters.rules.deadlines import Report, read_evidence, read_report
from lantoa.letters.rules.frequencies import read_frequency
from lantoa.letters.rules.letter import LetterTask
from lantoa.letters.rules.times import Phrase, read_times
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.assignees import Actors
    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.paragraphs import Paragraph

_FORMULA = re.compile(
    r"(?:(?<=[.;])\s|^)(?:(?:Thời gian|Hình thức)(?: thực hiện)?:|Báo cáo kết quả\b"
    r"|Gửi báo cáo\b)[^;]*?(?=\.\s+[A-ZĐ]|\.?$)"
)
_REPORT_DETAIL = re.compile(r"\s*(?:\(kèm\s|về\s(?!việc)|trước ngày\s).*$")
_AT_ONCE = re.compile(r"bao ngay|kip thoi(?= bao cao)")
_NEXT_TO = (" ", ", ")
_STOP = re.compile(r"\.\s+(?=\w)")
_GLOSS = re.compile(r"\s*\((?:là )?(?:[Cc]ơ quan|[Tt]hường trực|[Đđ]ầu mối|[Ss]au đây|[Gg]ọi|[Vv]iết tắt)[^()]*\)")
"""What only explains a name; an exception (`trừ …`) is part of it."""
_GATHERS = re.compile(r"\W*(?:tong hop|cap nhat)[^,.;]{0,30}")
"""`Hằng ngày tổng hợp số liệu báo cáo …`: the time is that of the report."""
_LED = re.compile(r"(?:dinh ky|hang|truoc|cham nhat|trong|tu|vao|dung|sau|den|tu nay|moi|\d|ngay|tai)\b")
"""A time that opens the sentence, before its doer; any other time before the doer belongs to what is cited."""
_SHORT_LEAD = 24
_LEAD_OF_CELL = 8
"""Letters a cell may have beside its time: `Trước `, `Ngày `."""
_GENERAL = "Việc của các đơn vị nhận văn bản, suy từ mục “Kính gửi”."


@dataclass(slots=True)
class Draft:
    """A task being put together from parts of paragraphs."""

    index: str | None
    parts: list[tuple[Paragraph, int, int]]
    actors: Actors | None
    owner: Paragraph | None
    closing: bool = False
    inherited: bool = False
    action_from: int = 0
    times_in: Paragraph | None = None
    """The cell of a table where its time stands."""


def task_of(draft: Draft, place: int, addressees: Sequence[str], findings: Findings) -> LetterTask:
    """Make the task of a draft, noting its spans and doubts under `tasks[place]`."""
    name = f"tasks[{place}]"
    first, start, _ = draft.parts[0]
    _, _, last_end = draft.parts[-1]
    begin = first.source(start, start + 1)[0]
    finish = draft.parts[-1][0].source(last_end - 1, last_end)[1]
    findings.stands(name, begin, finish)
    who = _assignees(draft, name, addressees, findings)
    channels: list[str] = []
    actors_plain = folded("; ".join(who))
    for paragraph, part_start, part_end in draft.parts:
        begins = _order_from(draft, paragraph, part_start)
        channels += read_channels(paragraph.plain[begins:part_end], actors_plain, paragraph.text[begins:part_end])
    times = _times(draft)
    known = set(channels)
    if len(known) > 1 or _summary(draft).startswith("Báo cáo "):
        known.discard("other")
    often = _frequency(draft)
    if often:
        findings.stands(f"{name}.frequency", *often[0].source(often[1].start, often[1].end))
    task = LetterTask(
        index=draft.index or ("end" if draft.closing else None),
        assignees=who,
        actions_summary=_summary(draft),
        channels=tuple(channel for channel in dict.fromkeys(channels) if channel in known),
        evidence=next(
            (
                read_evidence(part.text, part.plain, a, b)
                for part, a, b in draft.parts
                if read_evidence(part.text, part.plain, a, b)
            ),
            None,
        ),
        frequency=often[1].value if often else None,
    )
    return _with_times(task, times, name, findings)


def _frequency(draft: Draft) -> tuple[Paragraph, Phrase] | None:
    cells = [(draft.times_in, 0, len(draft.times_in.text))] if draft.times_in else []
    for paragraph, start, end in [*draft.parts, *cells]:
        phrase = read_frequency(paragraph.text, paragraph.plain, start, end)
        if phrase:
            return paragraph, phrase
    return None


def _assignees(draft: Draft, name: str, addressees: Sequence[str], findings: Findings) -> tuple[str, ...]:
    if draft.actors is None:
        findings.doubt(f"{name}.assignees", _GENERAL)
        return tuple(addressees)
    for index, (start, end, _) in enumerate(draft.actors.names):
        if draft.owner:
            findings.stands(f"{name}.assignees[{index}]", *draft.owner.source(start, end))
    if draft.inherited:
        findings.doubt(f"{name}.assignees", "Đơn vị thực hiện lấy từ câu dẫn chung, không nêu riêng ở việc này.")
    names = (_GLOSS.sub("", text) for text in draft.actors.texts)
    return tuple(text[:1].upper() + text[1:] for text in names)  # wherever it stood


def _summary(draft: Draft) -> str:
    words: list[str] = []
    for place, (paragraph, start, end) in enumerate(draft.parts):
        at = max(start, draft.action_from) if place == 0 and paragraph is draft.parts[0][0] else start
        words.append(paragraph.text[at:end].strip(" :;,./*"))
    text = "; ".join(word for word in words if word)
    text = _FORMULA.sub("", text).strip(" :;,./*") or text
    if text.lower().startswith("báo cáo kết quả"):
        text = _REPORT_DETAIL.sub("", text)
    return text[:1].upper() + text[1:]


def _order_from(draft: Draft, paragraph: Paragraph, start: int) -> int:
    """Where the words of the order begin: at its doer when the doer stands in it, so that `Để báo cáo …` is passed."""
    if draft.actors is None or draft.owner is not paragraph or draft.actors.names[0][0] < start:
        return start
    return draft.actors.names[0][0]


def _sentence_end(text: str, start: int, end: int) -> int:
    """Where a sentence ends: at a full stop before a capital; before a small letter or a digit it is a speck."""
    for found in _STOP.finditer(text, start, end):
        if text[found.end()].isupper():
            return found.start()
    return end


def _beside_times(lead: str, begins: int, times: Sequence[Phrase]) -> int:
    """How many letters of the words before a report are no time: few, and the time is the report's."""
    told = sum(time.end - time.start for time in times if begins <= time.start < begins + len(lead))
    return len(lead.strip(" ,.;:")) - told


@dataclass(slots=True)
class _Times:
    deadline: tuple[Paragraph, list[Phrase]] | None = None
    report: tuple[Paragraph, Report] | None = None
    report_times: tuple[Paragraph, list[Phrase]] | None = None


def _times(draft: Draft) -> _Times:
    out = _Times()
    for paragraph, start, end in draft.parts:
        begins = max(start, draft.action_from) if paragraph is draft.parts[0][0] else start
        report = read_report(paragraph.text, paragraph.plain, begins, end) or read_report(
            paragraph.text, paragraph.plain, _order_from(draft, paragraph, start), end
        )
        times = [
            time
            for time in read_times(paragraph.text, paragraph.plain, start, end)
            if time.start >= begins or _LED.match(paragraph.plain[start : time.end])
        ]
        if report and out.report is None:
            out.report = (paragraph, report)
            lead = paragraph.plain[begins : report.start]
            short = _beside_times(lead, begins, times) < _SHORT_LEAD or lead.lstrip().startswith("dinh ky")
            whole = short and not re.search(r"hoan thanh truoc|xong truoc", lead)
            stop = _sentence_end(paragraph.text, report.start, end)
            after = any(report.start < time.start <= stop for time in times)
            near = (" ",) if after or paragraph.plain.startswith("bao ngay", report.start) else _NEXT_TO
            mine = [
                time
                for time in times
                if (
                    whole
                    or time.start > report.start
                    or paragraph.plain[time.end : report.start] in near
                    or _GATHERS.fullmatch(paragraph.plain[time.end : report.start])
                )
                and time.start <= stop
            ]
            if mine:
                out.report_times = (paragraph, mine)
            elif (at_once := _AT_ONCE.search(paragraph.plain, begins, report.start + 12)) is not None:
                words = paragraph.text[at_once.start() : at_once.end()]
                out.report_times = (paragraph, [Phrase(words, at_once.start(), at_once.end())])
            times = [time for time in times if time not in mine]
            if mine and re.search(r"hoan thanh (?:va )?$", paragraph.plain[max(0, report.start - 14) : report.start]):
                times = times or mine
        if times and out.deadline is None:
            out.deadline = (paragraph, times)
    return _with_cell(out, draft.times_in)


def _with_cell(out: _Times, cell: Paragraph | None) -> _Times:
    """The time a table gives in a column of its own, as read or as printed; after it, how often the work says."""
    if cell is None:
        return out
    end = len(cell.text)
    own = list(read_times(cell.text, cell.plain, 0, end)) or [Phrase(cell.text, 0, end)]
    day = SHORT_DATE.fullmatch(cell.plain)
    iso = iso_date(int(day[1]), int(day[2]), int(day[3])) if day else None
    if iso or (len(own) == 1 and own[0].end - own[0].start < end - _LEAD_OF_CELL):
        own = [Phrase(iso or cell.text, 0, end)]
    if out.deadline and own:
        before = "; ".join(phrase.value for phrase in out.deadline[1])
        own[0] = replace(own[0], value=f"{before}; {own[0].value}")
    out.deadline = (cell, own)
    return out


def _with_times(task: LetterTask, times: _Times, name: str, findings: Findings) -> LetterTask:
    values: dict[str, str] = {}
    for key, found in (("deadline", times.deadline), ("report_deadline", times.report_times)):
        if found:
            paragraph, phrases = found
            values[key] = "; ".join(phrase.value for phrase in phrases[:3])
            findings.stands(f"{name}.{key}", *paragraph.source(phrases[0].start, phrases[min(2, len(phrases) - 1)].end))
    if times.report and times.report[1].to:
        paragraph, report = times.report
        values["report_to"] = report.to.value if report.to else ""
        if report.to:
            findings.stands(f"{name}.report_to", *paragraph.source(report.to.start, report.to.end))
    return replace(task, **values) if values else task  # type: ignore[arg-type]  # the values come by field name
