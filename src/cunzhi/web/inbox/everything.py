"""All matters in the places that one serves, and the list of them as a sheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cunzhi.base import clock
from cunzhi.engine.actions.exports import export_cases
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import newest_in
from cunzhi.registry.queries.places import children, names_of
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.inbox.filters import Filter, filter_in
from cunzhi.web.inbox.lines import shown
from cunzhi.web.inbox.views import page_of
from cunzhi.web.paging import asked_number, turned
from cunzhi.web.request import Request

STANDS = ("open", "over", "climbed", "closed")


@login_required
@require_safe
def everything(request: Request) -> HttpResponse:
    """Open and closed, the newest first."""
    asked = filter_in(request)
    if asked.number:
        return redirect("case", asked.number)
    if asked.place:
        request.access.require("case.see", asked.place)
    stands = _stands(request.GET.get("stands", ""))
    number = asked_number(request)
    found = turned(request, page_of(_rows(request, asked, stands), number), number)
    context: dict[str, Any] = {
        "shown": shown(found.rows),
        "pager": found,
        "asked": asked,
        "stands": stands,
        "all_stands": STANDS,
        "places": _places(request, asked),
        "may_export": bool(_may_export(request, asked)),
    }
    return matter_page(request, "inbox/everything.html", **context)


@login_required
@require_POST
def export(request: Request) -> HttpResponse:
    """The same list as a sheet, names masked; that it was taken out is noted."""
    request.GET = request.POST
    asked = filter_in(request)
    rows = _rows(request, asked, _stands(request.POST.get("stands", "")))
    text = export_cases(by=request.actor, rows=rows, place_code=asked.place, language=request.language)
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cunzhi-{clock.today():%Y%m%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _stands(asked: str) -> str:
    return asked if asked in STANDS else ""


def _rows(request: Request, asked: Filter, stands: str) -> QuerySet[Case]:
    rows = asked.without_place.narrow(newest_in(request.access, asked.place), in_answers=False)
    conditions = {
        "open": Q(closed_at__isnull=True),
        "over": Q(closed_at__isnull=True, due_at__lt=clock.now()),
        "climbed": ~Q(climbed_to=""),
        "closed": Q(closed_at__isnull=False),
    }
    if stands:
        rows = rows.filter(conditions[stands])
    return rows


def _places(request: Request, asked: Filter) -> tuple[tuple[str, str], ...]:
    """Where one serves, and the places right below: the choices that the list can be narrowed to."""
    top = request.access.places("case.see")
    names = names_of(top)
    below = [(one.code, f"　{one.name}") for code in top[:1] for one in children(asked.place or code)]
    chosen = [(asked.place, names_of([asked.place])[asked.place])] if asked.place and asked.place not in names else []
    return (*names.items(), *chosen, *below)


def _may_export(request: Request, asked: Filter) -> bool:
    if asked.place:
        return request.access.may("export", asked.place) is not None
    return bool(request.access.places("export"))
