"""Marks a scan has lost or changed, put back in the words every official letter is made of.

A scan reads `thành phô` or `góp ý kiên`: letters right, marks wrong. Where two syllables that follow one another are,
without their marks, a word of the trade that can be no other word, its marks are known. One character stands for
one, so every offset stays what it was; what was mended is put in doubt (`weigh`).
"""

from __future__ import annotations

import re

from lantoa.lib.vietnamese import folded, with_modern_tones

_WORDS = (
    "ủy ban, nhân dân, thành phố, thị trấn, thị xã, khu phố, dân phố, dân cư, địa phương, địa bàn, văn phòng, "
    "trung tâm, giám đốc, chủ tịch, hiệu trưởng, trưởng phòng, thủ trưởng, bộ trưởng, thứ trưởng, thủ tướng, "
    "chính phủ, thường trực, y tế, bệnh viện, khám bệnh, chữa bệnh, sức khỏe, dịch bệnh, tiêm chủng, truyền "
    "nhiễm, xuất huyết, vệ sinh, thực phẩm, dinh dưỡng, giáo dục, đào tạo, nhà trường, trường học, trung học, "
    "tiểu học, mầm non, phổ thông, đại học, cao đẳng, học sinh, sinh viên, phụ huynh, tập huấn, bồi dưỡng, kiến "
    "thức, kỹ năng, thực hành, chuyên ngành, xã hội, văn hóa, thể thao, du lịch, khoa học, công nghệ, tài chính, "
    "tài nguyên, môi trường, nông nghiệp, xây dựng, giao thông, công an, quân sự, biên phòng, lao động, thương "
    "binh, phụ nữ, thanh niên, mặt trận, tổ quốc, liên đoàn, công đoàn, đoàn thể, cơ quan, đơn vị, trực thuộc, "
    "cán bộ, công chức, viên chức, tổ chức, triển khai, thực hiện, báo cáo, thông báo, kế hoạch, kết quả, yêu "
    "cầu, đề nghị, quyết định, nghị định, thông tư, chỉ thị, công văn, văn bản, quy định, phê duyệt, thẩm định, "
    "ban hành, thông tin, tuyên truyền, truyền thông, phổ biến, vận động, truyền thanh, phát thanh, truyền hình, "
    "báo chí, áp phích, băng rôn, tờ rơi, khẩu hiệu, hội nghị, hội thảo, cuộc họp, sinh hoạt, nội dung, hình "
    "thức, phương pháp, đối tượng, mục đích, ý nghĩa, ý kiến, góp ý, tình hình, hướng dẫn, kiểm tra, giám sát, "
    "theo dõi, đôn đốc, quản lý, xử lý, vi phạm, đánh giá, tổng hợp, tổng kết, hoạt động, hành động, hành chính, "
    "thủ tục, trách nhiệm, nhiệm vụ, giải pháp, biện pháp, phương án, bảo đảm, đảm bảo, an toàn, ứng phó, khắc "
    "phục, thiên tai, chất thải, tiến độ, tiến hành, đẩy nhanh, đẩy mạnh, tăng cường, nâng cao, năng lực, bổ "
    "sung, đăng ký, tham gia, phối hợp, chủ trì, chủ động, tích cực, nghiêm túc, hiệu quả, chất lượng, kinh phí, "
    "ngân sách, đầu tư, dự án, chương trình, cung ứng, gói thầu, đấu thầu, cung cấp, sử dụng, hỗ trợ, phân công, "
    "phân loại, lồng ghép, thời gian, thời hạn, chậm nhất, thường xuyên, đột xuất, khẩn trương, kịp thời, số "
    "liệu, danh sách, biểu mẫu, đính kèm, kèm theo, căn cứ, đồng thời, liên hệ, liên quan, điện thoại, điện tử, "
    "địa chỉ, hồ sơ, thi đua, khen thưởng, sáng kiến, bình đẳng, bạo lực, gia đình, trẻ em, tiếp nhận, tiếp tục, "
    "duy trì, thành lập, củng cố, phát triển, phát hiện, ngăn chặn, phòng ngừa, cảnh báo, khuyến cáo, nguy cơ, "
    "hậu quả, thiệt hại"
)
_BY_PLAIN = {folded(word): word for word in (part.strip() for part in _WORDS.split(","))}
_SPECKS = re.compile(r"(?m)^[ \t.:;'`\",_“]{1,4}(?=(?:\d{1,2}[.,)]|[-~–]) ?[A-ZĐ])")
_MARK = re.compile(r"(?m)^(\s*\d{1,2}),(?= [A-ZĐ])")
_BEGINNINGS = {plain.split()[0] for plain in _BY_PLAIN}
_SYLLABLE = re.compile(r"[^\W\d_]+")


def mend_marks(text: str) -> str:
    """Put right the marks of known words; the text keeps its length and its capitals."""
    plain = folded(text)
    signs: list[str] | None = None
    before: re.Match[str] | None = None
    for syllable in _SYLLABLE.finditer(plain):
        if before and before[0] in _BEGINNINGS and plain[before.end() : syllable.start()].isspace():
            word = _BY_PLAIN.get(f"{before[0]} {syllable[0]}")
            start, end = before.start(), syllable.end()
            if word and not _is_same(word, text[start:end]):
                signs = signs or list(text)
                first, second = word.split()
                _write(signs, before.start(), first)
                _write(signs, syllable.start(), second)
        before = syllable
    return "".join(signs) if signs else text


def mend_item_marks(text: str) -> str:
    """Clear the specks before the mark of an item and read `1,` as `1.`; the text keeps its length."""
    return _MARK.sub(r"\1.", _SPECKS.sub(lambda found: " " * len(found[0]), text))


def _is_same(word: str, printed: str) -> bool:
    return with_modern_tones(" ".join(printed.split())).lower() == with_modern_tones(word)


def _write(signs: list[str], at: int, word: str) -> None:
    for place, sign in enumerate(word, at):
        signs[place] = sign.upper() if signs[place].isupper() else sign
