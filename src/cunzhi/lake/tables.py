"""The closed list of tables and columns that an indicator may read, from tables.yaml."""

from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import RootModel, model_validator
from sqlglot import exp, parse_one

from cunzhi.base import strict_yaml
from cunzhi.base.text import Text
from cunzhi.engine.spec.base import Name, Spec

Kind = Literal["text", "number", "truth", "day", "month", "place", "reference"]
MONTHS = ("LOCAL_MONTH", "PLAIN_MONTH")
PLACE = "place_code"


class Column(Spec):
    """One thing that is known of each row. `words` names the list of words that it is compared with."""

    type: Kind
    sql: str
    meaning: Text
    words: str = ""

    @cached_property
    def expression(self) -> exp.Expression:
        return parse_one(self.sql)


class Table(Spec):
    """What an indicator sees as one table: rows of the real tables, and how each opens to its record."""

    meaning: Text
    rows: str
    place: str
    scenario: str = ""
    id: str
    record: str
    label: str
    columns: dict[Name, Column]

    @model_validator(mode="after")
    def months_can_be_searched(self) -> "Table":
        for name, column in self.columns.items():
            if column.type == "month" and column.expression.name not in MONTHS:
                raise ValueError(f"{name}: a month is one of {', '.join(MONTHS)} of a column")
        return self

    @property
    def source(self) -> exp.Select:
        """A SELECT of nothing yet from the real tables."""
        return parse_one(f"SELECT NULL FROM {self.rows}", into=exp.Select)  # noqa: S608  our own tables.yaml

    @property
    def months(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.type == "month"]

    def moment(self, month: str) -> exp.Expression:
        """What a month is the month of: a column that an index can be asked for."""
        moment: exp.Expression = self.columns[month].expression.expressions[0]
        return moment.copy()

    def is_plain(self, month: str) -> bool:
        """Whether that column holds days of the calendar and no moments."""
        return self.columns[month].expression.name == "PLAIN_MONTH"


class Tables(RootModel[dict[Name, Table]]):
    """The whole of tables.yaml."""


@cache
def tables() -> dict[str, Table]:
    path = Path(__file__).with_name("tables.yaml")
    return strict_yaml.load_as(Tables, path.read_text(encoding="utf-8"), name=path.name).root
