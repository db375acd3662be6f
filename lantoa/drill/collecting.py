"""From a finished play to evidence: every message that arrived is led back to its recipient and read word by word.

What was meant is worked out anew here, from the approved file and the register, without the code that sends.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings

from lantoa.delivery.actions.ledger import MODELS, Ledger
from lantoa.delivery.models import Answer, Dispatch, PushSubscription, Recipient
from lantoa.delivery.rules.keys import key_maker, read_key
from lantoa.delivery.rules.states import STATE
from lantoa.drill.ends import shown
from lantoa.drill.evidence import Answered, Evidence, Refused, Reported, Row, Sending, Taken
from lantoa.evidence.history import verify_history
from lantoa.places.models import Place
from lantoa.reports.actions import KINDS, figure_rows, figures
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lantoa.campaigns.models import Campaign
    from lantoa.content.models import Rendering
    from lantoa.drill.ends import Arrived
    from lantoa.drill.play import Play

CHANNELS = ("email", "sms", "sms_http", "zns", "push")
_SLOT = re.compile(r"\{\{(\w+)(?:\|([^{}]*))?\}\}")
LONGEST_NAME = 30
"""Characters of a name that a Zalo template takes."""


def collect(play: Play) -> Evidence:
    """All that the promises are judged by."""
    campaign = play.campaign
    book, ledger = _Book(play), Ledger.read(campaign)
    return Evidence(
        dispatches=book.sendings,
        rows=tuple(book.rows()),
        taken=tuple(book.taken()),
        meant=book.meant(),
        refused=tuple(Refused(("residents", pk), at, how) for pk, (how, at) in sorted(play.refused.items())),
        bounced=tuple(ref for key in play.bounced if (ref := read_key(key, settings.SECRET_KEY)) is not None),
        answers=tuple(_answers(play)),
        busiest=play.ends.busiest(),
        receipts_given_up=play.ends.given_up(),
        approved_at=play.approved_at,
        published=sum(model.objects.filter(campaign=campaign).count() for model in MODELS),
        stale_left=sum(ledger.rows(model, ledger.is_wrong).count() for model in MODELS),
        report=_report(campaign, corrected=bool(play.approved_at)),
        history=_history(),
    )


@dataclass(frozen=True, slots=True)
class _Somebody:
    """A person as the register or the browser has them."""

    name: str
    addresses: Mapping[str, str]
    """By what an address is: `email`, `phone`, `browser`."""
    place: int


class _Book:
    """The ledger read into memory, and who everybody is."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._dispatches = list(play.campaign.dispatch_set.prefetch_related("texts__rendering"))
        self._of = {dispatch.pk: dispatch for dispatch in self._dispatches}
        self._secret = settings.SECRET_KEY

    @cached_property
    def sendings(self) -> dict[int, Sending]:
        """Every dispatch as the promises see it."""
        newest = dict(self._play.campaign.facts.current().values_list("key", "version"))
        return {
            one.pk: Sending(
                one.pk,
                one.channel,
                one.audience,
                one.state,
                is_old=any(newest[key] != version for text in one.texts.all() for key, version in text.facts.items()),
                tells=bool(one.tells),
                instead_of=one.instead_of_id or 0,
                is_closed=one.pk in self._play.closed or one.instead_of_id in self._play.closed,
                fallback=one.fallback_id or 0,
            )
            for one in self._dispatches
        }

    @cached_property
    def people(self) -> dict[tuple[str, int], _Somebody]:
        """Everybody of the drill."""
        found = {
            ("residents", one.pk): _Somebody(one.name, {"email": one.email, "phone": one.phone}, one.place_id)
            for one in Resident.objects.all()
        }
        browsers = {
            ("browsers", one.pk): _Somebody("", {"browser": one.address}, one.place_id)
            for one in PushSubscription.objects.all()
        }
        return found | browsers

    def meant(self) -> Counter[tuple[str, int]]:
        """Who is in how many of the first dispatches, counted from the register by the plot's own rule."""
        kinds = {(one.channel, one.rendering_kind) for one in self._dispatches}
        found: Counter[tuple[str, int]] = Counter()
        for one in Resident.objects.all():
            number = int(bool(one.email) and ("email", "email") in kinds)
            for carrier, wanted in self._play.by_carrier().items():
                number += sum(one.carrier == carrier and kind in kinds for kind in wanted)
            found["residents", one.pk] = number
        return found

    @cached_property
    def _recipients(self) -> list[tuple[int, int, int, int, str]]:
        rows = Recipient.objects.filter(dispatch__in=[one.pk for one in self._dispatches])
        return [(*row[:4], row[4] or "") for row in rows.values_list("dispatch", "person", "place_id", "state", "code")]

    def rows(self) -> Iterator[Row]:
        """The ledger, with what the other ends say of each."""
        for dispatch, person, _, state, code in self._recipients:
            own = self._of[dispatch]
            somebody = self.people.get((own.audience, person))
            address = somebody.addresses.get(own.reaches, "") if somebody else ""
            yield Row(dispatch, person, STATE[state].value, code, self._play.ends.told(own.channel, address))

    # --- what arrived ------------------------------------------------------------------------------

    def taken(self) -> Iterator[Taken]:
        """Everything that arrived anywhere."""
        for channel in CHANNELS:
            for one in self._play.ends.arrived(channel):
                yield self._taken(one)

    def _taken(self, one: Arrived) -> Taken:
        what = f"{one.channel} {one.address[:40]}: {one.text[:60]!r}"
        ref = read_key(one.key, self._secret) if one.key else self._by_words(one)
        if ref is None:
            return Taken(one.channel, one.at, is_right=False, what=what)
        meant = self._words(ref)
        is_right = meant == (one.address, one.text)
        return Taken(one.channel, one.at, *ref, is_right=is_right, what="" if is_right else _difference(one, meant))

    def _by_words(self, one: Arrived) -> tuple[int, int] | None:
        """Where no key travels: whose address it is, and which of the messages meant for them it was."""
        meant = self._by_address.get((one.channel, one.address), ())
        return next((ref for ref in meant if self._words(ref)[1] == one.text), None)

    @cached_property
    def _by_address(self) -> dict[tuple[str, str], list[tuple[int, int]]]:
        found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for dispatch, person, *_ in self._recipients:
            own = self._of[dispatch]
            somebody = self.people.get((own.audience, person))
            if somebody is not None:
                found[own.channel, somebody.addresses[own.reaches]].append((dispatch, person))
        return found

    def _words(self, ref: tuple[int, int]) -> tuple[str, str]:
        """Address and words that are meant for a recipient."""
        own = self._of.get(ref[0])
        somebody = self.people.get((own.audience, ref[1])) if own else None
        if own is None or somebody is None:
            return "", ""
        rendering = self._rendering(own, somebody.place)
        if rendering is None:
            return "", ""
        return somebody.addresses[own.reaches], _meant(own.channel, rendering, somebody.name, ref, self._secret)

    def _rendering(self, dispatch: Dispatch, place: int) -> Rendering | None:
        """The words of the nearest territory above a place, whether or not it is one today."""
        texts = {text.place_id: text.rendering for text in dispatch.texts.all()}
        at: int | None = place
        while at is not None and at in self._parents:
            if at in texts:
                return texts[at]
            at = self._parents[at]
        return texts.get(self._play.campaign.place_id, next(iter(texts.values()), None))

    @cached_property
    def _parents(self) -> dict[int, int | None]:
        return dict(Place.objects.values_list("pk", "parent_id"))


def _meant(channel: str, rendering: Rendering, name: str, ref: tuple[int, int], secret: str) -> str:
    """The words of a rendering as one person is to read them."""
    content = _content(rendering)
    if channel == "email":
        link = f"{settings.LANTOA_PUBLIC_URL}/tu-choi/{key_maker(secret)(ref)}"
        return _filled(str(rendering.details["text"]), {"name": name, "opt_out_url": link}).rstrip("\n")
    if channel == "zns":
        short = name if len(name) <= LONGEST_NAME else ""
        return "\n".join(_filled(value, {"name": short}) for value in json.loads(content)["params"].values())
    if channel == "push":
        return shown(content)
    return content.strip()


_contents: dict[int, str] = {}


def _content(rendering: Rendering) -> str:
    if rendering.pk not in _contents:
        _contents[rendering.pk] = rendering.path.read_text(encoding="utf-8")
    return _contents[rendering.pk]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: values.get(match[1]) or match[2] or "", text)


def _difference(one: Arrived, meant: tuple[str, str]) -> str:
    """Where what arrived parts from what was meant."""
    if one.address != meant[0]:
        return f"{one.channel}: đến {one.address[:40]} thay vì {meant[0][:40]}"
    pairs = enumerate(zip(one.text, meant[1], strict=False))
    at = next((place for place, (got, due) in pairs if got != due), min(len(one.text), len(meant[1])))
    got, due = (text[max(0, at - 10) : at + 30] for text in (one.text, meant[1]))
    return f"{one.channel} {one.address[:40]}: “…{got}…” thay vì “…{due}…”"


# --- the rest -------------------------------------------------------------------------------------


def _answers(play: Play) -> Iterator[Answered]:
    kept = set(Answer.objects.values_list("address", "text"))
    for address, text in play.asked:
        yield Answered(address, text, any(one == address and text in said for one, said in kept))


def _report(campaign: Campaign, *, corrected: bool) -> Reported:
    """Whether every file of the report is there and every figure is as many rows as it says."""
    where = settings.LANTOA_HOME / "reports" / campaign.slug
    files = [where / f"bao-cao.{kind}" for kind in KINDS]
    faults = [f"thiếu {path.name}" for path in files if not path.is_file() or not path.stat().st_size]
    said: dict[str, Any] = {}
    if not faults:
        said = {one["key"]: one["value"] for one in json.loads(files[-1].read_text(encoding="utf-8"))["figures"]}
    for figure in figures(campaign):
        rows = figure_rows(campaign, figure.query.key)
        number = (
            rows.order_by().values(figure.query.distinct).distinct().count() if figure.query.distinct else rows.count()
        )
        if said.get(figure.query.key) != number:
            faults.append(f"{figure.query.label}: báo cáo ghi {said.get(figure.query.key)}, đếm được {number}")
    if corrected and not campaign.correction_set.exclude(approved_at=None).exists():
        faults.append("không thấy đính chính đã duyệt")
    return Reported(len(files), len(said), tuple(faults))


def _history() -> str:
    check = verify_history()
    return "" if check.is_whole else f"nhật ký bị sửa ở mục {check.broken_at}"
