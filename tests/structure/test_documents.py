from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from lantoa.cli.main import lantoa
from lantoa.places.rules import MAY
from tests.structure.house import ROOMS, ROOT, expect_none, files, text_of, tree_of
from tests.structure.test_boundaries import actions

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLIC = {
    "sign_in", "sign_out", "switch_language", "check_phone", "public_page", "public_feed", "webhook",
    "opt_out", "subscribe_browser", "service_worker",
}
"""The only addresses that anyone may open without signing in. One more is a decision: write it here."""


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its pattern; what Django itself serves in development apart."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + str(entry.pattern))
        else:
            yield entry.name or prefix + str(entry.pattern), entry


ADDRESSES = dict(addresses(get_resolver()))


def test_every_address_says_who_may_open_it() -> None:
    assert ADDRESSES
    unsaid = [name for name, entry in ADDRESSES.items() if getattr(entry.callback, "permission", None) is None]
    expect_none(unsaid)
    known = {*MAY, "public", "signed_in"}
    expect_none(sorted({name for name, entry in ADDRESSES.items() if permission(entry) not in known}))


def test_what_is_open_to_anyone_is_declared_in_one_list() -> None:
    assert {name for name, entry in ADDRESSES.items() if permission(entry) == "public"} == PUBLIC


def permission(entry: URLPattern) -> str:
    """Who may open it: an action of `MAY`, `signed_in` or `public`."""
    said: str = getattr(entry.callback, "permission", "")
    return said


def settings_read() -> set[str]:
    """Names the settings read from the environment."""
    readers = {"text", "boolean", "folder", "hours", "listed", "mapping", "number", "secret", "whole"}
    called = [node for node in ast.walk(tree_of("lantoa/project/settings.py")) if isinstance(node, ast.Call)]
    named = {
        str(call.args[0].value) for call in called
        if isinstance(call.func, ast.Name) and call.func.id in readers and isinstance(call.args[0], ast.Constant)
    }
    return named | ({"DATABASE_URL"} if "dj_database_url.config" in text_of("lantoa/project/settings.py") else set())


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of("docs/settings.md"), re.MULTILINE))
    assert documented == settings_read()


def test_only_the_settings_read_the_environment() -> None:
    reading = [
        f"{name}: {match[0]}" for name in files()
        if name.startswith("lantoa/") and name.endswith(".py") and "/tests/" not in name
        for match in re.finditer(r"(?:environ\.get\(|environ\[|getenv\()\"(LANTOA_\w+|DATABASE_URL)\"", text_of(name))
        if match[1] != "LANTOA_DEBUG"  # the command line shows a traceback even when the settings cannot be read
    ]
    expect_none(reading)


def test_the_page_of_commands_is_what_the_commands_say_of_themselves() -> None:
    ran = subprocess.run(
        [sys.executable, "tools/write_cli_page.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_every_channel_has_its_page_and_its_contract_test() -> None:
    contracts = (
        import_module("lantoa.channels.tests.contract").ChannelContract,
        import_module("lantoa.channels.tests.wire_contract").WireContract,
    )
    modules = {name.rsplit("/", 1)[-1][:-3] for name in files() if re.fullmatch(r"lantoa/channels/\w+\.py", name)}
    paths = [path for path, _ in settings.LANTOA_CHANNELS.values()]
    configured = {path.split(".")[2] for path in paths if path.startswith("lantoa.channels.")}
    assert modules - {"__init__", "base", "registry", "wire"} == configured
    for adapter in configured:
        assert f"docs/channels/{adapter}.md" in files()
        suite = import_module(f"lantoa.channels.tests.test_{adapter}")
        assert [kind for kind in vars(suite).values() if isinstance(kind, type) and issubclass(kind, contracts)
                and kind not in contracts], adapter


def test_every_word_of_the_trade_used_in_the_code_is_in_the_dictionary() -> None:
    known = set(re.findall(r"`([^`]+)`", text_of("docs/words.md")))
    expect_none(sorted(words_used() - known))


def test_the_dictionary_holds_no_word_that_the_code_has_dropped() -> None:
    rows = [line.split("|")[-2] for line in text_of("docs/words.md").splitlines() if re.match(r"\| [^-]", line)]
    known = {word for row in rows for word in re.findall(r"`([^`]+)`", row)}
    expect_none(sorted(known - words_used()))


def words_used() -> set[str]:
    """Rooms, models, actions, commands and addresses."""
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("lantoa.")}
    verbs = {action.name for action in actions()}
    return {*ROOMS, *models, *verbs, *commands(lantoa), *ADDRESSES}


def commands(command: Any) -> Iterator[str]:
    """`lantoa read` and so on, with their subcommands."""
    import click  # noqa: PLC0415 - only here

    for name in command.list_commands(click.Context(command)):
        found = command.get_command(click.Context(command), name)
        assert found is not None, name
        yield f"lantoa {name}"
        if isinstance(found, click.Group) and name != "bench":  # its parts have the names of what they measure
            yield from (f"lantoa {name} {inner}" for inner in found.list_commands(click.Context(found)))


@pytest.mark.parametrize("page", [name for name in files() if name.endswith(".md")])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text_of(page))
    broken = [
        target for target in targets
        if not re.match(r"[a-z]+:", target) and not (ROOT / PurePosixPath(page).parent / target).exists()
    ]
    expect_none(broken)


def test_every_page_named_in_the_code_is_there() -> None:
    named = {
        match for name in files() if name.endswith((".py", ".md", ".toml")) and not name.startswith("tests/structure/")
        for match in re.findall(r"docs/(?:[a-z-]+/)*[\w-]+\.(?:md|json|svg)", text_of(name))
    }
    expect_none(sorted(name for name in named if name not in files() and "/NAME" not in name))
