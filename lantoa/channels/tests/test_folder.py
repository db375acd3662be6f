from __future__ import annotations

import dataclasses
import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from lantoa.channels.base import Channel, ChannelError
from lantoa.channels.folder import BOOK, INDEX, FolderChannel
from lantoa.channels.tests.contract import CORRECTED, LETTER, ChannelContract

if TYPE_CHECKING:
    from pathlib import Path


class TestFolder(ChannelContract):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> FolderChannel:
        return FolderChannel(root=tmp_path)

    def shown(self, channel: Channel) -> list[bytes]:
        assert isinstance(channel, FolderChannel)
        return [path.read_bytes() for path in files_of(channel.root)]


def files_of(root: Path) -> list[Path]:
    """What a person finds: every file but the index and the book."""
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != INDEX and BOOK not in path.parts)


def rows_of(root: Path) -> list[tuple[str, ...]]:
    """Place, channel, title and link of every row of the index."""
    page = LexborHTMLParser((root / "chien-dich" / INDEX).read_text(encoding="utf-8"))
    cells = [[cell.text().strip() for cell in row.css("td")][:2] for row in page.css("tbody tr")]
    links = [(link.text(), str(link.attributes["href"])) for link in page.css("tbody a")]
    return [(*words, *link) for words, link in zip(cells, links, strict=True)]


def test_the_file_lies_where_its_address_says_under_its_own_name(tmp_path: Path) -> None:
    receipt = FolderChannel(root=tmp_path).send(LETTER)
    assert receipt.target == "chien-dich/phuong-mot/loa/ban-tin.txt"
    assert (tmp_path / receipt.target).read_bytes() == LETTER.content
    assert receipt.raw["path"] == str(tmp_path / receipt.target)


def test_another_process_knows_what_this_one_sent(tmp_path: Path) -> None:
    first = FolderChannel(root=tmp_path).send(LETTER)
    assert FolderChannel(root=tmp_path).send(LETTER) == first
    assert len(files_of(tmp_path)) == 1


def test_a_send_cut_off_before_the_file_was_written_finds_its_place_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(FolderChannel, "_put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            FolderChannel(root=tmp_path).send(LETTER)
    assert FolderChannel(root=tmp_path).send(LETTER).target == "chien-dich/phuong-mot/loa/ban-tin.txt"
    assert len(files_of(tmp_path)) == 1


def test_a_claim_cut_off_while_it_was_written_is_taken_over(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    record = channel._record_path("chien-dich/phuong-mot/loa/ban-tin.txt")
    record.parent.mkdir(parents=True)
    record.touch()
    assert channel.send(LETTER).target == "chien-dich/phuong-mot/loa/ban-tin.txt"
    assert channel._read("chien-dich/phuong-mot/loa/ban-tin.txt") is not None


def test_threads_sending_different_keys_under_one_name_never_overwrite_each_other(tmp_path: Path) -> None:
    things = [dataclasses.replace(LETTER, key=f"publication-{n}", content=f"bản {n}".encode()) for n in range(8)]
    threads = [threading.Thread(target=FolderChannel(root=tmp_path).send, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.read_bytes() for path in files_of(tmp_path)) == sorted(thing.content for thing in things)


def test_a_replacement_cut_off_before_the_file_was_written_is_finished_by_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = FolderChannel(root=tmp_path).send(LETTER).target
    with monkeypatch.context() as patch:
        patch.setattr(FolderChannel, "_put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            FolderChannel(root=tmp_path).replace(target, CORRECTED)
    assert FolderChannel(root=tmp_path).replace(target, CORRECTED).target == target
    FolderChannel(root=tmp_path).send(LETTER)
    assert [path.read_bytes() for path in files_of(tmp_path)] == [CORRECTED.content]


def test_a_share_that_knows_no_hard_links_serves_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, _target: Path) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(type(tmp_path), "hardlink_to", refuse)
    channel = FolderChannel(root=tmp_path)
    assert channel.send(LETTER).target != channel.send(CORRECTED).target
    assert channel.send(LETTER).target == "chien-dich/phuong-mot/loa/ban-tin.txt"
    assert len(files_of(tmp_path)) == 2


def test_replacing_keeps_the_name_so_that_links_hold(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    target = channel.send(LETTER).target
    assert channel.replace(target, dataclasses.replace(CORRECTED, file_name="ten-khac.txt")).target == target


def test_replacing_with_another_kind_of_file_leaves_no_old_copy(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    target = channel.send(LETTER).target
    receipt = channel.replace(target, dataclasses.replace(CORRECTED, file_name="ban-tin.pdf"))
    assert [path.name for path in files_of(tmp_path)] == ["ban-tin.pdf"]
    assert channel.send(LETTER).target == receipt.target
    assert len(files_of(tmp_path)) == 1


@pytest.mark.parametrize("address", [
    "../ngoai", "chien-dich/../../ngoai", "/etc", "chien-dich/.an", "chien-dich/\x00", "", ".",
])
def test_an_address_that_leads_out_of_the_folder_or_hides_is_refused_for_good(tmp_path: Path, address: str) -> None:
    channel = FolderChannel(root=tmp_path / "goc")
    with pytest.raises(ChannelError, match="không hợp lệ") as refusal:
        channel.send(dataclasses.replace(LETTER, address=address))
    assert refusal.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_a_file_name_or_target_that_leads_out_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "ngoai.txt").write_text("của người khác", encoding="utf-8")
    channel = FolderChannel(root=tmp_path / "goc")
    with pytest.raises(ChannelError):
        channel.send(dataclasses.replace(LETTER, file_name="../../../../ngoai.txt"))
    with pytest.raises(ChannelError):
        channel.withdraw("../ngoai.txt")
    with pytest.raises(ChannelError):
        channel.replace("../ngoai.txt", CORRECTED)
    assert (tmp_path / "ngoai.txt").read_text(encoding="utf-8") == "của người khác"


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ngoai").mkdir()
    (tmp_path / "goc" / "chien-dich").mkdir(parents=True)
    (tmp_path / "goc" / "chien-dich" / "phuong-mot").symlink_to(tmp_path / "ngoai")
    with pytest.raises(ChannelError, match="ra ngoài"):
        FolderChannel(root=tmp_path / "goc").send(LETTER)
    assert files_of(tmp_path / "ngoai") == []


def test_names_that_windows_cannot_hold_are_made_fit(tmp_path: Path) -> None:
    thing = dataclasses.replace(LETTER, address='Chiến dịch/Trường "A"?. /Bảng tin')
    receipt = FolderChannel(root=tmp_path).send(thing)
    assert receipt.target == "Chiến dịch/Trường _A__/Bảng tin/ban-tin.txt"


@pytest.mark.parametrize(("number", "words", "is_permanent"), [
    (errno.ENOSPC, "đã đầy", False), (errno.EACCES, "quyền", True), (errno.EROFS, "quyền", True),
    (errno.ENAMETOOLONG, "quá dài", True), (errno.EIO, "thử lại", False),
])
def test_what_the_system_refuses_is_said_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, is_permanent: bool,  # noqa: FBT001 - a case
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ChannelError, match=words) as refusal:
        FolderChannel(root=tmp_path).send(LETTER)
    assert refusal.value.permanent is is_permanent
    assert (refusal.value.retry_after is None) is is_permanent
    assert files_of(tmp_path) == []


def test_a_full_disk_leaves_the_old_one_standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FolderChannel(root=tmp_path)
    target = channel.send(LETTER).target
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(ChannelError):
        channel.replace(target, CORRECTED)
    assert [path.read_bytes() for path in files_of(tmp_path)] == [LETTER.content]


def test_withdrawing_leaves_no_empty_folders_and_no_row(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    channel.withdraw(channel.send(LETTER).target)
    assert not (tmp_path / "chien-dich" / "phuong-mot").exists()
    assert rows_of(tmp_path) == []


def test_the_index_lists_what_is_there_by_place_and_channel(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    channel.send(LETTER)
    channel.send(dataclasses.replace(
        LETTER, key="publication-3", address="chien-dich/phuong-hai/bang tin", title="Áp phích <b>A3</b>",
        file_name="áp phích.pdf", meta={"place": "Phường Hai", "channel": "Bảng tin"},
    ))
    assert rows_of(tmp_path) == [
        ("phuong-mot", "loa", "Bản tin loa phát thanh", "phuong-mot/loa/ban-tin.txt"),
        ("Phường Hai", "Bảng tin", "Áp phích <b>A3</b>", "phuong-hai/bang%20tin/%C3%A1p%20ph%C3%ADch.pdf"),
    ]


def test_the_index_is_headed_with_the_campaigns_own_name(tmp_path: Path) -> None:
    FolderChannel(root=tmp_path).send(dataclasses.replace(LETTER, meta={"campaign": "Tắt sóng <ở> quận"}))
    assert "<h1>Tắt sóng &lt;ở&gt; quận</h1>" in (tmp_path / "chien-dich" / INDEX).read_text(encoding="utf-8")


def test_the_index_follows_a_replacement_and_what_other_processes_sent(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    target = channel.send(LETTER).target
    FolderChannel(root=tmp_path).send(dataclasses.replace(LETTER, key="publication-4", address="chien-dich/a/b"))
    channel.replace(target, dataclasses.replace(CORRECTED, title="Bản tin đã sửa"))
    assert [row[2] for row in rows_of(tmp_path)] == ["Bản tin loa phát thanh", "Bản tin đã sửa"]


def test_a_lost_index_is_written_anew_with_everything(tmp_path: Path) -> None:
    channel = FolderChannel(root=tmp_path)
    channel.send(LETTER)
    (tmp_path / "chien-dich" / INDEX).unlink()
    channel.send(dataclasses.replace(LETTER, key="publication-5", address="chien-dich/a/b"))
    assert len(rows_of(tmp_path)) == 2
