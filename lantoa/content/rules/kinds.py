"""Rendering kinds and channel kinds: their names on screen, their files, and which carries which."""

from __future__ import annotations

from dataclasses import dataclass

HTML, TEXT, PNG, PDF, MP3 = "text/html", "text/plain", "image/png", "application/pdf", "audio/mpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class RenderingKind:
    """One kind of rendering: the pack piece it is made of, its name in Vietnamese, its file and media type."""

    name: str
    piece: str
    label: str
    stem: str
    media_type: str
    is_print: bool = False
    """On paper: what is out cannot be replaced from here, someone must go."""

    @property
    def file_name(self) -> str:
        """`to-gap.pdf`."""
        return self.stem + ENDINGS[self.media_type]


ENDINGS = {HTML: ".html", TEXT: ".txt", PNG: ".png", PDF: ".pdf", MP3: ".mp3", DOCX: ".docx"}

KINDS: dict[str, RenderingKind] = {
    kind.name: kind
    for kind in (
        RenderingKind("article", "article", "Bài đăng cổng thông tin", "bai-dang-cong", HTML),
        RenderingKind("social_post", "social_post", "Bài đăng mạng xã hội", "bai-dang-mang-xa-hoi", TEXT),
        RenderingKind("social_image_wide", "social_image", "Ảnh ngang 1200×630", "anh-ngang-1200x630", PNG),
        RenderingKind("social_image_square", "social_image", "Ảnh vuông 1080×1080", "anh-vuong-1080x1080", PNG),
        RenderingKind("sms", "sms", "Tin nhắn có dấu", "tin-nhan", TEXT),
        RenderingKind("sms_unaccented", "sms", "Tin nhắn không dấu", "tin-nhan-khong-dau", TEXT),
        RenderingKind("script", "bulletin", "Bản tin phát thanh (lời đọc)", "ban-tin-loi-doc", TEXT),
        RenderingKind("audio", "bulletin", "Bản tin phát thanh (âm thanh)", "ban-tin", MP3),
        RenderingKind("leaflet", "leaflet", "Tờ rơi A5", "to-roi-a5", PDF, is_print=True),
        RenderingKind("poster", "poster", "Áp phích A3", "ap-phich-a3", PDF, is_print=True),
        RenderingKind("poster_a4", "poster", "Áp phích A4", "ap-phich-a4", PDF, is_print=True),
        RenderingKind("board_notice", "leaflet", "Thông báo bảng tin A4", "thong-bao-bang-tin", PDF, is_print=True),
        RenderingKind("briefing", "briefing", "Tài liệu phổ biến trong cơ quan", "tai-lieu-pho-bien", PDF),
        RenderingKind("staff_slides", "briefing", "Trang trình chiếu cho cán bộ", "trang-trinh-chieu", PDF),
        RenderingKind("doorstep_card", "doorstep_card", "Thẻ đến từng nhà", "the-den-tung-nha", PDF, is_print=True),
        RenderingKind("qa_sheet", "qa_sheet", "Hỏi - đáp", "hoi-dap", PDF, is_print=True),
        RenderingKind(
            "covering_letter", "covering_letter", "Công văn gửi tài liệu (DOCX)", "cong-van-gui-tai-lieu", DOCX
        ),
        RenderingKind(
            "covering_letter_pdf", "covering_letter", "Công văn gửi tài liệu (PDF)", "cong-van-gui-tai-lieu", PDF
        ),
        RenderingKind(
            "correction_notice", "correction_notice", "Thông báo đính chính (DOCX)", "thong-bao-dinh-chinh", DOCX
        ),
        RenderingKind(
            "correction_notice_pdf", "correction_notice", "Thông báo đính chính (PDF)", "thong-bao-dinh-chinh", PDF
        ),
    )
}

TEAM_KINDS = ("covering_letter", "covering_letter_pdf", "doorstep_card", "leaflet", "poster", "qa_sheet")
CARRIED_BY: dict[str, tuple[str, ...]] = {
    "portal": ("article",),
    "fanpage": ("social_post", "social_image_wide", "social_image_square"),
    "social_network": ("social_post", "social_image_wide", "social_image_square"),
    "zalo": ("social_post", "social_image_square"),
    "grassroots_information_system": ("script", "audio"),
    "loudspeaker": ("script", "audio"),
    "press": ("article",),
    "tv_radio": ("article",),
    "community_digital_team": TEAM_KINDS,
    "project06_team": TEAM_KINDS,
    "staff_meeting": ("briefing", "qa_sheet", "staff_slides"),
    "residents_meeting": ("briefing", "qa_sheet", "poster"),
    "sms": ("sms", "sms_unaccented"),
    "poster_banner": ("poster", "poster_a4", "board_notice"),
    "leaflet": ("leaflet",),
    "door_to_door": ("doorstep_card", "leaflet"),
    "school": ("briefing", "leaflet"),
    "electronic_board": ("social_image_wide",),
    "hotline": ("qa_sheet",),
    "other": ("leaflet",),
}
"""The rendering kinds each channel kind shows or hands over."""

ROOM: dict[str, tuple[str, int]] = {
    "article": ("long", 0),
    "qa_sheet": ("long", 0),
    "sms": ("long", 201),
    "social_image": ("short", 0),
    "poster": ("short", 0),
    "doorstep_card": ("short", 0),
}
"""How much room a pack's piece has: the length its words are said at, and the most characters of one text.

An SMS with tones has 67 characters in each part of a long message (3GPP TS 23.040, 9.2.3.24.1); three parts are paid.
"""

HANDED_OVER = frozenset(
    {
        "community_digital_team",
        "project06_team",
        "staff_meeting",
        "residents_meeting",
        "door_to_door",
        "school",
        "hotline",
        "other",
    }
)
"""Channel kinds that are people: what they get is a delivery; the rest are publications."""

CHANNEL_KIND_LABELS: dict[str, str] = {
    "portal": "Cổng thông tin điện tử",
    "fanpage": "Fanpage",
    "social_network": "Mạng xã hội",
    "zalo": "Zalo",
    "grassroots_information_system": "Hệ thống thông tin cơ sở",
    "loudspeaker": "Loa phát thanh",
    "press": "Báo chí",
    "tv_radio": "Phát thanh - truyền hình",
    "community_digital_team": "Tổ công nghệ số cộng đồng",
    "project06_team": "Tổ công tác Đề án 06",
    "staff_meeting": "Phổ biến trong cơ quan",
    "residents_meeting": "Họp dân",
    "sms": "Tin nhắn SMS",
    "poster_banner": "Áp phích, pa-nô",
    "leaflet": "Tờ rơi",
    "door_to_door": "Đến từng nhà",
    "school": "Trường học",
    "electronic_board": "Bảng điện tử",
    "hotline": "Đường dây nóng",
    "other": "Hình thức khác",
}

SMS_LEVELS = frozenset({"province"})
"""Telecom SMS as grassroots information is for central bodies and the province alone (NĐ 49/2024/NĐ-CP, Điều 32)."""
