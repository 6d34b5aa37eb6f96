"""What the log says of an entry, looked at anew each time: its row, its leaf, the way to the signed root."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cunzhi.journal.models import Entry, Leaf, SignedHead
from cunzhi.journal.outside import outside, row_of
from cunzhi.journal.queries import entry_with, head_for, later, leaf_with, prove
from cunzhi.journal.sealing import corrected
from cunzhi.registry.queries.places import names_of
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import Key
from cunzhi.transparency.proofs import Proof

State = Literal["sealed", "waiting", "changed", "unproved"]


@dataclass
class Found:
    """An entry for the page; `state` says whether rows, leaf and root agree, `told` is what the leaf says."""

    state: State
    at: datetime
    kind: str
    place: str
    leaf: Leaf | None = None
    entry: int = 0
    head: SignedHead | None = None
    later: tuple[Leaf, ...] = ()
    told: dict[str, Any] = field(default_factory=dict)


def find(digest: str) -> Found | None:
    """The entry of a public content; a leaf is found even when somebody changed the row behind it."""
    leaf = leaf_with(digest)
    if leaf is not None:
        found = read(leaf)
        if found.told.get("public") != digest.lower():  # it is listed under what it does not say
            found.state = "changed"
        return found
    entry = entry_with(digest)
    if entry is None:
        return None
    return Found("waiting", entry.at, entry.verb, place_name(entry.place_code), entry=entry.pk)


def read(leaf: Leaf) -> Found:
    told: dict[str, Any] = json.loads(leaf.content)
    head = head_for(leaf.pk)
    at = datetime.fromisoformat(told["at"])
    found = Found("changed", at, told["kind"], place_name(told["place"]), leaf, leaf.entry_id, head, told=told)
    if not _row_differs(leaf, told.get("version")):
        found.state = _state(leaf, head)
    found.later = tuple(later(leaf))
    return found


def _state(leaf: Leaf, head: SignedHead | None) -> State:
    if head is None:
        return "waiting"
    try:
        Proof.read(prove(leaf, head)).check(leaf.content.encode(), Key.read(head.log.key))
    except Doubt:
        return "unproved"
    return "sealed"


def _row_differs(leaf: Leaf, version: int | None) -> bool:
    entry = Entry.objects.filter(pk=leaf.entry_id).first()
    if entry is None:
        return True
    row = row_of(entry)
    return outside(row, version=version, corrects=corrected(row, {row.id: leaf.pk})) != leaf.content


def place_name(code: str) -> str:
    return names_of([code]).get(code, code) if code else ""
