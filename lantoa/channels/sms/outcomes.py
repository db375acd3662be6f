"""What the answers of a message centre make of a message: one table for answers, one for receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.channels.base import State
from lantoa.channels.wire import Outcome
from lantoa.lib.smpp.receipts import Fate
from lantoa.lib.smpp.statuses import Meaning, Status, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.channels.wire import Item
    from lantoa.lib.smpp.options import Judgement

STATES: Mapping[Meaning, State] = {
    Meaning.SLOW: State.FAILED_FOR_NOW,
    Meaning.FULL: State.FAILED_FOR_NOW,
    Meaning.LATER: State.FAILED_FOR_NOW,
    Meaning.UNBOUND: State.FAILED_FOR_NOW,
    Meaning.NEVER: State.FAILED_FOR_GOOD,
    Meaning.REFUSED: State.REFUSED,
}
"""What an answer makes of a message. `SLOW` and `UNBOUND` do so only where it cannot simply be given back."""
FATES: Mapping[Fate, tuple[State, str]] = {
    Fate.SCHEDULED: (State.SENT, ""),
    Fate.ENROUTE: (State.SENT, ""),
    Fate.ACCEPTED: (State.SENT, ""),
    Fate.DELIVERED: (State.DELIVERED, ""),
    Fate.EXPIRED: (State.FAILED_FOR_GOOD, "Quá hạn mà máy không nhận: tắt máy hoặc ở ngoài vùng phủ sóng"),
    Fate.DELETED: (State.FAILED_FOR_GOOD, "Nhà mạng đã xóa tin trước khi tới máy"),
    Fate.UNDELIVERABLE: (State.FAILED_FOR_GOOD, "Nhà mạng không đưa được tin tới số này"),
    Fate.UNKNOWN: (State.UNKNOWN, "Nhà mạng không rõ tin đã tới máy chưa"),
    Fate.REJECTED: (State.REFUSED, "Nhà mạng hoặc máy nhận từ chối tin"),
    Fate.SKIPPED: (State.FAILED_FOR_GOOD, "Nhà mạng đã bỏ qua tin này"),
}
"""What a receipt makes of a message."""
NO_ANSWER = Outcome(State.UNKNOWN, why="Đã đưa tin cho nhà mạng nhưng không có trả lời")
CUT_OFF = Outcome(State.UNKNOWN, why="Mất kết nối sau khi đưa tin cho nhà mạng, chưa có trả lời")
BAD_NUMBER = Outcome(State.FAILED_FOR_GOOD, code="number", why="Số điện thoại không đúng, tin chưa được gửi")
LOST, UNWRITTEN = -1, -2
"""Beside a command_status, what became of a part: written without an answer, or never written."""
_AGAIN = frozenset({Meaning.SLOW, Meaning.UNBOUND})
"""Answers by which a message surely was not taken, and may be the next time."""
_FULL_WAIT = 60.0
"""Seconds until a message that met a full queue is tried again."""
_SAID = {"slow": Meaning.SLOW, "later": Meaning.LATER, "never": Meaning.NEVER, "refused": Meaning.REFUSED}


class Judge:
    """Reads answers; an installation may say what its centre means by a code."""

    def __init__(self, own: Mapping[int, Judgement]) -> None:
        self._own = {code: _SAID[judgement] for code, judgement in own.items()}

    def status(self, code: int) -> Status:
        """What an answer means."""
        found = status_of(code)
        return Status(found.name, self._own[code], found.why) if code in self._own else found

    def again(self, code: int) -> bool:
        """Whether a message answered so can simply be sent again."""
        return code == UNWRITTEN or (code > 0 and self.status(code).meaning in _AGAIN)

    def outcome(self, code: int, beside: str = "") -> Outcome:
        """What an answer other than taken makes of a message."""
        found = self.status(code)
        wait = _FULL_WAIT if found.meaning is Meaning.FULL else None
        why = f"{beside}: {found.why}" if beside else found.why
        return Outcome(STATES.get(found.meaning, State.FAILED_FOR_NOW), (), found.name, why, wait)


class LongMessage:
    """A message in several parts: something can be said of it once something was said of each part."""

    __slots__ = ("answers", "bodies", "ids", "item", "left", "tries")

    def __init__(self, item: Item, bodies: list[bytes]) -> None:
        self.item = item
        self.bodies = bodies
        self.answers: list[int] = [UNWRITTEN] * len(bodies)
        """Of each part a command_status, `LOST` or `UNWRITTEN`."""
        self.ids = [""] * len(bodies)
        self.left = len(bodies)
        """Parts of which nothing has been said yet."""
        self.tries = 0

    def note(self, part: int, code: int, message_id: str = "") -> bool:
        """Learn of a part; returns whether that was the last of them."""
        self.answers[part] = code
        self.ids[part] = message_id
        self.left -= 1
        return not self.left

    @property
    def is_untouched(self) -> bool:
        """Whether surely no part of it reached anybody."""
        return 0 not in self.answers and LOST not in self.answers

    def held_back(self, judge: Judge) -> list[int]:
        """Parts to send once more; none where that would not make the message whole."""
        again = [part for part, code in enumerate(self.answers) if judge.again(code)]
        others = {code for code in self.answers if not judge.again(code)}
        return again if others <= {0} else []

    def outcome(self, judge: Judge) -> Outcome:
        """What became of the whole: of parts that fared differently, what tells most, and how many went.

        Only a whole one has ids: receipts for some of its parts would say nothing of the rest.
        """
        if not any(self.answers):
            return Outcome(State.SENT, tuple(message_id for message_id in self.ids if message_id))
        went = f"Nhà mạng mới nhận {self.answers.count(0)}/{len(self.answers)} phần của tin"
        failed = [code for code in self.answers if code > 0]
        final = [code for code in failed if STATES[judge.status(code).meaning] is not State.FAILED_FOR_NOW]
        if failed:
            return judge.outcome((final or failed)[0], went)
        if UNWRITTEN in self.answers:
            return Outcome(State.FAILED_FOR_NOW, why=f"{went}: mất kết nối trước khi gửi các phần còn lại")
        if 0 not in self.answers:
            return NO_ANSWER
        return Outcome(State.UNKNOWN, why=f"{went}, các phần kia không có trả lời")
