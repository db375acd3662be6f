"""What a message centre answers (command_status, SMPP 3.4 §5.1.3), and what that means for a message: one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Meaning(Enum):
    """What an answer says of the message it answers."""

    TAKEN = "taken"
    SLOW = "slow"
    """Not taken: too many at once. The same can be sent again after a pause."""
    FULL = "full"
    """Not taken: a queue there is full, perhaps this recipient's alone."""
    LATER = "later"
    """Not taken, for a reason that may pass."""
    NEVER = "never"
    """Not taken, and never will be as it is."""
    REFUSED = "refused"
    """Not taken: somebody decided against it."""
    UNBOUND = "unbound"
    """Not taken: the centre does not hold us for bound."""


@dataclass(frozen=True, slots=True)
class Status:
    """One command_status: the standard's name, what it means, and the same in plain Vietnamese."""

    name: str
    meaning: Meaning
    why: str


_BROKEN = "Nhà mạng báo bản tin sai định dạng"
_SETTING = "Nhà mạng không nhận một thông số của tài khoản"
_PASSING = "Nhà mạng báo lỗi tạm thời"
_OTHER = "Nhà mạng trả lời bằng mã lỗi không dành cho việc gửi tin"

STATUSES: dict[int, Status] = {
    0x00: Status("ESME_ROK", Meaning.TAKEN, ""),
    0x01: Status("ESME_RINVMSGLEN", Meaning.NEVER, "Tin dài quá mức nhà mạng nhận"),
    0x02: Status("ESME_RINVCMDLEN", Meaning.NEVER, _BROKEN),
    0x03: Status("ESME_RINVCMDID", Meaning.NEVER, _BROKEN),
    0x04: Status("ESME_RINVBNDSTS", Meaning.UNBOUND, "Nhà mạng báo tài khoản chưa đăng nhập để gửi"),
    0x05: Status("ESME_RALYBND", Meaning.UNBOUND, "Nhà mạng báo tài khoản đang được dùng ở nơi khác"),
    0x06: Status("ESME_RINVPRTFLG", Meaning.NEVER, f"{_SETTING} (mức ưu tiên)"),
    0x07: Status("ESME_RINVREGDLVFLG", Meaning.NEVER, f"{_SETTING} (yêu cầu báo phát)"),
    0x08: Status("ESME_RSYSERR", Meaning.LATER, "Hệ thống của nhà mạng đang có sự cố"),
    0x0A: Status("ESME_RINVSRCADR", Meaning.NEVER, "Nhà mạng không nhận tên người gửi (brandname)"),
    0x0B: Status("ESME_RINVDSTADR", Meaning.NEVER, "Số điện thoại người nhận không đúng hoặc không còn dùng"),
    0x0C: Status("ESME_RINVMSGID", Meaning.NEVER, _OTHER),
    0x0D: Status("ESME_RBINDFAIL", Meaning.UNBOUND, "Nhà mạng không cho đăng nhập"),
    0x0E: Status("ESME_RINVPASWD", Meaning.UNBOUND, "Sai mật khẩu tài khoản nhà mạng"),
    0x0F: Status("ESME_RINVSYSID", Meaning.UNBOUND, "Sai tên đăng nhập (system_id) của tài khoản nhà mạng"),
    0x11: Status("ESME_RCANCELFAIL", Meaning.NEVER, _OTHER),
    0x13: Status("ESME_RREPLACEFAIL", Meaning.NEVER, _OTHER),
    0x14: Status("ESME_RMSGQFUL", Meaning.FULL, "Hàng đợi của nhà mạng đã đầy"),
    0x15: Status("ESME_RINVSERTYP", Meaning.NEVER, f"{_SETTING} (service_type)"),
    0x33: Status("ESME_RINVNUMDESTS", Meaning.NEVER, _OTHER),
    0x34: Status("ESME_RINVDLNAME", Meaning.NEVER, _OTHER),
    0x40: Status("ESME_RINVDESTFLAG", Meaning.NEVER, _OTHER),
    0x42: Status("ESME_RINVSUBREP", Meaning.NEVER, _OTHER),
    0x43: Status("ESME_RINVESMCLASS", Meaning.NEVER, f"{_SETTING} (esm_class): hỏi nhà mạng cách gửi tin dài"),
    0x44: Status("ESME_RCNTSUBDL", Meaning.NEVER, _OTHER),
    0x45: Status("ESME_RSUBMITFAIL", Meaning.LATER, "Nhà mạng không nhận tin, không nói rõ vì sao"),
    0x48: Status("ESME_RINVSRCTON", Meaning.NEVER, f"{_SETTING} (source_ton)"),
    0x49: Status("ESME_RINVSRCNPI", Meaning.NEVER, f"{_SETTING} (source_npi)"),
    0x50: Status("ESME_RINVDSTTON", Meaning.NEVER, f"{_SETTING} (dest_ton)"),
    0x51: Status("ESME_RINVDSTNPI", Meaning.NEVER, f"{_SETTING} (dest_npi)"),
    0x53: Status("ESME_RINVSYSTYP", Meaning.UNBOUND, f"{_SETTING} (system_type)"),
    0x54: Status("ESME_RINVREPFLAG", Meaning.NEVER, _BROKEN),
    0x55: Status("ESME_RINVNUMMSGS", Meaning.NEVER, _OTHER),
    0x58: Status("ESME_RTHROTTLED", Meaning.SLOW, "Gửi nhanh hơn mức nhà mạng cho phép"),
    0x61: Status("ESME_RINVSCHED", Meaning.NEVER, _BROKEN),
    0x62: Status("ESME_RINVEXPIRY", Meaning.NEVER, f"{_SETTING} (validity_hours)"),
    0x63: Status("ESME_RINVDFTMSGID", Meaning.NEVER, _BROKEN),
    0x64: Status("ESME_RX_T_APPN", Meaning.LATER, _PASSING),
    0x65: Status("ESME_RX_P_APPN", Meaning.NEVER, "Nhà mạng báo không thể nhận tin này"),
    0x66: Status("ESME_RX_R_APPN", Meaning.REFUSED, "Nhà mạng từ chối tin này"),
    0x67: Status("ESME_RQUERYFAIL", Meaning.NEVER, _OTHER),
    0xC0: Status("ESME_RINVOPTPARSTREAM", Meaning.NEVER, _BROKEN),
    0xC1: Status("ESME_ROPTPARNOTALLWD", Meaning.NEVER, f"{_SETTING} (long_text): hỏi cách gửi tin dài"),
    0xC2: Status("ESME_RINVPARLEN", Meaning.NEVER, _BROKEN),
    0xC3: Status("ESME_RMISSINGOPTPARAM", Meaning.NEVER, f"{_SETTING}: thiếu một thông số nhà mạng yêu cầu"),
    0xC4: Status("ESME_RINVOPTPARAMVAL", Meaning.NEVER, _BROKEN),
    0xFE: Status("ESME_RDELIVERYFAILURE", Meaning.LATER, "Nhà mạng chưa phát được tin"),
    0xFF: Status("ESME_RUNKNOWNERR", Meaning.LATER, "Nhà mạng báo lỗi không rõ nguyên nhân"),
}
SYSTEM_ERROR, INVALID_LENGTH, INVALID_COMMAND, NOT_BOUND, REJECTED = 0x08, 0x02, 0x03, 0x04, 0x66
"""What we answer ourselves."""
THROTTLED, QUEUE_FULL = 0x58, 0x14
WRONG_LOGIN = frozenset({0x0E, 0x0F, 0x53})
"""Answers to a bind that trying again with the same login does not change; it may even lock the account."""


def status_of(code: int) -> Status:
    """What a command_status means; a centre's own (0x0400 to 0x04FF, and whatever is in no table) may pass."""
    if code in STATUSES:
        return STATUSES[code]
    return Status(f"{code:#010x}", Meaning.LATER, f"Nhà mạng trả lời bằng mã riêng {code:#x}: hỏi nghĩa của mã này")
