"""The text of a letter as an outline: headings, numbered and lettered items, dashes, and plain paragraphs."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.letters.rules.assignees import starts_with_verb
from lantoa.letters.rules.layout import BULLET
from lantoa.letters.rules.paragraphs import MARKER, Paragraph
from lantoa.letters.rules.task_tables import part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.letters.rules.task_tables import Row, TaskTable

_RANKS = {"capital": 0, "article": 0, "roman": 1, "digit": 2, "word": 2, "decimal": 2, "letter": 6}
_BULLET_RANK, _SUB_BULLET_RANK, _TEXT_RANK = 8, 9, 7
_WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_CLOSING = re.compile(
    r"(?:yeu cau|de nghi|giao|do do|vi vay|nhan duoc|tren day|trong qua trinh|trong thoi gian toi|ket qua|bao cao"
    r"|can cu (?:noi dung )?(?:cong van|ke hoach|chi thi)"
    r"|nay|(?:uy ban|ubnd|so|bo|chu tich|van phong|ban|phong)\b.{0,60}\b(?:de nghi|yeu cau|giao|tran trong|rat mong))\b"
)
_HEADING_LENGTH = 130
_SPECK_LENGTH = 7
_OFFICE_LENGTH = 70
"""A heading longer than this says what is to be done; the words that close the letter are not its own."""
_STAMP = re.compile(r"(?:nguoi ky|co quan|(?:thoi )?gian ky|ky boi|email|ngay ky): ")
_DASHED = re.compile(
    r"(?:(?P<roman>[IVX]{1,5})|(?P<capital>[A-EĐ])|(?P<decimal>\d{1,2}(?:\.\d{1,2})+)|(?P<digit>\d{1,2}))\s?[-–]\s+"
    r"(?=[^\W\d_])|(?:(?P<letter>[a-zđ])|(?P<number>\d{1,2}))\s?/\s+(?=[^\W\d_])"
    r"|\((?P<bracketed>\d{1,2})\)\s+(?=[^\W\d_])"
)
"""`I- MỤC ĐÍCH`, `2- Hội Phụ nữ`, `2.1- Đưa tin`, `a/ Các khoa`, `(1) Vận động`: the marks of items
as older offices set them."""
_BEFORE_MARK = re.compile(r"[\W_]{2,8}(?=\d{1,2}[.)]\s)")
_ENDS = re.compile(r"tren day la|trong qua trinh (?:to chuc |trien khai )*thuc hien|nhan duoc (?:cong van|van ban)")
"""How the closing words begin, which a scan may give the dash of an item."""
_BENT = re.compile(r"(?:(?P<roman>[IVXHl1]{2,4}|H)[.,]\s+|(?P<capital>[A-EĐ])\.)(?=\w)")
_UPRIGHT = str.maketrans({"H": "II", "l": "I", "1": "I"})
"""`HI. TỔ CHỨC THỰC HIỆN`: a Roman number as a scan bends it, before a heading in capitals."""
_GLUED = re.compile(r"(?<=[^\s\d])[-–]\s+(?=[A-ZĐÀ-Ỹ])")


@dataclass(slots=True)
class Node:
    """An item of the outline: where its words begin in its paragraph, its label, and what stands under it."""

    paragraph: Paragraph
    start: int
    label: str | None
    rank: int
    children: list[Node] = field(default_factory=list)
    row: Row | None = None
    """The row of a task table it stands for."""
    lost: bool = False
    """Whether its number was lost and is known only from those around it."""

    @property
    def text(self) -> str:
        """Its words without the marker."""
        return self.paragraph.text[self.start :]

    @property
    def plain(self) -> str:
        """Its words, folded."""
        return self.paragraph.plain[self.start :]

    @property
    def opens(self) -> bool:
        """Whether its words end with a colon; one after a full stop is a speck of a scan."""
        text = self.text.rstrip(" *")
        return text.endswith(":") and not text[:-1].rstrip().endswith((".", ";"))

    @property
    def is_heading(self) -> bool:
        """Whether its words announce what follows rather than say it."""
        text = self.text.rstrip(" *")
        if self.opens:
            return True
        closed = text.rstrip(" :'’").endswith((".", ";", "!"))
        return len(text) < _HEADING_LENGTH and not closed and self.label is not None


def read_outline(body: Sequence[Paragraph], tables: Sequence[TaskTable] = ()) -> list[Node]:
    """Arrange paragraphs into an outline; the top level keeps plain paragraphs and first-rank items in order.

    The rows of task tables stand in the place of the paragraphs made of their cells.
    """
    nodes = _nodes(body, tables)
    _set_right(nodes)
    _number_the_lost(nodes)
    top: list[Node] = []
    stack: list[Node] = []
    for place, node in enumerate(nodes):
        if node.label is None and node.rank == _TEXT_RANK:
            _place_text(node, nodes[place + 1 :], top, stack)
        else:
            while stack and not _holds(stack[-1], node):
                stack.pop()
            (stack[-1].children if stack else top).append(node)
            stack.append(node)
    return top


def _nodes(body: Sequence[Paragraph], tables: Sequence[TaskTable]) -> list[Node]:
    nodes: list[Node] = []
    waiting = list(tables)
    for paragraph in body:
        at = paragraph.offsets[0]
        while waiting and at > waiting[0].end:
            nodes += _rows(waiting.pop(0))
        if waiting and waiting[0].start <= at <= waiting[0].end:
            continue
        nodes += [_node(part) for part in _unglued(paragraph) if not _is_speck(part)]
    for table in waiting:
        nodes += _rows(table)
    return nodes


def _rows(table: TaskTable) -> list[Node]:
    return [
        Node(row.work, 0, row.label or str(place), _BULLET_RANK, row=row) for place, row in enumerate(table.rows, 1)
    ]


def _is_speck(paragraph: Paragraph) -> bool:
    """Whether it is no words of the letter: what a scan made of a stamp or a flourish, or a signing stamp's lines."""
    text = paragraph.text
    if _STAMP.match(paragraph.plain):
        return True
    return len(text) < _SPECK_LENGTH and not text.endswith((":", ".", ";")) and not MARKER.match(text + " ")


def _unglued(paragraph: Paragraph) -> list[Paragraph]:
    """Part `… như sau:- Treo …;- Phát …`, items that lost their lines; two such marks at least, or one after a sign."""
    if "- " not in paragraph.text:
        return [paragraph]
    cuts = [found.start() for found in _GLUED.finditer(paragraph.text)]
    named = MARKER.match(paragraph.text)
    cuts = [
        cut
        for cut in cuts
        if paragraph.text[cut - 1] in ";:." or (named and starts_with_verb(paragraph.text, paragraph.plain, cut + 2))
    ]
    if not cuts:
        return [paragraph]
    edges = [0, *cuts, len(paragraph.text)]
    return [part_of(paragraph, start, end) for start, end in itertools.pairwise(edges)]


def _set_right(nodes: Sequence[Node]) -> None:
    """Read `I.` as `1.` where a scan bent it: under a Roman heading, with `2.` the next number after it."""
    labelled = [node for node in nodes if node.label is not None]
    roman = False
    for node, after in itertools.pairwise(labelled):
        if roman and node.label == "I" and after.label == "2" and after.rank == _RANKS["digit"]:
            node.label, node.rank = "1", _RANKS["digit"]
        roman = roman or node.rank == _RANKS["roman"]


def _number_the_lost(nodes: Sequence[Node]) -> None:
    """Number plain paragraphs whose numbers are lost: as many as are missing before the next numbered item.

    `…như sau:`, four paragraphs, then `5.`: they were 1 to 4.
    """
    last, opened = 0, False
    since: list[int] = []
    for place, node in enumerate(nodes):
        if node.rank == _TEXT_RANK and node.label is None:
            if node.text.endswith(":"):
                opened, last, since = True, 0, []
            else:
                since.append(place)
            continue
        if node.rank != _RANKS["digit"] or not (node.label or "").isdigit():
            opened = opened and node.rank > _RANKS["digit"]
            continue
        number = int(node.label or 0)
        if opened and len(since) == number - last - 1:
            for missing, lost in enumerate(since, last + 1):
                nodes[lost].label, nodes[lost].rank, nodes[lost].lost = str(missing), node.rank, True
        last, since = number, []


def _node(paragraph: Paragraph) -> Node:
    text = paragraph.text
    specks = _BEFORE_MARK.match(text)
    found = MARKER.match(text, specks.end() if specks else 0) or _DASHED.match(text) or _bent(text)
    if found:
        kind = "digit" if found.lastgroup in {"number", "bracketed"} else found.lastgroup or "digit"
        return Node(
            paragraph,
            found.end(),
            _label(found, kind),
            _RANKS[kind] + found[found.lastgroup or kind].count(".") * (kind == "decimal"),
        )
    bullet = BULLET.match(paragraph.text)
    if bullet and not _ENDS.match(paragraph.plain, bullet.end()):
        rank = _SUB_BULLET_RANK if paragraph.text.startswith("+") else _BULLET_RANK
        return Node(paragraph, bullet.end(), None, rank)
    return Node(paragraph, 0, None, _TEXT_RANK)


def _bent(text: str) -> re.Match[str] | None:
    found = _BENT.match(text)
    return found if found and text[found.end() :].isupper() else None


def _label(found: re.Match[str], kind: str) -> str:
    if kind == "roman":
        return found[kind].translate(_UPRIGHT)
    if kind != "word":
        return found[found.lastgroup or kind]
    word = found["word"].split()[0 if found["word"].endswith("là") else 1].casefold()
    number = {"nhất": 1, "tư": 4} | {name: value for value, name in enumerate(_WORDS, 1)}
    return str(number.get(word, 1))


def _holds(parent: Node, node: Node) -> bool:
    return parent.rank < node.rank


def _place_text(node: Node, later: Sequence[Node], top: list[Node], stack: list[Node]) -> None:
    """Put a plain paragraph under the item it belongs to, or at the top when the list before it is over."""
    while stack and stack[-1].rank >= _TEXT_RANK:
        stack.pop()
    open_items = [item for item in stack if item.label is not None]
    unfinished = bool(open_items) and any(item.label is not None and item.rank >= open_items[0].rank for item in later)
    closes = _CLOSING.match(node.plain) is not None and bool(
        stack and (stack[-1].children or (len(stack[-1].text) > _OFFICE_LENGTH and not stack[-1].text.endswith(":")))
    )
    if stack and (unfinished or (stack[-1].is_heading and not closes)):
        stack[-1].children.append(node)
    else:
        stack.clear()
        top.append(node)
    if node.text.endswith(":"):
        stack.append(node)
