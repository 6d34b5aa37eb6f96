"""calendar.yaml: what the scenario owes every month, quarter or year, to whom it falls, and by when."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, RootModel, model_validator

from cunzhi.base.periods import Kind, Period
from cunzhi.base.text import Text
from cunzhi.engine.spec.base import Name, Spec


class Duty(Spec):
    """One thing that is owed again and again, or, with `every: event`, whenever something happens.

    When a period is over, a case of `workflow` is opened in every village where the scenario is on and somebody holds
    the role `owner`; its opening form has the fields `column` and `period`. It is due `due_days` days after the
    period, at six in the evening, and its owner is reminded `remind_days` days before. Both are a number or the name
    of a parameter. basis: the rule that demands it; since: the day from which it holds here.
    """

    title: Text
    about: Text | None = None
    workflow: Name
    owner: str
    every: Literal["month", "quarter", "year", "event"]
    due_days: int | Name = Field(default=10)
    remind_days: int | Name = Field(default=3)
    basis: str = Field(min_length=4, max_length=200)
    since: date

    @property
    def kind(self) -> Kind | None:
        """The kind of its periods; None when it is owed at events."""
        return None if self.every == "event" else self.every

    def over(self, today: date, since: date, most: int) -> list[Period]:
        """Its latest periods that are over by `today`, the oldest first, but none that was over before `since`."""
        if self.kind is None:
            return []
        found: list[Period] = []
        period = Period.of(today, self.kind).previous()
        while len(found) < most and period.next().first_day > max(since, self.since):
            found.append(period)
            period = period.previous()
        return found[::-1]


class Calendar(RootModel[dict[Name, Duty]]):
    """The whole of calendar.yaml: duties by name, in the order in which they are shown."""

    @model_validator(mode="after")
    def not_empty(self) -> Self:
        if not self.root:
            raise ValueError("a calendar holds at least one duty; without one there is no calendar.yaml")
        return self
