"""For everybody: what air, water and soil were last measured to be, and what the standards say of it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.clock import ZONE
from cunzhi.base.fields import under
from cunzhi.engine.limits import limits_of
from cunzhi.perception.limits import Held
from cunzhi.perception.models import Datastream, Observation
from cunzhi.perception.queries.means import hold
from cunzhi.perception.queries.series import latest
from cunzhi.perception.queries.silence import is_silent, last_word
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import names_of, place
from cunzhi.web.formats import day, moment, percent, quantity
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.perception.views import digits_of, said
from cunzhi.web.request import Request

LOOKS = {"within": ("good", "check"), "beyond": ("bad", "warning")}
Said = tuple[str, str, str, str]
"""A verdict in a word, how it looks, its sign, and the whole sentence."""


@dataclass(frozen=True)
class Measured:
    """One datastream as everybody sees it."""

    stream: Datastream
    said: str
    newest: Observation | None
    last: str
    silent: bool
    simulated: bool
    sky: str
    verdicts: list[Said]


@require_safe
def place_ecology(request: Request, code: str) -> HttpResponse:
    """What is measured in a place and everywhere below it, newest values first held against their limits."""
    found = public_place(code)
    streams = of_place(code).select_related("thing").order_by("place_code", "thing", "pk")
    pager = paged(request, streams)
    rows = [measured_now(one) for one in pager.rows]
    context: dict[str, Any] = {
        "place": found,
        "pager": pager,
        "stations": [(thing, list(of_it)) for thing, of_it in groupby(rows, lambda one: one.stream.thing)],
        "names": names_of(one.stream.place_code for one in rows),
        "simulated": any(one.simulated for one in rows),
        "now": clock.now(),
    }
    return page(request, "ecology/public.html", **context)


def public_place(code: str) -> Place:
    """The place, or 404: the page is for counties, townships and villages."""
    found = place(code)
    if found is None or found.level not in ("county", "township", "village"):
        raise Http404(code)
    return found


def of_place(code: str) -> QuerySet[Datastream]:
    """What everybody may see there; nothing is public that is not said to be."""
    return Datastream.objects.filter(under(code), is_public=True)


def measured_now(stream: Datastream) -> Measured:
    """What a datastream last saw, since when it is silent, and what each limit of its standard says."""
    newest = latest(stream)
    now = clock.now()
    verdicts = []
    if stream.standard:
        found = limits_of(stream.standard, stream.substance, clock.today())
        verdicts = [_words(hold(stream, limit, now), stream) for limit in found] or [_no_limit()]
    return Measured(
        stream=stream,
        said=said(newest, stream),
        newest=newest,
        last=moment(last_word(stream)) if stream.heard_at else "",
        silent=is_silent(stream, now),
        simulated=bool((stream.properties or {}).get("simulated")),
        sky=_sky(newest),
        verdicts=verdicts,
    )


def _no_limit() -> Said:
    return t("web.ecology.verdict.no_limit"), "plain", "", t("web.ecology.why.no_limit")


def _words(held: Held, stream: Datastream) -> Said:
    """A verdict in words: of which time, by which number of which standard; or why there is none."""
    look, sign = LOOKS.get(held.verdict, ("plain", ""))
    limit = held.limit
    unit = str(stream.unit.get("symbol") or "")
    spelled = limit.unit if held.verdict == "other_unit" else unit
    bound = t(f"web.ecology.bound.{limit.bound}", limit=quantity(limit.value, spelled, _digits(limit.value)))
    words = {"source": limit.source, "bound": bound, "over": t(f"web.ecology.over.{limit.over}")}
    if held.mean is not None:
        words |= {
            "when": _when(held),
            "value": quantity(held.mean.value, unit, digits_of(held.mean.value)),
            "parts": str(held.mean.parts),
            "least": str(held.mean.least_parts),
        }
    elif held.verdict == "other_unit":
        words |= {"unit": unit[:20] or "–", "wanted": limit.unit}
    kind = f"{held.verdict}_{limit.over}" if held.verdict == "too_few" else held.verdict
    kind = "compared" if held.verdict in LOOKS else kind
    return t(f"web.ecology.verdict.{held.verdict}"), look, sign, t(f"web.ecology.why.{kind}", **words)


def _when(held: Held) -> str:
    assert held.mean is not None  # noqa: S101  asked by the caller
    at = held.mean.at.astimezone(ZONE)
    if held.limit.over == "year":
        return t("web.ecology.year", year=at.year)
    return day(date(at.year, at.month, at.day)) if held.limit.over == "day" else moment(at)


def _digits(value: float) -> int:
    return next(digits for digits in range(7) if round(value, digits) == value or digits == 6)


def _sky(newest: Observation | None) -> str:
    """Of what a satellite saw: how much of the ground, and whether clouds were looked for."""
    told = (newest.parameters or {}) if newest else {}
    clear = told.get("clear")
    if not isinstance(clear, int | float):
        return ""
    masked = "known" if told.get("clouds") else "unknown"
    return t(f"web.ecology.sky.{masked}", clear=percent(float(clear)))
