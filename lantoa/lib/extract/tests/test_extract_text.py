"""Every kind of file, made up here byte by byte, and the files that must be refused."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from lantoa.lib.extract import ExtractionError, extract_bytes, extract_text
from lantoa.lib.extract.tests.making import word97

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "Ủy ban nhân dân xã Đồng Mẫu kính gửi các thôn: đề nghị phát loa thông báo."
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_files_are_read_in_their_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cong-van.bin"
    path.write_bytes((WORDS + "\r\nDòng hai").encode(encoding))
    found = extract_text(path)
    assert found.text == WORDS + "\nDòng hai"
    assert found.format == "txt"


def test_form_feeds_begin_pages() -> None:
    found = extract_bytes("trang một\n\ftrang hai".encode())
    assert found.text[found.page_starts[1] :] == "trang hai"


def test_docx_tables_keep_their_columns_and_cells_their_lines() -> None:
    document = docx.Document()
    head = document.add_table(1, 2)
    head.cell(0, 0).text, head.cell(0, 1).text = "UBND XÃ MẪU\nSố: 1/UBND", "CỘNG HÒA\nĐộc lập"
    row = document.add_table(1, 2)
    row.cell(0, 0).text, row.cell(0, 1).text = "Thôn Một", "trước ngày 1/2"
    text = extract_bytes(saved(document)).text
    assert "UBND XÃ MẪU\nSố: 1/UBND\nCỘNG HÒA\nĐộc lập" in text
    assert "Thôn Một | trước ngày 1/2" in text


def test_docx_insertions_count_and_deletions_do_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Hạn nộp ")
    paragraph._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>ngày cũ</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>ngày mới</w:t></w:r></w:ins>"))
    assert extract_bytes(saved(document)).text.strip() == "Hạn nộp ngày mới"


def test_docx_text_boxes_are_read_once() -> None:
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>TRONG KHUNG</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph("Ngoài khung")._p.append(
        parse_xml(
            f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x="urn:x">'
            f'<mc:AlternateContent><mc:Choice Requires="x"><x:shape>{box}</x:shape></mc:Choice>'
            f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    assert extract_bytes(saved(document)).text.count("TRONG KHUNG") == 1


def test_docx_list_numbers_are_counted_by_level() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
            "</w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for words, level in (("Một", 0), ("Một a", 1), ("Một b", 1), ("Hai", 0), ("Hai a", 1)):
        properties = document.add_paragraph(words)._p.get_or_add_pPr()
        number = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", level), ("w:numId", 77)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), str(value))
            number.append(child)
        properties.append(number)
    assert extract_bytes(saved(document)).text.split("\n")[-5:] == [
        "1. Một",
        "a) Một a",
        "b) Một b",
        "2. Hai",
        "a) Hai a",
    ]


def test_docx_typed_in_an_old_font_is_put_right() -> None:
    document = docx.Document()
    document.add_paragraph("Céng hßa x· héi chñ nghÜa ViÖt Nam")
    assert extract_bytes(saved(document)).text.strip() == "Cộng hòa xã hội chủ nghĩa Việt Nam"


def test_pieces_of_a_word97_file_are_put_together() -> None:
    found = extract_bytes(word97("Xã Mẫu ", narrow="so 12"))
    assert (found.format, found.text) == ("doc", "Xã Mẫu so 12")


def test_rtf_is_read() -> None:
    assert "Xã Mẫu" in extract_bytes(rb"{\rtf1\ansi\uc1 X\u227? M\u7851?u\par}").text


def test_html_is_read_as_it_stands() -> None:
    page = (
        "<html><head><title>x</title><style>p{}</style></head><body>"
        "<table><tr><td>UBND XÃ</td><td>CỘNG HÒA</td></tr></table>"
        "<p>Kính gửi:</p><ul><li>Thôn Một;</li><li>- Thôn Hai.</li></ul><script>alert(1)</script></body></html>"
    )
    found = extract_bytes(page.encode())
    assert found.format == "html"
    lines = [line for line in found.text.split("\n") if line]
    assert lines == [
        "UBND XÃ | CỘNG HÒA",
        "Kính gửi:",
        "- Thôn Một;",
        "- Thôn Hai.",
    ]


def test_the_letter_attached_to_a_covering_mail_is_the_text() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@mau.example", "b@mau.example", "Gửi công văn"
    message.set_content("Xin gửi kèm.")
    message.add_attachment(WORDS.encode(), maintype="application", subtype="octet-stream", filename="cv.txt")
    found = extract_bytes(message.as_bytes())
    assert (found.format, found.text) == ("eml", WORDS)
    assert [(item.name, item.format) for item in found.attachments] == [("cv.txt", "txt")]


def test_the_files_inside_an_edxml_envelope_are_read() -> None:
    content = base64.b64encode(WORDS.encode()).decode()
    envelope = (
        '<?xml version="1.0"?><edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><AttachmentEncoded><Attachment>'
        f"<AttachmentName>cv.txt</AttachmentName><ContentTransferEncoded>{content}</ContentTransferEncoded>"
        "</Attachment></AttachmentEncoded></edXML>"
    )
    found = extract_bytes(envelope.encode())
    assert (found.format, found.text) == ("edxml", WORDS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "rỗng"),
        (b"  \n ", "rỗng"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "ảnh"),
        (packed({"xl/workbook.xml": "<x/>"}), "Không nhận ra loại tệp"),
        (b"PK\x03\x04 not a zip", "hỏng"),
        (b"%PDF-1.7 broken", "PDF bị hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Word cũ"),
        (bytes(range(128, 256)) * 8, "Không nhận ra loại tệp"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "thực thể"),
        (packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "thực thể"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(ExtractionError, match=message):
        extract_bytes(data)


def test_a_container_that_unpacks_without_end_is_refused() -> None:
    bomb = packed({"word/document.xml": "a" * 70_000_000})
    assert len(bomb) < 200_000
    with pytest.raises(ExtractionError, match="bung ra quá lớn"):
        extract_bytes(bomb)


def test_the_name_of_a_file_does_not_decide_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cong-van.docx"
    path.write_bytes(b"\xff\xd8\xff\xe0" + b"\x00" * 30)
    with pytest.raises(ExtractionError, match="ảnh"):
        extract_text(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match="Không mở được tệp"):
        extract_text(tmp_path / "khong-co.docx")
