"""The edXML envelope of the national document exchange (QCVN 102:2016/BTTTT): its header as data, its files as text.

The header's values are taken as they are. `Extracted.envelope` has, each only when stated:

- text: `number`, `symbol`, `place`, `date` (ISO), `type_name`, `subject`, `content`, `issuer`, `signing_authority`,
  `signer_title`, `signer_name`, `due_on` (ISO), `document_id`, `business` (`new`, `recall`, `update`, `replace`),
  `reason`, `priority`
- lists of text: `addressees` (receiving organisations), `recipients_lines`, `attachments` (appendixes), `files`
- `organs`: mapping `sender` and `receivers` to dicts of `id`, `name`, `address`, `email`, `telephone`
- `answers`: list of `number_symbol` of the documents this one answers
- `is_alone`: True when no file inside could be read; the text is then the header laid out line by line
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from lantoa.lib.extract.choosing import Part, choose_letter, safe_name
from lantoa.lib.extract.document import MOST_BYTES, Attachment, Extracted, ExtractionError
from lantoa.lib.extract.packed import parse_xml
from lantoa.lib.vietnamese import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.lib.extract.choosing import Read

_NO_TEXT = "Gói văn bản edXML không có tệp nào đọc được và phần đầu để trống. Hãy gửi riêng tệp công văn."
_STATUS = "Đây là thông điệp báo trạng thái xử lý, không phải văn bản. Hãy gửi gói edXML có văn bản kèm theo."
_LONGEST = 4_000
_MOST_ENTRIES = 500
_BUSINESS = {"0": "new", "1": "recall", "2": "update", "3": "replace"}
_ORGAN = {"OrganId": "id", "OrganName": "name", "OrganAdd": "address", "Email": "email", "Telephone": "telephone"}
_FIELDS = {
    "number": "Code/CodeNumber",
    "symbol": "Code/CodeNotation",
    "place": "PromulgationInfo/Place",
    "date": "PromulgationInfo/PromulgationDate",
    "type_name": "DocumentType/TypeName",
    "subject": "Subject",
    "content": "Content",
    "issuer": "From/OrganName",
    "signing_authority": "SignerInfo/Competence",
    "signer_title": "SignerInfo/Position",
    "signer_name": "SignerInfo/FullName",
    "due_on": "DueDate",
    "document_id": "DocumentId",
    "priority": "OtherInfo/Priority",
}
_SHOWN = {
    "type_name": "Loại văn bản", "number": "Số", "symbol": "Ký hiệu", "place": "Nơi ban hành", "date": "Ngày ban hành",
    "issuer": "Cơ quan gửi", "addressees": "Cơ quan nhận", "subject": "Trích yếu", "content": "Nội dung",
    "signing_authority": "Thẩm quyền ký", "signer_title": "Chức vụ", "signer_name": "Người ký", "due_on": "Hạn trả lời",
    "recipients_lines": "Nơi gửi đến", "attachments": "Phụ lục", "files": "Tệp kèm theo",
}  # fmt: skip


def is_edxml(data: bytes) -> bool:
    """Whether XML is an edXML envelope, by the name of its root."""
    return re.search(rb"<(?:[\w-]+:)?edxml[\s>]", data[:4000], re.IGNORECASE) is not None


def read_edxml(data: bytes, read: Read) -> Extracted:
    """Read an envelope: the text of the letter among its files, the header as `envelope`.

    When no file can be read, the text is the header itself. Raises `ExtractionError` for a message that only reports
    a status, and for an envelope with neither header nor text.
    """
    root = parse_xml(data, is_long=True)
    header = next((node for node in root.iter("{*}MessageHeader")), None)
    if root.find(".//{*}StatusCode") is not None and root.find(".//{*}Attachment") is None:
        raise ExtractionError(_STATUS)
    envelope = _header(header) if header is not None else {}
    _add_business(root, envelope)
    files = list(_files(root))
    envelope["files"] = [safe_name(part.name, place) for place, part in enumerate(files, 1)]
    stated = {key: value for key, value in envelope.items() if value}
    try:
        return replace(choose_letter("", files, "edxml", read), envelope=stated)
    except ExtractionError as error:
        if not stated.keys() & {"number", "subject", "content"}:
            raise ExtractionError(_NO_TEXT) from error
    listed = tuple(Attachment(safe_name(part.name, place), part.data) for place, part in enumerate(files, 1))
    return Extracted(_laid_out(stated), (0,), "edxml", listed, envelope=stated | {"is_alone": True})


def _header(header: etree._Element) -> dict[str, object]:
    values: dict[str, object] = {key: _text(header, path) for key, path in _FIELDS.items()}
    for key in ("date", "due_on"):
        values[key] = _iso(str(values[key] or ""))
    if not values["number"] and not values["symbol"]:
        values["number"], values["symbol"] = _from_id(str(values["document_id"] or ""))
    receivers = [_organ(node) for node in header.findall("{*}To")[:_MOST_ENTRIES]]
    sender = header.find("{*}From")
    values["organs"] = {"sender": _organ(sender) if sender is not None else {}, "receivers": receivers}
    values["addressees"] = [name for name in (organ.get("name") for organ in receivers) if name]
    values["recipients_lines"] = _texts(header, "{*}ToPlaces/{*}Place")
    values["attachments"] = _texts(header, "{*}OtherInfo/{*}Appendixes/{*}Appendix")
    values["answers"] = [code for code in map(_code, header.findall("{*}ResponseFor")[:_MOST_ENTRIES]) if code]
    return values


def _add_business(root: etree._Element, envelope: dict[str, object]) -> None:
    """Take what the message does: it brings a new document, or recalls, updates or replaces one already sent."""
    envelope["business"] = _BUSINESS.get(_text(root, ".//{*}BussinessDocType") or "")
    envelope["reason"] = _text(root, ".//{*}BussinessDocReason")


def _files(root: etree._Element) -> Iterator[Part]:
    for node in root.iter("{*}Attachment"):
        parts = {etree.QName(child).localname: child.text or "" for child in node if isinstance(child.tag, str)}
        content = _base64(parts.get("ContentTransferEncoded") or parts.get("Content") or "")
        if content:
            yield Part(parts.get("AttachmentName", ""), content)


def _organ(node: etree._Element) -> dict[str, str]:
    found = {key: _text(node, name) for name, key in _ORGAN.items()}
    return {key: value for key, value in found.items() if value}


def _code(node: etree._Element) -> str | None:
    return _text(node, "Code") or "/".join(
        part for part in (_text(node, "Code/CodeNumber"), _text(node, "Code/CodeNotation")) if part
    )


def _text(node: etree._Element, path: str) -> str | None:
    """The text at a path of local names, tidied; None when it is not there or blank."""
    steps = path if path.startswith(".") else "/".join("{*}" + step for step in path.split("/"))
    found = node.findtext(steps)
    return "\n".join(" ".join(line.split()) for line in nfc(found or "")[:_LONGEST].strip().split("\n")) or None


def _texts(node: etree._Element, path: str) -> list[str]:
    found = (" ".join(nfc(item.text or "")[:_LONGEST].split()) for item in node.findall(path)[:_MOST_ENTRIES])
    return [text for text in found if text]


def _iso(stated: str) -> str | None:
    """`2024/08/05` (the standard's form), `2024-08-05T…` or `05/08/2024` (met in practice) as an ISO date."""
    found = re.match(r"\s*(?:(\d{4})[/-](\d{1,2})[/-](\d{1,2})|(\d{1,2})[/-](\d{1,2})[/-](\d{4}))(?!\d)", stated)
    if not found:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _from_id(document_id: str) -> tuple[str | None, str | None]:
    """Number and symbol from `<OrganId>,<yyyy/MM/dd>,<number>/<symbol>`."""
    code = document_id.split(",")[2] if document_id.count(",") == 2 else ""
    number, _, symbol = code.partition("/")
    return number.strip() or None, symbol.strip() or None


def _laid_out(envelope: dict[str, object]) -> str:
    lines = ["PHẦN ĐẦU CỦA GÓI VĂN BẢN EDXML"]
    for key, label in _SHOWN.items():
        value = envelope.get(key)
        if value:
            lines.append(f"{label}: {'; '.join(value) if isinstance(value, list) else value}")
    return "\n".join(lines)


def _base64(text: str) -> bytes:
    if len(text) > MOST_BYTES * 2:
        return b""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
