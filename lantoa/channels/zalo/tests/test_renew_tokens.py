from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from lantoa.channels.http.tokens import AccountError
from lantoa.channels.zalo.tokens import ZaloTokens
from lantoa.lib.http import HttpDoor, HttpError
from lantoa.lib.http.tests.peers import peer, run, say_nothing, until
from lantoa.simulators.dialects import ZaloDialect
from lantoa.simulators.http import HttpSimulator


def tokens(folder: Path, server: HttpSimulator, secret_key: str = "s") -> ZaloTokens:  # noqa: S107 - of the tests
    return ZaloTokens(f"{server.url}/v4/oa/access_token", "1", secret_key, folder / "tokens.json")


def keep(folder: Path, **kept: object) -> None:
    (folder / "tokens.json").write_text(json.dumps(kept))


def kept(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "tokens.json").read_text())
    return read


def test_the_new_refresh_token_is_on_the_disk_before_the_access_token_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(tmp_path, refresh_token="refresh-0")
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        steps.append("synced")
        fsync(handle)

    def replaced(one: Path, other: Path) -> Path:
        steps.append("in place")
        return replace(one, other)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)

    async def work() -> None:
        async with HttpSimulator(ZaloDialect(secret_key="s")) as server:
            door = HttpDoor()
            token = await tokens(tmp_path, server).renew(door, "")
            await door.close()
            assert token.value == "access-1"
            assert kept(tmp_path) == {
                "access_token": "access-1", "refresh_token": "refresh-1",
                "ends_at": pytest.approx(time.time() + 89_940, abs=9),
            }
            assert steps == ["synced", "in place", "synced"]
            assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600

    run(asyncio.new_event_loop, work())


def test_a_good_token_in_the_file_is_used_and_none_is_spent(tmp_path: Path) -> None:
    async def work() -> None:
        dialect = ZaloDialect(secret_key="s")
        async with HttpSimulator(dialect) as server:
            door = HttpDoor()
            keep(tmp_path, refresh_token="refresh-0", access_token="kept", ends_at=4e9)
            assert (await tokens(tmp_path, server).renew(door, "")).value == "kept"
            assert dialect.renewals == 0
            assert (await tokens(tmp_path, server).renew(door, "kept")).value == "access-1"
            keep(tmp_path, refresh_token="refresh-1", access_token="kept", ends_at=1.0)
            assert (await tokens(tmp_path, server).renew(door, "")).value == "access-2"
            await door.close()

    run(asyncio.new_event_loop, work())


def test_many_who_need_a_token_at_once_spend_one_refresh_token(tmp_path: Path) -> None:
    keep(tmp_path, refresh_token="refresh-0")

    async def work() -> None:
        dialect = ZaloDialect(secret_key="s")
        async with HttpSimulator(dialect) as server:
            door = HttpDoor()
            got = await asyncio.gather(*(tokens(tmp_path, server).renew(door, "") for _ in range(8)))
            await door.close()
            assert {token.value for token in got} == {"access-1"}
            assert dialect.renewals == 1

    run(asyncio.new_event_loop, work())


def test_processes_take_turns(tmp_path: Path) -> None:
    keep(tmp_path, refresh_token="refresh-0")
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from lantoa.channels.zalo.tokens import ZaloTokens
        from lantoa.lib.http import HttpDoor

        async def work():
            door = HttpDoor()
            token = await ZaloTokens(sys.argv[1], "1", "s", Path(sys.argv[2])).renew(door, "")
            await door.close()
            print(token.value)

        asyncio.run(work())
    """)

    async def work() -> None:
        dialect = ZaloDialect(secret_key="s")
        async with HttpSimulator(dialect) as server:
            url = f"{server.url}/v4/oa/access_token"
            started = [
                await asyncio.create_subprocess_exec(
                    sys.executable, "-c", program, url, str(tmp_path / "tokens.json"), stdout=subprocess.PIPE)
                for _ in range(3)
            ]
            said = [(await process.communicate())[0] for process in started]
            assert said == [b"access-1\n"] * 3
            assert dialect.renewals == 1

    run(asyncio.new_event_loop, work())


def test_a_refresh_token_that_was_used_already_is_told_and_not_offered_again(tmp_path: Path) -> None:
    keep(tmp_path, refresh_token="old")

    async def work() -> None:
        dialect = ZaloDialect(secret_key="s")
        async with HttpSimulator(dialect) as server:
            door = HttpDoor()
            ours = tokens(tmp_path, server)
            with pytest.raises(AccountError, match="đã dùng hoặc quá hạn"):
                await ours.renew(door, "")
            asked = server.requests
            with pytest.raises(AccountError, match="không có refresh_token dùng được"):
                await ours.renew(door, "")
            assert server.requests == asked
            keep(tmp_path, refresh_token="refresh-0")  # somebody gave the rights anew
            assert (await ours.renew(door, "")).value == "access-1"
            await door.close()

    run(asyncio.new_event_loop, work())


def test_without_an_answer_the_old_refresh_token_stays(tmp_path: Path) -> None:
    keep(tmp_path, refresh_token="refresh-0")

    async def work() -> None:
        async with peer(say_nothing) as made:
            door = HttpDoor()
            ours = ZaloTokens(made.url, "1", "s", tmp_path / "tokens.json")
            task = asyncio.ensure_future(ours.renew(door, ""))
            await until(lambda: bool(made.requests))
            door.abort()
            with pytest.raises(HttpError):
                await task
            await door.close()
            assert kept(tmp_path) == {"refresh_token": "refresh-0"}

    run(asyncio.new_event_loop, work())


@pytest.mark.parametrize("content", [None, "", "[]", "{", '{"refresh_token": ""}', '{"access_token": "a"}'])
def test_a_file_that_holds_no_token_is_told_with_what_to_do(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "tokens.json").write_text(content)

    async def work() -> None:
        async with HttpSimulator(ZaloDialect(secret_key="s")) as server:
            door = HttpDoor()
            with pytest.raises(AccountError, match="cấp quyền lại"):
                await tokens(tmp_path, server).renew(door, "")
            await door.close()

    run(asyncio.new_event_loop, work())


def test_a_wrong_application_key_is_told(tmp_path: Path) -> None:
    keep(tmp_path, refresh_token="refresh-0")

    async def work() -> None:
        async with HttpSimulator(ZaloDialect(secret_key="s")) as server:
            door = HttpDoor()
            with pytest.raises(AccountError, match="không lấy được mã truy cập"):
                await tokens(tmp_path, server, "wrong").renew(door, "")
            await door.close()
            assert kept(tmp_path) == {"refresh_token": "refresh-0"}

    run(asyncio.new_event_loop, work())
