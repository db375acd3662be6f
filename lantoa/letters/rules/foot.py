"""The foot of a letter: recipients on the left, the signing block on the right (NĐ 30/2020, Phụ lục I, ô 7 and 9b)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.letters.rules.garbled import deputy_of, director_in, director_line
from lantoa.letters.rules.issuers import is_capitals, starts_office
from lantoa.letters.rules.layout import BULLET, Line, Piece, piece_within, split_piece
from lantoa.letters.rules.lexicon import is_broken, is_full_name, is_like_title, title_after, words_of
from lantoa.lib.vietnamese import CAPITAL_LETTERS, SMALL_LETTERS, folded, is_syllable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings

_RECIPIENTS = re.compile(r"[\W_]*n[o0aă][iíl1]\W?\s?nh[aăâe]n\b\s*:?")
_AUTHORITY = re.compile(
    r"(?:t\s?/\s?m|k\s?/\s?t|t\s?/\s?l)\s+(?=[a-z])|(?:t\s?/?\s?m|k\s?/?\s?t|t\s?/?\s?l"
    r"|t\s?/?\s?u\s?/?\s?q|q)\s?[./:]\s*(?=[a-z])"
)
_ACTING = re.compile(r"(?:Q|QUYỀN)[. ]\s?(?=\S)")
"""One who holds the post for the time being signs for nobody: `Q. GIÁM ĐỐC` is both how he signs and his post."""
_TITLE = re.compile(
    r"(?:pho |quyen )?(?:chu tich|giam doc|bi thu|truong (?:ban|phong|cong an|khoa|doan|tram|thon|dai)"
    r"|chanh (?:van phong|thanh tra)"
    r"|bo truong|thu truong|hieu truong|cuc truong|vu truong|tong giam doc|vien truong|chi cuc truong|chu nhiem"
    r"|hat truong"
    r"|tram truong|to truong|truong ban|thu tuong|doi truong|vien truong|chi huy truong|tong bien tap|chanh an"
    r"|nguoi (?:lap|bao cao|soan)|phu trach|thu truong don vi|truong thon|thu ky|dai dien)\b"
    r"|(?:pho )?truong\b"
)
_NAME_WORD = rf"(?:[{CAPITAL_LETTERS}Ñ][{SMALL_LETTERS}]*(?:['’-][{CAPITAL_LETTERS}{SMALL_LETTERS}]+)?)"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,5}}")
_RANK = re.compile(
    r"^(?:(?:Đại|Thượng|Trung|Thiếu)\s(?:tướng|tá|úy)|PGS\.?|GS\.?|TS\.?|ThS\.?|BS\.?(?:CK\w*)?|CKI+\.?|KS\.?|CN\.?"
    r"|Ông|Bà|NGƯT\.?|TTND\.?)[\s.]+"
)
_SIGNED = re.compile(r"^\W*da ky|^\W*ky ten|^\W*\(?ky,|dong dau|^signed|^chu ky|^\W*ky va")
_NAME_AFTER = re.compile(rf"(?:[Kk]ý|KÝ)\W{{1,3}}({_NAME_WORD}(?:\s+{_NAME_WORD}){{1,5}})\W*$")
"""The name on the line that says the letter is signed (`Đã ký: Nguyễn Văn An`)."""
_ANNEX = re.compile(r"(?:phu luc|mau so|danh sach|bieu mau|mau bieu|mau \d)\b")
_FILED = re.compile(r"[\W_]*(?:luu|lau|luru)\W{1,3}v[tp]\b")
_LISTED = (";", "ĐỐC", "ĐÓC", "ĐỌC", "TRƯỞNG", "CHỦ TỊCH")
_LIST_MARK = re.compile(r";|(?<=\)),(?=\s)")
_MARK_ALONE = re.compile(r"\W*(?:tm|kt|tl|tuq|q)\W*")
_KEEP_COPY = re.compile(r"[\W_]*(?:luu|lau|luru)\b")
_AS_ABOVE = re.compile(r"[\W_]*nhu (?:tren|kinh gui|dieu|thanh phan|teen)")
_TAIL_TITLE = re.compile(
    r"(?:(?<=[;:.,])|(?<=\s))\s{0,8}[/|]?\s{0,8}(?=(?:(?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\s?\.\s?(?!PHÓ)"
    rf"[{CAPITAL_LETTERS}]{{2}}|PHÓ\s"
    r"|CHỦ TỊCH|CHÚ TỊCH"
    r"|GIÁM ĐỐC|GIÁM ĐÓC"
    r"|TRƯỞNG\s|CHÁNH\s|BỘ TRƯỞNG|THỨ TRƯỞNG|HIỆU TRƯỞNG|BÍ THƯ|CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|VIỆN TRƯỞNG))"
)
_TAIL_NAME = re.compile(rf"[;.]\s{{0,40}}[^\w\s]?\s{{1,40}}(?={_NAME_WORD}(?:\s+{_NAME_WORD}){{2,4}}\s*$)")
_FAMILY = {
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong",
    "ly", "doan", "dinh", "trinh", "truong", "lam", "mai", "to", "ha", "ta", "cao", "thai", "chau", "quach", "kieu",
    "danh", "ro", "tieu", "dao", "phung", "vuong", "tang", "la", "thach", "son", "nong", "lo", "vang", "giang",
    "dam", "tong", "trieu", "nghiem", "luong", "luu", "ngan", "khuc", "khong", "bach", "bo", "cam", "chu", "cu",
    "dong", "hong", "hua", "kim", "lai", "luc", "ma", "mac", "mong", "ninh", "ong", "phi", "phu", "quan", "sam",
    "sung", "tu", "than", "thi", "thieu", "tiet", "trang", "trung", "tuong", "van", "vi", "vien", "y", "chung", "au",
    "doi", "lieu", "ksor", "rmah", "siu", "rcom", "h'",
}  # fmt: skip
_BEHEADED = frozenset(name[1:] for name in _FAMILY if len(name) > 3)
"""Surnames of which a scan has lost the first letter."""
_TITLES_JOINED = (" -", " –", ",", " VÀ")
_USUAL_TITLES = {
    "chu tich": "CHỦ TỊCH", "giam doc": "GIÁM ĐỐC", "bo truong": "BỘ TRƯỞNG", "hieu truong": "HIỆU TRƯỞNG",
    "van phong": "VĂN PHÒNG", "ban nhan dan": "BAN NHÂN DÂN", "thuong vu": "THƯỜNG VỤ", "bi thu": "BÍ THƯ",
}  # fmt: skip
_SOUND = re.compile(r"(?:(?:kt|tm|tl|tuq|q)\. ?|pho )?giam doc(?: .*)?")
_LONGEST_TITLE = 40
_LONGEST_ROW = 60
"""Letters of a row of a signing block."""
_NEXT_LINE = 160
"""Characters between a title and the line that goes on with it, a recipient's line of the other column included."""
_USUAL = re.compile("|".join(_USUAL_TITLES))
_DEEPEST = 60
_BLOCK = 9
"""Lines a signing block may take, from its authority to its name."""
_SHORTEST_WORD = 2
_SPECKS = " -~–._*,:;'`°¿\\|/“‘"
_SPECK = 8
"""Letters of a line that may be what a scan made of a seal or a signature."""


@dataclass(slots=True)
class Foot:
    """What the foot says; `starts_at` is its first line, `ends_at` the line after its last."""

    starts_at: int
    ends_at: int
    recipients: list[list[Piece]] = field(default_factory=list)
    signing: list[Piece] = field(default_factory=list)
    name: Piece | None = None
    stray: list[Piece] = field(default_factory=list)
    """Short pieces that may be a signer's name, in order."""
    two_signers: bool = False
    """Whether two titles stand side by side."""


def find_foot(lines: Sequence[Line], after: int) -> int:
    """Find the first line of the foot after a line; the number of lines when there is none."""
    at = _find_recipients(lines, after)
    if at is None:
        at = next((i for i in range(after, len(lines)) if _opens_signing(lines, i)), len(lines))
    while at > after and _is_signing(lines[at - 1]):
        at -= 1
    return _find_block_before(lines, at, after)


def _find_block_before(lines: Sequence[Line], at: int, after: int) -> int:
    """The first line of a signing block that stands, name and all, before the recipients, as columns may be read."""
    first = at
    for index in range(at - 1, max(after, at - _BLOCK), -1):
        line = lines[index]
        if _is_signing(line):
            first = index
        elif not (_SIGNED.search(line.plain) or all(map(_looks_name, line.pieces))):
            if (first == at and len(line.text) < _SPECK) or (is_capitals(line.text) and len(line.text) < _LONGEST_ROW):
                continue
            break
    return first


def _opens_signing(lines: Sequence[Line], index: int) -> bool:
    """Whether a line begins the signing block: `TM. …` anywhere, a bare title only near the end of the text."""
    line = lines[index]
    late = index > 0.6 * len(lines) and len(line.text) < _LONGEST_TITLE
    return is_capitals(line.text) and bool(_AUTHORITY.match(line.plain) or (late and _TITLE.match(line.plain)))


def _find_recipients(lines: Sequence[Line], after: int) -> int | None:
    for index in range(after, len(lines)):
        plain = lines[index].plain
        if _RECIPIENTS.match(plain) and len(plain) < 90:
            return index
    for index in range(after, len(lines)):
        if _AS_ABOVE.match(lines[index].plain) and len(lines[index].plain) < 60:
            return index - 1 if index > after and len(lines[index - 1].plain) < 40 and index - 1 > after else index
    return _find_file_copy(lines, after)


def _find_file_copy(lines: Sequence[Line], after: int) -> int | None:
    """Find the list of recipients by its last line, `- Lưu: VT`, when its label is lost."""
    for index in range(after, len(lines)):
        if BULLET.match(lines[index].text) and _FILED.match(lines[index].plain):
            first = index
            while first > after and lines[first - 1].text.endswith(_LISTED) and len(lines[first - 1].text) < 80:
                first -= 1
            return first
    return None


def _is_signing(line: Line) -> bool:
    text, plain = line.text, line.plain.lstrip(_SPECKS)
    return is_capitals(text) and _starts_signing(plain) and len(text) < 60


def _starts_signing(plain: str) -> bool:
    return bool(_AUTHORITY.match(plain) or _TITLE.match(plain))


def read_foot(lines: Sequence[Line], starts_at: int) -> Foot:
    """Part the foot into recipients' lines, the signing block and the name."""
    foot = Foot(starts_at, len(lines))
    kept = listed = False
    for index in range(starts_at, min(len(lines), starts_at + _DEEPEST)):
        line = lines[index]
        if index > starts_at and _is_new_document(line, foot):
            foot.ends_at = index
            break
        for piece in _columns(line):
            label = _RECIPIENTS.match(piece.plain)
            if label:
                listed = True
                rest = piece_within(piece, label.end(), len(piece.text))
                if rest is None:
                    continue
                piece = rest  # noqa: PLW2901 - what follows the label on its line is a piece like any other
            kept = _place(piece, foot, line, listed=listed, kept=kept) or kept
        _note_two_signers(foot, line)
    _choose_name(foot)
    return foot


def _note_two_signers(foot: Foot, line: Line) -> None:
    """Of two titles side by side, neither signing for another, keep the right one: it is the office that sends."""
    beside = [piece for piece in foot.signing if line.start <= piece.start < line.end]
    if len(beside) > 1 and all(_TITLE.match(piece.plain) for piece in beside):
        foot.signing[-len(beside) :] = beside[-1:]
        foot.two_signers = True
    elif len(beside) > 1 and len(line.pieces) > 1 and all(_starts_signing(piece.plain) for piece in beside):
        foot.two_signers = True


def _is_new_document(line: Line, foot: Foot) -> bool:
    plain = line.plain.lstrip(" #*.-_")
    if "xa hoi chu nghia" in plain:
        return True
    if line.ruled and line.gap and foot.recipients and foot.stray and not BULLET.match(line.text):
        return not _RECIPIENTS.match(line.plain)
    started = bool(foot.recipients or foot.signing)
    return started and bool(_ANNEX.match(plain)) and (is_capitals(line.text) or ":" in plain or len(plain) < 16)


def _columns(line: Line) -> list[Piece]:
    """The pieces of a foot line; a recipient and the signing block one space apart are parted."""
    out: list[Piece] = []
    for piece in line.pieces:
        director = _cut_before_director(piece)
        if director:
            out += [part for part in split_piece(piece, director) if part]
            continue
        ended = _cut_after_recipient(piece)
        if ended:
            out += [part for part in split_piece(piece, ended) if part]
            continue
        piece = _without_tail(piece)  # noqa: PLW2901 - specks of the other column are no part of the piece
        beside = title_after(piece.text) if is_capitals(piece.text) else None
        if beside:
            out += [part for part in split_piece(piece, beside) if part]
            continue
        found = _TAIL_TITLE.search(piece.text)
        name = _TAIL_NAME.search(piece.text)
        if found and _ends_recipient(piece.text[: found.start()]):
            out += [part for part in split_piece(piece, found.end()) if part]
        elif name and folded(piece.text[name.end() :].split()[0]) in _FAMILY:
            out += [part for part in split_piece(piece, name.end()) if part]
        else:
            out.append(piece)
    return out


def _without_tail(piece: Piece) -> Piece:
    """A recipient without what a scan adds after its semicolon: a stroke of the signature, a part of the seal."""
    end = piece.text.rfind(";") + 1
    tail = piece.text[end:].strip()
    if not end or not tail or not BULLET.match(piece.text) or is_capitals(tail):
        return piece
    words = words_of(tail)
    torn = [word for word in words if is_broken(word) or len(word) < 2]
    if len(torn) == len(words) or (torn and len(tail) < _SPECK):
        return piece_within(piece, 0, end) or piece
    return piece


def _cut_after_recipient(piece: Piece) -> int | None:
    """Where the signing block goes on in a recipient's line: capitals or a name after the mark that ends it."""
    marks = list(_LIST_MARK.finditer(piece.text))
    if not marks or not BULLET.match(piece.text):
        return None
    end = marks[-1].end()
    tail = piece.text[end:].strip(_SPECKS)
    capitals = len(tail) >= _SPECK and is_capitals(tail) and _has_words(tail)
    named = len(tail.split()) in {3, 4} and _NAME.fullmatch(tail) is not None
    return end if capitals or (named and not starts_office(folded(tail))) else None


def _has_words(text: str) -> bool:
    """Whether two words at least of a text in capitals are words, not the codes of offices."""
    return sum(len(word) > 1 and is_syllable(word) and not is_broken(word) for word in words_of(text)) > 1


def _cut_before_director(piece: Piece) -> int | None:
    """Where the signing block begins in a line that ends in `GIÁM ĐỐC`: after the label or a recipient's mark."""
    at = director_in(piece.text, piece.plain)
    if at is None:
        return None
    label = _RECIPIENTS.match(piece.plain)
    mark = max(piece.text.rfind(sign, 0, at) for sign in ";:") + 1
    return max(mark, label.end() if label else 0) or None


def _ends_recipient(before: str) -> bool:
    """Whether the words before a title on the same line are a recipient or the label of the list."""
    before = before.rstrip()
    if _MARK_ALONE.fullmatch(folded(before)):
        return False
    before = before.rstrip(" -–_~'") if before.rstrip(" -–_~'").endswith((";", ",")) else before
    ended, mark, speck = before.rpartition(";")
    if mark and len(speck) < _SPECK:
        before = ended + mark
    listed = _RECIPIENTS.match(folded(before) + " ") or (BULLET.match(before) and before.endswith((";", ":", ".", ",")))
    return listed is not None and bool(listed)


def _place(piece: Piece, foot: Foot, line: Line, *, listed: bool, kept: bool) -> bool:
    """Put a piece where it belongs; answers whether it is the line of the file copy (`Lưu`)."""
    if _SIGNED.search(piece.plain):
        foot.stray += _name_beside(piece)
        return False
    text = piece.text
    bullet = BULLET.match(text)
    if bullet and not (is_capitals(text) and _starts_signing(piece.plain[bullet.end() :])):
        rest = piece_within(piece, bullet.end(), len(text))
        if rest and not (kept and foot.stray):  # the file copy is the last recipient
            foot.recipients.append([rest])
        return bool(rest and _KEEP_COPY.match(rest.plain))
    if foot.signing and is_capitals(text) and not starts_office(piece.plain) and is_full_name(text):
        foot.stray.append(piece)
    elif _is_signing_piece(piece, foot):
        foot.signing.append(piece)
    elif _KEEP_COPY.match(piece.plain) and listed:
        foot.recipients.append([piece])
        return True
    elif _looks_name(piece) and (kept or piece.column > 25 or line.gap or _ends(foot)):
        foot.stray.append(piece)
    elif listed and not kept and not _is_torn_title(text):
        _continue_recipient(piece, foot)
    elif _looks_name(piece):
        foot.stray.append(piece)
    return False


def _name_beside(piece: Piece) -> list[Piece]:
    """The name on a line that says the letter is signed, if any."""
    found = _NAME_AFTER.search(piece.text)
    named = piece_within(piece, found.start(1), found.end(1)) if found else None
    return [named] if named and _looks_name(named) else []


def _is_torn_title(text: str) -> bool:
    """Whether a line is what a scan left of a title: words in capitals. Recipients are set in small letters."""
    words = text.lower().split()
    return is_capitals(text) and len(words) > 1 and all(word.isalpha() and is_syllable(word) for word in words)


def _ends(foot: Foot) -> bool:
    return bool(foot.recipients) and foot.recipients[-1][-1].text.endswith((";", "."))


def _continue_recipient(piece: Piece, foot: Foot) -> None:
    opened = bool(foot.recipients) and _has_open_bracket(foot.recipients[-1])
    if sum(letter.isalpha() for letter in piece.text) < 3 and not opened:
        return
    if foot.recipients and not foot.recipients[-1][-1].text.endswith((";", ".")):
        foot.recipients[-1].append(piece)
    elif piece.text.endswith((";", ".")) or not foot.recipients:
        foot.recipients.append([piece])


def _has_open_bracket(row: Sequence[Piece]) -> bool:
    text = " ".join(piece.text for piece in row)
    return text.count("(") > text.count(")")


def _is_signing_piece(piece: Piece, foot: Foot) -> bool:
    text = piece.text.strip(" -*:;,./'°¿\\|“‘_~")
    plain = folded(text)
    if director_in(text, plain) is not None and len(text) < _LONGEST_TITLE:
        return True
    if not is_capitals(text) or len(text) < 4:
        return False
    if _AUTHORITY.match(plain) or _TITLE.match(plain):
        return True
    if is_like_title(text):
        return True
    words = text.lower().replace("-", " ").replace(",", " ").split()
    goes_on = bool(foot.signing) and not foot.stray and piece.start - foot.signing[-1].end < _NEXT_LINE
    return goes_on and len(words) > 1 and all(word.isalpha() and is_syllable(word) for word in words)


def _looks_name(piece: Piece) -> bool:
    text = _RANK.sub("", piece.text.strip(" .,:;-'“”\"*()_"))
    if text[:1].islower() and folded(text.split()[0]) in _BEHEADED:
        text = text[:1].upper() + text[1:]
    found = _NAME.fullmatch(text)
    if not found or is_capitals(text):
        return False
    first = folded(text.split()[0])
    return first in _FAMILY or (not starts_office(folded(text)) and len(text.split()) >= 3)


def _choose_name(foot: Foot) -> None:
    surnamed = [piece for piece in foot.stray if folded(_RANK.sub("", piece.text).split()[0]) in _FAMILY]
    named = surnamed or foot.stray
    if named:
        foot.name = named[-1 if foot.two_signers and len(named) == 2 else 0]


def note_foot(foot: Foot, findings: Findings) -> tuple[tuple[str, ...], str | None, str | None, str | None]:
    """Give recipients' lines, signing authority, the signer's title and name, noting spans and doubts."""
    lines: list[str] = []
    for row in foot.recipients:
        text = " ".join(piece.text for piece in row).strip(" ;.,~_=/")
        if max((len(word) for word in words_of(text)), default=0) < _SHORTEST_WORD:
            continue
        findings.stands_in(f"recipients_lines[{len(lines)}]", *row)
        lines.append(text)
    authority, title = _signing(foot, findings)
    name = _RANK.sub("", _RANK.sub("", foot.name.text.strip(" .,:;-'“”\"*()_"))) if foot.name else None
    if foot.name and name:
        start = foot.name.start + foot.name.text.index(name)
        findings.stands("signer_name", start, start + len(name))
        name = " ".join(word.capitalize() for word in name.split()) if is_capitals(name) else name
    else:
        findings.doubt("signer_name", "Không đọc được họ tên người ký.")
    return tuple(lines), authority, title, name


def _signing(foot: Foot, findings: Findings) -> tuple[str | None, str | None]:
    if _reads_bent(foot):
        return _bent_signing(foot, findings)
    rows = _joined_titles(foot.signing)
    if len(rows) > 1 and _row_text(rows[-1]) == _row_text(rows[-2]) and deputy_of(f"KT. {_row_text(rows[-1])}"):
        return _twice_said(rows, findings)
    split = len(rows) - 1
    acting = bool(rows) and _ACTING.match(_row_text(rows[-1])) is not None
    if not rows or (not acting and _AUTHORITY.match(folded(_row_text(rows[-1])))):
        split = len(rows)
        findings.doubt("signer_title", "Không đọc được chức vụ người ký.")
    signing_for = _own_authority(rows[: split + acting], foot)
    authority = " / ".join(map(_row_text, signing_for)) or None
    title = _row_text(rows[split]) if split < len(rows) else None
    findings.stands_in("signing_authority", *[piece for row in signing_for for piece in row])
    if title:
        findings.stands_in("signer_title", *rows[split])
    if authority and not _AUTHORITY.match(folded(authority)):
        findings.doubt("signing_authority", "Có hơn một chức vụ trong phần ký.")
    if foot.two_signers:
        for field_name in ("signing_authority", "signer_title", "signer_name"):
            findings.doubt(field_name, "Văn bản có hai người ký; chỉ ghi người ký bên phải.")
    return authority, title


def _twice_said(rows: list[list[Piece]], findings: Findings) -> tuple[str | None, str | None]:
    """A post named on two lines is one signed for and its deputy's, the marks before them lost in a scan."""
    authority = " / ".join([*map(_row_text, rows[:-2]), f"KT. {_row_text(rows[-2])}"])
    findings.stands_in("signing_authority", *[piece for row in rows[:-1] for piece in row])
    findings.stands_in("signer_title", *rows[-1])
    for name in ("signing_authority", "signer_title"):
        findings.doubt(name, "Bản quét không rõ phần ký; đọc theo thể thức ký thay.")
    return authority, deputy_of(authority)


def _own_authority(rows: list[list[Piece]], foot: Foot) -> list[list[Piece]]:
    """The rows that say for whom the letter is signed, without the other signer's title beside them."""
    if not foot.two_signers:
        return rows
    return [row for row in rows if _AUTHORITY.match(folded(_row_text(row))) or len(rows) == 1]


def _reads_bent(foot: Foot) -> bool:
    """Whether the signing block names a director in letters a scan has bent or in two lines that say the same."""
    plains = [folded(piece.text.strip(" -*:;,./'")) for piece in foot.signing]
    directors = [plain for piece, plain in zip(foot.signing, plains, strict=True)
                 if director_in(piece.text, plain) is not None]  # fmt: skip
    if len(directors) != len(plains):
        return False
    return len(set(directors)) < len(directors) or any(not _SOUND.fullmatch(plain) for plain in directors)


def _bent_signing(foot: Foot, findings: Findings) -> tuple[str | None, str | None]:
    """A director's signing block from a scan: of two lines the first says for whom, the second is the deputy's post."""
    read = [director_line(folded(piece.text)) for piece in foot.signing]
    alone = len(read) == 1
    authority = None if alone and not read[0].startswith("KT.") else "KT. GIÁM ĐỐC"
    title = deputy_of(authority) if authority else read[0]
    for name, value, piece in (
        ("signing_authority", authority, foot.signing[0]), ("signer_title", title, foot.signing[-1]),
    ):  # fmt: skip
        if value:
            findings.stands_in(name, piece)
        findings.doubt(name, f"Bản quét không rõ phần ký (“{piece.text}”); đọc theo thể thức ký thay.")
    return authority, title


def _joined_titles(pieces: Sequence[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    for piece in pieces:
        plain = folded(piece.text.strip(_SPECKS))
        starts = _AUTHORITY.match(plain) or _TITLE.match(plain) or is_like_title(piece.text)
        if rows and (not starts or rows[-1][-1].text.rstrip().endswith(_TITLES_JOINED)):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _row_text(row: Sequence[Piece]) -> str:
    return _mended(" ".join(piece.text.strip(" *:;,./'|°¿\\“‘_~-") for piece in row))


def _mended(title: str) -> str:
    """Put right the marks a scan loses in the few words every signing block is made of."""
    for found in list(_USUAL.finditer(folded(title))):
        usual = _USUAL_TITLES[found[0]]
        if title[found.start() : found.end()].isupper():
            title = title[: found.start()] + usual + title[found.end() :]
    return title
