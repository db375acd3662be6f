"""RTF and HTML as they stand on the screen."""

from __future__ import annotations

import pytest

from lantoa.lib.extract import extract_bytes
from lantoa.lib.extract.tests.making import LETTER, page, rtf, tcvn3


def rich(body: str, fonts: str = r"{\f0\fcharset0 Arial;}") -> bytes:
    return (r"{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl" + fonts + "}" + body + "}").encode("latin-1")


def lines(data: bytes) -> list[str]:
    return [line.strip() for line in extract_bytes(data).text.split("\n") if line.strip()]


def test_unicode_escapes_are_read_and_their_stand_ins_skipped() -> None:
    assert lines(rich(r"{\uc2 X\u227 ??}{\uc0 M\u7851 u} \u-4044 ?\u55357 ?\u56846 ?")) == ["XãMẫu \uf034\U0001f60e"]
    assert lines(rich(r"X\u227\'e3 M\u7851{}u")) == ["Xã Mẫu"]


@pytest.mark.parametrize(
    ("charset", "typed", "meant"),
    [
        (163, r"Vi\'ea\'f2t Nam \'f0\'f5", "Việt Nam đơ"),
        (204, r"\'cc", "М"),
        (0, r"\'93a\'94", "“a”"),
        (77, r"\'8e", "é"),
    ],
)
def test_bytes_are_read_in_the_code_page_of_their_font(charset: int, typed: str, meant: str) -> None:
    assert lines(rich(r"\f0 " + typed, rf"{{\f0\fcharset{charset} X;}}")) == [meant]


@pytest.mark.parametrize(
    ("font", "typed", "meant"),
    [
        (".VnTime", "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("VNI-Times", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ],
)
def test_an_old_font_is_put_right(font: str, typed: str, meant: str) -> None:
    escaped = "".join(sign if ord(sign) < 128 else f"\\'{ord(sign):02x}" for sign in typed)
    fonts = r"{\f0\fcharset0 Arial;}{\f1\fcharset0 " + font + ";}"
    assert lines(rich(r"\f0 Unicode: " + r"\u272?\u7889?ng\par\f1 " + escaped, fonts)) == ["Unicode: Đống", meant]


def test_what_stands_on_no_page_is_not_read() -> None:
    body = (
        r"{\info{\title Ten}{\author A}}{\stylesheet{\s0 Normal;}}{\*\generator X;}{\pict ffff}{\v an}\v an2\v0 "
        r"{\deleted cu}{\*\bkmkstart b}{\field{\*\fldinst PAGE}{\fldrslt ket qua}}{\upr{cu}{\*\ud moi}}"
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt khung\par}}{\shprslt khung\par}}{\object{\objdata 00}{\result r}}"
    )
    assert lines(rich(body)) == ["ket quamoikhung", "r"]


def test_printed_list_numbers_are_kept_and_bullets_are_dashes() -> None:
    body = (
        r"{\listtext\pard 1.\tab}mot\par{\listtext a)\tab}hai\par{\pntext\f1\'b7\tab}ba\par{\listtext +\tab}bon\par"
        r"{\listtext\f0\u8226?\tab}nam\par"
    )
    fonts = r"{\f0 Arial;}{\f1\fcharset2 Symbol;}"
    assert lines(rich(body, fonts)) == ["1. mot", "a) hai", "- ba", "+ bon", "- nam"]


def test_tables_are_rows_and_inner_tables_rows_of_their_cell() -> None:
    body = (
        r"truoc\par\trowd\pard\intbl a\cell b\cell\row\trowd\pard\intbl x\par y\cell z\cell\row"
        r"\pard\intbl\itap2 1\nestcell 2\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}"
        r"\pard\intbl\itap1 t\cell u\cell\row\pard sau\par"
    )
    assert lines(rich(body)) == ["truoc", "a | b", "x", "y", "z", "1 | 2", "t", "u", "sau"]


def test_header_notes_and_footer_stand_around_the_body() -> None:
    body = r"{\header dau\par}{\footer Trang 1\par}{\footerf chan\par}than{\footnote  ghi chu\par} tiep\par"
    assert lines(rich(body)) == ["dau", "than tiep", "[1] ghi chu", "chan"]


def test_binary_data_is_passed_over() -> None:
    assert lines(rich(r"a{\pict\bin4 }}{{}b")) == ["ab"]


def test_signs_and_pages() -> None:
    found = extract_bytes(rich(r"a\tab b\line c\~d\_e\-f \{g\}\\ \page h"))
    assert found.text == "a\tb\nc d-ef {g}\\ \nh"
    assert found.page_starts == (0, found.text.index("h"))


def test_a_broken_rtf_gives_what_it_has() -> None:
    assert lines(b"{\\rtf1 a{b}}}}}{\\par c") == ["ab", "c"]


def test_a_letter_in_rtf_and_html_reads_as_in_text() -> None:
    wanted = LETTER.replace("\t", " ").split("\n")
    assert lines(page(LETTER)) == wanted
    assert [
        line.replace("\t", " ") for line in lines(rtf("\\par ".join(LETTER.replace("\t", "\\tab ").split("\n"))))
    ] == wanted


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_a_page_is_read_in_whatever_encoding_it_is(encoding: str) -> None:
    text = "Kính gửi các thôn, trên địa bàn"
    if encoding == "cp1258":  # its tones are marks after their letters
        for letter, apart in (("í", "i\u0301"), ("ử", "ư\u0309"), ("ị", "i\u0323"), ("à", "a\u0300")):
            text = text.replace(letter, apart)
    data = f"<html><head><meta charset='windows-1258'></head><body><p>{text}</p></body></html>".encode(encoding)
    assert lines(data) == ["Kính gửi các thôn, trên địa bàn"]


def test_a_page_in_tcvn3_is_put_right() -> None:
    data = (
        b"<html><body><p><font face='.VnTime'>"
        + tcvn3("Kính gửi các thôn trên địa bàn xã")
        + b"</font></p></body></html>"
    )
    assert lines(data) == ["kính gửi các thôn trên địa bàn xã"]


def test_what_a_page_does_not_show_is_not_read() -> None:
    body = (
        "<p>a&amp;b &ecirc;&#7841;&nbsp;c</p><p style='color:red; display: none'>x</p><p hidden>x</p><script>x</script>"
        "<template>x</template><noscript>x</noscript><del>x</del><!-- x --><svg><text>x</text></svg>"
    )
    assert lines(f"<html><body>{body}</body></html>".encode()) == ["a&b êạ c"]


def test_items_are_numbered_as_a_browser_prints_them() -> None:
    body = (
        "<ol><li>a<li>b<ol type=a><li>c<li>d</ol></ol><ol start=7><li>e<li value=12>f<li>g</ol>"
        "<ul><li>h<li>- i</ul><ol style='list-style: none'><li>k</ol>"
    )
    assert lines(f"<html><body>{body}</body></html>".encode()) == [
        "1. a", "2. b", "a. c", "b. d", "7. e", "12. f", "13. g", "- h", "- i", "k",
    ]  # fmt: skip


def test_a_layout_table_gives_one_cell_after_another_and_a_table_of_data_its_rows() -> None:
    body = (
        "<table><tr><td><p>UBND XÃ<p>Số: 1</td><td><table><tr><th>Việc<th>Hạn</tr><tr><td>a<td>1/2</tr></table></td>"
        "</tr></table>"
    )
    assert lines(f"<html><body>{body}</body></html>".encode()) == ["UBND XÃ", "Số: 1", "Việc | Hạn", "a | 1/2"]
