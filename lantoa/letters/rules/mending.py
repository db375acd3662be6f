"""Marks a scan has lost or changed, put back in the words every official letter is made of.

A scan reads `thành phô` or `góp ý kiên`: letters right, marks wrong. Where two syllables that follow one another are,
without their marks, a word of the trade that can be no other word, its marks are known. One character stands for
one, so every offset stays what it was; what was mended is put in doubt (`weigh`).
"""

from __future__ import annotations

import itertools
import re

from lantoa.lib.vietnamese import folded, with_modern_tones

TRADE_WORDS = (
    "ủy ban, nhân dân, thành phố, thị trấn, thị xã, khu phố, địa phương, địa bàn, văn phòng, trung tâm, "
    "giám đốc, chủ tịch, hiệu trưởng, thủ tướng, chính phủ, thường trực, y tế, bệnh viện, khám bệnh, "
    "chữa bệnh, sức khỏe, dịch bệnh, tiêm chủng, truyền nhiễm, xuất huyết, thực phẩm, dinh dưỡng, giáo dục, "
    "đào tạo, nhà trường, trường học, trung học, tiểu học, mầm non, đại học, học sinh, sinh viên, "
    "phụ huynh, tập huấn, bồi dưỡng, kỹ năng, thực hành, chuyên ngành, xã hội, văn hóa, thể thao, du lịch, "
    "công nghệ, tài chính, tài nguyên, nông nghiệp, xây dựng, giao thông, công an, biên phòng, lao động, "
    "thương binh, phụ nữ, mặt trận, tổ quốc, liên đoàn, công đoàn, đoàn thể, đơn vị, trực thuộc, công chức, "
    "viên chức, tổ chức, triển khai, thực hiện, báo cáo, kế hoạch, kết quả, yêu cầu, đề nghị, quyết định, "
    "nghị định, chỉ thị, công văn, văn bản, quy định, phê duyệt, thẩm định, ban hành, tuyên truyền, vận động, "
    "truyền thanh, phát thanh, truyền hình, báo chí, áp phích, băng rôn, tờ rơi, khẩu hiệu, hội nghị, "
    "hội thảo, cuộc họp, sinh hoạt, nội dung, phương pháp, đối tượng, mục đích, ý nghĩa, ý kiến, "
    "góp ý, tình hình, hướng dẫn, kiểm tra, giám sát, đôn đốc, quản lý, xử lý, vi phạm, đánh giá, tổng hợp, "
    "tổng kết, hoạt động, hành động, hành chính, thủ tục, trách nhiệm, nhiệm vụ, giải pháp, biện pháp, "
    "bảo đảm, đảm bảo, an toàn, ứng phó, khắc phục, thiên tai, chất thải, tiến độ, tiến hành, đẩy nhanh, "
    "đẩy mạnh, tăng cường, nâng cao, năng lực, bổ sung, đăng ký, tham gia, phối hợp, chủ trì, chủ động, "
    "tích cực, nghiêm túc, hiệu quả, chất lượng, kinh phí, ngân sách, dự án, chương trình, gói thầu, đấu thầu, "
    "sử dụng, hỗ trợ, phân công, phân loại, lồng ghép, thời gian, thời hạn, chậm nhất, thường xuyên, đột xuất, "
    "khẩn trương, kịp thời, số liệu, danh sách, biểu mẫu, đính kèm, kèm theo, đồng thời, liên hệ, liên quan, "
    "điện thoại, địa chỉ, thi đua, khen thưởng, sáng kiến, bạo lực, trẻ em, tiếp nhận, tiếp tục, duy trì, "
    "thành lập, phát triển, phát hiện, ngăn chặn, phòng ngừa, cảnh báo, khuyến cáo, nguy cơ, hậu quả, "
    "thiệt hại"
)
"""Words no two other syllables look like: `truyền thông` is not here, for `truyền thống` is a word too."""
_BY_PLAIN = {folded(word): word for word in (part.strip() for part in TRADE_WORDS.split(","))}
_SPECKS = re.compile(r"(?m)^[ \t.:;'`\",_“]{1,4}(?=(?:\d{1,2}[.,)]|[-~–]) ?[A-ZĐ])")
_MARK = re.compile(r"(?m)^(\s*\d{1,2}),(?= [A-ZĐ])")
_STRAY = re.compile(r"(?m)(?<=[.;,:/])[ \t]+[:;'`\",_~^°¬|.\u2018\u2019\u02c6-]{1,3}[ \t]*$|[\u02c6\u02dc¬]")
"""Marks of dirt: after what already ends a line, and signs no letter is printed with."""
_STROKE = re.compile(r"(?i)(?<=ngày )\|(?= ?\S{0,2} ?tháng)|(?<=tháng )\|(?= ?\S{0,2} ?năm)")
"""A digit of the issue date read as a stroke, which would part the line in columns."""
_PRINTED_AS = str.maketrans("\u2044\u2215Ðð", "//Đđ")
"""Signs a scan takes for a slash or a letter Đ."""
_BEGINNINGS = {plain.split()[0] for plain in _BY_PLAIN}
_SYLLABLE = re.compile(r"[^\W\d_]+")


def mend_marks(text: str) -> str:
    """Put right the marks of known words; the text keeps its length and its capitals."""
    plain = folded(text)
    signs: list[str] | None = None
    before: re.Match[str] | None = None
    for syllable in _SYLLABLE.finditer(plain):
        if before and before[0] in _BEGINNINGS and _goes_on(text, before.end(), syllable.start()):
            word = _BY_PLAIN.get(f"{before[0]} {syllable[0]}")
            start, end = before.start(), syllable.end()
            if word and not _is_same(word, text[start:end]):
                signs = signs or list(text)
                first, second = word.split()
                _write(signs, before.start(), first)
                _write(signs, syllable.start(), second)
        before = syllable
    return "".join(signs) if signs else text


def count_mended(text: str) -> int:
    """Count the known words, free of other signs, that bear wrong marks: hardly any in a text that was typed."""
    printed, plain = text.split(), folded(text).split()
    return sum(
        not _is_same(_BY_PLAIN[f"{first} {second}"], f"{printed[at]} {printed[at + 1]}")
        for at, (first, second) in enumerate(itertools.pairwise(plain))
        if first in _BEGINNINGS and f"{first} {second}" in _BY_PLAIN
    )


def mend_item_marks(text: str) -> str:
    """Clear the specks before the mark of an item and read `1,` as `1.`; the text keeps its length."""
    return _MARK.sub(r"\1.", _SPECKS.sub(lambda found: " " * len(found[0]), text))


def clear_dirt(text: str) -> str:
    """Clear what is dirt on the page and put printed signs in the place of their look-alikes; the length stays."""
    text = _STROKE.sub("l", text.translate(_PRINTED_AS))
    return _STRAY.sub(lambda found: " " * len(found[0]), text)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether only white space stands between two syllables, and a new line only within running text."""
    between = text[start:end]
    return between.isspace() and ("\n" not in between or text[start - 1].islower())


def _is_same(word: str, printed: str) -> bool:
    small = " ".join(printed.split()).lower()
    return small == word or with_modern_tones(small) == with_modern_tones(word)


def _write(signs: list[str], at: int, word: str) -> None:
    for place, sign in enumerate(word, at):
        signs[place] = sign.upper() if signs[place].isupper() else sign
