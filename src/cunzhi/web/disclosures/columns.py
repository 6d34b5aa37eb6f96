"""For those who answer for it: what of the calendar is due and late in the villages that they serve."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden
from cunzhi.base.periods import Period
from cunzhi.engine.queries.calendar import columns_of, villages_served
from cunzhi.ledger.charts import MONEY
from cunzhi.ledger.models import Book
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import units
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.disclosures.words import Shown, shown_column
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

VILLAGES = 10


@login_required
@require_safe
def columns(request: Request) -> HttpResponse:
    """Every village in the reader's care that somebody serves, in the order of places, with how each column stands."""
    if not request.access.places("case.see"):
        raise Forbidden("web.disclosures.not_yours")
    served = villages_served(request.access.places("case.see"))
    villages = units("village", clock.today()).filter(code__in=served).order_by("code")
    found = paged(request, villages, VILLAGES)
    rows: list[tuple[Place, list[Shown]]] = [
        (village, [shown_column(one) for one in columns_of(village.code, look_back=2)]) for village in found.rows
    ]
    codes = [village.code for village in found.rows]
    booked = set(Book.objects.filter(kind=MONEY, place_code__in=codes).values_list("place_code", flat=True))
    month = Period.of(clock.today(), "month").previous()
    return matter_page(request, "disclosures/columns.html", rows=rows, pager=found, booked=booked, month=month)
