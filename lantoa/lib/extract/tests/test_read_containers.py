"""E-mail, Outlook messages, archives and edXML envelopes: which file is the letter, and what the envelope says."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from random import Random

import pytest

from lantoa.lib.extract import ExtractionError, extract_bytes
from lantoa.lib.extract.tests.making import LETTER, W, edxml, mail, outlook, packed, page, word, word97

BODY = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LETTER.replace("\t", " ").split("\n"))
NOTE = "Kính gửi các đơn vị,\nXin gửi kèm văn bản.\nTrân trọng."
ANNEX = "Phụ lục danh sách thôn"
HEADER = """
<From><OrganId>000.00.01.H41</OrganId><OrganName> UBND xã  Đồng Mẫu </OrganName><Email>vt@mau.example</Email></From>
<To><OrganId>000.00.02.H41</OrganId><OrganName>Thôn Một</OrganName></To><To><OrganName>Thôn Hai</OrganName></To>
<Code><CodeNumber>12</CodeNumber><CodeNotation>UBND-VX</CodeNotation></Code>
<PromulgationInfo><Place>Đồng Mẫu</Place><PromulgationDate>2024/08/05</PromulgationDate></PromulgationInfo>
<DocumentType><Type>1</Type><TypeName>Công văn</TypeName></DocumentType>
<Subject>V/v phát loa</Subject><Content>Nội dung</Content>
<SignerInfo><Competence>KT. CHỦ TỊCH</Competence><Position>PHÓ CHỦ TỊCH</Position><FullName>Trần Văn Mẫu</FullName>
</SignerInfo><DueDate>20/08/2024</DueDate><ToPlaces><Place>Như trên</Place><Place>Lưu: VT</Place></ToPlaces>
<OtherInfo><Priority>1</Priority><Appendixes><Appendix>Danh sách</Appendix></Appendixes></OtherInfo>
<ResponseFor><OrganId>x</OrganId><Code>7/UBND-VX</Code></ResponseFor>
<DocumentId>000.00.01.H41,2024/08/05,12/UBND-VX</DocumentId>
"""


def raw(*headers: str, body: bytes = LETTER.encode()) -> bytes:
    return "\r\n".join(["From: a@mau.example", "To: b@mau.example", *headers, "", ""]).encode() + body


def test_the_file_with_most_marks_of_a_letter_is_the_letter_and_all_are_listed() -> None:
    found = extract_bytes(mail(NOTE, {"phu-luc.txt": ANNEX.encode(), "cv.txt": LETTER.encode()}))
    assert (found.format, found.text) == ("eml", LETTER)
    assert [(file.name, file.text) for file in found.attachments] == [("phu-luc.txt", ANNEX), ("cv.txt", LETTER)]


def test_a_body_that_is_itself_the_letter_stands_before_an_annex() -> None:
    assert extract_bytes(mail(LETTER, {"phu-luc.txt": ANNEX.encode()})).text.strip() == LETTER


def test_a_body_only_in_html_is_read() -> None:
    data = raw("Content-Type: text/html; charset=utf-8", body=page(LETTER))
    assert "Kính gửi: Các thôn" in extract_bytes(data).text


def test_pages_of_the_chosen_file_stay_its_pages() -> None:
    found = extract_bytes(mail(NOTE, {"cv.txt": (LETTER + "\fPhụ lục").encode()}))
    assert len(found.page_starts) == 2


def test_a_forwarded_message_is_opened() -> None:
    inner = EmailMessage()
    inner["From"], inner["To"] = "c@mau.example", "d@mau.example"
    inner.set_content("Gửi kèm.")
    inner.add_attachment(
        word97(LETTER.replace("\n", "\r")), maintype="application", subtype="msword", filename="cv.doc"
    )
    outer = EmailMessage()
    outer["From"], outer["To"] = "a@mau.example", "b@mau.example"
    outer.set_content("Chuyển tiếp.")
    outer.add_attachment(inner)
    assert extract_bytes(outer.as_bytes()).text.strip() == LETTER


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("filename*=UTF-8''C%C3%B4ng%20v%C4%83n.txt", "Công văn.txt"),
        ("filename*0*=UTF-8''C%C3%B4ng%20; filename*1*=v%C4%83n.txt", "Công văn.txt"),
        (f'filename="=?utf-8?B?{base64.b64encode("Công văn.txt".encode()).decode()}?="', "Công văn.txt"),
        ('filename="=?utf-8?Q?C=C3=B4ng_v=C4=83n=2Etxt?="', "Công văn.txt"),
        ('filename="Công văn.txt"', "Công văn.txt"),
        ("filename*=khong-co''a.txt", "a.txt"),
        ('filename="=?utf-8?B?@@@"', "=?utf-8?B?@@@"),
        ("", "tep-1"),
    ],
)
def test_the_name_of_a_file_is_decoded(header: str, name: str) -> None:
    (file,) = extract_bytes(
        raw("Content-Type: application/octet-stream", f"Content-Disposition: attachment; {header}")
    ).attachments
    assert file.name == name


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_body_is_read_whatever_its_transfer_encoding(encoding: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@mau.example", "b@mau.example"
    message.set_content(LETTER, cte=encoding)
    assert extract_bytes(message.as_bytes()).text.strip() == LETTER


@pytest.mark.parametrize("charset", ["utf-8", "unknown-8bit", "rot13", "x" * 50, "us-ascii"])
def test_a_charset_that_is_none_is_not_believed(charset: str) -> None:
    assert extract_bytes(raw(f"Content-Type: text/plain; charset={charset}")).text == LETTER


def test_a_message_of_outlook_is_read_with_its_files() -> None:
    found = extract_bytes(outlook("Gửi kèm.", {"Công văn.docx": word97(LETTER.replace("\n", "\r")), "a.txt": b"x"}))
    assert (found.format, found.text.strip()) == ("msg", LETTER)
    assert [(file.name, file.format) for file in found.attachments] == [("Công văn.docx", "doc"), ("a.txt", "txt")]


def test_the_letter_of_an_archive_is_found_among_its_files() -> None:
    docx = word(BODY)
    found = extract_bytes(packed({"__MACOSX/x": "x", "phu luc.txt": ANNEX, "thư mục/cv.docx": docx}))
    assert (found.format, [file.name for file in found.attachments]) == ("zip", ["phu luc.txt", "cv.docx"])
    assert found.text == LETTER.replace("\t", " ")


@pytest.mark.parametrize("name", ["xl/workbook.xml", "ppt/presentation.xml", "mimetype"])
def test_a_document_of_another_kind_is_no_archive(name: str) -> None:
    with pytest.raises(ExtractionError, match="Không nhận ra loại tệp"):
        extract_bytes(packed({name: "x", "cv.txt": LETTER}))


def test_the_header_of_an_envelope_is_taken_as_it_is() -> None:
    found = extract_bytes(edxml(HEADER, {"cv.txt": LETTER.encode()}))
    assert (found.format, found.text) == ("edxml", LETTER)
    assert found.envelope == {
        "number": "12", "symbol": "UBND-VX", "place": "Đồng Mẫu", "date": "2024-08-05", "type_name": "Công văn",
        "subject": "V/v phát loa", "content": "Nội dung", "issuer": "UBND xã Đồng Mẫu", "due_on": "2024-08-20",
        "signing_authority": "KT. CHỦ TỊCH", "signer_title": "PHÓ CHỦ TỊCH", "signer_name": "Trần Văn Mẫu",
        "document_id": "000.00.01.H41,2024/08/05,12/UBND-VX", "priority": "1", "files": ["cv.txt"],
        "addressees": ["Thôn Một", "Thôn Hai"], "recipients_lines": ["Như trên", "Lưu: VT"],
        "attachments": ["Danh sách"], "answers": ["7/UBND-VX"],
        "organs": {
            "sender": {"id": "000.00.01.H41", "name": "UBND xã Đồng Mẫu", "email": "vt@mau.example"},
            "receivers": [{"id": "000.00.02.H41", "name": "Thôn Một"}, {"name": "Thôn Hai"}],
        },
    }  # fmt: skip


def test_an_envelope_whose_files_cannot_be_read_gives_its_header_as_text() -> None:
    found = extract_bytes(edxml(HEADER, {"cv.bin": bytes(range(128, 256)) * 9}))
    assert found.envelope is not None
    assert found.envelope["is_alone"] is True
    assert "Số: 12" in found.text
    assert [file.name for file in found.attachments] == ["cv.bin"]


def test_number_and_symbol_are_found_in_the_identifier_when_the_code_is_blank() -> None:
    envelope = extract_bytes(edxml("<Subject>x</Subject><DocumentId>A,2024/08/05,9/UBND-VX</DocumentId>", {})).envelope
    assert envelope is not None
    assert (envelope["number"], envelope["symbol"]) == ("9", "UBND-VX")


def test_a_file_larger_than_ten_megabytes_in_an_envelope_is_read() -> None:
    noise = Random(1).randbytes(9_000_000)  # noqa: S311 - a picture that does not pack
    document = f"<w:document {W}><w:body>{BODY}</w:body></w:document>"
    large = packed({"word/document.xml": document, "word/media/anh.bin": noise})
    assert extract_bytes(edxml("", {"cv.docx": large})).text == LETTER.replace("\t", " ")
