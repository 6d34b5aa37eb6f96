"""From rows to root, everything anew: the first row that is not as it was sealed, and what changed in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.journal.kept import kept_checkpoint
from cunzhi.journal.log import current_log, last_head
from cunzhi.journal.models import Entry, Leaf, OpenLeaf, SignedHead, Tile
from cunzhi.journal.outside import FIELDS, Row, is_open, outside
from cunzhi.journal.tree import Edge
from cunzhi.transparency.checkpoints import Checkpoint, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import Hash, leaf_hash
from cunzhi.transparency.notes import Key, Note, encoded
from cunzhi.transparency.tiles import split

CHUNK = 2000
PATIENCE = timedelta(hours=1)
"""How long an entry may wait for its leaf before somebody should ask why."""


@dataclass(frozen=True)
class Fault:
    """What differs first; its words stand in the messages: journal.check.<code>."""

    code: str
    params: dict[str, object]

    def say(self, language: str) -> str:
        return say(f"journal.check.{self.code}", language, **self.params)


@dataclass
class Checked:
    """How far everything was right."""

    size: int = 0
    heads: int = 0
    root: str = ""
    unsealed: int = 0
    fault: Fault | None = None


@dataclass
class _Walk:
    """Where the check stands."""

    checked: Checked
    signed: int = 0
    edge: Edge = field(default_factory=Edge)


def check() -> Checked:
    """Recompute every leaf from its row, every tile from its leaves, every signed root from its tiles.

    And from every leaf whether and how it is listed among the open ones.
    """
    walk = _Walk(Checked())
    for fault in _faults(walk):
        walk.checked.fault = fault
        break
    walk.checked.size, walk.checked.root = walk.edge.size, encoded(walk.edge.root())
    late = Entry.objects.filter(leaf__isnull=True, at__lt=clock.now() - PATIENCE)
    walk.checked.unsealed = late.count() if current_log() else 0
    return walk.checked


def _faults(walk: _Walk) -> Iterator[Fault]:
    heads = list(SignedHead.objects.select_related("log").order_by("size", "id"))
    walk.signed = heads[-1].size if heads else 0
    for leaf, row, listed in _rows():
        while heads and heads[0].size == walk.edge.size:
            yield from _head(walk, heads.pop(0))
        yield from _leaf(walk, leaf, row)
        yield from _listed(walk, leaf, row, listed)
    while heads and heads[0].size == walk.edge.size:
        yield from _head(walk, heads.pop(0))
    if heads:
        yield Fault("fewer", {"size": heads[-1].size, "have": walk.edge.size})
    yield from _outside(walk)
    yield from _listed_for_nothing()


def _rows() -> Iterator[tuple[Leaf, Row | None, OpenLeaf | None]]:
    """Every leaf with its entry, and as it is listed, in the order of the tree; None where the entry is gone."""
    last = -1
    while chunk := list(Leaf.objects.filter(id__gt=last).order_by("id")[:CHUNK]):
        rows = Entry.objects.filter(id__in=[leaf.entry_id for leaf in chunk]).values_list(*FIELDS)
        known = {values[0]: Row(*values) for values in rows}
        listed = OpenLeaf.objects.in_bulk([leaf.id for leaf in chunk])
        yield from ((leaf, known.get(leaf.entry_id), listed.get(leaf.id)) for leaf in chunk)
        last = chunk[-1].id


def _leaf(walk: _Walk, leaf: Leaf, row: Row | None) -> Iterator[Fault]:
    number = walk.edge.size
    if leaf.id != number:
        yield Fault("leaf_gone", {"leaf": number})
    if row is None:
        yield Fault("row_gone", {"leaf": number, "entry": leaf.entry_id, "was": _brief(leaf.content)})
        return
    if is_open(row):
        walk.edge.versions[row.record] = walk.edge.versions.get(row.record, 0) + 1
    expected = outside(row, version=walk.edge.versions.get(row.record), corrects=_corrects(walk, row))
    if expected != leaf.content:
        changes = "; ".join(_changes(json.loads(leaf.content), json.loads(expected)))
        yield Fault("row_changed", {"leaf": number, "entry": row.id, "changes": changes})
    for tile in walk.edge.append([leaf_hash(leaf.content.encode())]):
        yield from _tile(tile)


def _listed(walk: _Walk, leaf: Leaf, row: Row | None, listed: OpenLeaf | None) -> Iterator[Fault]:
    """Under what an open leaf is found; one that no signed size covers may still be waiting for that."""
    expected: dict[str, Any] = {}
    if row is not None and is_open(row):
        expected = {"record": row.record, "version": walk.edge.versions[row.record], "public": row.public_hash}
    if listed is None:
        if expected and leaf.id < walk.signed:
            yield Fault("unlisted", {"leaf": leaf.id, "record": expected["record"]})
    elif not expected:
        yield Fault("listed_for_nothing", {"leaf": leaf.id})
    else:
        found = {"record": listed.record, "version": listed.version, "public": listed.public_hash}
        if changes := "; ".join(_changes(expected, found)):
            yield Fault("listed_otherwise", {"leaf": leaf.id, "changes": changes})


def _listed_for_nothing() -> Iterator[Fault]:
    alone = OpenLeaf.objects.filter(~Exists(Leaf.objects.filter(pk=OuterRef("pk")))).order_by("pk").first()
    if alone is not None:
        yield Fault("listed_for_nothing", {"leaf": alone.pk})


def _corrects(walk: _Walk, row: Row) -> int | str | None:
    named = row.detail.get("corrects")
    if isinstance(named, int) and not isinstance(named, bool):
        return Leaf.objects.filter(entry_id=named, id__lt=walk.edge.size).values_list("id", flat=True).first()
    return named if isinstance(named, str) else None


def _changes(sealed: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Name by name; what is under the salted hash can only be said to differ."""
    for name in sorted(sealed.keys() | now.keys()):
        before, after = sealed.get(name), now.get(name)
        if before != after:
            yield name if name == "private" else f"{name}: {before} -> {after}"


def _tile(expected: Tile) -> Iterator[Fault]:
    stored = Tile.objects.filter(level=expected.level, number=expected.number).first()
    if stored is None:
        yield Fault("tile_gone", {"level": expected.level, "number": expected.number})
        return
    pairs = zip(split(bytes(stored.hashes)), split(bytes(expected.hashes)), strict=False)
    at = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
    if at is not None:
        first = (expected.number * 256 + at) << 8 * expected.level
        yield Fault("tile_changed", {"level": expected.level, "number": expected.number, "leaf": first})
    elif bytes(stored.root) != expected.root or len(stored.hashes) != len(expected.hashes):
        yield Fault("tile_changed", {"level": expected.level, "number": expected.number, "leaf": "-"})


def _head(walk: _Walk, head: SignedHead) -> Iterator[Fault]:
    try:
        signed = opened(Note.read(head.note), Key.read(head.log.key))
    except Doubt as doubt:
        yield Fault("head_changed", {"size": head.size, "reason": doubt})
        return
    if (signed.size, signed.root) != (walk.edge.size, walk.edge.root()):
        yield Fault("root_differs", {"size": head.size, "before": walk.checked.heads and walk.checked.size})
    walk.checked.heads, walk.checked.size = walk.checked.heads + 1, head.size


def _outside(walk: _Walk) -> Iterator[Fault]:
    """What is kept in the file, against the database."""
    log = current_log()
    try:
        before = kept_checkpoint()
    except Refused as refused:
        yield Fault("kept_unreadable", {"reason": refused.params["reason"]})
        return
    newest = last_head(log) if log else None
    if before is None:
        if newest is not None:
            yield Fault("kept_missing", {})
    elif log is None or before.origin != log.origin:
        yield Fault("kept_other", {"theirs": before.origin, "ours": log.origin if log else "-"})
    elif before.size > walk.edge.size:
        yield Fault("kept_older", {"size": walk.edge.size, "signed": before.size})
    elif newest is not None and newest.size >= before.size and _root_at(log.pk, before) != before.root:
        yield Fault("kept_forked", {"signed": before.size})


def _root_at(log: int, before: Checkpoint) -> Hash:
    head = SignedHead.objects.filter(log_id=log, size=before.size).first()
    return before.root if head is None else Checkpoint.read(Note.read(head.note).text).root


def _brief(content: str) -> str:
    told = json.loads(content)
    return " ".join(str(told[name]) for name in ("at", "kind", "place", "record") if name in told)
