"""What people may send about letters that came in: checked for shape here, for sense by the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lantoa.places.models import Place
from lantoa.web.forms import MOST_UPLOADED, TEXT_ROWS

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


class DayField(forms.DateField):
    """A day, chosen or typed; it may be left out."""

    def __init__(self, **named: Any) -> None:
        super().__init__(
            required=False,
            input_formats=DAY_FORMATS,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            **named,
        )


class HandlingForm(forms.Form):
    """Who deals with a letter, and by when."""

    handled_by = forms.ModelChoiceField(Place.objects.none(), label=_("Đơn vị hoặc người nhận"), required=False)
    forwarded_on = DayField(label=_("Ngày chuyển"))
    due_on = DayField(label=_("Hạn xử lý"))
    done_on = DayField(label=_("Ngày xử lý xong"), help_text=_("Ghi khi việc đã xong; văn bản không còn tính quá hạn."))
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=2000, widget=forms.Textarea(TEXT_ROWS))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vars(self.fields["handled_by"]).update(empty_label=_("Chưa giao"))
        self.fields["handled_by"].queryset = places  # type: ignore[attr-defined]  # it is a ModelChoiceField


class ReceiveForm(forms.Form):
    """A letter to register: its file, or its words."""

    file = forms.FileField(label=_("Tệp văn bản"), required=False, help_text=_("PDF, DOCX, DOC, ảnh quét, EML …"))
    text = forms.CharField(
        label=_("Hoặc dán toàn văn"), required=False, max_length=1_000_000, widget=forms.Textarea({"rows": 4})
    )

    def clean_file(self) -> Any:
        """Refuse what is too big to be a letter."""
        file = self.cleaned_data["file"]
        if file is not None and file.size > MOST_UPLOADED:
            raise forms.ValidationError(_("Tệp lớn hơn 25 MB. Hãy nén hoặc quét lại ở độ phân giải thấp hơn."))
        return file

    def clean(self) -> dict[str, Any] | None:
        """One of the two is needed."""
        cleaned = super().clean()
        if cleaned and not cleaned.get("file") and not (cleaned.get("text") or "").strip() and not self.errors:
            raise forms.ValidationError(_("Hãy chọn tệp hoặc dán nội dung văn bản."))
        return cleaned
