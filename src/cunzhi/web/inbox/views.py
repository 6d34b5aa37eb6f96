"""What waits for me: by deadline, in three groups, found by number or words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.text import Text
from cunzhi.engine.loader import kept_by
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import inbox
from cunzhi.engine.queries.worklist import Counts, Waiting, columns, count_waiting, first_waiting, lines
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.gist import Gists, goods_asked
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.standing import Due, due
from cunzhi.web.inbox.filters import Filter, filter_in
from cunzhi.web.language import current, words
from cunzhi.web.paging import SIZE, asked_number, turned
from cunzhi.web.request import Request

WHEN = ("over", "today", "later", "undated")


@dataclass(frozen=True)
class Row:
    """One matter in a list for officers."""

    number: str
    title: str
    gist: str
    state: str
    person: str
    place: str
    due: Due | None
    climbed: bool
    opened: datetime


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
        "rows": rows_of(found.rows),
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


def rows_of(cases: Sequence[Waiting]) -> list[Row]:
    """Rows in words, with as many queries for thirty as for one."""
    names, gists, language = names_of(case.place_code for case in cases), Gists(cases), current()
    return [
        _row(case, names[case.place_code], due(case.due_at), gists.of(case))
        if goods_asked(case)
        else _known_row(case, names[case.place_code], due(case.due_at), language)
        for case in cases
    ]


@lru_cache(maxsize=5_000)
def _known_row(case: Waiting, place: str, until: Due | None, language: str) -> Row:
    """The row of a matter whose gist says nothing but its own answers: the same for the same matter."""
    return _row(case, place, until, Gists(()).of(case))


def _row(case: Waiting, place: str, until: Due | None, gist: str) -> Row:
    title, state = _titles(case.scenario, case.digest, case.workflow, case.state)
    return Row(
        number=case.number,
        title=words(title),
        gist=gist,
        state=words(state),
        person=case.person,
        place=place,
        due=None if case.outcome else until,
        climbed=bool(case.climbed_to),
        opened=case.opened_at,
    )


@lru_cache(maxsize=1_000)
def _titles(slug: str, digest: str, workflow: str, state: str) -> tuple[Text, Text]:
    """What such a matter and its state are called; a version never changes."""
    flow = kept_by(slug, digest).workflows[workflow]
    return flow.title, flow.states[state].title


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
