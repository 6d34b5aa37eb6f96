"""Fires that satellites saw, for those who serve there: all of them on a map, and one by one."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden
from cunzhi.fires.queries.events import SEE, events_for, last_look
from cunzhi.fires.queries.sources import active_near
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.fires.narrowing import Narrowed
from cunzhi.web.fires.words import map_of, power_of, shown, spot_of
from cunzhi.web.formats import day, moment
from cunzhi.web.language import t
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

ON_MAP = timedelta(days=14)
MOST_ON_MAP = 120


@login_required
@require_safe
def fires(request: Request) -> HttpResponse:
    """The map of two weeks, the list of all, and how new the data are; or those of a township, a kind, a week."""
    codes = request.access.places(SEE)
    if not codes:
        raise Forbidden("web.fires.not_yours")
    asked, all_seen = Narrowed.of(request), events_for(request.access)
    rows = all_seen.filter(asked.condition)
    recent = rows if asked.week else rows.filter(first_at__gte=clock.now() - ON_MAP)
    found = paged(request, rows)
    context: dict[str, Any] = {
        "chart": map_of(_title(asked), shown(list(recent[:MOST_ON_MAP]), request.access), codes),
        "lines": shown(found.rows, request.access),
        "pager": found,
        "look": last_look(),
        "asked": asked,
        "choices": asked.choices(all_seen),
    }
    return matter_page(request, "fires/fires.html", **context)


def _title(asked: Narrowed) -> str:
    if asked.week is None:
        return t("web.fires.map")
    return t("web.fires.map_of_week", first=day(asked.week.first))


@login_required
@require_safe
def fire(request: Request, event_id: int) -> HttpResponse:
    """One fire: every detection, how well its place is known, who was sent, what was found."""
    event = events_for(request.access).filter(pk=event_id).first()
    if event is None:
        raise Http404(event_id)
    [line] = shown([event], request.access)
    rows = [
        [
            moment(one.at), one.satellite, t(f"web.fires.confidence.{one.confidence}"), power_of(one.power),
            f"{one.latitude:.4f}, {one.longitude:.4f}",
        ]
        for one in event.detections.order_by("at", "id")
    ]  # fmt: skip
    names = ("at", "satellite", "confidence", "power", "spot")
    columns = [(t(f"web.fires.column.{name}"), "text") for name in names]
    sources = active_near((event.latitude, event.longitude))
    context: dict[str, Any] = {"line": line, "event": event, "rows": rows, "columns": columns, "sources": sources}
    return matter_page(request, "fires/fire.html", spot=spot_of(event), **context)
