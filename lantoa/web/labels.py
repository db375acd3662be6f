"""Names on screen of what the rooms keep as keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lantoa.channels.base import STATE_LABELS
from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, KINDS, WIRE_LABELS
from lantoa.delivery.models import CorrectionAct

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Labels = Mapping[str, "_StrPromise"]

RENDERINGS: Labels = {kind.name: _(kind.label) for kind in KINDS.values()}
CHANNELS: Labels = {kind: _(label) for kind, label in CHANNEL_KIND_LABELS.items()}
SEND_STATES: Labels = {state.value: _(label) for state, label in STATE_LABELS.items()}
WIRES: Labels = {name: _(label) for name, label in WIRE_LABELS.items()}
REACHES: Labels = {
    "email": _("địa chỉ thư điện tử"),
    "phone": _("số điện thoại"),
    "browser": _("trình duyệt"),
}
DOC_TYPES: Labels = {
    "cong_van": _("Công văn"),
    "ke_hoach": _("Kế hoạch"),
    "thong_bao": _("Thông báo"),
    "chi_thi": _("Chỉ thị"),
    "quyet_dinh": _("Quyết định"),
    "bao_cao": _("Báo cáo"),
    "to_trinh": _("Tờ trình"),
    "cong_dien": _("Công điện"),
    "huong_dan": _("Hướng dẫn"),
    "giay_moi": _("Giấy mời"),
    "chuong_trinh_phoi_hop": _("Chương trình phối hợp"),
    "other": _("Văn bản khác"),
}
CHANGE_KINDS: Labels = {
    "amends": _("Sửa đổi, bổ sung"),
    "corrects": _("Đính chính"),
    "replaces": _("Thay thế"),
    "recalls": _("Thu hồi"),
    "revokes": _("Bãi bỏ"),
    "extends": _("Gia hạn"),
}
VERBS: Labels = {
    "import_places": _("Nhập danh sách đơn vị"),
    "register_letter": _("Vào sổ văn bản đến"),
    "handle_letter": _("Chuyển xử lý văn bản đến"),
    "settle_duplicate": _("Phân xử văn bản trùng"),
    "set_aside": _("Để riêng tệp không phải văn bản"),
    "confirm_field": _("Xác nhận một trường của văn bản"),
    "correct_field": _("Sửa một trường của văn bản"),
    "mark_absent": _("Ghi nhận văn bản không ghi"),
    "reopen_field": _("Xem lại một trường của văn bản"),
    "add_item": _("Thêm mục bị đọc sót"),
    "confirm_rest": _("Xác nhận các trường còn lại"),
    "follow_letter": _("Cập nhật việc theo văn bản đã sửa"),
    "open_campaign": _("Mở chiến dịch"),
    "add_fact": _("Thêm dữ kiện"),
    "record_fact": _("Ghi phiên bản dữ kiện"),
    "answer_question": _("Trả lời câu hỏi"),
    "move_assignment": _("Chuyển trạng thái việc"),
    "edit_message": _("Sửa thông điệp"),
    "restore_message": _("Lấy lại lời cũ của thông điệp"),
    "approve_messages": _("Duyệt lời mới"),
    "record_bulletin": _("Thu giọng người đọc bản tin"),
    "accept_recording": _("Dùng bản thu giọng người đọc"),
    "drop_recording": _("Bỏ bản thu giọng người đọc"),
    "make_kit": _("Làm bộ nội dung"),
    "record_contacts": _("Ghi liên hệ của tổ dân phố"),
    "make_press_copies": _("Làm bản in cho nhà in"),
    "approve_kit": _("Duyệt bộ nội dung"),
    "deliver_message": _("Gửi tin"),
    "publish_kit": _("Phát bộ nội dung"),
    "plan_correction": _("Lập kế hoạch đính chính"),
    "plan_renewal": _("Lập kế hoạch thay lời mới"),
    "approve_correction": _("Xác nhận đính chính"),
    "carry_out": _("Thực hiện đính chính"),
    "withdraw_message": _("Thu hồi nội dung"),
    "queue_dispatch": _("Xếp đợt gửi"),
    "start_dispatch": _("Cho đợt gửi chạy"),
    "pause_dispatch": _("Tạm dừng đợt gửi"),
    "cancel_dispatch": _("Hủy phần chưa gửi của đợt gửi"),
    "drop_dispatch": _("Bỏ đợt gửi chưa xác nhận"),
    "extend_dispatch": _("Đổi thời hạn của đợt gửi"),
    "send_again": _("Gửi lại"),
    "leave_unknown": _("Để nguyên người chưa rõ kết quả"),
    "set_fallback": _("Đặt kênh dự phòng"),
    "fall_back": _("Gửi tiếp bằng kênh dự phòng"),
    "opt_out": _("Người nhận từ chối nhận tin"),
    "refuse_messages": _("Ghi lời từ chối nhận tin"),
    "allow_messages": _("Cho nhận tin trở lại"),
    "handle_answer": _("Xử lý tin trả lời"),
    "subscribe_browser": _("Trình duyệt đăng ký nhận thông báo"),
    "unsubscribe_browser": _("Trình duyệt thôi nhận thông báo"),
    "attach_proof": _("Gắn minh chứng"),
    "import_residents": _("Nhập danh sách thuê bao"),
    "record_visit": _("Ghi lượt thăm hộ"),
    "write_report": _("Lập báo cáo"),
}
CHECK_RULES: Labels = {
    "letter": _("Tên văn bản chỉ đạo"),
    "date": _("Ngày tháng"),
    "weekday": _("Thứ trong tuần"),
    "number": _("Con số"),
    "phone": _("Số điện thoại"),
    "document": _("Số, ký hiệu văn bản, điều khoản"),
    "name": _("Tên đơn vị, địa bàn, người"),
    "false_statement": _("Điều sai sự thật"),
    "near_false": _("Gần với điều sai sự thật"),
    "link": _("Đường dẫn"),
    "urgency": _("Giục giã, dọa nạt"),
    "asks_secret": _("Hỏi mã, mật khẩu, tiền"),
    "sender": _("Đơn vị gửi"),
    "unaccented": _("Bản không dấu"),
    "length": _("Độ dài"),
    "level": _("Kênh không dành cho cấp này"),
    "speech": _("Từ chưa biết đọc"),
    "reading": _("Câu khó đọc"),
}
SLOTS: Labels = {
    "title": _("Tiêu đề"),
    "lead": _("Câu mở đầu"),
    "text": _("Thân bài"),
    "key_figure": _("Mốc chính"),
    "key_label": _("Tên mốc chính"),
    "points": _("Ý chính"),
    "questions": _("Hỏi - đáp"),
    "warning": _("Lời cảnh báo"),
    "contacts": _("Nơi liên hệ"),
    "sources": _("Căn cứ"),
}
FIELDS: Labels = {
    "title": _("Tiêu đề"),
    "text": _("Lời văn"),
    "short": _("Bản ngắn"),
    "long": _("Bản dài"),
}
LANGUAGES: Labels = {"vi": _("Tiếng Việt"), "en": _("Tiếng Anh")}
SEVERITIES: Labels = {"blocks": _("Phải sửa trước khi duyệt"), "warns": _("Nên xem lại")}
ACTS: Labels = {act.value: act.label for act in CorrectionAct.Act}
FACT_KINDS: Labels = {
    "date": _("ngày"),
    "month": _("tháng"),
    "number": _("số"),
    "money": _("tiền"),
    "text": _("chữ"),
    "phone": _("điện thoại"),
    "url": _("địa chỉ mạng"),
    "document": _("văn bản"),
}


def label(labels: Labels, key: str) -> str:
    """The name of `key`; a key without a name is shown as it is."""
    return str(labels.get(key, key))


STEPS: Labels = {
    "": _("Đang xử lý văn bản"),
    "make": _("Đang làm bộ nội dung"),
    "publish": _("Đang phát qua các kênh"),
}
