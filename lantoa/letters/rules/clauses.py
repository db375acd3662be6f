"""Where one order ends and the next begins, and who is named at the start of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import Actors, read_actors, starts_with_verb
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.deadlines import read_report
from lantoa.letters.rules.times import read_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.letters.rules.paragraphs import Paragraph

_BY_WHOM = re.compile(r"\(([^()]{4,40}?) (?:lien he|phu trach|chu tri|thuc hien)\)")
_AFTER_TOPIC = re.compile(
    r"[^:;.]{3,70}:\s+|(?:hang \w+|trong|dinh ky|truoc|sau|ket thuc|khi|ho nao|tu|can cu|ngay \d|vao|thu \w+|cham nhat"
    r"|tren co so)\b[^:;.]{2,90}?,\s+(?!truoc)"
)
_WHOEVER = re.compile(
    r"((?:ai|(?:ho|don vi|ca nhan|nguoi|gia dinh|co quan|truong|to|lop|chi hoi|phong|khoa|thon|co so)(?: [a-z]+){0,2}"
    r" nao) [^,;.:]{3,60}?) thi (?=[a-z])"
)
"""`Ai chưa có chữ ký số thì đăng ký …`: whom an order is for, told by what they lack."""
_THING = re.compile(
    r"(?:so lieu|ket qua|bao cao|danh sach|ban cam ket|hinh anh)\b[^,;.:()]{0,50}(?:\([^()]*\))? "
    r"(?<! ve )(?<! cho )(?<! cua )(?<! toi )(?<! gui )(?<! cao )(?<! qua )(?<! tai )"
    r"(?=(?:cac|tung|moi) (?:don vi|co quan|dia phuong|truong|phong|xa|phuong|thon|to|khoa|chi)\b)"
)
"""`Số liệu truyền thông … các đơn vị nhập vào …`: the thing before its doer."""
_PROMISED = re.compile(r"\s?(?:la [^,;.]{3,60} duoc|se|duoc|cung da|da)\s")
"""What tells what is done for somebody, or was: no order."""
_ANSWERS = re.compile(r"\s?(?:phai )?chiu (?:hoan toan )?trach nhiem\b[^.;]{0,60}\b(?:neu|khi|truoc)\b")
"""`Chủ tịch … chịu trách nhiệm nếu …`: goes with the order it stands by."""
_TROUBLE_AHEAD = re.compile(
    r"(?:neu|trong qua trinh|khi|moi|truong hop|qua trinh)\b[^.;]{0,60}(?:kho khan|vuong mac|thac mac|chua ro"
    r"|can trao doi)"
)
_NEXT_TOPIC = re.compile(r"[^:;.,]{3,40},\s+")
_REPORT_CLAUSE = re.compile(r"(?:tong hop,? )?bao cao\b")
_CLAUSE = re.compile(
    r"(?:[;.]\s+)(?=dong thoi\b)|(?:[;.]\s+)(?=(?:rieng|de nghi|giao|yeu cau)\s)|(?<=\.)\s+(?=[a-z])|;\s+(?=[a-z])"
)
_DONE_BY = re.compile(r"(?:hoan thanh|xong) (?:truoc|trong)[^;,]{4,40}$")
_ABOUT = re.compile(r"doi voi [^.;:]{4,70}: ")
"""`Đối với 04 xã bị phê bình: Chủ tịch UBND xã …`: whom the order is about, before its doer."""
_MEMBERS = re.compile(r"(?:can bo|nhan vien|dang vien|doan vien|hoi vien|cong nhan|cong tac vien)\b")
"""Those an office works through: a sentence of theirs goes on with its order."""
_SHORT = 50
TOGETHER = re.compile(r"dong thoi,?\s*")
_CHOICE = re.compile(r"chon it nhat \d+ hinh thuc")


def clauses(paragraph: Paragraph, start: int) -> Iterator[tuple[int, int]]:
    """Part a paragraph where another order begins: at `Đồng thời`, `; đề nghị X`, or a sentence with its own doer."""
    text, plain = paragraph.text, paragraph.plain
    begin = start
    for found in _CLAUSE.finditer(plain, start):
        at = found.end()
        if plain.count("(", begin, at) > plain.count(")", begin, at):
            continue
        if not _begins_order(text, plain, begin, at) or _only_names(text, plain, begin, at):
            continue
        yield begin, found.start() + (plain[found.start()] in ";.")
        begin = at
    yield begin, len(text)


def _only_names(text: str, plain: str, begin: int, at: int) -> bool:
    """Whether the words so far are names of doers whose verb is still to come."""
    named = read_actors(text, plain, begin)
    return named is not None and named.end >= at


def _begins_order(text: str, plain: str, begin: int, at: int) -> bool:
    if plain.startswith("dong thoi", at) or (plain[at - 2] == "." and _stands_by_itself(text, plain, at)):
        return True
    if plain.startswith("xac nhan ", at) and text[at].isupper():
        return True
    if plain[at - 2] == ";":
        begins = _begins_after_semicolon(text, plain, begin, at)
        if begins is not None:
            return begins
    return _begins_with_doer(text, plain, begin, at)


def _begins_after_semicolon(text: str, plain: str, begin: int, at: int) -> bool | None:
    """Whether a report or a thing of its own begins after a semicolon; None when neither stands there."""
    if _REPORT_CLAUSE.match(plain, at):
        stop = _stop(plain, at)
        left = plain[max(0, plain.rfind(". ", 0, at)) : at]
        return bool(
            read_report(text, plain, at, stop) and read_times(text, plain, at, stop) and read_channels(left)
        ) or (bool(_CHOICE.search(left)))
    if _ends_with_time(text, plain, begin, at - 2) and starts_with_verb(text, plain, at):
        stop = _stop(plain, at)
        return bool(set(read_channels(plain[at:stop])) - {"other"})
    return None


def _begins_with_doer(text: str, plain: str, begin: int, at: int) -> bool:
    about = _ABOUT.match(plain, at)
    actors = read_actors(text, plain, about.end() if about else at)
    if actors is None or _MEMBERS.match(plain, actors.names[0][0]) or _is_exception(plain, at, actors):
        return False
    if _ANSWERS.match(plain, actors.end):
        return True
    if plain.startswith("cac ", at):  # `Giao A …; các trưởng thôn …`
        return actors_before(text, plain, begin)
    return actors.ordered or text[actors.names[0][0]].isupper()


def is_aside(paragraph: Paragraph, start: int) -> bool:
    """Whether a later clause says only who answers for the order or whom to ask in trouble, and orders nothing."""
    text, plain = paragraph.text, paragraph.plain
    if start == 0 or plain[start - 1] != " ":
        return False
    if _TROUBLE_AHEAD.match(plain, start):
        return not read_times(text, plain, start, len(text))
    actors = read_actors(text, plain, start)
    return actors is not None and _ANSWERS.match(plain, actors.end) is not None


def _stands_by_itself(text: str, plain: str, at: int) -> bool:
    """Whether a sentence begins that is for whoever lacks something, or says whom to ask in trouble."""
    whoever = _WHOEVER.match(plain, at)
    return _TROUBLE_AHEAD.match(plain, at) is not None or (
        whoever is not None and text[at].isupper() and starts_with_verb(text, plain, whoever.end())
    )


def _is_exception(plain: str, at: int, actors: Actors) -> bool:
    """`riêng bản X họp xong trước ngày …`: the same thing at another time."""
    rest = plain[actors.end : _stop(plain, at)]
    return (
        plain.startswith("rieng", at) and len(rest) < _SHORT and re.search(r"\b(?:xong|hoan thanh)\b", rest) is not None
    )


def actors_before(text: str, plain: str, begin: int) -> bool:
    """Whether the clause before names its doers after an order, so that the next may name its own in small letters."""
    actors = read_actors(text, plain, begin)
    return actors is not None


def _stop(plain: str, at: int) -> int:
    end = plain.find(";", at)
    return end if end > 0 else len(plain)


def _ends_with_time(text: str, plain: str, begin: int, end: int) -> bool:
    """Whether a clause ends with the time it is to be done by: what follows is a thing of its own."""
    times = read_times(text, plain, begin, end)
    done = _DONE_BY.search(plain[begin:end])
    return bool(times) and end - times[-1].end <= 1 and done is not None


def actors_of(paragraph: Paragraph, start: int) -> Actors | None:
    """Read the doers at the start of a clause, also after `Đồng thời`, a topic and its colon, or a leading time."""
    text, plain = paragraph.text, paragraph.plain
    together = TOGETHER.match(plain, start)
    at = together.end() if together else start
    actors = read_actors(text, plain, at)
    if actors:
        asked = re.match(r"\s(?:de nghi|yeu cau|giao|phan cong)\b", plain[actors.end : actors.end + 20])
        passive = plain[: actors.end].endswith((" duoc", " bi")) and asked is None
        return None if not actors.ordered and (passive or _PROMISED.match(plain, actors.end)) else actors
    whoever = _WHOEVER.match(plain, at)
    if whoever and starts_with_verb(text, plain, whoever.end()):
        return Actors(((at, whoever.end(1), text[at : whoever.end(1)]),), whoever.end(), ordered=False)
    thing = _THING.match(plain, at)
    if thing:
        return read_actors(text, plain, thing.end())
    topic = _AFTER_TOPIC.match(plain, at)
    while topic and actors is None:
        actors = read_actors(text, plain, topic.end())
        if actors and text[actors.end :].lstrip().startswith("để "):
            actors = None  # `nhóm thôn, khu phố để báo …` goes on with what came before
        topic = _NEXT_TOPIC.match(plain, topic.end())
    by_whom = _BY_WHOM.search(plain, at)
    if actors is None and by_whom:
        named = read_actors(text[: by_whom.end(1)], plain[: by_whom.end(1)], by_whom.start(1), heading=True)
        return replace(named, end=at) if named else None
    return actors
