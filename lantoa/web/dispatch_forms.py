"""What people may send about messages to many people: checked for shape here, for sense by the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lantoa.channels.wire import Reaches
from lantoa.delivery.models import Dispatch
from lantoa.delivery.rules.hours import read_hours
from lantoa.residents.models import Resident
from lantoa.residents.rules import Segment, read_segment
from lantoa.web.forms import TEXT_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lantoa.delivery.actions import Order
    from lantoa.web.dispatch_offers import Offer

MOST_SEGMENT = 300
"""Letters of a dispatch's segment."""
LOCAL = "%Y-%m-%dT%H:%M"
USUAL, ANY, OWN = "usual", "any", "own"
ASKED = {
    Dispatch.Audience.RESIDENTS: ("places", "devices", "needs_help", "carriers"),
    Dispatch.Audience.PLACES: ("office",),
}
"""By audience: what its people are asked about."""


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        input_formats=[LOCAL, "%d/%m/%Y %H:%M", "%d/%m/%Y"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL),
    )


class OrderForm(forms.Form):
    """A dispatch: words, people, and when; the channel is chosen before."""

    words = forms.ChoiceField(label=_("Nội dung"), widget=forms.RadioSelect)
    audience = forms.ChoiceField(label=_("Gửi cho"), widget=forms.RadioSelect)
    places = forms.MultipleChoiceField(label=_("Địa bàn"), required=False, widget=forms.CheckboxSelectMultiple)
    devices = forms.MultipleChoiceField(
        label=_("Thiết bị"), required=False, widget=forms.CheckboxSelectMultiple, choices=Resident.Device.choices
    )
    needs_help = forms.ChoiceField(
        label=_("Cần giúp đỡ"),
        required=False,
        choices=[("", _("Tất cả")), ("yes", _("Chỉ người cần giúp đỡ")), ("no", _("Chỉ người không cần"))],
    )
    carriers = forms.MultipleChoiceField(label=_("Nhà mạng"), required=False, widget=forms.CheckboxSelectMultiple)
    office = forms.ChoiceField(label=_("Cơ quan, đơn vị"), required=False)
    is_urgent = forms.BooleanField(
        label=_("Khẩn: đi trước mọi đợt gửi thường"), required=False
    )
    hours = forms.ChoiceField(label=_("Giờ được gửi"))
    own_hours = forms.CharField(
        label=_("Giờ khác"), required=False, max_length=13, help_text=_("Ví dụ 08:00-17:00.")
    )
    not_before = _moment(_("Không gửi trước"))
    not_after = _moment(_("Không gửi sau"), _("Quá giờ này, hệ thống dừng lại và hỏi, không gửi muộn."))
    priority = forms.IntegerField(
        label=_("Ưu tiên"), required=False, min_value=-100, max_value=100, initial=0,
        help_text=_("Trong các đợt cùng loại, số lớn đi trước."),
    )
    unknown = forms.ChoiceField(
        label=_("Khi chưa rõ đã gửi được chưa"),
        choices=[
            (Dispatch.Unknown.ASK, _("Để lại, hỏi cán bộ")),
            (Dispatch.Unknown.AGAIN, _("Tự gửi lại: có thể có người nhận hai lần")),
            (Dispatch.Unknown.LEAVE, _("Để nguyên: có thể có người không nhận được")),
        ],
    )
    fallback = forms.ChoiceField(
        label=_("Ai không gửi được thì gửi tiếp qua"),
        required=False,
        help_text=_("Người đã từ chối nhận tin thì không gửi qua kênh nào."),
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        offered: dict[str, Sequence[tuple[str, Any]]] = {
            "words": [(one.kind, one.name) for one in offer.words],
            "audience": [(one, Dispatch.Audience(one).label) for one in offer.audiences],
            "places": [(code, name) for code, name, _depth in offer.places],
            "carriers": [(name, name) for name in offer.carriers],
            "office": [("", _("Mọi đơn vị được giao việc")), *offer.offices],
            "hours": _hours(offer),
            "fallback": [("", _("Không gửi tiếp")), *offer.fallbacks],
        }
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices = choices
        self.initial.setdefault("words", offer.words[0].kind if offer.words else "")
        self.initial.setdefault("audience", offer.audiences[0])
        self.initial.setdefault("hours", offered["hours"][0][0])
        unasked = [name for audience, names in ASKED.items() if audience not in offer.audiences for name in names]
        unasked += [name for name in ("places", "carriers", "fallback") if not getattr(offer, f"{name.rstrip('s')}s")]
        for name in set(unasked):
            del self.fields[name]

    def clean_own_hours(self) -> str:
        """Hours as they are kept, `07:00-21:00`."""
        text = str(self.cleaned_data.get("own_hours") or "").replace(" ", "").replace("–", "-")
        try:
            read_hours(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return text

    def clean(self) -> dict[str, Any]:
        """The window is one, own hours are said when asked for, and the group can be written down."""
        cleaned = super().clean() or {}
        before, after = cleaned.get("not_before"), cleaned.get("not_after")
        if after and after <= timezone.now():
            self.add_error("not_after", _("Thời hạn phải ở sau lúc này."))
        elif before and after and after <= before:
            self.add_error("not_after", _("Thời hạn phải ở sau lúc bắt đầu."))
        if cleaned.get("hours") == OWN and not cleaned.get("own_hours") and "own_hours" not in self.errors:
            self.add_error("own_hours", _("Hãy ghi giờ, ví dụ 08:00-17:00."))
        if len(self.segment()) > MOST_SEGMENT:
            too_long = _("Nhóm này có quá nhiều địa bàn lẻ. Hãy chọn cả xã, phường thay vì từng thôn, tổ.")
            self.add_error("places" if "places" in self.fields else None, too_long)
        return cleaned

    # --- what it asks for -------------------------------------------------------------------------

    def segment(self) -> str:
        """The group as it is written down."""
        sent = self.cleaned_data
        if sent.get("audience") == Dispatch.Audience.PLACES:
            return str(sent.get("office") or "")
        if sent.get("audience") != Dispatch.Audience.RESIDENTS:
            return ""
        segment = Segment(
            tuple(whole_places(self.offer.places, sent.get("places") or ())),
            tuple(sent.get("devices") or ()),
            {"yes": True, "no": False}.get(sent.get("needs_help") or ""),
            tuple(sent.get("carriers") or ()),
        )
        return str(segment)

    def order(self) -> Order:
        """The order for the action."""
        from lantoa.delivery.actions import Order  # noqa: PLC0415 - actions are loaded when one is called

        sent = self.cleaned_data
        hours = {USUAL: None, ANY: "", OWN: sent.get("own_hours") or ""}[sent.get("hours") or USUAL]
        return Order(
            channel=self.offer.channel,
            rendering_kind=sent["words"],
            segment=self.segment(),
            audience=sent["audience"],
            lane=Dispatch.Lane.URGENT if sent["is_urgent"] else Dispatch.Lane.BULK,
            priority=sent.get("priority") or 0,
            hours=hours,
            not_before=sent.get("not_before"),
            not_after=sent.get("not_after"),
            unknown=sent["unknown"],
        )

    def fallback_order(self) -> Order | None:
        """The order for whoever the first cannot reach."""
        from dataclasses import replace  # noqa: PLC0415 - beside what it is used for

        channel, _colon, kind = str(self.cleaned_data.get("fallback") or "").partition(":")
        return replace(self.order(), channel=channel, rendering_kind=kind) if kind else None


def _hours(offer: Offer) -> list[tuple[str, Any]]:
    own = (OWN, _("Giờ khác, ghi bên dưới"))
    if offer.wire.reaches is Reaches.EMAIL:
        return [(ANY, _("Giờ nào cũng được")), own]
    usual = f"{settings.LANTOA_SENDING_HOURS or '24/24'}".replace("-", "–")
    urgent = f"{settings.LANTOA_URGENT_HOURS or '24/24'}".replace("-", "–")
    names = {"usual": usual, "urgent": urgent}
    return [(USUAL, _("Theo quy định: %(usual)s, tin khẩn %(urgent)s") % names), own, (ANY, _("Giờ nào cũng được"))]


def whole_places(offered: Iterable[tuple[str, str, int]], chosen: Iterable[str]) -> list[str]:
    """The fewest codes that say the same: a place whose parent is chosen goes without saying.

    `offered` is code, name and depth, parents before children.
    """
    wanted, kept = set(chosen), []
    covered_below: int | None = None
    for code, _name, depth in offered:
        if covered_below is not None and depth > covered_below:
            continue
        covered_below = None
        if code in wanted:
            kept.append(code)
            covered_below = depth
    return kept


def initial_of(dispatch: Dispatch) -> dict[str, Any]:
    """What the form of a dispatch held, to begin a new one with."""
    found: dict[str, Any] = {
        "words": dispatch.rendering_kind,
        "audience": dispatch.audience,
        "is_urgent": dispatch.lane == Dispatch.Lane.URGENT,
        "priority": dispatch.priority,
        "unknown": dispatch.unknown,
        "not_before": dispatch.not_before,
        "not_after": dispatch.not_after,
    }
    if dispatch.audience == Dispatch.Audience.PLACES:
        return found | {"office": dispatch.segment}
    try:
        segment = read_segment(dispatch.segment)
    except ValueError:
        return found
    helped = {True: "yes", False: "no", None: ""}[segment.needs_help]
    return found | {
        "places": segment.places, "devices": segment.devices, "carriers": segment.carriers, "needs_help": helped,
    }


class WhyForm(forms.Form):
    """Why something is paused or cancelled."""

    why = forms.CharField(label=_("Lý do"), max_length=300, required=False)


class ExtendForm(forms.Form):
    """Until when a dispatch may go out; empty is without an end."""

    not_after = _moment(_("Không gửi sau"), _("Để trống là không có thời hạn."))


class NoteForm(forms.Form):
    """What was done about an answer."""

    note = forms.CharField(label=_("Đã làm gì"), max_length=2000, widget=forms.Textarea(TEXT_ROWS))


class RefusalForm(forms.Form):
    """An address whose owner wants no messages, as they said by telephone or at the door."""

    address = forms.CharField(
        label=_("Số điện thoại hoặc thư điện tử"), max_length=254, help_text=_("Ví dụ 0912 345 678.")
    )
    why = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)

    @property
    def reaches(self) -> Reaches:
        """What kind of address was written."""
        return Reaches.EMAIL if "@" in self.cleaned_data["address"] else Reaches.PHONE
