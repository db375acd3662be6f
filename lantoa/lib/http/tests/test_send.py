from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING

import pytest

from lantoa.lib.http import DoorOptions, HttpDoor, HttpError, Request, Response, Trouble
from lantoa.lib.http.tests.peers import LOOPS, OK, Peer, peer, run, say_nothing, say_ok, server_tls, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def failure(door: HttpDoor, request: Request) -> HttpError:
    with pytest.raises(HttpError) as caught:
        await door.send(request)
    assert any(letter in str(caught.value) for letter in "ảáãạàểềếệễôơưđí"), caught.value
    return caught.value


@LOOPS
def test_what_is_asked_arrives_whole_and_the_answer_comes_back(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    def serve(_: Peer, request: bytes, connection: asyncio.Transport) -> None:
        body = request.partition(b"\r\n\r\n")[2]
        connection.write(b"HTTP/1.1 201 Created\r\nX-Thing: a: b\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor()
            sent = "Kính gửi bà Tỵ".encode()
            headers = ("X-Key: k1", "Content-Type: a/b")
            response = await door.send(Request("POST", f"{made.url}/a/../b?c=d", headers, sent))
            await door.close()
            assert (response.status, response.body, response.header("x-thing")) == (201, sent, "a: b")
            assert response.header("X-Other") == ""
            head = made.requests[0].partition(b"\r\n\r\n")[0].decode()
            assert head.startswith("POST /a/../b?c=d HTTP/1.1")
            assert "X-Key: k1" in head
            assert "Expect" not in head
            assert "Accept-Encoding" not in head

    run(loop, work())


@LOOPS
def test_connections_are_used_again_and_never_more_than_allowed(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(connections=3))
            await asyncio.gather(*(door.send(Request("GET", made.url)) for _ in range(60)))
            for _ in range(5):
                await door.send(Request("GET", made.url))
            await door.close()
            assert len(made.requests) == 65
            assert made.connections <= 3

    run(loop, work())


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_request_whose_kept_connection_dies_is_not_written_a_second_time(method: str) -> None:
    def serve(made: Peer, _: bytes, connection: asyncio.Transport) -> None:
        if len(made.requests) == 1:
            connection.write(OK)
        else:
            connection.close()

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor()
            body = b"x" if method == "POST" else None
            await door.send(Request(method, made.url, (), body))
            error = await failure(door, Request(method, made.url, (), body))
            await door.close()
            assert error.may_have_arrived
            assert error.trouble is Trouble.CUT
            assert len(made.requests) == 2

    run(asyncio.new_event_loop, work())


def test_methods_bodies_and_headers_of_one_request_do_not_stick_to_the_next() -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(connections=1))
            for request in (
                Request("POST", made.url, ("X-A: 1",), b"first"), Request("GET", made.url),
                Request("PUT", made.url, ("X-B: 2",), b"second"), Request("DELETE", made.url),
                Request("POST", made.url, (), b""), Request("GET", f"{made.url}/last"),
            ):
                await door.send(request)
            await door.close()
            lines = [request.split(b" HTTP")[0] for request in made.requests]
            assert lines == [b"POST /", b"GET /", b"PUT /", b"DELETE /", b"POST /", b"GET /last"]
            bodies = [request.partition(b"\r\n\r\n")[2] for request in made.requests]
            assert bodies == [b"first", b"", b"second", b"", b"", b""]
            assert [b"X-A" in request for request in made.requests] == [True, *[False] * 5]
            assert [b"X-B" in request for request in made.requests] == [False, False, True, False, False, False]

    run(asyncio.new_event_loop, work())


@LOOPS
def test_nothing_arrived_where_nobody_listens(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def work() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # a port nobody listens on, and nobody can take meanwhile
            door = HttpDoor()
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
            error = await failure(door, Request("POST", url, (), b"x"))
            with pytest.raises(HttpError):
                await door.reach(url)
            await door.close()
        assert not error.may_have_arrived
        assert error.trouble is Trouble.CONNECT

    run(loop, work())


@LOOPS
def test_a_request_that_was_written_and_not_answered_in_time_may_have_arrived(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def work() -> None:
        async with peer(say_nothing) as made:
            door = HttpDoor(DoorOptions(total_seconds=0.2))
            error = await failure(door, Request("POST", made.url, (), b"x"))
            await door.close()
        assert error.may_have_arrived
        assert error.trouble is Trouble.TIMEOUT

    run(loop, work())


def test_a_handshake_that_hangs_is_given_up_and_nothing_arrived() -> None:
    async def work() -> None:
        async with peer(say_nothing) as made:
            door = HttpDoor(DoorOptions(connect_seconds=0.2))
            error = await failure(door, Request("POST", f"https://127.0.0.1:{made.port}", (), b"x"))
            await door.close()
            assert made.connections == 1
            assert not error.may_have_arrived
            assert error.trouble is Trouble.TIMEOUT

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize(("answer", "arrived"), [
    (b"", Trouble.CUT), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Trouble.CUT),
    (b"SSH-2.0-OpenSSH_9\r\n", Trouble.CUT), (b"\x00\xff\x00" * 99, Trouble.CUT),
])
def test_what_is_no_whole_answer_is_none(answer: bytes, arrived: Trouble) -> None:
    def serve(_: Peer, __: bytes, connection: asyncio.Transport) -> None:
        connection.write(answer)
        connection.close()

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor()
            error = await failure(door, Request("POST", made.url, (), b"x"))
            await door.close()
        assert error.may_have_arrived
        assert error.trouble is arrived

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("head", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n",
])
def test_an_answer_that_is_too_long_is_not_read_to_its_end(head: bytes) -> None:
    def serve(_: Peer, __: bytes, connection: asyncio.Transport) -> None:
        connection.write(head + b"x" * 2000)

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor(DoorOptions(most_bytes=1000))
            error = await failure(door, Request("GET", made.url))
            assert error.trouble is Trouble.TOO_LARGE
            await door.close()

    run(asyncio.new_event_loop, work())


def test_headers_without_end_are_not_read() -> None:
    def serve(_: Peer, __: bytes, connection: asyncio.Transport) -> None:
        connection.write(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(100)))

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor()
            error = await failure(door, Request("GET", made.url))
            assert error.trouble is Trouble.TOO_LARGE
            await door.close()

    run(asyncio.new_event_loop, work())


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    def serve(_: Peer, __: bytes, connection: asyncio.Transport) -> None:
        connection.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor()
            response = await door.send(Request("POST", made.url, (), b"x"))
            await door.close()
            assert (response.status, response.header("Location")) == (302, "/elsewhere")
            assert len(made.requests) == 1

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "no url at all", ""])
def test_nothing_but_http_is_spoken(url: str) -> None:
    async def work() -> None:
        door = HttpDoor()
        error = await failure(door, Request("GET", url))
        await door.close()
        assert error.trouble is Trouble.REFUSED
        assert not error.may_have_arrived

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("broken", ["X-A: 1\r\nX-B: 2", "X-A: 1\nX-B: 2", "X-A: \0"])
def test_a_line_break_begins_no_header(broken: str) -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor()
            with pytest.raises(ValueError, match="line break"):
                await door.send(Request("GET", made.url, (broken,)))
            with pytest.raises(ValueError, match="line break"):
                await door.send(Request("GET", f"{made.url}/{broken}"))
            assert (await door.send(Request("GET", made.url))).status == 200
            await door.close()

    run(asyncio.new_event_loop, work())


@LOOPS
def test_a_server_is_trusted_by_its_certificate_only(
    loop: Callable[[], asyncio.AbstractEventLoop], tmp_path: Path,
) -> None:
    tls, ca_file = server_tls(tmp_path)

    async def work() -> None:
        async with peer(say_ok, tls) as made:
            stranger = HttpDoor()
            error = await failure(stranger, Request("POST", made.url, (), b"x"))
            assert error.trouble is Trouble.TLS
            assert not error.may_have_arrived
            known = HttpDoor(DoorOptions(ca_file=str(ca_file)))
            await known.reach(made.url)
            assert (await known.send(Request("POST", made.url, (), b"x"))).body == b"ok"
            misnamed = await failure(known, Request("GET", f"https://localhost:{made.port}"))
            assert misnamed.trouble is Trouble.TLS
            await stranger.close()
            await known.close()

    run(loop, work())


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with peer(say_ok) as proxy, peer(say_ok) as made:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("all_proxy", proxy.url)
            direct = HttpDoor()
            await direct.send(Request("GET", made.url))
            assert (len(proxy.requests), len(made.requests)) == (0, 1)
            through = HttpDoor(DoorOptions(proxy=proxy.url))
            await through.send(Request("GET", made.url))
            assert (len(proxy.requests), len(made.requests)) == (1, 1)
            assert proxy.requests[0].startswith(b"GET " + made.url.encode())
            await direct.close()
            await through.close()

    run(asyncio.new_event_loop, work())


@LOOPS
def test_requests_given_up_say_whether_they_may_have_arrived(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def work() -> None:
        async with peer(say_nothing) as made:
            door = HttpDoor(DoorOptions(connections=2))
            tasks = [asyncio.ensure_future(door.send(Request("POST", made.url, (), b"x"))) for _ in range(5)]
            await until(lambda: len(made.requests) == 2)
            door.abort()
            errors = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(error, HttpError) for error in errors)
            arrived = [isinstance(error, HttpError) and error.may_have_arrived for error in errors]
            assert sorted(arrived) == [False] * 3 + [True] * 2
            await door.close()

    run(loop, work())


@LOOPS
def test_giving_up_at_any_moment_leaves_each_request_with_one_end(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor()
            ends: list[Response | BaseException] = []
            for ticks in range(60):
                tasks = [asyncio.ensure_future(door.send(Request("POST", made.url, (), b"x"))) for _ in range(5)]
                for _ in range(ticks % 30):
                    await asyncio.sleep(0)
                door.abort()
                ends += await asyncio.gather(*tasks, return_exceptions=True)
            assert len(ends) == 300
            assert all(isinstance(end, Response | HttpError) for end in ends), ends
            assert any(isinstance(end, Response) for end in ends)
            assert any(isinstance(end, HttpError) for end in ends)
            assert (await door.send(Request("GET", made.url))).status == 200
            await door.close()

    run(loop, work())


def test_looking_whether_a_server_is_there_takes_no_connection_from_requests() -> None:
    async def work() -> None:
        async with peer(say_ok) as made:
            door = HttpDoor(DoorOptions(connections=1, total_seconds=2))
            await door.reach(made.url)
            assert (await door.send(Request("GET", made.url))).status == 200
            await door.reach(made.url)
            assert (await door.send(Request("GET", made.url))).status == 200
            await door.close()

    run(asyncio.new_event_loop, work())


def test_a_cancelled_request_leaves_the_door_usable() -> None:
    def serve(made: Peer, _: bytes, connection: asyncio.Transport) -> None:
        if len(made.requests) > 1:
            connection.write(OK)

    async def work() -> None:
        async with peer(serve) as made:
            door = HttpDoor(DoorOptions(connections=1))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(door.send(Request("GET", made.url)), 0.1)
            assert (await door.send(Request("GET", made.url))).status == 200
            await door.close()

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize(("value", "seconds"), [
    ("120", 120.0), ("0", 0.0), ("Fri, 06 Dec 2024 10:00:30 GMT", 30.0), ("Fri, 06 Dec 2024 09:00:00 GMT", 0.0),
    ("999999999", 86_400.0), ("soon", None), ("-5", None), ("", None), ("1e9", None), ("٣", None),
])
def test_the_time_to_wait_is_read_as_a_number_or_a_date(value: str, seconds: float | None) -> None:
    response = Response(429, f"HTTP/1.1 429 -\r\nRetry-After: {value}\r\n\r\n".encode(), b"")
    assert response.retry_after(now=1_733_479_200.0) == seconds


def test_headers_of_interim_answers_are_not_those_of_the_answer() -> None:
    head = b"HTTP/1.1 100 Continue\r\nX-A: interim\r\n\r\nHTTP/1.1 200 OK\r\nX-A: final\r\nX-A: second\r\n\r\n"
    response = Response(200, head, json.dumps({}).encode())
    assert response.header("X-A") == "final"
