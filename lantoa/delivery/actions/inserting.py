"""Writing many rows at once, where the ORM has no word for it or a slow one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, router

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet


def insert_from(
    model: type[Model], fields: tuple[str, ...], rows: QuerySet[Any, Any], *, in_order: bool = False
) -> int:
    """Insert what `rows` selects, column by column into `fields`, and return how many rows came to be.

    `rows` is a `values_list` of as many expressions. A row that a unique constraint forbids is left out. Nothing is
    fetched: a hundred thousand rows cost the database one statement. `in_order` keeps the order of `rows`: of use
    where the table or an index of it is kept in that order.
    """
    quote = connection.ops.quote_name
    names = ", ".join(quote(_column(model, name)) for name in fields)
    rows = rows if in_order else rows.order_by()
    try:
        select, parameters = rows.query.get_compiler(router.db_for_write(model)).as_sql()
    except EmptyResultSet:  # the ORM sees by itself that nothing can be found
        return 0
    table = quote(model._meta.db_table)  # noqa: SLF001 - documented by Django
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) {select} ON CONFLICT DO NOTHING",
            parameters,
        )
        number = int(cursor.rowcount)
    if number >= _MANY:
        _count_anew(model)
    return number


_MANY = 10_000


def know_tables(*models: type[Model]) -> None:
    """Let PostgreSQL count these tables anew where much of them is new to it.

    It plans by what it last counted, and counts by itself a minute later: of a table that held nothing then, it
    compares each row with each. SQLite plans by the indexes alone.
    """
    if connection.vendor != "postgresql":
        return
    names = {model._meta.db_table: model for model in models}  # noqa: SLF001 - documented by Django
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE relname = ANY(%s) AND n_mod_since_analyze >= %s"
            " AND n_mod_since_analyze > n_live_tup / 10",
            [list(names), _MANY],
        )
        for (name,) in cursor.fetchall():
            _count_anew(names[name])


def _count_anew(model: type[Model]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001 - documented by Django


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)  # noqa: SLF001 - documented by Django
    return str(field.column)


def write_back(rows: Iterable[Model], fields: tuple[str, ...]) -> None:
    """Save these fields of these rows of one model in one statement.

    Django's `bulk_update` builds a `CASE` of every row for every field, which takes longer than what is to be saved;
    a statement a row costs PostgreSQL five times as much as this one.
    """
    kept = list(rows)
    if not kept:
        return
    quote = connection.ops.quote_name
    columns: list[Any] = [kept[0]._meta.get_field(name) for name in fields]  # noqa: SLF001 - documented by Django
    names = [quote(str(column.column)) for column in columns]
    table = quote(kept[0]._meta.db_table)  # noqa: SLF001 - documented by Django
    sets = ", ".join(f"{name} = {_cast(column, f'new.{name}')}" for name, column in zip(names, columns, strict=True))
    line = f"({', '.join(['%s'] * (len(names) + 1))})"
    new = f"WITH new (id, {', '.join(names)}) AS (VALUES {', '.join([line] * len(kept))})"
    values = [
        value
        for row in kept
        for value in (
            row.pk, *(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns)
        )
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"{new} UPDATE {table} SET {sets} FROM new WHERE {table}.id = new.id", values)  # noqa: S608 - names of our own models


def _cast(column: Any, value: str) -> str:
    """`value` as the column's type, where the database would take a column of nothing but NULL for text."""
    is_strict = connection.features.requires_casted_case_in_updates
    return f"CAST({value} AS {column.db_type(connection)})" if is_strict else value
