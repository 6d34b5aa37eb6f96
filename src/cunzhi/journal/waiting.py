"""The entries that have no leaf yet and may have one: read behind a safe horizon, see docs/explanation/journal.md."""

from django.db import connection
from django.db.models import Max

from cunzhi.journal.models import Entry, Leaf
from cunzhi.journal.outside import FIELDS, Row

LATE = 10_000
"""How far below the newest leaf's entry a round looks for what was committed late; a full round looks everywhere."""

# age() counts back from the present transaction, so that it holds across the wrap-around of 32-bit numbers. Whoever
# is older than the oldest transaction still running has ended, and everybody sees what it wrote.
OLDEST = "mod(pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 4294967296)::text::xid"
HORIZON = f"age(journal_entry.xmin) > age({OLDEST})"


def waiting(after: int, limit: int) -> list[Row]:
    """The next entries in the order of their ids."""
    found = Entry.objects.filter(leaf__isnull=True, id__gt=after).order_by("id")
    if connection.vendor == "postgresql":
        found = found.extra(where=[HORIZON])  # noqa: S610  a constant
    return [Row(*values) for values in found.values_list(*FIELDS)[:limit]]


def first_after(*, full: bool = False) -> int:
    """The id from which on a round looks."""
    newest: int = Leaf.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    if full:
        return 0
    return newest if connection.vendor == "sqlite" else max(newest - LATE, 0)
