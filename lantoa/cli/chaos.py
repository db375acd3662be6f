"""`lantoa chaos`: break things on purpose, on a seed, and count afterwards."""

from __future__ import annotations

import json
from typing import Any

import click

from lantoa.cli.ready import as_json, print_json, say


@click.group(epilog="Example: lantoa chaos deliver --kills 5 --n 5000")
def chaos() -> None:
    """Break what can break while it works, and compare what arrived with what was written down."""


@chaos.command(epilog="Example: lantoa chaos deliver --channel smtp --db sqlite --kills 20 --n 50000 --seed 7")
@click.option("--channel", type=click.Choice(["smtp", "smpp", "http"]), default="smtp", show_default=True)
@click.option("--db", "database", default="sqlite", show_default=True, metavar="sqlite|postgres|URL",
              help="postgres starts a server of its own, which is restarted now and then.")
@click.option("--n", "count", type=click.IntRange(1), default=50_000, show_default=True, help="People.")
@click.option("--kills", type=click.IntRange(0), default=20, show_default=True, help="Workers killed, at any moment.")
@click.option("--other", type=click.IntRange(0), default=8, show_default=True,
              help="Other blows: cut lines, a full disk, a locked or restarted database, a clock put forward or back.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--errors", type=float, default=0.03, show_default=True, help="Share of people refused at first.")
@click.option("--lost", type=float, default=0.01, show_default=True, help="Share of people whose answer is lost.")
@click.option("--unknown", type=click.Choice(["ask", "again", "leave"]), default="ask", show_default=True)
@click.option("--celery", "is_celery", is_flag=True, help="Let Celery carry the chunks (PostgreSQL and RabbitMQ).")
@click.option("--seed", type=int, default=1, show_default=True)
@as_json
def deliver(database: str, *, is_json: bool, **spec: Any) -> int:
    """Send to many people while workers are killed and everything else fails; exit code 1 when a promise is broken."""
    from lantoa.cli.trials import in_own_process, own_home

    with own_home(database) as environment:
        own = {**environment, "LANTOA_RETRY_SECONDS": "1"}
        arguments = json.dumps({**spec, "database": database})
        told = json.loads(in_own_process("lantoa.cli.chaos_delivering", arguments, own))
    if is_json:
        print_json(told)
    else:
        for name, value in told.items():
            say(f"{name:<28} {value}")
    return 1 if told["broken"] else 0
