"""`lantoa simulate`: one of the other ends alone, for a rehearsal from another program or machine."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import ipaddress
import json
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC

EVERY = 0.2
"""Seconds between looks at what has come."""
MOST_SHOWN = 160
"""Characters of a message on the terminal."""


class _End(Protocol):
    """A server of `lantoa.simulators`."""

    port: int

    async def start(self, port: int = 0, *, host: str = "127.0.0.1") -> None:
        """Listen."""

    async def stop(self) -> None:
        """Listen no more."""


def _options(function: FC) -> FC:
    """What each of them takes."""
    for option in reversed(
        (
            click.option(
                "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 takes a free one."
            ),
            click.option("--host", default="127.0.0.1", show_default=True, help="On which address of this machine."),
            click.option(
                "--script",
                "given",
                default="",
                metavar="JSON|FILE",
                help="How it behaves, as JSON or a .json or .toml file (docs/drill.md).",
            ),
            click.option("--json", "is_json", is_flag=True, help="Print each message as one JSON object a line."),
        )
    ):
        function = option(function)
    return function


@click.group(epilog='Example: lantoa simulate smsc --port 2775 --script \'{"delay": 0.05, "rate": 30}\'')
def simulate() -> None:
    """Play a provider's server, print what it gets, send nothing on: for rehearsals, never for real people."""


@simulate.command(epilog='Example: lantoa simulate smtp --port 2525 --script \'{"temporary": 0.1, "greylist": 5}\'')
@_options
def smtp(port: int, host: str, given: str, *, is_json: bool) -> None:
    """Play a mail server (SMTP)."""
    from lantoa.drill.ends import text_of
    from lantoa.simulators.smtp import Arrivals, MailServer, Script

    arrivals = Arrivals(keeps_content=True)

    def news(since: int) -> list[dict[str, Any]]:
        came = zip(arrivals.taken[since:], arrivals.contents[since:], arrivals.at[since:], strict=True)
        return [{"at": at, "to": to, "id": name, "text": text_of(content)} for (to, name), content, at in came]

    _run(MailServer(_script(Script, given), arrivals), news, (host, port, is_json))


@simulate.command(
    epilog='Example: lantoa simulate smsc --port 2775 --script \'{"errors": {"0x45": 0.01}, "lost_answers": 0.01}\''
)
@_options
def smsc(port: int, host: str, given: str, *, is_json: bool) -> None:
    """Play a carrier's message centre (SMPP 3.4); it gives receipts."""
    from lantoa.simulators.smsc import Smsc
    from lantoa.simulators.smsc_script import Script

    centre = Smsc(_script(Script, given))

    def news(since: int) -> list[dict[str, Any]]:
        return [
            {
                "at": one.at,
                "to": one.destination,
                "from": one.source,
                "id": one.message_id,
                "text": one.text,
                "part": f"{one.place.number}/{one.place.total}" if one.place else "1/1",
            }
            for one in centre.arrivals[since:]
        ]

    _run(centre, news, (host, port, is_json))


@simulate.command(epilog="Example: lantoa simulate http --port 8080 --as zalo")
@click.option(
    "--as",
    "dialect",
    type=click.Choice(["aggregator", "zalo"]),
    default="aggregator",
    show_default=True,
    help="Which service is played.",
)
@_options
def http(port: int, host: str, given: str, dialect: str, *, is_json: bool) -> None:
    """Play a service over HTTP: an SMS aggregator, or Zalo's template messages."""
    from lantoa.simulators.dialects import AggregatorDialect, ZaloDialect
    from lantoa.simulators.http import HttpSimulator, Script

    server = HttpSimulator(AggregatorDialect() if dialect == "aggregator" else ZaloDialect(), _script(Script, given))

    def news(since: int) -> list[dict[str, Any]]:
        return [{"at": one.at, "to": one.address, "id": one.key, "text": one.text} for one in server.book.all()[since:]]

    _run(server, news, (host, port, is_json))


# --- the script -----------------------------------------------------------------------------------


def _script(kind: type[Any], given: str) -> Any:
    """The script as told. Raises `BadParameter`, in Vietnamese, naming the word that is wrong and those there are."""
    table = _table(given)
    if not isinstance(table, dict):
        raise click.BadParameter('kịch bản phải là các cặp từ và giá trị, như {"delay": 0.05}.', param_hint="--script")
    known = {
        one.name: str(one.type) for one in dataclasses.fields(kind) if one.name not in {"tls", "is_tls_from_the_start"}
    }
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise click.BadParameter(f"không có từ “{unknown[0]}”; dùng được: {', '.join(known)}.", param_hint="--script")
    return kind(**{name: _value(known[name], name, value) for name, value in table.items()})


def _value(form: str, name: str, value: Any) -> Any:
    """One value in the form its word takes. Codes of errors may be written as `"0x45"`."""
    plain = {"float": (int, float), "int": (int,), "bool": (bool,), "str": (str,)}.get(form)
    try:
        if plain is not None:
            if not isinstance(value, plain) or (isinstance(value, bool) and form != "bool"):
                raise TypeError  # noqa: TRY301 - told below, as all of its kind
            return value
        if name == "errors":
            return {int(code, 0): float(share) for code, share in value.items()}
        if name == "faults":
            from lantoa.simulators.http import Fault

            return tuple(Fault(**one) for one in value)
    except (TypeError, ValueError, AttributeError) as error:
        raise click.BadParameter(f"“{name}” không nhận {value!r}.", param_hint="--script") from error
    return value


def _table(given: str) -> Any:
    if not given:
        return {}
    path = Path(given)
    try:
        if path.suffix == ".toml":
            return tomllib.loads(path.read_text(encoding="utf-8"))
        return json.loads(path.read_text(encoding="utf-8") if path.suffix == ".json" else given)
    except OSError as error:
        raise click.BadParameter(f"không đọc được {given}: {error.strerror}.", param_hint="--script") from error
    except ValueError as error:
        raise click.BadParameter(f"không đúng cú pháp ({error}).", param_hint="--script") from error


# --- running --------------------------------------------------------------------------------------


def _run(end: _End, news: Callable[[int], list[dict[str, Any]]], where: tuple[str, int, bool]) -> None:
    host = where[0]
    if not _is_own(host):
        click.echo(
            f"CẢNH BÁO: máy chủ mô phỏng mở ở {host}: mọi máy tới được địa chỉ này đều gửi vào được, không ai kiểm tra "
            "tên hay mật khẩu. Chỉ mở trong mạng riêng, chỉ dùng dữ liệu không có thật, và tắt ngay khi xong.",
            err=True,
        )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(end, news, where))
    click.echo("Đã dừng.", err=True)


def _is_own(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _serve(end: _End, news: Callable[[int], list[dict[str, Any]]], where: tuple[str, int, bool]) -> None:
    host, port, is_json = where
    try:
        await end.start(port, host=host)
    except OSError as error:
        raise click.ClickException(f"Không mở được {host}:{port} ({error.strerror}). Hãy chọn --port khác.") from error
    click.echo(f"Đang nghe ở {host}:{end.port} (dừng: Ctrl+C)", err=True)
    number = 0
    try:
        while True:
            for one in news(number):
                number += 1
                sys.stdout.write((json.dumps(one, ensure_ascii=False) if is_json else _line(number, one)) + "\n")
            sys.stdout.flush()
            await asyncio.sleep(EVERY)
    finally:
        await end.stop()


def _line(number: int, one: dict[str, Any]) -> str:
    text = " ".join(str(one["text"]).split())
    part = f" [{one['part']}]" if one.get("part", "1/1") != "1/1" else ""
    return f"{number:>6}  {one['to']}{part}  {text[:MOST_SHOWN]}{'…' if len(text) > MOST_SHOWN else ''}"
