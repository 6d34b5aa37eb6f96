"""The figures of scenarios for the pages of a county, township or village."""

from dataclasses import dataclass

from django.db.models import Q

from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Activation
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.run import Figure, by_place, total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Level, Window
from cunzhi.registry.access import Access

SEE = "figures.see"


@dataclass(frozen=True)
class Sheet:
    """One indicator of a page: the figure of the whole, and one for each place where anything was counted."""

    scenario: Scenario
    indicator: Indicator
    total: Figure
    places: tuple[Figure, ...]


def scenario_figures(access: Access, window: Window, *, level: Level, slug: str | None = None) -> list[Sheet]:
    """Every indicator of the scenarios that are on in the window, or of one: two queries each.

    Forbidden unless the viewer may see the figures of the whole window.
    """
    access.require(SEE, window.under)
    return [
        Sheet(scenario, indicator, total(indicator, window), tuple(by_place(indicator, window, level=level)))
        for scenario in _chosen(window, slug)
        for indicator in indicators(scenario)
    ]


def _chosen(window: Window, slug: str | None) -> list[Scenario]:
    if slug is None:
        on = scenarios_on_in(window)
        return [scenario for name, scenario in sorted(scenarios().items()) if name in on]
    if slug not in scenarios():
        raise Refused("lake.no_scenario", slug=slug)
    return [scenarios()[slug]]


def scenarios_on_in(window: Window) -> frozenset[str]:
    """The scenarios that were on at some place and some day of the window, by a decision there, above or below."""
    first, end = window.first.first_day, window.last.end.astimezone(ZONE).date()
    above = [window.under[:length] for length in range(len(window.under))]
    lasted = Q(since__lt=end) & (Q(until__isnull=True) | Q(until__gt=first))
    on = Activation.objects.filter(lasted, under(window.under) | Q(place_code__in=above))
    return frozenset(on.values_list("scenario", flat=True))
