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
    fetched: a hundred thousand rows cost the database one statement. `in_order` keeps the order of `rows`, which is
    of use where the table is kept in the order of its key.
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
        return int(cursor.rowcount)


def _column(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)  # noqa: SLF001 - documented by Django
    return str(field.column)


def write_back(rows: Iterable[Model], fields: tuple[str, ...]) -> None:
    """Save these fields of these rows of one model: one prepared statement, run for each.

    Django's `bulk_update` builds a `CASE` of every row for every field, which takes longer than what is to be saved.
    """
    kept = list(rows)
    if not kept:
        return
    quote = connection.ops.quote_name
    columns: list[Any] = [kept[0]._meta.get_field(name) for name in fields]  # noqa: SLF001 - documented by Django
    sets = ", ".join(f"{quote(str(column.column))} = %s" for column in columns)
    table = quote(kept[0]._meta.db_table)  # noqa: SLF001 - documented by Django
    values = [
        [*(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns), row.pk]
        for row in kept
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", values)  # noqa: S608 - names of our own models
