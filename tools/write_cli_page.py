"""Write `docs/cli.md` from what the commands say of themselves (`make docs`); `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lantoa.cli.main import lantoa

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """# The command line

Written by `make docs` from the commands' own help: change it there.

Where a command prints data, `--json` puts one JSON object on standard output; progress and messages go to standard
error. Exit codes: `0` done, `1` done with findings (a check that found faults), `2` the caller's mistake, `3` it
failed. A failed command says in one sentence what to do; `LANTOA_DEBUG=1` adds the traceback.
"""


def main() -> int:
    """Write the page, or with `--check` say whether it is up to date."""
    page = HEAD + "".join(_section(name, command) for name, command in _commands(lantoa, "lantoa"))
    if "--check" not in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    sys.stderr.write("docs/cli.md is not what the commands say of themselves: make docs\n")
    return 1


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _commands(found, f"{name} {inner}")


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    return f"\n## {name}\n\n```\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    sys.exit(main())
