"""The stories of a word-processed document: its body, headers, footers and notes, put in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_PAGE_WORDS = {"", "trang", "page", "tr", "trangtrên", "pageof", "tờ"}


@dataclass(slots=True)
class Stories:
    """Lines of each story; `begin` and `end` go into another story and back."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {"body": []})
    within: list[str] = field(default_factory=lambda: ["body"])
    notes: int = 0

    def add(self, line: str) -> None:
        """Add a paragraph or table row to the story being read."""
        self.lines[self.within[-1]].append(line)

    def begin(self, name: str) -> None:
        """Go into a story: `header`, `footer`, `note`."""
        if name == "note":
            self.notes += 1
            name = f"note {self.notes}"
        self.within.append(name)
        self.lines.setdefault(name, [])

    def end(self) -> None:
        """Go back to the story around."""
        if len(self.within) > 1:
            self.within.pop()

    def text(self) -> str:
        """Put the header first, each note as `[1] …` after the body, the footer last; page numbers are left out."""
        head, foot = self._margin("header"), self._margin("footer")
        notes = [
            f"[{place}] {' '.join(line.strip() for line in self.lines[f'note {place}'] if line.strip())}"
            for place in range(1, self.notes + 1)
            if any(line.strip() for line in self.lines[f"note {place}"])
        ]
        return "\n".join([*head, *self.lines["body"], *notes, *foot])

    def _margin(self, name: str) -> list[str]:
        """Lines of a margin that say more than the page's number, each once."""
        lines = dict.fromkeys(line.strip() for line in self.lines.get(name, ()))
        return [line for line in lines if _NOT_LETTERS.sub("", line).casefold() not in _PAGE_WORDS]
