"""What makes an honest notice look like a fraud: strange links, threats, hurry, asking for codes, no sender."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lantoa.content.rules.figures import links_in
from lantoa.content.rules.findings import Finding, Mend, Sheet, Wording, fold, located, wording
from lantoa.content.rules.kinds import KINDS
from lantoa.content.rules.speech import speak

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.content.rules.known import Known

OFFICIAL = (".gov.vn",)
SMS = frozenset({"sms", "sms_unaccented", "correction_sms", "correction_sms_unaccented"})
MESSAGES = SMS | {"push", "zns", "correction_push", "correction_zns"}
"""Short messages that come unasked: frauds come the same way."""
NEEDS_SENDER = (
    SMS
    | {
        "social_post", "social_image_wide", "social_image_square", "article", "email", "push", "feed_entry", "leaflet",
        "poster", "doorstep_card", "qa_sheet", "correction_notice", "correction_notice_pdf", "correction_email",
        "correction_push",
    }
    | {name for name, kind in KINDS.items() if kind.piece == "bulletin"}
)  # fmt: skip
"""What must say who speaks; of a Zalo notification the account it comes from says so."""

_DENIED = wording(
    r"(?<!\w)(?:không|đừng|chớ|cấm|tránh|khỏi|chưa bao giờ|lừa đảo|kẻ gian|kẻ xấu|giả danh|mạo danh|tự xưng|tự nhận"
    r"|cảnh giác)(?!\w)"
)
_TURNED = wording(r"(?<!\w)(?:mà hãy|nhưng hãy|vui lòng|hãy|mời|đề nghị|yêu cầu|nhưng|mà phải)(?!\w)")
_ASKS = wording(
    r"(?<!\w)(?:gửi|đọc|cung cấp|nhập|cho biết|xác nhận|xác minh|nhắn|điền|khai|soạn|chụp|bấm|trả lời bằng|đưa)"
    r"(?: \w+){0,5}? (?:mã OTP|OTP|mã xác (?:thực|nhận|minh)|mã PIN|mật khẩu|password|số thẻ|số tài khoản ngân hàng"
    r"|tài khoản ngân hàng|ảnh căn cước|số căn cước|số CCCD|CCCD|mã CVV|mã bảo mật)(?!\w)"
)
_PAYS = wording(
    r"(?<!\w)(?:chuyển khoản|chuyển tiền|nạp tiền|nộp phí|nộp tiền|đóng phí|đóng tiền|đặt cọc|thanh toán phí"
    r"|chuyển phí)(?!\w)"
)
_CLICKS = wording(
    r"(?<!\w)(?:bấm|nhấn|nhấp|ấn|click|truy cập)(?: \w+){0,3}? (?:link|đường dẫn|đường link|liên kết|nút dưới)(?!\w)"
)
_URGES = wording(
    r"(?<!\w)(?:khẩn cấp[!:]|khẩn[!:]|gấp[!:]|ngay lập tức|lập tức"
    r"|trong vòng \d+ ?(?:giờ|h|phút|tiếng)|trong \d+ ?(?:h|giờ|tiếng)(?= )"
    r"|chỉ còn (?:vài|\d+) (?:giờ|phút|tiếng)|cơ hội cuối|lần cuối cùng|cảnh báo cuối|hạn chót|nhanh tay"
    r"|kẻo lỡ|kẻo muộn|khẩn trương (?:bấm|gửi|nhắn|gọi|liên hệ|cập nhật))(?!\w)|!{2,}"
)
_THREATENS = wording(
    r"(?<!\w)(?:nếu không|không thì|kẻo|quá hạn|trái lại|bằng không)[^.!?\n]{0,60}?(?<!\w)(?:bị|sẽ) (?:\w+ )?"
    r"(?:khóa|cắt|thu hồi|phạt|xử phạt|xử lý|truy cứu|khởi tố|mất|phong tỏa|hủy)(?!\w)"
)
_SHORT = re.compile(
    r"(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|cutt\.ly|is\.gd|rb\.gy|shorturl|s\.id|ow\.ly|zalo\.me/g/)", re.IGNORECASE
)


def check_scams(sheet: Sheet, known: Known) -> list[Finding]:
    """Find what a resident has been told to take for a fraud."""
    return [*_links(sheet, known), *_asked(sheet), *_hurried(sheet)]


def check_sender(sheet: Sheet) -> list[Finding]:
    """Find a text that does not say who speaks."""
    return list(_unsigned(sheet))


def _links(sheet: Sheet, known: Known) -> Iterator[Finding]:
    for match in links_in(sheet.text):
        host, span = _host(match[0]), (match.start(), match.start() + len(match[0].rstrip(".,;:)")))
        is_known = host in known.hosts
        if is_known and sheet.kind not in MESSAGES:
            continue
        if is_known or (host.endswith(OFFICIAL) and f".{host}".endswith(tuple(f".{one}" for one in known.hosts))):
            why = "tin nhắn của cơ quan có đường dẫn giống cách kẻ lừa đảo làm, và lời dặn là đừng bấm"
            yield _warned(sheet, span, "link", why, Mend("rewrite", "Bỏ đường dẫn khỏi tin nhắn; nói nơi hỏi."))
        else:
            short = "đường dẫn rút gọn giấu nơi nó dẫn đến" if _SHORT.search(match[0]) else ""
            why = short or "đường dẫn này không phải trang của chiến dịch và không có trong dữ kiện"
            new = min(known.hosts, key=len, default="")
            yield located(sheet, span, "link", why, Mend("rewrite", "Chỉ dẫn đến trang của chiến dịch.", new))


def _host(link: str) -> str:
    bare = re.sub(r"^https?://", "", link.lower())
    return re.split(r"[/?#]", bare, maxsplit=1)[0].removeprefix("www.").rstrip(".,;:)")


def _asked(sheet: Sheet) -> Iterator[Finding]:
    words = (
        (_ASKS, "không cơ quan, nhà mạng nào hỏi mã hay mật khẩu; hỏi như vậy là giống lừa đảo"),
        (_PAYS, "không bảo người dân chuyển tiền; lời này giống lừa đảo"),
        (_CLICKS, "bảo người dân bấm đường dẫn là giống lừa đảo"),
    )
    mend = Mend("rewrite", "Bỏ lời này; chỉ dẫn hỏi tổng đài hoặc cửa hàng chính thức.")
    for asking, why in words:
        for match in asking.of(sheet).finditer(sheet.text):
            if not is_denied(sheet, match.start()):
                yield located(sheet, match.span(), "asks_secret", why, mend)


def is_denied(sheet: Sheet, place: int) -> bool:
    """Whether the sentence tells not to do what stands at `place`, or tells what frauds do, or only asks."""
    start = max((match.end() for match in re.finditer(r"[.!?;\n]\s", sheet.text[:place])), default=0)
    if _question(sheet.text, place):
        return True
    head = sheet.text[start:place]
    denied = _last(_DENIED, sheet, head)
    return denied >= 0 and denied >= _last(_TURNED, sheet, head)


def _question(text: str, place: int) -> bool:
    end = re.search(r"[.!?\n]", text[place:])
    return end is not None and end[0] == "?"


def _last(words: Wording, sheet: Sheet, text: str) -> int:
    return max((match.start() for match in words.of(sheet).finditer(text)), default=-1)


def _hurried(sheet: Sheet) -> Iterator[Finding]:
    calm = Mend("rewrite", "Nói mốc thời gian và việc cần làm, không giục và không dọa.")
    for match in _THREATENS.of(sheet).finditer(sheet.text):
        yield located(sheet, match.span(), "urgency", "lời dọa là dấu hiệu của tin lừa đảo", calm)
    for match in _URGES.of(sheet).finditer(sheet.text):
        if is_denied(sheet, match.start()):
            continue
        why = "lời giục giã là dấu hiệu của tin lừa đảo"
        if sheet.kind in MESSAGES:
            yield located(sheet, match.span(), "urgency", why, calm)
        else:
            yield _warned(sheet, match.span(), "urgency", why, calm)


def _warned(sheet: Sheet, span: tuple[int, int], rule: str, why: str, mend: Mend) -> Finding:
    return replace(located(sheet, span, rule, why, mend), severity="warns")


def _unsigned(sheet: Sheet) -> Iterator[Finding]:
    if not sheet.publisher or sheet.kind not in NEEDS_SENDER:
        return
    name = fold(sheet.publisher)
    said = fold(speak(sheet.publisher).text) if sheet.is_spoken else name
    text = " ".join(sheet.folded.split())
    if not any(one in text for one in (name, name.replace("uy ban nhan dan", "ubnd"), said)):
        why = "không nói ai gửi; người nhận không biết có phải tin thật"
        mend = Mend("rewrite", f"Ghi tên đơn vị gửi: {sheet.publisher}.", sheet.publisher)
        yield Finding("", why, "sender", "blocks" if sheet.kind in SMS else "warns", mend)
