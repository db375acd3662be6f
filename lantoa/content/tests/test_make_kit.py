from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from lantoa.campaigns.actions import FactChange, record_fact
from lantoa.campaigns.rules.wording import MissingFactsError
from lantoa.campaigns.tests.builders import (
    BULLETIN,
    LEAFLET,
    NEW,
    NEW_SHOWN,
    OLD,
    OLD_SHOWN,
    build_letter,
    make_campaign,
)
from lantoa.content.actions import make_kit, making
from lantoa.content.actions.homes import cited
from lantoa.content.actions.making import details_path, make_notices
from lantoa.content.makers.making import Made, make
from lantoa.content.models import Rendering
from lantoa.content.tests.builders import reword
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Campaign
    from lantoa.content.rules.piece import Piece
    from lantoa.places.tests.builders import Cast

PORTAL = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("portal",))


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return make_campaign(cast)


def current(campaign: Campaign) -> dict[tuple[str, str], Rendering]:
    return {(row.place.kind, row.kind): row for row in campaign.rendering_set.current().select_related("place")}


def stored() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in settings.LANTOA_STORE.rglob("*") if path.is_file()}


def move_date(campaign: Campaign, value: str = NEW) -> None:
    record_fact(campaign, FactChange("start_date", value, "Thông báo số 20/TB-UBND"), None)


def test_the_kit_holds_one_rendering_for_each_place_and_kind(campaign: Campaign, cast: Cast) -> None:
    kit = make_kit(campaign, cast.officer)
    rows = current(campaign)
    assert (kit.made, kit.kept) == (len(rows), 0)
    assert set(rows) == {
        ("district", "article"),
        ("district", "feed_entry"),
        ("district", "social_post"),
        ("district", "sms"),
        ("district", "sms_unaccented"),
        ("ward", "article"),
        ("ward", "feed_entry"),
        ("ward", "covering_letter"),
        ("ward", "covering_letter_pdf"),
    }
    assert all(row.path.stat().st_size == row.size for row in rows.values())
    assert HistoryEntry.objects.get(verb="make_kit").detail == {"made": len(rows), "kept": 0}


def test_a_second_time_nothing_is_made_and_nothing_recorded(campaign: Campaign) -> None:
    first = make_kit(campaign, None)
    files = stored()
    again = make_kit(campaign, None)
    assert (again.made, again.kept) == (0, first.made)
    assert {row.pk for row in again.renderings} == {row.pk for row in first.renderings}
    assert stored() == files
    assert HistoryEntry.objects.filter(verb="make_kit").count() == 1


def test_a_rendering_remembers_the_versions_it_printed_and_no_others(campaign: Campaign) -> None:
    make_kit(campaign, None)
    rows = current(campaign)
    assert rows["ward", "article"].facts == {"households": 1, "start_date": 1}
    assert rows["district", "sms"].facts == {"start_date": 1}
    assert rows["district", "social_post"].facts == {"households": 1}
    assert OLD_SHOWN in rows["district", "sms"].words


def test_each_place_speaks_of_itself_and_links_to_its_own_page(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    rows = current(campaign)
    assert "phường Đa Phước" in rows["ward", "article"].words
    assert "quận Bến Nghé" in rows["district", "article"].words
    assert f"/c/{campaign.slug}/?noi={cast.ward.code}" in rows["ward", "article"].path.read_text(encoding="utf-8")


def test_a_changed_fact_makes_anew_only_what_prints_it(campaign: Campaign) -> None:
    make_kit(campaign, None)
    before = current(campaign)
    record_fact(campaign, FactChange("households", "1300", "Thống kê mới"), None)
    kit = make_kit(campaign, None)
    after = current(campaign)
    changed = {key for key in after if after[key].hash != before[key].hash}
    assert changed >= {("ward", "article"), ("district", "article"), ("district", "social_post")}
    assert "1.300" in after["ward", "article"].words
    assert kit.made == len(changed)
    assert {row.facts.get("households") for row in kit.renderings} == {2, None}


def test_a_value_that_comes_back_takes_the_old_rendering_again(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: campaign.as_of)
    first = {row.pk for row in make_kit(campaign, None).renderings}
    move_date(campaign)
    make_kit(campaign, None)
    move_date(campaign, OLD)
    kit = make_kit(campaign, None)
    assert kit.made == 0
    assert {row.pk for row in kit.renderings} == first
    assert current(campaign)["district", "sms"].facts == {"start_date": 3}


def test_an_edited_message_makes_anew_only_what_uses_it(campaign: Campaign) -> None:
    make_kit(campaign, None)
    before = current(campaign)
    reword(campaign, "point", "Ghi số vào sổ.", "Đọc vạch")
    kit = make_kit(campaign, None)
    after = current(campaign)
    changed = {kind for key in after if after[key].hash != before[key].hash for kind in [key[1]]}
    assert changed == {"article", "feed_entry"}
    assert kit.made == 4
    assert "Ghi số vào sổ." in after["ward", "article"].words


def test_what_a_fact_waits_for_is_left_out_until_it_is_confirmed(campaign: Campaign) -> None:
    make_kit(campaign, None)
    assert "Gọi" not in current(campaign)["ward", "article"].words
    record_fact(campaign, FactChange("hotline", "0225 388 1234", "Trạm khí tượng"), None)
    make_kit(campaign, None)
    article = current(campaign)["ward", "article"]
    assert "Gọi 0225 388 1234 khi nước lên." in article.words.replace("\u00a0", " ")
    assert article.facts["hotline"] == 2


def test_a_message_that_cannot_do_without_an_unconfirmed_fact_stops_the_kit_by_name(campaign: Campaign) -> None:
    make_kit(campaign, None)
    reword(campaign, "lead", "Gọi {hotline}.")
    with pytest.raises(MissingFactsError, match="Số trực lũ"):
        make_kit(campaign, None)


def test_a_run_that_breaks_leaves_no_half_file_and_no_row(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    real, done = make, 0

    def breaking(kind: str, piece: Piece, **how: Any) -> Made:
        nonlocal done
        done += 1
        if done == 4:
            raise KeyboardInterrupt
        return real(kind, piece, **how)

    monkeypatch.setattr(making, "make", breaking)
    with pytest.raises(KeyboardInterrupt):
        make_kit(campaign, None)
    assert not Rendering.objects.exists()
    files = stored()
    assert all(re.fullmatch(r"[0-9a-f]{64}(\.details)?\.\w+", path.name) for path in files)
    monkeypatch.setattr(making, "make", real)
    kit = make_kit(campaign, None)
    assert (kit.made, kit.kept) == (len(kit.renderings) - 3, 3)
    assert {path: stored()[path] for path in files} == files


def test_a_disk_that_breaks_while_writing_leaves_no_file(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_old: object, _new: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        make_kit(campaign, None)
    assert stored() == {}


def test_a_lost_file_is_made_again_with_the_same_bytes(campaign: Campaign) -> None:
    make_kit(campaign, None)
    row = current(campaign)["ward", "article"]
    content = row.path.read_bytes()
    row.path.unlink()
    assert make_kit(campaign, None).made == 1
    assert row.path.read_bytes() == content
    details_path(row.path).unlink()
    assert make_kit(campaign, None).made == 1


def test_a_kind_no_task_asks_for_any_more_is_no_longer_current(campaign: Campaign) -> None:
    make_kit(campaign, None)
    campaign.tasks.update(channel_kinds=["portal"])
    kit = make_kit(campaign, None)
    assert ("ward", "covering_letter") not in current(campaign)
    assert kit.made == 0
    assert campaign.rendering_set.filter(kind="covering_letter", is_current=False).count() == 1


def test_teams_the_letter_names_itself_get_the_pieces_of_their_ward(cast: Cast) -> None:
    task = LetterTask("1", ("Các Tổ công nghệ số cộng đồng",), "", ("community_digital_team",))
    campaign = make_campaign(cast, task, pieces=(LEAFLET,))
    make_kit(campaign, None)
    assert {kind for place, kind in current(campaign) if place == "ward"} == {
        "covering_letter",
        "covering_letter_pdf",
        "leaflet",
    }


def test_a_bulletin_is_kept_with_the_words_as_spoken(cast: Cast) -> None:
    campaign = make_campaign(
        cast, LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("loudspeaker",)), pieces=(BULLETIN,)
    )
    told: list[tuple[int, int]] = []
    kit = make_kit(campaign, None, lambda done, of: told.append((done, of)))
    rows = current(campaign)
    assert "tháng sáu" in rows["ward", "audio"].words
    assert rows["ward", "audio"].details["seconds"] > 2
    assert OLD_SHOWN in rows["ward", "script"].words
    assert told[-1] == (kit.made, kit.made)
    assert make_kit(campaign, None).made == 0


def test_a_notice_counts_as_showing_the_fact_it_announces(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    move_date(campaign)
    record_fact(campaign, FactChange("households", "1300", "Thống kê"), None)
    changed = list(campaign.facts.current().filter(key__in=["start_date", "households"]))
    kit = make_notices(campaign, changed[:1], [cast.ward.pk], None)
    assert {row.kind for row in kit.renderings} == {"correction_notice", "correction_notice_pdf"}
    both = make_notices(campaign, changed, [cast.ward.pk], None).renderings[0]
    assert both.facts == {"households": 2, "start_date": 2}
    assert "1.300" in both.words
    assert NEW_SHOWN in both.words
    assert OLD_SHOWN not in both.words


def test_making_notices_leaves_the_kit_as_it_is(campaign: Campaign, cast: Cast) -> None:
    make_kit(campaign, None)
    before = set(campaign.rendering_set.current().values_list("pk", flat=True))
    make_notices(campaign, campaign.facts.filter(key="start_date"), [cast.ward.pk], None)
    assert before < set(campaign.rendering_set.current().values_list("pk", flat=True))


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_make_the_kit(campaign: Campaign, cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        make_kit(campaign, getattr(cast, who))
    assert not Rendering.objects.exists()


def test_files_in_the_store_carry_the_hash_of_their_inputs_and_never_change(campaign: Campaign) -> None:
    make_kit(campaign, None)
    before = {path: hashlib.sha256(content).digest() for path, content in stored().items()}
    move_date(campaign)
    make_kit(campaign, None)
    after = {path: hashlib.sha256(content).digest() for path, content in stored().items()}
    assert before.items() <= after.items()


def test_the_letter_is_cited_without_a_number_as_long_as_that_is_blank() -> None:
    letter = build_letter()
    assert (
        cited("cong_van", "12/UBND-VHTT", letter.issuer) == "Công văn số 12/UBND-VHTT của Ủy ban nhân dân quận Bến Nghé"
    )
    assert cited("cong_van", "UBND-VHTT", None) == "Công văn"
    assert cited("ke_hoach", None, "UBND quận") == "Văn bản của UBND quận"
