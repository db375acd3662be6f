"""Words in use that nobody had to type, for tests about what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lantoa.content.models import Message

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign


def reword(campaign: Campaign, key: str, text: str, title: str = "", **values: Any) -> Message:
    """Give a message a new version, approved and whatever it says: the checks that saving makes are not asked."""
    values.setdefault("version", Message.objects.filter(campaign=campaign, key=key).count() + 1)
    values.setdefault("approved_at", timezone.now())
    return Message.objects.create(campaign=campaign, key=key, text=text, title=title, **values)
