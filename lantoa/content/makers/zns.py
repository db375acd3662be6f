"""A Zalo notification (ZNS): the template that was approved, and its parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lantoa.content.rules.zns import faults_of

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece


def write_zns(piece: Piece) -> bytes:
    """What the channel hands to Zalo for each recipient, as JSON: `template`, and `params` with their slots."""
    message = {"template": piece.template, "params": {one.name: one.value for one in piece.parameters}}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def zns_faults(piece: Piece) -> list[tuple[str, str]]:
    """What Zalo would refuse: how grave, and what, in Vietnamese."""
    return [("blocks", fault) for one in piece.parameters for fault in faults_of(one)]
