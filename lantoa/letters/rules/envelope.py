"""The header of an edXML envelope put over what was read from the text inside it (QCVN 102:2016/BTTTT).

The sending office's own system filled the header in when the letter was registered, so its number, symbol, date and
issuer are believed before what was read, above all on a scan. Where both say something and it is not the same, the
field is in doubt with both values. Lists (`Kính gửi`, `Nơi nhận`) stand as printed; the header only fills them in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lantoa.letters.rules.checking import OTHER_TYPES, TYPE_NAMES
from lantoa.letters.rules.letter import Doubt, Letter
from lantoa.letters.rules.reading import NotALetter, read_letter
from lantoa.lib.vietnamese import folded, nfc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TAKEN = ("number", "symbol", "place", "date", "issuer", "subject", "signing_authority", "signer_title", "signer_name")
_LISTS = ("addressees", "recipients_lines", "attachments")
_LABELS = {"date": "ngày"}
_TYPES = {folded(name): key for key, name in TYPE_NAMES.items() if key != "other"}
_OTHER = {folded(name) for name in OTHER_TYPES.values()} | {"van ban", "van ban khac"}
_ABOUT = re.compile(r"\s*(?:v/v|về việc|vv)\s*:?\s*", re.IGNORECASE)
_SHORT = (
    (re.compile(r"\bubnd\b"), "uy ban nhan dan"), (re.compile(r"\bhdnd\b"), "hoi dong nhan dan"),
    (re.compile(r"\bmttq\b"), "mat tran to quoc"), (re.compile(r"\btp\b\.?"), "thanh pho"),
    (re.compile(r"\btx\b\.?"), "thi xa"), (re.compile(r"\btt\b\.?"), "thi tran"),
)  # fmt: skip
_NO_BODY = "Không tệp nào trong gói đọc được; chỉ có phần đầu của gói edXML. Hãy mở tệp gốc để đọc nội dung."
_BUSINESS = {
    "recall": "Gói edXML này thu hồi văn bản đã gửi.",
    "update": "Gói edXML này cập nhật văn bản đã gửi.",
    "replace": "Gói edXML này thay thế văn bản đã gửi.",
}


def read_enveloped(
    text: str,
    page_starts: Sequence[int] = (),
    envelope: Mapping[str, object] | None = None,
    shaky: Sequence[tuple[int, int]] = (),
) -> Letter:
    """Read a letter from its text and from the envelope around it, when there is one.

    Takes `Extracted.text`, `.page_starts`, `.envelope` and `.shaky`. Without an envelope it is `read_letter`; with
    one, text that is no letter still gives what the header says. Raises `NotALetter` when neither is a letter.
    """
    if not envelope:
        return read_letter(text, page_starts, shaky)
    if envelope.get("is_alone"):
        return read_envelope(envelope)
    try:
        letter = read_letter(text, page_starts, shaky)
    except NotALetter:
        if not _text(envelope, "number") and not _text(envelope, "subject"):
            raise
        return read_envelope(envelope)
    return with_envelope(letter, envelope)


def read_envelope(envelope: Mapping[str, object]) -> Letter:
    """Build a letter from the header alone, its tasks and body in doubt, for its files could not be read."""
    content, subject = _text(envelope, "content"), _text(envelope, "subject")
    body = tuple(line for line in (content or "").split("\n") if line and line != subject)
    bare = Letter(doc_type="other", issuer=None, body=body, doubts=(Doubt("tasks", _NO_BODY), Doubt("body", _NO_BODY)))
    letter = with_envelope(bare, envelope)
    missing = [name for name in ("number", "issuer", "date", "subject") if getattr(letter, name) is None]
    if _type_of(envelope) is None:
        missing.append("doc_type")
    doubts = tuple(Doubt(name, "Phần đầu của gói edXML không ghi mục này.") for name in missing)
    return replace(letter, doubts=letter.doubts + doubts)


def with_envelope(letter: Letter, envelope: Mapping[str, object]) -> Letter:
    """Put the header's values over those read from the text, with a doubt wherever the two differ.

    A field the header confirms or supplies loses its earlier doubts; one it contradicts takes the header's value,
    loses its span and gains a doubt that names both.
    """
    doubts = list(letter.doubts)
    values: dict[str, Any] = {}
    spans = dict(letter.spans)
    for name in _TAKEN:
        stated, read = _stated(envelope, name), getattr(letter, name)
        if stated is None:
            continue
        doubts = [doubt for doubt in doubts if doubt.field != name]
        if read is not None and _same(name, stated, read):
            continue
        values[name] = stated
        spans.pop(name, None)
        if read is not None:
            doubts.append(_differs(name, stated, read))
    for name in _LISTS:
        if not getattr(letter, name) and (stated_list := _texts(envelope, name)):
            values[name] = stated_list
            doubts = [doubt for doubt in doubts if doubt.field != name]
            doubts.append(Doubt(name, "Lấy từ phần đầu của gói edXML, không thấy trong văn bản."))
    if "date" in values:
        values["date_partial"] = None
    values |= _typed(letter, envelope, doubts)
    doubts += _acts(envelope)
    return replace(letter, **values, spans=spans, doubts=tuple(doubts))


def _typed(letter: Letter, envelope: Mapping[str, object], doubts: list[Doubt]) -> dict[str, str]:
    """Take the type the header names, unless the text has a type and the header only says `văn bản`."""
    stated = _type_of(envelope)
    if stated is None or stated == letter.doc_type or (stated == "other" and letter.doc_type in TYPE_NAMES):
        return {}
    if letter.doc_type != "other":
        doubts.append(_differs("doc_type", TYPE_NAMES[stated], TYPE_NAMES.get(letter.doc_type, letter.doc_type)))
    return {"doc_type": stated}


def _type_of(envelope: Mapping[str, object]) -> str | None:
    name = " ".join(folded(_text(envelope, "type_name") or "").split())
    if not name:
        return None
    known = next((key for label, key in _TYPES.items() if name == label or name.startswith(label + " ")), None)
    return known or ("other" if name in _OTHER else None)


def _acts(envelope: Mapping[str, object]) -> list[Doubt]:
    """What the message does to one sent before; a person must see it before anything is published."""
    why = _BUSINESS.get(str(envelope.get("business") or ""))
    reason = _text(envelope, "reason")
    return [Doubt("doc_type", f"{why} Lý do ghi trong gói: {reason}." if reason else why)] if why else []


def _differs(name: str, stated: str, read: str) -> Doubt:
    label = _LABELS.get(name, "mục này")
    return Doubt(name, f"Phần đầu của gói edXML ghi {label} “{stated}”, trong văn bản là “{read}”; hãy xem lại.")


def _stated(envelope: Mapping[str, object], name: str) -> str | None:
    value = _text(envelope, name)
    if value is None or name not in {"subject", "symbol"}:
        return value
    if name == "subject":
        return _ABOUT.sub("", value.replace("\n", " "), count=1).strip() or None if _ABOUT.match(value) else value
    return value.strip("/ ") or None


def _text(envelope: Mapping[str, object], name: str) -> str | None:
    value = envelope.get(name)
    return (nfc(value).strip() or None) if isinstance(value, str) else None


def _texts(envelope: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = envelope.get(name)
    return tuple(str(item) for item in value if item) if isinstance(value, (list, tuple)) else ()


def _same(name: str, stated: str, read: str) -> bool:
    if name == "number":
        return stated.lstrip("0") == read.lstrip("0")
    return _key(stated) == _key(read)


def _key(text: str) -> str:
    """Compare without case, marks, punctuation and the abbreviations every office uses."""
    plain = folded(nfc(text))
    for pattern, words in _SHORT:
        plain = pattern.sub(words, plain)
    return " ".join(re.findall(r"\w+", _ABOUT.sub("", plain, count=1) if _ABOUT.match(plain) else plain))
