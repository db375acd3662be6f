"""Words as HTML: escaped, line by line, telephone numbers as links that a phone can dial."""

from __future__ import annotations

import html
import re

_PHONE = re.compile(r"(?<![\w/.+])(?:(?:\+84|0)(?:[ .\u00a0]?\d){8,10}|1[89]00(?:[ .\u00a0]?\d){4,6})(?![\w/])")


def escape(text: str) -> str:
    """The text as it may stand in an element or an attribute."""
    return html.escape(text, quote=True)


def prose(text: str) -> str:
    """A paragraph whose lines stay lines."""
    return "<br>".join(escape(line) for line in text.splitlines())


def dialled(line: str, style: str = "") -> str:
    """A contact with its phone number as a link; `style` is for the link."""
    found = _PHONE.search(line)
    if not found:
        return escape(line)
    number = re.sub(r"[^\d+]", "", found[0])
    styled = f' style="{style}"' if style else ""
    before, after = escape(line[: found.start()]), escape(line[found.end() :])
    return f'{before}<a href="tel:{number}"{styled}>{escape(found[0])}</a>{after}'


def shorten(text: str, most: int) -> str:
    """At most `most` characters on one line, ending with a whole word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
