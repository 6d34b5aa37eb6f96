"""The weekly bulletin: by township, with a map, to be printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden
from cunzhi.fires.queries.events import SEE, between, events_for, last_look, satellites_of
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.fires.words import COUNTY, TOWNSHIP, Shown, map_of, shown, spot_of
from cunzhi.web.formats import day, moment
from cunzhi.web.language import t
from cunzhi.web.request import Request

WRITTEN = re.compile(r"([1-9][0-9]{3})-W([0-5][0-9])", re.ASCII)
MOST = 300
COUNTED = ("straw", "other_fire", "industry", "nothing")


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday, written 2026-W43."""

    first: date

    @classmethod
    def of(cls, one: date) -> Self:
        return cls(one - timedelta(days=one.weekday()))

    @classmethod
    def parse(cls, text: str) -> Self:
        match = WRITTEN.fullmatch(text)
        try:
            if match is None:
                raise ValueError(text)
            return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            raise Http404(text) from None

    @property
    def after(self) -> date:
        return self.first + timedelta(days=7)

    def moved(self, weeks: int) -> "Week":
        return Week(self.first + timedelta(weeks=weeks))

    def __str__(self) -> str:
        year, number, _ = self.first.isocalendar()
        return f"{year}-W{number:02}"


@dataclass
class Township:
    """How many fires a township had, and what they turned out to be."""

    name: str
    all: int = 0
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    open: int = 0
    idle: int = 0


@login_required
@require_safe
def latest(request: Request) -> HttpResponse:
    """The bulletin of the week that runs."""
    return redirect("bulletin", Week.of(clock.today()))


@login_required
@require_safe
def bulletin(request: Request, week: str) -> HttpResponse:
    """What was seen in a week where the reader serves, with what nobody could see said beside it."""
    codes = request.access.places(SEE)
    if not codes:
        raise Forbidden("web.fires.not_yours")
    chosen = Week.parse(week)
    rows = list(events_for(request.access).filter(between(chosen.first, chosen.after))[:MOST])
    lines = shown(sorted(rows, key=lambda one: (one.first_at, one.pk)), request.access)
    chart = map_of(t("web.fires.bulletin.map"), lines, codes)
    title = t("web.fires.bulletin.title", first=day(chosen.first), last=day(chosen.after - timedelta(days=1)))
    return matter_page(
        request,
        "fires/bulletin.html",
        title=title,
        chart=chart,
        summary=_summary(lines),
        table=_table(lines),
        places="、".join(names_of(code[:COUNTY] for code in codes if code).values()),
        before=chosen.moved(-1),
        after=chosen.moved(1) if chosen.after <= clock.today() else None,
        look=last_look(),
        simulated=any(one.event.simulated for one in lines),
        written_at=clock.now(),
    )


def _summary(lines: Sequence[Shown]) -> list[list[str | int]]:
    """One row a township; what is known to lie in the county only has a row of its own, and all a last one."""
    codes = sorted({one.event.place_code[:TOWNSHIP] for one in lines}, key=lambda code: (-len(code), code))
    names = names_of(codes)
    held = {
        code: Township(names[code] if len(code) == TOWNSHIP else t("web.fires.bulletin.unknown", place=names[code]))
        for code in codes
    }
    total = Township(t("web.fires.bulletin.total"))
    for one in lines:
        for row in (held[one.event.place_code[:TOWNSHIP]], total):
            _count(row, one)
    return [[row.name, row.all, *row.found.values(), row.open, row.idle] for row in [*held.values(), total]]


def _count(row: Township, one: Shown) -> None:
    row.all += 1
    if one.event.found:
        row.found[one.event.found] += 1
    elif one.event.case_record:
        row.open += 1
    else:
        row.idle += 1


def _table(lines: Sequence[Shown]) -> list[list[str]]:
    return [
        [moment(one.event.first_at), one.place, spot_of(one.event), ", ".join(satellites_of(one.event)), one.said]
        for one in lines
    ]
