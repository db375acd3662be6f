"""The versions of a message compared, an old one taken again, and new words approved by someone with the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.campaigns.models import Campaign
from lantoa.content.models import Message
from lantoa.content.rules.editing import VIETNAMESE, Words, uses_of
from lantoa.places.permits import RefusedError
from lantoa.web import jobs
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.frame import can, show
from lantoa.web.labels import LANGUAGES, label
from lantoa.web.message_lines import Printer, lines_of, name_of_piece
from lantoa.web.views.editor import compared

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.places.models import User
    from lantoa.web.doors import Asked


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a message as it is laid out: what it says, and what it changed of the one before."""

    row: Message
    words: Words
    changes: list[tuple[str, Any]]
    is_in_use: bool


@campaign_page("see_campaign")
def list_versions(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """Every version: who, when, why, and what changed word by word; `?cu=` and `?moi=` compare any two."""
    language = request.GET.get("ngon-ngu", VIETNAMESE)
    versions = _versions(campaign, key, language)
    if not versions:
        raise Http404
    by_number = {str(one.row.version): one for one in versions}
    printer = attempt(request, lambda: Printer(campaign))
    if printer is None:
        return redirect("overview", campaign.slug)
    old, new = by_number.get(request.GET.get("cu", "")), by_number.get(request.GET.get("moi", ""))
    context = {
        "template": "message_versions",
        "key": key,
        "language": language,
        "language_name": label(LANGUAGES, language),
        "versions": versions,
        "newest": versions[0],
        "printer": printer,
        "name": printer.name(versions[0].words, language),
        "pair": (old, new) if old and new else None,
        "changes": compared(old.words, new.words) if old and new else [],
        "may_edit": can(request, "edit_message"),
    }
    return show(request, campaign, "messages", context)


def _versions(campaign: Campaign, key: str, language: str) -> list[Version]:
    """The newest first. Before the first kit is made there are none kept: then the pack's own words are version 0."""
    from lantoa.content.actions.editing import words_of_message, words_of_row  # noqa: PLC0415 - loaded when called

    rows = list(campaign.message_set.filter(key=key, language=language).select_related("by", "approved_by"))
    if not rows:
        try:
            words, base = words_of_message(campaign, key, language)
        except RefusedError:
            return []
        row = Message(campaign=campaign, key=key, language=language, version=0)
        return [Version(row, words, [], is_in_use=True)] if base == 0 else []
    in_use = max((row.version for row in rows if row.approved_at), default=None)
    said = [words_of_row(campaign, row) for row in rows]
    before = [None, *said[:-1]]
    made = [
        Version(row, words, compared(old, words) if old else [], row.version == in_use)
        for row, words, old in zip(rows, said, before, strict=True)
    ]
    return made[::-1]


@campaign_page("edit_message")
@require_POST
def restore(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """Take the words of an old version again, as a new one."""
    from lantoa.content.actions import Restoring, restore_message  # noqa: PLC0415 - loaded when called

    sent, language = request.POST, request.POST.get("ngon-ngu", VIETNAMESE)
    if not sent.get("version", "").isdecimal():
        raise Http404
    base = int(sent["base"]) if sent.get("base", "").isdecimal() else None
    wanted = Restoring(key, language, int(sent["version"]), base)
    row = attempt(request, lambda: restore_message(campaign, wanted, request.user))
    if row is not None:
        told = _("Đã lấy lại lời của phiên bản %(old)s thành phiên bản %(new)s.")
        messages.success(request, told % {"old": wanted.version, "new": row.version})
    query = "" if language == VIETNAMESE else f"?ngon-ngu={language}"
    return redirect(reverse("message_versions", args=[campaign.slug, key]) + query)


# --- approving ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message whose new words wait: what they change of the words in use, and where they will be said."""

    row: Message
    name: str
    changes: list[tuple[str, Any]]
    pieces: list[str]
    is_new: bool
    """Whether it had no words in its language until now."""


@campaign_page("see_campaign")
def approve(request: Asked, campaign: Campaign) -> HttpResponse:
    """What changed since words were last approved; whoever has the right approves those chosen, and the kit is made."""
    if request.method == "POST":
        return _approve(request, campaign)
    lines = attempt(request, lambda: lines_of(campaign))
    if lines is None:
        return redirect("overview", campaign.slug)
    names = {(line.key, line.language): line.name for line in lines}
    context = {
        "template": "approve_messages",
        "waiting": [_waiting(campaign, row, names) for row in Message.objects.filter(campaign=campaign).waiting()],
        "printer": Printer(campaign),
        "others": campaign.rendering_set.in_every_language().filter(approved_at__isnull=True).count(),
        "may_approve": can(request, "approve_kit"),
        "may_edit": can(request, "edit_message"),
    }
    return show(request, campaign, "messages", context)


def _waiting(campaign: Campaign, row: Message, names: dict[tuple[str, str], str]) -> Waiting:
    from lantoa.campaigns.actions import pack_of  # noqa: PLC0415 - actions are loaded when one is called
    from lantoa.content.actions.editing import in_use_of, words_of_row  # noqa: PLC0415 - the same

    in_use = in_use_of(campaign, row.key, row.language)
    old = words_of_row(campaign, in_use) if in_use else Words()
    uses = uses_of(pack_of(campaign), row.key)
    return Waiting(
        row,
        names.get((row.key, row.language), row.key),
        compared(old, row.words),
        list(dict.fromkeys(name_of_piece(use.piece.kind) for use in uses)),
        in_use is None,
    )


def _approve(request: Asked, campaign: Campaign) -> HttpResponse:
    if not can(request, "approve_kit"):
        raise PermissionDenied
    from lantoa.content.actions import check_approve_messages  # noqa: PLC0415 - actions are loaded when one is called

    seen = [int(one) for one in request.POST.getlist("message") if one.isdecimal()]
    if not attempt(request, lambda: check_approve_messages(campaign, seen, request.user)):
        return redirect("approve_messages", campaign.slug)
    back = reverse("approve_messages", args=[campaign.slug])
    job = jobs.open_job(request.user.pk, campaign.title, back)
    jobs.start(job, _approving(campaign.pk, seen, request.user))
    return redirect("progress", job.id)


def _approving(pk: int, seen: list[int], by: User) -> jobs.Work:
    def work(tell: jobs.Tell) -> str:
        from lantoa.content.actions import approve_messages  # noqa: PLC0415 - actions are loaded when one is called

        campaign = Campaign.objects.select_related("letter", "place").get(pk=pk)
        approve_messages(campaign, seen, by, lambda done, of: tell("make", done, of))
        return reverse("kit", args=[campaign.slug])

    return work
