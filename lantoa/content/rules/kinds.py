"""Rendering kinds and channel kinds: their names on screen, their files, and which carries which."""

from __future__ import annotations

from dataclasses import dataclass

from lantoa.content.rules.limits import PUSH_BODY

HTML, TEXT, PNG, PDF = "text/html", "text/plain", "image/png", "application/pdf"
MP3, OPUS = "audio/mpeg", "audio/ogg"
JSON, ATOM = "application/json", "application/atom+xml"
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
    seconds: int = 0
    """Of a bulletin: the slot it is fitted to; 0: the slot of its own place."""
    answers: str = ""
    """Of a correction notice: the rendering kind whose readers it tells; empty: those of all the others."""
    has_slots: bool = False
    """Whether its channel fills slots in it for each recipient (`{{name|quý vị}}`)."""

    @property
    def is_message(self) -> bool:
        """Whether it goes to many people one by one: its channel shows who speaks."""
        return self.name in WIRE_NOTICES or bool(self.answers)

    @property
    def file_name(self) -> str:
        """`to-gap.pdf`."""
        return self.stem + ENDINGS[self.media_type]


ENDINGS = {
    HTML: ".html", TEXT: ".txt", PNG: ".png", PDF: ".pdf", MP3: ".mp3", OPUS: ".opus", JSON: ".json", ATOM: ".xml",
    DOCX: ".docx",
}  # fmt: skip

BULLETIN_LENGTHS = (60, 120, 180)
"""Seconds of the slots a bulletin is also made for, beside that of its own place."""


def _bulletins() -> tuple[RenderingKind, ...]:
    """The script and the sound of a bulletin, for the slot of its own place and for each usual length."""
    found: list[RenderingKind] = []
    for seconds in (0, *BULLETIN_LENGTHS):
        name, said, stem = (f"_{seconds}", f" {seconds} giây", f"-{seconds}-giay") if seconds else ("", "", "")
        for kind, label, ending, media_type in (
            (f"script{name}", "lời đọc", "-loi-doc", TEXT),
            (f"audio{name}", "âm thanh", "", MP3),
            (f"audio{name}_opus", "âm thanh Opus", "", OPUS),
        ):
            file, shown = f"ban-tin{stem}{ending}", f"Bản tin phát thanh{said} ({label})"
            found.append(RenderingKind(kind, "bulletin", shown, file, media_type, seconds=seconds))
    return tuple(found)


def _corrections() -> tuple[RenderingKind, ...]:
    """The short notices of a correction: each goes the way the message it corrects went."""
    told = (
        ("sms", "Tin nhắn đính chính có dấu", "tin-nhan-dinh-chinh", TEXT),
        ("sms_unaccented", "Tin nhắn đính chính không dấu", "tin-nhan-dinh-chinh-khong-dau", TEXT),
        ("email", "Thư điện tử đính chính", "thu-dien-tu-dinh-chinh", HTML),
        ("push", "Thông báo đẩy đính chính", "thong-bao-day-dinh-chinh", JSON),
        ("zns", "Tin Zalo ZNS đính chính", "tin-zns-dinh-chinh", JSON),
    )
    return tuple(
        RenderingKind(
            f"correction_{kind}",
            f"correction_{kind.removesuffix('_unaccented')}",
            label,
            stem,
            media_type,
            answers=kind,
            has_slots=kind in {"email", "zns"},
        )
        for kind, label, stem, media_type in told
    )


KINDS: dict[str, RenderingKind] = {
    kind.name: kind
    for kind in (
        RenderingKind("article", "article", "Bài đăng cổng thông tin", "bai-dang-cong", HTML),
        RenderingKind("social_post", "social_post", "Bài đăng mạng xã hội", "bai-dang-mang-xa-hoi", TEXT),
        RenderingKind("social_image_wide", "social_image", "Ảnh ngang 1200×630", "anh-ngang-1200x630", PNG),
        RenderingKind("social_image_square", "social_image", "Ảnh vuông 1080×1080", "anh-vuong-1080x1080", PNG),
        RenderingKind("sms", "sms", "Tin nhắn có dấu", "tin-nhan", TEXT),
        RenderingKind("sms_unaccented", "sms", "Tin nhắn không dấu", "tin-nhan-khong-dau", TEXT),
        RenderingKind("email", "email", "Thư điện tử", "thu-dien-tu", HTML, has_slots=True),
        RenderingKind("zns", "zns", "Tin Zalo ZNS", "tin-zns", JSON, has_slots=True),
        RenderingKind("push", "push", "Thông báo đẩy", "thong-bao-day", JSON),
        RenderingKind("feed_entry", "article", "Mục tin Atom", "muc-tin", ATOM),
        *_bulletins(),
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
        *_corrections(),
    )
}

NOTICE_KINDS = tuple(name for name, kind in KINDS.items() if name.startswith("correction_"))
"""What tells of a correction: it is made for one, and only another correction changes it."""
WIRE_NOTICES: dict[str, str] = {kind.answers: name for name, kind in KINDS.items() if kind.answers}
"""By the kind of a message to many people: the notice that tells its readers of a correction."""
BULLETIN_VARIANTS = frozenset(name for name, kind in KINDS.items() if kind.piece == "bulletin") - {"script", "audio"}
"""Other lengths and another format of a bulletin: for the kit's folder, not for the main job's first minute."""

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
    "staff_meeting": ("briefing", "qa_sheet", "staff_slides", "email"),
    "residents_meeting": ("briefing", "qa_sheet", "poster"),
    "sms": ("sms", "sms_unaccented"),
    "poster_banner": ("poster", "poster_a4", "board_notice"),
    "leaflet": ("leaflet",),
    "door_to_door": ("doorstep_card", "leaflet"),
    "school": ("briefing", "leaflet", "email"),
    "electronic_board": ("social_image_wide",),
    "hotline": ("qa_sheet",),
    "other": ("leaflet",),
}
"""The rendering kinds each channel kind shows or hands over."""

ROOM: dict[str, tuple[str, int]] = {
    "article": ("long", 0),
    "qa_sheet": ("long", 0),
    "sms": ("long", 201),
    "correction_sms": ("long", 201),
    "push": ("medium", PUSH_BODY),
    "correction_push": ("medium", PUSH_BODY),
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

WIRE_LABELS: dict[str, str] = {
    "email": "Thư điện tử",
    "sms": "Tin nhắn SMS",
    "sms_http": "Tin nhắn SMS qua dịch vụ trung gian",
    "zns": "Zalo (ZNS)",
    "push": "Thông báo trên trình duyệt",
    "rehearsal": "Diễn tập, không gửi ra ngoài",
}
"""Names on screen of our channels to many people; one that an installation adds is shown by its own."""

SMS_LEVELS = frozenset({"province"})
"""Telecom SMS as grassroots information is for central bodies and the province alone (NĐ 49/2024/NĐ-CP, Điều 32)."""
