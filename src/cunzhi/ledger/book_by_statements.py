"""Booking statement by statement, for SQLite: its transaction already keeps everybody else from writing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from cunzhi.journal.actions import INSERT as NOTE
from cunzhi.ledger.answers import Answer, EntryRow

LOOK = """
SELECT a.id, a.floor, CASE WHEN a.floor IS NULL THEN 0 ELSE
       (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE target_id = a.id)
     - (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE source_id = a.id) END,
       EXISTS (SELECT 1 FROM ledger_entry WHERE key = %s)
       OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses_id = %s),
       EXISTS (SELECT 1 FROM ledger_closing WHERE book_id = %s AND year >= %s)
  FROM ledger_account a WHERE a.id IN ({blanks}) ORDER BY a.id
"""
INSERT_ENTRY = (
    "INSERT INTO ledger_entry (book_id, key, at, memo, record, basis, reverses_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
INSERT_POSTINGS = "INSERT INTO ledger_posting (entry_id, source_id, target_id, amount) VALUES {rows}"
ROWS_AT_ONCE = 500


def book(
    cursor: CursorWrapper,
    *,
    entry: EntryRow,
    year: int,
    outflow: Mapping[int, int],
    movements: Sequence[Sequence[int]],
    note: Sequence[Any],
) -> Answer:
    """Look at everything, and write only what may be written."""
    blanks = ", ".join(["%s"] * len(outflow))
    cursor.execute(LOOK.format(blanks=blanks), [entry[1], entry[6], entry[0], year, *outflow])
    rows = cursor.fetchall()
    known, closed = rows[0][3:]
    if known:
        return Answer("known")
    if closed:
        return Answer("closed")
    for account, floor, balance, _, _ in rows:
        if floor is not None and outflow[account] > max(balance - floor, 0):
            return Answer("short", account, balance - floor, outflow[account])
    cursor.execute(INSERT_ENTRY, entry)
    number: int = cursor.fetchone()[0]
    for start in range(0, len(movements), ROWS_AT_ONCE):
        _insert(cursor, number, movements[start : start + ROWS_AT_ONCE])
    cursor.execute(NOTE, note)
    return Answer("new", number)


def _insert(cursor: CursorWrapper, number: int, movements: Sequence[Sequence[int]]) -> None:
    values = [value for movement in movements for value in (number, *movement)]
    cursor.execute(INSERT_POSTINGS.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(movements))), values)
