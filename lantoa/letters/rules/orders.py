"""Orders in running text: `đề nghị X …`, `X … báo cáo …`, `Kết quả gửi về …`, and the sentence that opens a list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import Actors, read_actors, starts_with_verb
from lantoa.letters.rules.clauses import TOGETHER, actors_of, is_aside
from lantoa.letters.rules.deadlines import asks_report, read_report
from lantoa.letters.rules.drafts import Draft
from lantoa.letters.rules.times import read_times
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.paragraphs import Paragraph

_ORDERS_IN = re.compile(
    r"(?:^|(?<=[,;.:)–-] )|(?<= va )|(?<=\w ))(?:de nghi|yeu cau|(?<!ban )(?<!tuyen )giao(?! thong| duc| dich"
    r"| viec)(?: cho)?|phan cong|huong dan|den nghi)\s"
)
_EMPTY_ORDER = re.compile(
    r"^(?:\W*(?:phoi hop|nghiem tuc|khan truong|quan tam|chi dao|to chuc|trien khai|thuc hien|biet|duoc biet|va"
    r"|nham|nay|noi dung|cac|tren|tot|theo|dung|quy dinh"
    r"|hieu qua|cong van|ke hoach|chi thi|cong dien|dat|cao|nhat|cua|de|xem xet|quyet dinh|phoi|hop|giup do|ho tro"
    r"|gop phan|can|neu|co|ket qua|dam bao|chu dong|tich cuc|tai|don vi|yeu cau|cung|moi|thong tin|chi tiet|xin"
    r"|lien he|noi|dong|bo|kip thoi|tham du|du|den|thanh phan|gio|day du|thuc|hien|trien|khai|chiu trach nhiem|thi hanh"
    r"|quyet dinh nay|sau khi|nhan duoc|ve|so|co so|lam|can cu|y kien|phe duyet|nhiem vu|phu luc|kem theo"
    r"|tinh than)\b)+\W*$"
)
TROUBLE = re.compile(
    r"(?:neu|co gi|phat sinh|nhung|gap|truong hop|moi)\b.{0,40}(?:kho khan|vuong mac|chua ro)"
    r"(?=.{0,160}(?:lien he|phan anh|bao cao|trao doi|thong bao|thong tin|phan hoi|gui|kien nghi|giai quyet))|neu can"
    r"|moi thong tin|thong tin chi tiet|de duoc tu van|(?:xin|vui long) lien he|\bco (?:kho khan"
    r"|vuong mac)(?=.{0,60}(?:phan anh|lien he|bao))"
    r"|^\W*(?:can bo|cong chuc|chuyen vien|dau moi|nguoi)\b.{0,24}(?:dau moi|lien he)\W*:"
)
_GIVEN = re.compile(r"(?<=, )(?:giao(?! vien| thong| duc| dich| luu)|yeu cau|de nghi)\s")
_FORBIDS = re.compile(r"(?:khong|nghiem cam|tuyet doi khong)\s[a-z]+")
_GIVES_ORDER = re.compile(
    r"\W*(?:da |tran trong |kinh |tiep tuc )?(?:yeu cau|de nghi|giao|phan cong|(?:xin )?thong bao\b[^.;]*\bbiet)\b"
)
_TELLS = re.compile(r"\W*(?:da |tran trong )?(?:huong dan|thong bao)\b")
"""What the writer does in the sentence that opens its list; in the list it is what others are to do."""
_INFORMS = re.compile(r"(?:thong tin mot so|thong bao lich|khuyen cao|cac thu doan|dau hieu|voi noi dung|thu doan)")
_INVITES = re.compile(
    r"\W*(?:rat |tran trong |xin )*(?:kinh )?(?:moi|mong)\b[^.;]*\b(?:du|tham du|co mat|thong cam|hop)\b"
)
"""The words that close an invitation."""
_PROMISES = re.compile(r"[^,;.:]{3,60}? se (?!bi\b)[a-z]+ ")
"""`Huyện đoàn sẽ báo cáo Tỉnh đoàn …`: what the writer will do itself."""
CORRECTS = re.compile(
    r"\W*(?:(?:truoc day )?da (?:ghi|in|neu|viet)|(?:nay )?(?:xin )?(?:sua|doc|dinh chinh)(?: lai)?(?: la| thanh)?"
    r"|nay (?:sua|doc) (?:lai )?(?:la|thanh))\W*[:“\"]"
)
"""The old and the new words of a correction."""
_THINGS = ("bao cao", "ke hoach", "danh sach", "ho so", "y kien", "gop y", "phuong an")
_HANDED_IN = re.compile(rf"[\W_]*(?:van ban )?(?:dong )?(?:{'|'.join(_THINGS)})\b")
"""What a sentence begins with that says only where the thing ordered before is to be sent, and by when."""

_ORDERED_LAST = re.compile(
    r"\b(?:yeu cau|de nghi)\s([^.;:]{6,80}?)\s(?:(?:tap trung |to chuc |nghiem tuc )?thuc hien|trien khai|to chuc"
    r"|dong gop|mot so|cac noi dung)"
    r"[^.;]*:\W*$"
)
_ASKS = re.compile(r"[^.;:]{0,60}(?:gop y|y kien)\b")
_LED = re.compile(
    r"(?:(?:moi|hang) (?:nam|thang|quy|tuan|ngay),? |(?:truoc|trong|tu|vao|dinh ky|ngay|sau|khi|cuoi|dau|den"
    r"|theo dinh ky)"
    r"\b[^,;.:]{2,50}, )"
)
"""A time before the verb: `Mỗi năm tổ chức …`, `Trước ngày 20/5, gửi …`."""
_VAGUE = re.compile(r"quy (?:don vi|co quan|ong|vi|cong ty)\b|cac (?:dong chi|ong|ba|vi)$")
"""How a letter speaks to all its addressees."""
_LEAST = 6
"""Letters an action has at least."""
_LINE = 80


@dataclass(slots=True)
class Reader:
    """What is known while a letter's tasks are read, and the drafts so far."""

    addressees: Sequence[str]
    findings: Findings
    issuer: str | None = None
    general: Actors | None = None
    """Who the sentence names that opens the list."""
    general_in: Paragraph | None = None
    ordered: bool = False
    """Whether a sentence that gives orders has opened a list."""
    headed: tuple[Actors, Paragraph] | None = None
    """Doers that stand alone on a line, over the plain paragraphs that are theirs."""
    told: tuple[Actors, Paragraph] | None = None
    """Doers of an order that said only to carry the rest out: a report asked after it is theirs."""
    drafts: list[Draft] = field(default_factory=list)


def open_list(reader: Reader, paragraph: Paragraph) -> None:
    """Read the sentence that opens a list: whether it gives orders, and to whom."""
    tail = paragraph.plain
    if _INFORMS.search(tail[-90:]):
        reader.ordered, reader.general = False, None
        return
    reader.ordered = True
    actors = None
    for found in _ORDERS_IN.finditer(tail):
        actors = read_actors(paragraph.text, tail, found.end(), heading=True) or actors
    actors = actors or _named_by_order(paragraph)
    if actors and not _is_vague(actors):
        reader.general, reader.general_in = actors, paragraph
    else:
        reader.general = None


def _named_by_order(paragraph: Paragraph) -> Actors | None:
    """Who an order names where no office can be made out: what stands between the order and what is to be done."""
    found = _ORDERED_LAST.search(paragraph.plain)
    name = paragraph.text[found.start(1) : found.end(1)].strip(" ,") if found else ""
    if not found or not name:
        return None
    return Actors(((found.start(1), found.start(1) + len(name), name),), found.end(1), ordered=True)


def _is_vague(actors: Actors) -> bool:
    return all(len(name) < 4 or _VAGUE.match(folded(name)) for name in actors.texts)


def read_order(reader: Reader, paragraph: Paragraph, start: int, end: int, *, closing: bool) -> None:
    """Read an order out of running text between two offsets of a paragraph."""
    text, plain = paragraph.text, paragraph.plain
    words = plain[start:end]
    if words.startswith("(") or text[:end].endswith(":") or _INVITES.match(words) or _PROMISES.match(words):
        return
    if start and is_aside(paragraph, start):
        return
    if TROUBLE.search(words) and not read_times(text, plain, start, end):
        return
    actors = _ordered_actors(reader, paragraph, start, end)
    if actors is not None:
        _take(reader, paragraph, (start, end), actors, closing=closing)
    elif TOGETHER.match(words) and reader.drafts:
        last = reader.drafts[-1]
        _add(reader, Draft(None, [(paragraph, start, end)], last.actors, last.owner, closing, last.inherited, start))
    elif reader.headed and says_what(paragraph, start):
        _add(reader, Draft(None, [(paragraph, start, end)], *reader.headed, closing, action_from=start))
    elif _goes_on(reader, paragraph) and says_what(paragraph, start) and not asks_report(words):
        last = reader.drafts[-1]
        _add(reader, Draft(None, [(paragraph, start, end)], last.actors, last.owner, closing, last.inherited, start))
    else:
        _read_unaddressed(reader, paragraph, start, end, closing=closing)


def _goes_on(reader: Reader, paragraph: Paragraph) -> bool:
    """Whether the last task came from the same paragraph, whose next clause is another."""
    return bool(reader.drafts) and reader.drafts[-1].parts[-1][0] is paragraph


def _add(reader: Reader, draft: Draft) -> None:
    reader.drafts.append(draft)
    reader.told = None


def _take(reader: Reader, paragraph: Paragraph, span: tuple[int, int], actors: Actors, *, closing: bool) -> None:
    """Take an order to named doers; one that only says to carry the rest out is no task, but its doers are kept."""
    start, end = span
    action = paragraph.plain[actors.end : end].strip(" :;./")
    if _EMPTY_ORDER.match(action) and not read_times(paragraph.text, paragraph.plain, start, end):
        reader.told = (actors, paragraph)
    elif len(action) >= _LEAST:
        _add(reader, Draft(None, [(paragraph, start, end)], actors, paragraph, closing, action_from=actors.end))


def _read_unaddressed(reader: Reader, paragraph: Paragraph, start: int, end: int, *, closing: bool) -> None:
    """Read what names no doer: what is forbidden, and where a thing ordered before is to be sent."""
    text, plain = paragraph.text, paragraph.plain
    words = plain[start:end]
    reports = asks_report(words) and read_report(text, plain, start, end) and not _citing(words)
    ordered = _ordered_before(reader, words) if reports else None
    if ordered:
        ordered.parts.append((paragraph, start, end))
        return
    forbids = reader.ordered and _FORBIDS.match(words)
    if not forbids and not ((reader.ordered or closing) and reports):
        return
    told = reader.told if reports else None
    actors, owner = told or (reader.general, reader.general_in)
    _add(reader, Draft(None, [(paragraph, start, end)], actors, owner, closing, told is None, start))


def _ordered_before(reader: Reader, words: str) -> Draft | None:
    """The order in running text for the thing a sentence only says where to send: `Văn bản báo cáo … gửi về …`."""
    thing = _HANDED_IN.match(words)
    if not thing or any(draft.index for draft in reader.drafts):
        return None
    nouns = [noun for noun in _THINGS if noun in thing[0]]
    for draft in reader.drafts:
        paragraph, start, end = draft.parts[0]
        if any(noun in paragraph.plain[max(start, draft.action_from) : end] for noun in nouns):
            return draft
    return None


def read_topics(reader: Reader, paragraph: Paragraph) -> bool:
    """Read an order whose list says only what it is about: `đề nghị X góp ý … như sau:`; False when it is none."""
    plain = paragraph.plain
    for found in _ORDERS_IN.finditer(plain):
        actors = read_actors(paragraph.text, plain, found.end())
        if actors and _ASKS.match(plain, actors.end):
            reader.ordered = False
            _add(reader, Draft(None, [(paragraph, 0, len(plain))], actors, paragraph, action_from=actors.end))
            return True
    return False


def read_heading(paragraph: Paragraph) -> tuple[Actors, Paragraph] | None:
    """Read a line that only names doers, over plain paragraphs that are their tasks."""
    text = paragraph.text.rstrip(" :")
    if len(text) > _LINE or text.endswith((".", ";", ",")) or says_what(paragraph, 0):
        return None
    actors = read_actors(text, paragraph.plain[: len(text)], 0, heading=True)
    return (actors, paragraph) if actors and actors.end == len(text) else None


def _citing(words: str) -> bool:
    return (
        re.match(
            r"\W*(?:can cu|thuc hien|theo|tiep theo|qua|sau khi|ngay \d{1,2}/\d{1,2}/\d{4}|ngay \d{1,2} thang)", words
        )
        is not None
    )


def _ordered_actors(reader: Reader, paragraph: Paragraph, start: int, end: int) -> Actors | None:
    text, plain = paragraph.text, paragraph.plain
    direct = actors_of(paragraph, start)
    if direct and (direct.end > end or _citing(plain[start:end])):
        direct = None
    goes_on = _goes_on(reader, paragraph)
    if direct and not goes_on and not direct.ordered and _is_the_writers(reader, plain, direct):
        direct = None
    if direct and not direct.ordered and plain.startswith("se ", direct.end + 1):
        direct = None  # a promise of the writer's, not an order
    if direct and (reader.ordered or direct.ordered or goes_on or asks_report(plain[start:end])):
        return direct
    for found in _ORDERS_IN.finditer(plain, start, end):
        if (found[0].startswith("huong dan") and reader.ordered) or text.startswith("ban ", found.end()):
            continue
        actors = read_actors(text, plain, found.end())
        if actors and actors.end <= end:
            return replace(actors, ordered=True)
    return None


def _is_the_writers(reader: Reader, plain: str, direct: Actors) -> bool:
    """Whether words are of the writer, who orders others or tells what it does itself."""
    if _TELLS.match(plain, direct.end) and not reader.ordered:
        return True
    return _GIVES_ORDER.match(plain, direct.end) is not None or _is_writer(direct, reader.issuer)


def _is_writer(actors: Actors, issuer: str | None) -> bool:
    """Whether the doer is the office that writes: it tells what it does itself and orders nobody."""
    if issuer is None or len(actors.names) != 1:
        return False
    name = folded(actors.texts[0]).replace("ubnd", "uy ban nhan dan")
    return folded(issuer).startswith(name) or name.startswith(folded(issuer))


def given_order(paragraph: Paragraph, start: int, end: int) -> Actors | None:
    """Read who is given an order later in the words: `Trên cơ sở báo cáo của …, giao Sở Tài chính chủ trì`."""
    for found in _GIVEN.finditer(paragraph.plain, start, end):
        actors = read_actors(paragraph.text, paragraph.plain, found.start())
        if actors and actors.end <= end:
            return actors
    return None


def says_what(paragraph: Paragraph, start: int) -> bool:
    """Whether words begin with what is to be done."""
    together = TOGETHER.match(paragraph.plain, start)
    at = together.end() if together else start
    led = _LED.match(paragraph.plain, at)
    return starts_with_verb(paragraph.text, paragraph.plain, at) or (
        led is not None and starts_with_verb(paragraph.text, paragraph.plain, led.end())
    )
