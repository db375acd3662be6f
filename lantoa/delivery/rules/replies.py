"""What somebody meant who wrote back: no more messages, please; or something that a person must read.

People write STOP, DỪNG, TỪ CHỐI or HỦY, with or without tones, some with a word more ("stop all"). A question that
merely contains such a word ("bao giờ dừng?") is no refusal.
"""

from __future__ import annotations

import re

from lantoa.lib.vietnamese import plain_key

_REFUSAL = re.compile(r"(stop|unsubscribe|tu ?choi|tc|dung (gui|nhan|nhan tin)|dung|huy( dang ky)?|khong nhan( tin)?)")
_MOST_WORDS = 4
"""A refusal is short: the word, and perhaps whose messages."""


def is_refusal(text: str) -> bool:
    """Whether this asks for no more messages."""
    words = re.sub(r"[^\w\s]", " ", plain_key(text)).split()
    if not words or len(words) > _MOST_WORDS or text.rstrip().endswith("?"):
        return False
    said = " ".join(words)
    found = _REFUSAL.match(said)
    if found is None:
        return False
    rest = said[found.end():].split()
    return not rest or (said[found.end()] == " " and len(rest) <= 2 and not _ASKS & set(rest))


_ASKS = {"khi", "nao", "gi", "chua", "sao", "khong", "the", "o", "dau", "ai", "ngay", "may", "song", "dich", "mang"}
"""Words of a question or of the matter itself: `dừng khi nào`, `dừng sóng`."""
