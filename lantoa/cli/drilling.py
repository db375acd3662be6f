"""The process in which a drill is held: simulators, engine and pages in one, so that it leaves nothing behind.

Started by `lantoa drill` with an environment of its own. It ends when whoever started it has gone: it reads its
standard input, which then closes.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lantoa.drill.play import Play


@dataclass(frozen=True, slots=True)
class Spec:
    """What `lantoa drill` asks for."""

    letter: str = ""
    """A file; empty: a bundle lies in the home."""
    places: str = ""
    place: str = ""
    pack: str = ""
    fact: str = ""
    value: str = ""
    people: int = 2000
    weather: str = "usual"
    seed: int = 1
    faults: dict[str, str] = field(default_factory=dict)
    """By channel, what is planted in it."""


def main() -> None:
    """Hold the drill that standard input asks for; the sheet as JSON is the last line of standard output."""
    spec = Spec(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_when_alone, daemon=True).start()
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    os.environ.update(LANTOA_PUBLIC_URL=f"http://127.0.0.1:{listening.getsockname()[1]}")
    from lantoa.cli.errors import is_callers_mistake
    from lantoa.cli.ready import get_ready

    try:
        get_ready(may_migrate=True)
        told = _hold(spec, listening)
    except Exception as error:
        if not is_callers_mistake(error):
            raise
        told = {"error": str(error)}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def _end_when_alone() -> None:
    """Whoever started this has gone, however: end at once."""
    sys.stdin.read()
    os._exit(1)


def _hold(spec: Spec, listening: socket.socket) -> dict[str, Any]:
    from django.conf import settings

    from lantoa.cli.trials import write_channels
    from lantoa.drill.ends import EndsManager, Pace, Setting, table_of
    from lantoa.drill.machine import Machine
    from lantoa.drill.planted import planted
    from lantoa.drill.play import Play, Plot
    from lantoa.drill.weather import WEATHERS

    letter = Path(spec.letter) if spec.letter else None
    places = Path(spec.places) if spec.places else None
    weather = WEATHERS[spec.weather]
    plot = Plot(
        letter, places, spec.people, spec.seed, weather.undelivered, 0.5 + 2 * weather.receipt_delay, spec.place,
        spec.pack, spec.fact, spec.value,
    )
    pace = Pace(email=max(10, spec.people // 40), sms=max(60, spec.people // 4))
    setting = Setting(
        weather,
        spec.seed,
        max(3, spec.people // 10),
        settings.LANTOA_PUBLIC_URL,
        settings.LANTOA_HOME / "drill-keys",
        pace,
    )
    with EndsManager(("127.0.0.1", 0), ctx=multiprocessing.get_context("spawn")) as manager:
        ends = manager.make(setting)
        ends.start()
        write_channels(table_of(ends.ports(), setting))
        settings.LANTOA_CHANNELS = planted(settings.LANTOA_CHANNELS, spec.faults)
        machine = Machine(listening)
        machine.start()
        play = Play(plot, ends, machine, _tell)
        try:
            play.run()
        finally:
            machine.stop()
        return _judge(spec, play)


def _judge(spec: Spec, play: Play) -> dict[str, Any]:
    from django.utils import timezone

    from lantoa.drill.collecting import collect
    from lantoa.drill.promises import judge
    from lantoa.drill.sheet import Sheet

    _tell("Đối chiếu", 0, 1)
    now = timezone.localtime()
    sheet = Sheet(
        play.campaign.title,
        str(play.campaign.place),
        f"{now:%H:%M} ngày {now:%d/%m/%Y}",
        spec.weather,
        spec.seed,
        spec.people,
        play.seconds,
        tuple(judge(collect(play))),
        tuple(play.why_not),
        tuple(f"{name}: {fault}" for name, fault in sorted(spec.faults.items())),
    )
    return sheet.to_json()


def _tell(step: str, done: int, of: int) -> None:
    """Progress for whoever started this: a line of JSON on standard output."""
    sys.stdout.write(json.dumps({"step": step, "done": done, "of": of}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
