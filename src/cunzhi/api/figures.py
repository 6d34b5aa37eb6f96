"""Figures, and the records behind each: every number opens."""

from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from cunzhi.api.auth import ApiRequest
from cunzhi.api.errors import NotThere
from cunzhi.api.kinds import Name, PeriodText, PlaceCode
from cunzhi.api.problems import PROBLEMS, language
from cunzhi.api.scope import require_part
from cunzhi.base.periods import Period
from cunzhi.engine.loader import scenarios
from cunzhi.lake import records as lake
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.queries import Sheet, scenario_figures
from cunzhi.lake.run import Figure
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window

router = Router(tags=["figures"])
Level = Literal["county", "township", "village", "grid"]
MOST_RECORDS = 200
LAST_OFFSET = 1_000_000


class FigureTold(Schema):
    """One number of a place and a period; null where nothing can be said."""

    place_code: str
    period: str
    value: float | None


class SheetTold(Schema):
    """One indicator: the figure of the whole, and of each place where anything was counted."""

    scenario: str
    indicator: str
    title: str
    unit: str
    better: str
    sql: str = Field(description="The SELECT that is counted.")
    total: FigureTold
    places: list[FigureTold]


class RecordTold(Schema):
    """One row behind a figure. `part` is what it brings to it; `counted` says whether it brings anything."""

    record: str
    label: str
    place_code: str
    day: str
    part: float | str | None
    counted: bool


class RecordPage(Schema):
    """Rows behind a figure, the newest first. `complete`: whether the caller may open all that it counts."""

    total: int
    counted: int
    complete: bool
    items: list[RecordTold]


class Frame(Schema):
    """Which place, and from the beginning of which period to the end of which."""

    place_code: PlaceCode
    first: PeriodText
    last: PeriodText | None = None

    def window(self) -> Window:
        """The same as the lake has it."""
        first = Period.parse(self.first)
        return Window(self.place_code, first, Period.parse(self.last) if self.last else first)


@router.get("/figures", response={200: list[SheetTold], **PROBLEMS}, operation_id="list_figures")
def list_figures(
    request: ApiRequest, frame: Query[Frame], level: Level = "village", scenario: Name | None = None
) -> list[SheetTold]:
    """Every indicator of the scenarios that are on, or of one. Needs `figures.see` at the place."""
    if scenario is not None and scenario not in scenarios():
        raise NotThere("lake.no_scenario", field="scenario", slug=scenario)
    sheets = scenario_figures(request.auth.access, frame.window(), level=level, slug=scenario)
    return [_sheet(one) for one in sheets]


@router.get(
    "/figures/{scenario}/{indicator}/records",
    response={200: RecordPage, **PROBLEMS},
    operation_id="list_figure_records",
)
def list_figure_records(
    request: ApiRequest,
    scenario: Name,
    indicator: Name,
    frame: Query[Frame],
    limit: Annotated[int, Field(ge=1, le=MOST_RECORDS)] = 50,
    offset: Annotated[int, Field(ge=0, le=LAST_OFFSET)] = 0,
) -> RecordPage:
    """The records behind a figure, as far as the caller may open them. Needs `figures.open`."""
    found = _indicator(scenario, indicator)
    access = request.auth.access
    require_part(access, lake.OPEN, frame.place_code)
    opened = lake.records(found, frame.window(), access=access, limit=limit, offset=offset)
    items = [
        RecordTold(
            record=one.record, label=one.label, place_code=one.place, day=one.day, part=one.part, counted=one.counted
        )
        for one in opened.rows
    ]
    return RecordPage(total=opened.total, counted=opened.counted, complete=opened.complete, items=items)


def _indicator(scenario: str, name: str) -> Indicator:
    known = indicators(scenarios()[scenario]) if scenario in scenarios() else []
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise NotThere("api.no_indicator", field="indicator", name=name, scenario=scenario)
    return found


def _sheet(one: Sheet) -> SheetTold:
    header = one.indicator.header
    return SheetTold(
        scenario=one.scenario.slug,
        indicator=one.indicator.name,
        title=header.title.in_(language()),
        unit=header.unit.in_(language()),
        better=header.better,
        sql=one.indicator.sql,
        total=_figure(one.total),
        places=[_figure(figure) for figure in one.places],
    )


def _figure(one: Figure) -> FigureTold:
    return FigureTold(place_code=one.place, period=one.period, value=one.value)
