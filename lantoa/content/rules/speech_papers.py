"""Numbers of official documents, their clauses, and the roads and codes that look like them."""

from __future__ import annotations

import re

from lantoa.content.rules.speech_numbers import say_number
from lantoa.content.rules.speech_reading import Reading, Y, after, before, instead, rule, spell
from lantoa.content.rules.speech_words import DOCUMENT_TYPES

_SAYS_NUMBER = rf"(?:(?P<short>(?:{'|'.join(DOCUMENT_TYPES)}))\.?\s+)?(?:(?P<so>[Ss]ố):?\s*)?"
_CODE = r"[A-ZĐƯ][A-ZĐƯa-zđ&]*\d{0,2}"
_KINDS = "|".join((
    *sorted(DOCUMENT_TYPES.values(), key=len, reverse=True),
    "bộ luật", "văn bản", "thông tri", "quy định", "điều lệ", "thư",
))
_SAYS_WHOSE = r",?\s*(?:ngày\s+[\d/.\-]+(?:\s*tháng\s*\d+\s*năm\s*\d+)?,?\s*|năm\s+\d+,?\s*)?của\b"


def _document(match: re.Match[str], reading: Reading) -> str:
    """`10/2024/TT-BTTTT`: the number, the year, and whose it is unless the sentence goes on to say so.

    The code of the office that drafted it (`-BCVT`) serves the registry, not the listener.
    """
    codes = match["codes"].split("-")
    kind = DOCUMENT_TYPES.get(codes[0])
    owner = codes[1] if kind and len(codes) > 1 else None if kind else codes[0]
    words = _document_head(match, kind) + say_code(match["n"])
    if match["y"]:
        words += f" năm {say_number(int(match['y']))}"
    if owner and not after(match, _SAYS_WHOSE):
        words += f" của {_owner(owner, reading)}"
    return words


def _document_head(match: re.Match[str], kind: str | None) -> str:
    """What goes before the number: the kind, unless the page has just named it."""
    if match["short"]:
        return f"{DOCUMENT_TYPES[match['short']]} số "
    if before(match, "đề án"):
        return ""
    # "Luật Viễn thông 24/2023/QH15": the kind, then its name
    named = before(match, rf"(?:{_KINDS})\b[^.;:\d\n]*", 60)
    if match["so"]:
        return f"{match['so']} " if named or not kind else f"{kind} số "
    return "số " if named else f"{kind or 'văn bản'} số "


def say_code(written: str) -> str:
    """A number with perhaps letters after it; a leading nought is said, as everybody does (`đề án không sáu`)."""
    figures = re.match(r"\d+", written)
    digits = figures[0] if figures else ""
    words = f"không {say_number(int(digits))}" if digits.startswith("0") and int(digits) else say_number(int(digits))
    return " ".join(filter(None, (words, spell(written[len(digits) :]))))


def _owner(code: str, reading: Reading) -> str:
    """Say who issued it; `QH15` is the National Assembly of the fifteenth term."""
    term = re.fullmatch(r"(\D+?)(\d+)", code)
    if term and term[1] in {"QH", "UBTVQH"}:
        return f"{reading.issuer(term[1])} khóa {say_number(int(term[2]))}"
    return reading.issuer(code)


def _party_document(match: re.Match[str], reading: Reading) -> str:
    """`15-CT/TW`: the Party's numbers have the kind before the stroke and the committee after it."""
    owner = "" if after(match, _SAYS_WHOSE) else f" của {reading.issuer(match['owner'])}"
    return _document_head(match, DOCUMENT_TYPES[match["kind"]]) + say_code(match["n"]) + owner


def _unnumbered(match: re.Match[str], reading: Reading) -> str:
    """`Số: /UBND-VHTT`: a paper not yet numbered."""
    reading.unknown.append(match[0].strip())
    return "số chưa ghi"


def _project(match: re.Match[str], _: Reading) -> str:
    return f"{match[1]} {say_code(match[2])}"


def _clause(match: re.Match[str], _: Reading) -> str:
    """`điểm a khoản 1 Điều 5`: the letter of a point by its name."""
    return f"{match[1]} {spell(match[2])}"


def _house(match: re.Match[str], _: Reading) -> str:
    """`số nhà 12/5/3`: strokes of an address, not of a date."""
    return match[1] + " trên ".join(say_code(one) for one in match[2].split("/"))


def _message(match: re.Match[str], _: Reading) -> str:
    """`soạn TC ON gửi …`: the letters to type, even where they are an abbreviation of something."""
    return match[1] + " ".join(spell(one) for one in match[2].split())


PAPERS = (
    rule(
        r"\b((?:[Ss]oạn(?: tin)?|[Cc]ú pháp|[Nn]ội dung|[Nn]hắn(?: tin)?)\s*:?\s*)"
        r"([A-Z][A-Z0-9]*(?:\s+[A-Z0-9]+)*)(?=,?\s+(?:rồi\s+)?(?:gửi|đến|tới)\b)",
        _message,
    ),
    rule(
        r"\b((?:[Ss]ố nhà|[Nn]hà số|[Nn]hà|[Nn]gõ|[Nn]gách|[Hh]ẻm|[Kk]iệt|[Ll]ô)\s+(?:số\s+)?)"
        r"(\d+[A-Za-z]?(?:/\d+[A-Za-z]?)+)(?![\w/])",
        _house,
    ),
    rule(r"\b([Ss]ố\s+)(\d+[A-Za-z]?(?:/\d+[A-Za-z]?)+)(?=,?\s+(?:đường|phố|ngõ|ngách|hẻm|kiệt|tổ dân phố)\b)", _house),
    rule(
        rf"{_SAYS_NUMBER}(?<![\w/])(?P<n>\d+)-(?P<kind>{'|'.join(DOCUMENT_TYPES)})/(?P<owner>[A-ZĐƯ]{{2,6}})\b",
        _party_document,
    ),
    rule(rf"\b[Ss]ố:?\s*/{_CODE}(?:-{_CODE})*(?!\w)", _unnumbered),
    rule(
        rf"{_SAYS_NUMBER}(?<![\w/])(?P<n>\d+[a-z]?)/(?:(?P<y>{Y})/)?(?P<codes>{_CODE}(?:-{_CODE})*)(?![\w/])",
        _document,
    ),
    rule(r"\b([Đđ]ề án)\s+(?:số\s+)?(0\d+)\b", _project),
    rule(r"\b([Đđ]iểm)\s+([a-zđ])\b(?=[\s,]*(?:khoản|Khoản|,|và|điểm))", _clause),
    instead(r"\bQL\.?\s?(?=\d)", "quốc lộ "),
    instead(r"\bTL\.?\s?(?=\d{3}(?!\d))", "tỉnh lộ "),
    instead(r"\bĐT\.?\s?(?=\d{3}[A-Z]?(?![\d.\s-]*\d))", "đường tỉnh "),
    instead(r"\bP\.\s?(?=\d{3})", "phòng "),
    instead(r"\bHL\.?\s?(?=\d)", "hương lộ "),
    instead(r"\b[Kk]m\s?(\d+)\s?\+\s?(\d+)", r"ki lô mét \1 cộng \2"),
)
"""Before abbreviations are said, which would break the codes."""
