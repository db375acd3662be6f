"""Puts files into a folder tree that a person can open (docs/channels/folder.md).

`address` is a path of names under the root, the campaign first: `<campaign>/<place>/<channel>`; `meta` may say all
three in words for the index, as `campaign`, `place` and `channel`. Beside the files each campaign keeps a book in
`.so-gui/`, one small record for every spot where a file stands: it says whose key holds it, so that one key is shown
once, across processes and after a crash; and `MUC-LUC.html`, where a person starts.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import html
import json
import os
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from lantoa.channels.base import ChannelError, Correcting, Limits, Outgoing, Receipt, State

if TYPE_CHECKING:
    from collections.abc import Iterator

BOOK = ".so-gui"
INDEX = "MUC-LUC.html"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
WITHOUT_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV})
"""What file systems say that know no hard links; there, two processes claiming one name at one instant may collide."""
UNFIT = str.maketrans(dict.fromkeys('<>:"|?*\\', "_"))
"""Characters that a shared folder opened from Windows cannot hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the book: what stands at `target`, and the keys of what stood there before."""

    key: str
    target: str
    title: str
    campaign: str
    place: str
    channel: str
    replaced: tuple[str, ...] = ()

    def holds(self, key: str) -> bool:
        """Whether `key` was sent here, and stands here still or has since been replaced."""
        return key == self.key or key in self.replaced


class FolderChannel:
    """A channel whose other end is a folder on this machine or on a share."""

    limits = Limits()
    corrects = Correcting.REPLACE

    def __init__(self, *, root: Path, name: str = "folder") -> None:
        self.name = name
        self.root = Path(root)
        self._indexes: dict[str, _Index] = {}

    def send(self, outgoing: Outgoing) -> Receipt:
        """Write the file where its address says; of two things with one file name the later gets its own."""
        with self._plain_errors():
            entry = self._claim(outgoing)
            if entry.key == outgoing.key:
                self._put(entry.target, outgoing.content)
            return self._receipt(entry)

    def replace(self, target: str, outgoing: Outgoing) -> Receipt:
        """Swap what stands at `target` in one step: whoever opens it meets the old or the new one, never neither.

        The name stays, so that links hold; only another kind of file takes its own name, and then the old one goes.
        """
        with self._plain_errors():
            old_target = _target(target)
            new_target = str(PurePosixPath(old_target).with_suffix(PurePosixPath(outgoing.file_name).suffix))
            old = self._read(old_target)
            replaced = tuple(key for key in (*old.replaced, old.key) if key != outgoing.key) if old else ()
            entry = _entry(outgoing, new_target, replaced)
            # The record first: cut off between the two, a late retry of the old key must not undo the correction.
            self._record(new_target, entry)
            self._put(new_target, outgoing.content)
            if new_target != old_target:
                self._record(old_target, entry)  # whoever still has the old key is led to the new file
                self._path(old_target).unlink(missing_ok=True)
            self._index(new_target).change(old_target, entry)
            return self._receipt(entry)

    def withdraw(self, target: str) -> None:
        """Remove the file, and the folders it leaves empty; its key may be sent anew."""
        with self._plain_errors():
            target = _target(target)
            path = self._path(target)
            path.unlink(missing_ok=True)
            self._record_path(target).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # the folder still holds something, or is gone already
                for folder in list(path.parents)[: len(PurePosixPath(target).parts) - 2]:
                    folder.rmdir()
            if self._campaign(target).is_dir():
                self._index(target).change(target, None)

    def _claim(self, outgoing: Outgoing) -> Entry:
        """The entry that holds this key, made now if there is none.

        The claim is written before the file, so that a send cut off between the two finds its own place again.
        """
        for target in _candidates(outgoing):
            entry = _entry(outgoing, target)
            try:
                self._record(target, entry, only_if_free=True)
            except FileExistsError:
                held = self._read(target)
                if held and held.holds(outgoing.key):
                    return held
                if held:
                    continue
                self._record(target, entry)  # a claim whose writing was cut off
            self._index(target).add(entry)
            return entry
        raise ChannelError(f"Hai tệp cùng tên đã có ở {outgoing.address}.", permanent=True)

    def _put(self, target: str, content: bytes) -> None:
        """Write the whole file beside its place, then move it there in one step; leave an equal one alone."""
        path = self._path(target)
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(self.root.resolve()):
            raise ChannelError(f"Địa chỉ {target} dẫn ra ngoài thư mục gửi.", permanent=True)
        _write_whole(path, content, is_durable=True)

    def _receipt(self, entry: Entry) -> Receipt:
        return Receipt(State.SENT, entry.target, raw={"path": str(self._path(entry.target))})

    def _record(self, target: str, entry: Entry, *, only_if_free: bool = False) -> None:
        path = self._record_path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps(asdict(entry), ensure_ascii=False).encode()
        if only_if_free:
            _write_first(path, content)
        else:
            _write_whole(path, content)

    def _read(self, target: str) -> Entry | None:
        return _read_entry(self._record_path(target))

    def _path(self, target: str) -> Path:
        return self.root / target

    def _campaign(self, target: str) -> Path:
        return self.root / PurePosixPath(target).parts[0]

    def _record_path(self, target: str) -> Path:
        return self._campaign(target) / BOOK / f"{_short_hash(target, 32)}.json"

    def _index(self, target: str) -> _Index:
        campaign = self._campaign(target)
        return self._indexes.setdefault(campaign.name, _Index(campaign))

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Say what the system refused, and what to do about it, in words for the officer who will read them."""
        try:
            yield
        except OSError as error:
            if error.errno in FULL:
                raise ChannelError(
                    f"Ổ đĩa chứa {self.root} đã đầy. Hãy giải phóng dung lượng; hệ thống sẽ tự gửi lại.",
                    permanent=False, retry_after=300,
                ) from error
            if error.errno in FORBIDDEN:
                raise ChannelError(
                    f"Không có quyền ghi vào {error.filename or self.root}. Hãy nhờ quản trị cấp quyền rồi gửi lại.",
                    permanent=True,
                ) from error
            if error.errno == errno.ENAMETOOLONG:
                raise ChannelError("Tên thư mục hoặc tên tệp quá dài.", permanent=True) from error
            raise ChannelError(
                f"Không ghi được vào {self.root}: {error.strerror}. Hệ thống sẽ thử lại.",
                permanent=False, retry_after=60,
            ) from error


class _Index:
    """The page that lists a campaign's files by place and channel.

    A new file adds one row to the end, however many there are; HTML needs no closing tags for rows, table or page, so
    that a page that was only added to is whole. Each process writes the page anew once, in order and from the book:
    that also heals what a crash, or two processes at once, left out.
    """

    def __init__(self, campaign: Path) -> None:
        self._campaign = campaign
        self._path = campaign / INDEX
        self._is_fresh = False

    def add(self, entry: Entry) -> None:
        """Show one more file."""
        if self._needs_writing():
            self._write_anew()  # finds the new record with the others
            return
        with self._path.open("a", encoding="utf-8") as page:
            page.write(_row(entry))

    def change(self, target: str, entry: Entry | None) -> None:
        """Show `entry`, or nothing, in the row that showed `target`."""
        if self._needs_writing():
            self._write_anew()
            return
        rows = self._path.read_text(encoding="utf-8").splitlines(keepends=True)
        link = _link(target)
        changed = [_row(entry) if entry and link in row else row for row in rows if entry or link not in row]
        _write_whole(self._path, "".join(changed).encode())

    def _needs_writing(self) -> bool:
        return not self._is_fresh or not self._path.exists()

    def _write_anew(self) -> None:
        records = (_read_entry(path) for path in (self._campaign / BOOK).glob("*.json"))
        entries = {entry.target: entry for entry in records if entry}
        rows = "".join(_row(entry) for _, entry in sorted(entries.items()))
        title = next((entry.campaign for entry in entries.values()), self._campaign.name)
        _write_whole(self._path, (_head(title) + rows).encode())
        self._is_fresh = True


def _entry(outgoing: Outgoing, target: str, replaced: tuple[str, ...] = ()) -> Entry:
    """What the book says of it; where `meta` has no words for campaign, place and channel, the folders' names serve."""
    campaign, *folders, name = PurePosixPath(target).parts
    *places, channel = folders or [""]
    words = {"campaign": campaign, "place": " / ".join(places), "channel": channel, **outgoing.meta}
    return Entry(
        key=outgoing.key, target=target, title=" ".join(outgoing.title.split()) or name, replaced=replaced,
        campaign=words["campaign"], place=words["place"], channel=words["channel"],
    )


def _candidates(outgoing: Outgoing) -> tuple[str, str]:
    """Where a thing may stand: under its own name, or, where another key has that, with a mark of its key."""
    name = PurePosixPath(outgoing.file_name)
    marked = f"{name.stem}-{_short_hash(outgoing.key, 8)}{name.suffix}"
    return _target(f"{outgoing.address}/{name}"), _target(f"{outgoing.address}/{marked}")


def _target(path: str) -> str:
    """A path of plain names under the root. Raises `ChannelError` for one that could lead out of it or hide."""
    names = [part.translate(UNFIT).rstrip(" .") or part for part in unicodedata.normalize("NFC", path).split("/")]
    names = [name for name in names if name]
    if path.startswith("/") or len(names) < 2 or any(name[0] == "." or not name.isprintable() for name in names):
        raise ChannelError(f"Địa chỉ thư mục không hợp lệ: {path!r}", permanent=True)
    return "/".join(names)


def _write_whole(path: Path, content: bytes, *, is_durable: bool = False) -> None:
    """Write beside `path` and rename, so that no reader ever meets half a file."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            if is_durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_first(path: Path, content: bytes) -> None:
    """Write whole at once or, where something already stands, raise `FileExistsError`."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(content)
        path.hardlink_to(part)
    except OSError as error:
        if error.errno not in WITHOUT_LINKS:
            raise
        with path.open("xb") as file:
            file.write(content)
    finally:
        part.unlink(missing_ok=True)


def _read_entry(path: Path) -> Entry | None:
    """The record, or `None` where there is none or its writing was cut off."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Entry(**{**data, "replaced": tuple(data["replaced"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _short_hash(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


STYLE = """
body { font: 16px/1.5 sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #ccc }
"""


def _head(campaign: str) -> str:
    title = html.escape(campaign)
    return f"""<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mục lục: {title}</title>
<style>{STYLE}</style>
<h1>{title}</h1>
<p>Bấm vào tên để mở tệp. Tệp ở đây luôn là bản mới nhất.</p>
<table><thead><tr><th scope="col">Nơi<th scope="col">Kênh<th scope="col">Nội dung<tbody>
"""


def _row(entry: Entry) -> str:
    title, place, channel, name = (
        html.escape(words) for words in (entry.title, entry.place, entry.channel, PurePosixPath(entry.target).name)
    )
    return f"<tr><td>{place}<td>{channel}<td><a {_link(entry.target)}>{title}</a> <small>{name}</small>\n"


def _link(target: str) -> str:
    """The attribute that is in the row of `target` and in no other; a row is one line, for a title has no line end."""
    return f'href="{quote("/".join(PurePosixPath(target).parts[1:]))}"'
