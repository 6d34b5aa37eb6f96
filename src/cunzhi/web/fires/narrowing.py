"""The list of fires, narrowed by township, by what was found, by week: as the address says."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.http import Http404

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.fires.models import Event
from cunzhi.fires.queries.events import between
from cunzhi.registry.queries.places import names_of
from cunzhi.web.fires.bulletin import Week
from cunzhi.web.fires.words import COUNTY, KINDS, TOWNSHIP
from cunzhi.web.formats import day
from cunzhi.web.language import t
from cunzhi.web.request import Request

WEEKS = 12
"""How many weeks back one may choose; an older one may be written into the address."""
MOST = 100
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Narrowed:
    """What was asked for; empty where nothing was. What is no township, kind or week is not found."""

    place: str = ""
    kind: str = ""
    week: Week | None = None

    @classmethod
    def of(cls, request: Request) -> Self:
        place, kind, week = (request.GET.get(name, "").strip() for name in ("place", "kind", "week"))
        if place and not (place.isascii() and place.isdecimal() and len(place) in (COUNTY, TOWNSHIP)):
            raise Http404(place)
        if kind and kind not in _kinds():
            raise Http404(kind)
        return cls(place, kind, Week.parse(week) if week else None)

    def __bool__(self) -> bool:
        return bool(self.place or self.kind or self.week)

    @property
    def condition(self) -> Q:
        """The fires that are meant."""
        found = Q()
        if len(self.place) == COUNTY:  # no more is known of them than the county
            found &= Q(place_code=self.place)
        elif self.place:
            found &= under(self.place)
        if self.kind in ("sent", "idle"):
            nobody = Q(case_record="")
            found &= Q(found="") & (nobody if self.kind == "idle" else ~nobody)
        elif self.kind:
            found &= Q(found=self.kind)
        if self.week:
            found &= between(self.week.first, self.week.after)
        return found

    def choices(self, rows: QuerySet[Event]) -> list[tuple[str, str, Options]]:
        """Each field with what it holds and what may be chosen: townships in which there are fires, kinds, weeks."""
        return [
            ("place", self.place, _places(rows, self.place)),
            ("kind", self.kind, [(one, t(f"web.fires.kind.{one}")) for one in _kinds()]),
            ("week", str(self.week or ""), _weeks(self.week)),
        ]


def _kinds() -> list[str]:
    return [one or "idle" for one in KINDS]


def _places(rows: QuerySet[Event], chosen: str) -> Options:
    cut: Any = rows.order_by().annotate(cut=Substr("place_code", 1, TOWNSHIP)).values_list("cut", flat=True).distinct()
    codes = sorted({*cut[:MOST], *filter(None, [chosen])})
    names = names_of(codes)
    unknown = {code: t("web.fires.bulletin.unknown", place=names[code]) for code in codes if len(code) == COUNTY}
    return [(code, unknown.get(code, names[code])) for code in codes]


def _weeks(chosen: Week | None) -> Options:
    this = Week.of(clock.today())
    weeks = [this.moved(-back) for back in range(WEEKS)]
    if chosen and chosen not in weeks:
        weeks.append(chosen)
    return [(str(one), f"{day(one.first)} – {day(one.after - timedelta(days=1))}") for one in weeks]
