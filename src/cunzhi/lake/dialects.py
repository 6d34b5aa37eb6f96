"""How the two databases spell what the tables' definitions need, and the blanks that values are bound to.

Months and days are those of the villages' clock: eight hours ahead of UTC, the year round since 1992. SQLite keeps
moments as text and rounds fractions of seconds when it reckons with them, which could carry a case into the next
month; so the fractions are cut off first. A bare date would come back as a date, so a part of its text is taken.
SQLite also takes every range for equally narrow; the sign before an UNSEARCHED column keeps it from the index of the
wider one, while PostgreSQL knows by itself.
"""

from typing import Any, Final

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.sqlite import SQLite
from sqlglot.generator import Generator

POSTGRES: Final = {
    "UNSEARCHED": "{0}",
    "PREFIX": "SUBSTR({0}, 1, {1})",
    "LOCAL_DAY": "TO_CHAR({0} AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM-DD')",
    "LOCAL_MONTH": "TO_CHAR({0} AT TIME ZONE INTERVAL '8 hours', 'YYYY-MM')",
    "PLAIN_DAY": "TO_CHAR({0}, 'YYYY-MM-DD')",
    "PLAIN_MONTH": "TO_CHAR({0}, 'YYYY-MM')",
    "HOURS_BETWEEN": "CAST(FLOOR(EXTRACT(EPOCH FROM {1})) - FLOOR(EXTRACT(EPOCH FROM {0})) AS DOUBLE PRECISION) / 3600",
}
SQLITE: Final = {
    "UNSEARCHED": "+{0}",
    "PREFIX": "SUBSTR({0}, 1, {1})",
    "LOCAL_DAY": "DATE(SUBSTR({0}, 1, 19), '+8 hours')",
    "LOCAL_MONTH": "SUBSTR(DATE(SUBSTR({0}, 1, 19), '+8 hours'), 1, 7)",
    "PLAIN_DAY": "SUBSTR({0}, 1, 10)",
    "PLAIN_MONTH": "SUBSTR({0}, 1, 7)",
    "HOURS_BETWEEN": "ROUND((JULIANDAY(SUBSTR({1}, 1, 19)) - JULIANDAY(SUBSTR({0}, 1, 19))) * 86400) / 3600",
}


def _blank(generator: Generator, blank: exp.Placeholder) -> str:
    return f"%({blank.name})s"


def _literal(generator: Generator, literal: exp.Literal) -> str:
    """Django reads a bare percent sign as a blank."""
    return generator.literal_sql(literal).replace("%", "%%")


def _spelled(generator: Generator, call: exp.Anonymous, spelling: dict[str, str]) -> str:
    return spelling[call.name].format(*(generator.sql(argument) for argument in call.expressions))


def _through_django(spelling: dict[str, str]) -> dict[type[exp.Expression], Any]:
    """How Django's cursor takes blanks and percent signs, and how our own functions are spelled there."""
    return {
        exp.Placeholder: _blank,
        exp.Literal: _literal,
        exp.Anonymous: lambda generator, call: _spelled(generator, call, spelling),
    }


class OnPostgres(Postgres):
    """PostgreSQL through Django's cursor."""

    class Generator(Postgres.Generator):
        TRANSFORMS = {
            **Postgres.Generator.TRANSFORMS,
            **_through_django(POSTGRES),
        }


class OnSQLite(SQLite):
    """SQLite through Django's cursor."""

    class Generator(SQLite.Generator):
        TRANSFORMS = {
            **SQLite.Generator.TRANSFORMS,
            **_through_django(SQLITE),
        }


def spell(query: exp.Expression, vendor: str) -> str:
    """The query as Django's cursor takes it, with blanks of the form %(name)s."""
    dialect = OnPostgres if vendor == "postgresql" else OnSQLite
    return query.sql(dialect=dialect, comments=False)
