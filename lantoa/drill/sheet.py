"""The sheet of a drill: for the terminal, as data, and as a page to print for the leader's file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from lantoa.drill.promises import Verdict
from lantoa.drill.weather import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.drill.promises import Finding

MARKS: Mapping[Verdict, str] = {
    Verdict.KEPT: "ĐẠT",
    Verdict.BROKEN: "KHÔNG ĐẠT",
    Verdict.UNCHECKED: "CHƯA KIỂM TRA",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a drill came to."""

    title: str
    place: str
    on: str
    """The day and hour, as offices write it."""
    weather: str
    seed: int
    people: int
    seconds: Mapping[str, float]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    """What could not be played."""
    faults: tuple[str, ...] = ()
    """What was planted on purpose."""

    @property
    def is_passed(self) -> bool:
        """No promise was broken. Those that could not be checked are counted apart."""
        return not any(one.verdict is Verdict.BROKEN for one in self.findings)

    def number(self, verdict: Verdict) -> int:
        """How many promises came out so."""
        return sum(one.verdict is verdict for one in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The sheet as data (`lantoa drill --json`)."""
        told = [{**asdict(one), "verdict": one.verdict.value} for one in self.findings]
        return {
            "campaign": self.title,
            "place": self.place,
            "on": self.on,
            "weather": self.weather,
            "seed": self.seed,
            "people": self.people,
            "passed": self.is_passed,
            "promises": told,
            "notes": list(self.notes),
            "faults": list(self.faults),
            "seconds": dict(self.seconds),
        }


def read_sheet(data: Mapping[str, Any], finding: type[Finding]) -> Sheet:
    """The sheet that `to_json` wrote."""
    findings = tuple(finding(**{**one, "verdict": Verdict(one["verdict"])}) for one in data["promises"])
    return Sheet(
        data["campaign"],
        data["place"],
        data["on"],
        data["weather"],
        data["seed"],
        data["people"],
        data["seconds"],
        findings,
        tuple(data["notes"]),
        tuple(data["faults"]),
    )


def as_text(sheet: Sheet) -> str:
    """For a terminal."""
    lines = [
        "PHIẾU TỔNG DIỄN TẬP",
        f"  Chiến dịch: {sheet.title} ({sheet.place})",
        f"  {sheet.on}; {sheet.people} người; thời tiết {LABELS[sheet.weather]}; --seed {sheet.seed}",
        "",
    ]
    for one in sheet.findings:
        lines += [f"[{MARKS[one.verdict]:^13}] {one.promise}", f"{'':16}{one.figure}"]
        if one.verdict is Verdict.BROKEN:
            lines.append(f"{'':16}Xem: {one.where}")
    lines += ["", *(f"Lưu ý: {note}" for note in (*sheet.notes, *_planted(sheet))), verdict_of(sheet)]
    return "\n".join(lines)


def verdict_of(sheet: Sheet) -> str:
    """The sum in one sentence."""
    kept, broken, unchecked = (sheet.number(verdict) for verdict in Verdict)
    said = "ĐẠT" if sheet.is_passed else "KHÔNG ĐẠT"
    took = f"{sum(sheet.seconds.values()):.0f} giây"
    return f"{said}: {kept} cam kết đạt, {broken} không đạt, {unchecked} chưa kiểm tra được; hết {took}."


def _planted(sheet: Sheet) -> list[str]:
    return [f"lỗi cài sẵn để thử phiếu: {fault}" for fault in sheet.faults]


def as_page(sheet: Sheet) -> str:
    """A page of its own, to print."""
    rows = "".join(
        f'<tr class="{one.verdict.value}"><td>{place}</td><td>{escape(one.promise)}</td>'
        f'<td class="mark">{MARKS[one.verdict]}</td>'
        f"<td>{escape(one.figure)}</td><td>{escape(one.where)}</td></tr>"
        for place, one in enumerate(sheet.findings, start=1)
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*sheet.notes, *_planted(sheet)))
    steps = "; ".join(f"{escape(name)} {seconds:.0f} giây" for name, seconds in sheet.seconds.items())
    return _PAGE.format(
        title=escape(sheet.title),
        place=escape(sheet.place),
        on=escape(sheet.on),
        people=sheet.people,
        weather=LABELS[sheet.weather],
        seed=sheet.seed,
        rows=rows,
        verdict=escape(verdict_of(sheet)),
        steps=steps,
        notes=f"<h2>Lưu ý</h2><ul>{notes}</ul>" if notes else "",
    )


_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Phiếu tổng diễn tập: {title}</title>
<style>
@page {{ size: A4; margin: 20mm 15mm }}
body {{ font: 12pt/1.4 "Times New Roman", "Liberation Serif", serif; max-width: 180mm; margin: 10mm auto; color: #000 }}
h1 {{ font-size: 15pt; text-align: center; margin: 0 0 2mm }}
h2 {{ font-size: 12pt; margin: 5mm 0 1mm }}
.sub {{ text-align: center; margin: 0 0 5mm }}
table {{ border-collapse: collapse; width: 100%; font-size: 10.5pt }}
th, td {{ border: 0.3mm solid #444; padding: 1.2mm 2mm; text-align: left; vertical-align: top }}
thead {{ display: table-header-group }}
tr {{ break-inside: avoid }}
.mark {{ white-space: nowrap; font-weight: bold }}
.broken .mark {{ background: #000; color: #fff; -webkit-print-color-adjust: exact; print-color-adjust: exact }}
.unchecked .mark {{ font-style: italic; font-weight: normal }}
.verdict {{ font-weight: bold; margin: 4mm 0 }}
.signs {{ display: flex; justify-content: space-around; margin-top: 8mm; text-align: center; break-inside: avoid }}
.signs p {{ margin: 0 0 22mm }}
</style></head><body>
<h1>PHIẾU TỔNG DIỄN TẬP</h1>
<p class="sub">{title}<br>{place} – {on}</p>
<p>Diễn tập trên bản sao, với {people} người không có thật và các máy chủ mô phỏng trên chính máy này (thời tiết
{weather}, hạt giống {seed}). Không một tin nào ra khỏi máy; sổ thật, tài khoản thật và người dân không bị đụng tới.</p>
<p class="verdict">{verdict}</p>
<table><thead><tr><th>TT</th><th>Cam kết</th><th>Kết quả</th><th>Số liệu</th><th>Xem ở đâu</th></tr></thead>
<tbody>{rows}</tbody></table>
{notes}
<h2>Thời gian từng bước</h2><p>{steps}.</p>
<div class="signs"><p>Người diễn tập</p><p>Lãnh đạo</p></div>
</body></html>
"""
