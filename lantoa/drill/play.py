"""The steps of a drill, by the same actions as in earnest: from the letter to the report."""

from __future__ import annotations

import datetime as dt
import random
import time
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from lantoa.campaigns.actions import FactChange, open_campaign, pack_for, record_fact
from lantoa.content.actions import approve_kit, make_kit
from lantoa.content.rules.kinds import SMS_LEVELS
from lantoa.delivery.actions import (
    Order,
    approve_correction,
    carry_out,
    fall_back,
    plan_correction,
    publish_kit,
    queue_dispatch,
    set_fallback,
    start_dispatch,
)
from lantoa.delivery.engine.freshness import WHY as STALE
from lantoa.delivery.engine.returned_mail import take_returned_mail
from lantoa.delivery.models import Chunk, Dispatch, Suppression
from lantoa.drill.bundle import take_bundle, take_facts
from lantoa.drill.ends import BOUNCES, SENDER
from lantoa.drill.world import (
    BY_SERVICE,
    BY_SMS,
    BY_ZALO,
    home,
    make_browsers,
    make_people,
    make_templates,
    next_value,
)
from lantoa.letters.actions import Incoming, read_file, take_in
from lantoa.letters.models import Arrival, IncomingLetter
from lantoa.main_job import issuing_place
from lantoa.places.actions import import_places
from lantoa.places.models import Place
from lantoa.places.permits import RefusedError
from lantoa.reports.actions import keep_report
from lantoa.residents.models import Resident
from lantoa.simulators.returning import About, write_answer, write_bounce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Correction
    from lantoa.drill.ends import Arrived, Ends
    from lantoa.drill.machine import Machine

PATIENCE, PATIENCE_EACH = 60.0, 0.1
"""Seconds that a drill waits for anything, and more for each person."""
QUESTION, LATE_QUESTION = "Máy của mẹ tôi có phải đổi không ạ?", "Nhà tôi ở xa, ai đến giúp được?"
REFUSALS = ("STOP", "DUNG", "Từ chối nhận tin")
PIECES = ("email", "sms", "sms_unaccented", "zns", "push")
HALF = 0.4
"""How much of the e-mail has gone when the fact changes."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What is played."""

    letter: Path | None
    """None: the bundle of a campaign lies in the home."""
    places: Path | None
    people: int
    seed: int
    bounces: float = 0.02
    """Share of e-mails that come back after they were taken."""
    quiet: float = 1.0
    """Seconds without a receipt after which none is waited for."""
    place: str = ""
    pack: str = ""
    fact: str = ""
    value: str = ""


@dataclass
class Play:
    """One run of it; what only the run itself can know is kept here for the evidence."""

    plot: Plot
    ends: Ends
    machine: Machine
    told: Callable[[str, int, int], None]
    """Progress: what is being done, how much of it, of how much."""
    campaign: Campaign = field(init=False)
    correction: Correction | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    refused: dict[int, tuple[str, float]] = field(default_factory=dict)
    """Residents who wanted no more, how they said so, and when it was obeyed."""
    bounced: list[str] = field(default_factory=list)
    """Keys of the messages that came back."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Who wrote what a person must read."""
    approved_at: float = 0.0
    closed: set[int] = field(default_factory=set)
    """Dispatches whose hours lie outside those of the drill."""
    why_not: list[str] = field(default_factory=list)
    """What could not be played, in Vietnamese."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plot.seed)  # noqa: S311 - whom something happens to, no secret

    def run(self) -> None:
        """All of it. Raises what the actions raise."""
        for name, step in (
            ("Đọc văn bản, mở chiến dịch", self._open),
            ("Làm và duyệt bộ nội dung", self._make),
            ("Đăng và gửi tài liệu tới các tổ", self._publish),
            ("Xếp đợt gửi", self._queue),
            ("Gửi, và người dân trả lời", self._send),
            ("Đính chính", self._correct),
            ("Gửi nốt", self._finish),
            ("Báo cáo", self._report),
        ):
            started = time.monotonic()
            self.told(name, 0, 1)
            step()
            self.seconds[name] = round(time.monotonic() - started, 2)

    # --- the campaign ------------------------------------------------------------------------------

    def _open(self) -> None:
        make_templates(settings.LANTOA_PACKS, home())
        if self.plot.letter is None:
            known = take_bundle(home())
            row, facts, pack = IncomingLetter.objects.get(pk=known["letter"]), known["facts"], known["pack"]
            place = self._place(Place.objects.filter(code=known["place"]).order_by("-valid_from").first())
        else:
            if self.plot.places is not None:
                import_places(self.plot.places, None)
            source = read_file(self.plot.letter)
            place, facts, pack = self._place(issuing_place(source.letter)), [], self.plot.pack or None
            incoming = Incoming(self.plot.letter.read_bytes(), self.plot.letter.name, Arrival.Way.COMMAND)
            row = IncomingLetter.objects.get(arrivals=take_in(source, incoming, place, None).arrival)
        self.campaign = open_campaign(row, place, pack_for(row.letter, pack), None)
        take_facts(self.campaign, facts)

    def _place(self, issuing: Place | None) -> Place:
        """Who runs the drill: as told; else the province, which alone may send SMS; else whoever issued the letter."""
        if self.plot.place:
            found = Place.objects.filter(code=self.plot.place).order_by("-valid_from").first()
            if found is None:
                raise RefusedError(f"Không có đơn vị mã {self.plot.place} trong cây đơn vị.")
            return found
        above = issuing
        while above is not None and above.kind not in SMS_LEVELS:
            above = above.parent
        provinces = list(Place.objects.filter(kind__in=SMS_LEVELS)[:2])
        found = above or issuing or (provinces[0] if len(provinces) == 1 else None)
        if found is None:
            raise RefusedError(
                "Chưa biết diễn tập cho đơn vị nào. Hãy chỉ đơn vị bằng --place MÃ, hoặc cho cây đơn vị: --places TỆP."
            )
        return found

    def _make(self) -> None:
        make_kit(self.campaign, None, lambda done, of: self.told("Làm và duyệt bộ nội dung", done, of))
        approve_kit(self.campaign, None)

    def _publish(self) -> None:
        publish_kit(self.campaign, None, lambda done, of: self.told("Đăng và gửi tài liệu tới các tổ", done, of))

    # --- the dispatches ----------------------------------------------------------------------------

    def _queue(self) -> None:
        make_people(self.campaign, self.plot.people)
        make_browsers(self.campaign, self.ends.addresses())
        made = set(self.campaign.rendering_set.current().filter(kind__in=PIECES).values_list("kind", flat=True))
        if self.campaign.place.kind not in SMS_LEVELS:
            made -= {"sms", "sms_unaccented"}
            self.why_not.append(f"SMS: {self.campaign.place} không phải cấp tỉnh nên không được tự gửi SMS.")
        self.why_not += [
            f"Bộ nội dung không có “{kind}”."
            for kind in PIECES
            if kind not in made and not (kind.startswith("sms") and self.why_not)
        ]
        orders = [
            Order("email", "email", audience="residents"),
            Order("sms", "sms", f"carrier={BY_SMS}"),
            Order("sms_http", "sms_unaccented", f"carrier={BY_SERVICE}"),
            Order("push", "push"),
        ]
        started = [self._start(order) for order in orders if order.rendering_kind in made]
        if "zns" in made:
            first = queue_dispatch(self.campaign, Order("zns", "zns", f"carrier={BY_ZALO}"), None)
            if "sms" in made:
                other = queue_dispatch(self.campaign, Order("sms_http", "sms", f"carrier={BY_ZALO}"), None)
                set_fallback(first, other, None)
            start_dispatch(first, None)
        if "sms_unaccented" in made:
            hours = _closed_hours()
            closed = Order("sms", "sms_unaccented", f"carrier={BY_SERVICE}", hours=hours)
            self.closed.add(self._start(closed).pk)
        if not started:
            raise RefusedError("Gói nội dung này không có tin nào để gửi cho nhiều người.")

    def by_carrier(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """By which channels, with which kinds, people of each carrier are sent to first."""
        return {
            BY_SMS: (("sms", "sms"),),
            BY_SERVICE: (("sms_http", "sms_unaccented"), ("sms", "sms_unaccented")),
            BY_ZALO: (("zns", "zns"),),
        }

    def _start(self, order: Order) -> Dispatch:
        dispatch = queue_dispatch(self.campaign, order, None)
        start_dispatch(dispatch, None)
        return dispatch

    # --- what comes back ---------------------------------------------------------------------------

    def _send(self) -> None:
        """Until a part of the e-mail has gone: the rest is still waiting when the fact changes."""
        mails = Resident.objects.exclude(email="").count()
        self._wait("một phần thư đã đi", lambda: self.ends.number("email") >= mails * HALF / 2)
        self._bounce()
        self._answer()
        self._wait("một phần thư đã đi", lambda: self.ends.number("email") >= mails * HALF)

    def _bounce(self) -> None:
        for one in self.ends.arrived("email"):
            if self.chance.random() < self.plot.bounces or not self.bounced:
                self.bounced.append(one.key)
                self.ends.put_mail(write_bounce(_about(one)))

    def _answer(self) -> None:
        """Some refuse by SMS, by mail or by the link in a mail; some ask."""
        mails = [one for one in self.ends.arrived("email") if one.key not in self.bounced]
        self.chance.shuffle(mails)
        texts = self.ends.arrived("sms")
        self.chance.shuffle(texts)
        few = max(3, self.plot.people // 200)
        for place, one in enumerate(texts[:few]):
            self._refuse(one, REFUSALS[place % len(REFUSALS)], lambda one, said: self.ends.reply(one.address, said))
        for one in texts[few : few + 2]:
            self.asked.append((one.address, QUESTION))
            self.ends.reply(one.address, QUESTION)
        for one in mails[:few]:
            self._refuse(one, "đường dẫn từ chối", lambda one, _: _press(one.key))
        for one in mails[few : few + 1]:
            self._refuse(
                one,
                "thư từ chối",
                lambda one, _: self.ends.put_mail(write_answer(_about(one), "Cảm ơn.", "Từ chối nhận tin")),
            )
        for one in mails[few + 1 : few + 3]:
            self.asked.append((one.address, LATE_QUESTION))
            self.ends.put_mail(write_answer(_about(one), LATE_QUESTION))
        take_returned_mail()
        self._note_refusals()

    def _refuse(self, one: Arrived, how: str, act: Callable[[Arrived, str], object]) -> None:
        field = "email" if one.channel == "email" else "phone"
        resident = Resident.objects.filter(**{field: one.address}).first()
        if resident is not None and resident.pk not in self.refused:
            self.refused[resident.pk] = (how, 0.0)
            act(one, how)

    def _note_refusals(self) -> None:
        """See which refusals the installation knows of by now."""
        open_ = [pk for pk, (_, at) in self.refused.items() if not at]
        for resident in Resident.objects.filter(pk__in=open_):
            row = Suppression.objects.filter(address__in=[resident.phone, resident.email]).order_by("at").first()
            if row is not None:
                self.refused[resident.pk] = (self.refused[resident.pk][0], row.at.timestamp())

    # --- the correction ----------------------------------------------------------------------------

    def _correct(self) -> None:
        key, value = self._change()
        change = FactChange(key, value, "Văn bản diễn tập", reason="diễn tập")
        record_fact(self.campaign, change, None)
        self.correction = plan_correction(self.campaign, None)
        if self.correction is None:
            self.why_not.append("Không có gì phải đính chính: nội dung đã gửi không nhắc tới dữ kiện này.")
            return
        approve_correction(self.correction, None)
        self.approved_at = time.time()
        carry_out(self.correction, None, lambda done, of: self.told("Đính chính", done, of))

    def _change(self) -> tuple[str, str]:
        facts = {fact.key: fact for fact in self.campaign.facts.current() if fact.value}
        shown = [
            key for text in self.campaign.dispatch_set.values_list("texts__facts", flat=True) for key in text or ()
        ]
        key = self.plot.fact or next((key for key in shown if facts[key].kind == "date"), next(iter(shown), ""))
        if key not in facts:
            raise RefusedError(f"Chiến dịch không có dữ kiện “{key}”. Đang có: {', '.join(sorted(facts))}.")
        return key, self.plot.value or next_value(facts[key].kind, str(facts[key].value))

    # --- to the end --------------------------------------------------------------------------------

    def _finish(self) -> None:
        self._wait("mọi đợt gửi xong", self._is_over)
        self.ends.finish_receipts()
        self._wait("báo nhận về hết", _QuietFor(self.plot.quiet, self._receipts), 30.0)
        take_returned_mail()
        self._note_refusals()

    def _receipts(self) -> int:
        return self.ends.acknowledged() + Suppression.objects.count()

    def _is_over(self) -> bool:
        """Nothing is under way but what waits for its hours; what paused is looked at as an officer would."""
        going = 0
        for dispatch in self.campaign.dispatch_set.exclude(state__in=["done", "cancelled", "planned"]):
            is_waiting = dispatch.pk in self.closed or dispatch.instead_of_id in self.closed
            going += not is_waiting
            if dispatch.state == Dispatch.State.PAUSED:
                self._go_on(dispatch)
        return not going and not fall_back()

    def _go_on(self, dispatch: Dispatch) -> None:
        """Let it go on; with words that no longer hold, by planning and approving the correction once more."""
        if dispatch.why != STALE:
            start_dispatch(dispatch, None)
        elif self.correction is not None and (again := plan_correction(self.campaign, None)) is not None:
            approve_correction(again, None)
            self.why_not.append("Một đợt còn mang giá trị cũ đã tự dừng; đính chính được lập và duyệt thêm một lần.")

    def _wait(self, what: str, is_so: Callable[[], bool], seconds: float = 0.0) -> None:
        """Wait, doing what the clock does: the fallback, and mail that came back.

        What does not come within `seconds` (else a time for so many people) is noted; the sheet shows what is missing.
        """
        seconds = seconds or PATIENCE + self.plot.people * PATIENCE_EACH
        until, due = time.monotonic() + seconds, 0.0
        while not is_so():
            if self.machine.failure is not None:
                raise self.machine.failure
            if time.monotonic() > until:
                self.why_not.append(f"Chờ {seconds:.0f} giây mà chưa thấy: {what}.")
                return
            if time.monotonic() > due:
                fall_back()
                take_returned_mail()
                self._note_refusals()
                self._show()
                due = time.monotonic() + 0.5
            time.sleep(0.02)

    def _show(self) -> None:
        done, of = 0, 0
        for open_, size in self._sizes():
            done, of = done + size - open_, of + size
        self.told("Gửi", done, max(of, 1))

    def _sizes(self) -> Iterator[tuple[int, int]]:
        rows = Chunk.objects.filter(dispatch__campaign=self.campaign).values_list("state", "size")
        return ((0 if state == Chunk.State.DONE else size, size) for state, size in rows)

    def _report(self) -> None:
        keep_report(self.campaign, None)


class _QuietFor:
    """Whether a number has not changed for so many seconds."""

    def __init__(self, seconds: float, number: Callable[[], int]) -> None:
        self._seconds, self._number = seconds, number
        self._last, self._since = -1, time.monotonic()

    def __call__(self) -> bool:
        if (now := self._number()) != self._last:
            self._last, self._since = now, time.monotonic()
        return time.monotonic() - self._since >= self._seconds


def _about(one: Arrived) -> About:
    domain = SENDER.rpartition("@")[2]
    name, _, where = BOUNCES.partition("@")
    return About(one.address, f"{one.key}@{domain}", f"{name}+{one.key}@{where}", SENDER)


def _press(key: str) -> None:
    """Press the button of the page by which messages are refused."""
    request = urllib.request.Request(f"{settings.LANTOA_PUBLIC_URL}/tu-choi/{key}", data=b"", method="POST")  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        answer.read()


def _closed_hours() -> str:
    """Hours of the day that begin after a drill is over, whenever it is held."""
    now = timezone.localtime()
    start = now + dt.timedelta(hours=3)
    return f"{start:%H}:00-{start + dt.timedelta(hours=1):%H}:00"
