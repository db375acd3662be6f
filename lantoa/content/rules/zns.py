"""Zalo's notifications (ZNS): templates Zalo has approved, what their parameters may hold, and filling them.

Nobody writes a ZNS freely: Zalo approves a template, its words fixed and its parameters marked `<so>`, and a message
names the template and gives the parameters. Both are the agency's own, so they stand in a file of its own, `zns.toml`,
with the person who confirmed them; none comes with the program. A parameter's value is written as a pack writes words
(`{cutoff_date}`, `{publisher}`) and may hold slots of the recipient (`{{name|Quý khách}}`).

Types and lengths: https://zalo.cloud/zns/guidelines, "Các định dạng dữ liệu khi truyền vào tham số"; lengths of title
and paragraphs: "ZNS Template Content & Data Format Requirements" of Zalo's partners. Read in November 2026; what the
page of an approved template says goes before it (`most`).
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lantoa.campaigns.rules.wording import Missing, WordingError, fill, references
from lantoa.channels.wire import Slot, split_slots
from lantoa.content.rules.piece import Parameter
from lantoa.content.rules.slots import fill_slots, inert, slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lantoa.campaigns.rules.wording import FactValue, PlaceWords

FILE_NAME = "zns.toml"
PIECES = ("zns", "correction_zns")
TITLE, PARAGRAPH = (9, 65), (9, 400)
"""Characters of a template's title and of each of its paragraphs, at least and at most."""
MOST_PARAGRAPHS, MOST_IN_TITLE, MOST_IN_TEXT = 4, 4, 10
"""Paragraphs of a template; parameters in its title; parameters in its text."""


@dataclass(frozen=True, slots=True)
class ParameterType:
    """What Zalo lets a parameter be: its name there, its most characters, and the form of its value."""

    label: str
    most: int
    form: re.Pattern[str] = re.compile(r"[^\r\n\t]+")
    must: str = "không được xuống dòng"


TYPES: Mapping[str, ParameterType] = {
    "customer_name": ParameterType("Tên khách hàng", 30),
    "phone": ParameterType("Số điện thoại", 15, re.compile(r"[0-9+() .-]+"), "phải là số điện thoại"),
    "address": ParameterType("Địa chỉ", 200),
    "code": ParameterType("Mã số", 30),
    "label": ParameterType("Nhãn tùy chỉnh", 30),
    "status": ParameterType("Trạng thái giao dịch", 30),
    "contact": ParameterType("Thông tin liên hệ", 50),
    "salutation": ParameterType("Giới tính, danh xưng", 5),
    "product": ParameterType("Tên sản phẩm, thương hiệu", 200),
    "amount": ParameterType("Số lượng, số tiền", 20),
    "time": ParameterType(
        "Thời gian", 20, re.compile(r"(?:\d\d:\d\d(?::\d\d)? )?\d\d/\d\d/\d{4}"), "phải là giờ, ngày dạng 16/09/2024"
    ),
    "url": ParameterType("URL", 200, re.compile(r"https?://\S+"), "phải là địa chỉ trang"),
    "money": ParameterType("Tiền tệ (VNĐ)", 12, re.compile(r"\d+"), "phải là số đồng viết liền"),
}
"""By the word for it in `zns.toml`. The types for one-time codes and bank transfers are left out on purpose: no notice
of an office brings either."""

_PARAMETER = re.compile(r"<([a-z][a-z0-9_]*)>")
_SHORT_DAY = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")


class ZnsError(ValueError):
    """The file of templates is broken; the entry is named, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class TemplateParameter:
    """One parameter of an approved template, and what stands for it."""

    name: str
    type: str
    value: str
    most: int


@dataclass(frozen=True, slots=True)
class Template:
    """One template as Zalo approved it and a person of the agency confirmed it."""

    id: str
    pack: str
    kind: str
    """`zns` or `correction_zns`."""
    title: str
    text: str
    """As approved, parameters as `<so>`; paragraphs parted by a line."""
    parameters: tuple[TemplateParameter, ...]
    confirmed_by: str
    confirmed_on: dt.date
    about: str = ""
    """Of a correction: the fact it tells of; empty: of any."""
    phases: tuple[str, ...] = ()
    """The phases of the campaign its words are true in; empty: in all."""


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """A template for one place: its parameters, slots still open, and the words as they are read."""

    title: str
    text: str
    parameters: tuple[Parameter, ...]
    used: frozenset[str]
    missing: tuple[Missing, ...]


def choose_template(
    templates: tuple[Template, ...], pack: str, kind: str, *, about: str = "", phase: str = ""
) -> Template | None:
    """The template for this kind, fact and phase; one made for just them before one for all."""
    fitting = [
        one
        for one in templates
        if (one.pack, one.kind) == (pack, kind) and one.about in {about, ""} and (not one.phases or phase in one.phases)
    ]
    return max(fitting, key=lambda one: (len(one.about), bool(one.phases)), default=None)


def fill_template(template: Template, facts: Mapping[str, FactValue], words: PlaceWords) -> FilledTemplate:
    """Give every parameter its value. What is not confirmed is named in `missing`, never printed."""
    parameters: list[Parameter] = []
    used: set[str] = set()
    missing: dict[str, Missing] = {}
    for one in template.parameters:
        value = ""
        for part in split_slots(one.value):
            if isinstance(part, Slot):
                value += slot(part.name, part.otherwise)
                continue
            filled = fill(part, facts, words)
            used |= filled.used
            missing |= {lack.key: lack for lack in filled.missing}
            value += inert(filled.text)
        value = _SHORT_DAY.sub(_long_day, value) if one.type == "time" else value
        parameters.append(Parameter(one.name, value.strip(), one.type, one.most))
    read = {one.name: fill_slots(one.value) for one in parameters}
    title, text = (_PARAMETER.sub(lambda match: read[match[1]], told) for told in (template.title, template.text))
    return FilledTemplate(title, text, tuple(parameters), frozenset(used), tuple(missing.values()))


def _long_day(match: re.Match[str]) -> str:
    """`07/6/2025` as Zalo writes it: `07/06/2025`."""
    return f"{int(match[1]):02d}/{int(match[2]):02d}/{match[3]}"


def faults_of(parameter: Parameter) -> Iterator[str]:
    """What Zalo would refuse in a parameter, in Vietnamese; slots count as for somebody nothing is known of."""
    value, kind = fill_slots(parameter.value), TYPES[parameter.type]
    if not value:
        yield f"tham số «{parameter.name}» để trống"
    elif len(value) > parameter.most:
        yield (
            f"tham số «{parameter.name}» (kiểu {kind.label}) dài {len(value)} ký tự, nhiều nhất {parameter.most}: "
            f"“{value[:40]}…”"
        )
    elif not kind.form.fullmatch(value):
        yield f"tham số «{parameter.name}» (kiểu {kind.label}) {kind.must}, không phải “{value[:40]}”"


# --- the agency's file ------------------------------------------------------------------------------------

_KEYS = {"id", "pack", "kind", "title", "text", "confirmed_by", "confirmed_on", "about", "phases", "params"}


def read_templates(toml: str, where: str = FILE_NAME) -> tuple[Template, ...]:
    """Read the agency's file of templates. Raises `ZnsError` naming the entry that is wrong."""
    try:
        tables = tomllib.loads(unicodedata.normalize("NFC", toml))
    except tomllib.TOMLDecodeError as error:
        raise ZnsError(f"{where}: tệp không đúng cú pháp TOML ({error}).") from error
    entries = tables.get("template", [])
    if set(tables) - {"template"} or not isinstance(entries, list):
        raise ZnsError(f"{where}: mỗi mẫu là một mục [[template]], ngoài ra không có gì khác.")
    return tuple(_template(entry, f"{where}, mẫu thứ {number}") for number, entry in enumerate(entries, start=1))


def _template(entry: Mapping[str, Any], where: str) -> Template:
    if unknown := sorted(set(entry) - _KEYS):
        raise ZnsError(f"{where}: không có dòng nào tên «{unknown[0]}»; chỉ dùng {', '.join(sorted(_KEYS))}.")
    named = {key: _text(entry, key, where) for key in ("id", "pack", "kind", "title", "text", "confirmed_by")}
    if not named["id"].isdecimal():
        raise ZnsError(f'{where}: «id» là mã mẫu Zalo cấp, chỉ gồm chữ số, ví dụ "345678".')
    if named["kind"] not in PIECES:
        raise ZnsError(f"{where}: «kind» là {' hoặc '.join(PIECES)}.")
    day, phases = entry.get("confirmed_on"), entry.get("phases", [])
    if not isinstance(day, dt.date):
        raise ZnsError(f"{where}: thiếu «confirmed_on», ngày đối chiếu với trang của Zalo, ví dụ 2024-09-05.")
    if not isinstance(phases, list) or not all(isinstance(one, str) for one in phases):
        raise ZnsError(f"{where}: «phases» là danh sách tên giai đoạn.")
    parameters = tuple(_parameters(entry.get("params", {}), where))
    about = entry.get("about", "")
    template = Template(**named, parameters=parameters, confirmed_on=day, about=str(about), phases=tuple(phases))
    _check_words(template, where)
    return template


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ZnsError(f"{where}: thiếu «{key}» (chữ trong dấu ngoặc kép).")
    return value.strip()


def _parameters(entries: Any, where: str) -> Iterator[TemplateParameter]:
    if not isinstance(entries, dict):
        raise ZnsError(f'{where}: «params» là các dòng TÊN = {{ type = "…", value = "…" }}.')
    for name, entry in entries.items():
        at = f"{where}, tham số «{name}»"
        if not isinstance(entry, dict) or set(entry) - {"type", "value", "most"}:
            raise ZnsError(f'{at}: phải có dạng {{ type = "…", value = "…" }}, có thể thêm «most».')
        kind, value = _text(entry, "type", at), _text(entry, "value", at)
        if kind not in TYPES:
            raise ZnsError(f"{at}: không có kiểu «{kind}»; chỉ dùng {', '.join(TYPES)}.")
        most = entry.get("most", TYPES[kind].most)
        if type(most) is not int or most < 1:
            raise ZnsError(f"{at}: «most» là số ký tự nhiều nhất.")
        try:
            for part in split_slots(value):
                references(part if isinstance(part, str) else "")
        except WordingError as error:
            raise ZnsError(f"{at}: {error}.") from error
        yield TemplateParameter(name, kind, value, most)


def _check_words(template: Template, where: str) -> None:
    known = {one.name for one in template.parameters}
    found = set(_PARAMETER.findall(f"{template.title}\n{template.text}"))
    if found != known:
        odd = ", ".join(f"<{name}>" for name in sorted(found ^ known))
        raise ZnsError(f"{where}: lời mẫu và «params» không khớp ở {odd}.")


# --- what to ask Zalo for ---------------------------------------------------------------------------------


def proposed(text: str) -> str:
    """A pack's words as a template to be registered: each reference is a parameter, `{day|long}` becomes `<day>`."""
    for reference in references(text):
        pattern = "{" + "|".join((reference.key, *reference.filters)) + "}"
        text = text.replace(pattern, f"<{reference.key.lower()}>")
    return text


def proposal_faults(title: str, text: str) -> Iterator[str]:
    """What Zalo would refuse in words to be registered as a template, in Vietnamese."""
    paragraphs = [part for part in text.splitlines() if part.strip()]
    for what, told, (least, most) in (("tiêu đề", title, TITLE), *(("đoạn", part, PARAGRAPH) for part in paragraphs)):
        if not least <= len(told) <= most:
            yield f"{what} “{told[:30]}…” dài {len(told)} ký tự, phải từ {least} đến {most}"
    if len(paragraphs) > MOST_PARAGRAPHS:
        yield f"có {len(paragraphs)} đoạn, nhiều nhất {MOST_PARAGRAPHS}"
    for what, told, most in (("tiêu đề", title, MOST_IN_TITLE), ("nội dung", text, MOST_IN_TEXT)):
        if len(_PARAMETER.findall(told)) > most:
            yield f"{what} có hơn {most} tham số"
