"""The letter as an edXML message for the national document exchange (QCVN 102:2016/BTTTT)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from lantoa.letters.rules.checking import TYPE_NAMES
from lantoa.letters.writing.wording import as_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from lantoa.letters.rules.letter import Letter

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
_PREFIXED = f"{{{NAMESPACE}}}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"


@dataclass(frozen=True, slots=True)
class Organ:
    """A body on the exchange: its identifier (QĐ 20/2020/QĐ-TTg, at most 35 characters) and its name."""

    organ_id: str
    name: str
    address: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that travels with the message."""

    name: str
    content: bytes
    media_type: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the exchange needs and a letter does not say: who sends, to whom, when, by when an answer is due."""

    sender: Organ
    receivers: tuple[Organ, ...]
    sent_at: dt.datetime
    due_on: dt.date | None = None
    priority: int = 0
    pages: int | None = None


def write_edxml(letter: Letter, exchange: Exchange, files: Sequence[AttachedFile] = ()) -> bytes:
    """Return the message as UTF-8 XML, unsigned: the agency's own signing tool adds its signature.

    Children keep the `edXML:` prefix, which some receivers insist on; `AttachmentEncoded` stands outside the
    envelope without one, as in the ministry's samples. Raises `ValueError` when an identifier is too long.
    """
    for organ in (exchange.sender, *exchange.receivers):
        if not 0 < len(organ.organ_id) <= 35:
            raise ValueError(f"Mã định danh phải có từ 1 đến 35 ký tự: {organ.organ_id!r}")
    root = etree.fromstring(f'<edXML xmlns="{NAMESPACE}"><edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}"/></edXML>')
    envelope = root[0]
    header = _add(envelope, "edXMLHeader")
    _message_header(_add(header, "MessageHeader"), letter, exchange)
    _trace(header, exchange)
    manifest = _add(_add(envelope, "edXMLBody"), "edXMLManifest")
    manifest.set("version", "1.0")
    encoded = etree.SubElement(root, _PREFIXED + "AttachmentEncoded")
    for file in files:
        content_id = hashlib.sha256(file.name.encode() + b"\0" + file.content).hexdigest()[:32]
        _refer(manifest, file, content_id)
        _encode(encoded, file, content_id)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, _PREFIXED + name)
    child.text = text
    return child


def _message_header(header: etree._Element, letter: Letter, exchange: Exchange) -> None:
    day = as_date(letter.date) if letter.date else None
    issued = day.strftime("%Y/%m/%d") if day else ""
    _organ(header, "From", exchange.sender)
    for receiver in exchange.receivers:
        _organ(header, "To", receiver)
    code = _add(header, "Code")
    _add(code, "CodeNumber", letter.number or "")
    _add(code, "CodeNotation", letter.symbol or "")
    promulgation = _add(header, "PromulgationInfo")
    _add(promulgation, "Place", letter.place or "")
    _add(promulgation, "PromulgationDate", issued)
    kind = _add(header, "DocumentType")
    _add(kind, "Type", "1")
    _add(kind, "TypeDetail", "0")
    _add(kind, "TypeName", TYPE_NAMES[letter.doc_type])
    _add(header, "Subject", letter.subject or "")
    _add(header, "Content", "\n".join(letter.body) or letter.subject or "")
    _signer(header, letter)
    if exchange.due_on:
        _add(header, "DueDate", exchange.due_on.strftime("%Y/%m/%d"))
    places = _add(header, "ToPlaces")
    for line in letter.recipients_lines or letter.addressees:
        _add(places, "Place", line)
    _other(header, letter, exchange)
    _add(header, "SteeringType", "0")
    _add(header, "DocumentId", f"{exchange.sender.organ_id},{issued},{letter.number_symbol or ''}")


def _organ(parent: etree._Element, name: str, organ: Organ) -> None:
    made = _add(parent, name)
    values = (("OrganId", organ.organ_id), ("OrganizationInCharge", organ.name), ("OrganName", organ.name),
              ("OrganAdd", organ.address), ("Email", organ.email), ("Telephone", organ.telephone), ("Fax", ""),
              ("Website", ""))
    for key, value in values:
        _add(made, key, value)


def _signer(header: etree._Element, letter: Letter) -> None:
    signer = _add(header, "SignerInfo")
    _add(signer, "Competence", letter.signing_authority or "")
    _add(signer, "Position", letter.signer_title or "")
    _add(signer, "FullName", letter.signer_name or "")


def _other(header: etree._Element, letter: Letter, exchange: Exchange) -> None:
    other = _add(header, "OtherInfo")
    _add(other, "Priority", str(exchange.priority))
    for key in ("SphereOfPromulgation", "TyperNotation", "PromulgationAmount"):
        _add(other, key, "")
    _add(other, "PageAmount", "" if exchange.pages is None else str(exchange.pages))
    appendixes = _add(other, "Appendixes")
    for name in letter.attachments:
        _add(appendixes, "Appendix", name)


def _trace(header: etree._Element, exchange: Exchange) -> None:
    """Who passed it on and when; `Bussiness` is the standard's own spelling, type 0 a new document."""
    traces = _add(header, "TraceHeaderList")
    for key, value in (("id", "trace-1"), ("version", "1.0"), ("mustUnderstand", "1"), ("actor", _ACTOR)):
        traces.set(key, value)
    trace = _add(traces, "TraceHeader")
    _add(trace, "OrganId", exchange.sender.organ_id)
    _add(trace, "Timestamp", exchange.sent_at.strftime("%Y/%m/%d %H:%M:%S"))
    business = _add(traces, "Bussiness")
    _add(business, "BussinessDocType", "0")
    _add(business, "BussinessDocReason", "Văn bản điện tử mới")
    _add(business, "Paper", "0")


def _refer(manifest: etree._Element, file: AttachedFile, content_id: str) -> None:
    reference = etree.SubElement(manifest, _PREFIXED + "Reference", nsmap={"xlink": _XLINK[1:-1]})
    for key, value in (("href", f"cid:{content_id}"), ("role", "XLinkRole"), ("type", "simple")):
        reference.set(_XLINK + key, value)
    _add(reference, "Description", file.description)
    _add(reference, "AttachmentName", file.name)
    _add(reference, "ContentType", file.media_type)
    _add(reference, "ContentId", f"cid:{content_id}")


def _encode(encoded: etree._Element, file: AttachedFile, content_id: str) -> None:
    attachment = _add(encoded, "Attachment")
    _add(attachment, "ContentType", file.media_type)
    _add(attachment, "ContentId", f"cid:{content_id}")
    _add(attachment, "Description", file.description)
    _add(attachment, "ContentTransferEncoded", base64.b64encode(file.content).decode())
    _add(attachment, "AttachmentName", file.name)
