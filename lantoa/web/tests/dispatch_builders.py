"""Messages to many people for the pages: residents, a channel that sends nowhere, a dispatch and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from lantoa.channels.wire import Account
from lantoa.delivery.actions import Order, plan_dispatch, start_dispatch
from lantoa.delivery.engine.store import recount
from lantoa.delivery.rules.states import NUMBER, STATE
from lantoa.residents.models import Resident
from lantoa.web.tests.builders import make_rendering

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Dispatch
    from lantoa.web.tests.builders import Cast, Land

WIRE = "lantoa.channels.memory_wire.MemoryWire"
GONE = ("failed_for_good", "550", "Không có người này")
REFUSED = ("refused", "opted_out", "Người này đã từ chối nhận tin")
UNKNOWN = ("unknown", "unknown", "Máy gửi dừng giữa chừng")
DELIVERED = ("delivered", None, None)


def use_wire(name: str = "zns", **options: Any) -> None:
    """Configure a channel that sends nowhere; the test's own settings forget it again."""
    settings.LANTOA_CHANNELS = {**settings.LANTOA_CHANNELS, name: (WIRE, {"accounts": (Account("a"),), **options})}


def make_residents(land: Land, number: int = 6) -> list[Resident]:
    """Residents of the hamlet and of the second commune, in turn; every third needs help."""
    places = (land.hamlet, land.communes[1])
    return Resident.objects.bulk_create(
        Resident(
            phone=f"09{index:08d}", name=f"Đỗ Thị Người {index}", household=f"Hộ {number - index}",
            address=f"Ngõ {12 if index % 4 else 3}", place=places[index % 2], needs_help=index % 3 == 0,
            device="at_risk" if index % 2 else "fine", carrier="Viettel",
        )
        for index in range(number)
    )


def make_words(campaign: Campaign, kind: str = "social_post") -> None:
    """Approved words that a channel to many people carries, for the whole campaign."""
    make_rendering(campaign, campaign.place, kind)


def make_dispatch(campaign: Campaign, cast: Cast, *, is_started: bool = True, **values: Any) -> Dispatch:
    """A dispatch to everybody, by default confirmed."""
    order = Order(**{"channel": "zns", "rendering_kind": "social_post", "hours": "", **values})
    dispatch = plan_dispatch(campaign, order, cast.officer).dispatch
    if is_started:
        start_dispatch(dispatch, cast.officer)
    return dispatch


def settle(dispatch: Dispatch, became: Mapping[int, tuple[str, str | None, str | None]]) -> None:
    """Write down what became of people, by their number, as the engine would."""
    numbers = {state.value: NUMBER[state] for state in STATE.values()}
    with connection.cursor() as cursor:
        for person, (state, code, why) in became.items():
            cursor.execute(
                "UPDATE delivery_recipient SET state = %s, code = %s, why = %s, at = 1732800000 "
                "WHERE dispatch_id = %s AND person = %s",
                [numbers[state], code, why, dispatch.pk, person],
            )
        recount(cursor, dispatch.pk)
    dispatch.refresh_from_db()
