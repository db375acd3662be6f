"""The web push message: a title and a line or two on a locked screen, and where they lead.

`url` is the public page. `tag` is the same for all that a campaign pushes for a place, so that a later message takes
the place of an earlier one still standing on a screen (https://notifications.spec.whatwg.org/, "tag"), a correction
that of what it corrects; it is short enough to be the topic under which a push service drops what it has not handed
over yet (RFC 8030 §5.4: 32 characters of the URL-safe Base64 alphabet).
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from lantoa.content.makers.form import is_web_address
from lantoa.content.rules.limits import PUSH_BODY, PUSH_BYTES, PUSH_TITLE
from lantoa.content.rules.slots import inert_piece

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece


def write_push(piece: Piece) -> bytes:
    """The message as JSON, UTF-8: `title`, `body`, `url`, `tag`."""
    piece = inert_piece(piece)
    url = piece.url if is_web_address(piece.url) else ""
    message = {"title": piece.title, "body": " ".join(piece.text.split()), "url": url, "tag": tag_of(piece.url)}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(url: str) -> str:
    """The tag of all messages about one public page."""
    return base64.urlsafe_b64encode(hashlib.sha256(url.encode()).digest()[:18]).decode()


def push_faults(content: bytes) -> list[tuple[str, str]]:
    """What breaks a limit: how grave (`blocks` or `warns`), and what, in Vietnamese."""
    message = json.loads(content)
    faults = [
        ("warns", f"{what} dài {len(text)} ký tự, màn hình điện thoại chỉ hiện chừng {most}")
        for what, text, most in (("tiêu đề", message["title"], PUSH_TITLE), ("nội dung", message["body"], PUSH_BODY))
        if len(text) > most
    ]
    if len(content) > PUSH_BYTES:
        faults.append(("blocks", f"thông báo đẩy nặng {len(content)} byte, máy chủ chỉ nhận đến {PUSH_BYTES} byte"))
    return faults
