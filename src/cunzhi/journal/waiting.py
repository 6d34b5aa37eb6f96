"""The entries that have no leaf yet and may have one: read behind a safe horizon, see docs/explanation/journal.md."""

from django.db import connection
from django.db.models import Max

from cunzhi.journal.models import Entry, Leaf
from cunzhi.journal.outside import FIELDS, Row

LATE = 10_000
"""How far below the newest leaf's entry a round looks for what was committed late; a full round looks everywhere."""

# age() counts back from the present transaction, so that it holds across the wrap-around of 32-bit numbers. Whoever
# is older than the oldest transaction still running here has ended, and everybody sees what it wrote. What runs in
# other databases of the same server has no say, long as it may take, nor has autovacuum, which enters nothing.
NEXT = "SELECT mod(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, 4294967296)::text"
OLDEST = """
SELECT running::text FROM (
    SELECT %s::xid AS running UNION ALL
    SELECT backend_xid FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL AND backend_type <> 'autovacuum worker'
) AS all_of_them ORDER BY age(running) DESC LIMIT 1
"""
OLDER = "age(journal_entry.xmin) > age(%s::xid)"


def waiting(after: int, limit: int) -> list[Row]:
    """The next entries in the order of their ids, at most `limit`; none when nobody waits any more.

    Page by page and without a join, for which PostgreSQL would now and then read all leaves again for each batch.
    """
    horizon = _horizon() if connection.vendor == "postgresql" else None
    while ids := _page(after, limit, horizon):
        sealed = Leaf.objects.filter(entry_id__gt=after, entry_id__lte=ids[-1]).values_list("entry_id", flat=True)
        if new := sorted(set(ids) - set(sealed)):
            rows = Entry.objects.filter(id__in=new).order_by("id")
            return [Row(*values) for values in rows.values_list(*FIELDS)]
        after = ids[-1]
    return []


def _horizon() -> str:
    """The oldest transaction that runs in this database; the next one to begin is asked for first, lest one slip in."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        cursor.execute(OLDEST, cursor.fetchone())
        return str(cursor.fetchone()[0])


def _page(after: int, limit: int, horizon: str | None) -> list[int]:
    found = Entry.objects.filter(id__gt=after).order_by("id")
    if horizon is not None:
        found = found.extra(where=[OLDER], params=[horizon])  # noqa: S610  a constant
    return list(found.values_list("id", flat=True)[:limit])


def first_after(*, full: bool = False) -> int:
    """The id from which on a round looks."""
    newest: int = Leaf.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    if full:
        return 0
    return newest if connection.vendor == "sqlite" else max(newest - LATE, 0)
