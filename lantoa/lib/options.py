"""Options from a table into a dataclass: whatever is unknown, missing or of the wrong kind is named at once."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

Options = TypeVar("Options")


class OptionError(ValueError):
    """An option is missing, unknown or cannot be; the message names it, in Vietnamese."""


def names_of(kind: type) -> set[str]:
    """The options a kind has."""
    return {one.name for one in fields(kind)}


def read_options(kind: type[Options], given: Mapping[str, Any]) -> Options:
    """Options from a table. Raises `OptionError` naming what is unknown, missing or of the wrong kind."""
    if unknown := sorted(given.keys() - names_of(kind)):
        raise OptionError(f"không có tùy chọn {unknown[0]}; có: {', '.join(sorted(names_of(kind)))}")
    missing = [
        one.name for one in fields(kind)  # type: ignore[arg-type]  # always a dataclass
        if one.default is MISSING and one.default_factory is MISSING and one.name not in given
    ]
    if missing:
        raise OptionError(f"chưa điền {', '.join(missing)}")
    hints = get_type_hints(kind)
    for name, value in given.items():
        _check(name, value, hints[name])
    return kind(**given)


def _check(name: str, value: Any, hint: Any) -> None:
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise OptionError(f"{name} = {value!r}: phải là một trong {', '.join(map(repr, get_args(hint)))}")
    elif get_origin(hint) is dict:
        if not isinstance(value, dict):
            raise OptionError(f"{name} phải là một bảng")
        for key, inner in value.items():
            _check(f"{name}.{key}", inner, get_args(hint)[1])
    elif isinstance(value, bool) is not (hint is bool) or not isinstance(value, int | float if hint is float else hint):
        words = {str: "chữ", int: "số nguyên", float: "số", bool: "true hoặc false"}
        raise OptionError(f"{name} = {value!r}: phải là {words[hint]}")
