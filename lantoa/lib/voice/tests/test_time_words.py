from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantoa.lib.voice import Transcript, Utterance, Word, synthesize
from lantoa.lib.voice.protocol import StreamEndedError, pack_sound, unpack_sound
from lantoa.lib.voice.timing import words_by_share, words_from_events

TEXT = "Từ không giờ, máy hai gờ không gọi được. Bà con giữ nguyên số."
RATE = 16_000


def test_every_word_has_its_time_in_order_within_its_sentence() -> None:
    speech = synthesize(TEXT)
    assert speech.timing == "engine"
    words = [word for one in speech.utterances for word in one.words]
    assert [word.text for word in words] == re.findall(r"\w+", TEXT)
    for one in speech.utterances:
        assert one.starts <= one.words[0].starts < one.words[-1].ends == pytest.approx(one.ends, abs=0.01)
        for word, following in zip(one.words, one.words[1:], strict=False):
            assert 0.05 < word.ends - word.starts < 1.2
            assert word.ends == following.starts


def test_the_rest_at_a_comma_belongs_to_the_word_before_it() -> None:
    (said,) = synthesize("Từ không giờ, máy cũ dừng.").utterances
    words = {word.text: word.ends - word.starts for word in said.words}
    assert words["giờ"] > words["không"] + 0.15


def test_words_the_engine_joins_share_their_time_by_syllables() -> None:
    words = words_from_events("một hai Blackberry", [(0, 0.0), (4, 1.0)], 5.0)
    assert [(word.starts, word.ends) for word in words] == [(0, 1), (1, 2), (2, 5)]


def test_without_events_all_is_shared() -> None:
    assert [word.ends for word in words_from_events("một hai", [], 2.0)] == [1, 2]
    assert words_from_events("…", [], 2.0) == ()


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(-1, 9)), max_size=30))
def test_whatever_the_engine_tells_the_times_are_in_order(events: list[tuple[int, float]]) -> None:
    words = words_from_events(TEXT, events, 6.0)
    assert [word.text for word in words] == re.findall(r"\w+", TEXT)
    edges = [edge for word in words for edge in (word.starts, word.ends)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] <= edges[-1] <= 6


def test_a_reading_nobody_timed_is_shared_over_what_is_heard() -> None:
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    rest = np.zeros(RATE, np.float32)
    first, second = words_by_share("Một hai. Ba bốn.", np.concatenate([rest, tone, rest, tone]), RATE)
    assert (first.starts, first.ends) == pytest.approx((1, 2), abs=0.02)
    assert (second.starts, second.ends) == pytest.approx((3, 4), abs=0.02)
    assert first.words[1].starts == pytest.approx(1.5, abs=0.02)


def test_the_share_is_near_what_the_engine_tells() -> None:
    """How good proportion is: against the engine's own events."""
    speech = synthesize(TEXT)
    shared = words_by_share(TEXT, (speech.samples / 32768).astype(np.float32), speech.sample_rate)
    told = [word.starts for one in speech.utterances for word in one.words]
    found = [word.starts for one in shared for word in one.words]
    assert np.abs(np.array(told) - found).max() < 0.45


@given(st.lists(st.integers(0, 40), max_size=25), st.sampled_from(["Một.", TEXT, "Một. Hai. Ba. Bốn. Năm."]))
def test_whatever_is_heard_the_shares_are_in_order_and_inside(stretches: list[int], text: str) -> None:
    sound = np.repeat(np.arange(len(stretches)) % 2, np.array(stretches, int) * 160).astype(np.float32)
    words = [word for one in words_by_share(text, sound, RATE) for word in one.words]
    assert [word.text for word in words] == re.findall(r"\w+", text)
    assert all(0 <= word.starts <= word.ends <= len(sound) / RATE + 0.011 for word in words)
    assert [word.starts for word in words] == sorted(word.starts for word in words)


def test_a_rest_within_a_sentence_does_not_end_it() -> None:
    tone = np.sin(np.arange(RATE) / 5).astype(np.float32)
    rests = [np.zeros(RATE // part, np.float32) for part in (5, 2, 5)]
    parts = [tone, rests[0], tone, rests[1], tone, rests[2], tone]
    first, second = words_by_share("Một hai, ba bốn. Năm sáu, bảy tám.", np.concatenate(parts), RATE)
    assert first.ends == pytest.approx(2.2, abs=0.03)
    assert second.starts == pytest.approx(2.7, abs=0.03)


def test_nothing_to_say_has_no_times() -> None:
    assert words_by_share(" ", np.zeros(RATE, np.float32), RATE) == ()
    assert len(words_by_share("Một.", np.zeros(RATE, np.float32), RATE)) == 1


def _transcript() -> Transcript:
    words = (Word("Bà", 3661.0, 3661.25), Word("con", 3661.25, 3661.5))
    return Transcript((Utterance("“Bà con” & <ai>.", 3661.0, 3661.5, words),), "engine")


def test_json_has_each_word_with_its_seconds_and_says_whose_they_are() -> None:
    data = json.loads(_transcript().to_json())
    assert data["timing"] == "engine"
    assert data["words"][1] == {"word": "con", "start": 3661.25, "end": 3661.5}


def test_webvtt_has_a_cue_a_sentence_with_the_time_of_each_word() -> None:
    assert _transcript().to_webvtt() == (
        "WEBVTT\n\n01:01:01.000 --> 01:01:01.500\n“Bà <01:01:01.250>con” &amp; &lt;ai&gt;.\n"
    )


def test_a_sound_frame_comes_back_as_it_was_and_a_broken_one_is_known() -> None:
    assert unpack_sound(pack_sound([(0, 0), (4, 320)], b"\1\2")) == ([(0, 0), (4, 320)], b"\1\2")
    with pytest.raises(StreamEndedError):
        unpack_sound(b"\0\0\0\7")
