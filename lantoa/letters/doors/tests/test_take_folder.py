from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from lantoa import timed_work
from lantoa.letters.actions import receive
from lantoa.letters.doors import watched_folder
from lantoa.letters.doors.watched_folder import take_folder, whole_files
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.letters.tests.builders import letter_text
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.LANTOA_WATCHED_FOLDER = tmp_path
    monkeypatch.setattr(watched_folder, "LOOK", 0.02)
    return tmp_path


@pytest.fixture
def cast(db: Any) -> Cast:  # noqa: ARG001 - rows need the database
    return make_cast()


def put(path: Path, text: str, seconds_ago: float = 60) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    written = time.time() - seconds_ago
    os.utime(path, (written, written))
    return path


def test_a_whole_file_is_registered_and_moved_to_the_folder_of_the_day(folder: Path, cast: Cast) -> None:
    put(folder / "quét 1.txt", letter_text(1))
    assert str(take_folder()) == "vào sổ 1"
    row = IncomingLetter.objects.get()
    assert (row.book, row.file_name, Arrival.objects.get().way) == (cast.province, "quét 1.txt", "watched")
    moved = list(folder.glob("da-nhan/*/*"))
    assert [path.name for path in moved] == ["quét 1.txt"]
    assert moved[0].parent.name == f"{row.arrived_on:%Y-%m-%d}"
    assert moved[0].read_text(encoding="utf-8") == letter_text(1)


@pytest.mark.usefixtures("cast")
def test_what_cannot_be_read_is_moved_aside_with_the_reason_beside_it(folder: Path) -> None:
    put(folder / "gạo.txt", "mua hai cân gạo")
    assert take_folder().unread == 1
    aside = folder / "chua-doc-duoc"
    assert (aside / "gạo.txt").read_text(encoding="utf-8") == "mua hai cân gạo"
    assert Arrival.objects.get().why in (aside / "gạo.txt.txt").read_text(encoding="utf-8")


@pytest.mark.usefixtures("cast")
def test_a_name_that_is_taken_is_never_written_over(folder: Path) -> None:
    for seed in (1, 2, 1):
        put(folder / "quét.txt", letter_text(seed))
        take_folder()
    names = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("da-nhan/*/*")}
    assert names == {
        "quét.txt": letter_text(1), "quét (2).txt": letter_text(2), "quét (3).txt": letter_text(1),
    }  # fmt: skip
    assert IncomingLetter.objects.count() == 2
    assert Arrival.objects.count() == 3


def test_files_half_made_hidden_linked_or_in_folders_are_left_alone(folder: Path, tmp_path_factory: Any) -> None:
    outside = put(tmp_path_factory.mktemp("other") / "thật.txt", letter_text(1))
    for name in ("a.tmp", "~$a.docx", ".a.txt", "a.pdf.part", "b.crdownload", "trong/a.txt"):
        put(folder / name, letter_text(1))
    (folder / "link.txt").symlink_to(outside)
    put(folder / "đang ghi.txt", letter_text(1), seconds_ago=1)
    put(folder / "rỗng.txt", "", seconds_ago=60)
    assert whole_files(folder) == []
    stale = put(folder / "rỗng cũ.txt", "", seconds_ago=3600)
    ahead = put(folder / "đồng hồ sai.txt", letter_text(1), seconds_ago=-3600)
    assert whole_files(folder) == [stale, ahead]


def test_a_file_that_grows_between_two_looks_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(folder / "quét.txt", letter_text(1))
    monkeypatch.setattr("time.sleep", lambda _: put(path, letter_text(1) + "thêm"))
    assert whole_files(folder) == []


@pytest.mark.usefixtures("cast")
def test_cut_off_before_the_file_was_moved_it_is_known_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder / "quét.txt", letter_text(1))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watched_folder, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            take_folder()
    take_folder()
    assert IncomingLetter.objects.count() == Arrival.objects.count() == 1
    assert list(folder.glob("*.txt")) == []


@pytest.mark.usefixtures("cast")
def test_a_file_that_fails_stays_and_the_next_one_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(folder / "a.txt", letter_text(1), 90)
    put(folder / "b.txt", letter_text(2), 60)

    def broken(incoming: Any, *rest: Any) -> Any:
        if incoming.name == "a.txt":
            raise OSError("đĩa đầy")
        return receive(incoming, *rest)

    monkeypatch.setattr(watched_folder, "receive", broken)
    taken = take_folder()
    assert (taken.new, taken.failed) == (1, 1)
    assert (folder / "a.txt").exists()
    assert "đĩa đầy" in caplog.text


@pytest.mark.usefixtures("cast")
def test_a_file_too_large_is_moved_aside_unread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_folder, "MOST_BYTES", 10)
    put(folder / "to.txt", letter_text(1))
    assert take_folder().unread == 1
    assert (folder / "chua-doc-duoc" / "to.txt").exists()


def test_without_a_folder_nothing_happens_and_a_lost_one_is_said_in_one_line(
    folder: Path, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LANTOA_WATCHED_FOLDER = folder / "mất"
    with pytest.raises(RefusedError, match="LANTOA_WATCHED_FOLDER"):
        take_folder()
    assert timed_work.receive_folder() == ""
    assert len(caplog.records) == 1
    settings.LANTOA_WATCHED_FOLDER = None
    assert timed_work.receive_folder() == ""


@pytest.mark.usefixtures("db")
def test_when_it_is_not_known_whose_register_it_is_the_files_stay(folder: Path) -> None:
    path = put(folder / "a.txt", letter_text(1))
    with pytest.raises(RefusedError, match="cây đơn vị"):
        take_folder()
    assert path.exists()
