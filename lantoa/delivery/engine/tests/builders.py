"""A campaign with residents, whose words a memory wire carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from lantoa.campaigns.tests.builders import make_campaign
from lantoa.channels.memory_wire import LETTERBOX, Letterbox
from lantoa.channels.wire import Account
from lantoa.content.models import Rendering
from lantoa.delivery.actions.addressing import numbers
from lantoa.delivery.actions.dispatching import Order, queue_dispatch, start_dispatch
from lantoa.delivery.engine.engine import Manner
from lantoa.delivery.engine.starting import run_engine
from lantoa.delivery.rules.retrying import Retry
from lantoa.delivery.rules.states import STATE
from lantoa.lib.files import write_whole
from lantoa.places.tests.builders import Cast, make_cast
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from lantoa.campaigns.models import Campaign
    from lantoa.delivery.models import Dispatch

TEXT = "Kính gửi {{name|quý vị}}: đo mưa từ ngày 07/6/2025."
ONCE = Manner(is_once=True, poll=0.05, retry=Retry(first=0.01, spread=0))


def use_memory_wire(name: str = "post", **options: Any) -> Letterbox:
    """Configure a memory wire for this test."""
    LETTERBOX.received.clear()
    LETTERBOX.answer, LETTERBOX.is_away = None, False
    settings.LANTOA_CHANNELS = {
        **settings.LANTOA_CHANNELS,
        name: ("lantoa.channels.memory_wire.MemoryWire", {"accounts": (Account("a"),), **options}),
    }
    return LETTERBOX


def make_words(
    campaign: Campaign, text: str = TEXT, kind: str = "social_post", place: Any = None, **values: Any
) -> Rendering:
    """An approved rendering of these words."""
    row = Rendering(
        campaign=campaign, kind=kind, place=place or campaign.place, hash=f"{abs(hash(text)):064x}"[-64:],
        file_name="tin.txt", media_type="text/plain", title="Đo mưa", words=text, size=len(text.encode()),
        approved_at=timezone.now(), **values,
    )
    Rendering.objects.filter(campaign=campaign, kind=kind, place=row.place).update(is_current=False)
    write_whole(row.path, text.encode())
    row.save()
    return row


def make_people(cast: Cast, number: int, **values: Any) -> list[Resident]:
    """Residents of the first ward, with telephones."""
    return Resident.objects.bulk_create(
        Resident(phone=f"09{index:08d}", email=f"p{index}@hop-thu.example", name=f"Người {index}", place=cast.ward,
                 **values)
        for index in range(number)
    )


def make_world(number: int = 20) -> tuple[Cast, Campaign]:
    """A cast, a campaign with approved words, and so many residents."""
    cast = make_cast()
    campaign = make_campaign(cast)
    make_words(campaign)
    make_people(cast, number)
    return cast, campaign


def order(**values: Any) -> Order:
    """An order for the words of `make_words` by the memory wire."""
    return Order(**{"channel": "post", "rendering_kind": "social_post", "audience": "residents", **values})


def begin(campaign: Campaign, **values: Any) -> Dispatch:
    """Queue and start."""
    dispatch = queue_dispatch(campaign, order(**values), None)
    start_dispatch(dispatch, None)
    return dispatch


def send(manner: Manner = ONCE) -> int:
    """Run the engine until there is nothing to send now."""
    return run_engine(manner)


def tally(dispatch: Dispatch) -> dict[str, int]:
    """How many are in each state, by its name."""
    return {STATE[state].value: number for state, number in numbers([dispatch.pk])[dispatch.pk].items() if number}


def counted(dispatch: Dispatch) -> dict[str, int]:
    """The same, counted row by row."""
    found: dict[str, int] = {}
    for state in dispatch.recipients.values_list("state", flat=True):
        found[STATE[state].value] = found.get(STATE[state].value, 0) + 1
    return found
