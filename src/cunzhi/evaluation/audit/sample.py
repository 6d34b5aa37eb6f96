"""Sample size, R² and instruments: what a panel's counts and effects allow."""

from dataclasses import dataclass

from cunzhi.evaluation.audit.check import Check, Severity, places_of, shown, unchecked
from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell
from cunzhi.evaluation.audit.stars import T_STEP, Bracket, statistics

FAR = Interval.point(3) / Interval.point(2)
"""Robust and clustered errors differ from classical ones; beyond one and a half times it is more than a NOTE."""


def check_sample(observations: Cell, *, units: int, periods: int) -> Check:
    """Whether a printed number of observations fits units × periods: at most that, and why less is worth a NOTE."""
    if observations.number is None:
        return unchecked("sample", (observations,))
    printed, full = observations.number.value, units * periods
    blanks = {"printed": observations.text, "units": str(units), "periods": str(periods), "full": str(full)}
    where = places_of(observations)
    if printed == full:
        return Check("sample", Severity.HELD, where, observations.text, str(full), blanks=blanks)
    if printed > full:
        because = ("other_sample",)
        return Check("sample", Severity.ERROR, where, observations.text, f"≤ {full}", "sample_more", blanks, because)
    whole = printed % periods == 0
    blanks |= {"missing": str(full - printed), "left": str(printed // periods)}
    key = "sample_units" if whole else "sample_fewer"
    return Check("sample", Severity.NOTE, where, observations.text, str(full), key, blanks, ("missing_values",))


@dataclass(frozen=True)
class Gain:
    """One regressor added to an equation: its cell, R² without and with it, and the residual degrees of freedom.

    degrees: a range, because programs differ in what they count. classical: whether the printed standard errors
    assume one variance.
    """

    added: Cell
    without: Cell
    having: Cell
    degrees: Interval
    classical: bool = False


def check_gain(gain: Gain, *, bracket: Bracket = Bracket.STANDARD_ERROR) -> Check:
    """Whether the gain in R² fits the t of the regressor that was added.

    With classical errors t² = (R² gained) / (1 − R² reached) × residual degrees of freedom. A disagreement is an ERROR
    under classical errors; under robust or clustered ones it is a WARNING beyond a factor of 1.5 and a NOTE below.
    """
    cells = (gain.added, gain.without, gain.having)
    found = statistics(gain.added, bracket) if bracket is not Bracket.P else []
    if len(found) != 1 or gain.without.number is None or gain.having.number is None:
        return unchecked("r2_gain", cells)
    before, after = gain.without.number.interval, gain.having.number.interval
    one = Interval.point(1)
    if after.high >= 1 or before.high >= 1:
        return unchecked("r2_gain", cells)
    squared = ((one - before) / (one - after) - one) * gain.degrees
    blanks = {"before": gain.without.text, "after": gain.having.text, "added": gain.added.text}
    blanks |= {"t": shown(found[0], T_STEP), "degrees": shown(gain.degrees, one.low * 10)}
    if squared.high < 0:
        because = ("other_rows", "adjusted")
        return Check("r2_gain", Severity.ERROR, places_of(*cells), gain.having.text, "", "r2_falls", blanks, because)
    return _gained(gain, found[0], Interval(max(squared.low, one.low * 0), squared.high).root(), blanks)


def _gained(gain: Gain, t: Interval, implied: Interval, blanks: dict[str, str]) -> Check:
    """The range of |t| that R² implies against the printed one."""
    where = places_of(gain.added, gain.without, gain.having)
    expected = shown(implied, T_STEP)
    blanks["range"] = expected
    if t.overlaps(implied):
        return Check("r2_gain", Severity.HELD, where, gain.added.text, expected, blanks=blanks)
    if gain.classical:
        because: tuple[str, ...] = ("other_rows", "adjusted")
        return Check("r2_gain", Severity.ERROR, where, gain.added.text, expected, "r2_gain", blanks, because)
    near = Interval(implied.low / FAR.high, implied.high * FAR.high)
    severity = Severity.NOTE if t.overlaps(near) else Severity.WARNING
    because = ("robust_errors", "other_rows", "adjusted")
    return Check("r2_gain", severity, where, gain.added.text, expected, "r2_gain", blanks, because)


def check_instrument(name: Cell, effects: Cell, estimate: Cell, *, varies: str, absorbed_by: str) -> Check:
    """Whether an instrument is left any variation by the effects of its equation.

    name: the instrument as the sentence names it. effects: the cell that says whether effects are in. varies: "units",
    "periods" or "both". absorbed_by: what the effects take out, "units" or "periods".
    """
    where = places_of(estimate, effects, name)
    has_effects = effects.text.casefold() in {"yes", "y", "是", "控制", "√", "✓"}
    if varies == absorbed_by and has_effects:
        key = "instrument_units" if varies == "units" else "instrument_periods"
        blanks = {"instrument": name.text, "effects": effects.place.row, "word": effects.text}
        because = ("interacted", "coarser_effects")
        return Check("instrument", Severity.ERROR, where, estimate.text, "", key, blanks, because)
    return Check("instrument", Severity.HELD, where, estimate.text, "")
