"""The page of the documentation that lists what indicators may read: python -m cunzhi.lake.reference > the page."""

import sys
from collections.abc import Iterator

from cunzhi.lake.tables import Column, Table, tables

HEAD = """# Tables that indicators read

Made from `src/cunzhi/lake/tables.yaml` by `python -m cunzhi.lake.reference`; a test keeps the two alike.
How to write an indicator is told in [Indicators](../explanation/indicators.md).

The list is closed. It holds nothing personal: no names, answers, phones or addresses. What is of the type *reference*
or *place* can be counted (`COUNT`, `COUNT(DISTINCT …)`) or asked for NULL, but not compared.
`cases`, `steps` and `meetings` hold only what belongs to the indicator's own scenario.
"""
TYPES = {
    "text": "text",
    "number": "number",
    "truth": "true or false",
    "day": "day, as '2026-07-01'",
    "month": "month, as '2026-07'; may be the period",
    "place": "place",
    "reference": "reference",
}


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *(line for name, table in tables().items() for line in _section(name, table))])


def _section(name: str, table: Table) -> Iterator[str]:
    yield f"## {name}\n\n{table.meaning.en}  \n{table.meaning.zh_Hans}\n"
    yield "| column | type | meaning | 含义 |\n| --- | --- | --- | --- |"
    for column_name, column in table.columns.items():
        yield _line(column_name, column)
    yield ""


def _line(name: str, column: Column) -> str:
    kind = TYPES[column.type] + ("; only words that the scenario declares" if column.words else "")
    return f"| `{name}` | {kind} | {column.meaning.en} | {column.meaning.zh_Hans} |"


if __name__ == "__main__":
    sys.stdout.write(page())
