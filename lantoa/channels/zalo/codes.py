"""Zalo's error codes and what they mean to us; the sources are on docs/channels/zalo_zns.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from lantoa.channels.base import State

if TYPE_CHECKING:
    from collections.abc import Mapping


class Touches(Enum):
    """Whom a code concerns, and so what rests."""

    PERSON = "person"
    TEMPLATE = "template"
    """All messages of this template."""
    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105 - a word, no secret


class Until(Enum):
    """When another try makes sense."""

    SOON = "soon"
    MORNING = "morning"
    NEXT_DAY = "next_day"
    NEXT_MONTH = "next_month"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of Zalo's."""

    touches: Touches
    state: State
    """What becomes of the message; of a token's or account's code it goes back instead."""
    why: str
    until: Until = Until.SOON


def _person(state: State, why: str, until: Until = Until.SOON) -> Code:
    return Code(Touches.PERSON, state, why, until)


def _template(why: str, until: Until = Until.SOON) -> Code:
    return Code(Touches.TEMPLATE, State.FAILED_FOR_NOW, why, until)


def _account(why: str, until: Until = Until.SOON) -> Code:
    return Code(Touches.ACCOUNT, State.FAILED_FOR_NOW, why, until)


def _token(why: str) -> Code:
    return Code(Touches.TOKEN, State.FAILED_FOR_NOW, why)


_GOOD = State.FAILED_FOR_GOOD
CODES: Mapping[int, Code] = {
    # The person: another channel may reach them.
    -108: _person(_GOOD, "Zalo cho rằng số điện thoại không hợp lệ"),
    -110: _person(_GOOD, "ứng dụng Zalo của người nhận quá cũ"),
    -114: _person(_GOOD, "người nhận không dùng Zalo gần đây, đã tắt loại tin này hoặc dùng bản Zalo cũ"),
    -118: _person(_GOOD, "số điện thoại này không có tài khoản Zalo, hoặc tài khoản đã bị khóa"),
    -119: _person(_GOOD, "tài khoản Zalo của người nhận không nhận được tin thông báo"),
    -134: _person(_GOOD, "người nhận chưa đồng ý nhận tin thông báo từ tài khoản Zalo của cơ quan"),
    -139: _person(State.REFUSED, "người nhận từ chối loại tin thông báo này"),
    -140: _person(_GOOD, "người nhận không thuộc diện được nhận tin hậu mãi từ tài khoản Zalo của cơ quan"),
    -141: _person(State.REFUSED, "người nhận từ chối tin thông báo từ tài khoản Zalo của cơ quan"),
    -1471: _person(State.FAILED_FOR_NOW, "người này đã nhận đủ số tin hậu mãi của tháng", Until.NEXT_MONTH),
    # What was filled in for this person.
    -111: _person(_GOOD, "tin không có dữ liệu cho mẫu"),
    -112: _person(_GOOD, "dữ liệu của tin không khớp mẫu"),
    -1121: _person(_GOOD, "một tham số dài quá mức mẫu cho phép"),
    -1124: _person(_GOOD, "một tham số không đúng định dạng của mẫu"),
    -116: _person(_GOOD, "nội dung không hợp lệ"),
    -122: _person(_GOOD, "Zalo không đọc được yêu cầu"),
    -130: _person(_GOOD, "nội dung dài quá mức cho phép"),
    -132: _person(_GOOD, "một tham số không hợp lệ"),
    -153: _person(_GOOD, "dữ liệu truyền vào sai quy định"),
    # The template: its messages wait until a person has put it right.
    -109: _template("mã mẫu tin không đúng"),
    -1122: _template("thiếu tham số mà mẫu yêu cầu"),
    -1123: _template("Zalo không tạo được mã QR của mẫu"),
    -113: _template("nút bấm của mẫu không hợp lệ"),
    -1131: _template("đường dẫn trong mẫu không đúng định dạng"),
    -117: _template("tài khoản Zalo hoặc ứng dụng chưa được quyền dùng mẫu này"),
    -121: _template("mẫu tin không có nội dung"),
    -127: _template("mẫu thử chỉ gửi được cho quản trị viên"),
    -131: _template("mẫu tin chưa được Zalo duyệt"),
    -133: _template("mẫu này không được gửi ban đêm (22 giờ đến 6 giờ)", Until.MORNING),
    -1441: _template("đã hết hạn mức tin hậu mãi của tháng", Until.NEXT_MONTH),
    -145: _template("tài khoản Zalo không được gửi loại nội dung của mẫu này"),
    -146: _template("mẫu tin đã bị Zalo ngừng vì chất lượng gửi thấp"),
    -147: _template("mẫu tin đã hết hạn mức gửi trong ngày", Until.NEXT_DAY),
    -151: _template("mẫu tin không phải loại mã hóa đầu cuối"),
    # The account: a person must act.
    -101: _account("ứng dụng không hợp lệ; hãy kiểm tra app_id"),
    -102: _account("ứng dụng không tồn tại; hãy kiểm tra app_id"),
    -103: _account("ứng dụng chưa được kích hoạt trên Zalo for Developers"),
    -104: _account("khóa bí mật của ứng dụng không đúng"),
    -105: _account("ứng dụng chưa liên kết với tài khoản Zalo nào"),
    -106: _account("phương thức không được hỗ trợ"),
    -115: _account("tài khoản ZNS không đủ số dư; hãy nạp thêm"),
    -120: _account("tài khoản Zalo chưa được quyền dùng tính năng này"),
    -1241: _account("chữ ký của ứng dụng (appsecret_proof) không đúng"),
    -125: _account("mã tài khoản Zalo không đúng"),
    -126: _account("ví thử nghiệm không đủ số dư"),
    -135: _account("tài khoản Zalo chưa được quyền gửi ZNS (chưa xác thực hoặc đang dùng gói miễn phí)"),
    -1351: _account("Zalo đã chặn tài khoản vì phát hiện vi phạm"),
    -136: _account("tài khoản Zalo chưa kết nối với Zalo Cloud Account"),
    -137: _account("Zalo không trừ được tiền; hãy kiểm tra số dư"),
    -138: _account("ứng dụng chưa được quyền dùng tính năng này"),
    -1381: _account("ứng dụng chưa được quyền dùng Zalo Cloud Account của tài khoản"),
    -144: _account("đã hết hạn mức gửi trong ngày của tài khoản Zalo", Until.NEXT_DAY),
    # The token: renewed, and the message tried again.
    -124: _token("mã truy cập không hợp lệ"),
    -216: _token("mã truy cập không hợp lệ"),
    -220: _token("mã truy cập đã hết hạn hoặc bị thu hồi"),
    # Zalo's own.
    -100: _person(State.FAILED_FOR_NOW, "Zalo gặp lỗi không rõ, sẽ thử lại"),
}
OTHER = Code(Touches.TEMPLATE, State.FAILED_FOR_NOW, "Zalo trả lời một mã lỗi chưa có trong bảng của chương trình")
"""A code that is not in the table: not sent, but whose fault it is nobody can say; its template's messages wait."""
TOKEN_SPENT = frozenset({-14014, -14020})
"""Of the token's own address: the refresh token is wrong, used already, or too old. Only a person can renew it."""

LONGEST: Mapping[str, int] = {
    "customer_name": 30, "phone_number": 15, "address": 200, "code": 30, "label": 30, "status": 30, "contact": 50,
    "title": 5, "product": 200, "amount": 20, "time": 20, "otp": 10, "url": 200, "money": 12, "transfer_note": 90,
}
"""Most characters of a parameter, by the technical setting it has in the template."""
