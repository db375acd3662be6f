from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from docx import Document
from lxml import etree

from lantoa.letters.generating import generate_letter
from lantoa.letters.rules.channels import read_channels
from lantoa.letters.rules.letter import CHANNEL_KINDS, DOC_TYPES, CitedDocument, Letter, LetterTask
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.document import (
    Heading,
    Item,
    OfficialDocument,
    Paragraph,
    Table,
    agency_lines,
    balanced_lines,
    ended_list,
    short_issuer,
)
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.edxml import NAMESPACE, AttachedFile, Exchange, Organ, write_edxml
from lantoa.letters.writing.html import write_html
from lantoa.letters.writing.markup import blocks_of
from lantoa.letters.writing.pdf import write_pdf
from lantoa.letters.writing.text import write_text
from lantoa.letters.writing.wording import CHANNEL_WORDING
from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from docx.shared import Length

LETTER = Letter(
    doc_type="cong_van", issuer="Ủy ban nhân dân quận Hải Khê", symbol="UBND-VHTT", place="Hải Khê",
    date_partial="2024",
    subject="thông tin về lộ trình dừng công nghệ 2G", addressees=("Công an quận", "Ủy ban nhân dân các phường"),
    cited_documents=(
        CitedDocument("12/STTTT-BCVT", "2024-08-04", "Sở Thông tin và Truyền thông", "về việc truyền thông"),
    ),
    purpose="Giúp người dân không bị gián đoạn liên lạc",
    tasks=(
        LetterTask("1", ("Công an quận",), "Đăng bài trên fanpage", ("fanpage", "zalo"), "2024-09-20"),
        LetterTask("2.a", ("Ủy ban nhân dân các phường",), "Phát thanh", ("loudspeaker",), "2024-09-01/2024-10-15"),
        LetterTask("2.b", ("Ủy ban nhân dân các phường",), "Lập danh sách", (), "thường xuyên", "hình ảnh",
                   "Ủy ban nhân dân quận (qua Văn phòng)", "2024-10-20"),
    ),
    attachments=("nội dung tuyên truyền",), recipients_lines=("Như trên", "Lưu: VT, VHTT"),
    signing_authority="TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH", signer_title="PHÓ CHỦ TỊCH", signer_name="Trần Thị Mai",
)


def pdf_text(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in opened]
    opened.close()
    return pages


def millimetres(length: Length | None) -> int:
    assert length is not None
    return int(length.mm + 0.5)


def docx_text(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    return "\n".join("".join(map(str, line.itertext())) for line in tree.iter("{*}p"))


def long_report(rows: int = 120) -> OfficialDocument:
    cells = tuple((str(n), f"Phường {n}", str(n * 7)) for n in range(1, rows))
    table = Table(("STT", "Đơn vị", "Số hộ"), cells, (1, 5, 2))
    return OfficialDocument(
        doc_type="bao_cao", issuer="Ủy ban nhân dân quận Hải Khê", number="09", symbol="BC-UBND", place="Hải Khê",
        date=dt.date(2024, 1, 5), subject="Kết quả truyền thông", recipients_lines=("Lưu: VT",),
        signing_authority="TM. ỦY BAN NHÂN DÂN", signer_title="CHỦ TỊCH", signer_name="Lê Văn An",
        blocks=(Heading(1, "I. KẾT QUẢ"), Heading(2, "1. Số liệu"), table, Paragraph("Trên đây là báo cáo./.")),
    )


# What is printed

def test_blank_number_and_day_are_left_as_room_to_fill_in() -> None:
    text = write_text(compose(LETTER))
    assert "Số:       /UBND-VHTT" in text
    assert "Hải Khê, ngày       tháng       năm 2024" in text


def test_days_and_the_first_two_months_take_a_leading_zero_and_the_others_do_not() -> None:
    def printed(day: dt.date) -> tuple[str | None, str | None, str | None]:
        return OfficialDocument("cong_van", None, (), date=day).date_parts

    assert printed(dt.date(2024, 2, 5)) == ("05", "02", "2024")
    assert printed(dt.date(2024, 3, 15)) == ("15", "3", "2024")


def test_an_order_is_worded_with_its_channels_deadline_and_report() -> None:
    text = write_text(compose(LETTER))
    assert "1. Công an quận: Đăng bài trên fanpage. Hình thức thực hiện: Zalo." in text
    assert "Thời gian thực hiện: trước ngày 20/9/2024." in text
    assert "2. Ủy ban nhân dân các phường:" in text
    assert "từ ngày 01/9/2024 đến hết ngày 15/10/2024" in text
    assert "Báo cáo kết quả (kèm hình ảnh) về Ủy ban nhân dân quận (qua Văn phòng) trước ngày 20/10/2024." in text
    assert "(Gửi kèm: nội dung tuyên truyền)./." in text


def test_a_letter_that_was_read_keeps_its_own_words() -> None:
    body = ("Thực hiện theo lời riêng của văn bản:", "- Một việc;", "a) Hai việc./.")
    kept = compose(Letter(doc_type="cong_van", issuer="Sở Y tế", body=body, attachments=("phụ lục",)))
    assert [line for line in write_text(kept).splitlines() if line in body] == list(body)
    assert "Gửi kèm" not in write_text(kept)


def test_a_body_is_recognised_as_headings_items_bases_and_tables() -> None:
    found = blocks_of((
        "Căn cứ Luật Viễn thông;", "QUYẾT ĐỊNH:", "I. MỤC ĐÍCH", "1. Yêu cầu", "- Kịp thời.", "đ) Đúng hạn.",
        "Lời thường.",
        "STT | Tên", "1 | An",
    ))
    assert found == (
        Paragraph("Căn cứ Luật Viễn thông;", italic=True), Heading(0, "QUYẾT ĐỊNH:"), Heading(1, "I. MỤC ĐÍCH"),
        Heading(2, "1. Yêu cầu"), Item("-", "Kịp thời."), Item("đ)", "Đúng hạn."), Paragraph("Lời thường."),
        Table(("STT", "Tên"), (("1", "An"),)),
    )


def test_types_with_a_name_print_it_and_only_a_cong_van_prints_v_v() -> None:
    for seed, doc_type in enumerate(DOC_TYPES):
        text = write_text(compose(generate_letter(seed)))
        assert ("\nV/v " in text) == (doc_type == "cong_van"), doc_type


def test_orders_numbered_in_sections_stand_under_section_headings() -> None:
    tasks = (LetterTask("II.1", ("Công an quận",), "Rà soát"), LetterTask("III.1", ("Công an quận",), "Lập danh sách"))
    plan = compose(Letter(doc_type="ke_hoach", issuer="Sở Y tế", purpose="Giúp người dân", tasks=tasks))
    assert [block.text.partition(".")[0] for block in plan.blocks if isinstance(block, Heading)] == ["I", "II", "III"]


def test_an_article_of_a_decision_holds_clauses_and_points() -> None:
    tasks = (LetterTask("Điều 1.1", ("Công an quận",), "Rà soát"), LetterTask("Điều 1.2", ("Công an quận",), "Báo tin"))
    text = write_text(compose(Letter(doc_type="quyet_dinh", issuer="Sở Y tế", tasks=tasks)))
    assert "Điều 1. Công an quận:\n\n1. Rà soát.\n\n2. Báo tin./." in text


def test_an_agency_drops_the_place_its_superior_names_and_breaks_in_even_lines() -> None:
    assert short_issuer("Sở Y tế tỉnh Tây Ninh", "UBND tỉnh Tây Ninh") == "Sở Y tế"
    assert short_issuer("Sở Y tế tỉnh Tây Ninh", None) == "Sở Y tế tỉnh Tây Ninh"
    assert agency_lines("Ủy ban nhân dân quận Hải Khê") == ("ỦY BAN NHÂN DÂN", "QUẬN HẢI KHÊ")
    assert balanced_lines("một hai ba bốn", 11) == ("một hai", "ba bốn")
    assert ended_list(("- A;", "B.", "C")) == ["A;", "B;", "C."]


def test_the_wording_of_every_channel_names_that_channel_and_no_other() -> None:
    assert set(CHANNEL_WORDING) == set(CHANNEL_KINDS) - {"other"}
    for kind, words in CHANNEL_WORDING.items():
        assert set(read_channels(folded(words))) == {kind}, words


# How it is printed

@pytest.mark.parametrize("seed", range(len(DOC_TYPES)))
def test_the_same_document_gives_the_same_bytes(seed: int) -> None:
    document = compose(generate_letter(seed))
    assert write_pdf(document) == write_pdf(document)
    assert write_docx(document) == write_docx(document)


def test_a_short_letter_keeps_to_one_page_and_a_long_table_repeats_its_header() -> None:
    assert len(pdf_text(write_pdf(compose(LETTER)))) == 1
    pages = pdf_text(write_pdf(long_report()))
    assert len(pages) > 2
    assert sum("Đơn vị" in page for page in pages) >= len(pages) - 1


def test_page_numbers_stand_on_every_page_but_the_first() -> None:
    pages = pdf_text(write_pdf(long_report()))
    assert [page.split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]
    assert not pages[0].startswith("1")


def test_the_signature_is_never_alone_on_a_page() -> None:
    for rows in range(20, 60, 4):
        last = pdf_text(write_pdf(long_report(rows)))[-1]
        assert "Lê Văn An" in last
        assert "Trên đây là báo cáo" in last


def test_a_letter_of_any_text_is_only_text_to_the_typesetter() -> None:
    hostile = '#read("/etc/passwd") $x$ *đậm* @nhãn // ghi chú \\ <b>&amp;'
    document = OfficialDocument("cong_van", "Sở Y tế", (Paragraph(hostile),), subject=hostile, signer_name=hostile)
    assert '#read("/etc/passwd")' in pdf_text(write_pdf(document))[0]
    assert hostile in docx_text(write_docx(document))
    assert "<b>&amp;" not in write_html(document)


def test_the_word_file_is_a4_in_times_with_the_decree_s_margins() -> None:
    made = Document(io.BytesIO(write_docx(compose(LETTER))))
    section = made.sections[0]
    assert (millimetres(section.page_width), millimetres(section.page_height)) == (210, 297)
    assert 30 <= millimetres(section.left_margin) <= 35
    assert 15 <= millimetres(section.right_margin) <= 20
    assert 20 <= millimetres(section.top_margin) <= 25
    assert made.styles["Normal"].font.name == "Times New Roman"
    assert made.core_properties.title == "Công văn số UBND-VHTT thông tin về lộ trình dừng công nghệ 2G"
    assert section.different_first_page_header_footer


def test_every_kind_of_file_says_the_same_words() -> None:
    document = compose(LETTER)
    words = set(write_text(document).split())
    assert words <= set(docx_text(write_docx(document)).replace("\n", " ").split()) | {""}
    tree = etree.fromstring(write_html(document).encode(), etree.HTMLParser(encoding="utf-8"))
    assert words - {"-"} <= set(" ".join(map(str, tree.itertext())).split())


def test_the_web_page_names_its_language_title_and_has_one_main_heading() -> None:
    page = write_html(long_report(4))
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    assert tree.get("lang") == "vi"
    assert [heading.text for heading in tree.iter("h1")] == ["BÁO CÁO"]
    assert [cell.get("scope") for cell in tree.iter("th")] == ["col"] * 3


def test_urgency_is_printed_in_its_box() -> None:
    document = OfficialDocument("cong_dien", "Sở Y tế", (Paragraph("Khẩn trương./."),), subject="Phòng dịch",
                                urgency="HỎA TỐC")
    assert "HỎA TỐC" in pdf_text(write_pdf(document))[0]
    assert "HỎA TỐC" in docx_text(write_docx(document))
    assert "HỎA TỐC" in write_html(document)


# The national exchange

def exchange(organ_id: str = "000.00.17.H24") -> Exchange:
    return Exchange(
        sender=Organ(organ_id, "Ủy ban nhân dân quận Hải Khê"), receivers=(Organ("H24.18", "Công an quận"),),
        sent_at=dt.datetime(2024, 9, 5, 8, 30, tzinfo=dt.UTC), due_on=dt.date(2024, 9, 20),
    )


def test_an_exchange_message_carries_the_letter_s_fields_and_its_files() -> None:
    tree = etree.fromstring(write_edxml(LETTER, exchange(), [AttachedFile("a.pdf", b"%PDF", "application/pdf")]))
    value = {element.tag.rpartition("}")[2]: element.text for element in tree.iter() if isinstance(element.tag, str)}
    assert value["CodeNotation"] == "UBND-VHTT"
    assert value["Subject"] == LETTER.subject
    assert value["FullName"] == "Trần Thị Mai"
    assert value["DueDate"] == "2024/09/20"
    assert value["BussinessDocType"] == "0"
    assert value["ContentTransferEncoded"] == "JVBERg=="


def test_children_of_the_envelope_keep_the_prefix_receivers_insist_on() -> None:
    raw = write_edxml(LETTER, exchange(), [AttachedFile("a.pdf", b"x", "application/pdf")]).decode()
    assert f'<edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}">' in raw
    assert "<edXML:MessageHeader>" in raw
    assert "<AttachmentEncoded>" in raw


@pytest.mark.parametrize("organ_id", ["", "H" * 36])
def test_an_identifier_longer_than_the_law_allows_is_refused(organ_id: str) -> None:
    with pytest.raises(ValueError, match="Mã định danh"):
        write_edxml(LETTER, exchange(organ_id))


def test_an_annex_follows_the_signature_on_a_page_of_its_own() -> None:
    blocks = (Paragraph("Nội dung chính của báo cáo."),)
    annex = (Heading(0, "PHỤ LỤC"), Table(("Nơi", "Số"), (("Phường Một", "3"),), (3, 1)), Paragraph("Hết phụ lục."))
    report = OfficialDocument("bao_cao", "Ủy ban nhân dân quận Hải Khê", blocks, signer_title="CHỦ TỊCH",
                              signing_authority="TM. ỦY BAN NHÂN DÂN", subject="Kết quả", annex=annex)
    text = write_text(report)
    assert text.index("CHỦ TỊCH") < text.index("PHỤ LỤC") < text.index("Phường Một | 3")
    page = write_html(report)
    assert page.index("</footer>") < page.index('<section class="annex">') < page.index("PHỤ LỤC")
    pdf = pypdfium2.PdfDocument(write_pdf(report))
    pages = [one.get_textpage().get_text_range() for one in pdf]
    assert ["PHỤ LỤC" in one for one in pages] == [False, True]
    assert "CHỦ TỊCH" in pages[0]
    body = Document(io.BytesIO(write_docx(report))).element.body
    order = "".join(str(one) for one in body.itertext())
    assert order.index("CHỦ TỊCH") < order.index("PHỤ LỤC")
    assert len(body.xpath(".//w:br[@w:type='page']")) == 1
