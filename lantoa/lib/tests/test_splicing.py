from __future__ import annotations

import re
import subprocess
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from lantoa.lib import splicing
from lantoa.lib.audio import (
    PEAK_LIMIT_DBTP,
    AudioFile,
    Sound,
    Tags,
    apply_curve,
    closing_chime,
    decode,
    encode,
    opening_chime,
)
from lantoa.lib.splicing import Parts, bulletin_parts, frame_size, master_parts
from lantoa.lib.voice import Pauses, Speech, Utterance, Voice, synthesize

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TAGS = Tags("Tắt sóng 2G", "UBND phường Anh Dũng")
OURS = "Ủy ban nhân dân phường Anh Dũng thông báo. Máy cũ ngừng từ ngày mười sáu tháng mười. Xin hết."
THEIRS = "Ủy ban nhân dân phường Ánh Dương thông báo. Máy cũ ngừng từ ngày mười sáu tháng mười. Xin hết."


@pytest.fixture(autouse=True)
def _nothing_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splicing, "_kept", splicing._Kept(splicing._MOST_KEPT))


@pytest.fixture(scope="module")
def speech() -> Speech:
    return synthesize(OURS)


@pytest.fixture(scope="module")
def parts(speech: Speech) -> Parts:
    return bulletin_parts(speech)


@pytest.fixture(scope="module")
def made(parts: Parts) -> AudioFile:
    return master_parts(parts, TAGS)


def _noise_over(heard: Sound, sound: Sound) -> float:
    """Decibels of `sound` over what `heard` adds to it, amplified alike."""
    size = min(len(heard), len(sound))
    heard, sound = heard[:size], sound[:size]
    like = sound * (np.dot(heard, sound) / np.dot(sound, sound))
    return float(10 * np.log10(np.sum(like**2) / np.sum((heard - like) ** 2)))


def test_parts_joined_are_the_sentences_between_chimes_and_say_where_each_sounds(speech: Speech, parts: Parts) -> None:
    rate, sound = parts.rate, parts.sound
    assert [one.text for one in parts.utterances] == [one.text for one in speech.utterances]
    for one, was in zip(parts.utterances, speech.utterances, strict=True):
        here, there = round(one.starts * rate), round(was.starts * rate)
        length = round((was.ends - was.starts) * rate)
        told, said = sound[here : here + length], speech.samples[there : there + length]
        assert np.corrcoef(told, said)[0, 1] > 0.9999
        assert one.words[0].starts - one.starts == pytest.approx(was.words[0].starts - was.starts)
    assert np.array_equal(sound[: len(opening_chime(rate))], opening_chime(rate))
    assert sound[-len(closing_chime(rate)) - rate :].max() == closing_chime(rate).max()
    assert all(len(part.sound) % frame_size(rate) == 0 for part in parts.parts)


def test_every_part_but_the_first_begins_and_all_end_in_silence_longer_than_an_encoder_is_late(parts: Parts) -> None:
    late = 1105 + 2 * frame_size(parts.rate)
    assert all(not part.sound[-late:].any() for part in parts.parts)
    assert all(not part.sound[:late].any() for part in parts.parts[1:])


def test_a_listener_gets_the_sound_as_from_one_encoder(parts: Parts, made: AudioFile) -> None:
    whole, _ = decode(encode(parts.sound * 0.5, parts.rate, TAGS))
    heard, _ = decode(made.data)
    curves = [splicing._curve(part, parts.rate, _gain_of(parts), _ceiling()) for part in parts.parts]
    sound = np.concatenate([apply_curve(part.sound, curve) for part, curve in zip(parts.parts, curves, strict=True)])
    assert len(heard) == len(whole) == len(sound)
    assert _noise_over(heard, sound) == pytest.approx(_noise_over(whole, parts.sound), abs=0.7)


def _gain_of(parts: Parts) -> float:
    return splicing._gain(parts, -16 + splicing._PLAN.loss, _ceiling())


def _ceiling() -> float:
    return PEAK_LIMIT_DBTP - splicing._PLAN.margin


def test_loudness_and_peak_are_kept(made: AudioFile) -> None:
    assert made.levels.loudness == pytest.approx(-16, abs=0.35)
    assert made.levels.true_peak <= PEAK_LIMIT_DBTP
    assert made.seconds == pytest.approx(len(decode(made.data)[0]) / 22_050)


@pytest.mark.parametrize("target", [-23.0, -16.0, -12.0])
def test_ffmpeg_decodes_it_without_a_word_and_measures_the_same(
    target: float, parts: Parts, tmp_path: Path, needs: Callable[[str], str]
) -> None:
    needs("ffprobe")
    made, path = master_parts(parts, TAGS, target=target), tmp_path / "a.mp3"
    path.write_bytes(made.data)
    run = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    told = subprocess.run(run, check=True, capture_output=True, text=True).stderr
    loudness, peak = (float(found) for found in re.findall(r"(?:I:|Peak:)\s+(-?[\d.]+) (?:LUFS|dBFS)", told)[-2:])
    assert loudness == pytest.approx(target, abs=0.5)
    assert peak <= PEAK_LIMIT_DBTP
    quiet = ["ffmpeg", "-v", "warning", "-i", str(path), "-f", "null", "-"]
    assert subprocess.run(quiet, check=True, capture_output=True, text=True).stderr == ""
    ask = ["ffprobe", "-v", "error", "-show_entries", "stream=duration,start_time", "-of", "csv=p=0", str(path)]
    start, seconds = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip().split(",")
    assert float(start) == pytest.approx(1105 / 22_050, abs=1e-4), "players skip what the encoder ran late by"
    assert float(seconds) == pytest.approx(made.seconds, abs=0.06)


def test_a_shared_sentence_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []
    encode_part = splicing._encoded

    def counted(part: splicing.Part, rate: int, gain: float, ceiling: float) -> splicing._Encoded:
        encoded.append(part.key)
        return encode_part(part, rate, gain, ceiling)

    monkeypatch.setattr(splicing, "_encoded", counted)
    ours, theirs = bulletin_parts(synthesize(OURS)), bulletin_parts(synthesize(THEIRS))
    master_parts(ours, TAGS)
    assert len(encoded) == len(ours.parts) == 5
    master_parts(theirs, TAGS)
    assert encoded[5:] == [theirs.parts[1].key], "only its own first sentence"


def test_the_bytes_depend_on_the_sound_alone_not_on_what_was_made_before(
    made: AudioFile, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    master_parts(bulletin_parts(synthesize(THEIRS)), TAGS)
    assert master_parts(parts, TAGS).data == made.data
    monkeypatch.setattr(splicing, "_kept", splicing._Kept(most=1))
    assert master_parts(parts, TAGS).data == made.data


def test_threads_share_the_work(made: AudioFile, parts: Parts) -> None:
    files: list[bytes] = []
    threads = [threading.Thread(target=lambda: files.append(master_parts(parts, TAGS).data)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files == [made.data] * 3


def test_what_cannot_be_encoded_fails_whoever_waits_and_is_tried_anew() -> None:
    kept = splicing._Kept(most=1000)
    future, is_mine = kept.claim("a")
    assert is_mine
    assert kept.claim("a") == (future, False)
    with pytest.raises(ZeroDivisionError):
        kept.fulfil("a", future, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        future.result()
    assert kept.once("a", lambda: np.zeros(2)).shape == (2,)


def test_the_oldest_is_forgotten_first() -> None:
    kept = splicing._Kept(most=100)
    for name in ("a", "b", "c"):
        kept.once(name, lambda: np.zeros(5))
    assert not kept.claim("c")[1]
    assert kept.claim("a")[1]


def test_sentences_with_hardly_a_rest_between_them_stay_together() -> None:
    hasty = synthesize(OURS, replace(Voice(), pauses=Pauses(sentence=0.1, paragraph=0.1)))
    parts = bulletin_parts(hasty)
    assert len(parts.parts) == 3
    assert [one.text for one in parts.utterances] == [one.text for one in hasty.utterances]
    assert master_parts(parts, TAGS).levels.loudness == pytest.approx(-16, abs=0.5)


def test_a_chime_of_no_sound_is_left_out_with_its_rest(speech: Speech) -> None:
    none, bell = np.zeros(0, np.float32), np.full(3000, 0.4, np.float32)
    bare = bulletin_parts(speech, (none, none))
    assert len(bare.parts) == len(speech.utterances)
    assert bare.utterances[0].starts == pytest.approx(0.15, abs=0.001)
    assert len(bare.sound) / bare.rate == pytest.approx(speech.seconds + 0.15 + 0.4, abs=0.1)
    framed = bulletin_parts(speech, (bell, none))
    assert np.array_equal(framed.sound[:3000], bell)
    assert len(framed.parts) == len(speech.utterances) + 1
    for parts in (bare, framed):
        assert not parts.sound[-round(0.3 * parts.rate) :].any()
        assert master_parts(parts, TAGS).levels.loudness == pytest.approx(-16, abs=0.5)


def test_silence_is_left_alone() -> None:
    silent = Speech(np.zeros(22_050, np.int16), 22_050, (Utterance("…", 0, 1),))
    parts = bulletin_parts(silent)
    assert master_parts(Parts(parts.parts[1:2], 22_050, ()), TAGS).levels.loudness == -70
