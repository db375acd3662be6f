"""Small files of every kind, made byte by byte: what the tests read and the fuzzing begins from."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING

from lantoa.lib.vietnamese.encoding import _TCVN3_CODES, _TCVN3_LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

LETTER = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒNG MẪU\tĐộc lập - Tự do - Hạnh phúc
Số: 12/UBND-VX\tĐồng Mẫu, ngày 05 tháng 8 năm 2024
Kính gửi: Các thôn trên địa bàn xã.
Thực hiện Công văn số 7/UBND-VX ngày 01/8/2024 của huyện, Ủy ban nhân dân xã đề nghị:
1. Các thôn phát loa thông báo ít nhất 02 lần/ngày, xong trước ngày 20/8/2024.
2. Công an xã phối hợp thực hiện, báo cáo trước ngày 25/8/2024./.
Nơi nhận:
- Như trên;
- Lưu: VT.\tCHỦ TỊCH
Trần Văn Mẫu"""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LEAST = 4096


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Give a ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Give a DOCX whose body is this XML; `parts` are further parts by their stem (`numbering`, `styles` …)."""
    files = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    return packed(files | {f"word/{name}.xml": content for name, content in parts.items()})


def paragraph(text: str, properties: str = "") -> str:
    """Give a paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Give a compound file ([MS-CFB]) of these streams, `storage/stream` in storages; each is padded to 4096 bytes."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, 0]]
    storages: dict[str, int] = {}
    children: dict[int, list[int]] = {0: []}
    sectors: list[bytes] = []
    chains: list[tuple[int, int]] = []
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        if folder and folder not in storages:
            storages[folder] = len(entries)
            children[0].append(len(entries))
            children[len(entries)] = []
            entries.append([folder, 1, _FREE, 0, 0])
        children[storages.get(folder, 0)].append(len(entries))
        data = content.ljust(_LEAST, b"\0")
        count = -(-len(data) // _SECTOR)
        chains.append((len(sectors), count))
        entries.append([name, 2, _FREE, len(sectors), len(data)])
        sectors += [data[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, count * _SECTOR, _SECTOR)]
    directory = b"".join(_entry(entry, place, children) for place, entry in enumerate(entries))
    directory = directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0")
    chains.append((len(sectors), len(directory) // _SECTOR))
    first = len(sectors)
    sectors += [directory[at : at + _SECTOR] for at in range(0, len(directory), _SECTOR)]
    return _container(sectors, chains, first)


def _entry(entry: list[object], place: int, children: dict[int, list[int]]) -> bytes:
    name, kind, _, start, size = entry
    siblings = next((group for group in children.values() if place in group), [])
    after = siblings.index(place) + 1 if place in siblings else 0
    right = siblings[after] if 0 < after < len(siblings) else _FREE
    child = children[place][0] if children.get(place) else _FREE
    label = (str(name) + "\0").encode("utf-16-le")
    begin = _END if kind == 5 else start
    return label.ljust(64, b"\0") + struct.pack(
        "<HBBIII16sIQQIQ", len(label), kind, 1, _FREE, right, child, b"", 0, 0, 0, begin, size
    )


def _container(sectors: list[bytes], chains: list[tuple[int, int]], directory: int) -> bytes:
    tables = 1
    while tables * 128 < len(sectors) + tables:
        tables += 1
    fat = [_FREE] * (tables * 128)
    for start, count in chains:
        for at in range(start, start + count):
            fat[at] = at + 1 if at + 1 < start + count else _END
    places = list(range(len(sectors), len(sectors) + tables))
    for at in places:
        fat[at] = _FAT
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory,
        0, _LEAST, _END, 0, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *(places + [_FREE] * (109 - len(places))))
    return header + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def word97(text: str, *, narrow: str = "", flags: int = 0) -> bytes:
    """Give a DOC: `text` as a Unicode piece, then `narrow` as a piece of one byte a letter; no properties."""
    wide, thin = text.encode("utf-16-le"), narrow.encode("cp1252")
    start = 0x600
    places = struct.pack("<3I", 0, len(text), len(text) + len(narrow))
    pieces = struct.pack("<HIH", 0, start, 0) + struct.pack("<HIH", 0, (start + len(wide)) * 2 | 0x40000000, 0)
    clx = b"\x02" + struct.pack("<I", len(places + pieces)) + places + pieces
    main = bytearray(start)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 0x0A, 0x0200 | flags)
    struct.pack_into("<i", main, 0x4C, len(text) + len(narrow))
    struct.pack_into("<II", main, 0x1A2, 64, len(clx))
    return compound({"WordDocument": bytes(main) + wide + thin, "1Table": bytes(64) + clx})


def rtf(body: str) -> bytes:
    """Give an RTF whose letters beyond ASCII are Unicode escapes."""
    escaped = "".join(
        sign if ord(sign) < 128 else f"\\u{ord(sign) - 65536 if ord(sign) > 32767 else ord(sign)}?" for sign in body
    )
    return (r"{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl{\f0\fcharset0 Times New Roman;}}" + escaped + "}").encode()


def mail(text: str, files: Mapping[str, bytes], *, page: str = "") -> bytes:
    """Give an e-mail with a body, perhaps also as HTML, and attached files."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "van.thu@mau.example", "xa@mau.example", "Gửi công văn"
    message.set_content(text)
    if page:
        message.add_alternative(page, subtype="html")
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    for place, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"phan-{place}")  # else it differs from run to run
    return message.as_bytes()


def outlook(text: str, files: Mapping[str, bytes]) -> bytes:
    """Give an MSG with a body and attached files; both are padded with spaces to the least size of a stream here."""
    streams = {"__properties_version1.0": b"", "__substg1.0_1000001F": text.ljust(_LEAST).encode("utf-16-le")}
    for place, (name, content) in enumerate(files.items()):
        folder = f"__attach_version1.0_#{place:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = content.ljust(_LEAST)
    return compound(streams)


def edxml(header: str, files: Mapping[str, bytes]) -> bytes:
    """Give an edXML envelope whose MessageHeader holds this XML, with files."""
    attached = "".join(
        f"<Attachment><ContentTransferEncoded>{base64.b64encode(content).decode()}</ContentTransferEncoded>"
        f"<AttachmentName>{name}</AttachmentName></Attachment>"
        for name, content in files.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">'
        f"<edXMLEnvelope><edXMLHeader><MessageHeader>{header}</MessageHeader></edXMLHeader></edXMLEnvelope>"
        f"<AttachmentEncoded>{attached}</AttachmentEncoded></edXML>"
    ).encode()


def page(text: str) -> bytes:
    """Give a web page, a paragraph a line."""
    rows = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<html><head><meta charset='utf-8'><style>p{{}}</style></head><body>{rows}</body></html>".encode()


def tcvn3(text: str) -> bytes:
    """Give text in small letters (old fonts have few capitals) as the bytes of TCVN 5712 (VN3)."""
    return text.lower().translate(str.maketrans(_TCVN3_LETTERS, _TCVN3_CODES)).encode("latin-1", "replace")


def seeds() -> dict[str, list[bytes]]:
    """Give files of every kind to begin fuzzing from, by kind."""
    lines = LETTER.split("\n")
    cells = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in lines[0].split("\t"))
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>" + "".join(
        paragraph(line.replace("\t", " "), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        for line in lines
    )
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    docx = word(body, numbering=numbering)
    header = "<Code><CodeNumber>12</CodeNumber><CodeNotation>UBND-VX</CodeNotation></Code><Subject>Thử</Subject>"
    text = LETTER.encode()
    return {
        "txt": [text, LETTER.encode("utf-16"), tcvn3(LETTER)],
        "html": [page(LETTER), b"<table><tr><td>a<td>b</table><ol start=3><li>x<li>y</ol>"],
        "docx": [docx],
        "doc": [word97(LETTER.replace("\n", "\r") + "\x13 PAGE \x141\x15\x07a\x07\x07", narrow="so 12\r")],
        "rtf": [rtf("\\par ".join(line.replace("\t", "\\tab ") for line in lines) + r"\trowd\intbl a\cell b\cell\row")],
        "eml": [mail("Xin gửi kèm.", {"cv.txt": text, "cv.docx": docx}), mail("x", {"a.eml": mail(LETTER, {})})],
        "msg": [outlook("Xin gửi kèm.", {"cv.txt": text})],
        "edxml": [edxml(header, {"cv.docx": docx}), edxml(header, {})],
        "zip": [packed({"cv.txt": text, "phu-luc/cv.docx": docx})],
    }
