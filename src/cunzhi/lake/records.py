"""Opens a figure to the records that it was counted from."""

from dataclasses import dataclass

from sqlglot import exp

from cunzhi.lake.indicator import Indicator
from cunzhi.lake.read_only import answer
from cunzhi.lake.rewrite import first_aggregate, how_many, page, records_query
from cunzhi.lake.window import Level, Window
from cunzhi.registry.access import Access

OPEN = "figures.open"


@dataclass(frozen=True)
class Record:
    """One row behind a figure. `record` is what to open, such as 'case:12'; `label` is how people call it.

    part: what the row brings to the indicator's first aggregate, such as 1, an amount, or the household that is counted
    once; None when it brings nothing. counted: whether it brings something; in a ratio, whether it is in the numerator.
    """

    id: int
    record: str
    label: str
    place: str
    day: str
    part: float | str | None
    counted: bool


@dataclass(frozen=True)
class Records:
    """Some of the rows behind a figure. `total` and `counted` are of all that this viewer may open.

    complete: whether the viewer may open all that lies in the window. If not, the figure may count more than `total`.
    """

    total: int
    counted: int
    complete: bool
    rows: tuple[Record, ...]


def records(
    indicator: Indicator,
    window: Window,
    *,
    access: Access,
    level: Level | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Records:
    """The rows behind the figure of `window.under`, the newest first, within the places where the viewer may open.

    level: when given, the rows behind the figure that `by_place` or `figures` shows for that place at that level. They
    differ from all that lies under it only where the place is higher than the level.
    """
    scopes = access.places(OPEN)
    complete = any(window.under.startswith(scope) for scope in scopes)
    if not scopes:
        return Records(0, 0, complete, ())
    query = records_query(indicator, window, level=level, scopes=scopes)
    [(total, counted)] = answer(how_many(query, indicator))
    summed = isinstance(first_aggregate(indicator), exp.Sum)
    rows = answer(page(query, limit=limit, offset=offset))
    return Records(total, counted, complete, tuple(_record(*row[:6], summed=summed) for row in rows))


def _record(
    row_id: int, record: str, label: str, place: str, day: str, part: float | str | None, *, summed: bool
) -> Record:
    return Record(row_id, record, label, place, day, part, counted=part is not None and not (summed and part == 0))
