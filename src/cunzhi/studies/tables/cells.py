"""Numbers as they are printed, once for all outputs."""

from math import isfinite

from cunzhi.base.text import Text
from cunzhi.evaluation.panel.fixed_effects import Fit
from cunzhi.studies.results import Cell
from cunzhi.studies.words import text

MINUS = "−"
STARS = ((0.01, "***"), (0.05, "**"), (0.1, "*"))


def printed(value: float, digits: int = 3) -> str:
    """A number with fixed decimals, a true minus sign and no minus zero; a dash when it is not a number."""
    if not isfinite(value):
        return "—"
    said = f"{abs(value):,.{digits}f}"
    negative = value < 0 and any(figure in said for figure in "123456789")
    return f"{MINUS}{said}" if negative else said


def printed_p(value: float) -> str:
    """A p-value with three decimals, never as zero."""
    return "<0.001" if value < 0.0005 else printed(value)


def stars(p: float) -> str:
    """Three, two or one star at p below 0.01, 0.05 and 0.1."""
    return next((mark for limit, mark in STARS if p < limit), "")


def number(value: float, digits: int = 3, *, trace: str = "", path: str = "", filled: bool = False) -> Cell:
    """A cell that prints a number."""
    return Cell(printed(value, digits), None, float(value), {}, trace, path, filled)


def count(value: int, *, trace: str = "", path: str = "") -> Cell:
    """A cell that prints a whole number."""
    return Cell(f"{value:,}", None, float(value), {}, trace, path)


def probability(value: float, *, trace: str = "", path: str = "") -> Cell:
    """A cell that prints a p-value."""
    return Cell(printed_p(value), None, float(value), {}, trace, path)


def said(words: Text) -> Cell:
    """A cell of words."""
    return Cell(words=words)


def slope(fit: Fit, name: str, *, trace: str, prefix: str = "") -> tuple[Cell, Cell]:
    """The slope with its stars and, beneath, the standard error in brackets."""
    at = fit.at(name)
    beta, se, p = float(fit.beta[at]), float(fit.se[at]), float(fit.p[at])
    low, high = (float(end) for end in fit.interval()[at])
    more = {"se": se, "p": p, "low": low, "high": high}
    above = Cell(f"{printed(beta)}{stars(p)}", None, beta, more, trace, f"{prefix}beta[{name}]")
    return above, Cell(f"({printed(se)})", None, se, {}, trace, f"{prefix}se[{name}]")


def yes(is_so: bool) -> Cell:
    """YES or NO, as tables say whether effects are in."""
    return said(text("words.yes" if is_so else "words.no"))
