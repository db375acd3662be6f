"""Where each word of a text lies in its sound."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lantoa.lib.voice.phrases import split_phrases, syllables
from lantoa.lib.voice.speech import Utterance, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_FRAME = 0.01
"""Seconds of one step of looking for the voice."""
_REST = 0.12
"""Seconds of silence from which it may part two sentences; less is a consonant."""
_LONG = 3.0
"""What a second of rest outweighs, in seconds of distance from where the sentence should end."""
_NEAR = 5
"""Steps from a rest within which a word's edge is taken to be at the rest."""


def words_from_events(text: str, events: Sequence[tuple[int, float]], seconds: float) -> tuple[Word, ...]:
    """Words of `text` from the engine's events: (character the word begins at, second it begins at).

    A word without an event of its own (the engine joins some) shares the time of the one before it, by syllables.
    """
    words = [(match.start(), match[0]) for match in _WORD.finditer(text)]
    if not words:
        return ()
    begins: dict[int, float] = {}
    for position, second in events:
        owner = max((start for start, _ in words if start <= position), default=None)
        if owner is not None:
            begins.setdefault(owner, min(max(second, 0.0), seconds))
    if words[0][0] not in begins:
        begins[words[0][0]] = 0.0
    groups: list[list[str]] = []
    starts: list[float] = []
    for start, word in words:
        if start in begins:
            groups.append([])
            starts.append(max(begins[start], starts[-1] if starts else 0.0))
        groups[-1].append(word)
    ends = [*starts[1:], seconds]
    return tuple(
        word for group, start, end in zip(groups, starts, ends, strict=True) for word in _shared(group, start, end)
    )


def _shared(words: Sequence[str], starts: float, ends: float) -> list[Word]:
    """Share a stretch of time among `words` by their syllables."""
    edges = np.cumsum([0, *map(syllables, words)], dtype=float)
    times = np.clip(starts + (ends - starts) * edges / edges[-1], starts, ends)
    times[-1] = ends
    return [Word(word, float(times[at]), float(times[at + 1])) for at, word in enumerate(words)]


def words_by_share(text: str, sound: npt.NDArray[np.float32], rate: int) -> tuple[Utterance, ...]:
    """Sentences and words of `text` in a reading of it that nobody timed, by proportion.

    Sentences end at the rests that fit their lengths best; within a sentence each syllable gets an equal share of
    the time the voice is heard. Good to a few tenths of a second where the reader keeps to the script.
    """
    phrases = [(phrase.text, [match[0] for match in _WORD.finditer(phrase.text)]) for phrase in split_phrases(text)]
    phrases = [(written, words) for written, words in phrases if words]
    heard = voiced(sound, rate)
    weights = [sum(map(syllables, words)) for _, words in phrases]
    utterances = []
    for (written, words), (first, last) in zip(phrases, _stretches(heard, weights), strict=True):
        timed = tuple(word.later(first * _FRAME) for word in _spread(words, heard[first:last]))
        utterances.append(Utterance(written, timed[0].starts, timed[-1].ends, timed))
    return tuple(utterances)


def _spread(words: Sequence[str], heard: npt.NDArray[np.bool_]) -> list[Word]:
    """Share the heard time of one sentence among its words by their syllables."""
    edges = np.cumsum([0, *map(syllables, words)], dtype=float)
    shares = edges / edges[-1]
    passed = np.concatenate([[0.0], np.cumsum(heard)]) / max(float(heard.sum()), 1.0)
    begins = np.searchsorted(passed, shares[:-1] + 1e-9, side="right") - 1
    finishes = np.searchsorted(passed, shares[1:] - 1e-9, side="left")
    starts = [_after_rest(heard, int(frame)) * _FRAME for frame in begins]
    ends = [(len(heard) - _after_rest(heard[::-1], len(heard) - int(frame))) * _FRAME for frame in finishes]
    return [Word(word, start, max(end, start)) for word, start, end in zip(words, starts, ends, strict=True)]


def _stretches(heard: npt.NDArray[np.bool_], weights: Sequence[int]) -> list[tuple[int, int]]:
    """First and last frame of each sentence: parted at rests, where there are enough of them, else by share."""
    if not weights:
        return []
    passed = np.concatenate([[0], np.cumsum(heard)])
    wanted = np.cumsum(weights)[:-1] / sum(weights) * passed[-1]
    rests = _rests(heard)
    if len(rests) >= len(wanted):
        cuts = [rests[at] for at in _fitting(wanted, passed, rests)]
    else:
        cuts = [(int(cut), int(cut)) for cut in np.searchsorted(passed, wanted)]
    starts = [0, *(end for _, end in cuts)]
    return list(zip(starts, [*(start for start, _ in cuts), len(heard)], strict=True))


def _rests(heard: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches in which nothing is heard, not at the ends: (first frame, first frame after)."""
    edges = np.flatnonzero(np.diff(heard.astype(np.int8)))
    pairs = [(int(one) + 1, int(other) + 1) for one, other in pairwise(edges) if heard[one]]
    return [(first, last) for first, last in pairs if (last - first) * _FRAME >= _REST]


def _fitting(
    wanted: npt.NDArray[np.float64], passed: npt.NDArray[np.int_], rests: Sequence[tuple[int, int]],
) -> list[int]:
    """Which rests, in order, lie nearest to where sentences should end, long ones before short: least cost in all."""
    lengths = np.array([min((last - first) * _FRAME, 1.0) for first, last in rests])
    places = np.array([passed[first] for first, _ in rests])
    if not len(wanted):
        return []
    cost = np.abs(places[None] - wanted[:, None]) * _FRAME - _LONG * lengths[None]
    total, came = np.full(cost.shape, np.inf), np.zeros(cost.shape, int)
    total[0] = cost[0]
    for row in range(1, len(wanted)):
        best = 0
        for at in range(row, len(rests)):
            best = at - 1 if total[row - 1, at - 1] <= total[row - 1, best] else best
            total[row, at], came[row, at] = cost[row, at] + total[row - 1, best], best
    chosen = [int(np.argmin(total[-1]))]
    for row in range(len(wanted) - 1, 0, -1):
        chosen.append(int(came[row, chosen[-1]]))
    return chosen[::-1]


def _after_rest(heard: npt.NDArray[np.bool_], frame: int) -> int:
    """The frame itself; or, where a rest begins within `_NEAR` of it, the first heard one after that rest."""
    silent = np.flatnonzero(~heard[frame : frame + _NEAR])
    if not len(silent):
        return frame
    again = np.flatnonzero(heard[frame + silent[0] :])
    return frame + int(silent[0] + again[0]) if len(again) else frame


def voiced(sound: npt.NDArray[np.float32], rate: int) -> npt.NDArray[np.bool_]:
    """Whether a voice is heard, for each hundredth of a second: louder than 30 dB under the loud parts."""
    step = round(_FRAME * rate)
    frames = sound[: len(sound) // step * step].reshape(-1, step)
    power = np.sqrt(np.einsum("ij,ij->i", frames, frames) / step)
    loud = float(np.quantile(power, 0.95)) if len(power) else 0.0
    return np.asarray(power > max(loud * 10 ** (-30 / 20), 1e-5), np.bool_)
