from __future__ import annotations

import pickle
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from lantoa.letters.generating import generate_letter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.extract import ExtractionError, bounded, extract_bytes
from lantoa.lib.extract.bounded import BoundedReader, Limits
from lantoa.lib.extract.tests.making import LETTER, mail, packed, word97

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    with BoundedReader() as found:
        yield found


def test_what_the_child_reads_is_what_is_read_here(reader: BoundedReader) -> None:
    for data in (LETTER.encode(), word97(LETTER.replace("\n", "\r")), mail("Gửi kèm", {"a.txt": LETTER.encode()})):
        assert reader.extract_bytes(data).text.split() == LETTER.split()
    assert reader.extract_bytes(mail("x", {"a.txt": LETTER.encode()})).attachments[0].data == LETTER.encode()


def test_where_the_words_of_a_page_stand_comes_back_too(reader: BoundedReader) -> None:
    page = write_pdf(compose(generate_letter(3)))
    found = reader.extract_bytes(page)
    assert found == extract_bytes(page)
    assert found.boxes.words


def test_a_refusal_comes_back_as_it_was_said(reader: BoundedReader) -> None:
    with pytest.raises(ExtractionError, match="bung ra quá lớn"):
        reader.extract_bytes(packed({"word/document.xml": b"a" * 70_000_000}))


def test_a_link_in_a_watched_folder_is_not_followed(reader: BoundedReader, tmp_path: Path) -> None:
    (tmp_path / "cv.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "cv.txt")
    assert reader.extract_path(tmp_path / "cv.txt").text == LETTER
    with pytest.raises(ExtractionError, match="Không mở được"):
        reader.extract_path(tmp_path / "link")


def doing(monkeypatch: pytest.MonkeyPatch, words: str, limits: Limits) -> BoundedReader:
    """Give a reader whose child does something else with every file it gets."""
    program = f"import lantoa.lib.extract.bounded as b\ndef act(data):\n {words}\nb.extract_bytes = act\nb.serve()"
    begin = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda order, **rest: begin([*order[:3], program, *order[4:]], **rest))
    return BoundedReader(limits)


def test_a_child_that_does_not_come_back_is_ended_and_the_next_file_gets_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "while data != b'x': pass\n return b.Extracted('xong')"
    with doing(monkeypatch, words, Limits(seconds=1.5)) as reader:
        began = time.monotonic()
        with pytest.raises(ExtractionError, match="quá 2 giây"):
            reader.extract_bytes(b"y")
        assert time.monotonic() - began < 4
        assert reader.extract_bytes(b"x").text == "xong"


def test_a_child_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = doing(monkeypatch, "import os; os.abort()", Limits())
    with reader, pytest.raises(ExtractionError, match="dừng đột ngột"):
        reader.extract_bytes(b"y")


def test_memory_beyond_the_limit_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = doing(monkeypatch, "return b.Extracted('x' * 200_000_000)", Limits(megabytes=100))
    with reader, pytest.raises(ExtractionError, match="bộ nhớ"):
        reader.extract_bytes(b"y")


def test_a_child_writes_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = f"open({str(tmp_path / 'x')!r}, 'wb').write(b'y' * 9_000)"
    with doing(monkeypatch, words, Limits()) as reader, pytest.raises(ExtractionError):
        reader.extract_bytes(b"y")
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


@pytest.mark.parametrize("answer", [pickle.dumps(print), pickle.dumps(["x"]), b"x", pickle.dumps(ExtractionError("x"))])
def test_an_answer_is_taken_only_if_it_is_plain(answer: bytes) -> None:
    with pytest.raises(ExtractionError, match="dừng đột ngột"):
        bounded._taken(answer)
