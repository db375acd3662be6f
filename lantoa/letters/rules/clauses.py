"""Where one order ends and the next begins, and who is named at the start of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import Actors, read_actors, starts_with_verb
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.deadlines import read_report, read_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.letters.rules.paragraphs import Paragraph

_BY_WHOM = re.compile(r"\(([^()]{4,40}?) (?:lien he|phu trach|chu tri|thuc hien)\)")
_AFTER_TOPIC = re.compile(
    r"[^:;.]{3,70}:\s+|(?:hang \w+|trong|dinh ky|truoc|sau|ket thuc|khi|ho nao|tu|can cu"
    r"|tren co so)\b[^:;.]{2,90}?,\s+(?!truoc)"
)
_NEXT_TOPIC = re.compile(r"[^:;.,]{3,40},\s+")
_REPORT_CLAUSE = re.compile(r"(?:tong hop,? )?bao cao\b")
_CLAUSE = re.compile(
    r"(?:[;.]\s+)(?=dong thoi\b)|(?:[;.]\s+)(?=(?:rieng|de nghi|giao|yeu cau)\s)|(?<=\.)\s+(?=[a-z])|;\s+(?=[a-z])"
)
_DONE_BY = re.compile(r"(?:hoan thanh|xong) (?:truoc|trong)[^;,]{4,40}$")
_ABOUT = re.compile(r"doi voi [^.;:]{4,70}: ")
"""`Đối với 04 xã bị phê bình: Chủ tịch UBND xã …`: whom the order is about, before its doer."""
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
    if plain.startswith("dong thoi", at):
        return True
    if plain.startswith("xac nhan ", at) and text[at].isupper():
        return True
    if plain[at - 2] == ";" and _REPORT_CLAUSE.match(plain, at):
        stop = _stop(plain, at)
        left = plain[max(0, plain.rfind(". ", 0, at)) : at]
        return bool(
            read_report(text, plain, at, stop) and read_times(text, plain, at, stop) and read_channels(left)
        ) or (bool(_CHOICE.search(left)))
    if plain[at - 2] == ";" and _ends_with_time(text, plain, begin, at - 2) and starts_with_verb(text, plain, at):
        stop = _stop(plain, at)
        return bool(set(read_channels(plain[at:stop])) - {"other"})
    about = _ABOUT.match(plain, at)
    actors = read_actors(text, plain, about.end() if about else at)
    if actors and plain.startswith("cac ", at):  # `Giao A …; các trưởng thôn …`
        return actors_before(text, plain, begin)
    return actors is not None and (actors.ordered or text[actors.names[0][0]].isupper())


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
        return actors
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
