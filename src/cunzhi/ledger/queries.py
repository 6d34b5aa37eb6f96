"""Reads of the books: what is where, what came and went, and whether everything adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.ledger import charts
from cunzhi.ledger.models import Account, Book, Entry, Item

MOVED = """
SELECT account_id, CAST(SUM(amount) AS BIGINT) FROM (
    SELECT target_id AS account_id, amount FROM ledger_posting p {join} WHERE target_id IN ({ids}) {before}
    UNION ALL
    SELECT source_id, -amount FROM ledger_posting p {join} WHERE source_id IN ({ids}) {before}
) moved GROUP BY account_id
"""

STATEMENT = """
SELECT entry_id, at, memo, record, kind, holder, amount, balance FROM (
    SELECT e.id AS entry_id, e.at, e.memo, e.record, other.kind, other.holder, moved.amount, moved.id AS posting_id,
           CAST(SUM(moved.amount) OVER (ORDER BY e.at, moved.id) AS BIGINT) AS balance
      FROM (SELECT id, entry_id, amount, source_id AS other_id FROM ledger_posting WHERE target_id = %s
            UNION ALL
            SELECT id, entry_id, -amount, target_id FROM ledger_posting WHERE source_id = %s) moved
      JOIN ledger_entry e ON e.id = moved.entry_id
      JOIN ledger_account other ON other.id = moved.other_id
) lines {where} ORDER BY at, posting_id
"""

OFFERED = """
SELECT i.*,
       CAST((SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE target_id = shelf.id)
          - (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE source_id = shelf.id) AS BIGINT) AS on_shelf,
       CAST((SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE target_id = held.id)
          - (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE source_id = held.id) AS BIGINT) AS set_aside
  FROM ledger_item i
  LEFT JOIN ledger_book b ON b.place_code = i.place_code AND b.kind = %(goods)s
  LEFT JOIN ledger_account shelf ON shelf.book_id = b.id AND shelf.kind = 'shelf' AND shelf.holder = 'item:' || i.id
  LEFT JOIN ledger_account held ON held.book_id = b.id AND held.kind = 'held' AND held.holder = 'item:' || i.id
 WHERE i.place_code = %(place)s AND (i.until IS NULL OR i.until > %(today)s)
 ORDER BY i.name
"""

UNUSED = """
SELECT a.*, CAST((SELECT COALESCE(SUM(p.amount), 0) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
                   WHERE p.target_id = a.id AND e.at < %s)
               - (SELECT COALESCE(SUM(amount), 0) FROM ledger_posting WHERE source_id = a.id) AS BIGINT) AS unused
  FROM ledger_account a WHERE a.book_id = %s AND a.kind IN ({kinds}) ORDER BY a.id
"""


@dataclass(frozen=True)
class Line:
    """One line of an account's statement: what came (or went, negative), from or to where, and what was left then."""

    entry_id: int
    at: datetime
    memo: str
    record: str
    other_kind: str
    other_holder: str
    amount: int
    balance: int


@dataclass(frozen=True)
class Stock:
    """A good on offer: how many are left on the shelf, and how many are set aside for those who asked."""

    item: Item
    left: int
    held: int


def balance(account: Account, at: datetime | None = None) -> int:
    """What lies on an account, now or just before a moment."""
    return _balances([account.pk], at)[account.pk]


def balances(accounts: Iterable[Account], at: datetime | None = None) -> dict[int, int]:
    """What lies on each account, by its id, in one query."""
    return _balances([account.pk for account in accounts], at)


def book_of(place_code: str, kind: str) -> Book | None:
    """The book of a kind that serves a place: its own, else the nearest above it."""
    codes = [place_code[:length] for length in range(1, len(place_code) + 1)]
    found = Book.objects.filter(kind=kind, place_code__in=codes)
    return max(found, key=lambda book: len(book.place_code), default=None)


def entries_of(record: str) -> QuerySet[Entry]:
    """All that was booked for one record, in the order of booking, with its postings and accounts."""
    found = Entry.objects.filter(record=record).order_by("id")
    return found.prefetch_related("postings__source", "postings__target")


def statement(account: Account, since: datetime | None = None, until: datetime | None = None) -> list[Line]:
    """What moved on an account from `since` until before `until`, by date, with what was left after each."""
    wanted, moments = [], []
    for condition, moment in (("at >= %s", since), ("at < %s", until)):
        if moment is not None:
            wanted.append(condition)
            moments.append(_stored(moment))
    sql = STATEMENT.format(where="WHERE " + " AND ".join(wanted) if wanted else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [account.pk, account.pk, *moments])
        return [Line(row[0], _read(row[1]), *row[2:]) for row in cursor.fetchall()]


def trial(book: Book) -> list[tuple[Account, int]]:
    """Every account of a book with what lies on it. Together they are nothing: what one has, another gave."""
    accounts = list(book.accounts.order_by("kind", "holder"))
    found = balances(accounts)
    return [(account, found[account.pk]) for account in accounts]


def items(place_code: str) -> list[Stock]:
    """The goods that a place offers today, with what is left of each, in one query."""
    found: Iterable[Any] = Item.objects.raw(
        OFFERED, {"place": place_code, "today": clock.today(), "goods": charts.GOODS}
    )
    return [Stock(item, item.on_shelf, item.set_aside) for item in found]


def lapsing(*, book: Book, end: datetime, keep: Mapping[str, int]) -> list[tuple[Account, int]]:
    """What each holder has of what came before `end`, still unused, beyond what it may keep; may be negative."""
    blanks = ", ".join(["%s"] * len(keep))
    found: Iterable[Any] = Account.objects.raw(UNUSED.format(kinds=blanks), [_stored(end), book.pk, *keep])
    return [(account, account.unused - max(keep[account.kind], account.floor or 0)) for account in found]


def _balances(ids: list[int], at: datetime | None) -> dict[int, int]:
    if not ids:
        return {}
    join = "JOIN ledger_entry e ON e.id = p.entry_id" if at else ""
    before = "AND e.at < %s" if at else ""
    moment = [_stored(at)] if at else []
    blanks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(MOVED.format(join=join, before=before, ids=blanks), [*ids, *moment, *ids, *moment])
        return dict.fromkeys(ids, 0) | dict(cursor.fetchall())


def _stored(moment: datetime) -> Any:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return connection.ops.adapt_datetimefield_value(moment)


def _read(moment: datetime) -> datetime:
    """SQLite gives moments without their zone, which is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
