"""The pages about people who write back or want no messages, and the channels beside them: their tabs and one count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils.translation import gettext as _

from lantoa.delivery.models import Answer
from lantoa.places.rules import may

if TYPE_CHECKING:
    from lantoa.places.models import User
    from lantoa.web.doors import Asked

KEPT_SECONDS = 60
_GENERATION = "open-answers"


def desk_tabs(request: Asked) -> list[tuple[str, str, int]]:
    """Address, name and what waits there, of the tabs this person may open."""
    user = request.user
    wanted = (
        ("handle_answer", "answers", _("Tin trả lời")),
        ("suppress", "refusals", _("Từ chối nhận tin")),
        ("deliver_message", "wires", _("Kênh gửi")),
    )
    return [
        (page, name, open_answers(user) if page == "answers" else 0)
        for action, page, name in wanted
        if may(user.role, action, is_superuser=user.is_superuser)
    ]


def open_answers(user: User) -> int:
    """How many answers wait for this person or a colleague; counted once a minute."""
    key = f"{_GENERATION}-{cache.get(_GENERATION, 0)}-{user.pk}"
    found = cache.get(key)
    if found is None:
        found = Answer.objects.all().for_user(user).open().count()
        cache.set(key, found, KEPT_SECONDS)
    return int(found)


def forget_open_answers() -> None:
    """Count anew: somebody dealt with one."""
    cache.set(_GENERATION, cache.get(_GENERATION, 0) + 1, 24 * 3600)
