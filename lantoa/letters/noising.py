"""Character noise like that of an optical reader: marks lost or swapped, look-alikes, lost spaces and letters."""

from __future__ import annotations

import unicodedata
from random import Random

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPES = "\u0302\u0306\u031b"
_LOOK_ALIKES = {
    "l": "1I", "1": "lI", "I": "l1", "i": "l", "O": "0", "0": "O", "o": "0", "5": "S", "S": "5", "8": "B", "B": "8",
    "m": ("rn",), "c": "e", "e": "c", "h": "b", "n": "u", "u": "n", "đ": "d", "Đ": "D", ";": ":", ",": ".", "-": "~–",
    "6": "G", "2": "Z", "Z": "2", "G": "6", "t": "f", "T": "I", "y": "v",
}  # fmt: skip
_MARKED, _ALIKE, _SPACE, _OTHER = 8.0, 1.0, 0.5, 0.15
"""How much oftener one kind of character is misread than another: marks most, plain letters hardly ever."""


def noised(text: str, rate: float, seed: int) -> str:
    """Return the text with about `rate` (0..1) of its characters misread; the same seed, the same noise.

    The share is of all characters but line ends; which ones are hit follows what optical readers do with
    Vietnamese: marks above all, then look-alikes, then spaces, seldom a letter dropped.
    """
    if rate <= 0:
        return text
    random = Random(seed)  # noqa: S311 - noise needs repetition, not secrecy
    weights = [_weight(sign) for sign in text]
    scale = rate * sum(weight > 0 for weight in weights) / max(1.0, sum(weights))
    return "".join(
        _misread(sign, random) if random.random() < weight * scale else sign
        for sign, weight in zip(text, weights, strict=True)
    )


def _weight(sign: str) -> float:
    if sign in "\n\f\t|<>#*":  # what stands for columns and cells is no ink on the page
        return 0.0
    if not sign.isascii() and sign.isalpha():
        return _MARKED
    if sign == " ":
        return _SPACE
    return _ALIKE if sign in _LOOK_ALIKES else _OTHER


def _misread(sign: str, random: Random) -> str:
    if sign in _LOOK_ALIKES:
        return random.choice(_LOOK_ALIKES[sign])
    marks = unicodedata.normalize("NFD", sign)
    if len(marks) == 1:
        return ""
    kept = [mark for mark in marks if mark not in _TONES]
    tones = [mark for mark in marks if mark in _TONES]
    kind = random.random()
    if tones and kind < 0.5:
        tones = [random.choice(_TONES)]
    elif tones and kind < 0.8:
        tones = []
    else:
        kept = [mark for mark in kept if mark not in _SHAPES] if len(kept) > 1 else kept
        tones = tones if len(kept) > 1 or random.random() < 0.7 else []
    return unicodedata.normalize("NFC", "".join(kept + tones))
