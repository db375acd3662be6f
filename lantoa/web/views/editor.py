"""The message editor: words beside everything they become, kept as one types and saved as a new version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.content.models import Draft
from lantoa.content.rules.editing import FIELDS, VIETNAMESE, Words, entry_of, is_question, uses_of
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.web.doors import campaign_page
from lantoa.web.first_page import first_page
from lantoa.web.frame import can, show
from lantoa.web.labels import FIELDS as FIELD_NAMES
from lantoa.web.labels import LANGUAGES, SLOTS, label
from lantoa.web.message_lines import Printer, name_of_piece
from lantoa.web.rules.marking import cut_at, shade
from lantoa.web.views.kit import PREVIEW_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.campaigns.models import Campaign
    from lantoa.content.actions.previewing import Trial
    from lantoa.content.models import Message
    from lantoa.content.rules.check_words import Fault, Subject
    from lantoa.web.doors import Asked

MOST_PLACES = 300
PICTURE_KEPT_SECONDS = 3600
ROWS = {"title": 2, "text": 8, "short": 4, "long": 10}
"""Lines of each box when it is opened."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before a writer: which message, the words in the form, and the versions they stand beside."""

    campaign: Campaign
    subject: Subject
    words: Words
    base: int | None
    """The version the words were begun from."""
    newest: Message | None
    draft: Draft | None
    place: Place
    phase: str

    @property
    def key(self) -> str:
        """Which message."""
        return self.subject.key

    @property
    def language(self) -> str:
        """Its language."""
        return self.subject.language

    @property
    def address(self) -> str:
        """Its page, in this language."""
        return _address(self.campaign, self.key, self.language)

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody saved other words since these were begun."""
        return self.newest is not None and self.newest.version != self.base

    def trial(self) -> Trial:
        """The same for the previews."""
        from lantoa.content.actions.previewing import Trial  # noqa: PLC0415 - loads the makers

        return Trial(self.key, self.language, self.words, self.place, self.phase)


def _address(campaign: Campaign, key: str, language: str, page: str = "message") -> str:
    query = "" if language == VIETNAMESE else f"?ngon-ngu={language}"
    return reverse(page, args=[campaign.slug, key]) + query


def desk_of(request: Asked, campaign: Campaign, key: str) -> Desk:
    """The words somebody was writing, or else the newest version; what a form sent comes first."""
    from lantoa.content.actions.editing import newest_of, subject_of, words_of_message  # noqa: PLC0415 - when called

    asked = request.POST or request.GET
    language = asked.get("ngon-ngu", VIETNAMESE)
    try:
        subject = subject_of(campaign, key, language)
    except RefusedError as refused:
        raise Http404(str(refused)) from refused
    newest = newest_of(campaign, key, language)
    own = Draft.objects.filter(campaign=campaign, key=key, language=language, writer=request.user).first()
    begun, base = words_of_message(campaign, key, language)
    words = own.words if own else begun
    place = places_of(campaign).filter(code=asked.get("noi", "")).first() or campaign.place
    phase = asked.get("giai-doan", "")
    if "text" in request.POST:
        words = Words(*(request.POST.get(name, "") for name in FIELDS))
        sent = request.POST.get("base", "")
        return Desk(campaign, subject, words, int(sent) if sent.isdecimal() else None, newest, own, place, phase)
    return Desk(campaign, subject, words, own.base if own else base, newest, own, place, phase)


def places_of(campaign: Campaign) -> Any:
    """The territories the campaign's words are made for."""
    made = Place.objects.filter(renderings__campaign=campaign).distinct()
    return made.order_by("code") if made.exists() else Place.objects.filter(pk=campaign.place_id)


@campaign_page("edit_message")
def edit(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """Write the words of one message in one language; saving adds a version, which then waits for approval."""
    desk = desk_of(request, campaign, key)
    if request.method != "POST":
        return _show(request, desk)
    for act in (_insert, _mend):
        changed = act(request, desk)
        if changed is not None:
            return _show(request, _kept(request, changed))
    if "save" in request.POST:
        return _save(request, desk)
    return _show(request, _kept(request, desk))


def _insert(request: Asked, desk: Desk) -> Desk | None:
    """Put a reference at the end of the text: where there is no script to put it at the caret."""
    reference = request.POST.get("insert")
    if not reference:
        return None
    return replace(desk, words=desk.words.changed("text", f"{desk.words.text.rstrip()} {reference}".lstrip()))


def _mend(request: Asked, desk: Desk) -> Desk | None:
    """Put what a fault offers in its place (`field:start:end:new`); words that moved since stay as they are."""
    from lantoa.content.rules.check_words import mended  # noqa: PLC0415 - only here
    from lantoa.content.rules.offering import Fitting  # noqa: PLC0415 - the same

    name, *rest = request.POST.get("mend", "").split(":", 3)
    if len(rest) != 3 or not (rest[0].isdecimal() and rest[1].isdecimal()):
        return None
    try:
        tidy = desk.words.tidied()
        return replace(desk, words=mended(tidy, name, Fitting(int(rest[0]), int(rest[1]), rest[2])))
    except ValueError:
        return desk


def _kept(request: Asked, desk: Desk) -> Desk:
    """The desk with its words kept as a draft; what cannot be kept is said."""
    try:
        return replace(desk, draft=_keep(request, desk))
    except RefusedError as refused:
        messages.error(request, str(refused))
        return desk


def _keep(request: Asked, desk: Desk) -> Draft | None:
    from lantoa.content.actions import Edit, keep_draft  # noqa: PLC0415 - actions are loaded when one is called

    return keep_draft(desk.campaign, Edit(desk.key, desk.language, desk.words, desk.base), request.user)


def _save(request: Asked, desk: Desk) -> HttpResponse:
    from lantoa.content.actions import Edit, EditedMeanwhileError, edit_message  # noqa: PLC0415 - when called

    desk = _kept(request, desk)
    wanted = Edit(desk.key, desk.language, desk.words, desk.base, request.POST.get("reason", ""))
    try:
        row = edit_message(desk.campaign, wanted, request.user)
    except EditedMeanwhileError as meanwhile:  # shown beside each other; saved again it follows the other's version
        _kept(request, replace(desk, base=meanwhile.newest.version))
        return _show(request, replace(desk, base=meanwhile.newest.version, newest=meanwhile.newest), meanwhile.newest)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return _show(request, desk)
    _say_saved(request, row)
    return redirect(desk.address)


def _say_saved(request: Asked, row: Message) -> None:
    named = {"version": row.version}
    if row.approved_at:
        messages.success(request, _("Lời này đang được dùng, không cần duyệt lại."))
    else:
        messages.success(request, _("Đã lưu phiên bản %(version)s. Lời mới được dùng sau khi duyệt.") % named)


def _show(request: Asked, desk: Desk, meanwhile: Message | None = None) -> HttpResponse:
    from lantoa.content.actions.editing import in_use_of  # noqa: PLC0415 - actions are loaded when one is called

    if meanwhile is None and desk.is_overtaken:
        meanwhile = desk.newest
    printer = Printer(desk.campaign, desk.place)
    context = {
        "template": "message",
        "desk": desk,
        "name": printer.name(desk.words if desk.words.text.strip() else Words.of(_entry(desk)), desk.language),
        "printer": printer,
        "in_use": in_use_of(desk.campaign, desk.key, desk.language),
        "boxes": list(_boxes(desk)),
        "languages": _languages(desk),
        "menu": list(_menu(desk, printer)),
        "meanwhile": meanwhile,
        "differences": _differences(desk, meanwhile) if meanwhile else [],
        "places": places_of(desk.campaign)[:MOST_PLACES],
        "may_change": can(request, "change_fact"),
        **_about(desk),
        **_seen(request, desk),
    }
    response = show(request, desk.campaign, "messages", context)
    patch_cache_control(response, no_store=True)  # going back must not bring words of before
    return response


def _entry(desk: Desk) -> Any:
    return entry_of(desk.subject.pack, desk.key)


@dataclass(frozen=True, slots=True)
class Box:
    """One field of the form."""

    name: str
    label: str
    value: str
    rows: int
    is_needed: bool
    is_open: bool
    """Whether it says something, or must."""


def _boxes(desk: Desk) -> Iterator[Box]:
    asks = is_question(desk.subject.pack, desk.key)
    titled = asks or bool(desk.words.title or _entry(desk).title)
    for name in FIELDS:
        needed = name == "text" or (name == "title" and asks)
        value = getattr(desk.words, name)
        if name != "title" or titled:
            named = _("Câu hỏi") if asks and name == "title" else _("Trả lời") if asks and name == "text" else ""
            yield Box(name, named or label(FIELD_NAMES, name), value, ROWS[name], needed, bool(value) or needed)


def _languages(desk: Desk) -> list[dict[str, Any]]:
    codes = [VIETNAMESE, *(language.code for language in desk.subject.pack.languages)]
    return [
        {"name": label(LANGUAGES, code), "address": _address(desk.campaign, desk.key, code), "is_now": code == now}
        for now in [desk.language]
        for code in codes
    ]


def _about(desk: Desk) -> dict[str, Any]:
    """What the message is for: its slots, pieces and phases, and whom it concerns."""
    from lantoa.campaigns.rules.readers import READERS  # noqa: PLC0415 - only here
    from lantoa.content.actions.previewing import phases_of  # noqa: PLC0415 - loads the makers

    uses, entry = uses_of(desk.subject.pack, desk.key), _entry(desk)
    phases, first = phases_of(desk.campaign, desk.key)
    return {
        "slots": list(dict.fromkeys(label(SLOTS, use.slot) for use in uses)),
        "pieces": list(dict.fromkeys(name_of_piece(use.piece.kind) for use in uses)),
        "readers": [READERS[reader] for reader in entry.readers],
        "waits": entry.optional,
        "phases": phases,
        "phase": desk.phase or first,
    }


def _menu(desk: Desk, printer: Printer) -> Iterator[tuple[str, Any]]:
    """What may be inserted: facts, and the words of the place, each as it will be printed."""
    from lantoa.content.rules.offering import offer_place  # noqa: PLC0415 - only here

    labels = {
        "place": _("Tên địa bàn"),
        "publisher": _("Đơn vị phát hành"),
        "url": _("Địa chỉ trang thông tin"),
        "contact": _("Đầu mối liên hệ"),
        "letter": _("Văn bản căn cứ"),
        "issuer": _("Cơ quan ban hành văn bản"),
        "changed_label": _("Tên thông tin thay đổi"),
        "changed_value": _("Nội dung mới"),
    }
    yield _("Địa bàn, đơn vị"), offer_place(printer.words, labels, tells_a_change=desk.subject.tells_a_change)
    yield _("Dữ kiện"), desk.subject.offers()


# --- the previews ----------------------------------------------------------------------------------------


@campaign_page("edit_message")
@require_POST
def preview(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """Keep what is being typed and show what becomes of it: asked for by the page itself as one types."""
    desk = desk_of(request, campaign, key)
    why_not = ""
    try:
        desk = replace(desk, draft=_keep(request, desk))
    except RefusedError as refused:
        why_not = str(refused)
    context = {"campaign": campaign, "desk": desk, "why_not": why_not, "boxes": list(_boxes(desk)), "is_part": True}
    response = render(request, "web/campaign/_previews.html", context | _about(desk) | _seen(request, desk))
    patch_cache_control(response, no_store=True)
    return response


def _seen(request: Asked, desk: Desk) -> dict[str, Any]:
    """The faults of the words by field, and each kind of rendering as it would be."""
    from lantoa.content.actions.editing import others_at_work  # noqa: PLC0415 - actions are loaded when one is called
    from lantoa.content.actions.previewing import preview_message  # noqa: PLC0415 - loads the makers
    from lantoa.content.rules.check_words import check_words  # noqa: PLC0415 - only here

    faults: dict[str, list[Fault]] = {}
    tidy = replace(desk, words=desk.words.tidied())
    for fault in check_words(tidy.words, desk.subject):
        faults.setdefault(fault.field, []).append(fault)
    previews = preview_message(desk.campaign, tidy.trial())
    shown = [(one, shade(cut_at(one.text, one.findings), one.spans)) for one in previews if not one.why_not]
    unmade: dict[str, list[str]] = {"": []}
    for one in previews:
        unmade.setdefault(one.why_not, []).append(one.kind)
    query = f"?ngon-ngu={desk.language}&noi={desk.place.code}&giai-doan={desk.phase}"
    others = others_at_work(desk.campaign, desk.key, desk.language, request.user)
    del unmade[""]
    return {"faults": faults, "previews": shown, "unmade": unmade, "query": query, "others": others}


@campaign_page("edit_message")
def open_preview(request: Asked, campaign: Campaign, key: str, kind: str) -> HttpResponse:
    """One rendering of the words being written, made when it is asked for; a PDF as a picture of its first page."""
    from lantoa.content.actions.previewing import make_preview  # noqa: PLC0415 - loads the makers

    desk = desk_of(request, campaign, key)
    tidy = replace(desk, words=desk.words.tidied())
    try:
        made, digest = make_preview(campaign, tidy.trial(), kind)
    except RefusedError as refused:
        return HttpResponse(str(refused), "text/plain; charset=utf-8", status=409)
    media_type = _media_type(kind)
    if media_type == "application/pdf":
        response = HttpResponse(first_page(made.content), "image/png")
    else:
        response = HttpResponse(_as_read(made.content, kind), media_type)
    response["Content-Security-Policy"] = PREVIEW_POLICY
    kept: dict[str, Any] = {"max_age": PICTURE_KEPT_SECONDS} if request.GET.get("h") == digest else {"no_store": True}
    patch_cache_control(response, private=True, **kept)
    return response


def _as_read(content: bytes, kind: str) -> bytes:
    """A message as somebody gets it of whom nothing is known."""
    from lantoa.content.rules.kinds import KINDS  # noqa: PLC0415 - only here
    from lantoa.content.rules.slots import fill_slots  # noqa: PLC0415 - the same

    return fill_slots(content.decode()).encode() if KINDS[kind].has_slots else content


def _media_type(kind: str) -> str:
    from lantoa.content.rules.kinds import KINDS  # noqa: PLC0415 - only here

    media_type = KINDS[kind].media_type
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


@campaign_page("edit_message")
@require_POST
def drop(request: Asked, campaign: Campaign, key: str) -> HttpResponse:
    """Throw the draft away and go on from the newest version."""
    from lantoa.content.actions import drop_draft  # noqa: PLC0415 - actions are loaded when one is called

    language = request.POST.get("ngon-ngu", VIETNAMESE)
    drop_draft(campaign, key, language, request.user)
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect(_address(campaign, key, language))


def _differences(desk: Desk, other: Message) -> list[tuple[str, Any]]:
    """Field by field, what the other's version says otherwise than the words in the form."""
    from lantoa.content.actions.editing import words_of_row  # noqa: PLC0415 - actions are loaded when one is called

    theirs, own = words_of_row(desk.campaign, other), desk.words.tidied()
    return compared(theirs, own)


def compared(old: Words, new: Words) -> list[tuple[str, Any]]:
    """Each field that differs, by its name on screen, in stretches: what stays, what went, what came."""
    from lantoa.content.rules.comparing import compare  # noqa: PLC0415 - only here

    pairs = ((name, getattr(old, name), getattr(new, name)) for name in FIELDS)
    return [(label(FIELD_NAMES, name), compare(before, after)) for name, before, after in pairs if before != after]


def message_or_404(campaign: Campaign, key: str, language: str, version: str) -> Message:
    """One version asked for by its number."""
    number = int(version) if version.isdecimal() else -1
    return get_object_or_404(campaign.message_set, key=key, language=language, version=number)
