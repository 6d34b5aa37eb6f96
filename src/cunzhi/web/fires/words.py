"""Fires as pages show them: where, what became of them, and the map of some of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from cunzhi.engine.models import Case
from cunzhi.fires.models import Event
from cunzhi.registry.access import Access
from cunzhi.registry.queries.places import names_of
from cunzhi.web.charts.chart import Chart
from cunzhi.web.charts.point_map import Spot, point_map
from cunzhi.web.formats import moment, number
from cunzhi.web.language import t

COUNTY, TOWNSHIP, VILLAGE = 6, 9, 12
KINDS = {
    "straw": ("spot-straw", "square", "due", "leaf"),
    "other_fire": ("spot-other", "triangle", "doubt", "warning"),
    "industry": ("spot-industry", "diamond", "plain", "check"),
    "nothing": ("spot-nothing", "cross", "plain", "check"),
    "sent": ("spot-open", "round", "due", "clock"),
    "": ("spot-idle", "round", "plain", ""),
}
"""By what was found, or whether somebody is under way: class and form on the map, kind and picture of the chip."""


FORMS = {"round": "●", "square": "■", "triangle": "▲", "diamond": "◆", "cross": "✖"}
"""How the legend says in which form a kind is drawn."""


@dataclass(frozen=True)
class Shown:
    """One fire as a line. `case` is the number of its matter where the reader may open that."""

    event: Event
    place: str
    said: str
    why: str
    chip: str
    symbol: str
    case: str


def shown(events: Sequence[Event], access: Access) -> list[Shown]:
    """Lines of fires, with two queries for all of them."""
    names = names_of({code for one in events for code in _codes(one.place_code)})
    ids = [int(one.case_record.removeprefix("case:")) for one in events if one.case_record]
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "number", "place_code")
    cases = {f"case:{pk}": (number_, place_code) for pk, number_, place_code in rows}
    lines = []
    for one in events:
        number_, place_code = cases.get(one.case_record, ("", ""))
        may = bool(number_) and access.may("case.see", place_code) is not None
        kind = _kind(one)
        lines.append(
            Shown(
                one,
                place=" ".join(names[code] for code in _codes(one.place_code)),
                said=t(f"web.fires.kind.{kind or 'idle'}"),
                why=t(f"web.fires.standing.{one.standing or 'waiting'}") if not kind else "",
                chip=KINDS[kind][2],
                symbol=KINDS[kind][3],
                case=number_ if may else "",
            )
        )
    return lines


def _codes(code: str) -> list[str]:
    """County, township, village and grid of a code, as far as it goes; the county only where it stands alone."""
    longer = [code[:length] for length in (TOWNSHIP, VILLAGE) if length < len(code)]
    return [*longer, code]


def _kind(event: Event) -> str:
    return event.found or ("sent" if event.case_record else "")


def map_of(title: str, lines: Sequence[Shown], codes: Sequence[str]) -> Chart | None:
    """Where these fires were, with a table of the same."""
    spots = [_spot(one) for one in lines]
    columns = [(t(f"web.fires.column.{name}"), "text") for name in ("first", "place", "spot", "state")]
    rows = [[moment(one.event.first_at), one.place, spot_of(one.event), one.said] for one in lines]
    held = {_kind(one.event) for one in lines}
    legend = [(KINDS[kind][0], _in_legend(kind)) for kind in KINDS if kind in held]
    counties = sorted({code[:COUNTY] for code in codes if code} | {one.event.place_code[:COUNTY] for one in lines})
    return point_map(title, counties, spots, columns=columns, rows=rows, legend=legend)


def _in_legend(kind: str) -> str:
    name = kind or "idle"
    return f"{FORMS[KINDS[kind][1]]} {t(f'web.fires.kind.{name}')}"


def _spot(one: Shown) -> Spot:
    kind, form, _, _ = KINDS[_kind(one.event)]
    label = f"{moment(one.event.first_at)} {one.said}"
    return Spot(one.event.longitude, one.event.latitude, kind, form, label)


def spot_of(event: Event) -> str:
    """Latitude and longitude, as one reads them to somebody on the telephone."""
    return f"{event.latitude:.4f}, {event.longitude:.4f}"


def power_of(value: float | None) -> str:
    return "" if value is None else t("web.fires.power", value=number(value, 1))
