import pytest

from lantoa.lib.vietnamese import decode_text, looks_vietnamese, mend_legacy

WORDS = "Ủy ban nhân dân phường đề nghị tổ dân phố thông báo tới từng hộ, hoàn thành trước ngày 05 tháng 8."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files_are_read_with_or_without_a_mark(encoding: str) -> None:
    assert decode_text(WORDS.encode(encoding))[0] == WORDS


def test_tcvn3_is_recognised_by_its_syllables() -> None:
    data = "Céng hßa x\xb7 héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc".encode("latin-1")
    assert decode_text(data) == ("Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc", "tcvn3")


def test_vni_is_recognised_by_its_syllables() -> None:
    data = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc".encode("latin-1")
    assert decode_text(data) == ("Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc", "vni")


def test_windows_1258_is_recognised() -> None:
    data = "U\u0309y ban nhân dân xa\u0303".encode("cp1258")
    assert decode_text(data) == ("Ủy ban nhân dân xã", "cp1258")


def test_old_fonts_inside_unicode_files_are_mended() -> None:
    assert mend_legacy("Céng hßa x· héi chñ nghÜa ViÖt Nam") == ("Cộng hòa xã hội chủ nghĩa Việt Nam", "tcvn3")
    assert mend_legacy(WORDS) == (WORDS, None)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="text"):
        decode_text(bytes(range(128, 256)) * 4)


def test_other_languages_do_not_look_vietnamese() -> None:
    assert looks_vietnamese(WORDS)
    assert not looks_vietnamese("Der Bürgermeister grüßt fröhlich die Bürgerschaft")
    assert not looks_vietnamese("plain ascii")
