"""Zalo's access tokens: about 25 hours long, renewed with a refresh token that is good for a single use.

The new refresh token is on the disk before anything else is done with it. Processes take turns by a lock on a file
beside the tokens, so that two never spend the same one.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lantoa.channels.http.answers import document_of, text_at
from lantoa.channels.http.tokens import MOST_TOKEN, AccountError, Token, token_of
from lantoa.channels.zalo.codes import TOKEN_SPENT
from lantoa.lib.http import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from lantoa.lib.http import HttpDoor

PATIENCE = 30.0
"""Seconds to wait for another process that is renewing."""
ASK_AGAIN = "hãy cấp quyền lại cho ứng dụng trên Zalo for Developers và ghi refresh_token mới vào tệp"


class ZaloTokens:
    """Gives the account's tokens; `lantoa.channels.http.tokens.Renewer`."""

    def __init__(self, url: str, app_id: str, secret_key: str, path: Path) -> None:
        self._url = url
        self._app_id = app_id
        self._secret_key = secret_key
        self._path = path
        self._spent = ""

    async def renew(self, door: HttpDoor, refused: str) -> Token:
        """The token in the file when it is good, else a new one. Raises `AccountError` or `HttpError`."""
        async with self._turn():
            kept = self._read()
            token = Token(str(kept.get("access_token", "")), _number(kept.get("ends_at")))
            if token.value and token.value != refused and token.is_good(time.time()):
                return token
            return await self._renew(door, str(kept.get("refresh_token", "")))

    async def _renew(self, door: HttpDoor, refresh_token: str) -> Token:
        if not refresh_token or refresh_token == self._spent:
            raise AccountError(f"tệp {self._path} không có refresh_token dùng được; {ASK_AGAIN}")
        fields = {"refresh_token": refresh_token, "app_id": self._app_id, "grant_type": "refresh_token"}
        headers = ("Content-Type: application/x-www-form-urlencoded", f"secret_key: {self._secret_key}")
        response = await door.send(Request("POST", self._url, headers, urlencode(fields).encode()))
        document = document_of(response.body)
        if text_at(document, "/error") in {str(code) for code in TOKEN_SPENT}:
            self._spent = refresh_token
            raise AccountError(f"Zalo không nhận refresh_token nữa (đã dùng hoặc quá hạn); {ASK_AGAIN}")
        token = token_of(response, time.time())
        following = text_at(document, "/refresh_token", MOST_TOKEN) or refresh_token
        self._write({"access_token": token.value, "refresh_token": following, "ends_at": token.ends_at})
        return token

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            file = self._path.with_name(self._path.name + ".lock").open("w")
        except OSError as error:
            raise AccountError(f"không ghi được cạnh tệp {self._path} ({error}); hãy kiểm tra thư mục") from error
        with file:
            ends = time.monotonic() + PATIENCE
            while not _locked(file.fileno()):
                if time.monotonic() > ends:
                    raise AccountError(f"tiến trình khác giữ tệp {self._path} quá lâu")
                await asyncio.sleep(0.05)
            yield  # closing the file lets the lock go

    def _read(self) -> dict[str, object]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise AccountError(f"không đọc được tệp mã truy cập {self._path} ({error}); {ASK_AGAIN}") from error
        if not isinstance(kept, dict):
            raise AccountError(f"tệp {self._path} không phải một bảng JSON; {ASK_AGAIN}")
        return kept

    def _write(self, kept: dict[str, object]) -> None:
        """Replace the file in one step, after its bytes are on the disk. Raises `AccountError`."""
        draft = self._path.with_name(self._path.name + ".new")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise AccountError(
                f"đã có mã truy cập mới nhưng không ghi được vào {self._path} ({error}); {ASK_AGAIN}", permanent=True,
            ) from error


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
