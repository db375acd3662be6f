"""One task out of the words it was found in: doers, channels, time, report, and a summary in the letter's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.deadlines import Phrase, Report, read_evidence, read_report, read_times
from lantoa.letters.rules.letter import LetterTask
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
_AT_ONCE = re.compile(r"bao ngay|kip thoi bao cao")
_NEXT_TO = {" ", ", "}
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
        channels += read_channels(paragraph.plain[part_start:part_end], actors_plain)
    times = _times(draft)
    known = set(channels)
    if len(known) > 1 or _summary(draft).startswith("Báo cáo "):
        known.discard("other")
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
    )
    return _with_times(task, times, name, findings)


def _assignees(draft: Draft, name: str, addressees: Sequence[str], findings: Findings) -> tuple[str, ...]:
    if draft.actors is None:
        findings.doubt(f"{name}.assignees", _GENERAL)
        return tuple(addressees)
    for index, (start, end, _) in enumerate(draft.actors.names):
        if draft.owner:
            findings.stands(f"{name}.assignees[{index}]", *draft.owner.source(start, end))
    if draft.inherited:
        findings.doubt(f"{name}.assignees", "Đơn vị thực hiện lấy từ câu dẫn chung, không nêu riêng ở việc này.")
    return tuple(text[:1].upper() + text[1:] for text in draft.actors.texts)  # wherever it stood


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


@dataclass(slots=True)
class _Times:
    deadline: tuple[Paragraph, list[Phrase]] | None = None
    report: tuple[Paragraph, Report] | None = None
    report_times: tuple[Paragraph, list[Phrase]] | None = None


def _times(draft: Draft) -> _Times:
    out = _Times()
    for paragraph, start, end in draft.parts:
        report = read_report(paragraph.text, paragraph.plain, start, end)
        times = list(read_times(paragraph.text, paragraph.plain, start, end))
        begins = max(start, draft.action_from)
        if report and out.report is None:
            out.report = (paragraph, report)
            lead = paragraph.plain[begins : report.start]
            whole = len(lead.strip(" ,.;:")) < 50 and not re.search(r"hoan thanh truoc|xong truoc", lead)
            sentence_end = paragraph.plain.find(". ", report.start)
            stop = sentence_end if sentence_end >= 0 else end
            mine = [
                time
                for time in times
                if (whole or time.start > report.start or paragraph.plain[time.end : report.start] in _NEXT_TO)
                and time.start <= stop
            ]
            if mine:
                out.report_times = (paragraph, mine)
            elif (at_once := _AT_ONCE.match(paragraph.plain, report.start)) is not None:
                words = paragraph.text[at_once.start() : at_once.end()]
                out.report_times = (paragraph, [Phrase(words, at_once.start(), at_once.end())])
            times = [time for time in times if time not in mine]
            if mine and re.search(r"hoan thanh (?:va )?$", paragraph.plain[max(0, report.start - 14) : report.start]):
                times = times or mine
        if times and out.deadline is None:
            out.deadline = (paragraph, times)
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
    return replace(task, **values)  # type: ignore[arg-type]  # the values come by field name
