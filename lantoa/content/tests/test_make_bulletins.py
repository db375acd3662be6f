"""Bulletins by the air time of each place, in other lengths and formats, and the agency's own way of speaking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.tests.builders import NEW, make_campaign
from lantoa.content.actions import check_kit, make_kit
from lantoa.content.actions.agency import AgencyFileError, bulletin_slots, message_tariffs, studio, zns_templates
from lantoa.content.makers.making import hash_of
from lantoa.content.makers.studio import PLAIN
from lantoa.content.makers.tests.builders import FULL
from lantoa.content.rules import kit
from lantoa.content.rules.air_time import AirTimeError
from lantoa.content.rules.speech_table import SpeechTableError
from lantoa.letters.rules.letter import LetterTask
from lantoa.lib.chimes import ChimeError
from lantoa.lib.voice import VoiceError

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

    from lantoa.campaigns.models import Campaign
    from lantoa.places.tests.builders import Cast

SENTENCES = """
[say_more]
text = "Nhà nào ở ven sông cũng đọc thùng đo mưa vào lúc bảy giờ sáng. %s"
[say_most]
text = "Ai không tự đọc được thì nhờ tổ trưởng. %s"
"""
BULLETIN = """
[[piece]]
kind = "bulletin"
audience = "residents"
sentences = [
    { message = "key", priority = 1, key = true },
    { message = "say_more", priority = 2 },
    { message = "say_most", priority = 3 },
]
[piece.slots]
title = ["title"]
"""
LOUD = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("loudspeaker",))


def own_file(name: str, text: str) -> Path:
    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    path: Path = settings.LANTOA_HOME / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    campaign = make_campaign(cast, LOUD)
    messages = settings.LANTOA_PACKS / "rain" / "messages.toml"
    said = messages.read_text(encoding="utf-8") + SENTENCES % ("Xin đọc cho đúng giờ. " * 20, "Ghi số vào sổ. " * 35)
    messages.write_text(said, encoding="utf-8")
    pack = messages.with_name("pack.toml")
    pack.write_text(pack.read_text(encoding="utf-8") + BULLETIN, encoding="utf-8")
    return campaign


def kinds(campaign: Campaign) -> set[str]:
    rows = campaign.rendering_set.current().filter(place__kind="ward")
    return {row.kind for row in rows if row.kind.startswith(("script", "audio"))}


def words(campaign: Campaign, kind: str) -> str:
    return str(campaign.rendering_set.current().get(kind=kind, place__kind="ward").words)


def test_the_words_for_other_slots_are_in_the_kit_and_the_sound_when_asked_for(campaign: Campaign) -> None:
    make_kit(campaign, None)
    assert kinds(campaign) == {"script", "audio", "script_60", "script_180"}
    assert len(words(campaign, "script_60")) < len(words(campaign, "script")) < len(words(campaign, "script_180"))
    for kind in ("script_60", "script", "script_180"):
        assert words(campaign, kind).count("Bắt đầu đo mưa từ ngày") == 2, "what matters is said twice"
    made = make_kit(campaign, None, variants=True).made
    more = {"audio_opus", "audio_60", "audio_180", "audio_60_opus", "audio_180_opus"}
    assert kinds(campaign) == {"script", "audio", "script_60", "script_180"} | more
    assert made == len(more)
    for kind, most in (("audio_60", 60), ("audio", 120), ("audio_180_opus", 180)):
        details = campaign.rendering_set.current().get(kind=kind).details
        assert details["seconds"] <= most == details["slot"]
    assert make_kit(campaign, None, variants=True).made == 0


def test_once_made_they_say_what_the_others_say(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "BULLETIN_VARIANTS", {"audio_60"})
    make_kit(campaign, None, variants=True)
    record_fact(campaign, FactChange("start_date", NEW, "Thông báo số 20/TB-UBND"), None)
    make_kit(campaign, None)
    for row in campaign.rendering_set.current().filter(kind__startswith="audio"):
        assert "tháng bảy" in row.words, row.kind
        assert row.facts["start_date"] == 2


def test_words_and_their_times_lie_beside_the_sound_in_both_formats(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit, "BULLETIN_VARIANTS", {"audio_opus"})
    make_kit(campaign, None, variants=True)
    sounds = {row.kind: row for row in campaign.rendering_set.current().filter(kind__in=["audio", "audio_opus"])}
    for row in sounds.values():
        times = json.loads(row.beside[".words.json"].read_text(encoding="utf-8"))
        assert " ".join(one["word"] for one in times["words"]).startswith("Bắt đầu đo mưa từ ngày")
        assert times["words"][-1]["end"] < row.details["seconds"]
        assert row.beside[".vtt"].read_text(encoding="utf-8").startswith("WEBVTT\n")
    assert sounds["audio"].path.read_bytes()[:3] == b"ID3"
    assert sounds["audio_opus"].path.read_bytes()[:4] == b"OggS"
    assert sounds["audio_opus"].file_name == "ban-tin.opus"
    assert sounds["audio"].details["true_peak"] <= -1
    assert sounds["audio"].details["loudness"] == pytest.approx(-16, abs=0.7)


def test_a_place_with_a_slot_of_its_own_has_its_bulletin_fitted_to_it(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    usual = words(campaign, "script")
    own_file("air_time.toml", f'"{cast.ward.code}" = 60\n')
    make_kit(campaign, None)
    assert len(words(campaign, "script")) < len(usual)
    assert kinds(campaign) == {"script", "audio", "script_120", "script_180"}
    assert campaign.rendering_set.current().get(kind="audio").details["slot"] == 60


def test_a_bulletin_longer_than_its_slot_is_found(campaign: Campaign) -> None:
    make_kit(campaign, None)
    row = campaign.rendering_set.current().get(kind="audio")
    row.details = {**row.details, "seconds": 121.0}
    row.save()
    (fault,) = [one.finding for one in check_kit(campaign) if one.finding.rule == "length"]
    assert "nhiều nhất là 120" in fault.why


def test_the_agencys_own_abbreviations_are_said_and_not_asked_about(campaign: Campaign) -> None:
    messages = settings.LANTOA_PACKS / "rain" / "messages.toml"
    text = messages.read_text(encoding="utf-8").replace("Bắt đầu đo mưa từ ngày", "QXZT đo mưa từ ngày", 1)
    messages.write_text(text, encoding="utf-8")
    make_kit(campaign, None)
    assert "speech" in {one.finding.rule for one in check_kit(campaign)}
    own_file("pronunciation.toml", '[abbreviations]\nQXZT = "trạm khí tượng"\n')
    make_kit(campaign, None)
    assert "speech" not in {one.finding.rule for one in check_kit(campaign)}
    assert "trạm khí tượng đo mưa" in words(campaign, "audio").lower()


@pytest.mark.parametrize(
    ("name", "text", "error", "read"),
    [
        ("pronunciation.toml", '[abbreviations]\nQX = "không 2G"\n', SpeechTableError, studio),
        ("air_time.toml", '"1" = 3\n', AirTimeError, bulletin_slots),
        ("zns.toml", "[[template]]\n", ValueError, zns_templates),
        ("tariffs.toml", "[[tariff]]\n", ValueError, message_tariffs),
    ],
)
def test_a_fault_in_one_of_its_files_names_the_file(name: str, text: str, error: type[Exception], read: object) -> None:
    path = own_file(name, text)
    assert callable(read)
    with pytest.raises(error) as caught:
        read()
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_text_names_itself_too() -> None:
    own_file("tariffs.toml", "").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AgencyFileError, match=r"tariffs\.toml: không đọc được tệp"):
        message_tariffs()


def test_another_voice_loudness_or_chime_makes_another_sound_and_leaves_the_rest(
    settings: LazySettings, tmp_path: Path
) -> None:
    plain = hash_of("audio", FULL, studio=studio())
    assert studio().identity() == PLAIN.identity() == {}
    assert plain == hash_of("audio", FULL)
    names = {plain}
    for name, value in (
        ("LANTOA_LOUDNESS", -23.0),
        ("LANTOA_CLOSING_CHIME", "none"),
        ("LANTOA_SPEECH_RATE", 180.0),
        ("LANTOA_PIPER_VOICE", str(tmp_path / "giong.onnx")),
    ):
        setattr(settings, name, value)
        names.add(hash_of("audio", FULL, studio=studio()))
        assert hash_of("leaflet", FULL, studio=studio()) == hash_of("leaflet", FULL)
    assert len(names) == 5


def test_a_piper_voice_or_chime_that_is_missing_is_named(settings: LazySettings, tmp_path: Path) -> None:
    settings.LANTOA_PIPER_VOICE, settings.LANTOA_PIPER = str(tmp_path / "giong.onnx"), "khong-co-piper"
    with pytest.raises(VoiceError, match="khong-co-piper"):
        studio().speaker()
    settings.LANTOA_OPENING_CHIME = str(tmp_path / "mo.wav")
    with pytest.raises(ChimeError, match=r"mo\.wav"):
        studio().manner()
