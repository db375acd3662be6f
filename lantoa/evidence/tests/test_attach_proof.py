from __future__ import annotations

import datetime as dt
import hashlib
import struct
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from django.core.files.base import ContentFile

from lantoa.evidence import actions
from lantoa.evidence.actions import attach_proof, checks_of
from lantoa.evidence.models import HistoryEntry, Proof
from lantoa.evidence.rules import ProofFacts, WorkFacts, check_proof, media_type, taken_at
from lantoa.field.tests.builders import make_assignment, make_campaign
from lantoa.places.permits import RefusedError
from lantoa.places.tests.builders import Cast, make_cast

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Assignment

pytestmark = pytest.mark.django_db


def _jpeg(taken: str = "") -> bytes:
    exif = b""
    if taken:
        text = taken.encode() + b"\0"
        tiff = b"II*\0" + struct.pack("<I", 8)
        tiff += struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0) + struct.pack("<HHHIII", 1, 0x9003, 2, 20, 44, 0) + text
        exif = b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe0\0\4ab" + exif + b"\xff\xc0\0\x0b" + b"\0" * 40 + b"\xff\xd9"


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 3, 2) + b"\x08\x02\0\0\0xxxx" + b"\0\0\0\0IEND\xaeB`\x82"


@pytest.fixture
def cast(tmp_path: Path, settings: Any) -> Cast:
    settings.LANTOA_STORE = tmp_path / "store"
    return make_cast()


@pytest.fixture
def work(cast: Cast) -> Assignment:
    return make_assignment(make_campaign(cast.district), cast.committee)


def test_a_file_lies_in_the_store_under_its_hash_and_only_once(work: Assignment, cast: Cast) -> None:
    proof = attach_proof(work, ContentFile(PNG, name="../../ảnh loa.png"), cast.unit_officer, "đã treo")
    again = attach_proof(work, ContentFile(PNG, name="khác.png"), cast.unit_officer)
    assert again == proof
    assert proof.path.read_bytes() == PNG
    assert proof.hash == hashlib.sha256(PNG).hexdigest()
    assert (proof.file_name, proof.media_type, proof.note) == ("ảnh loa.png", "image/png", "đã treo")
    assert HistoryEntry.objects.get(verb="attach_proof").campaign == work.task.campaign
    assert [path for path in proof.path.parent.parent.iterdir() if path.is_file()] == []


def test_an_address_is_a_proof(work: Assignment, cast: Cast) -> None:
    proof = attach_proof(work, "https://phuong.example.invalid/tin/1", cast.unit_officer)
    assert (proof.url, proof.hash) == ("https://phuong.example.invalid/tin/1", "")


@pytest.mark.parametrize(("shown", "words"), [
    ("javascript:alert(1)", "https"), ("ftp://x.vn/a", "https"), ("không phải", "https"),
    (ContentFile(b"", name="a.png"), "trống"), (ContentFile(b"MZ\x90\0" + b"\0" * 40, name="a.png"), "loại tệp"),
    (ContentFile(b"<html><script>" + b" " * 40, name="a.jpg"), "loại tệp"),
])
def test_what_is_no_proof_is_refused_in_words(work: Assignment, cast: Cast, shown: Any, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        attach_proof(work, shown, cast.unit_officer)
    assert not Proof.objects.exists()


def test_a_file_too_large_is_refused(work: Assignment, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_BYTES", len(PNG) - 1)
    with pytest.raises(RefusedError, match="quá lớn"):
        attach_proof(work, ContentFile(PNG, name="a.png"), cast.unit_officer)


def test_an_outsider_attaches_nothing(work: Assignment, cast: Cast) -> None:
    with pytest.raises(RefusedError):
        attach_proof(work, "https://x.vn/", cast.outsider)


@pytest.mark.parametrize(("head", "name"), [
    (_jpeg(), "image/jpeg"), (PNG, "image/png"), (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"), (b"RIFF\0\0\0\0AVI LIST", None),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"), (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
    (b"%PDF-1.7\n", "application/pdf"), (b"ID3\4\0\0", "audio/mpeg"), (b"\xff\xfb\x90d", "audio/mpeg"),
    (b"OggS\0", "audio/ogg"),
    (b"PK\3\4", None), (b"", None), (b"\xff", None), (b"<svg xmlns=", None),
])
def test_a_type_is_read_from_the_first_bytes(head: bytes, name: str | None) -> None:
    assert media_type(head[:32]) == name


def test_the_day_a_photograph_was_taken_is_read() -> None:
    assert taken_at(_jpeg("2024:09:01 07:00:00")) == GIVEN - dt.timedelta(hours=1)
    head = b"\xff\xd8Exif\0\0"
    for wrong in (_jpeg(), _jpeg("2024:99:01 07:30:00"), b"", head + b"II*\0", head + b"MM\0*\xff\xff\xff\xff"):
        assert taken_at(wrong) is None


GIVEN = dt.datetime(2024, 9, 1, 8)  # noqa: DTZ001 - local time, as cameras keep it


def _good(proof: ProofFacts, work: WorkFacts) -> dict[str, bool | None]:
    return {check.name: check.is_good for check in check_proof(proof, work)}


def test_a_photograph_older_than_the_work_is_not_good() -> None:
    for hours, is_good in ((-1, False), (0, True), (1, True)):
        proof = ProofFacts(GIVEN, is_readable=True, taken_at=GIVEN + dt.timedelta(hours=hours))
        assert _good(proof, WorkFacts(GIVEN))["taken_after"] is is_good
    assert _good(ProofFacts(GIVEN, is_readable=True), WorkFacts(GIVEN))["taken_after"] is None


PORTALS = WorkFacts(GIVEN, portals=("https://phuong.gov.vn", "https://fb.com/phuong/"))


@pytest.mark.parametrize("url", [
    "https://phuong.gov.vn/tin/1", "https://www.phuong.gov.vn/", "https://tin.phuong.gov.vn/1",
    "https://fb.com/phuong/posts/1",
])
def test_a_page_of_the_places_own_site_is_good(url: str) -> None:
    assert _good(ProofFacts(GIVEN, url=url), PORTALS)["own_address"] is True


@pytest.mark.parametrize("url", [
    "https://xphuong.gov.vn/1", "https://phuong.gov.vn.evil.com/", "https://phuong.gov.vn@evil.com/", "https://fb.com/",
    "https://fb.com/phuongkhac/posts/1",
])
def test_a_page_that_only_looks_like_it_is_not(url: str) -> None:
    assert _good(ProofFacts(GIVEN, url=url), PORTALS)["own_address"] is False


def test_an_address_cannot_be_judged_where_no_portal_is_known() -> None:
    assert _good(ProofFacts(GIVEN, url="https://x.vn/"), WorkFacts(GIVEN))["own_address"] is None


def test_files_that_do_not_open_are_found(work: Assignment, cast: Cast, tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.save(tmp_path / "whole.pdf")
    shown = {
        "whole.pdf": (tmp_path / "whole.pdf").read_bytes(), "cut.pdf": b"%PDF-1.7\nxx",
        "whole.png": PNG, "cut.png": PNG[:-12], "whole.jpg": _jpeg(), "cut.jpg": _jpeg()[:-2],
    }
    for name, data in shown.items():
        proof = attach_proof(work, ContentFile(data, name=name), cast.unit_officer)
        found = {check.name: check.is_good for check in checks_of(proof)}
        assert found["readable"] is name.startswith("whole"), name


def test_a_file_that_left_the_store_is_found(work: Assignment, cast: Cast) -> None:
    proof = attach_proof(work, ContentFile(PNG, name="a.png"), cast.unit_officer)
    proof.path.unlink()
    assert {check.name: check.is_good for check in checks_of(proof)}["readable"] is False


def test_late_work_is_said_to_be_late(cast: Cast) -> None:
    for due_on, is_good in ((dt.date(2024, 9, 1), False), (dt.date(2999, 1, 1), True), (None, None)):
        work = make_assignment(make_campaign(cast.district), cast.committee, due_on=due_on)
        proof = attach_proof(work, "https://x.vn/", cast.unit_officer)
        assert {check.name: check.is_good for check in checks_of(proof)}["in_time"] is is_good
