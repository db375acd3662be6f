"""Requests over HTTP/1.1 and HTTP/2, thousands in the air at once, in the running event loop.

libcurl does the work (pycurl's own asyncio driver). What this door adds is what a sender of messages must know and
libcurl does not promise by itself:

- *A request is written at most once.* When a kept connection dies without an answer libcurl sends the request anew on
  a fresh one, POST too: a message would go out twice. The hook that it calls before each writing stops the second
  (RFC 9110 §9.2.2: a request that is not idempotent must not be repeated by itself).
- *Whether it can have arrived.* The same hook says whether anything was written at all: `HttpError.may_have_arrived`.
- TLS is always verified, only HTTP is spoken, nothing is redirected, no proxy is taken from the environment, and
  answers are bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

import pycurl

from lantoa.lib.http.addresses import is_private_literal, is_public
from lantoa.lib.http.sockets import open_public_socket

MOST_HEADER_BYTES = 64 * 1024
MOST_WAIT = 86_400.0
"""Seconds: a longer Retry-After is a mistake of the other side."""


class Trouble(Enum):
    """Why there is no answer."""

    REFUSED = "refused"
    """The URL cannot be used, or leads where it must not."""
    NAME = "name"
    """Its host's name is unknown."""
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    CUT = "cut"
    """The connection ended, or what came was no HTTP."""
    TOO_LARGE = "too_large"


class HttpError(Exception):
    """There is no answer. The message, in Vietnamese, says what happened, without the address of the URL's path."""

    def __init__(self, why: str, trouble: Trouble, *, may_have_arrived: bool) -> None:
        super().__init__(why)
        self.trouble = trouble
        self.may_have_arrived = may_have_arrived
        """False only when no byte of the request was written: then the server cannot know of it."""


@dataclass(slots=True, eq=False)
class Request:
    """What is asked. Not to be changed once it is sent."""

    method: str
    url: str
    headers: tuple[str, ...] = ()
    """Lines, `Name: value`."""
    body: bytes | None = None


class Response:
    """What was answered."""

    __slots__ = ("_head", "body", "status")

    def __init__(self, status: int, head: bytes, body: bytes) -> None:
        self.status = status
        self._head = head
        self.body = body

    def header(self, name: str) -> str:
        """A header's value, empty when it is not there; of several of one name the first."""
        wanted = name.lower()
        for line in self._last_head().split(b"\r\n"):
            key, _, value = line.decode("latin-1").partition(":")
            if key.strip().lower() == wanted:
                return value.strip()
        return ""

    def _last_head(self) -> bytes:
        """Interim answers (`100 Continue`) and a proxy's own answer come before the one that counts."""
        return self._head.rstrip(b"\r\n").rpartition(b"\r\n\r\n")[2]

    def retry_after(self, now: float | None = None) -> float | None:
        """Seconds to wait as the server asks (RFC 9110 §10.2.3, a number or a date); None when it does not."""
        value = self.header("Retry-After")
        try:
            if value.isascii() and value.isdigit():
                seconds = float(value)
            else:
                seconds = parsedate_to_datetime(value).timestamp() - (time.time() if now is None else now)
        except (ValueError, TypeError, OverflowError):
            return None
        return min(max(seconds, 0.0), MOST_WAIT)


@dataclass(frozen=True, slots=True)
class DoorOptions:
    """What holds for all requests through one door."""

    connections: int = 10
    """Most connections to one host."""
    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    """From the start to the last byte of the answer."""
    most_bytes: int = 1024 * 1024
    """Of an answer's body."""
    ca_file: str = ""
    """Certificates (PEM) of a server that no public authority vouches for, instead of the machine's."""
    proxy: str = ""
    """`http://host:port`; none is taken from the environment."""
    https_only: bool = False
    public_only: bool = False
    """Refuse addresses of this machine and its network, for URLs that come from outside. Through a proxy only
    addresses written as numbers can be told: names are resolved by the proxy, which must guard itself."""
    idle_seconds: int = 4
    """A connection idle for longer is not used again: many servers close theirs after 5, and a request that meets
    the closing is lost without a sign of whether it was read."""


class HttpDoor:
    """Sends requests and keeps the connections. Used in one event loop, which must be running."""

    def __init__(self, options: DoorOptions | None = None) -> None:
        self.options = options or DoorOptions()
        self._multi = pycurl.AsyncCurlMulti()
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, self.options.connections)
        self._idle: list[_Exchange] = []
        self._busy: set[_Exchange] = set()

    async def send(self, request: Request) -> Response:
        """Ask, and wait for the whole answer, whatever its status.

        Raises `HttpError`, or `ValueError` for a header or URL that holds a line break.
        """
        exchange = self._idle.pop() if self._idle else _Exchange(self.options)
        exchange.prepare(request)
        self._busy.add(exchange)
        try:
            return await self._perform(exchange)
        finally:
            self._busy.discard(exchange)

    async def _perform(self, exchange: _Exchange) -> Response:
        try:
            exchange.check()
            await self._multi.perform(exchange.curl)
            response = exchange.response()
        except pycurl.error as error:
            failed = exchange.error(error)
        except asyncio.CancelledError:
            if not exchange.is_aborted:
                raise  # the handle is let go a moment later: it is not used again
            failed = exchange.error(_ABORTED)
        else:
            self._idle.append(exchange)
            return response
        self._idle.append(exchange)
        raise failed

    async def reach(self, url: str) -> None:
        """Connect (and shake hands over TLS) without asking anything. Raises `HttpError`."""
        exchange = _Exchange(self.options)
        exchange.prepare(Request("GET", url))
        exchange.curl.setopt(pycurl.CONNECT_ONLY, 1)
        try:
            exchange.check()
            await self._multi.perform(exchange.curl)
        except pycurl.error as error:
            raise exchange.error(error) from None

    def abort(self) -> None:
        """Give up on every request in the air: each raises `HttpError`, which says whether it may have arrived."""
        for exchange in list(self._busy):
            exchange.is_aborted = True
            with contextlib.suppress(RuntimeError):  # its answer is in, and its sender wakes in a moment
                self._multi.remove_handle(exchange.curl)

    async def close(self) -> None:
        """Close all connections. Requests still in the air are cancelled: `abort` first if their fate matters."""
        await self._multi.aclose()
        for exchange in self._idle:
            exchange.curl.close()
        self._idle.clear()


_ABORTED = pycurl.error(pycurl.E_OPERATION_TIMEDOUT, "given up")


class _Exchange:
    """One libcurl handle, used again and again; options are set only when they differ from those of last time."""

    def __init__(self, options: DoorOptions) -> None:
        self.is_aborted = False
        self._options = options
        self._is_refused = False
        self._writings = 0
        self._head = _Kept(MOST_HEADER_BYTES)
        self._body = _Kept(options.most_bytes)
        self._url = ""
        self._headers: tuple[str, ...] | None = None
        self._method = ""
        self.curl = pycurl.Curl()
        self._set_up()

    def _set_up(self) -> None:
        # PIPEWAIT stays off: with HTTP/1.1 it lets requests wait for the first one's answer, however long that takes.
        options, curl = self._options, self.curl
        protocols = pycurl.PROTO_HTTPS if options.https_only else pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
        settings: dict[int, Any] = {
            pycurl.NOSIGNAL: 1, pycurl.PROTOCOLS: protocols, pycurl.FOLLOWLOCATION: 0, pycurl.PROXY: options.proxy,
            pycurl.SSL_VERIFYPEER: 1, pycurl.SSL_VERIFYHOST: 2, pycurl.USERAGENT: "lantoa", pycurl.PATH_AS_IS: 1,
            pycurl.CONNECTTIMEOUT_MS: int(options.connect_seconds * 1000),
            pycurl.TIMEOUT_MS: int(options.total_seconds * 1000),
            pycurl.MAXAGE_CONN: options.idle_seconds,
            pycurl.HEADERFUNCTION: self._head.write, pycurl.WRITEFUNCTION: self._body.write,
            pycurl.PREREQFUNCTION: self._may_write, **_trusted(options.ca_file),
        }
        for option, value in settings.items():
            curl.setopt(option, value)
        if options.public_only and not options.proxy:
            curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)

    def prepare(self, request: Request) -> None:
        self.is_aborted = self._is_refused = False
        self._writings = 0
        self._head.clear()
        self._body.clear()
        if request.url != self._url:
            self.curl.setopt(pycurl.URL, _one_line(request.url))
            self._url = request.url
        if request.headers is not self._headers:
            self.curl.setopt(pycurl.HTTPHEADER, ["Expect:", *map(_one_line, request.headers)])
            self._headers = request.headers
        self._prepare_method(request.method, has_body=request.body is not None)
        if request.body is not None:
            self.curl.setopt(pycurl.POSTFIELDS, request.body)

    def _prepare_method(self, method: str, *, has_body: bool) -> None:
        wanted = f"{method} {has_body}"
        if wanted == self._method:
            return
        self.curl.setopt(pycurl.POST if has_body else pycurl.HTTPGET, 1)
        if method == ("POST" if has_body else "GET"):
            self.curl.unsetopt(pycurl.CUSTOMREQUEST)
        else:
            self.curl.setopt(pycurl.CUSTOMREQUEST, method)
        self._method = wanted

    def check(self) -> None:
        """Refuse what is plainly inside; raises `pycurl.error` like libcurl itself."""
        if self._options.public_only and is_private_literal(self._url):
            self._is_refused = True
            raise pycurl.error(pycurl.E_COULDNT_CONNECT, "not a public address")

    def _may_write(self, *_ends: object) -> int:
        """The connection is there, libcurl is about to write the request."""
        self._writings += 1
        return int(pycurl.PREREQFUNC_OK if self._writings == 1 else pycurl.PREREQFUNC_ABORT)

    def _open_socket(self, _purpose: int, address: Any) -> Any:
        if is_public(str(address.addr[0])):
            return open_public_socket(address)
        self._is_refused = True
        return pycurl.SOCKET_BAD

    def response(self) -> Response:
        return Response(self.curl.getinfo(pycurl.RESPONSE_CODE), self._head.content(), self._body.content())

    def error(self, error: pycurl.error) -> HttpError:
        code, detail = int(error.args[0]), str(error.args[1])
        if self._is_refused:
            trouble, why = Trouble.REFUSED, "địa chỉ này nằm trong mạng nội bộ, không được phép gọi tới"
        elif self._head.is_full or self._body.is_full:
            trouble, why = Trouble.TOO_LARGE, "câu trả lời của máy chủ dài quá mức cho phép"
        else:
            trouble, why = _TROUBLES.get(code, (Trouble.CUT, "kết nối bị ngắt giữa chừng, chưa có câu trả lời"))
        if code == pycurl.E_UNSUPPORTED_PROTOCOL and self._writings:  # libcurl says so of an answer that is no HTTP
            trouble, why = Trouble.CUT, "máy chủ trả lời không đúng giao thức HTTP"
        said = "" if self._writings > 1 or not detail else f" ({detail})"
        return HttpError(why + said, trouble, may_have_arrived=self._writings > 0)


class _Kept:
    """What comes in, up to a bound."""

    __slots__ = ("_chunks", "_most", "_size", "is_full")

    def __init__(self, most: int) -> None:
        self._most = most
        self.clear()

    def clear(self) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self.is_full = False

    def write(self, chunk: bytes) -> int:
        self._size += len(chunk)
        if self._size > self._most:
            self.is_full = True
            return 0  # fewer bytes than were given: libcurl ends the transfer
        self._chunks.append(chunk)
        return len(chunk)

    def content(self) -> bytes:
        return b"".join(self._chunks)


def _one_line(text: str) -> str:
    """The text; a line break in it would begin another header. Raises `ValueError`."""
    if "\n" in text or "\r" in text or "\0" in text:
        raise ValueError("a header or URL holds a line break")
    return text


def _trusted(ca_file: str) -> dict[int, str]:
    """Where certificates of trusted authorities lie: the wheel of libcurl knows no place of this machine."""
    paths = ssl.get_default_verify_paths()
    if ca_file or paths.cafile:
        return {pycurl.CAINFO: ca_file or paths.cafile}
    return {pycurl.CAPATH: paths.capath} if paths.capath else {}


_E_PROXY = 97
"""pycurl has no name for it."""
_TLS = (Trouble.TLS, "không lập được kết nối bảo mật (TLS) với máy chủ; hãy kiểm tra chứng thư và ngày giờ máy")
_TROUBLES: dict[int, tuple[Trouble, str]] = {
    pycurl.E_UNSUPPORTED_PROTOCOL: (Trouble.REFUSED, "địa chỉ không dùng được: chỉ nhận http:// hoặc https://"),
    pycurl.E_URL_MALFORMAT: (Trouble.REFUSED, "địa chỉ viết sai"),
    pycurl.E_COULDNT_RESOLVE_HOST: (Trouble.NAME, "không tìm thấy tên máy chủ; hãy kiểm tra địa chỉ và mạng"),
    pycurl.E_COULDNT_RESOLVE_PROXY: (Trouble.NAME, "không tìm thấy tên máy chủ trung gian (proxy)"),
    pycurl.E_COULDNT_CONNECT: (Trouble.CONNECT, "không kết nối được tới máy chủ"),
    _E_PROXY: (Trouble.CONNECT, "máy chủ trung gian (proxy) không cho qua"),
    pycurl.E_OPERATION_TIMEDOUT: (Trouble.TIMEOUT, "quá thời gian chờ"),
    pycurl.E_SSL_CONNECT_ERROR: _TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: _TLS,
    pycurl.E_SSL_CACERT_BADFILE: _TLS,
    pycurl.E_SSL_CERTPROBLEM: _TLS,
    pycurl.E_SSL_CIPHER: _TLS,
    pycurl.E_SSL_ENGINE_NOTFOUND: _TLS,
}
