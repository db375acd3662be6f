from __future__ import annotations

import pytest
from django.db import connection

from lantoa.delivery.engine import sqlite

ORDERS = {"sent": sqlite._SENT, "numbered": sqlite._NUMBERED, "told": sqlite._TOLD, "heard": sqlite._HEARD}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ORDERS)
def test_an_outcome_is_written_by_the_key_of_its_row_however_many_rows_there_are(name: str) -> None:
    order = ORDERS[name]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {order}", ["[]"] * order.count("%s"))
        steps = [row[3] for row in cursor.fetchall() if "delivery_recipient" in row[3]]
    assert steps == ["SEARCH delivery_recipient USING PRIMARY KEY (dispatch_id=? AND person=?)"]
