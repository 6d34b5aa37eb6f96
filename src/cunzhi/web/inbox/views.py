"""What waits for me: by deadline, in three groups, found by number or words."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import inbox
from cunzhi.engine.queries.worklist import Counts, Waiting, columns, count_waiting, first_waiting, lines
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.inbox.filters import Filter, filter_in
from cunzhi.web.inbox.lines import shown
from cunzhi.web.paging import SIZE, asked_number, turned
from cunzhi.web.request import Request

WHEN = ("over", "today", "later", "undated")


@login_required
@require_safe
def inbox_page(request: Request) -> HttpResponse:
    """Everything that waits for me, the most urgent first."""
    asked = filter_in(request)
    if asked.number:
        return redirect("case", asked.number)
    when = request.GET.get("when", "")
    number = asked_number(request)
    rows, counts = _asked_for(request, asked, when, number)
    found = turned(request, rows, number)
    context: dict[str, Any] = {
        "shown": shown(found.rows, origin="?from=inbox"),
        "pager": found,
        "when": when if when in WHEN else "",
        "asked": asked,
        "tabs": _tabs(counts, asked),
    }
    template = "inbox/rows.html" if request.htmx else "inbox/inbox.html"
    return matter_page(request, template, **context)


def page_of(rows: QuerySet[Case], number: int) -> list[Waiting]:
    """The lines of one page of a list, and one more when there are more."""
    return lines(columns(rows)[(number - 1) * SIZE : number * SIZE + 1])


def _asked_for(request: Request, asked: Filter, when: str, number: int) -> tuple[list[Waiting], Counts]:
    """One page of what waits, and one row more; all of it by a query that is ready, a part of it by one of its own."""
    now, midnight = clock.now(), _midnight()
    if not asked.kept and when not in WHEN:
        return first_waiting(request.access, start=(number - 1) * SIZE, most=SIZE + 1, now=now, midnight=midnight)
    rows = asked.narrow(inbox(request.access))
    if when in WHEN:
        rows = rows.filter(_by(when))
    counts = count_waiting(request.access, now=now, midnight=midnight)
    return page_of(rows, number), counts


def _by(when: str) -> Q:
    """Overdue, due before midnight, due later, or without a deadline."""
    now, midnight = clock.now(), _midnight()
    return {
        "over": Q(due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lt=midnight),
        "later": Q(due_at__gte=midnight),
        "undated": Q(due_at__isnull=True),
    }[when]


def _midnight() -> datetime:
    return datetime.combine(clock.today() + timedelta(days=1), time.min, clock.ZONE)


def _tabs(counts: Counts, asked: Filter) -> list[tuple[str, int, str]]:
    """Each group with its count and address; empty groups are left out."""
    tabs = []
    for when in ("", *WHEN):
        count = getattr(counts, when or "all")
        if count or not when:
            tabs.append((when, count, "?" + urlencode({**asked.kept, **({"when": when} if when else {})})))
    return tabs
