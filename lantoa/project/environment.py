"""Readers of the environment: each takes one spelling and refuses the rest by name."""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from pathlib import Path


class SettingError(ValueError):
    """A setting in the environment is wrong; the message names it and what it may be."""


def text(name: str, default: str) -> str:
    """The setting as text."""
    return os.environ.get(name) or default


def boolean(name: str, *, default: bool) -> bool:
    """`1` or `0`; anything else is refused, so that `false` never means yes."""
    value = os.environ.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise SettingError(f"{name}: {value!r} is neither 1 nor 0")
    return value == "1"


def number(name: str, default: float, least: float, most: float) -> float:
    """A number from `least` to `most`, with a point before its decimals."""
    try:
        value = float(text(name, str(default)))
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingError(f"{name}: {os.environ.get(name)!r} is no number from {least:g} to {most:g}")
    return value


def listed(name: str, default: str) -> list[str]:
    """Words parted by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: str) -> Path:
    """An absolute folder; it need not exist yet."""
    return Path(text(name, default)).expanduser().absolute()


def mapping(name: str) -> dict[str, str]:
    """A JSON object of words to words: `{"portal": "folder"}`."""
    try:
        value = json.loads(text(name, "{}"))
    except ValueError as error:
        raise SettingError(f"{name}: not JSON ({error})") from error
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise SettingError(f"{name}: must be a JSON object of words")
    return value


def whole(name: str, default: int, *, least: int = 1) -> int:
    """A whole number, `least` or more."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value) >= least):
        raise SettingError(f"{name}: {value!r} is no whole number of {least} or more")
    return int(value)


def hours(name: str, default: str) -> str:
    """Hours of a day, `07:00-21:00`; `-` is any hour."""
    value = text(name, default)
    if value == "-":
        return ""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)", value):
        raise SettingError(f"{name}: {value!r} is no span of hours such as 07:00-21:00 (or - for any hour)")
    return value


def secret(name: str, kept_in: Path) -> str:
    """The secret from the environment, else from `kept_in`, made there once and readable by the owner alone."""
    if value := os.environ.get(name):
        return value
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=kept_in.parent)  # readable by the owner alone
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, kept_in)  # whole or not at all; another process may have made it a moment ago
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return kept_in.read_text(encoding="ascii").strip()
