"""Figures for those who serve a place: what happened, compared with before, down to every single record."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from cunzhi.engine.loader import scenarios
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.queries import SEE
from cunzhi.lake.records import OPEN, records
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import LENGTHS, Level
from cunzhi.registry.queries.places import children, names_of
from cunzhi.web.figures.depth import by_months, by_places, link
from cunzhi.web.figures.frame import PROVINCE, Frame, frame_in, path_to
from cunzhi.web.figures.opened import is_share, rows
from cunzhi.web.figures.tiles import groups, tile
from cunzhi.web.figures.wording import months_in_words
from cunzhi.web.language import words
from cunzhi.web.pages import page
from cunzhi.web.paging import SIZE, asked_number, turned
from cunzhi.web.request import Request


@login_required
@require_safe
def figures(request: Request) -> HttpResponse:
    """Every indicator of the scenarios that were on, as tiles."""
    frame = frame_in(request)
    others = [code for code in request.access.places(SEE) if not frame.place.startswith(code)]
    context = {
        **around(request, frame),
        "groups": groups(frame),
        "others": sorted(names_of(others).items()),
        "below": children(frame.place or PROVINCE),
    }
    return page(request, "figures/figures.html", status=frame.form.status, **context)


@login_required
@require_safe
def indicator(request: Request, scenario: str, name: str) -> HttpResponse:
    """One indicator: its figure, the places below, the months, and how it is counted."""
    _, found = indicator_or_404(scenario, name)
    frame = frame_in(request)
    may_open = bool(_may_open(request, frame))
    records_at, here = (reverse(view, args=[scenario, name]) for view in ("figure_records", "indicator"))

    def opened(said: str, query: str) -> Markup:
        return link(records_at, query, said) if may_open else Markup("{}").format(said)

    def deeper(said: str, query: str) -> Markup:
        return link(here, query, said)

    charts = filter(None, [by_places(found, frame, opened, deeper), by_months(found, frame, opened)])
    context = {**around(request, frame), "scenario": scenario, "indicator": found, "charts": charts}
    return page(request, "figures/indicator.html", status=frame.form.status, tile=tile(found, frame), **context)


@login_required
@require_safe
def figure_records(request: Request, scenario: str, name: str) -> HttpResponse:
    """The rows that a figure was counted from, as far as the reader may open them, the newest first."""
    _, found = indicator_or_404(scenario, name)
    frame = frame_in(request)
    if not _may_open(request, frame):
        request.access.require(OPEN, frame.place)
    number = asked_number(request)
    start, level = (number - 1) * SIZE, level_in(request, frame)
    seen = records(found, frame.window, access=request.access, level=level, limit=SIZE + 1, offset=start)
    context: dict[str, Any] = {
        **around(request, frame),
        "scenario": scenario,
        "indicator": found,
        "seen": seen,
        "is_share": is_share(found),
        "pager": turned(request, rows(found, seen.rows, request.access), number),
        "level": level or "",
        "may_export": request.access.may("export", frame.place) is not None,
    }
    return page(request, "figures/records.html", status=frame.form.status, **context)


def indicator_or_404(scenario: str, name: str) -> tuple[Scenario, Indicator]:
    """The indicator of an installed scenario."""
    installed = scenarios().get(scenario)
    if installed is not None:
        for one in indicators(installed):
            if one.name == name:
                return installed, one
    raise Http404(f"{scenario}/{name}")


def level_in(request: Request, frame: Frame) -> Level | None:
    """The level at which a figure was cut, where that matters: for what lies right at a place above it."""
    sent = request.POST if request.method == "POST" else request.GET
    return next((level for level in LENGTHS if level == sent.get("level") and level == frame.level), None)


def around(request: Request, frame: Frame) -> dict[str, Any]:
    """What every page of figures says: where, when, and what the reader may do."""
    window = frame.window
    return {
        "frame": frame,
        "path": path_to(request, frame.place),
        "months": months_in_words(window.first, window.last),
        "may_open": bool(_may_open(request, frame)),
        "may_export": request.access.may("export", frame.place) is not None,
        "titles": {slug: words(one.manifest.title) for slug, one in scenarios().items()},
    }


def _may_open(request: Request, frame: Frame) -> bool:
    """Whether any of what lies behind the figures here may be opened."""
    scopes = request.access.places(OPEN)
    return any(frame.place.startswith(scope) or scope.startswith(frame.place) for scope in scopes)
