"""The words of a dispatch, compiled once for its channel: a template for every place its people belong to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from lantoa.channels.wire import Message
from lantoa.delivery.models import Dispatch
from lantoa.places.actions import tree_of_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lantoa.channels.wire import Template, Wire
    from lantoa.content.models import Rendering

OPT_OUT = "/tu-choi/"
"""Under the public address: where a recipient refuses messages; the item's key is put behind it."""
HTML, JSON = "text/html", "application/json"


@dataclass(frozen=True, slots=True)
class Words:
    """Which template somebody gets, by the place they belong to."""

    by_place: Mapping[int, Template]
    otherwise: Template
    """For a place that has no words of its own: those of the campaign's territory, or the first there are."""

    def template(self, place_id: int) -> Template:
        """The template for somebody of a place."""
        return self.by_place.get(place_id, self.otherwise)


def message_of(rendering: Rendering) -> Message:
    """A rendering as the message of a channel; what its kind keeps beside the file is in its details."""
    content = rendering.path.read_text(encoding="utf-8")
    details: dict[str, Any] = dict(rendering.details)
    if rendering.media_type == JSON:
        details |= json.loads(content)
        text, html = str(details.get("body") or details.get("text") or ""), ""
    elif rendering.media_type == HTML:
        text, html = str(details.get("text") or rendering.words), content
    else:
        text, html = content, ""
    return Message(
        key=rendering.hash,
        title=str(details.get("subject") or details.get("title") or rendering.title),
        text=text,
        html=html,
        sender=str(details.get("publisher", "")),
        language=rendering.language,
        opt_out_url=settings.LANTOA_PUBLIC_URL + OPT_OUT,
        details=details,
    )


def load_words(dispatch_id: int, wire: Wire) -> Words:
    """Compile all words of a dispatch. Raises `ChannelError` when the channel cannot carry them, `OSError` when a
    file of the store is gone.
    """  # noqa: D205 - one sentence over two lines
    dispatch = Dispatch.objects.select_related("campaign").get(pk=dispatch_id)
    texts = dispatch.texts.select_related("rendering").order_by("pk")
    return compile_words(dispatch.campaign.place_id, [(text.place_id, text.rendering) for text in texts], wire)


def compile_words(home: int, texts: Iterable[tuple[int, Rendering]], wire: Wire) -> Words:
    """Compile renderings, each for its place and all below; `home` is the territory whose words the rest get.

    Raises `ChannelError` and `OSError` as `load_words`.
    """
    compiled: dict[int, Template] = {}
    templates: dict[int, Template] = {}
    for place_id, rendering in texts:
        if rendering.pk not in compiled:
            compiled[rendering.pk] = wire.compile(message_of(rendering))
        templates[place_id] = compiled[rendering.pk]
    otherwise = templates.get(home, next(iter(templates.values())))
    return Words(tree_of_all().inherit(templates), otherwise)
