"""Tables of a channel's settings into dataclasses: a word that is not known, missing or of the wrong kind is named."""

from __future__ import annotations

import dataclasses
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from lantoa.channels.registry import ChannelSettingError

T = TypeVar("T")
_KINDS = {str: "words in quotes", bool: "true or false", int: "a whole number", float: "a number", tuple: "a list",
          dict: "a table"}


def read_table(kind: type[T], table: Any, where: str) -> T:
    """Make the dataclass `kind` of a TOML table. Raises `ChannelSettingError` with `where` and what is wrong."""
    if not isinstance(table, dict):
        raise ChannelSettingError(f"{where} must be a table")
    known = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # only dataclasses come
    if strange := sorted(set(table) - set(known)):
        raise ChannelSettingError(f"{where}: there is no option {strange[0]!r}; there are {', '.join(sorted(known))}")
    required = [name for name, field in known.items() if _is_required(field)]
    if missing := [name for name in required if name not in table]:
        raise ChannelSettingError(f"{where}: {missing[0]} is missing")
    hints = get_type_hints(kind)
    return kind(**{name: _checked(value, hints[name], f"{where}.{name}") for name, value in table.items()})


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _checked(value: Any, hint: Any, where: str) -> Any:
    if get_origin(hint) is UnionType:  # `X | None`: TOML has no word for nothing, so what is given is an X
        hint = next(one for one in get_args(hint) if one is not type(None))
    wanted = get_origin(hint) or hint
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        return read_table(wanted, value, where)
    if wanted is float and type(value) is int:
        return float(value)
    if wanted is tuple and isinstance(value, list):
        return tuple(_checked(one, get_args(hint)[0], where) for one in value)
    if wanted is not Any and not _is(value, wanted):
        raise ChannelSettingError(f"{where} = {value!r}: must be {_KINDS.get(wanted, 'something else')}")
    return value


def _is(value: Any, wanted: Any) -> bool:
    if wanted is int or wanted is float:
        return type(value) is wanted
    return isinstance(value, wanted)

