"""What is written for many people, handed to one place: nobody's name in it, and short words once it is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.channels.base import Correcting
from lantoa.channels.memory import BOX
from lantoa.content.rules.kinds import KINDS, NOTICE_KINDS
from lantoa.delivery.actions import Audience, Withdrawal, deliver_message, plan_correction, withdraw_message
from lantoa.delivery.models import Delivery
from lantoa.delivery.tests.builders import PORTAL, change, files_outside, make_live, use_test_channel
from lantoa.letters.rules.letter import LetterTask

if TYPE_CHECKING:
    from lantoa.places.tests.builders import Cast

EMAIL = """
[[piece]]
kind = "email"
audience = "residents"
[piece.slots]
title = ["title"]
lead = ["lead"]
key_figure = ["figure"]
key_label = ["figure_label"]
points = ["point"]
"""
MEETING = LetterTask("1", ("Ủy ban nhân dân các phường",), "Họp giao ban", ("staff_meeting",))
WHY = "in nhầm số điện thoại"


def test_an_office_opens_an_e_mail_that_greets_nobody_by_name(cast: Cast) -> None:
    make_live(cast, MEETING, pieces=(EMAIL,))
    (content,) = [content for name, content in files_outside().items() if name.endswith("thu-dien-tu.html")]
    text = content.decode()
    assert "Kính gửi quý vị" in text
    assert "{{" not in text
    assert "opt_out_url" not in text


def test_a_message_delivered_by_hand_has_its_slots_filled_too(cast: Cast) -> None:
    campaign = make_live(cast, MEETING, pieces=(EMAIL,))
    deliver_message(campaign, Audience("memory", "email"), cast.officer)
    assert "Kính gửi quý vị" in next(iter(BOX.shown.values())).content.decode()


def test_every_kind_of_notice_is_one() -> None:
    assert set(NOTICE_KINDS) == {kind for kind in KINDS if kind.startswith("correction_")}


def test_a_withdrawn_e_mail_has_short_words_that_are_approved_with_it(cast: Cast) -> None:
    use_test_channel(Correcting.FOLLOW_UP)
    campaign = make_live(cast, MEETING, pieces=(EMAIL,))
    withdraw_message(campaign, Withdrawal("email", WHY), cast.officer)
    short = campaign.rendering_set.get(kind="correction_email", is_current=True)
    assert short.place == cast.ward
    assert short.approved_by == cast.officer
    assert WHY in short.words
    assert not Delivery.objects.filter(rendering=short).exists(), "who carries messages to many people sends them"


def test_a_withdrawal_approves_no_words_of_a_correction_that_waits(cast: Cast) -> None:
    use_test_channel(Correcting.FOLLOW_UP)
    more = EMAIL.replace('"email"', '"correction_email"').replace('["title"]', '["update_title"]')
    campaign = make_live(cast, MEETING, PORTAL, pieces=(EMAIL, more))
    change(campaign)
    plan_correction(campaign, None)
    waiting = campaign.rendering_set.filter(kind="correction_email", is_current=True)
    assert waiting.exists()
    withdraw_message(campaign, Withdrawal("article", WHY), cast.officer)
    assert not waiting.filter(approved_at__isnull=False).exists()
