"""The sequencer: entries become leaves, batch by batch, and what the tree has grown to is signed."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from django.db import connection, transaction
from django.db.models import Max

from cunzhi.journal.log import SEQUENCER, lock
from cunzhi.journal.models import Leaf, Tile
from cunzhi.journal.outside import Row, is_open, outside
from cunzhi.journal.signing import refuse_other_past, sign
from cunzhi.journal.tree import Edge, tree_size
from cunzhi.journal.waiting import first_after, waiting
from cunzhi.transparency.merkle import leaf_hash

BATCH = 1000
COLUMNS = "id, entry_id, record, version, public_hash, content"
INSERT = f"INSERT INTO journal_leaf ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608  constants
Written: TypeAlias = tuple[int, int, str | None, int | None, str, str]
"""A leaf in the order of COLUMNS."""
COPY = f"COPY journal_leaf ({COLUMNS}) FROM STDIN"


def seal(*, full: bool = False, batch: int = BATCH) -> int:
    """One round: all that may have a leaf gets one, and the new size is signed. How many leaves there are more."""
    refuse_other_past()
    sealed = sum(batches(batch, full=full))
    sign()
    return sealed


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
    versions, leaves = _versions(rows), list[Written]()
    for row in rows:
        open_ = is_open(row)
        version = versions[row.record] = versions[row.record] + 1 if open_ else 0
        content = outside(row, version=version, corrects=corrected(row, numbered))
        named = (row.record, version) if open_ else (None, None)
        leaves.append((numbered[row.id], row.id, *named, row.public_hash, content))
    return leaves


def take(edge: Edge, leaves: Sequence[Written]) -> None:
    """Write leaves, and the tiles that are finished with them."""
    finished = edge.append([leaf_hash(leaf[-1].encode()) for leaf in leaves])
    _write(leaves)
    if finished:
        Tile.objects.bulk_create(finished)


def _write(leaves: Sequence[Written]) -> None:
    """PostgreSQL takes many rows fastest by COPY, SQLite by one statement for all."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(COPY) as copy:
                for leaf in leaves:
                    copy.write_row(leaf)
        else:
            cursor.executemany(INSERT, leaves)


def _versions(rows: Sequence[Row]) -> dict[str, int]:
    """How many leaves each open record has so far."""
    records = {row.record for row in rows if is_open(row)}
    known = Leaf.objects.filter(record__in=records).values("record").annotate(newest=Max("version"))
    return {**dict.fromkeys((row.record for row in rows), 0), **{str(one["record"]): one["newest"] for one in known}}


def corrected(row: Row, numbered: dict[int, int]) -> int | str | None:
    """What an act corrects: a leaf before it, or a record in words."""
    named = row.detail.get("corrects")
    if not isinstance(named, int) or isinstance(named, bool):
        return named if isinstance(named, str) else None
    found = numbered.get(named)
    if found is None:
        found = Leaf.objects.filter(entry_id=named).values_list("id", flat=True).first()
    return found if found is not None and found < numbered[row.id] else None
