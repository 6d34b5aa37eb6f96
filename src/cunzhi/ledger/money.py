"""Reads of a village's money book: what a month began with, what came and went, what was left."""

from dataclasses import dataclass
from datetime import datetime

from cunzhi.base.periods import Period
from cunzhi.ledger.models import Account, Book
from cunzhi.ledger.queries import balance, statement

FUND = "fund"
CATEGORY = "category:"
"""What stands before the category in the holder of an account of income or expense."""


@dataclass(frozen=True)
class Movement:
    """One amount in fen that came (above zero) or went, for what, and the record that moved it."""

    entry_id: int
    at: datetime
    category: str
    amount: int
    record: str


@dataclass(frozen=True)
class Month:
    """The fund's month: what was there, what moved by date, what was left."""

    opening: int
    closing: int
    movements: list[Movement]


def month_of(book: Book, period: Period) -> Month:
    """A month of the fund as the postings have it; nothing where nothing was ever booked."""
    fund = Account.objects.filter(book=book, kind=FUND).first()
    if fund is None:
        return Month(0, 0, [])
    moved = [
        Movement(one.entry_id, one.at, one.other_holder.removeprefix(CATEGORY), one.amount, one.record)
        for one in statement(fund, period.start, period.end)
    ]
    return Month(balance(fund, period.start), balance(fund, period.end), moved)


def left_at_end(book: Book, period: Period) -> int:
    """What the fund held when a period was over."""
    fund = Account.objects.filter(book=book, kind=FUND).first()
    return balance(fund, period.end) if fund else 0
