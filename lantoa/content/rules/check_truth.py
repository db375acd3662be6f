"""Nothing known to be false is said: by the pack's patterns, and in other words close to its examples."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from lantoa.campaigns.rules.false_statements import find_false_statements
from lantoa.content.rules.findings import Finding, Mend, Sheet, located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.campaigns.rules.pack import Pack

LIKE = 0.6
"""Likeness to a false example (Dice, over what the words mean) from which on a sentence is taken for it, at least:
each pack's own true sentences raise it, because none of them may be."""

_SAME: tuple[tuple[str, str], ...] = (
    ("DỪNG", r"ngừng hoạt động|dừng hoạt động|hết hoạt động|khóa|khoá|cắt|ngừng|ngưng|dừng|tắt|chặn"),
    ("MÁY", r"máy điện thoại|điện thoại|máy|thiết bị|dế"),
    ("PHẢI", r"nhất thiết phải|nhất thiết|bắt buộc phải|bắt buộc|buộc phải|cần phải|phải|nhất định"),
    ("ĐỔI", r"đổi sang|thay sang|chuyển sang|đổi|thay thế|thay|làm lại"),
    ("MỌI", r"mọi|tất cả các|tất cả|toàn bộ|hết thảy|ai cũng|bất kỳ"),
    ("DÂN", r"người dân|bà con|nhân dân|người dùng|các hộ dân|hộ dân|các hộ"),
    ("TẶNG", r"tặng|phát miễn phí|phát không|phát|cấp miễn phí|cấp|cho không|biếu|miễn phí"),
    ("CÒN", r"chỉ còn|tiếp tục|duy trì|giữ lại|giữ|vẫn còn|còn"),
    ("ĐẾN", r"cho đến|cho tới|đến hết|tới hết|đến|tới"),
    ("MẤT", r"bị xóa|bị xoá|mất|xóa|xoá|thu hồi|hủy"),
    ("SIM", r"thẻ sim|sim card|sim"),
    ("NỘP", r"nộp|đóng|trả|chuyển"),
    ("TIỀN", r"khoản tiền|khoản phí|lệ phí|tiền|phí"),
    ("MÃ", r"mã otp|otp|mã xác thực|mã xác nhận"),
    ("ĐƯA", r"cung cấp|gửi lại|gửi|đọc|nhập|đưa"),
    ("THẤY", r"hiển thị|hiện|thấy"),
    ("ỔN", r"yên tâm|không sao|ổn|dùng được"),
    ("CŨ", r"đời cũ|kiểu cũ|cũ"),
    ("CŨNG", r"cũng"),
)
"""Words that say the same in a notice."""
_PATTERNS = [(name, re.compile(rf"(?<!\w)(?:{words.replace(' ', chr(92) + 's+')})(?!\w)")) for name, words in _SAME]
_EMPTY = frozenset(
    [
        "và",
        "là",
        "của",
        "các",
        "những",
        "thì",
        "mà",
        "ở",
        "tại",
        "trong",
        "cho",
        "với",
        "từ",
        "này",
        "đó",
        "kia",
        "sau",
        "trước",
        "đây",
        "rồi",
        "nữa",
        "đều",
        "sẽ",
        "đã",
        "đang",
        "bị",
        "được",
        "một",
        "ngày",
        "tháng",
        "năm",
        "nên",
        "hãy",
        "xin",
        "ai",
        "nào",
        "khi",
        "vẫn",
        "chỉ",
        "cái",
        "chiếc",
        "con",
        "đi",
        "lên",
        "để",
        "về",
        "theo",
        "vì",
        "riêng",
        "ngay",
        "lập",
        "tức",
        "lúc",
        "hạn",
    ]
)
_NOT = frozenset({"không", "chưa", "chẳng", "đừng", "chớ", "khỏi"})
_REFERENCE = re.compile(r"\{[^}]*\}")
_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.\d[^.!?;\n]*)*[.!?;]?")


def check_truth(sheet: Sheet, pack: Pack) -> list[Finding]:
    """Find what the pack knows to be false, word for word or nearly."""
    said = [
        located(
            sheet,
            (one.start, one.start + len(one.quote)),
            "false_statement",
            f"{one.why} Nên viết: {one.right}",
            Mend("rewrite", f"Thay bằng: {one.right}", one.right),
        )
        for one in find_false_statements(pack, sheet.text)
    ]
    spans = [(one.start, one.end) for one in said]
    return [*said, *(one for one in _near(sheet, pack) if not any(a < one.end and one.start < b for a, b in spans))]


@lru_cache(maxsize=4096)
def _gist(sentence: str) -> frozenset[str]:
    """What a sentence says: its words, those that mean the same as one, and `¬` before a word that is denied."""
    text = sentence.lower()
    for name, pattern in _PATTERNS:
        text = pattern.sub(name, text)
    words: list[str] = []
    is_denied = False
    for word in re.findall(r"[\w*#%]+", text):
        if word in _NOT:
            is_denied = True
        elif word not in _EMPTY and not word.isdecimal():
            words.append("¬" * is_denied + word)
            is_denied = False
    return frozenset(words)


def _near(sheet: Sheet, pack: Pack) -> Iterator[Finding]:
    """Sentences that say nearly what an example of a false statement says; a text without tones has no such gist."""
    if sheet.is_bare or sheet.is_spoken:
        return
    truths = tuple(f"{entry.title}\n{entry.text}" for entry in (*pack.messages, *pack.questions))
    bounds = [
        (statement, _bound(statement["example"], statement["right"], truths)) for statement in pack.false_statements
    ]
    for start, sentence in _sentences(sheet.text):
        near = [(_likeness(sentence, one["example"]) - bound, one) for one, bound in bounds]
        best, statement = max(near, key=lambda one: one[0], default=(-1.0, {}))
        if best > 0:
            why = f"gần với điều sai «{statement['example']}» {statement['why']}"
            mend = Mend("rewrite", f"Đọc lại; nếu ý là vậy thì viết: {statement['right']}", statement["right"])
            yield replace(located(sheet, (start, start + len(sentence)), "near_false", why, mend), severity="warns")


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence that states something, and where it begins."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if not sentence.endswith("?") and " " in sentence:
            yield match.start() + len(match[0]) - len(match[0].lstrip()), sentence


@lru_cache(maxsize=256)
def _bound(example: str, right: str, truths: tuple[str, ...]) -> float:
    """Likeness no true sentence reaches: what a pack says itself is never taken for its own false statement."""
    said = (sentence for text in (*truths, right) for _, sentence in _sentences(_REFERENCE.sub("…", text)))
    return max([LIKE, *(_likeness(sentence, example) for sentence in said)])


@lru_cache(maxsize=4096)
def _names(words: frozenset[str]) -> frozenset[str]:
    """Words with a digit: `3g`, `4g`."""
    return frozenset(word for word in words if any(char.isdecimal() for char in word))


@lru_cache(maxsize=4096)
def _denials(sentence: str) -> int:
    return sum(word in _NOT for word in re.findall(r"\w+", sentence.lower()))


def _likeness(first: str, second: str) -> float:
    """How much two sentences say the same, 0 to 1; 0 where one denies what the other says, or speaks of 2G, not 3G."""
    one, two = _gist(first), _gist(second)
    if (named := _names(one)) and (others := _names(two)) and not named & others:
        return 0.0
    if _denials(first) % 2 != _denials(second) % 2:
        return 0.0
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0
