"""What a service answered, read by a table that the installation gives: whose fault it is and what to do next."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import State
from lantoa.channels.wire import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(Enum):
    """What a code or a status means to us."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    """Not taken now; the same may be taken later."""
    PERMANENT = "permanent"
    """This message to this address will never be taken."""
    REFUSED = "refused"
    """The recipient wants no messages, or the address is on a list of those who want none."""
    ACCOUNT = "account"
    """Nothing of ours is taken until somebody puts the account right: key, rights, money."""
    THROTTLED = "throttled"
    """Too many at once."""
    UNKNOWN = "unknown"
    """It may have been taken or not."""


OF_STATE: Mapping[Meaning, State] = {
    Meaning.ACCEPTED: State.SENT,
    Meaning.TEMPORARY: State.FAILED_FOR_NOW,
    Meaning.THROTTLED: State.FAILED_FOR_NOW,
    Meaning.PERMANENT: State.FAILED_FOR_GOOD,
    Meaning.REFUSED: State.REFUSED,
    Meaning.UNKNOWN: State.UNKNOWN,
}
OF_STATUS: Mapping[int, Meaning] = {
    401: Meaning.ACCOUNT, 402: Meaning.ACCOUNT, 403: Meaning.ACCOUNT, 404: Meaning.ACCOUNT, 405: Meaning.ACCOUNT,
    407: Meaning.ACCOUNT, 408: Meaning.TEMPORARY, 425: Meaning.TEMPORARY, 429: Meaning.THROTTLED,
    500: Meaning.TEMPORARY, 502: Meaning.UNKNOWN, 503: Meaning.TEMPORARY, 504: Meaning.UNKNOWN,
}
"""RFC 9110 §15. Wrong keys and paths are the account's fault, never a recipient's. A gateway says 502 or 504 when it
has handed the request on and got no proper answer: the message may have gone."""
WORDS: Mapping[Meaning, str] = {
    Meaning.TEMPORARY: "nhà cung cấp chưa nhận được lúc này",
    Meaning.THROTTLED: "nhà cung cấp yêu cầu gửi chậm lại",
    Meaning.PERMANENT: "nhà cung cấp không nhận tin này",
    Meaning.REFUSED: "người nhận từ chối hoặc nằm trong danh sách không nhận tin",
    Meaning.ACCOUNT: "tài khoản ở nhà cung cấp chưa dùng được; hãy kiểm tra khóa, quyền, số dư và địa chỉ",
    Meaning.UNKNOWN: "nhà cung cấp trả lời không rõ đã nhận tin hay chưa",
}
NOTHING = object()
MOST_IDS = 255
"""Parts of one message (3GPP TS 23.040 §9.2.3.24.1)."""


def find(document: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; `NOTHING` when it leads nowhere."""
    found = document
    for name in _names(pointer):
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isascii() and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            return NOTHING
    return found


@cache
def _names(pointer: str) -> tuple[str, ...]:
    """The steps of a pointer; pointers come from settings, so there are few."""
    if not pointer:
        return ()
    return tuple(one.replace("~1", "/").replace("~0", "~") for one in pointer.removeprefix("/").split("/"))


def text_at(document: Any, pointer: str, most: int = 300) -> str:
    """The word or number a pointer leads to, as text of at most so many characters.

    Empty without a pointer, or where nothing plain is.
    """
    found = find(document, pointer) if pointer else NOTHING
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found)[:most] if isinstance(found, str | int | float) else ""


def document_of(body: bytes) -> Any:
    """The JSON of a body; `NOTHING` when it is none."""
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        return NOTHING


@dataclass(frozen=True, slots=True)
class Read:
    """One result as understood."""

    meaning: Meaning
    ids: tuple[str, ...] = ()
    code: str = ""
    why: str = ""

    def outcome(self, retry_after: float | None = None) -> Outcome:
        """As the engine wants it. Not for `ACCOUNT`, which is nobody's outcome."""
        state = OF_STATE[self.meaning]
        wait = retry_after if state is State.FAILED_FOR_NOW else None
        return Outcome(state, self.ids, self.code, self.why, wait)


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """How to read a service's answers; pointers are JSON pointers into the answer, or into one result of a batch."""

    id: str = ""
    """Pointer to the service's own id, or a list of them."""
    code: str = ""
    message: str = ""
    results: str = ""
    """Pointer to the list of results of a batch."""
    key: str = ""
    """Pointer, in a result, to our key given back; without it results stand in the order asked."""
    accepted: tuple[str, ...] = ()
    """Codes that mean it was taken."""
    temporary: tuple[str, ...] = ()
    permanent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    throttled: tuple[str, ...] = ()
    statuses: dict[str, str] = field(default_factory=dict)
    """What HTTP statuses mean, where it is not what they usually mean: `{"502" = "temporary"}`."""
    words: dict[str, str] = field(default_factory=dict)
    """Codes in plain Vietnamese."""

    def meanings(self) -> dict[str, Meaning]:
        """What each code means. Raises `ValueError` for a code in two lists or a meaning that is none."""
        found: dict[str, Meaning] = {}
        for meaning in Meaning:
            for code in getattr(self, meaning.value, ()):
                if code in found:
                    raise ValueError(f"code {code!r} is in two lists")
                found[code] = meaning
        return found

    def of_statuses(self) -> dict[int, Meaning]:
        """What each HTTP status means. Raises `ValueError`."""
        return {**OF_STATUS, **{int(status): Meaning(name) for status, name in self.statuses.items()}}


class AnswerReader:
    """Reads answers by a table."""

    def __init__(self, table: AnswerTable) -> None:
        self.table = table
        self._meanings = table.meanings()
        self._statuses = table.of_statuses()

    def of_status(self, status: int) -> Meaning:
        """What a status means by itself."""
        if status in self._statuses:
            return self._statuses[status]
        if 200 <= status < 300:
            return Meaning.ACCEPTED
        return Meaning.TEMPORARY if status >= 500 else Meaning.PERMANENT if status >= 400 else Meaning.ACCOUNT

    def one(self, status: int, body: bytes) -> Read:
        """The answer to a request with one message, or one that was refused as a whole."""
        return self._read(document_of(body), status)

    def batch(self, status: int, body: bytes, keys: list[str]) -> list[Read] | Read:
        """The results of a batch in the order of `keys`; one `Read` when there are no results of each.

        A message whose result is missing may have been taken or not.
        """
        document = document_of(body)
        listed = find(document, self.table.results) if document is not NOTHING else NOTHING
        if not isinstance(listed, list):
            return self._read(document, status)
        if self.table.key:
            by_key = {text_at(one, self.table.key): one for one in listed}
            found = [by_key.get(key, NOTHING) for key in keys]
        else:
            found = [*listed, *[NOTHING] * len(keys)][: len(keys)]
        return [_MISSING if one is NOTHING else self._read(one, status) for one in found]

    def _read(self, document: Any, status: int) -> Read:
        table = self.table
        code, message = text_at(document, table.code, 64), text_at(document, table.message)
        meaning = self._meanings.get(code) if code else None
        if meaning is None:
            meaning = self.of_status(status)
            if meaning is Meaning.ACCEPTED and table.code:
                # The service says it did something, in a word nobody told us the meaning of.
                meaning = Meaning.UNKNOWN
        ids = self._ids(document) if meaning is Meaning.ACCEPTED else ()
        return Read(meaning, ids, code or ("" if meaning is Meaning.ACCEPTED else str(status)),
                    self._why(meaning, code, message, status))

    def _ids(self, document: Any) -> tuple[str, ...]:
        found = find(document, self.table.id) if self.table.id else NOTHING
        listed = found if isinstance(found, list) else [found]
        return tuple(str(one)[:300] for one in listed[:MOST_IDS] if isinstance(one, str | int) and one != "")

    def _why(self, meaning: Meaning, code: str, message: str, status: int) -> str:
        if meaning is Meaning.ACCEPTED:
            return ""
        if code in self.table.words:
            return self.table.words[code]
        said = message or (f"mã {code}" if code else f"HTTP {status}")
        return f"{WORDS[meaning]} ({said})"


_MISSING = Read(Meaning.UNKNOWN, why="nhà cung cấp không trả lời về tin này trong lô đã gửi")
