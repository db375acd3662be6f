"""A child process for files nobody vouches for: it knows nothing of its parent, and may neither grow nor write."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_KEPT = ("PATH", "LANG", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SYSTEMROOT")


def child_command(program: str, *arguments: str) -> list[str]:
    """Command of our own interpreter running `program`, which does not look for modules where it stands."""
    return [sys.executable, "-P", "-c", program, *arguments]


def child_environment() -> dict[str, str]:
    """Give the little a child needs: the program, its language data, one thread; no keys and no addresses."""
    surroundings = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return surroundings | {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_THREAD_LIMIT": "1"}


def confine(megabytes: int) -> None:
    """Let this process grow by `megabytes` and no more, write no file, and leave no dump."""
    import resource  # noqa: PLC0415 - POSIX only; the rest of the module loads anywhere

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
