"""My household's points: what is there, what is promised, and every line that led to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import matters_of
from cunzhi.ledger.charts import POINTS
from cunzhi.ledger.models import Account
from cunzhi.ledger.queries import Line, balances, statement
from cunzhi.web.books.words import memo_in_words
from cunzhi.web.cases.acting import Acting, acting
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.request import Request

MOST = 100
"""The newest lines; the whole account is on paper at the village office."""


@dataclass(frozen=True)
class Moved:
    """One line of the statement in words; `number` opens the matter, when it is one's own."""

    at: datetime
    what: str
    amount: int
    balance: int
    number: str


@login_required
@require_safe
def points(request: Request) -> HttpResponse:
    """Balance, promise and statement of the household that one belongs to."""
    acts = acting(request)
    household = acts.household
    if household is None:
        return matter_page(request, "village/points.html", household=None)
    accounts = accounts_of(acts.village, household.record)
    left = balances(accounts.values())
    own = accounts.get("household")
    told = list(reversed(statement(own))) if own else []
    context: dict[str, Any] = {
        "household": household,
        "balance": left[own.pk] if own else 0,
        "promised": left[accounts["promised"].pk] if "promised" in accounts else 0,
        "lines": _in_words(told[:MOST], acts),
        "more": max(len(told) - MOST, 0),
    }
    return matter_page(request, "village/points.html", **context)


def accounts_of(village: str, holder: str) -> dict[str, Account]:
    """A household's accounts in the village's book of points, by kind."""
    found = Account.objects.filter(book__place_code=village, book__kind=POINTS, holder=holder)
    return {account.kind: account for account in found.select_related("book")}


def _in_words(told: list[Line], acts: Acting) -> list[Moved]:
    ids = [int(line.record.removeprefix("case:")) for line in told if line.record.startswith("case:")]
    own = Case.objects.filter(pk__in=ids) & matters_of(acts.person.pk).order_by()
    numbers = {f"case:{pk}": number for pk, number in own.values_list("pk", "number")}
    return [
        Moved(line.at, memo_in_words(line.memo), line.amount, line.balance, numbers.get(line.record, ""))
        for line in told
    ]
