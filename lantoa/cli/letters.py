"""`lantoa read`, `write` and `check`: letters without a database."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lantoa.cli.ready import as_json, print_json, say
from lantoa.letters.rules.checking import check_letter
from lantoa.letters.rules.envelope import read_enveloped
from lantoa.letters.rules.letter import Letter
from lantoa.letters.rules.reading import NotALetter
from lantoa.letters.writing.composing import compose
from lantoa.letters.writing.docx import write_docx
from lantoa.letters.writing.edxml import AttachedFile, Exchange, Organ, write_edxml
from lantoa.letters.writing.html import write_html
from lantoa.letters.writing.pdf import write_pdf
from lantoa.lib.extract import ExtractionError, extract_text

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = click.Path(exists=True, path_type=Path)


@click.command(epilog="Example: lantoa read examples/duong-kinh/letter.txt --json")
@click.argument("source", metavar="FILE|DIR", type=SOURCE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="With DIR: write one .json a file here.")
@click.option("--text", "is_text", is_flag=True, help="Print the extracted text the spans point into.")
@as_json
def read(source: Path, out: Path | None, *, is_text: bool, is_json: bool) -> int:
    """Read a letter (TXT, HTML, DOCX, DOC, RTF, PDF, EML, edXML), or every letter of a folder."""
    if source.is_dir():
        return _read_folder(source, out or source, is_json=is_json)
    extracted = extract_text(source)
    if is_text:
        click.echo(extracted.text)
        return 0
    letter = read_enveloped(extracted.text, extracted.page_starts, extracted.envelope, extracted.shaky)
    if is_json:
        print_json(letter.to_json())
    else:
        _describe(letter)
    return 0


def _read_folder(folder: Path, out: Path, *, is_json: bool) -> int:
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".json")
    failed: list[dict[str, str]] = []
    with click.progressbar(files, label="Đọc văn bản", file=sys.stderr) as queue:
        for path in queue:
            try:
                extracted = extract_text(path)
                letter = read_enveloped(extracted.text, extracted.page_starts, extracted.envelope, extracted.shaky)
            except (ExtractionError, NotALetter) as error:
                failed.append({"file": path.name, "why": str(error)})
                continue
            target = out / f"{path.stem}.json"
            target.write_text(json.dumps(letter.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    if is_json:
        print_json({"read": len(files) - len(failed), "failed": failed})
    else:
        say(f"Đã đọc {len(files) - len(failed)} văn bản vào {out}.")
        for entry in failed:
            say(f"Không đọc được {entry['file']}: {entry['why']}")
    return 1 if failed else 0


def _describe(letter: Letter) -> None:
    rows = (
        ("Loại", letter.doc_type),
        ("Cơ quan ban hành", letter.issuer),
        ("Số, ký hiệu", letter.number_symbol),
        ("Ngày", letter.date or letter.date_partial),
        ("Trích yếu", letter.subject),
        ("Kính gửi", "; ".join(letter.addressees)),
        ("Người ký", letter.signer_name),
    )
    for label, value in rows:
        say(f"{label + ':':<18} {value or '(không rõ)'}")
    for task in letter.tasks:
        say(f"  Mục {task.index or '-'}: {', '.join(task.assignees) or '(không rõ giao ai)'}: {task.actions_summary}")
    for doubt in letter.doubts:
        say(f"  Cần xem lại {doubt.field}: {doubt.why}")


NO_CODE = "CHUA.CO.MA"
"""Stands where the agency's identifier (QĐ 20/2020/QĐ-TTg) goes, as long as nobody has said it."""


def _edxml(letter: Letter, organ_id: str) -> bytes:
    """The exchange message with the letter itself attached as PDF."""
    exchange = Exchange(Organ(organ_id, letter.issuer or ""), (), dt.datetime.now(dt.UTC))
    return write_edxml(letter, exchange, [AttachedFile("van-ban.pdf", write_pdf(compose(letter)), "application/pdf")])


WRITERS: dict[str, Callable[[Letter, str], bytes]] = {
    ".docx": lambda letter, _: write_docx(compose(letter)),
    ".pdf": lambda letter, _: write_pdf(compose(letter)),
    ".html": lambda letter, _: write_html(compose(letter)).encode(),
    ".edxml": _edxml,
}


@click.command(epilog="Example: lantoa write letter.json --out letter.docx")
@click.argument("source", metavar="LETTER.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=", ".join(WRITERS))
@click.option(
    "--organ-id", default=NO_CODE, metavar="CODE", help="For .edxml: the sender's identifier on the exchange."
)
def write(source: Path, out: Path, organ_id: str) -> None:
    """Write a letter in its official form (NĐ 30/2020)."""
    try:
        letter = Letter.from_json(json.loads(source.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise click.BadParameter(f"{source.name} không phải văn bản dạng JSON đúng mẫu: {error}") from error
    if out.suffix not in WRITERS:
        raise click.BadParameter(
            f"không ghi được dạng “{out.suffix}”; hãy chọn {', '.join(WRITERS)}", param_hint="--out"
        )
    content = WRITERS[out.suffix](letter, organ_id)
    out.write_bytes(content)
    say(f"Đã ghi {out} ({len(content):,} byte).".replace(",", "."))
    if out.suffix == ".edxml" and organ_id == NO_CODE:
        click.echo("Chưa có mã định danh cơ quan: ghi bằng --organ-id trước khi gửi lên trục liên thông.", err=True)


@click.command(epilog="Example: lantoa check letter.docx --json")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(source: Path, *, is_json: bool) -> int:
    """Check a letter against NĐ 30/2020; exit code 1 when faults are found."""
    extracted = extract_text(source)
    faults = check_letter(read_enveloped(extracted.text, extracted.page_starts, extracted.envelope, extracted.shaky))
    if is_json:
        print_json(
            {
                "faults": [
                    {
                        "rule": fault.rule,
                        "where": fault.where,
                        "found": fault.found,
                        "expected": fault.expected,
                        "severity": fault.severity,
                    }
                    for fault in faults
                ]
            }
        )
    else:
        for fault in faults:
            say(f"[{fault.severity}] {fault.where}: {fault.found} → {fault.expected} ({fault.rule})")
        say("Không thấy lỗi thể thức nào." if not faults else f"{len(faults)} lỗi thể thức.")
    return 1 if faults else 0
