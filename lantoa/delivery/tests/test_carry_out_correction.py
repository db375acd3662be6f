from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lantoa.campaigns.models import Assignment, Campaign, Task
from lantoa.campaigns.tests.builders import (
    LATER,
    LATER_SHOWN,
    NEW,
    NEW_SHOWN,
    OLD,
    OLD_SHOWN,
)
from lantoa.channels.base import Correcting
from lantoa.content.actions import approve_kit, make_kit
from lantoa.content.tests.builders import reword
from lantoa.delivery.actions import (
    Audience,
    approve_correction,
    carry_out,
    deliver_message,
    plan_correction,
    publish_kit,
    send_waiting,
    sending,
)
from lantoa.delivery.actions.sending import instead_of, send
from lantoa.delivery.actions.turn import sending_turn
from lantoa.delivery.models import Correction, CorrectionAct, Delivery, Publication
from lantoa.delivery.tests.builders import (
    PORTAL,
    TEAMS,
    change,
    fault,
    files_outside,
    make_live,
    use_test_channel,
    words_outside,
)
from lantoa.evidence.models import HistoryEntry
from lantoa.letters.rules.letter import LetterTask
from lantoa.places.permits import RefusedError

if TYPE_CHECKING:
    from lantoa.content.models import Rendering
    from lantoa.places.tests.builders import Cast

Row = tuple[str, int, str, object]


def ledger() -> list[Row]:
    return [
        (row.KIND, row.pk, row.state, row.live_to) for model in (Publication, Delivery) for row in model.objects.all()
    ]


def plan(campaign: Campaign) -> Correction:
    planned = plan_correction(campaign, None)
    assert planned is not None
    return planned


def put_right(campaign: Campaign, value: str, key: str = "start_date") -> Correction:
    change(campaign, value, key)
    return carry_out(plan(campaign), None)


def make_urgent(campaign: Campaign, cast: Cast, kit: Rendering) -> Delivery:
    """Make what a correction would queue, not saved yet."""
    correction = Correction.objects.create(campaign=campaign)
    old = Delivery.objects.create(
        campaign=campaign, rendering=kit, recipient=cast.neighbourhood, channel="test", channel_kind="other",
        state="sent", facts=kit.facts,
    )
    act = CorrectionAct.objects.create(correction=correction, act="follow_up", delivery=old)
    return Delivery(
        campaign=campaign, rendering=kit, recipient=cast.neighbourhood, channel="test", channel_kind="sms", act=act,
        facts=kit.facts,
    )


def acts(correction: Correction) -> list[tuple[str, str]]:
    return [(act.act, act.exposure.rendering.kind) for act in correction.acts.all()]


# --- the plan ------------------------------------------------------------------------------------


def test_a_plan_lists_every_stale_thing_and_touches_nothing_outside(cast: Cast) -> None:
    campaign = make_live(cast)
    files, rows = files_outside(), ledger()
    change(campaign)
    correction = plan(campaign)
    assert acts(correction) == [
        ("replace", "article"),
        ("replace", "covering_letter"),
        ("replace", "covering_letter_pdf"),
        ("replace", "leaflet"),
        ("follow_up", "covering_letter"),
        ("task", "leaflet"),
    ]
    assert {fact.version for fact in correction.facts.all()} == {2}
    assert (files_outside(), ledger()) == (files, rows)
    assert not Task.objects.filter(is_correction=True).exists()
    assert HistoryEntry.objects.get(verb="plan_correction").detail == {"facts": {"start_date": 2}, "acts": 6}


def test_each_act_names_the_new_words_that_will_stand(cast: Cast) -> None:
    campaign = make_live(cast)
    change(campaign)
    for act in plan(campaign).acts.all():
        assert act.rendering is not None
        assert act.rendering.facts["start_date"] == 2
        assert act.rendering.kind == ("correction_notice" if act.act == "follow_up" else act.exposure.rendering.kind)
        assert act.rendering.place == cast.ward


def test_with_nothing_stale_there_is_no_plan(cast: Cast) -> None:
    campaign = make_live(cast)
    assert plan_correction(campaign, None) is None
    change(campaign, "0225 388 1234", "hotline")
    assert plan_correction(campaign, None) is None, "nobody was ever shown the hotline"


def test_only_what_shows_the_changed_fact_is_touched(cast: Cast) -> None:
    campaign = make_live(cast)
    change(campaign, "1300", "households")
    assert acts(plan(campaign)) == [("replace", "article")]


def test_a_new_plan_takes_the_place_of_one_not_carried_out(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    change(campaign)
    first = plan(campaign)
    second = plan(campaign)
    assert list(Correction.objects.all()) == [second]
    assert first.pk != second.pk


@pytest.mark.parametrize("who", ["unit_officer", "field_worker", "outsider"])
def test_others_neither_plan_nor_carry_out(cast: Cast, who: str) -> None:
    campaign = make_live(cast, PORTAL)
    change(campaign)
    with pytest.raises(RefusedError):
        plan_correction(campaign, getattr(cast, who))
    correction = plan(campaign)
    with pytest.raises(RefusedError):
        carry_out(correction, getattr(cast, who))
    assert NEW_SHOWN not in words_outside()


# --- carrying out --------------------------------------------------------------------------------


def test_afterwards_the_old_day_stands_nowhere(cast: Cast) -> None:
    campaign = make_live(cast)
    names = set(files_outside())
    assert OLD_SHOWN in words_outside()
    correction = put_right(campaign, NEW)
    assert correction.state == Correction.State.CARRIED_OUT
    assert not correction.acts.filter(done_at__isnull=True).exists()
    words = words_outside()
    assert OLD_SHOWN not in words
    assert NEW_SHOWN in words
    added = set(files_outside()) - names
    assert {name.rsplit("/", 1)[-1] for name in added} == {"thong-bao-dinh-chinh.docx"}
    assert names <= set(files_outside()), "links hold"


def test_the_ledger_closes_the_old_row_and_points_at_the_new(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    put_right(campaign, NEW)
    old, new = Publication.objects.order_by("pk")
    assert (old.replaced_by, old.facts["start_date"], new.facts["start_date"]) == (new, 1, 2)
    assert old.live_to is not None
    assert (new.live_to, new.target, new.assignment) == (None, old.target, old.assignment)
    assert list(Publication.objects.live()) == [new]


def test_a_team_is_told_once_and_given_one_task(cast: Cast) -> None:
    campaign = make_live(cast)
    put_right(campaign, NEW)
    notice = Delivery.objects.get(rendering__kind="correction_notice")
    assert (notice.recipient, notice.state) == (cast.team, "sent")
    task = Task.objects.get(is_correction=True)
    assert "Ngày bắt đầu đo mưa" in task.summary
    assert [row.place for row in Assignment.objects.filter(task=task)] == [cast.team]


def test_what_was_true_is_not_touched(cast: Cast) -> None:
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("portal", "fanpage"))
    campaign = make_live(cast, task)
    post = Publication.objects.get(rendering__kind="social_post")
    files = files_outside()
    put_right(campaign, NEW)
    post.refresh_from_db()
    assert (post.live_to, post.attempts, post.facts) == (None, 1, {"households": 1})
    after = files_outside()
    changed = {name for name, content in files.items() if after[name] != content}
    assert {name.rsplit("/", 1)[-1] for name in changed} - {"MUC-LUC.html"} == {"bai-dang-cong.html"}


def test_once_put_right_a_second_plan_finds_nothing(cast: Cast) -> None:
    campaign = make_live(cast)
    correction = put_right(campaign, NEW)
    assert plan_correction(campaign, None) is None
    with pytest.raises(RefusedError, match="đã được thực hiện"):
        carry_out(correction, None)
    files = files_outside()
    assert publish_kit(campaign, None).sent == 0
    assert files_outside() == files


def test_a_correction_is_corrected_and_its_notice_too(cast: Cast) -> None:
    campaign = make_live(cast)
    put_right(campaign, NEW)
    names = set(files_outside())
    put_right(campaign, LATER)
    words = words_outside()
    assert OLD_SHOWN not in words
    assert NEW_SHOWN not in words, "an old notice must not stand beside the new one"
    assert LATER_SHOWN in words
    assert set(files_outside()) == names
    assert Delivery.objects.live().filter(rendering__kind="correction_notice").count() == 1
    assert plan_correction(campaign, None) is None


def test_a_notice_of_several_facts_is_corrected_too(cast: Cast) -> None:
    task = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("press", "school", "community_digital_team"))
    campaign = make_live(cast, task)
    change(campaign)
    put_right(campaign, "1300", "households")
    put_right(campaign, LATER)
    words = words_outside()
    assert NEW_SHOWN not in words
    assert LATER_SHOWN in words


def test_a_value_that_came_back_is_put_back(cast: Cast) -> None:
    campaign = make_live(cast)
    put_right(campaign, NEW)
    put_right(campaign, OLD)
    words = words_outside()
    assert NEW_SHOWN not in words
    assert OLD_SHOWN in words
    assert plan_correction(campaign, None) is None


def test_a_value_that_came_back_before_anything_was_done_needs_no_correction(cast: Cast) -> None:
    campaign = make_live(cast)
    change(campaign)
    correction = plan(campaign)
    change(campaign, OLD)
    with pytest.raises(RefusedError, match="lập lại kế hoạch"):
        carry_out(correction, None)
    assert plan_correction(campaign, None) is None
    assert not Correction.objects.exists()


def test_a_plan_is_stale_when_any_fact_its_words_show_has_changed_since(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    change(campaign)
    correction = plan(campaign)
    change(campaign, "1300", "households")
    files = files_outside()
    with pytest.raises(RefusedError, match="Dữ kiện đã đổi"):
        carry_out(correction, None)
    assert files_outside() == files


def test_new_words_with_a_fault_are_not_put_anywhere(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    reword(campaign, "point", "Hạn cuối 30/9/2025.")
    change(campaign)
    correction, files = plan(campaign), files_outside()
    with pytest.raises(RefusedError, match="30/9/2025"):
        carry_out(correction, None)
    assert files_outside() == files


def test_carrying_out_is_the_approval_of_the_new_words(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    change(campaign)
    carry_out(plan(campaign), cast.colleague)
    new = Publication.objects.live().get()
    assert new.rendering.approved_by == cast.colleague


# --- cut off, failing, and channels that cannot replace ------------------------------------------


@pytest.mark.parametrize("chunk", [1, 2, 200])
def test_cut_off_it_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(sending, "CHUNK", chunk)
    world = use_test_channel()
    campaign = make_live(cast)
    change(campaign)
    correction = plan(campaign)
    world.acts.clear()
    for calls in (3, 1, 2):  # each run is killed while the channel has its next thing in hand
        world.kill_after = calls
        with pytest.raises(KeyboardInterrupt):
            carry_out(correction, None)
        assert len(world.acts) == len(set(world.acts))
        assert correction.acts.filter(done_at__isnull=False).count() == len(world.acts) + 1, "and the task"
        if len(world.acts) == 4:
            break
    world.kill_after = None
    assert carry_out(correction, None).state == Correction.State.CARRIED_OUT
    assert len(world.acts) == len(set(world.acts)) == 5, "four things replaced and one notice, each once"
    assert {row.facts["start_date"] for row in Delivery.objects.live()} == {2}


def test_killed_outright_the_worker_takes_it_up_and_nothing_is_shown_twice(cast: Cast) -> None:
    campaign = make_live(cast)
    change(campaign)
    correction = plan(campaign)
    approve_correction(correction, None)
    assert OLD_SHOWN in words_outside(), "queued is not sent"
    for model in (Publication, Delivery):  # sent, but the machine went down before the outcome was written
        rows: list[Any] = list(model.objects.filter(act__isnull=False).select_related("act"))
        targets = instead_of(rows)
        for row in rows:
            send(row, targets.get(row.pk, ""))
        model.objects.filter(act__isnull=False).update(state="sending")
    files = files_outside()
    assert send_waiting(campaign) == (5, 0)
    assert files_outside() == files
    correction.refresh_from_db()
    assert correction.state == Correction.State.CARRIED_OUT
    assert HistoryEntry.objects.filter(verb="carry_out").count() == 1
    assert plan_correction(campaign, None) is None


def test_what_may_have_gone_out_when_the_machine_went_down_is_put_right_too(cast: Cast) -> None:
    use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS, pieces=())
    change(campaign)
    approve_correction(plan(campaign), None)
    Delivery.objects.filter(act__isnull=False).update(state="sending")
    change(campaign, OLD)
    told_back = carry_out(plan(campaign), None)
    assert acts(told_back) == [("follow_up", "correction_notice")], "the team may have read the second day"
    assert Delivery.objects.live().filter(rendering__kind="correction_notice").get().facts == {"start_date": 3}


def test_a_correction_goes_ahead_of_what_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CHUNK", 1)
    world = use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS, pieces=())
    change(campaign)
    approve_correction(plan(campaign), None)
    (notice,) = Delivery.objects.filter(act__isnull=False)
    kit = campaign.rendering_set.current().get(kind="article", place=campaign.place)
    bulk = [
        Delivery(
            campaign=campaign, rendering=kit, recipient=place, channel="test", channel_kind="other", facts=kit.facts
        )
        for place in (cast.committee, cast.ward)
    ]
    Delivery.objects.bulk_create(bulk)
    Delivery.objects.filter(pk=notice.pk).update(id=10_000)
    world.acts.clear()
    assert send_waiting(campaign) == (3, 0)
    assert [key for _, key in world.acts] == ["delivery-10000", *(f"delivery-{row.pk}" for row in bulk)]


def test_a_correction_approved_while_the_bulk_goes_out_does_not_wait_for_its_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 1)
    world = use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS, pieces=())
    kit = campaign.rendering_set.current().get(kind="social_post", place=campaign.place)
    shared = {"campaign": campaign, "rendering": kit, "channel": "test", "facts": kit.facts}
    Delivery.objects.bulk_create(
        Delivery(recipient=place, channel_kind="other", **shared) for place in (cast.ward, cast.committee, cast.team)
    )
    notice = make_urgent(campaign, cast, kit)
    world.acts.clear()

    def approve(done: int, _of: int) -> None:
        if done == 1:
            notice.save()

    send_waiting(campaign, approve)
    assert [key for _, key in world.acts].index(f"delivery-{notice.pk}") == 1


def test_while_another_sends_nothing_is_sent_beside_it(cast: Cast) -> None:
    campaign = make_live(cast)
    change(campaign)
    approve_correction(plan(campaign), None)
    with sending_turn(campaign) as is_mine:
        assert is_mine
        assert send_waiting(campaign) == (0, 0)
    assert send_waiting(campaign) == (5, 0)


def test_an_act_that_failed_is_noted_and_done_by_the_next_run(cast: Cast) -> None:
    world = use_test_channel()
    campaign = make_live(cast, PORTAL)
    change(campaign)
    correction = plan(campaign)
    world.faults.append(fault())
    carry_out(correction, None)
    act = correction.acts.get()
    assert (act.error, act.done_at, correction.state) == ("Máy chủ bận.", None, Correction.State.PLANNED)
    old = Publication.objects.order_by("pk").first()
    assert old is not None
    assert old.live_to is None, "the old page still stands"
    assert send_waiting(campaign) == (1, 0), "the worker tries again"
    correction.refresh_from_db()
    assert Publication.objects.live().get().facts["start_date"] == 2
    assert [act for act, _ in world.acts] == ["send", "replace"]
    assert correction.state == Correction.State.CARRIED_OUT


def test_a_notice_the_worker_sent_meanwhile_is_not_sent_again(cast: Cast) -> None:
    world = use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS, pieces=())
    change(campaign)
    correction = plan(campaign)
    world.faults.append(fault())
    world.acts.clear()
    carry_out(correction, None)
    assert correction.state == Correction.State.PLANNED
    assert send_waiting(campaign) == (1, 0)
    correction.refresh_from_db()
    assert correction.state == Correction.State.CARRIED_OUT
    with pytest.raises(RefusedError, match="đã được thực hiện"):
        carry_out(correction, None)
    assert len(world.acts) == 1


def test_a_fact_that_moves_on_while_an_act_failed_goes_out_once_with_the_last_value(cast: Cast) -> None:
    world = use_test_channel()
    campaign = make_live(cast)
    change(campaign)
    world.faults += [fault(), fault(), fault()]
    carry_out(plan(campaign), None)
    put_right(campaign, LATER)
    live = [*Publication.objects.live(), *Delivery.objects.live()]
    assert {row.facts["start_date"] for row in live} == {3}
    assert send_waiting(campaign) == (0, 0)
    assert plan_correction(campaign, None) is None
    first, second = Correction.objects.order_by("pk")
    assert first.state == second.state == Correction.State.CARRIED_OUT
    assert not first.acts.filter(done_at__isnull=True).exists(), "of the first, what was done stays"


def test_readers_of_a_channel_that_cannot_replace_are_told_once_and_never_again(cast: Cast) -> None:
    world = use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, TEAMS, pieces=())
    deliver_message(campaign, Audience("test", "article", cast.team.code), None)
    sent = len(world.acts)
    put_right(campaign, NEW)
    assert len(world.acts) == sent + 1
    assert plan_correction(campaign, None) is None
    live = Delivery.objects.live().filter(recipient=cast.team)
    assert [row.rendering.kind for row in live] == ["correction_notice"]
    put_right(campaign, LATER)
    assert len(world.acts) == sent + 2, "who heard of the second day hears of the third"
    assert Delivery.objects.live().get().facts["start_date"] == 3


def test_a_place_whose_channel_asks_for_hands_gets_the_task_once(cast: Cast) -> None:
    use_test_channel(Correcting.TASK)
    campaign = make_live(cast, PORTAL)
    correction = put_right(campaign, NEW)
    assert acts(correction) == [("task", "article")]
    assert plan_correction(campaign, None) is None
    assert Assignment.objects.get(task__is_correction=True).place == cast.committee


def test_what_has_no_new_version_is_taken_down(cast: Cast) -> None:
    campaign = make_live(cast, LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("portal", "leaflet")))
    change(campaign)
    campaign.tasks.update(channel_kinds=["portal"])
    carry_out(plan(campaign), None)
    assert not [name for name in files_outside() if name.endswith("to-roi-a5.pdf")]
    assert OLD_SHOWN not in words_outside()
    assert plan_correction(campaign, None) is None


def test_a_new_value_in_the_same_words_swaps_nothing_and_closes_nothing(cast: Cast) -> None:
    campaign = make_live(cast, PORTAL)
    for key, text in (("title", "Đo mưa"), ("lead", "Hãy hỏi {start_date|label}."), ("figure", "Sắp đến")):
        reword(campaign, key, text)
    put_right(campaign, NEW)
    row, files = Publication.objects.live().get(), files_outside()
    put_right(campaign, LATER)
    row.refresh_from_db()
    assert (row.live_to, row.facts["start_date"]) == (None, 3)
    assert Publication.objects.live().get() == row
    assert files_outside() == files


def test_the_kit_of_a_corrected_campaign_can_be_made_and_approved_again(cast: Cast) -> None:
    campaign = make_live(cast)
    put_right(campaign, NEW)
    assert make_kit(campaign, None).made == 0
    assert approve_kit(campaign, None) == 0
    assert HistoryEntry.objects.filter(verb="carry_out").count() == 1
