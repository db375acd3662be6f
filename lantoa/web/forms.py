"""What people may send: checked for shape here, for sense by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lantoa.campaigns.models import Assignment
from lantoa.field.models import Visit
from lantoa.places.models import Place
from lantoa.residents.rules import read_phone
from lantoa.web.labels import FACT_KINDS

MOST_UPLOADED = 25 * 1024 * 1024
MOST_RECORDED = 60 * 1024 * 1024
TEXT_ROWS = {"rows": 3}


def _offer(form: forms.Form, name: str, **offered: Any) -> None:
    """Set what a field may be chosen from: what depends on who asks."""
    for attribute, values in offered.items():
        setattr(form.fields[name], attribute, values)


def _too_big(file: Any) -> Any:
    if file is not None and file.size > MOST_UPLOADED:
        raise forms.ValidationError(_("Tệp lớn hơn 25 MB. Hãy nén hoặc quét lại ở độ phân giải thấp hơn."))
    return file


class LetterForm(forms.Form):
    """A letter that came in: its file, or its words."""

    file = forms.FileField(
        label=_("Tệp văn bản"),
        required=False,
        help_text=_("PDF, DOCX, DOC, RTF, TXT, HTML, EML, MSG, ZIP, edXML, ảnh quét hoặc ảnh chụp; tối đa 25 MB."),
    )
    text = forms.CharField(
        label=_("Hoặc dán nội dung"),
        required=False,
        max_length=400_000,
        strip=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Khi không có tệp, hoặc tệp là ảnh mà máy này không đọc được."),
    )

    def clean_file(self) -> Any:
        """Refuse what is too big to be a letter."""
        return _too_big(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any] | None:
        """One of the two is needed."""
        cleaned = super().clean()
        if cleaned is not None and not cleaned.get("file") and not cleaned.get("text", "").strip() and not self.errors:
            raise forms.ValidationError(_("Hãy chọn tệp văn bản hoặc dán nội dung của nó."))
        return cleaned


class OpenForm(forms.Form):
    """The campaign that a registered letter opens."""

    pack = forms.ChoiceField(label=_("Gói nội dung"))
    is_rehearsal = forms.BooleanField(
        label=_("Diễn tập"),
        required=False,
        help_text=_("Đi hết các bước nhưng không gửi gì ra ngoài."),
    )

    def __init__(self, *args: Any, packs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "pack", choices=[("", _("Chọn gói nội dung")), *packs])


class FactForm(forms.Form):
    """A new version of a fact."""

    value = forms.CharField(label=_("Giá trị mới"), max_length=2000)
    source = forms.CharField(
        label=_("Nguồn"),
        max_length=500,
        help_text=_("Văn bản hoặc nơi xác nhận, ví dụ số và ngày của thông tư."),
    )
    legal_basis = forms.CharField(label=_("Căn cứ pháp lý"), max_length=500, required=False)
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(TEXT_ROWS))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == "date":
            self.fields["value"] = forms.DateField(
                label=_("Giá trị mới"),
                input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            )
        elif kind == "text":
            self.fields["value"].widget = forms.Textarea(TEXT_ROWS)

    def clean_value(self) -> str:
        """The canonical form: an ISO date, else the words."""
        return str(self.cleaned_data["value"]).strip()


class NewFactForm(forms.Form):
    """A fact the pack does not have."""

    label = forms.CharField(
        label=_("Tên dữ kiện"), max_length=200, help_text=_("Ví dụ: Giờ hỗ trợ tại nhà văn hóa phường.")
    )
    kind = forms.ChoiceField(label=_("Kiểu"), choices=[(kind, FACT_KINDS[kind]) for kind in FACT_KINDS])
    value = forms.CharField(
        label=_("Giá trị"),
        max_length=2000,
        help_text=_("Ngày viết 16/9/2024, tháng viết 9/2028, số viết 1.200; giờ giấc và lời khác chọn kiểu chữ."),
    )
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=30, required=False)
    source = forms.CharField(
        label=_("Nguồn"),
        max_length=500,
        help_text=_("Văn bản hoặc nơi xác nhận, ví dụ số và ngày của thông tư."),
    )


class MoveForm(forms.Form):
    """Another state for an assignment."""

    state = forms.ChoiceField(label=_("Trạng thái"), choices=Assignment.State.choices)
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(TEXT_ROWS))


class ProofForm(forms.Form):
    """A file or an address that shows the work was done."""

    file = forms.FileField(
        label=_("Tệp minh chứng"),
        required=False,
        help_text=_("Ảnh, PDF, âm thanh hoặc phim; tối đa 25 MB."),
    )
    url = forms.URLField(label=_("Hoặc đường dẫn"), required=False, assume_scheme="https", max_length=500)
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(TEXT_ROWS))

    def clean_file(self) -> Any:
        """Refuse what is too big."""
        return _too_big(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any] | None:
        """One of the two is needed."""
        cleaned = super().clean()
        if cleaned and not cleaned.get("file") and not cleaned.get("url") and not self.errors:
            raise forms.ValidationError(_("Hãy chọn tệp hoặc dán đường dẫn."))
        return cleaned


class RecordingForm(forms.Form):
    """Somebody's reading of a bulletin's script."""

    file = forms.FileField(
        label=_("Tệp ghi âm"),
        help_text=_("MP3, M4A, WAV, OGG, WEBM hoặc tệp của máy ghi âm, điện thoại; tối đa 60 MB."),
        widget=forms.ClearableFileInput({"accept": "audio/*,.m4a,.amr,.3gp,.webm"}),
    )
    script = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_file(self) -> Any:
        """Refuse what is too big for a bulletin."""
        file = self.cleaned_data["file"]
        if file.size > MOST_RECORDED:
            raise forms.ValidationError(_("Tệp ghi âm lớn hơn 60 MB. Hãy lưu lại thành MP3 rồi tải lên."))
        return file


class AnswerForm(forms.Form):
    """The answer to what the system would not guess."""

    places = forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label=_("Giao cho các đơn vị"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(label=_("Trả lời"), required=False, widget=forms.Textarea(TEXT_ROWS))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "places", queryset=places)


class VisitForm(forms.Form):
    """One call at a door."""

    place = forms.ModelChoiceField(Place.objects.none(), label=_("Tổ dân phố"), empty_label=None)
    household = forms.CharField(label=_("Hộ (tên chủ hộ hoặc số nhà)"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    result = forms.ChoiceField(label=_("Kết quả"), choices=Visit.Result.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea({"rows": 2}))
    device_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Any, residents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.residents = residents
        _offer(self, "place", queryset=places)

    def clean(self) -> dict[str, Any] | None:
        """Find whom the number belongs to; without one, the household is needed."""
        cleaned = super().clean() or {}
        phone = cleaned.get("phone")
        number = read_phone(phone).number if phone else None
        cleaned["resident"] = self.residents.filter(phone=number).first() if number else None
        if cleaned["resident"] is None and not cleaned.get("household"):
            raise forms.ValidationError(
                _("Số này chưa có trong danh sách của bạn. Hãy ghi thêm tên hộ.")
                if phone
                else _("Hãy ghi tên hộ hoặc số điện thoại."),
            )
        return cleaned


class PhoneForm(forms.Form):
    """What a resident can tell of a phone."""

    pack = forms.ChoiceField(label=_("Về việc"))
    model = forms.CharField(
        label=_("Kiểu máy"),
        max_length=100,
        required=False,
        help_text=_("Thường in ở mặt sau máy hoặc dưới pin, ví dụ Nokia 105."),
    )
    imei = forms.CharField(
        label=_("Số IMEI"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
        help_text=_("Bấm *#06# để xem, gồm 15 chữ số. Trang này không lưu số IMEI."),
    )

    def __init__(self, *args: Any, packs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "pack", choices=packs)
        if len(packs) == 1:
            self.fields["pack"].widget, self.fields["pack"].initial = forms.HiddenInput(), packs[0][0]

    def clean(self) -> dict[str, Any] | None:
        """One of the two is needed."""
        cleaned = super().clean()
        if cleaned and not cleaned.get("model") and not cleaned.get("imei"):
            raise forms.ValidationError(_("Hãy nhập kiểu máy hoặc số IMEI."))
        return cleaned
