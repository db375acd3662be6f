"""The orders of a letter: each with its doers, its channels, its time and its report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import Actors, read_actors
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.deadlines import Phrase, Report, asks_report, read_evidence, read_report, read_times
from lantoa.letters.rules.letter import LetterTask
from lantoa.letters.rules.outline import Node, read_outline
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.paragraphs import Paragraph

_ORDER = re.compile(r"\b(?:de nghi|yeu cau|giao(?! thong| duc| dich| ban)|phan cong|chi thi|dien|huong dan|thong bao)\b")
_ORDERS_IN = re.compile(r"(?:^|(?<=[,;.:] )|(?<= va )|(?<=\w ))(?:de nghi|yeu cau|giao(?! thong| duc| dich| ban| viec)(?: cho)?|phan cong|huong dan|den nghi)\s")
_NOT_TASKS = re.compile(
    r"(?:muc dich|yeu cau$|muc tieu|thong diep|doi tuong|thoi gian$|thoi gian[:,]|thoi gian to chuc|dia diem|kinh phi$|danh gia|tinh hinh|ket qua dat|nguyen tac"
    r"|thanh phan|chu de|can cu|chuong trinh|noi dung, hinh thuc|hinh thuc$|hinh thuc:|noi dung$|noi dung:|quan diem|pham vi|dau hieu|ve doi tuong|ve dieu kien|ve ho|ve thoi|ve nguon|ve han|ve lai|tai san|thoi gian ap)"
)
_PURE_AIM = re.compile(r"muc dich|muc tieu")
_LEAD_IN = re.compile(r"(?:nhu sau|sau day|cac noi dung sau|sau)\s?:\s*$|:\s*$")
_INFORMS = re.compile(r"(?:thong tin mot so|thong bao lich|khuyen cao|cac thu doan|dau hieu|voi noi dung|thu doan)")
_EMPTY_ORDER = re.compile(
    r"^(?:\W*(?:phoi hop|nghiem tuc|khan truong|quan tam|chi dao|to chuc|trien khai|thuc hien|biet|duoc biet|va|nham|nay|noi dung|cac|tren|tot|theo|dung|quy dinh"
    r"|hieu qua|cong van|ke hoach|chi thi|cong dien|dat|cao|nhat|cua|de|xem xet|quyet dinh|phoi|hop|giup do|ho tro|gop phan|can|neu|co|ket qua|dam bao|chu dong|tich cuc|tai|don vi|yeu cau|cung|moi|thong tin|chi tiet|xin|lien he|noi|dong|bo|kip thoi)\b)+\W*$"
)
_TROUBLE = re.compile(r"(?:neu|co gi|phat sinh|nhung|gap|truong hop)\b.{0,40}(?:kho khan|vuong mac)|neu can|moi thong tin|thong tin chi tiet|tu van truc tiep|(?:xin|vui long) lien he")
_ASSIGNS = re.compile(r"(?:phan cong|to chuc thuc hien|nhiem vu|trach nhiem|che do (?:thong tin|bao cao)|thoi gian, bao cao|tong hop)")
_BY_WHOM = re.compile(r"\(([^()]{4,40}?) (?:lien he|phu trach|chu tri|thuc hien)\)")
_AFTER_TOPIC = re.compile(r"[^:;.]{3,70}:\s+|(?:hang \w+|trong|dinh ky|truoc|sau|ket thuc|khi|ho nao|tu|can cu|tren co so)\b[^:;.]{2,90}?,\s+(?!truoc)")
_FORMULA = re.compile(
    r"(?:(?<=[.;])\s|^)(?:(?:Thời gian|Hình thức)(?: thực hiện)?:|Báo cáo kết quả\b|Gửi báo cáo\b)[^;]*?(?=\.\s+[A-ZĐ]|\.?$)"
)
_REPORT_DETAIL = re.compile(r"\s*(?:\(kèm\s|về\s(?!việc)|trước ngày\s).*$")
_REPORT_CLAUSE = re.compile(r"(?:tong hop,? )?bao cao\b")
_FORBIDS = re.compile(r"(?:khong|nghiem cam|tuyet doi khong)\s[a-z]+")
_CLAUSE = re.compile(
    r"(?:[;.]\s+)(?=dong thoi\b)|(?:[;.]\s+)(?=(?:rieng|de nghi|giao|yeu cau)\s)|(?<=\.)\s+(?=[a-z])|;\s+(?=[a-z])"
)
_TOGETHER = re.compile(r"dong thoi,?\s*")
_WRITER = re.compile(r"^(?:uy ban nhan dan|ubnd|so|bo|van phong|chu tich|giam doc|ban thuong vu|ban chap hanh|cong an|thu tuong|hoi|lien doan|dang uy|ban chi dao|phong|cuc|truong)\b")
_AT_ONCE = re.compile(r"bao ngay|kip thoi bao cao")
_SPLIT_SHARE = 0.34
_GENERAL = "Việc của các đơn vị nhận văn bản, suy từ mục “Kính gửi”."


@dataclass(frozen=True, slots=True)
class _Context:
    """What a task takes from what stands over it."""

    path: tuple[str, ...] = ()
    actors: Actors | None = None
    owner: Paragraph | None = None
    ordering: bool = False
    idle: bool = False


@dataclass(slots=True)
class _Draft:
    """A task being put together from parts of paragraphs."""

    index: str | None
    parts: list[tuple[Paragraph, int, int]]
    actors: Actors | None
    owner: Paragraph | None
    closing: bool = False
    inherited: bool = False
    action_from: int = 0


@dataclass(slots=True)
class _Reader:
    addressees: Sequence[str]
    findings: Findings
    issuer: str | None = None
    general: Actors | None = None
    general_in: Paragraph | None = None
    ordered: bool = False
    drafts: list[_Draft] = field(default_factory=list)


def read_tasks(
    body: Sequence[Paragraph], addressees: Sequence[str], issuer: str | None, findings: Findings
) -> tuple[LetterTask, ...]:
    """Read the tasks in order. Doers come from the words themselves, the heading above, the sentence that opens the
    list, or last the addressees; the last two are put in doubt.
    """
    reader = _Reader(addressees, findings, issuer)
    top = read_outline(body)
    running = 0
    for place, node in enumerate(top):
        if node.label is None and node.rank == 7:
            _read_top_text(reader, node, later=top[place + 1 :], earlier=top[:place])
        else:
            running += 1
            label = node.label or str(running)
            _walk(reader, node, _Context((label,), reader.general, reader.general_in, ordering=reader.ordered))
    drafts = _without_repeats(reader.drafts)
    return tuple(_task(draft, place, addressees, findings) for place, draft in enumerate(drafts))


# --- the walk ----------------------------------------------------------------------------------------------------


def _read_top_text(reader: _Reader, node: Node, later: Sequence[Node], earlier: Sequence[Node]) -> None:
    """A plain paragraph: the sentence that opens the list, an order of its own, or the closing words."""
    paragraph = node.paragraph
    if node.children or (_LEAD_IN.search(node.plain) and later):
        _open_list(reader, node)
        for place, child in enumerate(node.children, 1):
            context = _Context((child.label or str(place),), reader.general, reader.general_in, ordering=reader.ordered)
            _walk(reader, child, context)
        return
    listed = any(other.label is not None or other.rank > 7 for other in earlier)
    for start, end in _clauses(paragraph, node.start):
        _read_order(reader, paragraph, start, end, closing=listed or not later)


def _open_list(reader: _Reader, node: Node) -> None:
    paragraph = node.paragraph
    tail = paragraph.plain
    if _INFORMS.search(tail[-90:]):
        reader.ordered, reader.general = False, None
        return
    reader.ordered = True
    actors = None
    for found in _ORDERS_IN.finditer(tail):
        actors = read_actors(paragraph.text, tail, found.end(), heading=True) or actors
    if actors and not _is_vague(actors):
        reader.general, reader.general_in = actors, paragraph
    else:
        reader.general = None


def _is_vague(actors: Actors) -> bool:
    return all(len(name) < 4 for name in actors.texts)


def _walk(reader: _Reader, node: Node, context: _Context) -> None:
    """Read an item and what stands under it."""
    paragraph, plain = node.paragraph, node.plain.strip(" :*.")
    heading = bool(node.children) and node.is_heading
    if _NOT_TASKS.match(plain) and (heading or (not node.children and len(plain) < 90) or _PURE_AIM.match(plain)):
        context = replace(context, idle=True)
        if _PURE_AIM.match(plain) or not node.children or "thong diep" in plain:
            return
    if not node.children:
        _read_leaf(reader, node, context)
        return
    own = None if context.idle else read_actors(paragraph.text, paragraph.plain, node.start, heading=heading)
    if _ASSIGNS.search(plain):
        context = replace(context, ordering=True)
    if own:
        context = replace(context, actors=own, owner=paragraph, ordering=True, idle=False)
    _read_group(reader, node, context, own)


def _read_group(reader: _Reader, node: Node, context: _Context, own: Actors | None) -> None:
    children = node.children
    texts = [child for child in children if child.rank == 7 and child.label is None and not child.children]
    leaves = [child for child in children if not child.children]
    if own and len(texts) == len(children):
        _merge(reader, context, node, texts)
    elif own and len(leaves) == len(children) > 1 and not _carry_own(leaves):
        apart = [child for child in leaves if _own_actor(child)]
        _merge(reader, context, node, [child for child in leaves if child not in apart])
        for child in apart:
            _walk(reader, child, _below(context, child, children.index(child) + 1))
    elif not node.is_heading and not own and len(texts) == len(children):
        _merge(reader, context, node, texts, with_self=True)
    else:
        for place, child in enumerate(children, 1):
            _walk(reader, child, _below(context, child, place))


def _below(context: _Context, child: Node, place: int) -> _Context:
    label = child.label or str(place)
    if child.label is None and child.rank == 7:
        return context
    path = context.path
    if path and label.startswith(path[-1] + "."):
        path = path[:-1]
    return replace(context, path=(*path, label))


def _own_actor(child: Node) -> Actors | None:
    actors = read_actors(child.paragraph.text, child.paragraph.plain, child.start)
    return actors if actors and child.paragraph.text[actors.names[0][0]].isupper() else None


def _carry_own(leaves: Sequence[Node]) -> bool:
    """Whether enough items of a list have a channel, a time or a report of their own to stand as tasks."""
    own = 0
    for leaf in leaves:
        plain = leaf.plain
        channels = set(read_channels(plain)) - {"other"}
        times = read_times(leaf.text, plain, 0, len(plain))
        own += bool(channels or times or read_report(leaf.text, plain, 0, len(plain)))
    return own > _SPLIT_SHARE * len(leaves)


def _merge(
    reader: _Reader, context: _Context, node: Node, children: Sequence[Node], *, with_self: bool = False
) -> None:
    """One task from a heading and the paragraphs under it."""
    if context.idle or not children or not (context.actors or context.ordering):
        return
    parts = [(child.paragraph, child.start, len(child.paragraph.text)) for child in children]
    actors, owner = context.actors, context.owner
    if len(children) >= 1 and (not actors or owner is not node.paragraph):
        first = children[0]
        own = read_actors(first.paragraph.text, first.paragraph.plain, first.start)
        actors, owner = (own, first.paragraph) if own else (actors, owner)
    else:
        first = children[0]
        own = read_actors(first.paragraph.text, first.paragraph.plain, first.start)
        if own and own.ordered:
            actors, owner = own, first.paragraph
    if with_self:
        parts.insert(0, (node.paragraph, node.start, len(node.paragraph.text)))
    reader.drafts.append(_Draft(".".join(context.path) or None, parts, actors, owner, inherited=actors is reader.general))


def _read_leaf(reader: _Reader, node: Node, context: _Context) -> None:
    if context.idle or node.text.endswith(":"):
        return
    paragraph = node.paragraph
    spans = list(_clauses(paragraph, node.start))
    drafts: list[_Draft] = []
    for start, end in spans:
        draft = _draft(reader, paragraph, start, end, context)
        if draft and drafts and _actors_of(paragraph, start) is None:
            draft.actors, draft.owner, draft.inherited = drafts[-1].actors, drafts[-1].owner, drafts[-1].inherited
        if draft:
            drafts.append(draft)
        elif drafts:
            drafts[-1].parts.append((paragraph, start, end))
    if len(drafts) > 1:
        for place, draft in enumerate(drafts, 1):
            draft.index = f"{draft.index}.{place}" if draft.index else None
    reader.drafts += drafts


def _draft(reader: _Reader, paragraph: Paragraph, start: int, end: int, context: _Context) -> _Draft | None:
    actors = _actors_of(paragraph, start)
    if actors is None and not context.ordering:
        return None
    words = paragraph.plain[(actors.end if actors else start) : end]
    if _TROUBLE.search(words) and not read_times(paragraph.text, paragraph.plain, start, end):
        return None
    if len(words.strip(" :;./")) < 8:
        return None
    own = actors or context.actors
    return _Draft(
        ".".join(context.path) or None,
        [(paragraph, start, end)],
        own,
        paragraph if actors else context.owner,
        inherited=actors is None and own is reader.general,
        action_from=actors.end if actors else start,
    )


def _actors_of(paragraph: Paragraph, start: int) -> Actors | None:
    """Read the doers at the start of a clause, also after `Đồng thời`, a topic and its colon, or a leading time."""
    text, plain = paragraph.text, paragraph.plain
    together = _TOGETHER.match(plain, start)
    at = together.end() if together else start
    actors = read_actors(text, plain, at)
    if actors:
        return actors
    topic = _AFTER_TOPIC.match(plain, at)
    while topic and actors is None:
        actors = read_actors(text, plain, topic.end())
        topic = re.compile(r"[^:;.,]{3,40},\s+").match(plain, topic.end())
    by_whom = _BY_WHOM.search(plain, at)
    if actors is None and by_whom:
        named = read_actors(text[: by_whom.end(1)], plain[: by_whom.end(1)], by_whom.start(1), heading=True)
        return replace(named, end=at) if named else None
    return actors


def _read_order(reader: _Reader, paragraph: Paragraph, start: int, end: int, *, closing: bool) -> None:
    """Read an order out of running text: `đề nghị X …`, `X … báo cáo …`, `Kết quả gửi về …`."""
    text, plain = paragraph.text, paragraph.plain
    words = plain[start:end]
    if words.startswith("(") or text[:end].endswith(":"):
        return
    if _TROUBLE.search(words) and not read_times(text, plain, start, end):
        return
    actors = _ordered_actors(reader, paragraph, start, end)
    if actors is None and reader.drafts and _TOGETHER.match(words):
        last = reader.drafts[-1]
        actors = last.actors
        reader.drafts.append(_Draft(None, [(paragraph, start, end)], actors, last.owner, closing, inherited=last.inherited, action_from=start))
        return
    if actors is not None:
        action = plain[actors.end : end]
        if _EMPTY_ORDER.match(action.strip(" :;./")) and not read_times(text, plain, start, end):
            return
        if len(action.strip(" :;./")) >= 6:
            reader.drafts.append(_Draft(None, [(paragraph, start, end)], actors, paragraph, closing, action_from=actors.end))
        return
    forbids = reader.ordered and _FORBIDS.match(words)
    reports = asks_report(words) and read_report(text, plain, start, end) and not _citing(words)
    if forbids or ((reader.ordered or closing) and reports):
        reader.drafts.append(
            _Draft(None, [(paragraph, start, end)], reader.general, reader.general_in, closing, inherited=True, action_from=start)
        )


def _citing(words: str) -> bool:
    return re.match(r"\W*(?:can cu|thuc hien|theo|tiep theo|qua|sau khi|ngay \d)", words) is not None


def _ordered_actors(reader: _Reader, paragraph: Paragraph, start: int, end: int) -> Actors | None:
    text, plain = paragraph.text, paragraph.plain
    chosen = None
    for found in _ORDERS_IN.finditer(plain, start, end):
        if plain[found.start() : found.end()].startswith("huong dan") and reader.ordered:
            continue
        actors = read_actors(text, plain, found.end())
        if actors and actors.end <= end:
            chosen = actors
            break
    direct = _actors_of(paragraph, start)
    if direct and not direct.ordered and _is_writer(direct, reader.issuer):
        direct = None
    if chosen:
        return replace(chosen, ordered=True)
    if direct and direct.end <= end and (reader.ordered or direct.ordered or asks_report(plain[start:end])) and not _citing(plain[start:end]):
        return direct
    return None


def _is_writer(actors: Actors, issuer: str | None) -> bool:
    """Whether the doer is the office that writes: it tells what it does itself and orders nobody."""
    if issuer is None or len(actors.names) != 1:
        return False
    name = folded(actors.texts[0]).replace("ubnd", "uy ban nhan dan")
    return folded(issuer).startswith(name)


# --- clauses -----------------------------------------------------------------------------------------------------


def _clauses(paragraph: Paragraph, start: int) -> Iterator[tuple[int, int]]:
    """Part a paragraph where another order begins: at `Đồng thời`, `; đề nghị X`, or a sentence with its own doer."""
    text, plain = paragraph.text, paragraph.plain
    begin = start
    for found in _CLAUSE.finditer(plain, start):
        at = found.end()
        if plain.count("(", begin, at) > plain.count(")", begin, at):
            continue
        if not _begins_order(text, plain, at) or _only_names(text, plain, begin, at):
            continue
        yield begin, found.start() + (plain[found.start()] in ";.")
        begin = at
    yield begin, len(text)


def _only_names(text: str, plain: str, begin: int, at: int) -> bool:
    """Whether the words so far are names of doers whose verb is still to come."""
    named = read_actors(text, plain, begin)
    return named is not None and named.end >= at


def _begins_order(text: str, plain: str, at: int) -> bool:
    if plain.startswith("dong thoi", at):
        return True
    if plain.startswith("xac nhan ", at) and text[at].isupper():
        return True
    if plain[at - 2] == ";" and _REPORT_CLAUSE.match(plain, at):
        end = plain.find(";", at)
        stop = end if end > 0 else len(plain)
        left = plain[max(0, plain.rfind(". ", 0, at)) : at]
        return bool(read_report(text, plain, at, stop) and read_times(text, plain, at, stop) and read_channels(left)) or (
            bool(_CHOICE.search(left))
        )
    actors = read_actors(text, plain, at)
    return actors is not None and (actors.ordered or text[actors.names[0][0]].isupper())


_CHOICE = re.compile(r"chon it nhat \d+ hinh thuc")


# --- one task ----------------------------------------------------------------------------------------------------


def _task(draft: _Draft, place: int, addressees: Sequence[str], findings: Findings) -> LetterTask:
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
    if len(known) > 1:
        known.discard("other")
    task = LetterTask(
        index=draft.index or ("end" if draft.closing else None),
        assignees=who,
        actions_summary=_summary(draft),
        channels=tuple(channel for channel in dict.fromkeys(channels) if channel in known),
        evidence=next((read_evidence(part.text, part.plain, a, b) for part, a, b in draft.parts if read_evidence(part.text, part.plain, a, b)), None),
    )
    return _with_times(task, times, name, findings)


def _assignees(draft: _Draft, name: str, addressees: Sequence[str], findings: Findings) -> tuple[str, ...]:
    if draft.actors is None:
        findings.doubt(f"{name}.assignees", _GENERAL)
        return tuple(addressees)
    for index, (start, end, _) in enumerate(draft.actors.names):
        if draft.owner:
            findings.stands(f"{name}.assignees[{index}]", *draft.owner.source(start, end))
    if draft.inherited:
        findings.doubt(f"{name}.assignees", "Đơn vị thực hiện lấy từ câu dẫn chung, không nêu riêng ở việc này.")
    return draft.actors.texts


def _summary(draft: _Draft) -> str:
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


def _times(draft: _Draft) -> _Times:
    out = _Times()
    for paragraph, start, end in draft.parts:
        report = read_report(paragraph.text, paragraph.plain, start, end)
        times = read_times(paragraph.text, paragraph.plain, start, end)
        begins = max(start, draft.action_from)
        if report and out.report is None:
            out.report = (paragraph, report)
            lead = paragraph.plain[begins : report.start]
            whole = len(lead.strip(" ,.;:")) < 50 and not re.search(r"hoan thanh truoc|xong truoc", lead)
            sentence_end = paragraph.plain.find(". ", report.start)
            stop = sentence_end if sentence_end >= 0 else end
            mine = [time for time in times if (whole or time.start > report.start) and time.start <= stop]
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
    return replace(task, **values)  # type: ignore[arg-type]


def _without_repeats(drafts: list[_Draft]) -> list[_Draft]:
    """Only the last of the closing orders is the end; the others stand unnumbered."""
    closing = [draft for draft in drafts if draft.closing]
    for draft in closing[:-1]:
        draft.closing = False
    if len(drafts) == 1:
        drafts[0].closing = False
    return drafts
