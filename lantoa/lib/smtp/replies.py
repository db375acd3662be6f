"""What a mail server answers (RFC 5321 §4.2, RFC 3463), judged: about whom it is, and whether to try again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntEnum

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(rb"([2-5][0-5]\d)(?:[ -]|\r?\n?$)")
_LONGEST_TEXT = 500
_ABOUT_US = re.compile(
    r"sender address rejected|client host rejected|helo command rejected|not owned by user|"
    r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not permitted|prohibited)|unable to relay|"
    r"authentication (?:is )?required|must authenticate|not authenticated",
    re.IGNORECASE,
)
_TOO_FAST = re.compile(
    r"\brate\b|too many (?:messages|connections|mails|emails)|too fast|throttl|slow down", re.IGNORECASE
)
_ONE_CONNECTION = re.compile(
    r"\b(?:in|on|per|for|over) (?:this |one |a )?(?:smtp )?(?:session|connection)\b", re.IGNORECASE
)
_GREY = re.compile(r"gr[ea]ylist", re.IGNORECASE)
_LATER = re.compile(r"\b(?:again|retry|come back)\b", re.IGNORECASE)
_WAIT = re.compile(
    r"\b(?P<clock>\d{1,2}:\d\d(?::\d\d)?)\b|\b(?P<number>\d{1,5})\s*(?P<unit>s|sec|secs|seconds?|m|min|mins|minutes?)\b",
    re.IGNORECASE,
)
GREY_WAIT = 300.0
"""Seconds that greylisting servers let pass unless they say otherwise."""
_LONGEST_WAIT = 86_400.0
_TOO_LARGE = frozenset({"5.3.4", "5.2.3"})
_BUSY = frozenset({"4.3.1", "4.3.2", "4.4.5", "4.7.28"})
"""Full disk, going down, congested, rate limited: about the server, not about the recipient (RFC 3463)."""


class Stage(IntEnum):
    """Which step of a message a reply is for."""

    IDLE = 0
    RSET = 1
    MAIL = 2
    RCPT = 3
    DATA = 4
    DOT = 5


class Verdict(Enum):
    """What a refusal means for the message it answers."""

    LATER = "later"
    """This recipient, another time."""
    NEVER = "never"
    """This recipient cannot be reached at this address."""
    REFUSED = "refused"
    """The other side does not want it: a policy, a filter."""
    ACCOUNT = "account"
    """It is about us: sender, login, relaying. Every further message would end the same."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its code, and the text of each of its lines."""

    code: int
    lines: tuple[str, ...] = ("",)

    @property
    def text(self) -> str:
        """The lines as one; the enhanced status code, which servers say on each, once."""
        first, *others = self.lines
        return " ".join([first, *(_STATUS.sub("", line, count=1).strip() for line in others)]).strip()

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), `5.1.1`; empty when there is none."""
        found = _STATUS.match(self.lines[0])
        return found[1] if found else ""

    @property
    def codes(self) -> str:
        """Both codes: `550 5.1.1`."""
        return f"{self.code} {self.status}".rstrip()

    @property
    def is_throttling(self) -> bool:
        """Whether the server asks for less mail, or cannot take any just now, whoever it is for."""
        text = self.text
        if self.code >= 500 or _GREY.search(text) or _ONE_CONNECTION.search(text):
            return False
        return self.status in _BUSY or bool(_TOO_FAST.search(text) or _ABOUT_US.search(text))

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before trying again, where the server says so or is known to mean it."""
        if self.code >= 500:
            return None
        is_grey = bool(_GREY.search(self.text))
        found = _WAIT.search(self.text) if is_grey or _LATER.search(self.text) else None
        if not found:
            return GREY_WAIT if is_grey else None
        return min(_seconds(found), _LONGEST_WAIT)


def _seconds(found: re.Match[str]) -> float:
    if clock := found["clock"]:
        hours_first = [int(part) for part in clock.split(":")]
        return float(sum(part * 60**place for place, part in enumerate(reversed(hours_first))))
    return float(found["number"]) * (60 if found["unit"].lower().startswith("m") else 1)


def read_reply(lines: list[bytes]) -> Reply | None:
    """The reply in these lines, the last of which ends it; None when they make no sense together."""
    found = [_CODE.match(line) for line in lines]
    codes = {match[1] for match in found if match}
    if not all(found) or len(codes) != 1:
        return None
    return Reply(int(codes.pop()), tuple(map(_plain, lines)))


def _plain(line: bytes) -> str:
    text = line[4:4 + _LONGEST_TEXT].decode("utf-8", "replace").strip()
    return "".join(letter if letter.isprintable() else " " for letter in text)


def judge(stage: Stage, reply: Reply) -> Verdict:
    """What a refusal (4xx, 5xx) at a stage means.

    Servers such as Postfix put off what they have against the sender until the first recipient, so that the words
    count there as well as the stage.
    """
    if reply.code < 500:
        return Verdict.LATER
    is_size = reply.code == 552 or reply.status in _TOO_LARGE
    if (stage is Stage.MAIL and not is_size) or reply.code in {530, 535} or _ABOUT_US.search(reply.text):
        return Verdict.ACCOUNT
    return Verdict.REFUSED if reply.status.startswith("5.7.") else Verdict.NEVER


_REASONS = {
    "1.0": "Địa chỉ thư không dùng được.",
    "1.1": "Không có hộp thư này.",
    "1.2": "Tên miền của địa chỉ không có, hoặc không nhận thư.",
    "1.3": "Địa chỉ thư viết sai.",
    "1.6": "Hộp thư đã chuyển đi, không để lại địa chỉ mới.",
    "1.7": "Máy chủ không nhận địa chỉ người gửi.",
    "1.8": "Máy chủ không nhận tên miền của người gửi.",
    "1.10": "Tên miền này không nhận thư.",
    "2.1": "Hộp thư đã bị khóa.",
    "2.2": "Hộp thư đầy.",
    "2.3": "Thư lớn hơn mức hộp thư nhận.",
    "3.1": "Máy chủ thư đã đầy.",
    "3.2": "Máy chủ thư đang ngừng nhận.",
    "3.4": "Thư lớn hơn mức máy chủ nhận.",
    "4.1": "Máy chủ của người nhận không trả lời.",
    "4.2": "Kết nối tới máy chủ của người nhận bị đứt.",
    "4.4": "Không tìm được đường tới máy chủ của người nhận.",
    "4.5": "Máy chủ thư đang quá tải.",
    "4.6": "Thư đi vòng tròn giữa các máy chủ.",
    "4.7": "Máy chủ đã thử nhiều lần mà không giao được.",
    "6.7": "Máy chủ không nhận địa chỉ có dấu.",
    "7.1": "Bên nhận không cho gửi thư này tới hộp thư này.",
    "7.25": "Máy chủ gửi chưa có bản ghi tên ngược (PTR). Hãy báo quản trị máy chủ thư.",
    "7.26": "Thư không qua kiểm tra SPF, DKIM, DMARC. Hãy báo quản trị xem bản ghi DNS của tên miền gửi.",
    "7.28": "Máy chủ yêu cầu gửi chậm lại.",
}
"""By subject and detail of the enhanced status code (RFC 3463, RFC 7372, RFC 7505)."""
_DKIM_FAULTS = frozenset({"7.20", "7.21", "7.22", "7.23", "7.24", "7.27", "7.29"})


def reason(code: int, status: str, text: str = "") -> str:
    """Why, in plain Vietnamese; where the codes do not tell, the server's own words stand in it."""
    if _GREY.search(text):
        return "Máy chủ của người nhận hẹn gửi lại sau ít phút (danh sách xám)."
    detail = status.partition(".")[2]
    if detail in _DKIM_FAULTS:
        detail = "7.26"
    if found := _REASONS.get(detail):
        return found
    if detail.startswith("7."):
        return _quoted("Bên nhận từ chối thư này theo chính sách hoặc bộ lọc thư rác", text)
    is_final = code >= 500 or status.startswith("5.")
    return _quoted("Máy chủ thư không nhận" if is_final else "Máy chủ thư tạm thời chưa nhận", text)


def _quoted(sentence: str, text: str) -> str:
    words = _STATUS.sub("", text, count=1).strip()[:200]
    return f"{sentence}: “{words}”." if words else f"{sentence}."
