"""Claims that need something to stand on: a table, a test, standard deviations."""

from itertools import pairwise

from cunzhi.evaluation.audit.check import Check, Severity, places_of, shown
from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell, Place


def check_evidence(sentence: Place, *, shown_in: tuple[str, ...], needs: object) -> Check:
    """Whether a claim names a table or test that shows it. shown_in: what the paper gives; needs: what would."""
    if shown_in:
        return Check("evidence", Severity.HELD, (sentence,), sentence.sentence, ", ".join(shown_in))
    return Check("evidence", Severity.WARNING, (sentence,), "", "", "no_evidence", {"needs": needs})


def check_standardised(said: Cell, coefficient: Cell, *, deviations: tuple[Cell, Cell] | None, constant: Cell) -> Check:
    """Whether a coefficient may be read as standard deviations per standard deviation.

    deviations: printed standard deviations of regressor and outcome; with them b × sd(x) / sd(y) is compared. Without
    them the reading cannot be followed: a WARNING, with the constant as a sign when it cannot be zero, as it would be
    with standardised variables and nothing else on the right.
    """
    where = places_of(said, coefficient)
    if coefficient.number is None or said.number is None:
        return Check("standardised", Severity.UNCHECKED, where, said.text, "", "not_numbers")
    if deviations and deviations[0].number and deviations[1].number and 0 not in deviations[1].number.interval:
        share = deviations[0].number.interval / deviations[1].number.interval
        reach = coefficient.number.interval * share
        fits = said.number.interval.overlaps(reach)
        blanks = {"said": said.text, "range": shown(reach, said.number.step)}
        severity, key = (Severity.HELD, "held") if fits else (Severity.ERROR, "standardised_differs")
        return Check("standardised", severity, where, said.text, blanks["range"], key, blanks)
    blanks = {"said": said.text, "one": coefficient.text, "constant": constant.text}
    key, because = "standardised_unshown", ("standardised_before",)
    if constant.number is not None and not Interval.point(0).overlaps(constant.number.interval):
        where = (*where, constant.place)
        key = "standardised_constant"
    return Check("standardised", Severity.WARNING, where, said.text, "", key, blanks, because)


def check_trend(sentence: Place, series: tuple[Cell, ...], *, rises: bool) -> Check:
    """Whether a series never turns against what a sentence says; equal neighbours pass."""
    known = [(cell, cell.number.interval) for cell in series if cell.number is not None]
    expected = "↗" if rises else "↘"
    printed = ", ".join(cell.text for cell in series)
    for (before, early), (after, late) in pairwise(known):
        if late.high < early.low if rises else late.low > early.high:
            blanks = {"one": before.text, "other": after.text, "direction": expected}
            where = (*places_of(before, after), sentence)
            return Check("sentence", Severity.ERROR, where, printed, expected, "said_trend", blanks)
    return Check("sentence", Severity.HELD, (*places_of(*series), sentence), printed, expected)
