"""The text of a letter as an outline: headings, numbered and lettered items, dashes, and plain paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lantoa.letters.rules.layout import BULLET
from lantoa.letters.rules.paragraphs import MARKER, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANKS = {"capital": 0, "article": 0, "roman": 1, "digit": 2, "word": 2, "decimal": 2, "letter": 6}
_BULLET_RANK, _SUB_BULLET_RANK, _TEXT_RANK = 8, 9, 7
_WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_CLOSING = re.compile(
    r"(?:yeu cau|de nghi|giao|do do|vi vay|nhan duoc|tren day|trong qua trinh|trong thoi gian toi|ket qua|bao cao"
    r"|can cu (?:noi dung )?(?:cong van|ke hoach|chi thi)"
    r"|nay|(?:uy ban|ubnd|so|bo|chu tich|van phong|ban|phong)\b.{0,60}\b(?:de nghi|yeu cau|giao|tran trong|rat mong))\b"
)
_HEADING_LENGTH = 130


@dataclass(slots=True)
class Node:
    """An item of the outline: where its words begin in its paragraph, its label, and what stands under it."""

    paragraph: Paragraph
    start: int
    label: str | None
    rank: int
    children: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words without the marker."""
        return self.paragraph.text[self.start :]

    @property
    def plain(self) -> str:
        """Its words, folded."""
        return self.paragraph.plain[self.start :]

    @property
    def is_heading(self) -> bool:
        """Whether its words announce what follows rather than say it."""
        text = self.text.rstrip(" *")
        if text.endswith(":"):
            return True
        return len(text) < _HEADING_LENGTH and not text.endswith((".", ";", "!")) and self.label is not None


def read_outline(body: Sequence[Paragraph]) -> list[Node]:
    """Arrange paragraphs into an outline; the top level keeps plain paragraphs and first-rank items in order."""
    nodes = [_node(paragraph) for paragraph in body]
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


def _node(paragraph: Paragraph) -> Node:
    found = MARKER.match(paragraph.text)
    if found:
        kind = found.lastgroup or "digit"
        return Node(
            paragraph, found.end(), _label(found, kind), _RANKS[kind] + found[kind].count(".") * (kind == "decimal")
        )
    bullet = BULLET.match(paragraph.text)
    if bullet:
        rank = _SUB_BULLET_RANK if paragraph.text.startswith("+") else _BULLET_RANK
        return Node(paragraph, bullet.end(), None, rank)
    return Node(paragraph, 0, None, _TEXT_RANK)


def _label(found: re.Match[str], kind: str) -> str:
    if kind != "word":
        return found[kind]
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
    closes = _CLOSING.match(node.plain) is not None and bool(stack and stack[-1].children)
    if stack and (unfinished or (stack[-1].is_heading and not closes)):
        stack[-1].children.append(node)
    else:
        stack.clear()
        top.append(node)
    if node.text.endswith(":"):
        stack.append(node)
