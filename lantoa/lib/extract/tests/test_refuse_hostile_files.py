"""Files made to harm: each is refused with a sentence, quickly, and touches nothing outside itself."""

from __future__ import annotations

import io
import os
import resource
import struct
import time
import unicodedata
import zipfile
from email.message import EmailMessage
from random import Random
from typing import TYPE_CHECKING

import pytest

from lantoa.lib.extract import ExtractionError, extract_bytes, extract_text
from lantoa.lib.extract.reading import load
from lantoa.lib.extract.tests.making import (
    LETTER,
    compound,
    edxml,
    mail,
    outlook,
    packed,
    page,
    paragraph,
    rtf,
    seeds,
    word,
    word97,
)
from lantoa.lib.extract.tests.mutating import mutated

if TYPE_CHECKING:
    from pathlib import Path

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "haha">'
    + "".join(f'<!ENTITY x{n} "{f"&x{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]><a>&x9;</a>"
)
DEEP = 100_000


def nested_mail(depth: int) -> bytes:
    inner = mail(LETTER, {})
    for _ in range(depth):
        outer = EmailMessage()
        outer["From"], outer["To"] = "a@mau.example", "b@mau.example"
        outer.set_content(" ")
        outer.add_attachment(inner, maintype="application", subtype="octet-stream", filename="thu.eml")
        inner = outer.as_bytes()
    return inner


def raw_nested_mail(depth: int) -> bytes:
    return b"From: a@mau.example\r\nContent-Type: message/rfc822\r\n\r\n" * depth + b"From: a@mau.example\r\n\r\nx"


def bomb(size: int) -> bytes:
    return packed({"word/document.xml": b"a" * size})


def lying_zip() -> bytes:
    """Make a ZIP whose directory states that its members are small."""
    data = bytearray(packed({"word/document.xml": b"<a>" + b"b" * 70_000_000}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    return bytes(data)


def encrypted_zip() -> bytes:
    data = bytearray(packed({"word/document.xml": "<a/>"}))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def looping_compound() -> bytes:
    """Make a DOC whose sector chain leads back to its beginning."""
    data = bytearray(word97(LETTER))
    fat = len(data) - 512
    for at in range(fat, fat + 40, 4):
        struct.pack_into("<I", data, at, 0)
    return bytes(data)


def endless_stream() -> bytes:
    """Make a DOC whose text is a chain of sectors that goes round and is said to be fifty megabytes long."""
    data = bytearray(looping_compound())
    entry = data.index("WordDocument".encode("utf-16-le"))
    struct.pack_into("<I", data, entry + 120, 50_000_000)
    return bytes(data)


def endless_root(at: int, value: int) -> bytes:
    """Make a DOC whose header, or whose root entry, speaks of more than the file holds."""
    data = bytearray(looping_compound())
    root = data.index("Root Entry".encode("utf-16-le")) + 120
    struct.pack_into("<I", data, at or root, value)
    return bytes(data)


def piece_that_repeats() -> bytes:
    """Make a DOC whose thousand pieces are all the same million bytes."""
    count, size = 1_000, 1_000_000
    places = struct.pack(f"<{count + 1}I", *range(0, size * count + 1, size))
    clx = b"\x02" + struct.pack("<I", len(places) + 8 * count) + places + struct.pack("<HIH", 0, 0x40000000, 0) * count
    main = bytearray(size)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 0x0A, 0x0200)
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    return compound({"WordDocument": bytes(main), "1Table": clx})


HOSTILE = {
    "a zip bomb": (bomb(70_000_000), "bung ra quá lớn"),
    "a zip that lies about its sizes": (lying_zip(), r"bung ra quá lớn|hỏng"),
    "zip bombs in a zip": (packed({f"{n}.docx": bomb(40_000_000) for n in range(4)}), "đọc được|bung ra"),
    "zip in zip in zip": (packed({"a": packed({"b": packed({"c": packed({"d": packed({"e": "x"})})})})}), "đọc được"),
    "a locked zip": (encrypted_zip(), "mật khẩu"),
    "a billion laughs": (LAUGHS.encode(), "thực thể"),
    "a billion laughs in UTF-16": (LAUGHS.replace("<?xml", "<?xml ").encode("utf-16"), "thực thể"),
    "a billion laughs in a DOCX": (packed({"word/document.xml": LAUGHS}), "thực thể"),
    "entities in the styles": (word(paragraph("Kính gửi"), styles=LAUGHS), "thực thể"),
    "quadratic blow-up": (f'<!DOCTYPE a [<!ENTITY x "{"a" * 50_000}">]><a>{"&x;" * 50_000}</a>'.encode(), "thực thể"),
    "an external entity": (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://mau.example/x.dtd"><edXML/>', "thực thể"),
    "a DOCX of empty elements": (word("<w:p/>" * 2_000_000), "bất thường"),
    "a DOCX nested without end": (word("<w:sdt>" * DEEP + "</w:sdt>" * DEEP), "hỏng"),
    "an edXML nested without end": (edxml("<a>" * 1_500 + "</a>" * 1_500, {}), "bất thường"),
    "text for a thousand pages": (b"chu " * 1_000_000, "nhiều chữ"),
    "a web page of tags": (b"<html>" + b"<b>" * 2_000_000, "bất thường"),
    "an RTF nested without end": (b"{\\rtf1" + b"{" * DEEP, "RTF bị hỏng"),
    "a message in a message": (nested_mail(8), "đọc được"),
    "a DOC longer than itself": (endless_stream(), "Word cũ"),
    "a DOC of endless small sectors": (endless_root(0, 2_000_000_000), "Word cũ"),
    "a DOC of endless tables": (endless_root(0x2C, 0x7FFFFFFF), "Word cũ"),
    "a DOC of endless small tables": (endless_root(0x40, 0x7FFFFFFF), "Word cũ"),
    "a DOC whose pieces repeat": (piece_that_repeats(), "Word cũ"),
    "a DOC under a password": (word97(LETTER, flags=0x0100), "mật khẩu"),
    "an old workbook": (compound({"Workbook": b"x"}), "không phải tệp Word"),
    "an encrypted DOCX": (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "mật khẩu"),
    "a status message": (edxml("<StatusCode>03</StatusCode>", {}), "trạng thái"),
    "an empty envelope": (edxml("", {}), "phần đầu để trống"),
}


def text_of(data: bytes) -> str:
    """Read a file: its text, empty when it was refused as it should be. Anything else fails the test."""
    try:
        found = extract_bytes(data)
    except ExtractionError as refusal:
        return "" if str(refusal).endswith(".") else pytest.fail(str(refusal))
    assert unicodedata.is_normalized("NFC", found.text)
    assert list(found.page_starts) == sorted(found.page_starts)
    return found.text.encode().decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(name: str) -> None:
    data, message = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF)
    with pytest.raises(ExtractionError, match=message):
        extract_bytes(data)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 5
    assert after.ru_maxrss - before.ru_maxrss < 500_000


@pytest.mark.parametrize(
    "data",
    [
        word("<w:tbl>" + "<w:tr><w:tc/></w:tr>" * 100_000 + "</w:tbl>" + paragraph("x")),
        word("<w:tbl><w:tr><w:tc>" * 60 + paragraph("trong cùng") + "</w:tc></w:tr></w:tbl>" * 60),
        word('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' * 30_000 + paragraph("x")),
        page("x") + b"<div>" * 20_000 + b"y",
        b"<html><body><ol>" + b"<li>x" * 60_000,
        b"<html><body>" + b"<table><tr><td>" * 3_000 + b"x",
        rtf(r"\trowd " + r"\intbl x\cell " * 50_000 + r"\row"),
        b"{\\rtf1 " + b"{\\footnote x}" * 20_000 + b"}",
        b"{\\rtf1 {\\bin99999999999 x}}",
        raw_nested_mail(3_000) + b"\r\n" + LETTER.encode(),
        b"From: a@mau.example\r\nTo: b\r\nContent-Type: text/plain; " + b'a="' * 50_000 + b"\r\n\r\n" + LETTER.encode(),
        b"From: " + b"(" * 200_000 + b"\r\nTo: x\r\n\r\n" + LETTER.encode(),
        b"<?xml" + b" " * 200_000,
        ("x" * 300_000 + "@").encode(),
        b"From:\r\n" * 100_000,
        looping_compound(),
    ],
    ids=range(16),
)  # fmt: skip
def test_a_huge_or_tangled_file_takes_no_more_than_five_seconds(data: bytes) -> None:
    began = time.process_time()
    text_of(data)
    assert time.process_time() - began < 5


NAMES = ["../../etc/passwd", "..\\..\\x.docx", "/etc/passwd", "a\x00b", "\u202egpj.exe", ".. ", "x" * 400]


@pytest.mark.parametrize("stated", NAMES)
def test_the_name_of_an_attachment_is_only_a_name(stated: str) -> None:
    for data in (edxml("", {stated.replace("\x00", ""): LETTER.encode()}), outlook("x", {stated: LETTER.encode()})):
        (file,) = extract_bytes(data).attachments
        assert file.name
        assert not set(file.name) & set("/\\\x00\u202e")
        assert file.name not in {".", ".."}
        assert len(file.name) <= 120


def test_members_that_lead_out_of_an_archive_are_only_names(tmp_path: Path) -> None:
    found = extract_bytes(packed({"../../ngoai.txt": LETTER, "a/../../b.txt": "phụ lục"}))
    assert [one.name for one in found.attachments] == ["ngoai.txt", "b.txt"]
    assert list(tmp_path.iterdir()) == []


def test_pipes_devices_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "ong"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, "/dev/zero"):
        with pytest.raises(ExtractionError, match="không phải một tệp thông thường"):
            extract_text(path)  # type: ignore[arg-type]  # a device named by text


def test_a_link_is_followed_when_a_person_names_it_and_not_otherwise(tmp_path: Path) -> None:
    (tmp_path / "cv.txt").write_text(LETTER, encoding="utf-8")
    link = tmp_path / "lien-ket"
    link.symlink_to(tmp_path / "cv.txt")
    assert extract_text(link).text == LETTER
    with pytest.raises(ExtractionError, match="Không mở được tệp"):
        load(link, follows_links=False)


def test_every_file_cut_short_is_read_or_refused() -> None:
    for files in seeds().values():
        for data in files:
            for part in range(1, 12):
                text_of(data[: len(data) * part // 12])


def test_files_broken_at_random_are_read_or_refused() -> None:
    """A few seconds of what tools/fuzz.py does for as long as it is let."""
    found = 0
    for kind, files in seeds().items():
        random = Random(kind)  # noqa: S311 - breaks files, guards nothing
        for _ in range(120):
            found += text_of(mutated(kind, random.choice(files), random)) != ""
    assert found > 300


def test_a_container_of_many_files_is_read_in_part() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(300):
            package.writestr(f"{number}.txt", LETTER)
    assert len(extract_bytes(out.getvalue()).attachments) == 50
