from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lantoa import timed_work
from lantoa.cli.main import main
from lantoa.letters.doors import watched_folder
from lantoa.letters.models import IncomingLetter
from lantoa.letters.tests.builders import letter_text
from lantoa.places.tests.builders import Cast, make_cast
from lantoa.timed_work import do_due

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.conf import LazySettings


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Do a command in this process: its exit code, what it printed, and what it complained."""

    def do(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return do


@pytest.fixture
def cast(db: Any) -> Cast:  # noqa: ARG001 - rows need the database
    return make_cast()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "cv.txt"
    path.write_text(letter_text(1), encoding="utf-8")
    return path


@pytest.mark.usefixtures("cast")
def test_files_are_registered_and_what_cannot_be_read_is_said(run: Any, letter: Path, tmp_path: Path) -> None:
    (tmp_path / "gạo.txt").write_text("gạo", encoding="utf-8")
    code, out, _ = run("receive", letter, letter, tmp_path / "gạo.txt")
    assert code == 1
    first, again, unread = out.splitlines()
    assert first.startswith("cv.txt: số đến 1/")
    assert again == f"{first}, đã có trong sổ"
    assert unread.startswith("gạo.txt: không đọc được. ")
    told = json.loads(run("receive", letter, "--json")[1])["files"][0]
    assert (told["ordinal"], told["is_new"], told["why"]) == (1, False, "")


def test_the_register_may_be_named_and_rights_apply(run: Any, cast: Cast, letter: Path) -> None:
    assert run("receive", letter, "--book", cast.ward.code, "--as", cast.officer.username)[0] == 0
    assert IncomingLetter.objects.get().book == cast.ward
    for wrong in (("--book", "không có"), ("--book", cast.ward.code, "--as", cast.outsider.username)):
        code, _out, err = run("receive", letter, *wrong)
        assert code == 2
        assert err.startswith("Lỗi: ")
    assert run("receive")[0] == 2


@pytest.mark.usefixtures("cast")
def test_a_round_at_the_folder_is_done_by_hand_and_by_the_clock(
    run: Any, letter: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("receive", "--folder", "--mailbox")[1] == "Hộp thư: không có gì mới\nThư mục: không có gì mới\n"
    settings.LANTOA_WATCHED_FOLDER = letter.parent
    monkeypatch.setattr(watched_folder, "LOOK", 0.01)
    monkeypatch.setattr(watched_folder, "QUIET", 0.0)
    assert json.loads(run("receive", "--folder", "--json")[1])["watched_folder"]["new"] == 1
    (letter.parent / "khác.txt").write_text(letter_text(2), encoding="utf-8")
    assert "receive_folder: vào sổ 1" in do_due()
    assert {"receive_folder", "receive_mail"} <= {job.name for job in timed_work.TIMETABLE}  # fmt: skip


@pytest.mark.usefixtures("cast")
def test_the_doctor_looks_at_the_doors(run: Any, settings: LazySettings, tmp_path: Path) -> None:
    def found() -> dict[str, bool]:
        return {check["name"]: check["ok"] for check in json.loads(run("doctor", "--json")[1])["checks"]}

    assert found()["Cửa nhận văn bản"]
    settings.LANTOA_WATCHED_FOLDER = tmp_path / "mất"
    settings.LANTOA_MAILBOX = "imaps://a@127.0.0.1:1/INBOX"
    settings.LANTOA_BOOK = "không có"
    checks = found()
    assert not checks["Thư mục theo dõi"]
    assert not checks["Hộp thư"]
    assert not checks["Sổ nhận văn bản"]
    settings.LANTOA_WATCHED_FOLDER = tmp_path
    settings.LANTOA_BOOK = ""
    checks = found()
    assert checks["Thư mục theo dõi"]
    assert checks["Sổ nhận văn bản"]
