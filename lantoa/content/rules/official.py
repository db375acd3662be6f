"""A campaign's own official letters: the covering letter to teams and the correction notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.letters.rules.letter import Letter
from lantoa.lib.vietnamese import plain_key

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

TEAM_ADDRESSEES = ("Các Tổ công nghệ số cộng đồng", "Các Tổ công tác Đề án 06")
ATTACHED = "thẻ đến từng nhà, tờ rơi, áp phích, tài liệu hỏi - đáp"


def covering_letter(piece: Piece) -> Letter:
    """The letter with which a committee sends the content to its teams; number, day and name are left to fill."""
    return _letter(
        piece,
        doc_type="cong_van",
        addressees=TEAM_ADDRESSEES,
        attachments=(ATTACHED,),
        recipients=("Như trên", "Lưu: VT"),
    )


def correction_notice(piece: Piece) -> Letter:
    """The notice of a changed fact, told by whoever told the old one."""
    return _letter(
        piece,
        doc_type="thong_bao",
        addressees=(),
        attachments=(),
        recipients=("Các cơ quan, đơn vị, các tổ trên địa bàn", "Lưu: VT"),
    )


def _letter(
    piece: Piece,
    *,
    doc_type: str,
    addressees: tuple[str, ...],
    attachments: tuple[str, ...],
    recipients: tuple[str, ...],
) -> Letter:
    is_committee = plain_key(piece.publisher).startswith("uy ban nhan dan")
    points = tuple(f"{point.heading}: {point.text}" if point.heading else point.text for point in piece.points)
    body = tuple(
        part.strip() for part in (piece.lead, *piece.text.split("\n\n"), *points, piece.warning) if part.strip()
    )
    body = (*body[:-1], body[-1].rstrip(".") + "./.") if body else ()
    return Letter(
        doc_type=doc_type,
        issuer=piece.publisher,
        symbol=_symbol(doc_type, is_committee=is_committee),
        place=_proper_name(piece.place),
        date_partial=piece.dated[:4],
        subject=piece.title.rstrip("."),
        body=body,
        addressees=addressees,
        attachments=attachments,
        recipients_lines=recipients,
        signing_authority="TM. ỦY BAN NHÂN DÂN" if is_committee else None,
        signer_title="CHỦ TỊCH" if is_committee else "THỦ TRƯỞNG ĐƠN VỊ",
    )


def _symbol(doc_type: str, *, is_committee: bool) -> str | None:
    if not is_committee:
        return None
    return "TB-UBND" if doc_type == "thong_bao" else "UBND"


def _proper_name(place: str) -> str:
    """`phường Anh Dũng` -> `Anh Dũng`; `Phường 1` keeps its noun (NĐ 30/2020, Phụ lục II, mục III.1)."""
    for noun in ("thành phố", "tỉnh", "quận", "huyện", "thị xã", "phường", "xã", "thị trấn", "đặc khu"):
        rest = place[len(noun) :].strip()
        if place.lower().startswith(noun + " ") and rest and not rest[0].isdigit():
            return rest
    return place[:1].upper() + place[1:]
