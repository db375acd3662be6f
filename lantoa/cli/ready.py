"""Getting Django ready for a command, and printing what it found."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import User

as_json = click.option("--json", "is_json", is_flag=True, help="Print one JSON object on standard output.")
as_user = click.option("--as", "username", metavar="NAME", help="Act as this account; its rights apply.")


def get_ready(*, may_migrate: bool = False) -> None:
    """Load Django, make the home folder, and see that the database has the present schema.

    The embedded database is brought to it here; one on a server only when `may_migrate` (`lantoa setup`), because
    other programs may be working on it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantoa.project.settings")
    import django
    from django.conf import settings

    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from lantoa.places.permits import RefusedError

    if settings.LANTOA_BROKER:
        from lantoa.cluster import listen

        listen()
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    if not executor.migration_plan(targets):
        return
    if connection.vendor != "sqlite" and not may_migrate:
        raise RefusedError("Cơ sở dữ liệu chưa có cấu trúc của phiên bản này. Hãy chạy: lantoa setup")
    executor.migrate(targets)


def person(username: str | None) -> User | None:
    """The account to act as; None is whoever holds the machine."""
    from lantoa.places.models import User
    from lantoa.places.permits import RefusedError

    if username is None:
        return None
    found = User.objects.filter(username=username).first()
    if found is None:
        raise RefusedError(f"Không có tài khoản “{username}”. Hãy kiểm tra lại tên sau --as.")
    return found


def campaign_of(ident: str) -> Campaign:
    """A campaign by number or short name."""
    from lantoa.campaigns.models import Campaign
    from lantoa.places.permits import RefusedError

    found = Campaign.objects.filter(**({"pk": int(ident)} if ident.isdecimal() else {"slug": ident})).first()
    if found is None:
        known = ", ".join(f"{row.pk} ({row.slug})" for row in Campaign.objects.all()[:5]) or "chưa có chiến dịch nào"
        raise RefusedError(f"Không có chiến dịch “{ident}”. Hiện có: {known}.")
    return found


def print_json(data: Any) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def is_address_local() -> bool:
    """Whether the address printed in links and QR codes opens on this machine alone."""
    from urllib.parse import urlsplit

    from django.conf import settings

    return urlsplit(settings.LANTOA_PUBLIC_URL).hostname in {None, "localhost", "127.0.0.1", "::1"}


def say(text: str = "") -> None:
    """Print a line for a person."""
    click.echo(text)


@contextmanager
def progress_line() -> Iterator[Callable[[str, int, int], None] | None]:
    """Show progress on a terminal; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    labels = {"make": "Làm bộ nội dung", "publish": "Phát ra các kênh", "correct": "Đính chính", "deliver": "Gửi"}

    def show(step: str, done: int, of: int) -> None:
        filled = round(24 * done / max(of, 1))
        sys.stderr.write(f"\r{labels.get(step, step):<20} [{'█' * filled}{'·' * (24 - filled)}] {done}/{of} ")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r" + " " * 70 + "\r")
