"""Mediation from printed paths: the Sobel family, and the identity c − c′ = ab."""

from fractions import Fraction

from cunzhi.evaluation.audit.check import Check, Severity, judge, places_of, shown, unchecked
from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.printed import Cell
from cunzhi.evaluation.audit.stars import Bracket, statistics

NAMES = ("Sobel", "Aroian", "Goodman")


def check_product_test(a: Cell, b: Cell, z: Cell, *, bracket: Bracket = Bracket.STANDARD_ERROR) -> Check:
    """Whether a printed z is Sobel's, Aroian's or Goodman's for paths a and b printed with standard errors or t.

    A z printed without its minus sign is taken as its size.
    """
    family = product_tests(a, b, bracket)
    if z.number is None or not family:
        return unchecked("product_test", (z, a, b), "no_paths")
    if z.number.value >= 0:
        family = {name: reach.magnitude() for name, reach in family.items()}
    verdicts = {name: judge(z.number, reach)[0] for name, reach in family.items()}
    fitting = [name for name in family if verdicts[name] is Severity.HELD]
    ranges = "; ".join(f"{name} {shown(reach, z.number.step)}" for name, reach in family.items())
    blanks = {"z": z.number.text, "a": a.text, "b": b.text, "ranges": ranges}
    where = places_of(z, a, b)
    if fitting:
        return Check("product_test", Severity.HELD, where, z.text, ranges, blanks=blanks)
    if Severity.NOTE in verdicts.values():
        return Check("product_test", Severity.NOTE, where, z.text, ranges, "product_test", blanks, ("cut_off",))
    because = ("other_errors", "other_test")
    return Check("product_test", Severity.ERROR, where, z.text, ranges, "product_test", blanks, because)


def product_tests(a: Cell, b: Cell, bracket: Bracket = Bracket.STANDARD_ERROR) -> dict[str, Interval]:
    """The ranges of z by name; empty when a path, or its standard error or t, is not printed or may be zero.

    With u = (se_a / a)² and v = (se_b / b)², 1/z² is u + v (Sobel 1982), u + v + uv (Aroian 1947) and u + v − uv
    (Goodman 1960). Each ratio occurs once, and what is linear in u and in v has its ends at ends of both. Empty too
    where Goodman's variance may be negative, because any z may then be Goodman's.
    """
    if a.number is None or b.number is None or 0 in a.number.interval or 0 in b.number.interval:
        return {}
    squares = [one * one for one in (_relative_error(a, bracket), _relative_error(b, bracket)) if one is not None]
    if len(squares) < 2:
        return {}
    u, v = squares
    negative = (a.number.value < 0) != (b.number.value < 0)
    variances = {
        name: Interval.around(_variance(name, x, y) for x in (u.low, u.high) for y in (v.low, v.high)) for name in NAMES
    }
    if variances["Goodman"].low <= 0:
        return {}
    one = Interval.point(1)
    found = {name: (one / reach).root() for name, reach in variances.items()}
    return {name: -reach if negative else reach for name, reach in found.items()}


def _relative_error(path: Cell, bracket: Bracket) -> Interval | None:
    """Standard error over path, which is 1 / t; None when neither can be told."""
    sizes = statistics(path, bracket) if bracket in (Bracket.STANDARD_ERROR, Bracket.T) else []
    return Interval.point(1) / sizes[0] if len(sizes) == 1 and sizes[0].low > 0 else None


def _variance(name: str, u: Fraction, v: Fraction) -> Fraction:
    return u + v + {"Sobel": 0, "Aroian": 1, "Goodman": -1}[name] * u * v


def check_identity(*, total: Cell, direct: Cell, a: Cell, b: Cell, same_rows: bool) -> Check:
    """Whether total − direct equals a × b, as it must for least squares on the same rows and controls.

    same_rows: whether the paper prints equal numbers of observations for the equations; if not, a difference is a
    WARNING, because other rows are then a way out.
    """
    numbers = [cell.number for cell in (total, direct, a, b)]
    known = [number.interval for number in numbers if number is not None]
    if len(known) < len(numbers) or total.number is None:
        return unchecked("mediation_identity", (total, direct, a, b))
    gap, product = known[0] - known[1], known[2] * known[3]
    where, step = places_of(total, direct, a, b), total.number.step
    blanks = {
        "sum": _figures(total, "−", direct),
        "gap": shown(gap, step),
        "product": _figures(a, "×", b),
        "range": shown(product, step),
    }
    printed = f"{shown(gap, step)}"
    if gap.overlaps(product):
        return Check("mediation_identity", Severity.HELD, where, printed, shown(product, step), blanks=blanks)
    severity = Severity.ERROR if same_rows else Severity.WARNING
    because = ("other_controls",) if same_rows else ("other_rows", "other_controls")
    expected = shown(product, step)
    return Check("mediation_identity", severity, where, printed, expected, "mediation_identity", blanks, because)


def _figures(first: Cell, sign: str, second: Cell) -> str:
    """Two numbers as printed, without stars and brackets, around a sign."""
    texts = [cell.number.text if cell.number else cell.text for cell in (first, second)]
    return f"{texts[0]} {sign} {texts[1]}"
