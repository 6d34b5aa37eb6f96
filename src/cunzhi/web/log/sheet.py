"""The checkpoint of a month on one page, for the paper notice board."""

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period
from cunzhi.journal.models import Entry, SignedHead
from cunzhi.journal.queries import newest_head
from cunzhi.web.log.codes import code_of
from cunzhi.web.log.views import signed_facts
from cunzhi.web.pages import page
from cunzhi.web.request import Request


@require_safe
def sheet(request: Request, month: str = "") -> HttpResponse:
    """The last checkpoint of the month: who keeps the sheet can later show that nothing before it was changed."""
    try:
        period = Period.parse(month) if month else Period.of(clock.today(), "month")
    except Refused as refused:
        raise Http404 from refused
    head = _last_of(period)
    address = request.build_absolute_uri(reverse("log"))
    context: dict[str, Any] = {
        "period": period,
        "signed": signed_facts(head) if head else None,
        "head": head,
        "counts": _counts(period.start, period.end).most_common(),
        "code": code_of(address),
        "address": urlsplit(address).netloc + urlsplit(address).path,
    }
    return page(request, "log/sheet.html", **context)


def _last_of(period: Period) -> SignedHead | None:
    newest = newest_head()
    if newest is None or period.kind != "month":
        return None
    return newest.log.heads.filter(at__gte=period.start, at__lt=period.end).order_by("-size").first()


def _counts(start: datetime, end: datetime) -> Counter[str]:
    public = Entry.objects.filter(at__gte=start, at__lt=end).exclude(public_hash="").values_list("verb", flat=True)
    return Counter(public)
