"""What came in, by whatever way: what became a letter of the register, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lantoa.letters.models import Arrival
from lantoa.places.permits import RefusedError
from lantoa.web.doors import attempt, page
from lantoa.web.letter_forms import ReceiveForm
from lantoa.web.tables import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from lantoa.letters.actions import Received
    from lantoa.places.models import Place
    from lantoa.web.doors import Asked


@page("register_letter")
def list_arrivals(request: Asked) -> HttpResponse:
    """What came, newest first (`?cach=` the way, `?chua-doc=1` only what waits for a person), and a way in."""
    return _listed(request, ReceiveForm())


def _listed(request: Asked, form: ReceiveForm, status: int = 200) -> HttpResponse:
    seen = Arrival.objects.for_user(request.user)
    rows = seen.select_related("letter", "by", "book")
    if (way := request.GET.get("cach")) in Arrival.Way.values:
        rows = rows.filter(way=way)
    if request.GET.get("chua-doc"):
        rows = rows.unread()
    context = {
        "page": page_of(request, rows),
        "form": form,
        "ways": Arrival.Way.choices,
        "unread": seen.unread().count(),
    }
    return render(request, "web/arrivals.html", context, status=status)


@page("register_letter")
@require_POST
def receive_letter(request: Asked) -> HttpResponse:
    """Register a letter from its file or its pasted words, without opening a campaign."""
    form = ReceiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, form, status=400)
    received = attempt(request, lambda: _receive(request, form))
    if received is not None:
        _tell(request, received)
    return redirect("arrivals")


def _receive(request: Asked, form: ReceiveForm) -> Received:
    from lantoa.letters.actions import Incoming, receive, receive_text  # noqa: PLC0415 - loaded when called

    book = _own_book(request)
    file = form.cleaned_data["file"]
    if file is None:
        return receive_text(form.cleaned_data["text"], book, request.user)
    return receive(Incoming(file.read(), file.name, Arrival.Way.UPLOAD), book, request.user)


def _own_book(request: Asked) -> Place:
    """The register of the place the person works for; who runs the machine writes where the doors do."""
    from lantoa.letters.actions import book_of_doors  # noqa: PLC0415 - loaded when called

    return request.user.territory or book_of_doors()


def _tell(request: Asked, received: Received) -> None:
    row = received.row
    if row is None:
        messages.error(request, _("Chưa đọc được: %(why)s") % {"why": received.arrival.why})
    elif not received.is_new:
        messages.info(request, _("Văn bản này đã có trong sổ, số đến %(ordinal)s.") % {"ordinal": row.ordinal})
    elif row.resembles:
        said = {"ordinal": row.ordinal, "other": row.resembles.ordinal}
        messages.warning(request, _("Đã vào sổ, số đến %(ordinal)s; có thể trùng với số đến %(other)s.") % said)
    else:
        messages.success(request, _("Đã vào sổ, số đến %(ordinal)s.") % {"ordinal": row.ordinal})


@page("register_letter")
@require_POST
def settle(request: Asked, pk: int) -> HttpResponse:
    """What to do with a file that could not be read: read it again, take pasted words, or set it aside."""
    arrival = get_object_or_404(Arrival.objects.for_user(request.user), pk=pk)
    received = attempt(request, lambda: _settle(request, arrival))
    if received is not None:
        _tell(request, received)
    return redirect("arrivals")


def _settle(request: Asked, arrival: Arrival) -> Received | None:
    from lantoa.letters.actions import paste_text, read_again, set_aside  # noqa: PLC0415 - loaded when called
    from lantoa.letters.rules.reading import NotALetter  # noqa: PLC0415 - as above

    what = request.POST.get("lam")
    if what == "bo":
        set_aside(arrival, request.user)
        messages.success(request, _("Đã để riêng; tệp gốc vẫn được giữ."))
        return None
    if what == "dan":
        try:
            return paste_text(arrival, request.POST.get("text", ""), request.user)
        except NotALetter as error:
            raise RefusedError(str(error)) from error
    return read_again(arrival, request.user)


@page("register_letter")
def open_file(request: Asked, pk: int) -> HttpResponseBase:
    """The file as it came; always saved, never opened in the page: it comes from outside."""
    from lantoa.letters.actions import original  # noqa: PLC0415 - loaded when called

    arrival = get_object_or_404(Arrival.objects.for_user(request.user), pk=pk)
    kept = original(arrival.file_hash)
    if kept is None:
        raise Http404
    return FileResponse(kept.open("rb"), as_attachment=True, filename=arrival.file_name)
