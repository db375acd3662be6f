from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner
from django.conf import settings

import lantoa
from lantoa.campaigns.models import Campaign
from lantoa.campaigns.tests.builders import BULLETIN
from lantoa.cli.main import COMMANDS
from lantoa.cli.main import lantoa as program
from lantoa.content.tests.builders import reword
from lantoa.delivery.tests.builders import PORTAL, change, files_outside, make_live, make_ready
from lantoa.letters.models import IncomingLetter
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.models import Place
from lantoa.places.tests.builders import make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.places.tests.builders import Cast

EXAMPLE = Path(lantoa.__file__).parents[1] / "examples" / "duong-kinh"


@pytest.fixture
def cast(db: Any) -> Cast:  # noqa: ARG001 - rows need the database
    return make_cast()


# --- help ----------------------------------------------------------------------------------------


def every_command() -> Iterator[tuple[str, ...]]:
    context = click.Context(program)
    for name in COMMANDS:
        yield (name,)
        command = program.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, under) for under in command.list_commands(context))


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_explains_itself_with_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(program, [*path, "--help"])
    assert shown.exit_code == 0
    assert f"Example: lantoa {' '.join(path)}" in " ".join(shown.output.split())


def test_the_program_lists_its_commands_and_its_version() -> None:
    shown = CliRunner().invoke(program, ["--help"])
    assert all(f"\n  {name}" in shown.output for name in COMMANDS)
    assert lantoa.__version__ in CliRunner().invoke(program, ["--version"]).output


# --- what the caller did wrong -------------------------------------------------------------------


def letter_without_tasks(folder: Path) -> Path:
    """Cut all orders out of the example."""
    text = (EXAMPLE / "letter.txt").read_text(encoding="utf-8")
    start, end = text.index("1. Đề nghị"), text.index("Nơi nhận:")
    path = folder / "letter.txt"
    path.write_text(f"{text[:start]}Xin gửi để biết./.\n\n{text[end:]}", encoding="utf-8")
    return path


def places_with_a_circle(folder: Path) -> Path:
    path = folder / "circle.csv"
    path.write_text("code,name,kind,parent_code\na,Quận Một,district,b\nb,Phường Hai,ward,a\n", encoding="utf-8")
    return path


def one_sentence(text: str) -> bool:
    return len(text.strip().splitlines()) == 1 and text.startswith("Lỗi: ") and text.strip().endswith((".", "…"))


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["empty", "picture", "noise", "no_tasks", "circle", "no_tree", "no_pack", "no_place"])
def test_a_wrong_input_of_the_main_job_is_one_sentence_and_leaves_nothing(what: str, tmp_path: Path, run: Any) -> None:
    letter = tmp_path / "only.txt"
    shutil.copyfile(EXAMPLE / "letter.txt", letter)
    places = EXAMPLE / "places.csv"
    (empty := tmp_path / "empty.docx").write_bytes(b"")
    (picture := tmp_path / "scan.docx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
    (noise := tmp_path / "shopping.txt").write_text("mua hai cân gạo\nvà một chai nước mắm\n", encoding="utf-8")
    arguments: dict[str, tuple[object, ...]] = {
        "empty": (empty,),
        "picture": (picture,),
        "noise": (noise,),
        "no_tasks": (letter_without_tasks(tmp_path), "--places", places),
        "circle": (letter, "--places", places_with_a_circle(tmp_path)),
        "no_tree": (letter,),
        "no_pack": (letter, "--places", places, "--pack", "snow"),
        "no_place": (letter, "--places", places, "--place", "999"),
    }
    code, out, err = run("run", *arguments[what])
    assert (code, out) == (2, "")
    assert one_sentence(err), err
    assert not Campaign.objects.exists()
    assert not Place.objects.exists()
    assert not IncomingLetter.objects.exists()
    assert files_outside() == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ("campaign", "show", "77"),
        ("fact", "77", "k", "v", "--source", "s"),
        ("correct", "khong-co"),
        ("kit", "77", "--out", "k"),
        ("report", "²", "--out", "r.json"),
        ("campaign", "show", "9" * 40),
    ],
)
def test_an_unknown_campaign_is_named_with_those_there_are(arguments: tuple[str, ...], run: Any, cast: Cast) -> None:
    make_ready(cast, PORTAL, pieces=())
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert one_sentence(err)
    assert "(rain-quan-ben-nghe)" in err


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("cutoff", "2025-07-05", "hotline, households, start_date"),
        ("start_date", "5/7", "NĂM-THÁNG-NGÀY"),
        ("start_date", "2025-02-30", "NĂM-THÁNG-NGÀY"),
        ("start_date", " ", "để trống"),
    ],
)
def test_a_wrong_fact_is_refused_in_one_sentence(key: str, value: str, said: str, run: Any, cast: Cast) -> None:
    campaign = make_live(cast, PORTAL, pieces=())
    code, _, err = run("fact", campaign.pk, key, value, "--source", "Thông báo 20")
    assert code == 2
    assert one_sentence(err)
    assert said in err
    assert campaign.facts.count() == 3
    assert not campaign.correction_set.exists()


@pytest.mark.parametrize("name", ["bao-cao.xlsx", "bao-cao"])
def test_a_report_in_an_unknown_form_is_refused_and_not_written(
    name: str, run: Any, cast: Cast, tmp_path: Path
) -> None:
    campaign = make_ready(cast, PORTAL, pieces=())
    code, _, err = run("report", campaign.pk, "--out", tmp_path / name)
    assert code == 2
    assert one_sentence(err)
    assert not (tmp_path / name).exists()


def test_an_account_acts_with_its_own_rights(run: Any, cast: Cast) -> None:
    campaign = make_live(cast, PORTAL, pieces=())
    fact = ("fact", campaign.pk, "start_date", "2025-07-05", "--source", "Thông báo 20", "--as")
    assert run(*fact, cast.outsider.username)[0] == 2
    assert "Không có tài khoản “ai-do”" in run(*fact, "ai-do")[2]
    assert campaign.facts.count() == 3
    assert run(*fact, cast.officer.username)[0] == 0
    assert campaign.facts.get(version=2).confirmed_by == cast.officer


@pytest.mark.parametrize("arguments", [("fact", "1", "k", "v"), ("run", "khong-co.txt"), ("nhay",), ("kit",)])
def test_a_misused_command_ends_with_two(arguments: tuple[str, ...], run: Any) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_a_failure_of_ours_is_three_and_says_how_to_see_more(
    monkeypatch: pytest.MonkeyPatch, run: Any, cast: Cast
) -> None:
    campaign = make_ready(cast, PORTAL, pieces=())
    monkeypatch.setattr("lantoa.reports.actions.write_report", lambda *_: 1 / 0)
    code, _, err = run("report", campaign.pk, "--out", "x.json")
    assert code == 3
    assert "LANTOA_DEBUG=1" in err
    assert "Traceback" not in err


# --- what the commands print ---------------------------------------------------------------------


def test_campaigns_are_listed_and_shown(run: Any, cast: Cast) -> None:
    assert "Chưa có chiến dịch nào" in run("campaign", "list")[1]
    campaign = make_ready(cast, PORTAL, pieces=())
    (row,) = json.loads(run("campaign", "list", "--json")[1])["campaigns"]
    assert (row["id"], row["slug"], row["pack"], row["state"]) == (campaign.pk, campaign.slug, "rain", "live")
    shown = json.loads(run("campaign", "show", campaign.slug, "--json")[1])
    assert shown["states"] == {"01": 1}
    assert {fact["key"]: fact["version"] for fact in shown["facts"]} == {"start_date": 1, "households": 1, "hotline": 1}
    assert "start_date v1 = 2025-06-07" in run("campaign", "show", campaign.pk)[1]


def test_a_kit_is_written_out_with_its_list(run: Any, cast: Cast, tmp_path: Path) -> None:
    campaign = make_ready(cast, PORTAL, pieces=())
    data = json.loads(run("kit", campaign.pk, "--out", tmp_path / "kit", "--json")[1])
    assert data == json.loads((tmp_path / "kit" / "kit.json").read_text(encoding="utf-8"))
    assert data["made"] == 0
    assert len(data["renderings"]) == data["kept"]
    for entry in data["renderings"]:
        assert (tmp_path / "kit" / entry["path"]).stat().st_size == entry["size"]
    assert not [one for one in data["findings"] if one["severity"] == "blocks"]


def test_a_kit_written_out_has_each_form_and_what_goes_with_the_sound(run: Any, cast: Cast, tmp_path: Path) -> None:
    loud = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("loudspeaker", "portal"))
    campaign = make_ready(cast, loud, pieces=(BULLETIN,))
    assert "audio_opus" not in campaign.rendering_set.values_list("kind", flat=True)
    data = json.loads(run("kit", campaign.pk, "--out", tmp_path, "--json")[1])
    listed = {entry["kind"]: entry for entry in data["renderings"]}
    assert {"audio", "audio_opus"} <= set(listed)
    for kind in ("audio", "audio_opus"):
        assert [Path(name).suffixes[-1] for name in listed[kind]["beside"]] == [".vtt", ".json"]
        assert all((tmp_path / name).stat().st_size for name in listed[kind]["beside"])
    assert len({entry["path"] for entry in data["renderings"]}) == len(data["renderings"])


def test_kits_of_neighbourhoods_are_written_out_with_a_form_for_the_contacts_they_lack(
    run: Any, cast: Cast, tmp_path: Path
) -> None:
    campaign = make_ready(cast, PORTAL)
    code, out, _ = run("kit", campaign.pk, "--out", tmp_path, "--neighbourhoods")
    assert code == 0
    assert "Tổ dân phố số 1: tên tổ trưởng, số điện thoại, nơi họp" in out
    form = tmp_path / "lien-he-con-thieu.csv"
    assert str(form) in out
    assert (tmp_path / "phuong-da-phuoc" / "to-dan-pho-so-1" / "to-roi-a5.pdf").exists()
    filled = form.read_text(encoding="utf-8-sig").replace(";;;;;", ";;;Nguyễn Văn An;0912 345 678;Nhà văn hóa số 1")
    form.write_text(filled, encoding="utf-8-sig")
    assert json.loads(run("import", "places", form, "--json")[1])["changed"] == 1
    data = json.loads(run("kit", campaign.pk, "--out", tmp_path, "--neighbourhoods", "--json")[1])
    assert (data["made"], data["contacts_asked"]) == (1, [])


def test_a_fault_in_the_kit_is_printed_with_its_place_and_mend_and_ends_with_one(run: Any, cast: Cast) -> None:
    campaign = make_ready(cast, PORTAL, pieces=())
    assert run("kit", campaign.pk)[0] == 0
    reword(campaign, "point", "Hạn cuối 30/6/2025.", "Đọc vạch")
    code, out, _ = run("kit", campaign.pk)
    assert code == 1
    assert "“30/6/2025”" in out
    assert "«point»" in out
    data = json.loads(run("kit", campaign.pk, "--json")[1])
    fault = next(one for one in data["findings"] if one["severity"] == "blocks")
    assert fault["rule"] == "date"
    assert fault["where"]["before"].endswith("Hạn cuối ")


def test_a_correction_with_nothing_to_do_says_so(run: Any, cast: Cast) -> None:
    campaign = make_live(cast, PORTAL, pieces=())
    assert run("correct", campaign.pk)[:2] == (0, "Không có gì phải đính chính.\n")
    assert json.loads(run("correct", campaign.pk, "--json")[1])["plan"] == []


def test_a_correction_that_was_never_planned_is_planned_and_carried_out(run: Any, cast: Cast) -> None:
    campaign = make_live(cast, PORTAL, pieces=())
    change(campaign)
    code, out, _ = run("correct", campaign.pk, "--json")
    data = json.loads(out)
    assert (code, data["done"], data["undone"]) == (0, 1, 0)
    assert [act["done"] for act in data["plan"]] == [True]


def test_a_message_is_delivered_once(run: Any, cast: Cast) -> None:
    campaign = make_ready(cast, PORTAL, pieces=())
    sent = ("deliver", campaign.pk, "--channel", "memory", "--message", "sms", "--json")
    assert json.loads(run(*sent)[1]) == {"queued": 1, "sent": 1, "failed": 0}
    assert json.loads(run(*sent)[1]) == {"queued": 0, "sent": 0, "failed": 0}
    code, _, err = run("deliver", campaign.pk, "--channel", "pigeon", "--message", "sms")
    assert (code, one_sentence(err)) == (2, True)


@pytest.mark.usefixtures("cast")
def test_the_doctor_looks_at_what_the_agency_laid_down(run: Any) -> None:
    checks = {one["name"]: one for one in json.loads(run("doctor", "--json")[1])["checks"]}
    assert checks["Giọng đọc"]["ok"]
    assert checks["Bảng giá tin nhắn"]["found"] == "chưa có"
    (settings.LANTOA_HOME / "tariffs.toml").write_text("[[tariff]]", encoding="utf-8")
    code, out, _ = run("doctor")
    assert code == 1
    assert "✗ Bảng giá tin nhắn" in out
    assert "→ sửa tệp được nêu tên" in out


def test_a_folder_of_letters_is_read_and_what_cannot_be_read_is_named(tmp_path: Path, run: Any) -> None:
    shutil.copyfile(EXAMPLE / "letter.txt", tmp_path / "a.txt")
    (tmp_path / "b.txt").write_bytes(b"")
    code, out, _ = run("read", tmp_path, "--out", tmp_path / "json", "--json")
    assert code == 1
    assert json.loads(out)["read"] == 1
    assert [one["file"] for one in json.loads(out)["failed"]] == ["b.txt"]
    assert json.loads((tmp_path / "json" / "a.json").read_text(encoding="utf-8"))["symbol"] == "UBND-VHTT"
