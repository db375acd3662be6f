"""What the whole letter puts in doubt: parts that do not agree, and text that bears the marks of a scan."""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.agreement import weigh_agreement
from lantoa.letters.rules.confidence import rate
from lantoa.letters.rules.lexicon import is_broken
from lantoa.letters.rules.mending import count_mended
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.letter import Letter

_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{2,}(?![\w@/])")
_SPECKS = "¬«»¿†‡£¥§{}\\^"
_LONE_MARKS = (" : ", " ; ", " ' ", " ` ")
_GLUED_MOTTO = re.compile(r"[^\W\d_][^\s|\w]?(?<!NƯỚC) CỘNG H[OÒ][AÀ] X")
"""The office and the motto one space apart: only optical readers run the two columns of a head together so."""
_SAMPLE = 6000
_LONE_DAY = re.compile(r"\w+\W+[1-9](?=\W+t)")
"""A day of one digit without its nought: in a scan the other digit is likely lost (NĐ 30/2020, Phụ lục I, mục
II.4)."""
_SURE_DIGITS = 2
_SCAN_SHARE = 0.006
_MENDED_SHARE = 0.002
_FILE_COPY = re.compile(r"Lưu\s*:?\s*VT\s*[,;]\s*([A-ZĐ]{2,8})")
_SCANNED = "Văn bản có dấu vết quét ảnh; hãy đối chiếu với bản gốc."
_MISSPELLED = "Văn bản có chữ sai chính tả; hãy đối chiếu với bản gốc."
_FEWEST_WORDS = 40
_SCAN_LEVELS = {"number": 0.6, "date": 0.6, "signer_name": 0.7}
_EASILY_MISREAD = (
    "number",
    "parent_issuer",
    "date",
    "signer_name",
    "signer_title",
    "signing_authority",
    "issuer",
    "subject",
    "place",
    "symbol",
)


class Look(enum.Enum):
    """How a text came to be: typed without fault, with a word misspelled, read by an optical reader."""

    SOUND = enum.auto()
    MISSPELLED = enum.auto()
    SCANNED = enum.auto()


def weigh(letter: Letter, findings: Findings, mended: str | None = None, *, misspelled: bool = False) -> Letter:
    """Add the doubts that only the whole letter shows; give the letter with all its doubts.

    `mended` is the text of a scan with the marks of its words put right, None when the text is no scan; `misspelled`
    says that a typed text has words no syllable is built like, so that names in it may be as wrong.
    """
    _weigh_file_copy(letter, findings)
    _weigh_presence(letter, findings)
    letter = weigh_agreement(letter, findings, scanned=mended is not None)
    letter = _weigh_handwriting(letter, findings, scanned=mended is not None)
    if mended is not None:
        _weigh_mended(findings, mended)
        for name in _EASILY_MISREAD:
            findings.doubt(name, _SCANNED, _SCAN_LEVELS.get(name, 0.75))
    elif misspelled:
        for name in _EASILY_MISREAD:
            if getattr(letter, name):
                findings.doubt(name, _MISSPELLED, 0.79)
    levels = findings.levels
    confidence = rate(letter, levels, scanned=mended is not None)
    return replace(letter, doubts=tuple(findings.doubts), confidence=confidence)


def reads_like_scan(text: str) -> bool:
    """Whether the text bears the marks of optical reading (`look_of`)."""
    return look_of(text) is Look.SCANNED


def look_of(text: str) -> Look:
    """How a text came to be, by its looks.

    The marks of optical reading are columns run together, specks, small words no syllable is built like, and words of
    the trade with marks they never bear. One such word alone a typist may have let slip: nothing is put right for it.
    """
    sample = text[:_SAMPLE]
    words = [word for word in _WORD.findall(sample) if word.islower() and not word.isascii()]
    broken = sum(map(is_broken, words))
    mended = count_mended(sample)
    misspelled = Look.MISSPELLED if broken + mended else Look.SOUND
    if len(words) < _FEWEST_WORDS:
        return misspelled
    specks = sum(map(sample.count, _SPECKS)) + sum(map(" ".join(sample.split()).count, _LONE_MARKS))
    torn = (broken + specks) / len(words) > _SCAN_SHARE or mended > max(1, _MENDED_SHARE * len(words))
    return Look.SCANNED if torn or _GLUED_MOTTO.search(sample) else misspelled


def _weigh_file_copy(letter: Letter, findings: Findings) -> None:
    """`Lưu: VT, VHHT` against the symbol `UBND-VHTT`: the drafting unit is the same office, spelled two ways."""
    unit = (letter.symbol or "").split("-")[-1]
    for index, line in enumerate(letter.recipients_lines):
        found = _FILE_COPY.search(line)
        if (found and unit and found[1] != unit and sorted(found[1]) == sorted(unit)) or (
            found and _one_apart(found[1], unit)
        ):
            why = f"“{found[1]}” ở dòng Lưu khác “{unit}” trong ký hiệu." if found else ""
            findings.doubt(f"recipients_lines[{index}]", why)


def weigh_shaky(findings: Findings, shaky: Sequence[tuple[int, int]]) -> None:
    """Put in doubt each value that stands on words optical reading was unsure of (`shaky`, offsets in order)."""
    ends = [end for _, end in shaky]
    for name, span in findings.spans.items() if shaky else ():
        at = bisect_right(ends, span.start)
        if not name.startswith("body") and at < len(shaky) and shaky[at][0] < span.end:
            printed = findings.text[slice(*shaky[at])]
            findings.doubt(name, f"Bộ đọc ảnh không chắc chữ “{printed}”; hãy đối chiếu với bản gốc.", 0.6)


def _weigh_mended(findings: Findings, mended: str) -> None:
    """Put in doubt each value with a word whose marks were put right."""
    for name, span in findings.spans.items():
        if not name.startswith("body") and mended[span.start : span.end] != span.text:
            findings.doubt(name, "Đã sửa dấu của chữ quét sai; hãy đối chiếu với bản gốc.")


def _weigh_handwriting(letter: Letter, findings: Findings, *, scanned: bool) -> Letter:
    """Number and day are written in by the same hand: when one cannot be made out, the other is not believed.

    A number of one or two digits stays, in doubt; each further digit is one more that may be misread.
    """
    lost = ("không đọc được", "bỏ trống") if scanned else ("không đọc được",)
    unclear = any(doubt.field == "date" and any(why in doubt.why for why in lost) for doubt in findings.doubts)
    span = findings.spans.get("date")
    if scanned and span and _LONE_DAY.match(span.text):
        unclear = True
        findings.doubt("date", f"Ngày viết tay chỉ còn một chữ số (“{span.text}”); hãy đối chiếu bản gốc.", 0.4)
    if letter.number and unclear:
        long = len(letter.number) > _SURE_DIGITS and letter.number.isdigit()
        findings.doubt("number", f"Số, ngày viết tay không đọc được rõ (“{letter.number}”); hãy đối chiếu bản gốc.")
        letter = replace(letter, number=None) if long else letter
        if long:
            findings.spans.pop("number", None)
    authority = letter.signing_authority or ""
    if letter.signer_title and authority.endswith(f"KT. {letter.signer_title}"):
        findings.doubt("signer_title", "Ký thay (KT.) nhưng chức vụ người ký không phải cấp phó.")
    return letter


def _one_apart(first: str, second: str) -> bool:
    same_length = len(first) == len(second) and len(first) > 2
    return same_length and sum(a != b for a, b in zip(folded(first), folded(second), strict=True)) == 1


def _weigh_presence(letter: Letter, findings: Findings) -> None:
    if letter.issuer is None:
        findings.doubt("issuer", "Không thấy tên cơ quan ban hành ở đầu văn bản.")
    if letter.place is None and letter.date is None:
        findings.doubt("place", "Không thấy địa danh và ngày tháng ban hành.")
    if letter.doc_type == "cong_van" and not letter.addressees:
        findings.doubt("addressees", "Không thấy mục “Kính gửi”.")
    if not letter.tasks:
        findings.doubt("tasks", "Không thấy việc nào được giao rõ ràng.")
