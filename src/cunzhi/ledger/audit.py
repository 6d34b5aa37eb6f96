"""Whether the books are what they must be, looked up from the rows themselves and from the journal."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from cunzhi.base.messages import say
from cunzhi.journal.models import Entry as JournalEntry
from cunzhi.ledger.models import Entry, Posting

VERBS = ("ledger.post", "ledger.reverse", "ledger.lapse")
AT_ONCE = 2000

BELOW = """
SELECT a.id, a.kind, a.holder, b.place_code, a.floor, CAST(COALESCE(moved.balance, 0) AS BIGINT)
  FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
  LEFT JOIN (
       SELECT account_id, SUM(amount) AS balance FROM (
           SELECT target_id AS account_id, amount FROM ledger_posting
           UNION ALL
           SELECT source_id, -amount FROM ledger_posting) both_ways
        GROUP BY account_id) moved ON moved.account_id = a.id
 WHERE COALESCE(moved.balance, 0) < a.floor ORDER BY a.id
"""
EMPTY = """
SELECT e.id, e.key FROM ledger_entry e
 WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = e.id) ORDER BY e.id
"""
ASTRAY = """
SELECT p.id, e.id, e.book_id, a.book_id FROM ledger_posting p
  JOIN ledger_entry e ON e.id = p.entry_id
  JOIN ledger_account a ON a.id IN (p.source_id, p.target_id)
 WHERE a.book_id <> e.book_id ORDER BY p.id
"""
UNEVEN = """
SELECT b.id, b.place_code, CAST(SUM(both_ways.amount) AS BIGINT) FROM (
       SELECT target_id AS account_id, amount FROM ledger_posting
       UNION ALL
       SELECT source_id, -amount FROM ledger_posting) both_ways
  JOIN ledger_account a ON a.id = both_ways.account_id
  JOIN ledger_book b ON b.id = a.book_id
 GROUP BY b.id, b.place_code HAVING SUM(both_ways.amount) <> 0 ORDER BY b.id
"""
QUESTIONS = (
    ("below_floor", BELOW, ("account", "kind", "holder", "place", "floor", "balance")),
    ("empty_entry", EMPTY, ("entry", "request")),
    ("astray", ASTRAY, ("posting", "entry", "book", "other")),
    ("uneven", UNEVEN, ("book", "place", "total")),
)

Legs = list[list[int]]


@dataclass(frozen=True)
class Finding:
    """Something in the books that cannot be right; its words stand in the messages."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def say(self, language: str) -> str:
        return say(self.code, language, **self.params)


def check_books() -> list[Finding]:
    """All that is wrong with the books of this installation; nothing when they are in order."""
    with _one_moment():
        found = [
            Finding(f"ledger.audit.{name}", dict(zip(names, row, strict=True)))
            for name, question, names in QUESTIONS
            for row in _rows(question)
        ]
        return found + list(_unlike_the_journal())


@contextmanager
def _one_moment() -> Iterator[None]:
    """All questions see the books as of the same moment, or a booking between two of them would look like a fault.

    PostgreSQL gives us a picture while others go on booking; SQLite lets them wait until we are done.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def _unlike_the_journal() -> Iterator[Finding]:
    """Entries that were never noted or were noted otherwise, and notes of entries that are not in the books.

    Both are read once, in their order; only what is ahead of the other is kept.
    """
    noted, ahead = _noted(), dict[str, Legs]()
    for key, legs in _booked():
        while key not in ahead and (note := next(noted, None)):
            ahead[note[0]] = note[1]
        said = ahead.pop(key, None)
        if said is None:
            yield Finding("ledger.audit.not_noted", {"request": key})
        elif sorted(said) != sorted(legs):
            yield Finding("ledger.audit.noted_otherwise", {"request": key})
    for key in sorted(ahead | dict(noted)):
        yield Finding("ledger.audit.not_booked", {"request": key})


def _noted() -> Iterator[tuple[str, Legs]]:
    notes = JournalEntry.objects.filter(verb__in=VERBS).order_by("id").values_list("detail", flat=True)
    return ((detail["key"], detail["legs"]) for detail in notes.iterator(AT_ONCE))


def _booked() -> Iterator[tuple[str, Legs]]:
    """The key and the legs of every entry, in the order of entries."""
    last = 0
    while entries := list(Entry.objects.filter(id__gt=last).order_by("id").values_list("id", "key")[:AT_ONCE]):
        legs: dict[int, Legs] = defaultdict(list)
        moved = Posting.objects.filter(entry_id__gt=last, entry_id__lte=entries[-1][0])
        for number, *leg in moved.values_list("entry_id", "source_id", "target_id", "amount"):
            legs[number].append(leg)
        for number, key in entries:
            yield key, legs[number]
        last = entries[-1][0]
