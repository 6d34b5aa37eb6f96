"""Arithmetic inside a table: means, sums, differences, ratios, and growth by each formula in use."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise

from cunzhi.evaluation.audit.check import Check, Severity, compared, judge, places_of, shown, unchecked
from cunzhi.evaluation.audit.interval import Interval, total
from cunzhi.evaluation.audit.printed import Cell, Printed

HUNDRED = Interval.point(100)
ONE = Interval.point(1)


def numbers(cells: Sequence[Cell]) -> list[Printed] | None:
    """The numbers of cells, or None when one of them has none."""
    found = [cell.number for cell in cells if cell.number is not None]
    return found if len(found) == len(cells) and found else None


def check_mean(target: Cell, cells: Sequence[Cell]) -> Check:
    """Whether a cell is the plain mean of others."""
    parts = numbers(cells)
    if parts is None:
        return unchecked("mean", (target, *cells))
    mean = total(part.interval for part in parts) / Interval.point(len(parts))
    return compared("mean", target, tuple(cells), mean, "weighted", "unrounded_source")


def check_sum(target: Cell, cells: Sequence[Cell]) -> Check:
    """Whether a cell is the sum of others."""
    parts = numbers(cells)
    if parts is None:
        return unchecked("sum", (target, *cells))
    return compared("sum", target, tuple(cells), total(part.interval for part in parts), "unrounded_source")


def check_difference(target: Cell, first: Cell, second: Cell) -> Check:
    """Whether a cell is first − second."""
    parts = numbers((first, second))
    if parts is None:
        return unchecked("difference", (target, first, second))
    return compared("difference", target, (first, second), parts[0].interval - parts[1].interval, "unrounded_source")


def check_ratio(target: Cell, first: Cell, second: Cell) -> Check:
    """Whether a cell is first / second, in per cent when it has a percent sign."""
    parts = numbers((first, second))
    if parts is None or target.number is None or 0 in parts[1].interval:
        return unchecked("ratio", (target, first, second))
    ratio = parts[0].interval / parts[1].interval * (HUNDRED if target.number.percent else ONE)
    return compared("ratio", target, (first, second), ratio, "unrounded_source")


def check_point_gap(target: Cell, first: Cell, second: Cell) -> Check:
    """Whether a gap between two percentages that is printed with a percent sign is one of percentage points.

    HELD when it is a relative gap, or has no percent sign; WARNING when it fits first − second and no relative gap.
    """
    parts = numbers((first, second))
    cells = (target, first, second)
    if parts is None or target.number is None or 0 in parts[0].interval or 0 in parts[1].interval:
        return unchecked("percentage_points", cells)
    gap = parts[0].interval - parts[1].interval
    relative = [gap / part.interval * HUNDRED for part in parts]
    step = target.number.step
    ranges = "; ".join(f"{shown(one, step)}%" for one in reversed(relative))
    blanks = {"gap": target.number.text, "one": first.text, "other": second.text, "relative": ranges}
    fits_points = target.number.interval.overlaps(gap)
    fits_relative = any(target.number.interval.overlaps(one) for one in relative)
    if fits_relative or not fits_points or not target.number.percent:
        return Check(
            "percentage_points", Severity.HELD, places_of(*cells), target.text, shown(gap, step), blanks=blanks
        )
    where = places_of(*cells)
    return Check(
        "percentage_points", Severity.WARNING, where, target.text, shown(gap, step), "percentage_points", blanks
    )


class Formula(StrEnum):
    """How average growth per period may be computed."""

    COMPOUND = "compound"
    MEAN = "mean"
    LOG = "log"
    SIMPLE = "simple"
    POINTS = "points"


def check_growth(target: Cell, series: Sequence[Cell], *, formulas: Sequence[Formula]) -> Check:
    """Whether a printed growth rate per period, in per cent, follows from a series by one of the formulas.

    series: values of consecutive periods. formulas: those that the paper's words allow; when only another one fits, it
    is a WARNING that names it.
    """
    parts = numbers(series)
    if parts is None or len(parts) < 2 or target.number is None or min(part.interval.low for part in parts) <= 0:
        return unchecked("growth", (target, *series))
    reach = {formula: GROWTH[formula]([part.interval for part in parts]) * HUNDRED for formula in GROWTH}
    reach[Formula.POINTS] = (parts[-1].interval - parts[0].interval) / Interval.point(len(parts) - 1)
    fitting = [formula for formula, one in reach.items() if target.number.interval.overlaps(one)]
    wanted = "; ".join(f"{formula} {shown(reach[formula], target.number.step)}%" for formula in formulas)
    blanks = {"growth": target.text, "wanted": wanted, "fitting": ", ".join(fitting)}
    where = places_of(target, *series)
    if set(fitting) & set(formulas):
        return Check("growth", Severity.HELD, where, target.text, wanted, blanks=blanks)
    if any(judge(target.number, reach[formula])[0] is Severity.NOTE for formula in formulas):
        return Check("growth", Severity.NOTE, where, target.text, wanted, "growth", blanks, ("cut_off",))
    if fitting:
        return Check("growth", Severity.WARNING, where, target.text, wanted, "growth_other", blanks)
    return Check("growth", Severity.ERROR, where, target.text, wanted, "growth", blanks, ("unrounded_source",))


def _steps(series: Sequence[Interval]) -> Interval:
    return Interval.point(len(series) - 1)


def _compound(series: Sequence[Interval]) -> Interval:
    return (series[-1] / series[0]).root(len(series) - 1) - ONE


def _mean_rate(series: Sequence[Interval]) -> Interval:
    rates = [later / earlier - ONE for earlier, later in pairwise(series)]
    return total(rates) / _steps(series)


def _log_rate(series: Sequence[Interval]) -> Interval:
    return (series[-1] / series[0]).log() / _steps(series)


def _simple(series: Sequence[Interval]) -> Interval:
    return (series[-1] / series[0] - ONE) / _steps(series)


GROWTH: dict[Formula, Callable[[Sequence[Interval]], Interval]] = {
    Formula.COMPOUND: _compound,
    Formula.MEAN: _mean_rate,
    Formula.LOG: _log_rate,
    Formula.SIMPLE: _simple,
}
