"""Figures in words: a number with its unit, a month, and how it changed. Nothing here judges anybody."""

from dataclasses import dataclass

from cunzhi.base.periods import Period
from cunzhi.lake.indicator import Indicator
from cunzhi.web.formats import MONTHS, quantity
from cunzhi.web.language import current, t, words

PERCENT = "%"


@dataclass(frozen=True)
class Change:
    """How a figure differs from the one before. `sense` says what to make of it; empty when nothing can be said."""

    words: str
    sense: str = ""
    wished: bool = False


def month_in_words(month: Period) -> str:
    """2026年3月 or Mar 2026."""
    if current() == "en":
        return f"{MONTHS[month.number - 1]} {month.year}"
    return f"{month.year}年{month.number}月"


def months_in_words(first: Period, last: Period) -> str:
    """One month, or from one to another."""
    if first == last:
        return month_in_words(first)
    return t("web.figures.from_to", first=month_in_words(first), last=month_in_words(last))


def digits_of(indicator: Indicator) -> int:
    """Counts and sums are whole; shares and means have one decimal."""
    return 0 if indicator.when_nothing is not None else 1


def figure_in_words(indicator: Indicator, value: float | None) -> str:
    """A figure with its unit; a dash where nothing can be said."""
    return quantity(value, words(indicator.header.unit), digits_of(indicator))


def change_in_words(indicator: Indicator, now: float | None, before: float | None, months: int) -> Change | None:
    """The difference to the period before; None when one of the two figures cannot be said."""
    if now is None or before is None:
        return None
    digits, unit = digits_of(indicator), words(indicator.header.unit)
    difference = round(now, digits) - round(before, digits)
    then = t("web.figures.before.month") if months == 1 else t("web.figures.before.months", count=months)
    if not round(difference, digits):
        return Change(t("web.figures.change.same", then=then))
    size = quantity(abs(difference), t("web.figures.points") if unit == PERCENT else unit, digits)
    said = t("web.figures.change.more" if difference > 0 else "web.figures.change.less", size=size, then=then)
    if indicator.header.better == "none":
        return Change(said)
    wished = (difference > 0) == (indicator.header.better == "more")
    return Change(said, t("web.figures.wished") if wished else t("web.figures.ask_why"), wished)
