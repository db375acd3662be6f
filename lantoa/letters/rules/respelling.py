"""Words of a scan's values put right by what the rest of the letter and the trade say of them.

A word that stands nowhere else is set against its neighbours: what follows and goes before it elsewhere in the same
letter, and in the phrases of the trade (`lexicon`). Titles, places and surnames are set against closed lists. What was
respelled is put in doubt with what the scan shows; a word nothing speaks for stays as it was read.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.garbled import deputy_of, digits_in
from lantoa.letters.rules.issuers import official_name, place_of, takes_place
from lantoa.letters.rules.lexicon import (
    ALIKE_TITLE,
    Vocabulary,
    is_broken,
    likeness,
    names,
    nearest,
    places,
    shortened,
    skeleton,
    squeezed,
    titles,
    trade,
    units,
    words_of,
)
from lantoa.lib.vietnamese import CAPITAL_LETTERS, folded, with_modern_tones

if TYPE_CHECKING:
    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.letter import Letter

_TOKEN = re.compile(r"[^\W_]+")
_CHUNK = re.compile(r"\S+")
_AUTHORITY = re.compile(r"^\W*([A-ZĐ0-9/]{1,4})\s?[.,:]\s*(?=\S)")
_GLUED_MARK = re.compile(r"\W*(KT|TM|TL|TUQ)(?=[^\W\d])")
"""How the office signs, run together with the title (`TLBỘTRƯỞNG`)."""
_DOUBLED = re.compile(r"(?<=[A-Z])ĐĐ(?!B)")
"""One Đ that was read twice, once with its stroke and once without."""
_NUMBERED = re.compile(r"([A-ZĐ]{2,4}?)[Il]?([1-9])")
"""The code of a unit with its number (`VX1`, `NLN2`)."""
_TITLE_DIRT = re.compile(r"[\d+*\\|<>=@#{}\[\]]")
_NUMERIC = re.compile(r"\W*\d[\d./,-]*\W*")
_MOST_BROKEN, _BROKEN_SHARE = 3, 0.15
"""So many words of a subject, and so large a share, built like no syllable, and it is not kept."""
_GLUED_CODES = re.compile(r"(?<=\bBGĐ)(?=[A-ZĐ]{3})")
"""Between the heads of an office and its code, a space a scan has lost."""
_FOR_REPORT = re.compile(r"\(b\W?[/íi1l][€©e]\)")
_SLASHED_MARK = re.compile(r"(?:T/M|K/T|T/L|T/U/Q)\.?\s*(?=\S)")
"""The older way of writing `TM.`, `KT.`: kept as printed."""
_CODE_LOOKS = tuple(str.maketrans("I01568", letters) for letters in ("I01568", "TOTSGB", "IOTSGB", "IOISGB"))
_MARGIN = 0.75
_COMMON_SURNAMES = 28
_FOREIGN_LETTERS = str.maketrans("ÑñŠšÄäÖöÜü", "NnSsAaOoUu")
_FOREIGN = "Š§Ÿ"
_AROUND = ".,;:()“”\"'"
_CAPITALS = re.compile(rf"(?<![\w/&.-])[{CAPITAL_LETTERS}\d]{{2,}}(?:,? [{CAPITAL_LETTERS}\d]{{2,}})+(?![\w/&-])")
_EDGE = 45
"""Lines at either end of a text where a letterhead or a signing block may stand."""
_SHAPES = "\u0302\u0306\u031b"
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_MIDDLES = {"văn", "thị"}
"""The middle names that far more people bear than any other."""
_UNMARKED = {"nguyen", "tran", "pham", "hoang", "huynh", "dang", "bui", "thi", "van"}
"""Syllables of names that are never without a mark but in a scan that lost them all."""
_VOWEL = re.compile(r"[aeiouy018]")
_SAME_PLACE = 0.7
_LONG_TAIL = 4
"""Letters of a surname's end that tell it when its beginning is lost under a signature (`Xếđuyên`)."""
_UNIT = re.compile(r"(?:^|\s)(?:tỉnh|thành phố|thị xã|đặc khu) ", re.IGNORECASE)
"""What the name of a province or chief town follows; that of a commune is in no list."""
_UNIT_AT_END = re.compile(r"(?:tỉnh|thành phố|thị xã|thị trấn|đặc khu|huyện|quận|phường|xã) ((?!hội)\S+(?: \S+){0,4})$")
_RESPELLED = "Đã sửa chữ quét sai (“{}”); hãy đối chiếu với bản gốc."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the letter itself says of its words, next to the trade's vocabulary."""

    letter: Vocabulary
    numbers: Counter[str]
    """The chunks with a digit in them, and how often each stands."""
    text: str
    """The letter's text, its spaces made one."""
    plain: str
    """The same, folded."""

    def support(self, word: str, before: str | None, after: str | None, own: int) -> float:
        """How much speaks for a word between two others; `own` is how often this very place was counted."""
        common = trade()
        seen = self.letter.words.get(word, 0) - own
        points = 0.5 * min(3, seen) if seen > 0 else 0.0
        points += 0.5 * (word in common.words)
        for first, second in ((before, word), (word, after)):
            if first and second:
                pair = first, second
                met = self.letter.pairs.get(pair, 0) - own
                points += (1.5 * min(2, met) if met > 0 else 0.0) + 2.5 * (pair in common.pairs)
        return points

    def near(self, word: str) -> list[str]:
        """Words of the letter or the trade this one may have been, always in the same order."""
        return sorted(self.letter.near(word) | trade().near(word))

    def knows(self, word: str) -> list[str]:
        """Words with exactly this skeleton, always in the same order."""
        key = skeleton(word)
        return sorted(self.letter.by_skeleton.get(key, set()) | trade().by_skeleton.get(key, set()))


def gather(text: str) -> Evidence:
    """What the text of a letter says of its own words."""
    vocabulary = Vocabulary()
    vocabulary.learn(re.split(r"[\n.;:()|]", text))
    one = " ".join(text.split())
    chunks = (chunk.strip(_AROUND) for chunk in text.split())
    return Evidence(vocabulary, Counter(chunk for chunk in chunks if any(map(str.isdigit, chunk))), one, folded(one))


def respell_capitals(text: str, evidence: Evidence) -> str:
    """Put right words in capitals at either end of a text, letter for letter, so that every offset stays."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for run in _CAPITALS.finditer(line):
            better = respell_phrase(run[0], evidence) if place < _EDGE or place > len(lines) - _EDGE else run[0]
            if len(better) == len(run[0]) and better != run[0]:
                lines[place] = lines[place][: run.start()] + better + lines[place][run.end() :]
    return "\n".join(lines)


def respell(letter: Letter, findings: Findings, evidence: Evidence) -> Letter:
    """Give the letter with the header values of a scan respelled where letter and trade say what they were."""
    office = next((name for name in (letter.parent_issuer, letter.issuer) if place_of(name or "")), None) or ""
    office = _respell_office(office, evidence, letter.place)
    values: dict[str, Any] = {
        "subject": _maybe(respell_phrase, letter.subject, evidence),
        "place": _maybe(_respell_place, letter.place, evidence, office),
        "signing_authority": _maybe(_respell_signing, letter.signing_authority),
        "signer_title": _maybe(_respell_signing, letter.signer_title),
        "signer_name": respell_name(letter.signer_name) if letter.signer_name else None,
        "symbol": _maybe(respell_symbol, letter.symbol),
        "cited_documents": tuple(
            replace(cited, number_symbol=_maybe(respell_symbol, cited.number_symbol))
            for cited in letter.cited_documents
        ),
        "addressees": tuple(respell_phrase(name, evidence) for name in letter.addressees),
        "recipients_lines": tuple(map(_respell_recipient, letter.recipients_lines)),
    }
    for name in ("issuer", "parent_issuer"):
        values[name] = _maybe(_respell_office, getattr(letter, name), evidence, values["place"])
    values["signer_title"] = _deputy(values["signing_authority"], values["signer_title"])
    for name in ("subject", "signer_title"):
        if values[name] and _is_garbled(name, values[name]):
            findings.doubt(name, f"Không đọc được rõ: “{values[name]}”.", 0.3)
            findings.spans.pop(name, None)
            values[name] = None
    place = place_of(values["parent_issuer"] or "")
    if place and not place_of(values["issuer"] or "") and takes_place(values["issuer"] or ""):
        values["issuer"] = f"{values['issuer']} {place}"
    for name, value in values.items():
        if value != getattr(letter, name) and isinstance(value, str):
            findings.doubt(name, _RESPELLED.format(getattr(letter, name)), 0.7)
    return replace(letter, **values)


def _is_garbled(name: str, value: str) -> bool:
    """Whether a scan left too little of a value for it to be put before a person as read."""
    if name == "signer_title":
        return _TITLE_DIRT.search(value) is not None
    words = [word for word in value.split() if not word.isupper() and not _NUMERIC.fullmatch(word)]
    broken = sum(is_broken(word) for word in words_of(" ".join(words)) if not word.isdigit())
    return broken >= _MOST_BROKEN and broken > _BROKEN_SHARE * len(words)


def _maybe(respelling: Any, value: str | None, *more: Any) -> str | None:
    return respelling(value, *more) if value else value


# --- phrases -----------------------------------------------------------------------------------------------------


_LONGEST_PHRASE = 1_500
"""Signs of a phrase: a longer one is no subject or addressee but a text run together."""


def respell_phrase(phrase: str, evidence: Evidence) -> str:
    """Respell the words of a phrase, those of numbers and symbols (`14/2013/QĐ-TTg`) and short capitals left alone."""
    if len(phrase) > _LONGEST_PHRASE:
        return phrase
    phrase = _CHUNK.sub(lambda found: _respell_chunk(found[0], evidence), phrase)
    for _ in range(2):
        phrase = _pass(phrase, evidence)
    return phrase


def _respell_chunk(chunk: str, evidence: Evidence) -> str:
    """A number or symbol with a sign that is none of its own, as it stands elsewhere in the letter."""
    core = chunk.strip(_AROUND)
    if len(core) <= 2 and core and core[0] in _FOREIGN:
        digits = digits_in(core)
        return chunk if digits is None else chunk.replace(core, str(digits))
    if not any(map(str.isdigit, core)) or evidence.numbers[core] > 1:
        return chunk
    same_length = (other for other in evidence.numbers if len(other) == len(core))
    alike = [other for other in same_length if sum(map(str.__ne__, core, other)) == 1 and _is_sounder(other, core)]
    return chunk.replace(core, alike[0]) if len(alike) == 1 else chunk


def _is_sounder(other: str, core: str) -> bool:
    """Whether one of two like numbers is made of what numbers are made of, and the other is not."""
    return not _is_sound(core) and _is_sound(other)


def _is_sound(core: str) -> bool:
    if not all(sign.isalnum() or sign in "/-&." for sign in core):
        return False
    return all(part.isdigit() or part in units().values() for part in re.split(r"[-/&.]", core))


def _pass(phrase: str, evidence: Evidence) -> str:
    tokens = list(_TOKEN.finditer(phrase))
    small = [with_modern_tones(found[0]).lower() for found in tokens]
    fixed = {chunk.span() for chunk in _CHUNK.finditer(phrase) if _is_fixed(chunk[0], phrase)}
    out: list[str] = []
    at = 0
    for place, token in enumerate(tokens):
        if any(start <= token.start() < end for start, end in fixed) or not _VOWEL.search(folded(token[0])):
            continue
        before = small[place - 1] if place else None
        after = small[place + 1] if place + 1 < len(small) else None
        better = _better(small[place], before, after, evidence)
        if better != small[place]:
            small[place] = better
            out += [phrase[at : token.start()], _cased(better, token[0])]
            at = token.end()
    return "".join([*out, phrase[at:]])


def _is_fixed(chunk: str, phrase: str) -> bool:
    """Whether a chunk is a number, a symbol or an abbreviation rather than words."""
    letters = [sign for sign in chunk if sign.isalpha()]
    if not letters or "/" in chunk or "@" in chunk:
        return True
    return not phrase.isupper() and len(letters) > 1 and sum(map(str.isupper, letters)) > len(letters) / 2


def _better(word: str, before: str | None, after: str | None, evidence: Evidence) -> str:
    if word.isdigit():
        return word
    best, most = word, evidence.support(word, before, after, 1) - 1.5 * is_broken(word) + _MARGIN
    for other in evidence.near(word):
        points = evidence.support(other, before, after, 0) - _distance(word, other)
        if other != word and points > most and not other.isdigit():
            best, most = other, points
    if best == word and is_broken(word):
        return " ".join(_parts(word, evidence, 4) or [word])
    return best


@functools.lru_cache(maxsize=16384)
def _bare(word: str) -> str:
    return folded(word)


def _distance(word: str, other: str) -> float:
    if _bare(word) == _bare(other):
        return 0.5
    if skeleton(word) == skeleton(other):
        return 0.75
    return 1.5 if is_broken(word) else 3.5


def _parts(word: str, evidence: Evidence, most: int) -> list[str] | None:
    """The words a run of letters was before its spaces were lost, when each two of them go together."""
    whole = sorted(evidence.knows(word), key=lambda known: -evidence.support(known, None, None, 0))
    if whole and not is_broken(whole[0]):
        return whole[:1]
    if most == 1:
        return None
    for cut in range(2, len(word) - 1):
        for first in evidence.knows(word[:cut]):
            rest = _parts(word[cut:], evidence, most - 1)
            if rest and not is_broken(first) and evidence.support(first, None, rest[0], 0) > 1.5:
                return [first, *rest]
    return None


def _cased(word: str, printed: str) -> str:
    if printed.isupper() and (len(printed) > 1 or len(word) == 1):
        return word.upper()
    return word[:1].upper() + word[1:] if printed[:1].isupper() else word


# --- offices, places ---------------------------------------------------------------------------------------------


def _is_oftener(name: str, other: str, evidence: Evidence) -> bool:
    """Whether a name stands oftener in the letter than another; of two as often, whether it has more marks."""
    first, second = (evidence.plain.count(folded(one)) for one in (name, other))
    return first > second or (first == second and sum(map(str.isascii, name)) < sum(map(str.isascii, other)))


def _usual_spelling(name: str, evidence: Evidence) -> str:
    """A name as the letter spells it most often, of all spellings that are the same but for their marks."""
    plain = folded(name)
    spelled: Counter[str] = Counter()
    at = evidence.plain.find(plain)
    while at >= 0:
        end = at + len(plain)
        if not (evidence.plain[at - 1 : at].isalnum() or evidence.plain[end : end + 1].isalnum()):
            spelled[with_modern_tones(evidence.text[at:end]).lower()] += 1
        at = evidence.plain.find(plain, end)
    own = with_modern_tones(name).lower()
    usual = max([own, *spelled], key=lambda known: (spelled[known], -sum(map(str.isascii, known))))
    if usual != own and len(usual) == len(name):
        return "".join(_cased(sign, printed) for sign, printed in zip(usual, name, strict=True))
    return name


def _respell_office(name: str, evidence: Evidence, place: str | None) -> str:
    better = respell_phrase(name, evidence)
    better = better if better == name else official_name(better.upper(), place)
    unit = _UNIT_AT_END.search(better)
    if unit:
        better = better[: unit.start(1)] + _usual_spelling(unit[1], evidence)
    known = places()
    for start in (found.end() for found in _UNIT.finditer(better)):
        province = known.get(squeezed(better[start:]))
        if province:
            return better[:start] + province
    return better


def _respell_place(name: str, evidence: Evidence, office: str) -> str:
    unit = re.sub(r"^(?:tỉnh|thành phố|thị xã|thị trấn|đặc khu|huyện|quận|phường|xã) ", "", place_of(office) or "")
    spelled = _usual_spelling(name, evidence)
    if spelled != name or unit == name:
        return spelled
    if unit != name and likeness(squeezed(name), squeezed(unit)) > _SAME_PLACE and _is_oftener(unit, name, evidence):
        return unit
    province = places().get(squeezed(name)) or nearest(squeezed(name), places(), 0.86)
    return province or respell_phrase(name, evidence)


# --- signing block, symbol ---------------------------------------------------------------------------------------


def _respell_signing(printed: str) -> str:
    return " / ".join(_respell_title(part) for part in printed.split(" / "))


def _deputy(authority: str | None, title: str | None) -> str | None:
    """The deputy's post of one who signs `KT.`, where a scan has lost the line or the word `PHÓ` of it."""
    deputy = deputy_of(authority) if authority else None
    lost = title is None or f" KT. {title}" in f" {authority}"
    return deputy if deputy and lost else title


def _respell_title(printed: str) -> str:
    glued = _GLUED_MARK.match(printed)
    if glued and squeezed(printed[glued.end() :]) in titles():
        return f"{glued[1]}. {titles()[squeezed(printed[glued.end() :])]}"
    slashed = _SLASHED_MARK.match(printed)
    if slashed:
        rest = printed[slashed.end() :]
        return f"{slashed[0]}{_known_title(rest) or rest}"
    found = _AUTHORITY.match(printed)
    mark = _authority(found[1]) if found else ""
    title = printed[found.end() :] if found and mark else printed
    known = _known_title(title)
    return f"{mark}{known}" if known else printed


def _known_title(title: str) -> str | None:
    """The known title most like a printed one, with what follows it (`TRƯỞNG CÔNG AN XÃ`); None when none is."""
    words = title.split()
    for size in range(len(words) - 1, 1, -1):
        head = titles().get(squeezed(" ".join(words[:size])))
        if head and not any(is_broken(word.lower()) for word in words[size:]):
            return " ".join([head, *words[size:]])
    return nearest(squeezed(title), titles(), ALIKE_TITLE)


def _authority(printed: str) -> str:
    letters = printed.replace("/", "")
    for sign, mark in (("K", "KT. "), ("M", "TM. "), ("U", "TUQ. "), ("Q", "Q. "), ("L", "TL. ")):
        if sign in letters:
            return mark
    return {"TI": "TL. ", "T1": "TL. ", "TN": "TM. "}.get(letters, "")


def respell_symbol(symbol: str) -> str:
    """Give a symbol the letters a scan took for digits or left without their mark: `QD-UBND` is `QĐ-UBND`."""
    parts = re.split(r"([-/&.])", symbol)
    return "".join(_respell_unit(part) for part in parts)


def _respell_recipient(line: str) -> str:
    """A recipient with the marks and codes a scan bends in the same few ways: `(b/€)`, `BCĐĐ`, `ÑNVY`."""
    return _GLUED_CODES.sub(" ", _DOUBLED.sub("Đ", _FOR_REPORT.sub("(b/c)", line)).replace("ÑN", "N"))


def _respell_unit(part: str) -> str:
    known = units()
    part = _DOUBLED.sub("Đ", part)
    numbered = _NUMBERED.fullmatch(part)
    if numbered:
        return f"{known.get(folded(numbered[1]), numbered[1])}{numbered[2]}"
    if not re.search(r"[A-ZĐ]", part):
        return part
    for looks in _CODE_LOOKS:
        code = known.get(folded(part.translate(looks)))
        if code:
            return code if folded(code) != folded(part) or part.isupper() else part
    added = [known[short] for short in set(shortened(folded(part))) if short in known]
    if len(part) > _LONG_TAIL and len(added) == 1:
        return added[0]
    return part.translate(_CODE_LOOKS[-1])


# --- names -------------------------------------------------------------------------------------------------------


def respell_name(name: str) -> str | None:
    """Give a person's name its marks back by the stock of Vietnamese names; None when it cannot be told.

    Nobody bears a surname that is built like no word. A name that bears no mark at all comes from a scan that lost them
    all: any of several names.
    """
    if name.isascii() and _UNMARKED & {folded(word) for word in name.split()}:
        return None
    name = name.translate(_FOREIGN_LETTERS)
    surnames, given = names()
    first, *rest = name.split()
    out = [_surname(first, surnames)]
    if is_broken(out[0].lower()) and "'" not in first:
        return None
    out += [_given(word, given, middle=place < len(rest)) for place, word in enumerate(rest, 1)]
    return " ".join(out)


def _surname(word: str, known: Vocabulary) -> str:
    small = with_modern_tones(word).lower()
    if small in known.words:
        return _capital(small)
    if word[:1].islower():
        found = {other for other in known.words if len(other) > 3 and skeleton(other)[1:] == skeleton(small)}
        return _capital(_commonest(found, known)) if found else _capital(word)
    found = known.by_skeleton.get(skeleton(small), set())
    if not is_broken(small):
        common = list(known.words)[:_COMMON_SURNAMES]
        found = {other for other in found if other in common}
    else:
        found = found or known.near(small)
    if not found and is_broken(small) and len(small) > _LONG_TAIL:
        found = {other for other in known.words if len(other) > _LONG_TAIL + 1
                 and skeleton(other)[-_LONG_TAIL:] == skeleton(small)[-_LONG_TAIL:]}  # fmt: skip
    return _capital(_commonest(found, known)) if found else word


def _given(word: str, known: Vocabulary, *, middle: bool) -> str:
    small = with_modern_tones(word).lower()
    if small in known.words or "-" in word or "'" in word:
        return word
    found = {other for other in known.by_skeleton.get(skeleton(small), ()) if folded(other) == folded(small)}
    found = found & _MIDDLES if middle and found & _MIDDLES else found
    found = found or known.by_skeleton.get(skeleton(small), set())
    if not found and is_broken(small):
        near = known.near(small)
        found = near if len(near) == 1 else set()
    return _capital(min(found, key=lambda other: (_marks_apart(other, small), list(known.words).index(other)))
                    ) if found else word  # fmt: skip


def _marks_apart(word: str, printed: str) -> int:
    """How far the marks of two spellings are apart: a tone for another is nearer than a tone for none."""
    one, other = (unicodedata.normalize("NFD", spelling) for spelling in (word, printed))
    shapes = sum(one.count(mark) != other.count(mark) for mark in _SHAPES)
    return 2 * shapes + 2 * (bool(_TONE.search(one)) != bool(_TONE.search(other))) + (one != other)


def _commonest(found: set[str], known: Vocabulary) -> str:
    """The first of them in the list, which is ordered by how often a surname is borne."""
    return min(found, key=list(known.words).index)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
