"""Vietnamese text: one form for storing it, keys for comparing and searching it, and the old encodings.

Everything kept or shown is Unicode NFC (TCVN 6909:2001, NĐ 30/2020, Phụ lục I). Two spellings that differ only
in where the tone sits (`hòa`/`hoà`, `thủy`/`thuỷ`) are the same word; `same_text` and `plain_key` say so.
"""

from lantoa.lib.vietnamese.encoding import decode_text, from_font, is_syllable, looks_vietnamese, mend_legacy
from lantoa.lib.vietnamese.text import (
    CAPITAL_LETTERS,
    SMALL_LETTERS,
    folded,
    nfc,
    plain_key,
    reads_in_small_letters,
    same_text,
    slug,
    syllables,
    unaccented,
    with_modern_tones,
)

__all__ = [
    "CAPITAL_LETTERS",
    "SMALL_LETTERS",
    "decode_text",
    "folded",
    "from_font",
    "is_syllable",
    "looks_vietnamese",
    "mend_legacy",
    "nfc",
    "plain_key",
    "reads_in_small_letters",
    "same_text",
    "slug",
    "syllables",
    "unaccented",
    "with_modern_tones",
]
