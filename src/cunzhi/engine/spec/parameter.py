"""parameters.yaml: dated numbers, each with the meeting or document that set it."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from cunzhi.base.text import Text
from cunzhi.engine.spec.base import Name, Spec


class DatedValue(Spec):
    """What holds from a day on, and by whose decision: either one `value` or a `table` of name -> number."""

    since: date
    by: str = Field(min_length=4, max_length=200)
    value: int | None = None
    table: dict[Name, int] | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        if (self.value is None) == (self.table is None):
            raise ValueError("give either `value` or `table`")
        return self

    @property
    def number(self) -> int | dict[str, int]:
        if self.table is not None:
            return dict(self.table)
        assert self.value is not None  # noqa: S101  the validator keeps it
        return self.value


class Limit(Spec):
    """That a table holds limits of national standards, row by row for what is measured.

    standards: the classes that a datastream names as its `standard`; the row is its `substance`. unit: what the
    datastream must be in, else nothing is compared. over: one value, or the mean of an hour, a whole day, a calendar
    year. bound: whether the number is the most or the least. decimals: how many of the number's figures lie behind the
    point in that unit: 200 with 3 is 0.200.
    """

    standards: list[Name] = Field(min_length=1)
    unit: str = Field(min_length=1, max_length=20)
    over: Literal["value", "hour", "day", "year"]
    bound: Literal["most", "least"]
    decimals: int = Field(default=0, ge=0, le=6)


class Parameter(Spec):
    """A number of the scenario. `local: true` lets a village meeting set its own, within `min` and `max`. With `limit`
    its table is held against what sensors measure."""

    label: Text
    unit: Text
    local: bool = False
    min: int = 0
    max: int = 1_000_000
    rows: dict[Name, Text] = {}
    limit: Limit | None = None
    values: list[DatedValue] = Field(min_length=1)

    @model_validator(mode="after")
    def in_order_and_of_one_kind(self) -> Self:
        if self.limit is not None and not self.rows:
            raise ValueError("`limit` stands beside `rows`, one for each substance")
        days = [dated.since for dated in self.values]
        if days != sorted(set(days)):
            raise ValueError("the values must stand in the order of `since`, each day once")
        for dated in self.values:
            problem = self.problem_with(dated)
            if problem:
                raise ValueError(problem)
        return self

    def problem_with(self, dated: DatedValue) -> str:
        """What is wrong with a value for this parameter; empty when nothing is."""
        if bool(self.rows) != (dated.table is not None):
            return "a parameter with `rows` takes a `table`, one without takes a `value`"
        numbers = dated.table.values() if dated.table is not None else [dated.value or 0]
        if any(not self.min <= number <= self.max for number in numbers):
            return f"a number lies outside {self.min} to {self.max}"
        unknown = set(dated.table or {}) - set(self.rows)
        return f"unknown rows: {', '.join(sorted(unknown))}" if unknown else ""

    def on(self, day: date, local: list[DatedValue]) -> DatedValue:
        """What holds on a day: the village's own value where it set one, else the scenario's."""
        for dated in sorted(local, key=lambda one: one.since, reverse=True):
            if dated.since <= day:
                return dated
        return next((dated for dated in reversed(self.values) if dated.since <= day), self.values[0])
