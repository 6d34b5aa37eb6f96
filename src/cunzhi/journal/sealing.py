"""The sequencer: entries become leaves, batch by batch, and what the tree has grown to is signed."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from django.db import connection, transaction

from cunzhi.journal.log import SEQUENCER, lock
from cunzhi.journal.models import Leaf
from cunzhi.journal.open_leaves import list_open_leaves, listed_versions
from cunzhi.journal.outside import Row, is_open, outside
from cunzhi.journal.signing import refuse_other_past, sign
from cunzhi.journal.tree import Edge, tree_size
from cunzhi.journal.waiting import first_after, waiting
from cunzhi.transparency.merkle import leaf_hash

BATCH = 1000
COLUMNS = "id, entry_id, content"
INSERT = f"INSERT INTO journal_leaf ({COLUMNS}) VALUES "  # noqa: S608  constants
ROW, ROWS = "(?, ?, ?)", 1000
"""How many leaves one statement carries at most, well below the number of blanks that SQLite allows."""
Written: TypeAlias = tuple[int, int, str]
"""A leaf in the order of COLUMNS."""
INSERT_TILE = "INSERT INTO journal_tile (level, number, root, hashes) VALUES (%s, %s, %s, %s)"
COPY = f"COPY journal_leaf ({COLUMNS}) FROM STDIN"


def seal(*, full: bool = False, batch: int = BATCH) -> int:
    """One round: all that may have a leaf gets one, and the new size is signed. How many leaves there are more."""
    refuse_other_past()
    sealed = sum(batches(batch, full=full))
    _finish()
    return sealed


@transaction.atomic
def _finish() -> None:
    """What is signed is listed too: nobody seals anything in between."""
    lock(SEQUENCER)
    list_open_leaves()
    sign()


def batches(size: int, *, full: bool = False) -> Iterator[int]:
    """Seal what is waiting, one commit a batch; how many were in each. Only the first looks for what came late."""
    edge, after, count = _batch(None, first_after(full=full), size)
    while count:
        yield count
        edge, after, count = _batch(edge, after, size)


@transaction.atomic
def _batch(edge: Edge | None, after: int, size: int) -> tuple[Edge, int, int]:
    lock(SEQUENCER)
    have = tree_size()
    if edge is None or edge.size != have:  # somebody else was at it in between
        list_open_leaves()  # from which versions are counted on
        edge = Edge.load(have)
    rows = waiting(after, size)
    append(edge, rows)
    return edge, rows[-1].id if rows else after, len(rows)


def append(edge: Edge, rows: Sequence[Row]) -> None:
    """Give each entry the next leaf."""
    if rows:
        take(edge, _leaves(edge, rows))


def _leaves(edge: Edge, rows: Sequence[Row]) -> list[Written]:
    numbered = dict(zip((row.id for row in rows), range(edge.size, edge.size + len(rows)), strict=True))
    versions, leaves = edge.versions, list[Written]()
    versions |= listed_versions({row.record for row in rows if is_open(row)} - versions.keys())
    for row in rows:
        if is_open(row):
            versions[row.record] += 1
        content = outside(row, version=versions.get(row.record), corrects=corrected(row, numbered))
        leaves.append((numbered[row.id], row.id, content))
    return leaves


def take(edge: Edge, leaves: Sequence[Written]) -> None:
    """Write leaves, and the tiles that are finished with them."""
    finished = edge.append([leaf_hash(leaf[-1].encode()) for leaf in leaves])
    _write(leaves)
    if finished:
        tiles = [(one.level, one.number, bytes(one.root), bytes(one.hashes)) for one in finished]
        with connection.cursor() as cursor:
            cursor.executemany(INSERT_TILE, tiles)


def _write(leaves: Sequence[Written]) -> None:
    """PostgreSQL takes many rows fastest by COPY, SQLite by one statement for all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.cursor.copy(COPY) as copy:
            for leaf in leaves:
                copy.write_row(leaf)
    else:
        # Past Django's cursor, which would look through a thousand blanks again and again.
        for at in range(0, len(leaves), ROWS):
            some = leaves[at : at + ROWS]
            connection.connection.execute(INSERT + ", ".join([ROW] * len(some)), list(chain.from_iterable(some)))


def corrected(row: Row, numbered: dict[int, int]) -> int | str | None:
    """What an act corrects: a leaf before it, or a record in words."""
    named = row.detail.get("corrects")
    if not isinstance(named, int) or isinstance(named, bool):
        return named if isinstance(named, str) else None
    found = numbered.get(named)
    if found is None:
        found = Leaf.objects.filter(entry_id=named).values_list("id", flat=True).first()
    return found if found is not None and found < numbered[row.id] else None
