"""A letter beside what was read from it: looked at, confirmed field by field, and its campaign opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.letters.models import IncomingLetter, LetterPages
from lantoa.letters.rules.fields import MEMBERS, parts
from lantoa.letters.rules.letter import CHANGE_KINDS, CHANNEL_KINDS, DOC_TYPES
from lantoa.letters.rules.settling import printed_doubts
from lantoa.lib.extract import ExtractionError
from lantoa.lib.extract.boxes import Boxes
from lantoa.places.permits import RefusedError
from lantoa.web import jobs
from lantoa.web.doors import campaign_page, page, permit
from lantoa.web.forms import OpenForm
from lantoa.web.frame import can, show
from lantoa.web.packs import pack_choices
from lantoa.web.rules import fields_of, gist, groups_of, leaves_of, name_of, stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lantoa.campaigns.models import Campaign
    from lantoa.letters.actions import Settled
    from lantoa.letters.rules.letter import Letter
    from lantoa.places.models import User
    from lantoa.web.doors import Asked
    from lantoa.web.rules import Field

PAGE_WIDTH = 1000
"""Dots across a page's picture: small print is read at it, and a page is some 80 KB."""
SURE = 100


@campaign_page("see_campaign")
def show_letter(request: Asked, campaign: Campaign) -> HttpResponse:
    """Text and fields side by side: pointing at either lights the other."""
    return show(request, campaign, "letter", reading(campaign.letter))


def reading(row: IncomingLetter) -> dict[str, Any]:
    """What the side-by-side view needs of a registered letter."""
    said = list(row.confirmations.select_related("by"))
    fields = fields_of(row.reading, said)
    groups = groups_of(fields)
    return {
        "row": row,
        "doubtful": [field for field in fields if field.doubts],
        "groups": groups,
        "stretches": stretches(row.text, fields),
        **_leaves(row, fields),
        "left": sum(field.is_open for field in fields),
        "unsaid": sum(not field.said for group in groups for field in group.shown if field.value),
        "seen": max((one.pk for one in said), default=0),
    }


def _leaves(row: IncomingLetter, fields: Sequence[Field]) -> dict[str, Any]:
    """The pages as pictures, where the original shows pages; a scan is looked at before its text."""
    from lantoa.letters.actions import original  # noqa: PLC0415 - loads the readers of files

    pages = LetterPages.objects.filter(letter=row).first()
    kept = original(row.file_hash) if pages else None
    if pages is None or kept is None or not _shows_pages(kept):
        return {"leaves": []}
    boxes = Boxes.from_json(pages.boxes)
    return {"leaves": leaves_of(boxes, fields), "is_scan": any(word.sure < SURE for word in boxes.words)}


def _shows_pages(file: Path) -> bool:
    from lantoa.lib.extract.pages import has_pages  # noqa: PLC0415 - loads the drawing of pages

    with file.open("rb") as opened:
        return has_pages(opened.read(1024))


@page("see_campaign")
def show_page(request: Asked, pk: int, number: int) -> HttpResponse:
    """One page of the original as a picture, put straight as it was read."""
    from lantoa.letters.actions import original  # noqa: PLC0415 - loads the readers of files
    from lantoa.lib.extract.pages import page_image  # noqa: PLC0415 - loads the drawing of pages

    row = _letter(request, pk)
    pages = get_object_or_404(LetterPages, letter=row)
    boxes, kept = Boxes.from_json(pages.boxes), original(row.file_hash)
    if kept is None or not 1 <= number <= len(boxes.pages):
        raise Http404
    try:
        image = page_image(kept.read_bytes(), number - 1, PAGE_WIDTH, boxes.pages[number - 1])
    except ExtractionError as error:
        raise Http404(str(error)) from error
    response = HttpResponse(image.data, image.media_type)
    patch_cache_control(response, private=True, max_age=86400, immutable=True)
    return response


@page("see_campaign")
def confirm_letter(request: Asked, pk: int) -> HttpResponse:
    """The confirm screen of one letter; a form sent to it says something of one field, or of all the rest."""
    row = _letter(request, pk)
    if request.method == "POST":
        permit(request, "register_letter")
        return _answered(request, row)
    asked, editing = request.GET.get("sua") or request.GET.get("xem", ""), request.GET.get("sua", "")
    if asked and _is_scripted(request):
        return _fragments(request, row, asked, editing=editing)
    return _confirm_page(request, row, {"editing": editing, "adding": request.GET.get("them", "")})


def _letter(request: Asked, pk: int) -> IncomingLetter:
    seen = IncomingLetter.objects.for_user(request.user).select_related("book", "campaign", "resembles", "duplicate_of")
    row: IncomingLetter = get_object_or_404(seen, pk=pk)
    return row


def _confirm_page(request: Asked, row: IncomingLetter, more: dict[str, Any], status: int = 200) -> HttpResponse:
    context = _context(request, row)
    campaign = getattr(row, "campaign", None)
    if campaign is None and context["letter"].tasks and can(request, "open_campaign"):
        context["form"] = OpenForm(packs=pack_choices(), initial={"pack": _fitting(context["letter"])})
    context |= {"campaign_opened": campaign} | more
    return render(request, "web/letter/confirm.html", context, status=status)


def _context(request: Asked, row: IncomingLetter) -> dict[str, Any]:
    letter = row.letter
    return reading(row) | {
        "letter": letter,
        "gist": gist(letter),
        "may_say": can(request, "register_letter"),
        "printed": [name_of(path) for path in printed_doubts(letter)],
        "doc_types": DOC_TYPES,
        "change_kinds": CHANGE_KINDS,
        "channel_kinds": CHANNEL_KINDS,
    }


def _fitting(letter: Letter) -> str:
    """The pack the letter's subject speaks of, offered first."""
    from lantoa.campaigns.rules.pack_loading import choose_pack, find_packs  # noqa: PLC0415 - only for this page

    return choose_pack(f"{letter.subject or ''} {letter.purpose or ''}", find_packs(settings.LANTOA_PACKS)) or ""


def _is_scripted(request: Asked) -> bool:
    """Whether the page's script asks, which swaps in what changed; else a whole page answers."""
    return bool(request.htmx)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a form said: the verb, the field, what was typed, and what the page had shown."""

    verb: str
    path: str
    typed: list[str]
    seen: int

    @property
    def changes_items(self) -> bool:
        """Whether a task or more than one field changes, so that the page is to be laid out anew."""
        of = parts(self.path)
        return self.verb in {"add", "rest"} or (of.is_item and of.name in MEMBERS)


VERBS = ("confirm", "correct", "absent", "reopen", "add", "rest")


def _read_answer(request: Asked) -> _Answer:
    verb = next((verb for verb in VERBS if verb in request.POST), "")
    seen = request.POST.get("seen", "")
    last = int(seen) if seen.isdecimal() else 0
    return _Answer(verb, request.POST.get(verb, ""), request.POST.getlist("value"), last)


def _answered(request: Asked, row: IncomingLetter) -> HttpResponse:
    from lantoa.letters.rules.typed import WrongValueError  # noqa: PLC0415 - loaded when a field is said something of

    answer = _read_answer(request)
    try:
        told = _say(row, answer, request.user)
    except WrongValueError as wrong:
        return _shown_again(request, row, answer, str(wrong))
    except RefusedError as refused:
        if _is_scripted(request) and not answer.changes_items:
            return _fragments(request, row, answer.path, refused=str(refused))
        messages.error(request, str(refused))
        return _to_page(request, row, answer)
    row = _letter(request, row.pk)
    if _is_scripted(request) and not answer.changes_items:
        return _fragments(request, row, answer.path, told=told)
    for words in told:
        messages.info(request, words)
    return _to_page(request, row, answer)


def _shown_again(request: Asked, row: IncomingLetter, answer: _Answer, wrong: str) -> HttpResponse:
    """The form with what was typed and what is wrong with it."""
    typed = "\n".join(answer.typed)
    if answer.verb == "add":
        return _confirm_page(request, row, {"adding": answer.path, "wrong": wrong, "typed": typed}, 400)
    if _is_scripted(request):
        return _fragments(request, row, answer.path, editing=answer.path, wrong=wrong, typed=typed)
    return _confirm_page(request, row, {"editing": answer.path, "wrong": wrong, "typed": typed}, 400)


@transaction.atomic
def _say(row: IncomingLetter, answer: _Answer, by: User) -> list[str]:
    """Do what the form says, and what follows from it for the campaign; returns what to tell."""
    from lantoa.letters.actions import confirming  # noqa: PLC0415 - actions are loaded when one is called

    seen, path = confirming.Seen(answer.seen), answer.path
    acts: dict[str, Callable[[], Settled | int]] = {
        "confirm": lambda: confirming.confirm_field(row, path, by, seen),
        "correct": lambda: confirming.correct_field(row, path, answer.typed, by, seen),
        "absent": lambda: confirming.mark_absent(row, path, by, seen),
        "reopen": lambda: confirming.reopen_field(row, path, by, seen),
        "add": lambda: confirming.add_item(row, path, answer.typed, by),
        "rest": lambda: confirming.confirm_rest(row, by, seen),
    }
    if answer.verb not in acts:
        raise RefusedError(_("Không rõ phải làm gì. Hãy tải lại trang."))
    done = acts[answer.verb]()
    told = [] if isinstance(done, int) or not done.warning else [done.warning]
    return told + _followed(row, by)


def _followed(row: IncomingLetter, by: User) -> list[str]:
    """What follows for a campaign that is open already, told as it is."""
    from lantoa.campaigns.actions import follow_letter  # noqa: PLC0415 - only when a campaign is open
    from lantoa.content.actions.homes import cites_otherwise  # noqa: PLC0415 - the same

    row = IncomingLetter.objects.get(pk=row.pk)
    campaign = getattr(row, "campaign", None)
    if campaign is None:
        return []
    followed = follow_letter(campaign, by)
    told = []
    if followed.tasks:
        told.append(_("Đã cập nhật việc ở mục %(tasks)s.") % {"tasks": ", ".join(followed.tasks)})
    if followed.asked:
        told.append(_("Có %(n)s câu hỏi mới ở trang Câu hỏi của chiến dịch.") % {"n": followed.asked})
    if stale := len(cites_otherwise(campaign, campaign.rendering_set.current())):
        told.append(
            _("%(n)s sản phẩm còn gọi tên văn bản như cũ: hãy làm lại bộ nội dung. Bản đang phát không tự đổi.")
            % {"n": stale}
        )
    return told


def _to_page(request: Asked, row: IncomingLetter, answer: _Answer) -> HttpResponse:
    """Back to the page, at the field; the page's script is told where to go."""
    address = reverse("confirm_letter", args=[row.pk])
    field = next((one for one in fields_of(row.reading) if one.path == answer.path), None)
    address += f"#f-{field.mark}" if field and answer.verb != "rest" else ""
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if _is_scripted(request) else redirect(address)


def _fragments(request: Asked, row: IncomingLetter, path: str, **more: Any) -> HttpResponse:
    """The parts of the page that change when one field does; the page's script puts each where it belongs."""
    context = _context(request, row)
    fields: list[Field] = [*context["doubtful"], *(one for group in context["groups"] for one in group.shown)]
    fields += [one for group in context["groups"] for one in group.missing if one.path == path]
    field = next((one for one in fields if one.path == path), None)
    if field is None:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("confirm_letter", args=[row.pk])})
    return render(request, "web/letter/_answer.html", context | {"field": field} | more)


@page("open_campaign")
@require_POST
def start_campaign(request: Asked, pk: int) -> HttpResponse:
    """Start the rest of the main job on a registered letter."""
    row = _letter(request, pk)
    form = OpenForm(request.POST, packs=pack_choices())
    if not form.is_valid():
        return _confirm_page(request, row, {"form": form}, 400)
    job = jobs.open_job(request.user.pk, row.file_name)
    chosen = form.cleaned_data
    jobs.start(job, _rest_of_main_job(row.pk, chosen["pack"], request.user, rehearse=chosen["is_rehearsal"]))
    return redirect("progress", job.id)


def _rest_of_main_job(pk: int, pack: str, by: User, *, rehearse: bool) -> jobs.Work:
    def work(tell: jobs.Tell) -> str:
        from lantoa.main_job import RunOptions, run_registered  # noqa: PLC0415 - loads the voice and the typesetter

        row = IncomingLetter.objects.select_related("book").get(pk=pk)
        options = RunOptions(pack=pack or None, rehearse=rehearse, by=by, progress=tell)
        return reverse("overview", args=[run_registered(row, options).campaign.slug])

    return work
