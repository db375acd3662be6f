"""The services that the HTTP simulator plays: an SMS aggregator, Zalo's template messages, a web push service.

The aggregator is nobody's in particular: it shows the shapes that such services have in common. Zalo's answers are
those of its public pages (docs/channels/zalo_zns.md); the push service is RFC 8030.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from lantoa.simulators.http import Answer, Asked, Fault, Got

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

JSON = ("Content-Type: application/json",)


def answer_of(document: Any, status: int = 200, headers: tuple[str, ...] = ()) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(document, ensure_ascii=False).encode(), (*JSON, *headers))


def _fields(asked: Asked) -> Any:
    """What a request says, whichever way: JSON, a form, or its query. None when it cannot be read."""
    try:
        if asked.method == "GET":
            return dict(parse_qsl(urlsplit(asked.target).query, keep_blank_values=True))
        if "form" in asked.header("Content-Type"):
            return dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        return json.loads(asked.body)
    except ValueError:
        return None


class Batch(list[Got]):
    """Messages that were asked about together, also when there is only one of them."""


@dataclass(slots=True)
class AggregatorDialect:
    """`{"to","text","id"}` to any path, or `{"messages":[…]}`; as JSON, form or query. `/oauth/token` gives tokens."""

    client_secret: str = ""
    """When set, requests need a token (`Authorization: Bearer`) that `/oauth/token` gave for this secret."""
    token_seconds: float = 3600.0
    signed_with: str = ""
    """When set, requests need `X-Signature`, the HMAC-SHA256 of their body in hex."""
    deduplicates: bool = False
    """Whether a message with an `id` seen before is answered as accepted and not taken again."""
    told: list[Callable[[Got], None]] = field(default_factory=list)
    """Called for each message accepted."""
    tokens: dict[str, float] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def read(self, asked: Asked) -> Answer | Sequence[Got]:
        """The messages of a request."""
        if asked.target.startswith("/oauth/token"):
            return self._token(asked)
        if refusal := self._refusal(asked):
            return refusal
        fields = _fields(asked)
        if not isinstance(fields, dict):
            return answer_of({"code": "400", "message": "unreadable"}, 400)
        now = time.time()
        try:
            if "messages" in fields:
                return Batch(_message(one, now) for one in fields["messages"])
            return [_message(fields, now)]
        except (KeyError, TypeError, AttributeError):
            return answer_of({"code": "22", "message": "to and text are needed"}, 400)

    def _refusal(self, asked: Asked) -> Answer | None:
        if self.client_secret:
            token = asked.header("Authorization").removeprefix("Bearer ")
            if self.tokens.get(token, 0.0) < time.monotonic():
                return answer_of({"code": "401", "message": "token expired"}, 401)
        if self.signed_with:
            expected = hmac.new(self.signed_with.encode(), asked.body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(asked.header("X-Signature"), expected):
                return answer_of({"code": "401", "message": "bad signature"}, 401)
        return None

    def _token(self, asked: Asked) -> Answer:
        fields = dict(parse_qsl(asked.body.decode("latin-1")))
        if fields.get("grant_type") != "client_credentials" or fields.get("client_secret") != self.client_secret:
            return answer_of({"error": "invalid_client"}, 401)
        token = f"token-{len(self.tokens) + 1}"
        self.tokens[token] = time.monotonic() + self.token_seconds
        return answer_of({"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds})

    def answer(self, got: Sequence[Got], fates: Sequence[Fault | None]) -> Answer:
        """One result, or one for each message of a batch."""
        results = [
            {"client_id": one.key, "id": "" if fate else f"m-{one.key}", "code": fate.code if fate else "0"}
            for one, fate in zip(got, fates, strict=True)
        ]
        fault = fates[0]
        if isinstance(got, Batch):
            return answer_of({"code": "0", "results": results})
        wait = (f"Retry-After: {fault.retry_after:g}",) if fault and fault.retry_after is not None else ()
        return answer_of({"code": results[0]["code"], "data": results[0]}, fault.status if fault else 200, wait)

    def accept(self, got: Got) -> bool:
        """Take it unless its key was seen before, and tell whoever wants to know."""
        if self.deduplicates:
            if got.key in self._seen:
                return False
            self._seen.add(got.key)
        for tell in self.told:
            tell(got)
        return True


def _message(fields: Any, now: float) -> Got:
    return Got(str(fields["to"]), str(fields["text"]), str(fields.get("id", "")), now)


@dataclass(slots=True)
class ZaloDialect:
    """Zalo's template messages and its tokens, of which each refresh token is good for one use."""

    app_id: str = "1"
    secret_key: str = ""
    refresh_token: str = "refresh-0"  # noqa: S105 - the simulator's first, known to all
    """The one that may be used next."""
    token_seconds: int = 90_000
    quota: int = 0
    """Messages a day; 0 is no limit."""
    templates: frozenset[str] = frozenset()
    """Approved templates; empty is any."""
    told: list[Callable[[Got], None]] = field(default_factory=list)
    used: int = 0
    renewals: int = 0
    _tokens: dict[str, float] = field(default_factory=dict)

    def read(self, asked: Asked) -> Answer | Sequence[Got]:
        """The message of a request."""
        if asked.target == "/v4/oa/access_token":
            return self._renew(asked)
        if self._tokens.get(asked.header("access_token"), 0.0) < time.monotonic():
            return self._error(-124)
        if asked.target == "/message/quota":
            left = {"dailyQuota": str(self.quota), "remainingQuota": str(max(self.quota - self.used, 0))}
            return answer_of({"error": 0, "message": "Success", "data": left})
        return self._message(_fields(asked))

    def _message(self, fields: Any) -> Answer | Sequence[Got]:
        if not isinstance(fields, dict) or not isinstance(fields.get("template_data"), dict):
            return self._error(-122)
        if self.templates and str(fields.get("template_id")) not in self.templates:
            return self._error(-109)
        phone = str(fields.get("phone", ""))
        if not (phone.startswith("84") and phone.isdigit()):
            return self._error(-108)
        if self.quota and self.used >= self.quota:
            return self._error(-144)
        text = "\n".join(str(value) for value in fields["template_data"].values())
        return [Got(phone, text, str(fields.get("tracking_id", "")), time.time())]

    def _renew(self, asked: Asked) -> Answer:
        fields = dict(parse_qsl(asked.body.decode("latin-1")))
        if asked.header("secret_key") != self.secret_key or fields.get("app_id") != self.app_id:
            return answer_of({"error": -14004, "error_name": "Invalid app"})
        if fields.get("grant_type") != "refresh_token" or fields.get("refresh_token") != self.refresh_token:
            return answer_of({"error": -14014, "error_name": "Invalid refresh token"})
        self.renewals += 1
        self.refresh_token = f"refresh-{self.renewals}"
        token = f"access-{self.renewals}"
        self._tokens = {token: time.monotonic() + self.token_seconds}
        given = {"access_token": token, "refresh_token": self.refresh_token, "expires_in": str(self.token_seconds)}
        return answer_of(given)

    def expire(self) -> None:
        """Let every access token end now."""
        self._tokens.clear()

    def answer(self, got: Sequence[Got], fates: Sequence[Fault | None]) -> Answer:
        """The result; always with status 200, as Zalo does."""
        if fault := fates[0]:
            return self._error(int(fault.code or -100))
        left = {"dailyQuota": str(self.quota), "remainingQuota": str(max(self.quota - self.used, 0))}
        data = {"msg_id": f"z-{got[0].key}", "sent_time": str(int(time.time() * 1000)), "quota": left}
        return answer_of({"error": 0, "message": "Success", "data": data})

    def accept(self, got: Got) -> bool:
        """Count it, and tell whoever wants to know."""
        self.used += 1
        for tell in self.told:
            tell(got)
        return True

    @staticmethod
    def _error(code: int) -> Answer:
        return answer_of({"error": code, "message": "refused"})


@dataclass(slots=True)
class PushDialect:
    """A push service (RFC 8030): each subscription is a path."""

    readers: dict[str, tuple[str, Callable[[bytes], str]]] = field(default_factory=dict)
    """By path: the subscription as an address, and what decrypts with the subscriber's key."""
    requests: list[Asked] = field(default_factory=list)
    """What came, for whoever wants to look at headers."""

    def read(self, asked: Asked) -> Answer | Sequence[Got]:
        """The message of a request."""
        self.requests.append(asked)
        if asked.method != "POST" or not asked.header("TTL").isdigit():
            return Answer(400)
        if not asked.header("Authorization").startswith("vapid t="):
            return Answer(401)
        if asked.target not in self.readers:
            return Answer(410)
        address, decrypt = self.readers[asked.target]
        return [Got(address, decrypt(asked.body), asked.target, time.time())]

    def answer(self, got: Sequence[Got], fates: Sequence[Fault | None]) -> Answer:
        """`201 Created` with the message's own address (RFC 8030 §5)."""
        if fault := fates[0]:
            wait = (f"Retry-After: {fault.retry_after:g}",) if fault.retry_after is not None else ()
            return Answer(fault.status, headers=wait)
        return Answer(201, headers=(f"Location: /message{got[0].key}",))

    def accept(self, got: Got) -> bool:  # noqa: ARG002 - push services know no repeats and tell nothing later
        """Take it."""
        return True
