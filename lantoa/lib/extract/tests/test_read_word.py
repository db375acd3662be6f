"""DOCX and DOC as Word shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lantoa.lib.extract import ExtractionError, extract_bytes, extract_text
from lantoa.lib.extract.numbering import Level, Numbering, count_as
from lantoa.lib.extract.tests.making import W, packed, paragraph, word, word97

R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def lines(data: bytes) -> list[str]:
    return [line for line in extract_bytes(data).text.split("\n") if line.strip()]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def field(code: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    return f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{mark('separate')}{result}{mark('end')}"


def item(text: str, level: int = 0, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def lists(*levels: tuple[str, str], more: str = "") -> str:
    defined = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{defined}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{more}</w:numbering>'
    )


def test_moved_text_stands_where_it_was_moved_to() -> None:
    body = f"<w:p><w:moveFrom>{run('đã chuyển')}</w:moveFrom>{run('một ')}<w:moveTo>{run('hai')}</w:moveTo></w:p>"
    assert lines(word(body)) == ["một hai"]


def test_a_deleted_end_of_paragraph_joins_it_with_the_next() -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Đề nghị ')}</w:p>"
    assert lines(word(first + paragraph("các thôn."))) == ["Đề nghị các thôn."]


def test_rows_and_cells_deleted_under_review_are_gone() -> None:
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('cũ')}</w:tc></w:tr>"
    control = f"<w:sdt><w:sdtContent><w:tc>{paragraph('b')}</w:tc></w:sdtContent></w:sdt>"
    kept = f"<w:tr><w:tc>{paragraph('a')}</w:tc>{control}</w:tr>"
    assert lines(word(f"<w:tbl>{row}{kept}</w:tbl>")) == ["a | b"]


def test_a_table_in_a_table_is_read_where_it_stands() -> None:
    inner = "".join(f"<w:tr><w:tc>{paragraph(a)}</w:tc><w:tc>{paragraph(b)}</w:tc></w:tr>" for a, b in ("12", "34"))
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('trái')}</w:tc><w:tc><w:tbl>{inner}</w:tbl></w:tc></w:tr></w:tbl>"
    assert lines(word(outer)) == ["trái", "1 | 2", "3 | 4"]


def test_a_field_shows_its_result_and_not_its_code_nor_fields_in_its_code() -> None:
    nested = field(" IF " + "x</w:instrText></w:r>" + field("PAGE", run("9")) + "<w:r><w:instrText>", run("kết quả"))
    assert lines(word(f"<w:p>{run('a ')}{nested}{run(' b')}</w:p>")) == ["a kết quả b"]


def test_a_field_that_is_never_ended_takes_no_other_paragraph_with_it() -> None:
    assert lines(word('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' + paragraph("còn đây"))) == ["còn đây"]


@pytest.mark.parametrize(("switch", "shown"), [("<w:vanish/>", ""), ('<w:vanish w:val="0"/>', "ẩn"), ("", "ẩn")])
def test_hidden_text_is_left_out(switch: str, shown: str) -> None:
    assert lines(word(f"<w:p>{run('thấy ')}{run('ẩn', switch)}</w:p>")) == ["thấy " + shown]


def test_text_hidden_by_its_style_is_left_out() -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="character" w:styleId="G"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="H"><w:basedOn w:val="G"/></w:style></w:styles>'
    )
    body = f"<w:p>{run('thấy')}{run('ẩn', '<w:rStyle w:val=' + chr(34) + 'H' + chr(34) + '/>')}</w:p>"
    assert lines(word(body, styles=styles)) == ["thấy"]


def test_the_prompt_of_an_empty_content_control_is_not_text() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>" + run("Bấm để nhập") + "</w:sdtContent></w:sdt>"
    body = f"<w:p>{run('a')}{control.format('<w:showingPlcHdr/>')}</w:p><w:p>{control.format('')}</w:p>"
    assert lines(word(body)) == ["a", "Bấm để nhập"]


def test_a_fallback_is_read_only_when_there_is_no_choice() -> None:
    box = "<w:txbxContent>" + paragraph("khung") + "</w:txbxContent>"
    both = (
        f"<mc:AlternateContent {MC}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    one = f"<mc:AlternateContent {MC}><mc:Choice/><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert lines(word(f"<w:p>{run('a')}<w:r>{both}</w:r></w:p>")) == ["a", "khung"]
    assert lines(word(f"<w:p>{run('a')}<w:r>{one}</w:r></w:p>")) == ["a", "khung"]


def test_header_notes_and_footer_stand_around_the_body_without_page_numbers() -> None:
    files = {
        "word/document.xml": f"<w:document {W} {R}><w:body><w:p>{run('Thân')}"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p><w:sectPr><w:titlePg/>"
        "<w:headerReference w:type='first' r:id='a'/><w:footerReference w:type='default' r:id='b'/>"
        "<w:headerReference w:type='default' r:id='c'/></w:sectPr></w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
        + "".join(f'<Relationship Id="{name}" Target="{name}.xml"/>' for name in "abc") + "</Relationships>",
        "word/a.xml": f"<w:hdr {W}>{paragraph('Đầu trang')}</w:hdr>",
        "word/b.xml": f"<w:ftr {W}>{paragraph('Chân trang')}</w:ftr>",
        "word/c.xml": f"<w:hdr {W}>{paragraph('Trang 2/3')}</w:hdr>",
        "word/footnotes.xml": f"<w:footnotes {W}>"
        f"<w:footnote w:type='separator' w:id='0'>{paragraph('---')}</w:footnote>"
        f"<w:footnote w:id='2'>{paragraph(' Chú thích')}</w:footnote></w:footnotes>",
    }  # fmt: skip
    assert lines(packed(files)) == ["Đầu trang", "Thân", "[1] Chú thích", "Chân trang"]


def test_a_document_whose_main_part_has_another_name_is_read() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relation = f'<Relationship Id="x" Type="{kind}" Target="/word/document2.xml"/>'
    files = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
        "word/document2.xml": f"<w:document {W}><w:body>{paragraph('đọc được')}</w:body></w:document>",
    }
    assert lines(packed(files)) == ["đọc được"]


def test_a_strict_document_is_read() -> None:
    strict = W.replace(
        "schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main"
    )
    assert lines(
        packed({"word/document.xml": f"<w:document {strict}><w:body>{paragraph('chữ')}</w:body></w:document>"})
    ) == ["chữ"]


@pytest.mark.parametrize(
    ("font", "typed", "meant"),
    [
        (".VnTime", "Uû ban nh©n d©n x·", "Uỷ ban nhân dân xã"),
        (".VnTimeH", "Uû ban nh©n d©n x·", "UỶ BAN NHÂN DÂN XÃ"),
        ("VNI-Times", "UÛy ban nhaân daân xaõ", "Ủy ban nhân dân xã"),
        (".VnTime", "Ủy ban nhân dân xã đã gửi", "Ủy ban nhân dân xã đã gửi"),
        ("Arial", "Uỷ ban nhân dân xã", "Uỷ ban nhân dân xã"),
    ],
)
def test_a_run_in_an_old_font_is_put_right_among_runs_that_are_not(font: str, typed: str, meant: str) -> None:
    fonts = f'<w:rFonts w:ascii="{font}"/>'
    body = paragraph("Kính gửi các thôn trên địa bàn:") + f"<w:p>{run(typed, fonts)}</w:p>"
    assert lines(word(body))[1] == meant


def test_a_letter_of_vni_parted_over_two_runs_is_one_letter() -> None:
    fonts = '<w:rFonts w:ascii="VNI-Times"/>'
    assert lines(
        word(f"<w:p>{run('nhaâ', fonts)}{run('n daâ', fonts)}{run('n xa', fonts)}{run('õ', fonts)}</w:p>")
    ) == ["nhân dân xã"]


def test_a_symbol_is_shown_by_its_nearest_sign() -> None:
    body = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:char="zz"/></w:r>' + run(" có") + "</w:p>"
    assert lines(word(body)) == ["☒ có"]


def test_every_level_is_numbered_in_its_form() -> None:
    numbering = lists(
        ("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)"), ("bullet", "•")
    )
    body = (
        item("A") + item("B", 1) + item("C", 2) + item("D", 3) + item("E", 3) + item("F", 4) + item("G") + item("H", 1)
    )
    assert lines(word(body, numbering=numbering)) == [
        "I. A", "1. B", "1.1. C", "a) D", "b) E", "- F", "II. G", "1. H",
    ]  # fmt: skip


def test_lists_of_one_definition_count_on_unless_one_begins_anew() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = item("a") + item("b", 0, 2) + item("c", 0, 3) + item("d", 0, 3)
    assert lines(word(body, numbering=lists(("decimal", "%1."), more=more))) == ["1. a", "2. b", "5. c", "6. d"]


def test_an_empty_numbered_paragraph_counts() -> None:
    assert lines(word(item("a") + item("") + item("b"), numbering=lists(("decimal", "%1.")))) == ["1. a", "3. b"]


def test_numbers_that_come_with_a_style_are_printed() -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="D">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        '</w:style><w:style w:type="paragraph" w:styleId="E"><w:basedOn w:val="D"/></w:style></w:styles>'
    )
    body = paragraph("Phạm vi", '<w:pStyle w:val="E"/>') + paragraph(
        "x", '<w:pStyle w:val="E"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    assert lines(word(body, styles=styles, numbering=lists(("decimal", "Điều %1.")))) == ["Điều 1. Phạm vi", "x"]


@pytest.mark.parametrize(
    ("value", "form", "printed"),
    [
        (27, "lowerLetter", "aa"), (4, "upperLetter", "D"), (1994, "upperRoman", "MCMXCIV"), (3, "decimalZero", "03"),
        (3, "none", ""), (21, "vietnameseCounting", "hai mươi mốt"), (15, "vietnameseCounting", "mười lăm"),
        (7, "001", "007"), (99_999, "lowerLetter", "99999"), (0, "upperLetter", "0"), (2, "chicken", "2"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_its_form(value: int, form: str, printed: str) -> None:
    assert count_as(value, form) == printed


def test_legal_numbering_prints_the_levels_above_in_figures() -> None:
    levels = {0: Level("upperRoman"), 1: Level("decimal", "%1.%2", is_legal=True)}
    numbering = Numbering(levels={"1": levels})
    assert [numbering.label("1", 0), numbering.label("1", 1)] == ["I. ", "1.1 "]


def test_a_level_that_does_not_restart_counts_on() -> None:
    numbering = Numbering(levels={"1": {0: Level(), 1: Level("decimal", "%2)", restarts_after=0)}})
    assert [numbering.label("1", depth).strip() for depth in (0, 1, 0, 1)] == ["1.", "1)", "2.", "2)"]


def test_a_word97_file_is_read_with_its_lists_tables_fields_and_fonts() -> None:
    found = extract_text(Path(__file__).with_name("files") / "lists-and-tables.doc")
    assert [line.strip() for line in found.text.split("\n") if line.strip()] == [
        "ĐẦU TRANG MẪU", "I. Mục đích", "1. Nhiệm vụ một", "2. Nhiệm vụ hai", "2.1. con", "2.2. con nữa", "a) chữ a",
        "b) chữ b", "- gạch", "+ cộng", "II. Tổ chức", "1. Nhiệm vụ lại", "1. bắt đầu lại", "1. tiếp",
        "Điều 1. quy định", "Điều 2. quy định hai", "ô00 | ô01 | ô02", "ô10 | ô11 |", "ô20", "ô21", "t00 | t01",
        "t10 | t11", "ô22", "Trước kết quả trường sau\tthẻ", "dòng mới", "Hạn mới",
        "Cộng hòa xã hội chủ nghĩa Việt Nam", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "UỶ BAN NHÂN DÂN TỈNH MẪU",
        "Văn bản Unicode bình thường ở cuối.", "Chân trang mẫu",
    ]  # fmt: skip


def test_cells_and_rows_are_told_apart_without_properties_too() -> None:
    text = "Trước\ra\x07b\x07\x07c\x07d\x07\x07Sau\r"
    assert lines(word97(text)) == ["Trước", "a | b", "c | d", "Sau"]


def test_a_field_of_a_word97_file_shows_its_result() -> None:
    assert lines(word97("a \x13 HYPERLINK x \x13 PAGE \x149\x15\x14kết quả\x15 b\r")) == ["a kết quả b"]


@pytest.mark.parametrize("magic", [0xA5DC, 0x1234])
def test_a_word_file_older_than_97_is_refused(magic: int) -> None:
    data = bytearray(word97("x"))
    data[512:514] = magic.to_bytes(2, "little")
    with pytest.raises(ExtractionError, match=r"quá cũ|Word cũ"):
        extract_bytes(bytes(data))
