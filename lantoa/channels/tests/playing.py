"""Plays a payload's exchange: a server that answers as the file says, and what our channel asked and understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantoa.channels.tests.feeding import WatchedFeed, items
from lantoa.channels.tests.wire_contract import MESSAGE
from lantoa.lib.http.tests.peers import Peer, peer

if TYPE_CHECKING:
    import asyncio

    from lantoa.channels.wire import Account, Wire

PAYLOADS = Path(__file__).parent / "payloads"


def payloads(name: str) -> list[dict[str, Any]]:
    """The exchanges of one adapter."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((PAYLOADS / name).glob("*.json"))]


def http_answer(status: int, document: Any) -> bytes:
    """An answer's bytes."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


async def play(wire: Wire, account: Any, played: dict[str, Any], others: dict[str, Any]) -> None:
    """Send one message for each answer of the payload, and compare. `others` are answers to other paths."""
    asked: list[bytes] = []
    answers = [http_answer(one["status"], one["body"]) for one in played["answers"]]

    def serve(_: Peer, request: bytes, connection: asyncio.Transport) -> None:
        line = request.split(b" HTTP/", 1)[0].decode()
        if line in others:
            connection.write(http_answer(200, others[line]))
        else:
            asked.append(request)
            connection.write(answers[min(len(asked), len(answers)) - 1])

    async with peer(serve) as made:
        for expected in played["answers"]:
            feed = WatchedFeed(items(wire.compile(MESSAGE), ["0912345678"], {"name": "Nguyễn Thị Tỵ"}))
            session = await wire.open(_at(account, made.url), feed)
            session.wake()
            await feed.until(lambda feed: bool(feed.outcomes) or bool(feed.troubles))
            await session.close()
            _compare_outcome(feed, expected)
    for request in asked:
        _compare_request(request, played)


def _at(account: Any, url: str) -> Account:
    made: Account = account(url)
    return made


def _compare_outcome(feed: WatchedFeed, expected: dict[str, Any]) -> None:
    if "trouble" in expected:
        assert expected["trouble"] in feed.troubles[0]
        return
    outcome = feed.outcomes[1, 1]
    assert (outcome.state.value, list(outcome.provider_ids)) == (expected["state"], expected["ids"])
    assert outcome.code == expected["code"]


def _compare_request(request: bytes, played: dict[str, Any]) -> None:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == f"{played['request']} HTTP/1.1"
    for name, value in played["headers"].items():
        assert f"{name}: {value}" in lines
    assert body.decode() == played["body"]
