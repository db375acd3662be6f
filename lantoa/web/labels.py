"""Names on screen of what the rooms keep as keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Labels = Mapping[str, "_StrPromise"]

RENDERINGS: Labels = {
    "article": _("Bài viết trên cổng"), "article_fragment": _("Đoạn bài viết"), "social_post": _("Bài mạng xã hội"),
    "social_image_wide": _("Ảnh ngang"), "social_image_square": _("Ảnh vuông"), "sms": _("Tin nhắn có dấu"),
    "sms_unaccented": _("Tin nhắn không dấu"), "script": _("Bản tin truyền thanh"), "audio": _("Âm thanh bản tin"),
    "leaflet": _("Tờ rơi"), "poster": _("Áp phích"), "briefing": _("Tài liệu phổ biến"),
    "doorstep_card": _("Thẻ đến từng nhà"), "qa_sheet": _("Tờ hỏi - đáp"), "covering_letter": _("Công văn triển khai"),
    "covering_letter_pdf": _("Công văn triển khai (PDF)"), "correction_notice": _("Thông báo đính chính"),
    "correction_notice_pdf": _("Thông báo đính chính (PDF)"),
}
CHANNELS: Labels = {
    "portal": _("Cổng thông tin"), "fanpage": _("Fanpage"), "social_network": _("Mạng xã hội"), "zalo": _("Zalo"),
    "grassroots_information_system": _("Hệ thống thông tin cơ sở"), "loudspeaker": _("Truyền thanh"),
    "press": _("Báo chí"), "tv_radio": _("Phát thanh, truyền hình"), "community_digital_team": _("Tổ công nghệ số"),
    "project06_team": _("Tổ Đề án 06"), "staff_meeting": _("Họp cơ quan"), "residents_meeting": _("Họp dân"),
    "sms": _("Tin nhắn"), "poster_banner": _("Áp phích, băng rôn"), "leaflet": _("Tờ rơi"),
    "door_to_door": _("Đến từng nhà"), "school": _("Trường học"), "electronic_board": _("Bảng điện tử"),
    "hotline": _("Đường dây nóng"), "other": _("Kênh khác"), "letter": _("Công văn"), "email": _("Thư điện tử"),
}
DOC_TYPES: Labels = {
    "cong_van": _("Công văn"), "ke_hoach": _("Kế hoạch"), "thong_bao": _("Thông báo"), "chi_thi": _("Chỉ thị"),
    "quyet_dinh": _("Quyết định"), "bao_cao": _("Báo cáo"), "to_trinh": _("Tờ trình"), "cong_dien": _("Công điện"),
    "huong_dan": _("Hướng dẫn"), "giay_moi": _("Giấy mời"), "chuong_trinh_phoi_hop": _("Chương trình phối hợp"),
    "other": _("Văn bản khác"),
}
VERBS: Labels = {
    "import_places": _("Nhập danh sách đơn vị"), "register_letter": _("Vào sổ văn bản đến"),
    "open_campaign": _("Mở chiến dịch"), "record_fact": _("Ghi phiên bản dữ kiện"),
    "answer_question": _("Trả lời câu hỏi"), "move_assignment": _("Chuyển trạng thái việc"),
    "make_kit": _("Làm bộ nội dung"), "publish_kit": _("Phát bộ nội dung"), "plan_correction": _("Lập kế hoạch đính chính"),
    "carry_out": _("Thực hiện đính chính"), "attach_proof": _("Gắn minh chứng"), "import_residents": _("Nhập danh sách thuê bao"),
    "record_visit": _("Ghi lượt thăm hộ"), "write_report": _("Lập báo cáo"),
}
FACT_KINDS: Labels = {
    "date": _("ngày"), "month": _("tháng"), "number": _("số"), "money": _("tiền"), "text": _("chữ"),
    "phone": _("điện thoại"), "url": _("địa chỉ mạng"), "document": _("văn bản"),
}


def label(labels: Labels, key: str) -> str:
    """The name of `key`; a key without a name is shown as it is."""
    return str(labels.get(key, key))
