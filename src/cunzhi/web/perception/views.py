"""What sensors see: a list of what is measured where, and the way of one of them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden
from cunzhi.base.fields import under
from cunzhi.perception.models import Datastream, Observation
from cunzhi.perception.queries.scope import MANAGE, SEE, Scope
from cunzhi.perception.queries.series import Point, latest, points
from cunzhi.perception.queries.silence import is_silent, last_word, silent_among
from cunzhi.perception.reading import result_of
from cunzhi.registry.queries.places import names_of
from cunzhi.web.charts.chart import Chart
from cunzhi.web.charts.lines import lines
from cunzhi.web.formats import quantity
from cunzhi.web.language import current, t
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

SPANS = {"day": 1, "week": 7, "month": 30}
LARGE = 1000
MOST_SEEN = 50
OURS = re.compile(r"/pictures/\d+/")
"""Parameters come from outside too; only pictures of ours are linked to."""


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    stream: Datastream
    said: str
    newest: Observation | None
    silent: bool
    simulated: bool


@login_required
@require_safe
def sensors(request: Request) -> HttpResponse:
    """What is measured where, with the newest value and when the last word came."""
    if not request.access.places(SEE):
        raise Forbidden("web.perception.not_yours")
    place = request.GET.get("place", "").strip()
    rows = _visible(request).select_related("thing", "observed_property").order_by("place_code", "thing", "pk")
    if place.isascii() and place.isdecimal():
        rows = rows.filter(under(place[:15]))
    found = paged(request, rows)
    noted = silent_among([one.pk for one in found.rows])
    shown = [_row(one, noted) for one in found.rows]
    names = names_of(one.place_code for one in found.rows)
    return page(request, "perception/sensors.html", pager=found, rows=shown, names=names)


@login_required
@require_safe
def sensor(request: Request, stream_id: int) -> HttpResponse:
    """One of them: its newest value, whether it is silent, and its way through a day, a week or a month."""
    stream = _visible(request).select_related("thing", "sensor", "observed_property").filter(pk=stream_id).first()
    if stream is None:
        raise Http404(stream_id)
    span = request.GET.get("span", "day")
    span = span if span in SPANS else "day"
    context: dict[str, Any] = {
        "row": _row(stream, silent_among([stream.pk])),
        "place": names_of([stream.place_code])[stream.place_code],
        "last_word": last_word(stream) if stream.heard_at else None,
        "chart": _chart(stream, SPANS[span]),
        "seen": _seen(stream, SPANS[span]),
        "span": span,
        "spans": list(SPANS),
        "manages": request.access.may(MANAGE, stream.place_code) is not None,
    }
    return page(request, "perception/sensor.html", **context)


def _visible(request: Request) -> QuerySet[Datastream]:
    return Datastream.objects.filter(Scope(request.actor, request.access).visible(Datastream))


def _row(stream: Datastream, noted: set[int]) -> Row:
    newest = latest(stream)
    simulated = bool((stream.properties or {}).get("simulated"))
    return Row(stream, said(newest, stream), newest, stream.pk in noted or is_silent(stream, clock.now()), simulated)


def said(seen: Observation | None, stream: Datastream) -> str:
    """A value with its unit, in the reader's words."""
    if seen is None:
        return t("web.perception.nothing_yet")
    label = (seen.parameters or {}).get("label")
    spoken = label.get("en" if current().startswith("en") else "zh_Hans") if isinstance(label, dict) else None
    if isinstance(spoken, str):
        return spoken
    value = result_of(seen.kind, seen.number, seen.text)
    if isinstance(value, bool):
        return t(f"web.perception.{'yes' if value else 'no'}")
    if isinstance(value, int | float):
        return quantity(value, str(stream.unit.get("symbol") or ""), digits_of(value))
    return value if isinstance(value, str) else t("web.perception.not_a_number")


def _seen(stream: Datastream, days: int) -> list[tuple[Observation, str, list[str]]]:
    """What was seen that is no number, the newest first, each with its pictures."""
    rows = stream.observations.filter(at__gte=clock.now() - timedelta(days=days), number__isnull=True)
    return [(one, said(one, stream), _photos(one)) for one in rows.order_by("-at", "-pk")[:MOST_SEEN]]


def _photos(seen: Observation) -> list[str]:
    photos = (seen.parameters or {}).get("photos")
    return [one for one in photos if isinstance(one, str) and OURS.fullmatch(one)] if isinstance(photos, list) else []


def digits_of(value: float) -> int:
    """As many digits behind the point as tell something."""
    return 0 if float(value).is_integer() or abs(value) >= LARGE else 1 if abs(value) >= 1 else 3


def _chart(stream: Datastream, days: int) -> Chart | None:
    """The means of hours or days where there are many values, with what they are said beside it."""
    until = clock.now() + timedelta(minutes=10)
    span, found = points(stream, until - timedelta(days=days), until)
    if not found:
        return None
    labels = [_when(one, span, days) for one in found]
    digits = max(digits_of(one.value) for one in found)
    series: dict[str, list[float | None]] = {stream.name: [one.value for one in found]}
    if span != "single":
        series = {
            t("web.perception.mean"): [one.value for one in found],
            t("web.perception.least"): [one.least for one in found],
            t("web.perception.most"): [one.most for one in found],
        }
    note = t(f"web.perception.span.{span}")
    return lines(stream.name, labels, series, unit=str(stream.unit.get("symbol") or ""), digits=digits, note=note)


def _when(point: Point, span: str, days: int) -> str:
    local = point.at.astimezone(clock.ZONE)
    if span == "day":
        return f"{local:%m-%d}"
    return f"{local:%H:%M}" if days == 1 else f"{local:%m-%d %H:%M}"
