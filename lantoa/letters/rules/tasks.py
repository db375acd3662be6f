"""The orders of a letter: each with its doers, its channels, its time and its report."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import Actors, read_actors
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.clauses import actors_of, clauses, is_aside
from lantoa.letters.rules.deadlines import read_report
from lantoa.letters.rules.drafts import Draft, task_of
from lantoa.letters.rules.orders import (
    CORRECTS,
    TROUBLE,
    Reader,
    given_order,
    open_list,
    read_heading,
    read_order,
    read_topics,
    says_what,
)
from lantoa.letters.rules.outline import Node, read_outline
from lantoa.letters.rules.task_tables import find_task_tables
from lantoa.letters.rules.times import read_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.letter import LetterTask
    from lantoa.letters.rules.paragraphs import Paragraph
    from lantoa.letters.rules.task_tables import Row

_NOT_TASKS = re.compile(
    r"(?:muc dich|ghi nhan|bieu duong|danh gia cao|phe binh|co ban thong nhat|yeu cau$|muc tieu|thong diep|doi tuong"
    r"|thoi gian$|thoi gian[:,]|thoi gian to chuc|dia diem"
    r"|kinh phi$|danh gia|tinh hinh|ket qua dat|nguyen tac"
    r"|thanh phan|chu de|can cu|chuong trinh|noi dung, hinh thuc|hinh thuc$|hinh thuc:|noi dung$|noi dung:"
    r"|noi dung (?:tuyen truyen|phoi hop|hop|lam viec|trong tam)$|ve ket qua|ton tai|han che|tinh hinh"
    r"|ket qua thuc hien"
    r"|quan diem|phuong phap|pham vi|dau hieu|ve doi tuong|ve dieu kien|ve ho|ve thoi|ve nguon|ve han|ve lai|tai san"
    r"|thoi gian ap)"
)
_PURE_AIM = re.compile(r"muc dich|muc tieu|(?:ghi nhan|bieu duong|danh gia cao|phe binh|co ban thong nhat)\b")
_LEAD_IN = re.compile(r"(?:nhu sau|sau day|cac noi dung sau|sau)\s?:\s*$|:\s*$")
_ASSIGNS = re.compile(
    r"(?:phan cong|to chuc thuc hien|nhiem vu|trach nhiem|che do (?:thong tin|bao cao)"
    r"|thoi gian, bao cao|tong hop)"
)
_DUTY = re.compile(r"(?:nhiem vu|trach nhiem)(?: cu the)?(?: cua)? ")
"""A heading that names the doer last: `Nhiệm vụ của Tổ`."""
_UNDER = re.compile(r"(?:cac )?to (?:cong tac )?(?:de an|cong nghe so)|(?:moi|tung) ")
"""The teams an office works through, and `mỗi chi hội`: under a heading the doer is the one it names."""
_ENACTS = re.compile(r"\s?chiu trach nhiem thi hanh|\s?co hieu luc")
_ACTS = re.compile(r"(?:thanh lap|ban hanh|phe duyet|bo nhiem|cong nhan|thu hoi|bai bo|quyet dinh|sua doi|kien toan)\b")
"""How an article of a decision begins that does the thing itself and orders nobody."""
_STATES = re.compile(
    r"(?:viec|cac |nhung |moi |noi dung|thoi (?:gian|han)|kinh phi|dia diem|doi tuong|neu |truong hop"
    r"|trong truong|khi |danh sach|mau |bieu mau|tai lieu|doi voi (?:cac )?(?:noi dung|kho khan|truong hop|nhung|moi))"
)
"""How an item begins that states something and orders nothing, also in a list of orders."""
_ARTICLE = re.compile(r"dieu \d")
_TEXT_RANK = 7
_SPLIT_SHARE = 0.34
_LONG_LIST = 4
_ANNEX = "PL"
_LOST = "Số thứ tự của việc không đọc được; suy từ các số đứng cạnh."
_CALLED = re.compile(r"\((?:sau đây )?gọi (?:tắt |chung )?là:? ?[“\"]?(Tổ|Ban|Đội|Nhóm|Hội đồng|Đoàn)[”\"]?\)")
_FIRST_LABELS = ("1", "I", "a", "A")
_ORDERED_LAST = re.compile(r"\b(?:yeu cau|de nghi)\s(?=[^,;:]{3,60}\W*$)")


@dataclass(frozen=True, slots=True)
class _Context:
    """What a task takes from what stands over it."""

    path: tuple[str, ...] = ()
    actors: Actors | None = None
    owner: Paragraph | None = None
    ordering: bool = False
    idle: bool = False
    contents: bool = False
    """Under `Nội dung`: idle but for items that name a doer, or a time of their own."""
    alike: bool = False
    """Whether the items of its list are orders for the most part, so that all are."""


def read_tasks(
    body: Sequence[Paragraph],
    addressees: Sequence[str],
    issuer: str | None,
    findings: Findings,
    annexes_from: int | None = None,
) -> tuple[LetterTask, ...]:
    """Read the tasks in order; those of a table in an annex, from offset `annexes_from` on, come last (`PL.1`).

    Doers come from the words themselves, the heading above, the sentence that opens the list, or last the
    addressees; the last two are put in doubt.
    """
    reader = Reader(addressees, findings, issuer)
    start = body[0].offsets[0] if body else 0
    end = body[-1].source(0, len(body[-1].text))[1] if body else 0
    _read_top(reader, read_outline(body, tuple(find_task_tables(findings.text, start, end))))
    drafts = _without_repeats(reader.drafts)
    if annexes_from is not None:
        reader.drafts = []
        for table in find_task_tables(findings.text, annexes_from, len(findings.text)):
            for place, row in enumerate(table.rows, 1):
                _read_row(reader, row, _Context((_ANNEX, row.label or str(place))))
        drafts += reader.drafts
    names = _full_names(body)
    tasks = tuple(task_of(draft, place, addressees, findings) for place, draft in enumerate(drafts))
    if not names:
        return tasks
    return tuple(replace(task, assignees=tuple(names.get(name, name) for name in task.assignees)) for task in tasks)


def _full_names(body: Sequence[Paragraph]) -> dict[str, str]:
    """The full name of a team the letter gives a short one: `Tổ tuyên truyền lưu động … (sau đây gọi là Tổ)`."""
    names: dict[str, str] = {}
    for paragraph in body:
        for found in _CALLED.finditer(paragraph.text):
            start = paragraph.text.rfind(f"{found[1]} ", 0, found.start())
            if start >= 0:
                names[found[1]] = paragraph.text[start : found.start()].strip()
    return names


# --- the walk ----------------------------------------------------------------------------------------------------


def _read_top(reader: Reader, top: Sequence[Node]) -> None:
    running = 0
    alike = _alike(top)
    for place, node in enumerate(top):
        if node.label is None and node.rank == _TEXT_RANK:
            _read_top_text(reader, node, later=top[place + 1 :], earlier=top[:place])
        else:
            running += 1
            label = node.label or str(running)
            context = _Context((label,), reader.general, reader.general_in, ordering=reader.ordered, alike=alike)
            _walk(reader, node, context)
            reader.headed = None


def _read_top_text(reader: Reader, node: Node, later: Sequence[Node], earlier: Sequence[Node]) -> None:
    """A plain paragraph: the sentence that opens the list, an order of its own, or the closing words."""
    paragraph = node.paragraph
    bulleted = bool(node.children) and all(child.label is None for child in node.children)
    if bulleted and read_topics(reader, paragraph):
        return
    if node.children or (later and (_LEAD_IN.search(node.plain) or _opens(paragraph, later[0]))):
        open_list(reader, node.paragraph)
        plainly = not node.children and later[0].label is None and later[0].rank == _TEXT_RANK
        if plainly and reader.general and reader.general_in:
            reader.headed = (reader.general, reader.general_in)
        for place, child in enumerate(node.children, 1):
            context = _Context(
                (child.label or str(place),),
                reader.general,
                reader.general_in,
                ordering=reader.ordered,
                alike=_alike(node.children),
            )
            _walk(reader, child, context)
        return
    heading = read_heading(paragraph) if later and later[0].label is None and reader.ordered else None
    if heading:
        reader.headed = heading
        return
    listed = any(other.label is not None or other.rank > _TEXT_RANK or other.children for other in earlier)
    for start, end in clauses(paragraph, node.start):
        read_order(reader, paragraph, start, end, closing=listed or not later)


def _opens(paragraph: Paragraph, following: Node) -> bool:
    """Whether a sentence opens the list under it though a scan has lost its colon: it ends with those it orders."""
    if following.label not in _FIRST_LABELS:
        return False
    found = _ORDERED_LAST.search(paragraph.plain)
    return found is not None and read_actors(paragraph.text, paragraph.plain, found.end(), heading=True) is not None


def _alike(nodes: Sequence[Node]) -> bool:
    """Whether at least half the items of a list begin with a verb or a doer."""
    items = [node for node in nodes if node.rank != _TEXT_RANK or node.label is not None]
    says = sum(node.lost for node in items)  # a number stood before it: it is an item like the others
    says += sum(
        says_what(node.paragraph, node.start) or actors_of(node.paragraph, node.start) is not None for node in items
    )
    return len(items) > 1 and says * 2 >= len(items)


def _walk(reader: Reader, node: Node, context: _Context) -> None:
    """Read an item and what stands under it."""
    paragraph, plain = node.paragraph, node.plain.strip(" :*.")
    heading = bool(node.children) and node.is_heading
    if plain.startswith("hinh thuc") and _parted_out(node.children):
        context = replace(context, ordering=True)
    elif (
        _NOT_TASKS.match(plain)
        and "bao cao" not in plain
        and (heading or (not node.children and len(plain) < 90) or _PURE_AIM.match(plain))
    ):
        context = replace(context, idle=True, contents=plain.startswith("noi dung") or "thuc hien" in plain)
        if _PURE_AIM.match(plain) or not node.children or "thong diep" in plain:
            return
    if not node.children:
        _read_leaf(reader, node, context)
        return
    duty = _DUTY.match(paragraph.plain, node.start)
    at = duty.end() if duty else node.start
    own = None if context.idle else read_actors(paragraph.text, paragraph.plain, at, heading=heading)
    if _ASSIGNS.search(plain):
        context = replace(context, ordering=True)
    if own:
        context = replace(context, actors=own, owner=paragraph, ordering=True, idle=False)
    _read_group(reader, node, context, own)


def _parted_out(items: Sequence[Node]) -> bool:
    """Whether the items under `Hình thức` are work given to offices, each before its colon, not a choice of forms."""
    owned = 0
    for item in items:
        actors = _own_actor(item)
        owned += actors is not None and item.paragraph.plain.startswith(":", actors.end)
    return len(items) > 1 and owned * 4 >= len(items) * 3


def _read_group(reader: Reader, node: Node, context: _Context, own: Actors | None) -> None:
    children = node.children
    texts = [child for child in children if child.rank == _TEXT_RANK and child.label is None and not child.children]
    leaves = [child for child in children if not child.children]
    if own and len(texts) == len(children):
        _merge(reader, context, node, texts)
    elif own and len(leaves) == len(children) > 1 and (len(texts) == len(children) - 1 or not _carry_own(leaves)):
        apart = [child for child in leaves if _own_actor(child)]
        _merge(reader, context, node, [child for child in leaves if child not in apart])
        for child in apart:
            _walk(reader, child, _below(context, child, children.index(child) + 1))
    elif own and len(found := list(_leaves(node))) > _LONG_LIST and not _carry_own(found):
        _merge(reader, context, node, found)
    elif not own and (_says_all(node) if node.is_heading else len(texts) == len(children)):
        _merge(reader, context, node, children, with_self=True)
    else:
        for place, child in enumerate(children, 1):
            _walk(reader, child, replace(_below(context, child, place), alike=_alike(children)))


def _says_all(node: Node) -> bool:
    """Whether an item is an order whole in itself, with a time of its own, and what stands under it only its topics."""
    if not node.opens or not says_what(node.paragraph, node.start) or any(child.children for child in node.children):
        return False
    timed = read_times(node.paragraph.text, node.paragraph.plain, node.start, len(node.paragraph.text))
    return bool(timed) and not _carry_own(node.children)


def _leaves(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.children:
            yield from _leaves(child)
        else:
            yield child


def _below(context: _Context, child: Node, place: int) -> _Context:
    label = child.label or str(place)
    if child.label is None and child.rank == _TEXT_RANK:
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
        text, plain = leaf.paragraph.text, leaf.paragraph.plain
        channels = set(read_channels(leaf.plain)) - {"other"}
        times = channels or read_times(text, plain, leaf.start, len(text))
        own += bool(times or read_report(text, plain, leaf.start, len(text)))
    return own > _SPLIT_SHARE * len(leaves)


def _merge(reader: Reader, context: _Context, node: Node, children: Sequence[Node], *, with_self: bool = False) -> None:
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
    reader.drafts.append(
        Draft(".".join(context.path) or None, parts, actors, owner, inherited=actors is reader.general)
    )


def _read_leaf(reader: Reader, node: Node, context: _Context) -> None:
    if node.row is not None:
        _read_row(reader, node.row, context)
        return
    idle = not _stands_alone(node) if context.contents else context.idle
    if idle or node.opens or node.text.startswith("(") or CORRECTS.match(node.plain):
        return
    if node.lost:
        reader.findings.doubt(f"tasks[{len(reader.drafts)}].index", _LOST)
    drafts = _leaf_drafts(reader, node, context)
    if len(drafts) > 1:
        for place, draft in enumerate(drafts, 1):
            draft.index = f"{draft.index}.{place}" if draft.index else None
    reader.drafts += drafts


def _leaf_drafts(reader: Reader, node: Node, context: _Context) -> list[Draft]:
    """The orders of an item, one for each clause that is one; other words go on with the order before."""
    paragraph = node.paragraph
    drafts: list[Draft] = []
    for start, end in clauses(paragraph, node.start):
        if start > node.start and is_aside(paragraph, start):
            continue
        draft = _draft(reader, paragraph, start, end, context)
        if draft and drafts and actors_of(paragraph, start) is None:
            draft.actors, draft.owner, draft.inherited = drafts[-1].actors, drafts[-1].owner, drafts[-1].inherited
        if draft:
            drafts.append(draft)
        elif drafts:
            drafts[-1].parts.append((paragraph, start, end))
    return drafts


def _stands_alone(node: Node) -> bool:
    """Whether an item under `Nội dung` names its doer, with a time or a report of its own."""
    text, plain = node.paragraph.text, node.paragraph.plain
    times = read_times(text, plain, node.start, len(text)) or read_report(text, plain, node.start, len(text))
    return bool(times) and (_own_actor(node) is not None or says_what(node.paragraph, node.start))


def _read_row(reader: Reader, row: Row, context: _Context) -> None:
    """The task of a row of a table: the doers stand in a column of their own."""
    who = row.who
    actors = read_actors(who.text, who.plain, 0, heading=True) if who else None
    if who and who.text and actors is None:
        actors = Actors(((0, len(who.text), who.text),), 0, ordered=False)
    reader.drafts.append(
        Draft(
            ".".join(context.path) or None,
            [(row.work, 0, len(row.work.text))],
            actors,
            who,
            inherited=row.merged,
            times_in=row.when,
        )
    )


def _orders_nobody(paragraph: Paragraph, start: int, actors: Actors | None) -> bool:
    """Whether an article of a decision acts itself, or says only that it holds and who is bound by it."""
    if actors is None:
        return _ARTICLE.match(paragraph.plain) is not None and _ACTS.match(paragraph.plain, start) is not None
    return _ENACTS.match(paragraph.plain, actors.end) is not None


def _draft(reader: Reader, paragraph: Paragraph, start: int, end: int, context: _Context) -> Draft | None:
    actors = actors_of(paragraph, start) or given_order(paragraph, start, end)
    if _orders_nobody(paragraph, start, actors):
        return None
    if actors is None and not context.ordering:
        return None
    says = says_what(paragraph, start) or (context.alike and not _STATES.match(paragraph.plain, start))
    if actors is None and context.actors is reader.general and not says:
        return None
    headed = context.actors is not None and context.actors is not reader.general
    if actors and headed and _UNDER.match(paragraph.plain, actors.names[0][0]):
        actors = None
    words = paragraph.plain[(actors.end if actors else start) : end]
    if TROUBLE.search(words) and not read_times(paragraph.text, paragraph.plain, start, end):
        return None
    if len(words.strip(" :;./")) < 8:
        return None
    own = actors or context.actors
    return Draft(
        ".".join(context.path) or None,
        [(paragraph, start, end)],
        own,
        paragraph if actors else context.owner,
        inherited=actors is None and own is reader.general,
        action_from=actors.end if actors else start,
    )


def _without_repeats(drafts: list[Draft]) -> list[Draft]:
    """Only the last paragraph of closing orders is the end (`end.1`, `end.2`); the others stand unnumbered."""
    closing = [draft for draft in drafts if draft.closing]
    last = [draft for draft in closing if draft.parts[0][0] is closing[-1].parts[0][0]]
    for draft in closing:
        draft.closing = draft in last
    for place, draft in enumerate(last, 1):
        draft.index = f"end.{place}" if len(last) > 1 else draft.index
    if len(drafts) == 1:
        drafts[0].closing = False
    return drafts
