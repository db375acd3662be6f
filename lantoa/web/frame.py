"""What stands around every section of a campaign: its header, its sections and how much waits in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _

from lantoa.content.models import Message
from lantoa.delivery.models import Correction, Dispatch
from lantoa.places.rules import may

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User
    from lantoa.web.doors import Asked


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a campaign: its page, its name, and how many things wait for a person there."""

    page: str
    name: str
    waiting: int = 0


def sections(campaign: Campaign, user: User) -> list[Section]:
    """The sections this person may open."""
    doubts = len(campaign.letter.letter.doubts)
    made = [
        ("see_campaign", Section("overview", _("Tổng quan"))),
        ("see_campaign", Section("letter", _("Văn bản"), doubts)),
        ("see_campaign", Section("work", _("Việc"))),
        ("see_campaign", Section("facts", _("Dữ kiện"))),
        ("see_campaign", Section("messages", _("Thông điệp"), words_waiting(campaign))),
        ("see_campaign", Section("kit", _("Bộ nội dung"))),
        ("see_campaign", Section("exposures", _("Đã phát"))),
        ("see_campaign", Section("dispatches", _("Đợt gửi"), waiting_dispatches(campaign))),
        ("see_campaign", Section("questions", _("Câu hỏi"), campaign.questions.filter(answered_at=None).count())),
        ("see_campaign", Section("corrections", _("Đính chính"), planned(campaign).count())),
        ("see_campaign", Section("report", _("Báo cáo"))),
        ("see_history", Section("history", _("Nhật ký"))),
    ]
    return [section for action, section in made if may(user.role, action, is_superuser=user.is_superuser)]


def planned(campaign: Campaign) -> Any:
    """Corrections that wait for somebody's word."""
    return campaign.correction_set.filter(state=Correction.State.PLANNED)


def words_waiting(campaign: Campaign) -> int:
    """How many messages have new words that nobody with the right has approved yet."""
    return Message.objects.filter(campaign=campaign).waiting().count()


def waiting_dispatches(campaign: Campaign) -> int:
    """How many messages to many people go no further until somebody says so."""
    return int(Dispatch.objects.filter(campaign=campaign).waiting_for_a_person().count())


def printed_keys(campaign: Campaign) -> set[str]:
    """Keys of the facts that stand in the current kit."""
    return {key for facts in campaign.rendering_set.current().values_list("facts", flat=True) for key in facts}


def show(request: Asked, campaign: Campaign, name: str, context: dict[str, Any]) -> HttpResponse:
    """Render a section inside the campaign's frame."""
    frame = {
        "campaign": campaign,
        "letter": campaign.letter.letter,
        "section": name,
        "sections": sections(campaign, request.user),
    }
    return render(request, f"web/campaign/{context.pop('template', name)}.html", frame | context)


def can(request: Asked, action: str) -> bool:
    """Whether to show the form of an action; the action itself asks again."""
    return may(request.user.role, action, is_superuser=request.user.is_superuser)
