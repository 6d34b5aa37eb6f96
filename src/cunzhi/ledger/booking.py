"""How an entry gets into the database: lock who gives, look, write. Each database does it in its own quickest way."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Conflict, Refused
from cunzhi.ledger import book_by_function, book_by_statements
from cunzhi.ledger.answers import Answer
from cunzhi.ledger.models import Account, Book, Entry, Posting

LOCK = "SELECT id FROM ledger_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
SHORT = frozenset({"pot", "promised", "household", "shelf", "held", "fund"})
"""Kinds of accounts that have a sentence of their own for 'not enough'."""


@dataclass(frozen=True)
class Leg:
    """An amount that moves from one account to another."""

    source: Account
    target: Account
    amount: int


@dataclass(frozen=True)
class Draft:
    """An entry that is not written yet. `dated`: somebody said when it happened, it is not merely now."""

    book: Book
    key: str
    memo: str
    record: str
    basis: str
    at: datetime
    dated: bool
    legs: tuple[Leg, ...]
    reverses: Entry | None = None

    @cached_property
    def outflow(self) -> dict[int, int]:
        """What each account that gives something loses by the entry as a whole; negative when it gains."""
        lost: Counter[int] = Counter()
        for leg in self.legs:
            lost[leg.source.pk] += leg.amount
        for leg in self.legs:
            if leg.target.pk in lost:
                lost[leg.target.pk] -= leg.amount
        return dict(sorted(lost.items()))

    @cached_property
    def movements(self) -> list[list[int]]:
        return [[leg.source.pk, leg.target.pk, leg.amount] for leg in self.legs]

    @property
    def year(self) -> int:
        """The year that it is dated in, on the villages' clock."""
        return self.at.astimezone(ZONE).year


def write(draft: Draft, note: Sequence[Any]) -> Entry:
    """The entry, written with its note in the journal; a repeated key gives the first one, and nothing is noted.

    Everything that can be refused is refused before the first row is written, so nobody needs a savepoint.
    """
    way = book_by_function if connection.vendor == "postgresql" else book_by_statements
    with _together(), connection.cursor() as cursor:
        answer = way.book(
            cursor,
            entry=(
                draft.book.pk,
                draft.key,
                connection.ops.adapt_datetimefield_value(draft.at),
                draft.memo,
                draft.record,
                draft.basis,
                draft.reverses.pk if draft.reverses else None,
            ),
            year=draft.year,
            outflow=draft.outflow,
            movements=draft.movements,
            note=note,
        )
    if answer.outcome == "new":
        return _entry(draft, answer.number)
    if answer.outcome == "known":
        return _first(draft)
    raise _refusal(draft, answer)


def _together() -> AbstractContextManager[object]:
    """The transaction that is open; else a new one, unless the one statement that will be sent is one by itself."""
    alone = connection.vendor == "postgresql"
    return nullcontext() if alone or connection.in_atomic_block else transaction.atomic()


def lock(cursor: CursorWrapper, ids: Sequence[int]) -> None:
    """Make others who give from these accounts wait. SQLite lets one transaction write at a time and needs no lock."""
    if connection.vendor == "postgresql":
        cursor.execute(LOCK, [list(ids)])


def _refusal(draft: Draft, answer: Answer) -> Refused:
    if answer.outcome == "closed":
        return Refused("ledger.year.closed", year=draft.year)
    account = next(leg.source for leg in draft.legs if leg.source.pk == answer.number)
    return Refused(
        f"ledger.short.{account.kind if account.kind in SHORT else 'other'}",
        left=answer.left,
        needed=answer.needed,
        kind=account.kind,
        holder=account.holder,
    )


def _entry(draft: Draft, number: int) -> Entry:
    entry = Entry(
        id=number,
        book=draft.book,
        key=draft.key,
        at=draft.at,
        memo=draft.memo,
        record=draft.record,
        basis=draft.basis,
        reverses=draft.reverses,
    )
    entry._state.adding = False
    entry._state.db = connection.alias
    return entry


def _first(draft: Draft) -> Entry:
    """The entry that was booked under the key before, if it is the same in all that was said."""
    entry = Entry.objects.filter(key=draft.key).first()
    if entry is None:
        raise Conflict("ledger.reversed")
    postings = Posting.objects.filter(entry=entry).values_list("source_id", "target_id", "amount")
    same = (
        (entry.book_id, entry.memo, entry.record, entry.basis) == (draft.book.pk, draft.memo, draft.record, draft.basis)
        and entry.reverses_id == (draft.reverses.pk if draft.reverses else None)
        and sorted(postings) == sorted(tuple(movement) for movement in draft.movements)
        and (not draft.dated or entry.at == draft.at)
    )
    if not same:
        raise Refused("ledger.key.other", request=draft.key)
    return entry
