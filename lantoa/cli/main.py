"""`lantoa`: the command line. Each command's module is loaded only when it is asked for."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import Any

import click

from lantoa import __version__

DONE, FINDINGS, CALLER, FAILED = 0, 1, 2, 3
"""Exit codes: done; done with findings; the caller's mistake; it failed."""

COMMANDS = {
    "read": "letters:read",
    "write": "letters:write",
    "check": "letters:check",
    "examples": "examples:examples",
    "run": "campaigns:run",
    "campaign": "campaigns:campaign",
    "kit": "kits:kit",
    "fact": "correcting:fact",
    "correct": "correcting:correct",
    "deliver": "dispatches:deliver",
    "dispatch": "dispatches:dispatch",
    "report": "campaigns:report",
    "receive": "receiving:receive",
    "import": "registers:import_",
    "check-phone": "registers:check_phone",
    "demo": "serving:demo",
    "serve": "serving:serve",
    "worker": "serving:worker",
    "schedule": "serving:schedule",
    "setup": "upkeep:setup",
    "doctor": "upkeep:doctor",
    "backup": "upkeep:backup",
    "restore": "upkeep:restore",
    "bench": "bench:bench",
    "chaos": "chaos:chaos",
    "drill": "drill:drill",
    "simulate": "simulate:simulate",
}


class _Commands(click.Group):
    """Finds a command by name and imports its module then."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"lantoa.cli.{module}"), attribute)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lantoa")
def lantoa() -> None:
    """Carry an official letter's public-information campaign to the last household, with proof."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; a mistake of the caller's is one sentence and exit code 2, a failure 3."""
    try:
        code = lantoa.main(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(CALLER)
    except click.exceptions.Abort:
        click.echo("Đã dừng theo yêu cầu. Chạy lại lệnh để tiếp tục từ chỗ dừng.", err=True)
        sys.exit(FAILED)
    except Exception as error:  # noqa: BLE001 - the outermost door: every error becomes a sentence and a code
        _fail(error)
    sys.exit(code if isinstance(code, int) else DONE)


def _fail(error: Exception) -> None:
    from lantoa.cli.errors import is_callers_mistake

    if is_callers_mistake(error):
        click.echo(f"Lỗi: {error}", err=True)
        sys.exit(CALLER)
    if os.environ.get("LANTOA_DEBUG") == "1":
        traceback.print_exception(error)
    click.echo(f"Không thực hiện được: {type(error).__name__}: {error}", err=True)
    click.echo("Đặt LANTOA_DEBUG=1 rồi chạy lại để xem chi tiết.", err=True)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
