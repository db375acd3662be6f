"""What the kit cannot be made of without a person: a question each, closed by itself when it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from lantoa.campaigns.models import Question, Task
from lantoa.campaigns.rules.phases import said_in
from lantoa.content.rules import zns
from lantoa.content.rules.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from lantoa.campaigns.models import Campaign
    from lantoa.content.rules.composing import Ground

ASKED_BY = "zalo"
"""The channel kind for which Zalo's templates are asked: who was not told to use Zalo is not asked for one."""


def ask_for_templates(campaign: Campaign, ground: Ground, made: Collection[str]) -> None:
    """Ask for the message template that the kit lacks, with the pack's words to have approved; close it once there."""
    kind = zns.PIECES[0]
    subject = f"Mẫu {KINDS[kind].label}"
    open_now = campaign.questions.filter(about=Question.About.FACT, subject=subject, answered_at__isnull=True)
    if kind in made:
        open_now.update(answer="Đã có mẫu được duyệt trong zns.toml.", answered_at=timezone.now())
        return
    channels = Task.objects.filter(campaign=campaign, is_correction=False).values_list("channel_kinds", flat=True)
    if not any(ASKED_BY in kinds for kinds in channels) or not (words := _words(ground, kind)):
        return
    why = (
        f"Chưa có mẫu ZNS được Zalo duyệt và người của đơn vị xác nhận, nên chưa làm “{KINDS[kind].label}”. "
        f"Lời đề nghị để đăng ký: {words} Khi có mã mẫu, hãy ghi mã và lời được duyệt vào tệp {zns.FILE_NAME} trong "
        "LANTOA_HOME rồi làm lại bộ nội dung."
    )
    Question.objects.get_or_create(
        campaign=campaign, about=Question.About.FACT, subject=subject, defaults={"why": why}
    )


def _words(ground: Ground, kind: str) -> str:
    """The pack's words for the template, each fact a parameter; empty when the pack has none."""
    piece = ground.pack.piece(kind)
    if piece is None:
        return ""
    words = said_in(ground.phase, ground.pack.words())
    title, text = (
        " ".join(zns.proposed(words[key].text) for key in piece.slots.get(slot, ())) for slot in ("title", "text")
    )
    return f"tiêu đề «{title}», nội dung «{text}»."
