"""How badly the other ends behave in a drill: one word for all of them, on a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.lib.smpp import statuses
from lantoa.simulators import http, smsc_script, smtp

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_ON_ZALO = 0.12
"""Share of telephones without Zalo, in any weather: whom the fallback is for."""
NO_SUCH_NUMBER, NO_ZALO = 0x0B, "-118"


@dataclass(frozen=True, slots=True)
class Weather:
    """Shares are of addresses, times in seconds."""

    delay: float = 0.0
    """Before each answer."""
    temporary: float = 0.0
    """Refused at the first try, then taken."""
    permanent: float = 0.005
    """Do not exist."""
    lost: float = 0.0
    """Taken, and never answered."""
    throttled: float = 0.0
    """Answered once that it goes too fast."""
    undelivered: float = 0.01
    """Taken, and later said not to have arrived; of e-mail: bounced."""
    receipts_lost: float = 0.0
    receipt_delay: float = 0.0
    greylist: float = 0.0

    def smtp(self, seed: int) -> smtp.Script:
        """As a mail server's script."""
        return smtp.Script(
            seed=seed,
            delay=self.delay,
            temporary=self.temporary,
            permanent=self.permanent,
            lost=self.lost,
            greylist=self.greylist,
        )

    def smsc(self, seed: int) -> smsc_script.Script:
        """As a message centre's script. What is said once is said to each number once."""
        errors = {
            statuses.SYSTEM_ERROR: self.temporary,
            NO_SUCH_NUMBER: self.permanent,
            statuses.THROTTLED: self.throttled,
        }
        return smsc_script.Script(
            seed=seed,
            delay=self.delay,
            errors={code: share for code, share in errors.items() if share},
            tries=1,
            lost_answers=self.lost,
            undelivered=self.undelivered,
            receipts_lost=self.receipts_lost,
            receipt_delay=self.receipt_delay,
        )

    def service(self, seed: int, no_zalo: float = 0.0) -> http.Script:
        """As an HTTP service's script; `no_zalo` is the share that Zalo does not know."""
        faults = (
            (http.Fault(no_zalo, NO_ZALO), http.Fault(self.temporary, "-100", times=1))
            if no_zalo
            else (
                http.Fault(self.permanent, "22"),
                http.Fault(self.temporary, status=500, times=1),
                http.Fault(self.throttled, status=429, times=1, retry_after=0.5),
            )
        )
        return http.Script(
            seed=seed, delay=self.delay, lost=self.lost, faults=tuple(one for one in faults if one.share)
        )

    def push_service(self, seed: int) -> http.Script:
        """As a push service's script: some browsers have unsubscribed."""
        faults = (http.Fault(self.permanent, status=410),)
        return http.Script(seed=seed, delay=self.delay, lost=self.lost, faults=faults)


WEATHERS: Mapping[str, Weather] = {
    "calm": Weather(),
    "usual": Weather(
        delay=0.01,
        temporary=0.03,
        permanent=0.01,
        lost=0.003,
        throttled=0.002,
        undelivered=0.02,
        receipts_lost=0.01,
        receipt_delay=0.5,
    ),
    "storm": Weather(
        delay=0.05,
        temporary=0.1,
        permanent=0.03,
        lost=0.02,
        throttled=0.005,
        undelivered=0.05,
        receipts_lost=0.05,
        receipt_delay=1.0,
        greylist=1.5,
    ),
}
LABELS: Mapping[str, str] = {"calm": "êm", "usual": "thường", "storm": "bão"}
