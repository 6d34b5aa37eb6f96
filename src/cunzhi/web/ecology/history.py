"""How a measured value went: a day by hours, thirty days by days, a year by months. All from roll-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.clock import ZONE
from cunzhi.engine.limits import limits_of
from cunzhi.perception.limits import Limit, same_unit
from cunzhi.perception.models import Datastream, RollUp
from cunzhi.perception.queries.series import rolled
from cunzhi.registry.queries.places import name_of
from cunzhi.web.charts.chart import Chart
from cunzhi.web.charts.lines import lines
from cunzhi.web.ecology.public import measured_now, of_place, public_place
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.perception.views import digits_of
from cunzhi.web.request import Request

SPANS = {"day": 1, "month": 30, "year": 365}
DRAWN = {"day": ("hour", "value"), "month": ("day", "value"), "year": ()}
"""Which limits may stand beside the means of a span: those over just that time, and those over none."""
SELDOM = 86_400


@dataclass(frozen=True)
class Part:
    """An hour, a day or a month: its mean, least and most."""

    label: str
    mean: float
    least: float
    most: float


@require_safe
def measured(request: Request, code: str, stream_id: int) -> HttpResponse:
    """One datastream that everybody may see: now, and its way."""
    found = public_place(code)
    stream = of_place(code).select_related("thing", "observed_property", "sensor").filter(pk=stream_id).first()
    if stream is None:
        raise Http404(stream_id)
    span = request.GET.get("span", "")
    span = span if span in SPANS else _usual(stream)
    context: dict[str, Any] = {
        "place": found,
        "row": measured_now(stream),
        "where": name_of(stream.place_code),
        "chart": _chart(stream, span),
        "span": span,
        "spans": list(SPANS),
    }
    return page(request, "ecology/measured.html", **context)


def _usual(stream: Datastream) -> str:
    """A day of what is heard often; a year of what is seen now and then."""
    return "day" if stream.every is not None and stream.every < SELDOM else "year"


def _chart(stream: Datastream, span: str) -> Chart | None:
    now = clock.now()
    length = "hour" if span == "day" else "day"
    rows = list(rolled(stream, length, now - timedelta(days=SPANS[span]), now))
    parts = _months(rows) if span == "year" else [_part(_label(one.start, span), [one]) for one in rows]
    if not parts:
        return None
    series: dict[str, list[float | None]] = {t("web.perception.mean"): [one.mean for one in parts]}
    if any(one.least != one.most for one in parts):  # three lines upon one another tell no more than one
        series[t("web.perception.least")] = [one.least for one in parts]
        series[t("web.perception.most")] = [one.most for one in parts]
    unit = str(stream.unit.get("symbol") or "")
    for limit in _limits(stream, span, unit):
        series[t("web.ecology.limit", source=limit.source)] = [limit.value] * len(parts)
    digits = max(digits_of(one.mean) for one in parts)
    labels = [one.label for one in parts]
    return lines(stream.name, labels, series, unit=unit, digits=digits, note=t(f"web.ecology.note.{span}"))


def _limits(stream: Datastream, span: str, unit: str) -> list[Limit]:
    """Two at most: more lines than five cannot be told apart."""
    found = limits_of(stream.standard, stream.substance, clock.today()) if stream.standard else []
    return [one for one in found if one.over in DRAWN[span] and same_unit(unit, one.unit)][:2]


def _months(rows: Sequence[RollUp]) -> list[Part]:
    return [_part(label, list(days)) for label, days in groupby(rows, lambda one: _label(one.start, "year"))]


def _part(label: str, rows: Sequence[RollUp]) -> Part:
    mean = sum(one.total for one in rows) / sum(one.count for one in rows)
    return Part(label, mean, min(one.least for one in rows), max(one.most for one in rows))


def _label(start: datetime, span: str) -> str:
    local = start.astimezone(ZONE)
    return f"{local:%H:%M}" if span == "day" else f"{local:%m-%d}" if span == "month" else f"{local:%Y-%m}"
