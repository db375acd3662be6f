"""`lantoa doctor`, `backup` and `restore`."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantoa.cli.agency import agency_checks
from lantoa.cli.ready import as_json, get_ready, is_address_local, print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "lantoa.sqlite3"
LEFT_OUT = {"static", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}


@click.command(epilog="Example: lantoa setup")
def setup() -> None:
    """Bring a database on a server to this version's schema; the embedded one is brought to it by any command."""
    get_ready(may_migrate=True)
    say("Cơ sở dữ liệu đã sẵn sàng.")


@click.command(epilog="Example: lantoa doctor --connect")
@click.option("--connect", "is_connecting", is_flag=True, help="Also open every sending account once; nothing is sent.")
@as_json
def doctor(*, is_connecting: bool, is_json: bool) -> int:
    """Say what is configured, reachable and missing; exit code 1 with what to do."""
    get_ready()
    checks = [*_checks(), *_wires(is_connecting=is_connecting)]
    if is_json:
        print_json({"checks": checks})
    else:
        for check in checks:
            say(
                f"{'✓' if check['ok'] else '✗'} {check['name']}: {check['found']}"
                + ("" if check["ok"] else f" → {check['advice']}")
            )
    return 0 if all(check["ok"] for check in checks) else 1


def _checks() -> Iterator[dict[str, Any]]:
    from django.conf import settings
    from django.db import connection

    from lantoa.campaigns.rules.pack import PackError
    from lantoa.campaigns.rules.pack_loading import find_packs, load_pack
    from lantoa.channels.registry import ChannelSettingError, build_channels
    from lantoa.evidence.actions import verify_history
    from lantoa.places.models import Place

    free = shutil.disk_usage(settings.LANTOA_HOME).free // 2**20
    yield _check("Chỗ trống trên đĩa", free > 500, f"{free} MB", "giải phóng đĩa, cần ít nhất 500 MB")
    yield _check("Cơ sở dữ liệu", ok=True, found=connection.vendor, advice="")
    local = (
        " (chỉ mở được trên máy này: đặt LANTOA_PUBLIC_URL trước khi chạy chiến dịch thật)"
        if is_address_local()
        else ""
    )
    yield _check("Địa chỉ cho người dân", ok=True, found=settings.LANTOA_PUBLIC_URL + local, advice="")
    places = Place.objects.count()
    yield _check("Cây đơn vị", places > 0, f"{places} đơn vị", "nạp bằng lantoa import places TỆP")
    for name, folder in find_packs(settings.LANTOA_PACKS).items():
        try:
            load_pack(folder)
        except PackError as error:
            yield _check(f"Gói {name}", ok=False, found=str(error), advice="sửa tệp được nêu tên")
        else:
            yield _check(f"Gói {name}", ok=True, found="đúng mẫu", advice="")
    try:
        channels = ", ".join(build_channels(settings.LANTOA_CHANNELS))
        yield _check("Kênh", ok=True, found=channels, advice="")
    except ChannelSettingError as error:
        yield _check("Kênh", ok=False, found=str(error), advice="sửa LANTOA_CHANNELS")
    for name, found, advice in agency_checks():
        yield _check(name, not advice, found, advice)
    yield from _doors()
    history = verify_history()
    yield _check(
        "Nhật ký",
        history.is_whole,
        f"{history.entries} mục",
        f"mục {history.broken_at} đã bị sửa: khôi phục từ bản sao lưu",
    )


def _wires(*, is_connecting: bool) -> Iterator[dict[str, Any]]:
    """The channels to many people: whether they are configured whole, and where asked whether they answer."""
    from lantoa.delivery.engine.looking import look_at_wires, try_accounts

    states = look_at_wires()
    for one in states:
        if one.wire is not None and not one.accounts:
            yield _check(f"Kênh gửi {one.name}", ok=True, found="chưa dùng: chưa có tài khoản gửi", advice="")
            continue
        for lack in one.lacks:
            where = f"{lack.account}: " if lack.account else ""
            yield _check(f"Kênh gửi {one.name}", ok=False, found=where + lack.what, advice=lack.advice)
        if one.is_ready:
            names = ", ".join(known.account.name for known in one.accounts)
            yield _check(f"Kênh gửi {one.name}", ok=True, found=f"khai báo đủ: {names}", advice="")
    for tried in try_accounts(states) if is_connecting else ():
        found = "nối được" if tried.is_up else tried.why
        advice = "xem lại máy chủ, tài khoản, mật khẩu và tường lửa"
        yield _check(f"Nối {tried.channel}, {tried.account}", ok=tried.is_up is True, found=found, advice=advice)


def _doors() -> Iterator[dict[str, Any]]:
    """Whether the mailbox and the watched folder, when they are set, can be used, and whose register they write in."""
    from django.conf import settings

    from lantoa.letters.actions import book_of_doors
    from lantoa.letters.doors.mailbox import mailbox_address
    from lantoa.lib.imap import MailboxError, open_mailbox
    from lantoa.places.permits import RefusedError

    folder: Path | None = settings.LANTOA_WATCHED_FOLDER
    if not folder and not settings.LANTOA_MAILBOX:
        yield _check("Cửa nhận văn bản", ok=True, found="chưa đặt hộp thư hay thư mục theo dõi", advice="")
        return
    try:
        yield _check("Sổ nhận văn bản", ok=True, found=book_of_doors().name, advice="")
    except RefusedError as error:
        yield _check("Sổ nhận văn bản", ok=False, found=str(error), advice="đặt LANTOA_BOOK")
    if folder:
        is_usable = folder.is_dir() and os.access(folder, os.R_OK | os.W_OK)
        yield _check("Thư mục theo dõi", is_usable, str(folder), "tạo thư mục và cho quyền đọc, ghi")
    try:
        if address := mailbox_address():
            with open_mailbox(address, settings.LANTOA_MAILBOX_CA) as mailbox:
                waiting = len(mailbox.unseen())
            yield _check("Hộp thư", ok=True, found=f"{address}, {waiting} thư chưa mở", advice="")
    except (MailboxError, RefusedError) as error:
        yield _check("Hộp thư", ok=False, found=str(error), advice="sửa LANTOA_MAILBOX")


def _check(name: str, ok: bool, found: str, advice: str) -> dict[str, Any]:  # noqa: FBT001 - one line a check reads best
    return {"name": name, "ok": ok, "found": found, "advice": advice}


@click.command(epilog="Example: lantoa backup lantoa-2024-09-01.tar.gz")
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write everything in LANTOA_HOME and the embedded database to one file, and check it after writing."""
    get_ready()
    from django.conf import settings

    home: Path = settings.LANTOA_HOME
    _need_embedded()
    draft = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        with sqlite3.connect(home / DATABASE) as live, sqlite3.connect(copy) as still:
            live.backup(still)
        with tarfile.open(draft, "w:gz", compresslevel=1) as tar:
            tar.add(copy, DATABASE)
            for entry in sorted(home.iterdir()):
                if entry.name not in LEFT_OUT and entry.resolve() != draft.resolve():
                    tar.add(entry, entry.name)
    files = _verify(draft)
    os.replace(draft, target)  # noqa: PTH105 - atomic on one folder
    say(f"Đã sao lưu {files} tệp vào {target} và kiểm tra lại.")


def _need_embedded() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        raise click.ClickException(
            "cơ sở dữ liệu không phải loại nhúng: hãy dùng pg_dump cho dữ liệu và chép LANTOA_HOME"
        )


def _verify(archive: Path) -> int:
    """Read every member back and ask the database copy whether it is whole; returns how many files there are."""
    try:
        with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
            members = [member for member in tar.getmembers() if member.isfile()]
            tar.extractall(folder, filter="data")
            with sqlite3.connect(Path(folder) / DATABASE) as copy:
                answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except (tarfile.TarError, OSError, EOFError, sqlite3.Error) as error:
        raise click.ClickException(f"{archive.name} không phải bản sao lưu nguyên vẹn: {error}") from error
    if answer != "ok":
        raise click.ClickException(f"{archive.name}: cơ sở dữ liệu trong bản sao lưu bị hỏng: {answer}")
    return len(members)


@click.command(epilog="Example: lantoa restore lantoa-2024-09-01.tar.gz")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
def restore(source: Path, *, is_sure: bool) -> None:
    """Put a backup in the place of what is in LANTOA_HOME; what was there is kept beside it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantoa.project.settings")
    from django.conf import settings

    home: Path = settings.LANTOA_HOME
    files = _verify(source)
    if not is_sure:
        click.confirm(f"Thay toàn bộ {home} bằng bản sao lưu {source.name} ({files} tệp)?", abort=True)
    fresh = Path(tempfile.mkdtemp(dir=home.parent, prefix=home.name + "-"))
    with tarfile.open(source) as tar:
        tar.extractall(fresh, filter="data")
    kept = home.with_name(f"{home.name}-truoc-khi-khoi-phuc")
    if home.exists():
        if kept.exists():
            shutil.rmtree(kept)
        home.rename(kept)
    fresh.rename(home)
    say(f"Đã khôi phục {files} tệp vào {home}." + (f" Bản cũ còn ở {kept}." if kept.exists() else ""))
