"""PAPER.yaml: what a sentence says about numbers."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from cunzhi.base.text import Text, Words
from cunzhi.studies.audit.spec.relation import Relation
from cunzhi.studies.audit.spec.table import CellName, Location, Operand, Spec


class Number(Relation):
    """A number of the sentence is that of a cell."""

    check: Literal["number"]
    printed: str
    of: CellName


class Gap(Relation):
    """A number of the sentence is first − second."""

    check: Literal["difference", "ratio"]
    printed: str
    of: list[Operand] = Field(min_length=2, max_length=2)


class PointGap(Relation):
    """A number of the sentence with a percent sign is a gap between two percentages: of what kind?"""

    check: Literal["percentage_points"]
    printed: str
    of: list[Operand] = Field(min_length=2, max_length=2)


class Significance(Relation):
    """The sentence gives a cell a level of significance: a p, or significant at some level, or not significant."""

    check: Literal["significance"]
    of: CellName
    level: float | Literal["some", "none"]


class Sign(Relation):
    """The sentence says that a cell is positive or negative."""

    check: Literal["sign"]
    of: CellName
    sign: Literal["positive", "negative"]


class Order(Relation):
    """The sentence says that one number is smaller than another."""

    check: Literal["order"]
    smaller: Operand
    greater: Operand


class Trend(Relation):
    """The sentence says that rows (all, unless named) rise or fall over columns."""

    check: Literal["trend"]
    table: str
    over: list[str] = Field(min_length=2)
    rows: list[str] = []
    direction: Literal["rises", "falls"]

    def mentions(self) -> Iterator[tuple[Location, str, str | None, str | None]]:
        yield from ((("over", number), self.table, None, column) for number, column in enumerate(self.over))
        yield from ((("rows", number), self.table, row, None) for number, row in enumerate(self.rows))


class Word(Relation):
    """The sentence says that a cell has a word, such as NO for effects that are not in."""

    check: Literal["word"]
    of: CellName
    printed: str


class Standardised(Relation):
    """The sentence reads a coefficient as standard deviations of the outcome per standard deviation of the regressor.

    deviations: printed standard deviations of regressor and outcome, where the paper prints them.
    """

    check: Literal["standardised"]
    printed: str
    of: CellName
    constant: CellName
    deviations: list[Operand] = Field(default=[], max_length=2)


class Evidence(Relation):
    """The sentence states a result. needs: what would show it. shown: tables or tests of the paper that do."""

    check: Literal["evidence"]
    needs: Text
    shown: list[str] = []


SentenceOf = Annotated[
    Number | Gap | PointGap | Significance | Sign | Order | Trend | Word | Standardised | Evidence,
    Field(discriminator="check"),
]


class Claim(Spec):
    """A sentence of the paper: where it stands, its words, and what it says about numbers."""

    where: Words
    says: Words
    checks: list[SentenceOf] = Field(min_length=1)
