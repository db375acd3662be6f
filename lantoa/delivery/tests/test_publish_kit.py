from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.tests.builders import NEW_SHOWN, OLD_SHOWN
from lantoa.channels.memory import BOX
from lantoa.content.actions import approve_kit, make_kit
from lantoa.delivery.actions import Audience, deliver_message, publish_kit, send_waiting
from lantoa.delivery.models import Delivery, Publication
from lantoa.delivery.tests.builders import (
    PORTAL,
    SMS,
    change,
    fault,
    files_outside,
    make_live,
    make_ready,
    use_test_channel,
    words_outside,
)
from lantoa.evidence.models import HistoryEntry
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.places.tests.builders import Cast


def test_each_place_shows_and_each_team_is_handed_what_its_task_asks_for(cast: Cast) -> None:
    campaign = make_ready(cast)
    outcome = publish_kit(campaign, cast.officer)
    assert (outcome.publications, outcome.deliveries, outcome.sent, outcome.failed) == (1, 3, 4, 0)
    page = Publication.objects.get()
    assert (page.place, page.rendering.kind, page.rendering.place, page.state) == (
        cast.committee,
        "article",
        cast.ward,
        "sent",
    )
    assert page.live_from is not None
    assert {
        (row.recipient, row.rendering.kind) for row in Delivery.objects.select_related("recipient", "rendering")
    } == {
        (cast.team, "covering_letter"),
        (cast.team, "covering_letter_pdf"),
        (cast.team, "leaflet"),
    }
    entry = HistoryEntry.objects.get(verb="publish_kit")
    assert entry.detail == {"publications": 1, "deliveries": 3}


def test_the_folder_holds_the_files_by_place_and_channel(cast: Cast) -> None:
    campaign = make_live(cast)
    ward = f"{campaign.slug}/phuong-da-phuoc"
    team = f"{ward}/to-cong-nghe-so-cong-dong-so-1/to-cong-nghe-so-cong-dong"
    files = files_outside()
    assert set(files) - {f"{campaign.slug}/MUC-LUC.html"} == {
        f"{ward}/cong-thong-tin-dien-tu/bai-dang-cong.html",
        f"{team}/cong-van-gui-tai-lieu.docx",
        f"{team}/cong-van-gui-tai-lieu.pdf",
        f"{team}/to-roi-a5.pdf",
    }
    for row in (*Publication.objects.all(), *Delivery.objects.all()):
        assert files[row.target] == row.rendering.path.read_bytes()


def test_each_row_keeps_the_facts_it_showed(cast: Cast) -> None:
    make_live(cast)
    rows = [*Publication.objects.all(), *Delivery.objects.all()]
    assert all(row.facts == row.rendering.facts for row in rows)
    assert all(row.facts["start_date"] == 1 for row in rows)


def test_a_second_run_adds_nothing(cast: Cast) -> None:
    campaign = make_live(cast)
    files = files_outside()
    outcome = publish_kit(campaign, cast.officer)
    assert (outcome.publications, outcome.deliveries, outcome.sent, outcome.failed) == (0, 0, 0, 0)
    assert files_outside() == files
    assert HistoryEntry.objects.filter(verb="publish_kit").count() == 1


def test_a_second_run_leaves_what_stands_to_the_correction_though_the_kit_is_new(cast: Cast) -> None:
    campaign = make_live(cast)
    change(campaign)
    make_kit(campaign, None)
    approve_kit(campaign, None)
    files = files_outside()
    assert publish_kit(campaign, None).publications == 0
    assert files_outside() == files


def test_nothing_unapproved_goes_out(cast: Cast) -> None:
    campaign = make_ready(cast)
    campaign.rendering_set.filter(kind="leaflet").update(approved_at=None)
    with pytest.raises(RefusedError, match="Còn 2 sản phẩm chưa được duyệt"):
        publish_kit(campaign, cast.officer)
    assert not Publication.objects.exists()
    assert files_outside() == {}


def test_an_approved_kit_whose_fact_has_changed_does_not_go_out(cast: Cast) -> None:
    campaign = make_ready(cast)
    change(campaign)
    with pytest.raises(RefusedError, match="Dữ kiện đã đổi"):
        publish_kit(campaign, cast.officer)
    with pytest.raises(RefusedError, match="Dữ kiện đã đổi"):
        deliver_message(campaign, Audience("folder", "article"), cast.officer)
    assert not Publication.objects.exists()


def test_a_closed_campaign_publishes_no_more(cast: Cast) -> None:
    campaign = make_ready(cast)
    campaign.state = campaign.State.CLOSED
    with pytest.raises(RefusedError, match="đã kết thúc"):
        publish_kit(campaign, None)


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_may_not_publish(cast: Cast, who: str) -> None:
    campaign = make_ready(cast, PORTAL)
    with pytest.raises(RefusedError):
        publish_kit(campaign, getattr(cast, who))
    with pytest.raises(RefusedError):
        deliver_message(campaign, Audience("folder", "article"), getattr(cast, who))
    assert not Publication.objects.exists()


def test_sms_below_the_province_becomes_a_question_with_the_article(cast: Cast) -> None:
    campaign = make_live(cast, SMS, PORTAL)
    assert not Publication.objects.filter(channel_kind="sms").exists()
    question = campaign.questions.get(about="assignee")
    assert "NĐ 49/2024/NĐ-CP, Điều 32" in question.why
    publish_kit(campaign, None)
    assert campaign.questions.filter(about="assignee").count() == 1


def test_a_rehearsal_goes_to_memory_and_leaves_no_file(cast: Cast) -> None:
    campaign = make_ready(cast)
    campaign.is_rehearsal = True
    campaign.save()
    assert publish_kit(campaign, None).sent == 4
    assert files_outside() == {}
    assert len(BOX.shown) == 4


# --- when a channel fails ------------------------------------------------------------------------


def test_what_fails_for_now_is_noted_and_sent_by_the_next_round(cast: Cast) -> None:
    world = use_test_channel()
    world.faults.append(fault())
    campaign = make_ready(cast, PORTAL)
    outcome = publish_kit(campaign, None)
    row = Publication.objects.get()
    assert (outcome.sent, outcome.failed) == (0, 1)
    assert (row.state, row.error, row.attempts, row.live_from) == ("failed_for_now", "Máy chủ bận.", 1, None)
    assert send_waiting(campaign) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.error, row.attempts, row.provider_id) == ("sent", "", 2, "đã nhận")
    assert send_waiting(campaign) == (0, 0)
    assert [act for act, _ in world.acts] == ["send"]


def test_what_fails_for_good_is_not_tried_again(cast: Cast) -> None:
    use_test_channel().faults.append(fault(permanent=True))
    campaign = make_live(cast, PORTAL)
    assert Publication.objects.get().state == "failed_for_good"
    assert send_waiting(campaign) == (0, 0)
    assert not Publication.objects.live().exists()


def test_a_run_cut_off_goes_on_with_what_was_not_sent(cast: Cast) -> None:
    world = use_test_channel()
    world.faults.append(KeyboardInterrupt())
    campaign = make_ready(cast)
    with pytest.raises(KeyboardInterrupt):
        publish_kit(campaign, None)
    assert Publication.objects.get().state == "queued"
    assert Delivery.objects.filter(state="queued").count() == 3
    outcome = publish_kit(campaign, None)
    assert (outcome.publications, outcome.deliveries, outcome.sent) == (0, 0, 4)
    assert len(world.acts) == len(set(world.acts)) == 4


def test_what_waited_while_a_fact_changed_goes_out_in_its_new_words(cast: Cast) -> None:
    world = use_test_channel()
    world.faults.append(fault())
    campaign = make_live(cast, PORTAL)
    change(campaign)
    assert send_waiting(campaign) == (0, 0), "the new words are not approved yet"
    make_kit(campaign, None)
    assert send_waiting(campaign) == (0, 0)
    approve_kit(campaign, None)
    assert send_waiting(campaign) == (1, 0)
    row = Publication.objects.get()
    assert row.facts["start_date"] == 2
    assert NEW_SHOWN in row.rendering.words


def test_progress_is_told_in_rows(cast: Cast) -> None:
    campaign = make_ready(cast)
    told: list[tuple[int, int]] = []
    publish_kit(campaign, None, lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (4, 4)]


# --- one message to an audience ------------------------------------------------------------------


def test_a_message_goes_once_to_every_place_of_the_audience(cast: Cast) -> None:
    world = use_test_channel()
    campaign = make_ready(cast)
    first = deliver_message(campaign, Audience("test", "sms"), cast.officer)
    assert (first.deliveries, first.sent) == (2, 2)
    again = deliver_message(campaign, Audience("test", "sms"), cast.officer)
    assert (again.deliveries, again.sent) == (0, 0)
    assert len(world.acts) == 2
    assert set(Delivery.objects.values_list("recipient", flat=True)) == {cast.committee.pk, cast.team.pk}


@pytest.mark.parametrize("segment", ["digital_team", "code"])
def test_an_audience_is_a_kind_of_place_or_a_code(cast: Cast, segment: str) -> None:
    campaign = make_ready(cast)
    chosen = cast.team.code if segment == "code" else segment
    deliver_message(campaign, Audience("memory", "article", chosen), None)
    assert [row.recipient for row in Delivery.objects.all()] == [cast.team]
    assert Delivery.objects.get().rendering.place == cast.ward


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (Audience("pigeon", "sms"), "Không có kênh “pigeon”"),
        (Audience("folder", "audio"), "không có sản phẩm “audio”"),
        (Audience("sms", "sms"), "NĐ 49/2024/NĐ-CP, Điều 32"),
    ],
)
def test_an_unknown_channel_or_piece_is_refused(cast: Cast, audience: Audience, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        deliver_message(make_ready(cast, PORTAL), audience, None)


def test_the_builders_read_what_people_read(cast: Cast) -> None:
    make_live(cast)
    assert words_outside().count(OLD_SHOWN) >= 4
