"""Growth rates under their own names, because the three usual ones differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers, Whole, vector


@dataclass(frozen=True)
class GrowthRates:
    """Rates a year of each unit (U,): units (their numbers), first and last value, span in years, and three rates.

    compound: (last / first) ** (1 / span) - 1 (CAGR); mean: mean of the rates of successive periods,
    each brought to a year; logarithmic: ln(last / first) / span.
    """

    units: Whole
    first: Numbers
    last: Numbers
    span: Numbers
    compound: Numbers
    mean: Numbers
    logarithmic: Numbers


def growth_rates(values: ArrayLike, unit: Whole, times: ArrayLike) -> GrowthRates:
    """Growth of every unit from its first to its last period.

    values: (n,) above zero; unit: (n,) whole numbers, rows sorted by unit and time; times: (n,) in years.
    DataRefused: values at or below zero, units seen once, periods out of order.
    """
    numbers, years = vector(values), vector(times, "the periods")
    _refuse(numbers, unit)
    same = np.diff(unit) == 0
    step = np.diff(years)
    if (step[same] <= 0).any():
        rows = np.flatnonzero(same & (step <= 0)) + 2
        raise DataRefused("Periods are out of order", f"rows {named(rows)}", "sort the rows by unit and period")
    starts = np.concatenate([[0], np.flatnonzero(~same) + 1])
    ends = np.append(starts[1:], numbers.size) - 1
    yearly = (numbers[1:] / numbers[:-1]) ** (1 / np.where(same, step, 1.0)) - 1
    sums = np.concatenate([[0.0], np.cumsum(np.where(same, yearly, 0.0))])
    span = years[ends] - years[starts]
    ratio = numbers[ends] / numbers[starts]
    return GrowthRates(
        units=unit[starts],
        first=numbers[starts],
        last=numbers[ends],
        span=span,
        compound=ratio ** (1 / span) - 1,
        mean=(sums[ends] - sums[starts]) / (ends - starts),
        logarithmic=np.log(ratio) / span,
    )


def _refuse(numbers: Numbers, unit: Whole) -> None:
    low = np.flatnonzero(numbers <= 0)
    if low.size:
        raise DataRefused(
            "Growth of values at or below zero has no rate", f"rows {named(low + 1)}", "report differences"
        )
    units, counts = np.unique(unit, return_counts=True)
    once = units[counts < 2]
    if once.size:
        raise DataRefused("Units seen once have no growth", f"units number {named(once)}", "leave them out (screen)")
