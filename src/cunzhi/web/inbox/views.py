"""What waits for me: by deadline, in three groups, found by number or words."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.text import Text
from cunzhi.engine.loader import kept_by
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import inbox
from cunzhi.engine.queries.worklist import Waiting, columns, count_waiting, first_waiting, lines
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.gist import Gists
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.standing import Due, due
from cunzhi.web.inbox.filters import Filter, filter_in
from cunzhi.web.language import words
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
    counts = _counts(request)
    when = request.GET.get("when", "")
    number = asked_number(request)
    found = turned(request, _asked_for(request, asked, when, start=(number - 1) * SIZE), number)
    context: dict[str, Any] = {
        "rows": rows_of(found.rows),
        "pager": found,
        "counts": counts,
        "when": when if when in WHEN else "",
        "asked": asked,
        "tabs": _tabs(counts, asked),
    }
    template = "inbox/rows.html" if request.htmx else "inbox/inbox.html"
    return matter_page(request, template, **context)


def _asked_for(request: Request, asked: Filter, when: str, *, start: int) -> list[Waiting]:
    """One page of what waits, and one row more; all of it by a query that is ready, a part of it by one of its own."""
    if not asked.kept and when not in WHEN:
        return first_waiting(request.access, start=start, most=SIZE + 1)
    rows = asked.narrow(inbox(request.access))
    if when in WHEN:
        rows = rows.filter(_by(when))
    return lines(columns(rows)[start : start + SIZE + 1])


def rows_of(cases: Sequence[Case | Waiting]) -> list[Row]:
    """Rows in words, with as many queries for thirty as for one."""
    names, gists = names_of(case.place_code for case in cases), Gists(cases)
    return [_row(case, names, gists) for case in cases]


def _row(case: Case | Waiting, names: dict[str, str], gists: Gists) -> Row:
    title, state = _titles(case.scenario_version.slug, case.scenario_version.digest, case.workflow, case.state)
    return Row(
        number=case.number,
        title=words(title),
        gist=gists.of(case),
        state=words(state),
        person=_person(case),
        place=names[case.place_code],
        due=None if case.outcome else due(case.due_at),
        climbed=bool(case.climbed_to),
        opened=case.opened_at,
    )


@lru_cache(maxsize=1_000)
def _titles(slug: str, digest: str, workflow: str, state: str) -> tuple[Text, Text]:
    """What such a matter and its state are called; a version never changes."""
    flow = kept_by(slug, digest).workflows[workflow]
    return flow.title, flow.states[state].title


def _person(case: Case | Waiting) -> str:
    if isinstance(case, Waiting):
        return case.person
    person = case.subject or case.opener
    return person.name if person else ""


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


def _counts(request: Request) -> dict[str, int]:
    return asdict(count_waiting(request.access, now=clock.now(), midnight=_midnight()))


def _tabs(counts: dict[str, int], asked: Filter) -> list[tuple[str, int, str]]:
    """Each group with its count and address; empty groups are left out."""
    tabs = []
    for when in ("", *WHEN):
        count = counts[when or "all"]
        if count or not when:
            tabs.append((when, count, "?" + urlencode({**asked.kept, **({"when": when} if when else {})})))
    return tabs
