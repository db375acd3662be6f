"""The main job as an office does it: from the letter's file to the report, and the day the date moves."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lantoa.delivery.tests.builders import words_of_file

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "duong-kinh"
OLD, NEW = ("16/9/2024", "16 tháng 9 năm 2024", "mười sáu tháng chín"), ("16/10/2024", "16 tháng 10 năm 2024")

pytestmark = pytest.mark.slow


@dataclass
class Office:
    """A home of its own, and the commands done in it."""

    home: Path
    letter: Path

    def do(self, *arguments: object, ends: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "lantoa", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            env={**os.environ, "LANTOA_HOME": str(self.home), "PYTHONWARNINGS": "default"},
            cwd=ROOT,
        )
        assert done.returncode == ends, done.stderr
        return done.stdout

    def ask(self, *arguments: object, ends: int = 0) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.do(*arguments, "--json", ends=ends))
        return answer

    def files(self) -> dict[str, str]:
        """Every file outside, by its path, as a hash."""
        out = self.home / "out"
        return {
            str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(out.rglob("*"))
            if path.is_file()
        }

    def words(self) -> dict[str, str]:
        """What can be read in each file outside; a bulletin's words stand beside it in its script."""
        out = self.home / "out"
        return {name: " ".join(words_of_file(name, (out / name).read_bytes()).split()) for name in self.files()}


def two_wards(folder: Path) -> Path:
    """The example's tree with its first two wards: the whole path in half the time."""
    with (EXAMPLE / "places.csv").open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    all_wards = [row[0] for row in rows if row[2] == "ward"]
    kept = all_wards[:2]
    gone = tuple(code for code in all_wards if code not in kept)
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([header, *(row for row in rows if not row[0].startswith(gone))])
    return folder / "places.csv"


@dataclass
class Journey:
    """The journey's stations, each with what was seen there."""

    office: Office
    first: dict[str, Any]
    again: dict[str, Any]
    published: dict[str, str]
    planned: dict[str, Any]
    after_plan: dict[str, str]
    done: dict[str, Any]
    words: dict[str, str]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    folder = tmp_path_factory.mktemp("office")
    two_wards(folder)
    letter = folder / "letter.txt"
    shutil.copyfile(EXAMPLE / "letter.txt", letter)
    office = Office(folder / "home", letter)
    first = office.ask("run", letter)
    again = office.ask("run", letter)
    published = office.files()
    ident = first["campaign"]
    planned = office.ask(
        "fact",
        ident,
        "cutoff_date",
        "2024-10-16",
        "--source",
        "Thông tư số 10/2024/TT-BTTTT ngày 13/9/2024",
        "--reason",
        "để người dân khắc phục hậu quả bão số 3",
    )
    after_plan = office.files()
    done = office.ask("correct", ident)
    return Journey(office, first, again, published, planned, after_plan, done, office.words())


def test_the_letter_is_read_into_the_form_other_programs_rely_on() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lantoa", "read", str(EXAMPLE / "letter.txt"), "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=ROOT,
    )
    letter = json.loads(done.stdout)
    jsonschema.validate(letter, json.loads((ROOT / "docs" / "letter.schema.json").read_text(encoding="utf-8")))
    assert (letter["symbol"], letter["number"], letter["date"]) == ("UBND-VHTT", None, None)


def test_the_main_job_says_what_it_did(journey: Journey) -> None:
    first = journey.first
    assert set(first) >= {
        "campaign",
        "letter",
        "tasks",
        "assignments",
        "questions",
        "renderings",
        "exposures",
        "report",
        "made",
        "kept",
        "seconds",
        "steps",
    }
    assert first["is_new"] is True
    assert (first["pack"], first["as_of"]) == ("2g_shutdown", "2024-08-14")
    assert [task["index"] for task in first["tasks"]] == ["1", "2", "3.1", "3.2"]
    assert first["made"] == len(first["renderings"])
    jsonschema.validate(first["letter"], json.loads((ROOT / "docs" / "letter.schema.json").read_text(encoding="utf-8")))


def test_every_rendering_is_a_file_under_the_hash_of_its_inputs(journey: Journey) -> None:
    for entry in journey.first["renderings"]:
        path = Path(entry["path"])
        assert path.stem == entry["hash"]
        assert path.stat().st_size == entry["size"]
    assert {"article", "sms", "audio", "leaflet", "poster", "briefing", "doorstep_card", "covering_letter"} <= {
        entry["kind"] for entry in journey.first["renderings"]
    }


def test_everything_went_out_and_shows_the_day_that_was_true(journey: Journey) -> None:
    exposures = journey.first["exposures"]
    assert {row["state"] for row in exposures} == {"sent"}
    assert {row["facts"].get("cutoff_date", 1) for row in exposures} == {1}
    assert {row["target"] for row in exposures} <= set(journey.published)


def test_wards_hand_their_teams_what_they_need(journey: Journey) -> None:
    assignments = journey.first["assignments"]
    teams = [row for row in assignments if row["kind"] in {"digital_team", "project06_team"}]
    assert teams
    assert all(row["given_by"] and row["given_by"].endswith("-UBND") and row["task"] == "3.2" for row in teams)
    assert len({(row["task"], row["place"]) for row in assignments}) == len(assignments)


def test_a_second_run_makes_nothing_and_sends_nothing(journey: Journey) -> None:
    assert (journey.again["made"], journey.again["kept"]) == (0, journey.first["made"])
    assert journey.again["is_new"] is False
    assert journey.again["campaign"] == journey.first["campaign"]
    assert journey.again["exposures"] == journey.first["exposures"]


def test_a_changed_fact_plans_and_touches_nothing(journey: Journey) -> None:
    assert journey.planned["fact"] == {"key": "cutoff_date", "version": 2, "value": "2024-10-16"}
    shown = [row for row in journey.first["exposures"] if "cutoff_date" in row["facts"]]
    assert {(row["type"], row["id"]) for row in journey.planned["stale"]} == {(row["type"], row["id"]) for row in shown}
    assert {act["act"] for act in journey.planned["plan"]} == {"replace", "follow_up", "task"}
    assert not any(act["done"] for act in journey.planned["plan"])
    assert journey.after_plan == journey.published


def test_nobody_is_told_twice(journey: Journey) -> None:
    for kind in ("follow_up", "task"):
        places = [act["place"] for act in journey.planned["plan"] if act["act"] == kind]
        assert len(places) == len(set(places)) > 0


def test_afterwards_the_old_day_stands_in_no_file(journey: Journey) -> None:
    assert journey.done["undone"] == 0
    for name, words in journey.words.items():
        assert not [day for day in OLD if day in words], name
    assert sum(any(day in words for day in NEW) for words in journey.words.values()) > 20


def test_bulletins_are_spoken_anew(journey: Journey) -> None:
    sounds = [name for name in journey.published if name.endswith(".mp3")]
    after = journey.office.files()
    assert sounds
    assert all(after[name] != journey.published[name] for name in sounds)


def test_a_corrected_campaign_runs_again_without_making_or_changing_anything(journey: Journey) -> None:
    files = journey.office.files()
    again = journey.office.ask("run", journey.office.letter)
    assert again["made"] == 0
    assert journey.office.files() == files
    live = [row for row in again["exposures"] if row["facts"].get("cutoff_date") == 2]
    assert live
    assert journey.office.ask("correct", again["campaign"])["plan"] == []


def test_the_report_counts_what_happened(journey: Journey, tmp_path: Path) -> None:
    out = tmp_path / "bao-cao.json"
    journey.office.do("report", journey.first["campaign"], "--out", out)
    data = json.loads(out.read_text(encoding="utf-8"))
    figures = {figure["key"]: figure["value"] for figure in data["figures"]}
    assert figures["tasks"] == 4
    assert figures["corrections"] == 1
    assert figures["failed"] == 0
    assert {Path(path).suffix for path in journey.first["reports"].values()} == {".docx", ".pdf", ".json"}
    assert all(Path(path).stat().st_size > 0 for path in journey.first["reports"].values())


def test_the_kit_can_be_carried_away(journey: Journey, tmp_path: Path) -> None:
    kit = journey.office.ask("kit", journey.first["campaign"], "--out", tmp_path)
    made = kit["made"]
    assert 0 < made <= sum(entry["kind"].startswith("audio_") for entry in kit["renderings"]), "other lengths and forms"
    assert all((tmp_path / entry["path"]).exists() for entry in kit["renderings"])
    again = journey.office.ask("kit", journey.first["campaign"], "--out", tmp_path / "again")
    assert (again["made"], again["kept"]) == (0, kit["kept"] + made)


def test_the_history_is_whole(journey: Journey) -> None:
    checks = {check["name"]: check["ok"] for check in journey.office.ask("doctor")["checks"]}
    assert checks["Nhật ký"] is True
