"""Booking stays as quick as it is however much was booked before: every look goes through an index."""

import pytest
from django.db import connection
from villages import Village

from cunzhi.ledger.book_by_statements import LOOK


@pytest.mark.django_db
def test_booking_looks_through_indexes_only(village: Village) -> None:
    assert not {"sqlite": read_whole, "postgresql": may_read_whole}[connection.vendor]()


def read_whole() -> list[str]:
    """The steps of SQLite's plan that read a table from end to end."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a planner that knows that the tables are small would rather read them whole
        cursor.execute("EXPLAIN QUERY PLAN " + LOOK.format(blanks="%s, %s"), ["key", None, 1, 2026, 1, 2])
        steps = [row[3] for row in cursor.fetchall()]
    assert steps
    return [step for step in steps if step.startswith("SCAN")]


def may_read_whole() -> bool:
    """Whether PostgreSQL's function leaves it to the planner to read a table from end to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = %s", ["ledger_book_entry"])
        ((settings,),) = cursor.fetchall()
    return "enable_seqscan=off" not in settings
