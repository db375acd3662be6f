"""Dates, numbers and addresses as Vietnamese offices write them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lantoa.campaigns.rules.wording import REFERENCE
from lantoa.content.rules.slots import fill_slots
from lantoa.places.rules import may
from lantoa.web import labels as all_labels
from lantoa.web.desk import open_answers
from lantoa.web.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from lantoa.campaigns.models import Fact
    from lantoa.content.models import Rendering
    from lantoa.web.message_lines import Printer

register = template.Library()

MANY = 1000
TONES = {
    "01": "wait",
    "02": "bad",
    "03": "wait",
    "04": "wait",
    "05": "wait",
    "06": "good",
    "13": "bad",
    "15": "plain",
    "16": "wait",
    "queued": "wait",
    "sending": "wait",
    "sent": "good",
    "delivered": "good",
    "failed_for_now": "wait",
    "failed_for_good": "bad",
    "refused": "bad",
    "unknown": "wait",
    "live": "good",
    "closed": "plain",
    "planned": "wait",
    "carried_out": "good",
    "running": "calm",
    "paused": "wait",
    "cancelled": "plain",
    "done": "good",
}


@register.filter
def day(value: dt.date | dt.datetime | str | None) -> str:
    """`16/9/2024`; an ISO string is read first, and what is no date stays as it is."""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return f"{value.day}/{value.month}/{value.year}" if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """`16/9/2024 08:05`, in the office's time."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%H:%M}"


@register.filter
def number(value: float | str | None) -> str:
    """`1.234,5` (English: `1,234.5`); what is no number stays as it is."""
    if value is None or isinstance(value, bool):
        return ""
    try:
        parsed = float(value)
    except ValueError:
        return str(value)
    written = f"{int(parsed):,}" if parsed.is_integer() else f"{parsed:,.1f}"
    return written if get_language() == "en" else written.translate(str.maketrans(",.", ".,"))


@register.filter
def bytes_short(value: int) -> str:
    """`12 KB`, `1,4 MB`."""
    if value < MANY * MANY:
        return f"{max(1, round(value / MANY))} KB"
    return f"{number(round(value / (MANY * MANY), 1))} MB"


@register.filter
def spelled(value: Any) -> str:
    """A detail of the history in words: what holds several is parted by commas."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {spelled(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(spelled(one) for one in value)
    return day(value) if isinstance(value, str) else str(value)


@register.filter
def get(values: Any, key: Any) -> Any:
    """The value under a key, or at a place, that only the template knows."""
    return values[key] if isinstance(values, (list, tuple)) else values.get(key)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The address's query with `changes` made; an empty value takes a key away."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for key, value in changes.items():
        if value in {None, ""}:
            parameters.pop(key, None)
        else:
            parameters[key] = str(value)
    return "?" + parameters.urlencode()


@register.filter
def named(key: str, labels: str) -> str:
    """A key's name on screen: `{{ rendering.kind|named:"RENDERINGS" }}`."""
    return label(getattr(all_labels, labels), key)


def month(value: str) -> str:
    """`9/2028` from `2028-09`."""
    year, _dash, written = value.partition("-")
    return f"{int(written)}/{year}" if written.isdecimal() else value


SHOWN: dict[str, Callable[[str], str]] = {"date": day, "month": month, "number": number, "money": number}


@register.filter
def fact_value(fact: Fact | None) -> str:
    """A fact's value as people write it, with its unit."""
    if fact is None or fact.value is None:
        return ""
    written = SHOWN.get(fact.kind, str)(fact.value)
    return f"{written} {fact.unit}".strip()


@register.filter
def printed(text: str, printer: Printer) -> SafeString:
    """A text with its references as they are printed, each marked as one: `{cutoff_date}` is a fact, no typed day."""
    parts, last = [], 0
    for match in REFERENCE.finditer(text):
        parts.append(escape(text[last : match.start()]))
        parts.append(format_html('<span class="ref" title="{}">{}</span>', match[0], printer.text(match[0])))
        last = match.end()
    return SafeString("".join((*parts, escape(text[last:]))))


@register.filter
def text_of(rendering: Rendering) -> str:
    """What its reader gets, of a rendering that is plain text: the file itself; of any other its words."""
    if rendering.media_type == "text/plain" and rendering.path.exists():
        return rendering.path.read_text(encoding="utf-8")
    words: str = rendering.words
    return words


@register.filter
def without_slots(text: str) -> str:
    """A text with slots as somebody reads it of whom nothing is known."""
    return fill_slots(text)


@register.simple_tag(takes_context=True)
def answers_desk(context: dict[str, Any]) -> int | None:
    """How many answers wait for whoever looks at the page; None for whoever has no such desk."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return None
    return open_answers(user) if may(user.role, "handle_answer", is_superuser=user.is_superuser) else None


@register.simple_tag
def tone(state: str) -> str:
    """The colour of a state's chip: `good`, `wait`, `bad` or `plain`."""
    return TONES.get(state, "plain")
