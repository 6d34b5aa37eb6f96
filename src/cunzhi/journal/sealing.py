"""The sequencer: entries become leaves, batch by batch, and what the tree has grown to is signed."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Max

from cunzhi.journal.log import SEQUENCER, lock
from cunzhi.journal.models import Leaf, Tile
from cunzhi.journal.outside import Row, is_open, outside
from cunzhi.journal.signing import refuse_other_past, sign
from cunzhi.journal.tree import Edge, tree_size
from cunzhi.journal.waiting import waiting
from cunzhi.transparency.merkle import leaf_hash

BATCH = 1000
INSERT = (
    "INSERT INTO journal_leaf (id, entry_id, record, version, public_hash, content) VALUES (%s, %s, %s, %s, %s, %s)"
)


def seal(*, full: bool = False, batch: int = BATCH) -> int:
    """One round: all that may have a leaf gets one, and the new size is signed. How many leaves there are more."""
    refuse_other_past()
    edge, sealed = None, 0
    while True:
        edge, count = _seal_batch(edge, batch, full=full)
        sealed += count
        if count < batch:
            break
    sign()
    return sealed


@transaction.atomic
def _seal_batch(edge: Edge | None, limit: int, *, full: bool) -> tuple[Edge, int]:
    lock(SEQUENCER)
    size = tree_size()
    if edge is None or edge.size != size:  # somebody else was at it in between
        edge = Edge.load(size)
    rows = waiting(limit, full=full)
    append(edge, rows)
    return edge, len(rows)


def append(edge: Edge, rows: Sequence[Row]) -> None:
    """Give each entry the next leaf, and write the tiles that are finished with it."""
    if not rows:
        return
    numbered = dict(zip((row.id for row in rows), range(edge.size, edge.size + len(rows)), strict=True))
    versions, leaves = _versions(rows), []
    for row in rows:
        open_ = is_open(row)
        version = versions[row.record] = versions[row.record] + 1 if open_ else 0
        content = outside(row, version=version, corrects=corrected(row, numbered))
        named = (row.record, version) if open_ else (None, None)
        leaves.append((numbered[row.id], row.id, *named, row.public_hash, content))
    finished = edge.append([leaf_hash(leaf[-1].encode()) for leaf in leaves])
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, leaves)
    Tile.objects.bulk_create(finished)


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
