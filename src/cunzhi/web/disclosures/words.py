"""How a column and its periods stand, in words and by the kind of chip that shows them."""

from dataclasses import dataclass

from cunzhi.base.periods import in_words
from cunzhi.engine.queries.calendar import Column, Standing
from cunzhi.web.formats import day
from cunzhi.web.language import t, words


@dataclass(frozen=True)
class Mark:
    """One period of a column: its name, what is said of it, and how loudly."""

    period: str
    said: str
    kind: str
    symbol: str
    case: str = ""


@dataclass(frozen=True)
class Shown:
    """A column as a page shows it."""

    name: str
    title: str
    about: str
    every: str
    basis: str
    marks: list[Mark]
    missing: bool

    @property
    def shouted(self) -> list[Mark]:
        """The latest period, and every one that is overdue."""
        return [one for index, one in enumerate(self.marks) if index == 0 or one.kind == "due"]


def shown_column(column: Column) -> Shown:
    return Shown(
        name=column.name,
        title=words(column.duty.title),
        about=words(column.duty.about) if column.duty.about else "",
        every=t(f"web.disclosures.every.{column.duty.every}"),
        basis=column.duty.basis,
        marks=[mark_of(one) for one in column.standings],
        missing=column.missing,
    )


def mark_of(standing: Standing) -> Mark:
    """Public in time, public late, overdue, or still to come."""
    number = standing.case.number if standing.case else ""
    period, notice = words(in_words(standing.period)), standing.notice
    if notice is not None and not standing.late:
        return Mark(period, t("web.disclosures.mark.public", on=day(notice.at)), "good", "check", number)
    if notice is not None:
        return Mark(period, t("web.disclosures.mark.public_late", on=day(notice.at)), "doubt", "clock", number)
    if standing.late:
        return Mark(period, t("web.disclosures.mark.late", on=day(standing.due)), "due", "warning", number)
    return Mark(period, t("web.disclosures.mark.due", on=day(standing.due)), "plain", "clock", number)
