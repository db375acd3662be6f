"""What is written for many people, handed to one place: nobody's name in it, and short words once it is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.channels.base import Correcting
from lantoa.channels.memory import BOX
from lantoa.channels.smtp_relay import SmtpRelayChannel
from lantoa.channels.web_push import WebPushChannel
from lantoa.channels.wire import Item
from lantoa.channels.zalo_zns import ZaloZnsChannel
from lantoa.content.rules.kinds import KINDS, NOTICE_KINDS
from lantoa.delivery.actions import Audience, Withdrawal, deliver_message, plan_correction, withdraw_message
from lantoa.delivery.engine.words import message_of
from lantoa.delivery.models import Delivery
from lantoa.delivery.tests.builders import PORTAL, change, files_outside, make_live, use_test_channel
from lantoa.letters.rules.letter import LetterTask

if TYPE_CHECKING:
    from lantoa.channels.wire import Wire
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
WORDS = '[piece.slots]\ntitle = ["title"]\ntext = ["message"]\n'
TEMPLATE = """
[[template]]
id = "345678"
pack = "rain"
kind = "zns"
title = "Đo mưa từ <ngay>"
text = "Kính gửi quý khách <ten>. Từ <ngay>, mời quý khách đọc thùng đo mưa."
confirmed_by = "Bà Trần Thị Lan"
confirmed_on = 2025-05-09
[template.params]
ngay = { type = "time", value = "{start_date}" }
ten = { type = "customer_name", value = "{{name|quý vị}}" }
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


def test_a_channel_to_many_people_gets_the_words_with_their_slots_and_who_speaks(cast: Cast) -> None:
    push = f'[[piece]]\nkind = "push"\naudience = "residents"\n{WORDS}'
    campaign = make_live(cast, MEETING, pieces=(EMAIL, push))
    rows = campaign.rendering_set.current().filter(place=campaign.place)
    letter, pushed = (message_of(rows.get(kind=kind)) for kind in ("email", "push"))
    assert "{{name|quý vị}}" in letter.text
    assert "{{name|quý vị}}" in letter.html
    assert "{{opt_out_url|" in letter.text
    assert letter.title == rows.get(kind="email").details["subject"]
    assert letter.sender == pushed.sender == rows.get(kind="email").details["publisher"] != ""
    assert pushed.text.startswith("Bắt đầu đo mưa")
    assert pushed.details["url"].endswith(f"?noi={campaign.place.code}")


def test_the_channels_themselves_carry_what_the_kit_holds(cast: Cast) -> None:
    (settings.LANTOA_HOME / "zns.toml").write_text(TEMPLATE, encoding="utf-8")
    zalo = LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("zalo",))
    zns, push = (f'[[piece]]\nkind = "{kind}"\naudience = "residents"\n{WORDS}' for kind in ("zns", "push"))
    campaign = make_live(cast, zalo, pieces=(EMAIL, zns, push))
    wires: dict[str, Wire] = {
        "email": SmtpRelayChannel(sender="tin@phuong.example"), "zns": ZaloZnsChannel(), "push": WebPushChannel(),
    }  # fmt: skip
    rows = campaign.rendering_set.current().filter(place=campaign.place)
    shown = {}
    for kind, wire in wires.items():
        template = wire.compile(message_of(rows.get(kind=kind)))
        item = Item((1, 2), "tin@nhan.example", {"name": "bà Tỵ"}, template, "khoa-1")
        shown[kind] = template.show(item)
    assert "Kính gửi bà Tỵ" in shown["email"]
    assert "/tu-choi/khoa-1" in shown["email"]
    assert "bà Tỵ" in shown["zns"]
    assert "07/06/2025" in shown["zns"]
    assert "Bắt đầu đo mưa" in shown["push"]


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
