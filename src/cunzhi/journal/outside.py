"""What outsiders get of an entry: public acts in plain, all others as a hash that only its salt opens."""

import hmac
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cunzhi.journal.actions import canonical, salt
from cunzhi.journal.models import Entry
from cunzhi.transparency import canonical as jcs

OPEN_RECORDS = ("place:", "book:", "item:", "activation:", "log:")
"""Records that are nobody's own: acts on them are public even where nothing was made public with them."""
SHOWN = ("column", "period")
"""What of a public act's detail stands in plain: what a disclosure is about, so that a missing one can be told."""
SEALED = "sealed"
SECONDS = len("2026-03-01T08:30:00")
COUNTY = 6
"""Figures of a place's code that a sealed entry shows: where few live, a village would say who it was."""


class Row(NamedTuple):
    """An entry as the database gives it back."""

    id: int
    at: datetime
    actor: str
    on_behalf_of: str
    channel: str
    verb: str
    record: str
    place_code: str
    detail: dict[str, Any]
    private_hash: str
    public_hash: str


FIELDS = Row._fields


def row_of(entry: Entry) -> Row:
    return Row(*(getattr(entry, name) for name in FIELDS))


def is_open(row: Row) -> bool:
    return bool(row.public_hash) or row.record.startswith(OPEN_RECORDS)


def outside(row: Row, *, version: int | None, corrects: int | str | None) -> str:
    """The leaf's text, spelt by RFC 8785. `corrects` is the leaf (or the record) that an open act corrects."""
    content: dict[str, Any] = {
        "at": row.at.astimezone(UTC).isoformat()[:SECONDS] + "Z",
        "kind": SEALED,
        "place": row.place_code[:COUNTY],
        "private": sealed(row),
        "v": 1,
    }
    if is_open(row):
        content |= {"kind": row.verb, "place": row.place_code, "record": row.record, "version": version}
        content |= {"public": row.public_hash} if row.public_hash else {}
        content |= {name: str(row.detail[name]) for name in SHOWN if row.public_hash and row.detail.get(name)}
        content |= {"corrects": corrects} if corrects is not None else {}
    return jcs.canonical(content).decode()


def sealed(row: Row) -> str:
    """A hash over everything that stands in the row, salted for this entry alone."""
    return hmac.digest(salt(f"entry:{row.id}"), opening(row).encode(), "sha256").hex()


def key_to(row: Row) -> dict[str, str]:
    """What opens this entry, and no other: its salt, and what was noted; `cunzhi-audit --opening` reads it."""
    return {"salt": salt(f"entry:{row.id}").hex(), "said": opening(row)}


def opening(row: Row) -> str:
    """What is under the hash: with it and the entry's salt, somebody who may know can check what was noted."""
    return canonical([row.at.astimezone(UTC).isoformat(), *row[2:]])
