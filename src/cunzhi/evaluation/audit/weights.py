"""A national mean as a weighted mean of two parts: the weight that it implies, period by period."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cunzhi.evaluation.audit.check import Check, Severity, places_of, shown, unchecked
from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell

THOUSANDTH = Fraction(1, 1000)


@dataclass(frozen=True)
class Whole:
    """One period: the mean of the whole, those of its two parts, and when it was (in periods)."""

    whole: Cell
    first: Cell
    second: Cell
    period: int


def implied_weight(one: Whole) -> Interval | None:
    """The range of the first part's weight: (whole − second) / (first − second); None when it cannot be told.

    The weight is monotone in each of the three means, so its ends lie at ends of their ranges.
    """
    if one.whole.number is None or one.first.number is None or one.second.number is None:
        return None
    whole, first, second = (cell.number.interval for cell in (one.whole, one.first, one.second) if cell.number)
    if first.overlaps(second):
        return None
    corners = [
        (w - s) / (f - s)
        for w in (whole.low, whole.high)
        for f in (first.low, first.high)
        for s in (second.low, second.high)
    ]
    return Interval.around(corners)


def check_weights(series: Sequence[Whole], *, largest_step: Fraction) -> list[Check]:
    """Whether implied weights lie in [0, 1], and whether some path through their ranges is smooth.

    largest_step: how much a share may plausibly change in one period. A mean outside its parts is an ERROR, a jump
    that no unrounded values avoid is a WARNING.
    """
    found, known = [], []
    for one in series:
        weight = implied_weight(one)
        cells = (one.whole, one.first, one.second)
        if weight is None:
            found.append(unchecked("national_mean", cells))
            continue
        known.append((one, weight))
        found.append(_inside(one, weight))
    return [*found, _smooth(known, largest_step)] if len(known) > 1 else found


def _inside(one: Whole, weight: Interval) -> Check:
    where = places_of(one.whole, one.first, one.second)
    allowed = Interval(Fraction(0), Fraction(1))
    blanks = {"weight": shown(weight, THOUSANDTH), "first": one.first.place.column, "second": one.second.place.column}
    if weight.overlaps(allowed):
        return Check("national_mean", Severity.HELD, where, one.whole.text, blanks["weight"], blanks=blanks)
    expected = " … ".join(sorted((one.first.text, one.second.text)))
    because = ("other_sources",)
    return Check("national_mean", Severity.ERROR, where, one.whole.text, expected, "weight_outside", blanks, because)


def _smooth(known: Sequence[tuple[Whole, Interval]], largest_step: Fraction) -> Check:
    """A path with steps of at most s exists exactly when no two ranges are further apart than s a period."""
    pairs = [
        (early.distance(late) / abs(last.period - first.period), (first, early), (last, late))
        for number, (last, late) in enumerate(known)
        for first, early in known[:number]
    ]
    step, (first, early), (last, late) = max(pairs, key=lambda pair: pair[0])
    paths = "; ".join(f"{one.whole.place.row}: {shown(weight, THOUSANDTH)}" for one, weight in known)
    blanks = {
        "paths": paths,
        "step": shown(Interval.point(step), THOUSANDTH).split()[0],
        "limit": str(float(largest_step)),
    }
    blanks |= {"from": f"{first.whole.place.row} ({shown(early, THOUSANDTH)})"}
    blanks |= {"to": f"{last.whole.place.row} ({shown(late, THOUSANDTH)})", "part": first.first.place.column}
    where = places_of(last.whole, first.whole)
    if step <= largest_step:
        return Check("national_mean", Severity.HELD, where, paths, f"≤ {float(largest_step)}", blanks=blanks)
    because = ("other_dates", "interpolated", "other_sources")
    expected = f"≤ {float(largest_step)}"
    return Check("national_mean", Severity.WARNING, where, paths, expected, "weight_jump", blanks, because)
