"""The same thing printed twice: two tables, or a sentence and a cell."""

from collections.abc import Sequence
from fractions import Fraction

from cunzhi.evaluation.audit.check import Check, Severity, places_of, shown, unchecked
from cunzhi.evaluation.audit.printed import Cell, Place, Printed


def same_cell(first: Cell, second: Cell) -> list[Check]:
    """Whether two cells that show the same estimate agree in number, bracket and stars; one check for each."""
    if first.number is None and second.number is None and first.bracket is None:
        return [same_word("same_cell", first, second.text, second)]
    pairs = ((first.number, second.number), (first.bracket, second.bracket))
    found = [same_number(one, other, first, second) for one, other in pairs if one and other]
    if first.number and second.number:
        found.append(_same_stars(first, second))
    return found


def same_number(one: Printed, other: Printed, first: Cell, second: Cell) -> Check:
    """Whether two printed numbers can stand for one value. Ranges that only meet at an end are a NOTE."""
    step = min(one.step, other.step)
    if not one.interval.overlaps(other.interval):
        severity: Severity = Severity.ERROR
    else:
        severity = Severity.NOTE if one.interval.meets_at_end(other.interval) else Severity.HELD
    key = {Severity.ERROR: "same_number", Severity.NOTE: "last_figure"}.get(severity, "held")
    blanks = {"one": one.text, "other": other.text}
    because = ("rounded_inputs",) if severity is Severity.NOTE else ()
    where = places_of(first, second)
    return Check("same_cell", severity, where, one.text, shown(other.interval, step), key, blanks, because)


def _same_stars(first: Cell, second: Cell) -> Check:
    blanks = {"one": first.text, "other": second.text}
    where = places_of(first, second)
    if first.stars == second.stars:
        return Check("same_cell", Severity.HELD, where, first.text, second.text)
    fewer = min(first, second, key=lambda cell: cell.stars)
    because = ("bold_asterisks",) if fewer.bold else ("asterisks_lost",)
    return Check("same_cell", Severity.ERROR, where, first.text, second.text, "same_stars", blanks, because)


def said_number(said: Cell, shown_in: Cell, others: Sequence[Cell] = ()) -> Check:
    """Whether a number of a sentence is that of a cell.

    others: neighbouring cells; when one of them has the number, that is named as what may explain a difference.
    """
    if said.number is None or shown_in.number is None:
        return unchecked("sentence", (said, shown_in))
    found = same_number(said.number, shown_in.number, said, shown_in)
    blanks = {**found.blanks, "elsewhere": ""}
    because = found.because
    twins = [cell for cell in others if cell.number and cell.number.interval.overlaps(said.number.interval)]
    if found.severity is Severity.ERROR and twins:
        because = ("other_cell",)
        blanks["elsewhere"] = "; ".join(f"{cell.place.row}, {cell.place.column}: {cell.text}" for cell in twins)
    key = {"same_number": "said_number"}.get(found.key, found.key)
    return Check("sentence", found.severity, found.places, found.printed, found.expected, key, blanks, because)


def same_word(rule: str, first: Cell, word: str, second: Cell) -> Check:
    """Whether a cell has a word that is said or printed elsewhere; case does not count."""
    where = places_of(first, second)
    if first.text.casefold() == word.casefold():
        return Check(rule, Severity.HELD, where, first.text, word)
    because = ("other_reading",) if rule == "sentence" else ()
    return Check(rule, Severity.ERROR, where, first.text, word, "word", {"one": first.text, "other": word}, because)


def said_level(
    sentence: Place, cell: Cell, *, level: Fraction | None, levels: Sequence[Fraction], possible: set[int]
) -> Check:
    """Whether a cell has the stars that a sentence says.

    level: as said, zero for "not significant" and None for "significant" without a level. levels: of one, two, three
    stars. possible: the numbers of stars that the cell's own numbers allow; empty when that cannot be told.
    """
    wanted = _wanted(level, levels)
    expected = " / ".join("*" * count or "–" for count in sorted(wanted))
    where = (*places_of(cell), sentence)
    if cell.stars in wanted:
        return Check("sentence", Severity.HELD, where, cell.text, expected)
    because = ["bold_asterisks"] if cell.bold and cell.stars < min(wanted) else []
    because += ["numbers_side_with_sentence"] if possible and possible <= wanted else []
    blanks = {"one": cell.text, "stars": expected}
    return Check("sentence", Severity.ERROR, where, cell.text, expected, "said_level", blanks, tuple(because))


def _wanted(level: Fraction | None, levels: Sequence[Fraction]) -> set[int]:
    if level is None:
        return set(range(1, len(levels) + 1))
    return {sum(known >= level for known in levels)} if level else {0}


def said_sign(sentence: Place, cell: Cell, *, positive: bool) -> Check:
    """Whether a cell's number has the sign that a sentence says."""
    if cell.number is None:
        return unchecked("sentence", (cell,))
    reach = cell.number.interval
    wrong = reach.high < 0 if positive else reach.low > 0
    expected = "> 0" if positive else "< 0"
    severity = Severity.ERROR if wrong else Severity.HELD
    key, blanks = ("said_sign", {"one": cell.text, "sign": expected}) if wrong else ("held", {})
    return Check("sentence", severity, (*places_of(cell), sentence), cell.text, expected, key, blanks)


def said_order(sentence: Place, smaller: Cell, greater: Cell) -> Check:
    """Whether one number is smaller than another, as a sentence says; equal ranges pass."""
    if smaller.number is None or greater.number is None:
        return unchecked("sentence", (smaller, greater))
    wrong = smaller.number.interval.low > greater.number.interval.high
    expected = f"{smaller.text} < {greater.text}"
    severity = Severity.ERROR if wrong else Severity.HELD
    key, blanks = ("said_order", {"one": smaller.text, "other": greater.text}) if wrong else ("held", {})
    where = (*places_of(smaller, greater), sentence)
    return Check("sentence", severity, where, smaller.text, expected, key, blanks)
