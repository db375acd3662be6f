"""The orders of a letter: each with its doers, its channels, its time and its report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import Actors, read_actors, starts_with_verb
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.clauses import TOGETHER, actors_of, clauses
from lantoa.letters.rules.deadlines import asks_report, read_report, read_times
from lantoa.letters.rules.drafts import Draft, task_of
from lantoa.letters.rules.outline import Node, read_outline
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.letters.rules.findings import Findings
    from lantoa.letters.rules.letter import LetterTask
    from lantoa.letters.rules.paragraphs import Paragraph

_ORDER = re.compile(
    r"\b(?:de nghi|yeu cau|giao(?! thong| duc| dich| ban)|phan cong|chi thi|dien|huong dan"
    r"|thong bao)\b"
)
_ORDERS_IN = re.compile(
    r"(?:^|(?<=[,;.:] )|(?<= va )|(?<=\w ))(?:de nghi|yeu cau|(?<!ban )giao(?! thong| duc| dich"
    r"| viec)(?: cho)?|phan cong|huong dan|den nghi)\s"
)
_NOT_TASKS = re.compile(
    r"(?:muc dich|yeu cau$|muc tieu|thong diep|doi tuong|thoi gian$|thoi gian[:,]|thoi gian to chuc|dia diem"
    r"|kinh phi$|danh gia|tinh hinh|ket qua dat|nguyen tac"
    r"|thanh phan|chu de|can cu|chuong trinh|noi dung, hinh thuc|hinh thuc$|hinh thuc:|noi dung$|noi dung:"
    r"|quan diem|pham vi|dau hieu|ve doi tuong|ve dieu kien|ve ho|ve thoi|ve nguon|ve han|ve lai|tai san|thoi gian ap)"
)
_PURE_AIM = re.compile(r"muc dich|muc tieu")
_LEAD_IN = re.compile(r"(?:nhu sau|sau day|cac noi dung sau|sau)\s?:\s*$|:\s*$")
_INFORMS = re.compile(r"(?:thong tin mot so|thong bao lich|khuyen cao|cac thu doan|dau hieu|voi noi dung|thu doan)")
_EMPTY_ORDER = re.compile(
    r"^(?:\W*(?:phoi hop|nghiem tuc|khan truong|quan tam|chi dao|to chuc|trien khai|thuc hien|biet|duoc biet|va"
    r"|nham|nay|noi dung|cac|tren|tot|theo|dung|quy dinh"
    r"|hieu qua|cong van|ke hoach|chi thi|cong dien|dat|cao|nhat|cua|de|xem xet|quyet dinh|phoi|hop|giup do|ho tro"
    r"|gop phan|can|neu|co|ket qua|dam bao|chu dong|tich cuc|tai|don vi|yeu cau|cung|moi|thong tin|chi tiet|xin"
    r"|lien he|noi|dong|bo|kip thoi)\b)+\W*$"
)
_TROUBLE = re.compile(
    r"(?:neu|co gi|phat sinh|nhung|gap|truong hop|moi)\b.{0,40}(?:kho khan|vuong mac|chua ro)|neu can"
    r"|moi thong tin|thong tin chi tiet|tu van truc tiep|(?:xin|vui long) lien he"
)
_ASSIGNS = re.compile(
    r"(?:phan cong|to chuc thuc hien|nhiem vu|trach nhiem|che do (?:thong tin|bao cao)"
    r"|thoi gian, bao cao|tong hop)"
)
_GIVEN = re.compile(r"(?<=, )(?:giao|yeu cau|de nghi)\s")
_FORBIDS = re.compile(r"(?:khong|nghiem cam|tuyet doi khong)\s[a-z]+")
_GIVES_ORDER = re.compile(
    r"\W*(?:da |tran trong |kinh |tiep tuc )?(?:yeu cau|de nghi|giao|phan cong|huong dan"
    r"|thong bao)\b"
)
_SPLIT_SHARE = 0.34
_LONG_LIST = 4


@dataclass(frozen=True, slots=True)
class _Context:
    """What a task takes from what stands over it."""

    path: tuple[str, ...] = ()
    actors: Actors | None = None
    owner: Paragraph | None = None
    ordering: bool = False
    idle: bool = False


@dataclass(slots=True)
class _Reader:
    addressees: Sequence[str]
    findings: Findings
    issuer: str | None = None
    general: Actors | None = None
    general_in: Paragraph | None = None
    ordered: bool = False
    drafts: list[Draft] = field(default_factory=list)


def read_tasks(
    body: Sequence[Paragraph], addressees: Sequence[str], issuer: str | None, findings: Findings
) -> tuple[LetterTask, ...]:
    """Read the tasks in order.

    Doers come from the words themselves, the heading above, the sentence that opens the list, or last the
    addressees; the last two are put in doubt.
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
    return tuple(task_of(draft, place, addressees, findings) for place, draft in enumerate(drafts))


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
    for start, end in clauses(paragraph, node.start):
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
    if (
        _NOT_TASKS.match(plain)
        and "bao cao" not in plain
        and (heading or (not node.children and len(plain) < 90) or _PURE_AIM.match(plain))
    ):
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
    elif own and len(found := list(_leaves(node))) > _LONG_LIST and not _carry_own(found):
        _merge(reader, context, node, found)
    elif not node.is_heading and not own and len(texts) == len(children):
        _merge(reader, context, node, texts, with_self=True)
    else:
        for place, child in enumerate(children, 1):
            _walk(reader, child, _below(context, child, place))


def _leaves(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.children:
            yield from _leaves(child)
        else:
            yield child


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
    reader.drafts.append(
        Draft(".".join(context.path) or None, parts, actors, owner, inherited=actors is reader.general)
    )


def _read_leaf(reader: _Reader, node: Node, context: _Context) -> None:
    if context.idle or node.text.endswith(":") or node.text.startswith("("):
        return
    paragraph = node.paragraph
    spans = list(clauses(paragraph, node.start))
    drafts: list[Draft] = []
    for start, end in spans:
        draft = _draft(reader, paragraph, start, end, context)
        if draft and drafts and actors_of(paragraph, start) is None:
            draft.actors, draft.owner, draft.inherited = drafts[-1].actors, drafts[-1].owner, drafts[-1].inherited
        if draft:
            drafts.append(draft)
        elif drafts:
            drafts[-1].parts.append((paragraph, start, end))
    if len(drafts) > 1:
        for place, draft in enumerate(drafts, 1):
            draft.index = f"{draft.index}.{place}" if draft.index else None
    reader.drafts += drafts


def _draft(reader: _Reader, paragraph: Paragraph, start: int, end: int, context: _Context) -> Draft | None:
    actors = actors_of(paragraph, start) or _given_order(paragraph, start, end)
    if actors is None and not context.ordering:
        return None
    if actors is None and context.actors is reader.general and not _says_what(paragraph, start):
        return None
    words = paragraph.plain[(actors.end if actors else start) : end]
    if _TROUBLE.search(words) and not read_times(paragraph.text, paragraph.plain, start, end):
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


def _read_order(reader: _Reader, paragraph: Paragraph, start: int, end: int, *, closing: bool) -> None:
    """Read an order out of running text: `đề nghị X …`, `X … báo cáo …`, `Kết quả gửi về …`."""
    text, plain = paragraph.text, paragraph.plain
    words = plain[start:end]
    if words.startswith("(") or text[:end].endswith(":"):
        return
    if _TROUBLE.search(words) and not read_times(text, plain, start, end):
        return
    actors = _ordered_actors(reader, paragraph, start, end)
    if actors is None and reader.drafts and TOGETHER.match(words):
        last = reader.drafts[-1]
        actors = last.actors
        reader.drafts.append(
            Draft(
                None,
                [(paragraph, start, end)],
                actors,
                last.owner,
                closing,
                inherited=last.inherited,
                action_from=start,
            )
        )
        return
    if actors is not None:
        action = plain[actors.end : end]
        if _EMPTY_ORDER.match(action.strip(" :;./")) and not read_times(text, plain, start, end):
            return
        if len(action.strip(" :;./")) >= 6:
            reader.drafts.append(
                Draft(None, [(paragraph, start, end)], actors, paragraph, closing, action_from=actors.end)
            )
        return
    forbids = reader.ordered and _FORBIDS.match(words)
    reports = asks_report(words) and read_report(text, plain, start, end) and not _citing(words)
    if forbids or ((reader.ordered or closing) and reports):
        reader.drafts.append(
            Draft(
                None,
                [(paragraph, start, end)],
                reader.general,
                reader.general_in,
                closing,
                inherited=True,
                action_from=start,
            )
        )


def _citing(words: str) -> bool:
    return re.match(r"\W*(?:can cu|thuc hien|theo|tiep theo|qua|sau khi|ngay \d)", words) is not None


def _ordered_actors(reader: _Reader, paragraph: Paragraph, start: int, end: int) -> Actors | None:
    text, plain = paragraph.text, paragraph.plain
    direct = actors_of(paragraph, start)
    if direct and (direct.end > end or _citing(plain[start:end])):
        direct = None
    if direct and (_GIVES_ORDER.match(plain, direct.end) or _is_writer(direct, reader.issuer)) and not direct.ordered:
        direct = None
    if direct and (reader.ordered or direct.ordered or asks_report(plain[start:end])):
        return direct
    for found in _ORDERS_IN.finditer(plain, start, end):
        if (found[0].startswith("huong dan") and reader.ordered) or text.startswith("ban ", found.end()):
            continue
        actors = read_actors(text, plain, found.end())
        if actors and actors.end <= end:
            return replace(actors, ordered=True)
    return None


def _is_writer(actors: Actors, issuer: str | None) -> bool:
    """Whether the doer is the office that writes: it tells what it does itself and orders nobody."""
    if issuer is None or len(actors.names) != 1:
        return False
    name = folded(actors.texts[0]).replace("ubnd", "uy ban nhan dan")
    return folded(issuer).startswith(name) or name.startswith(folded(issuer))


def _given_order(paragraph: Paragraph, start: int, end: int) -> Actors | None:
    """Read who is given an order later in the words: `Trên cơ sở báo cáo của …, giao Sở Tài chính chủ trì`."""
    for found in _GIVEN.finditer(paragraph.plain, start, end):
        actors = read_actors(paragraph.text, paragraph.plain, found.start())
        if actors and actors.end <= end:
            return actors
    return None


def _says_what(paragraph: Paragraph, start: int) -> bool:
    together = TOGETHER.match(paragraph.plain, start)
    return starts_with_verb(paragraph.text, paragraph.plain, together.end() if together else start)


def _without_repeats(drafts: list[Draft]) -> list[Draft]:
    """Only the last of the closing orders is the end; the others stand unnumbered."""
    closing = [draft for draft in drafts if draft.closing]
    for draft in closing[:-1]:
        draft.closing = False
    if len(drafts) == 1:
        drafts[0].closing = False
    return drafts
