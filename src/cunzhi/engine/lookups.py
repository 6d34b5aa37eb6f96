"""The closed list of questions a rule may ask of the records, each answered when it is asked."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import Sum

from cunzhi.base import clock
from cunzhi.base.periods import Period
from cunzhi.engine.choices import BOOK_LENGTH
from cunzhi.engine.convening import meeting_due, meeting_present
from cunzhi.engine.models import Case
from cunzhi.ledger.charts import MONEY
from cunzhi.ledger.models import Account, Item, Posting
from cunzhi.ledger.money import left_at_end
from cunzhi.ledger.queries import balance, book_of


def _sum_of(case: Case, book: str, kind: str, holder: str = "") -> int:
    village = case.place_code[:BOOK_LENGTH]
    account = Account.objects.filter(book__place_code=village, book__kind=book, kind=kind, holder=holder).first()
    return balance(account) if account else 0


def pot_left(case: Case, answers: Mapping[str, Any]) -> int:
    """Points in the village's pot that are not promised to anybody yet."""
    return _sum_of(case, "points", "pot")


def household_points(case: Case, answers: Mapping[str, Any]) -> int:
    """Points on the household's account, free to spend."""
    return _sum_of(case, "points", "household", f"household:{case.household_id}") if case.household_id else 0


def stock_left(case: Case, answers: Mapping[str, Any]) -> int:
    """Pieces of the chosen good on the village shop's shelf."""
    return _sum_of(case, "goods", "shelf", f"item:{answers['goods']}") if "goods" in answers else 0


def item_price(case: Case, answers: Mapping[str, Any]) -> int:
    """Points that one piece of the chosen good costs now."""
    chosen = Item.objects.filter(pk=answers.get("goods") or 0, until__isnull=True).values_list("price", flat=True)
    return chosen.first() or 0


def _promised_since(case: Case, since: datetime) -> int:
    holder = f"household:{case.household_id}"
    promised = Posting.objects.filter(
        target__kind="promised", target__holder=holder, source__kind="pot", entry__at__gte=since
    ).exclude(entry__reversed_by__isnull=False)
    return promised.aggregate(total=Sum("amount"))["total"] or 0


def earned_today(case: Case, answers: Mapping[str, Any]) -> int:
    """Points granted to the household since midnight where it lives."""
    return _promised_since(case, datetime.combine(clock.today(), time.min, clock.ZONE))


def earned_this_year(case: Case, answers: Mapping[str, Any]) -> int:
    """Points granted to the household since the first of January."""
    return _promised_since(case, datetime(clock.today().year, 1, 1, tzinfo=clock.ZONE))


def closing_balance(case: Case, answers: Mapping[str, Any]) -> int:
    """Fen that the village's money book held when the period in the field `period` was over; 0 without such a book."""
    book = book_of(case.place_code[:BOOK_LENGTH], MONEY)
    period = answers.get("period")
    return left_at_end(book, Period.parse(period)) if book and period else 0


def opened_today(case: Case, answers: Mapping[str, Any]) -> int:
    """Matters of this kind that the subject opened today, this one included."""
    midnight = datetime.combine(clock.today(), time.min, clock.ZONE)
    same = Case.objects.filter(scenario=case.scenario, workflow=case.workflow, opened_at__gte=midnight)
    return same.filter(subject_id=case.subject_id, opener_id=case.opener_id).count()


LOOKUPS: dict[str, Callable[[Case, Mapping[str, Any]], int]] = {
    one.__name__: one
    for one in (
        pot_left,
        household_points,
        stock_left,
        item_price,
        earned_today,
        earned_this_year,
        opened_today,
        closing_balance,
        meeting_due,
        meeting_present,
    )
}


class Known(Mapping[str, int]):
    """The answers about one case, looked up when a rule asks and kept for the rest of the step."""

    def __init__(self, case: Case, answers: Mapping[str, Any]) -> None:
        self._case = case
        self._answers = answers
        self._found: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        if name not in self._found:
            self._found[name] = LOOKUPS[name](self._case, self._answers)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(LOOKUPS)

    def __len__(self) -> int:
        return len(LOOKUPS)
