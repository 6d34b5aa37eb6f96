"""The database itself refuses to write while a figure is counted, and is as before when that is over."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from doings import COUNTY, case, indicator, viewer
from sqlglot import exp, parse_one

from cunzhi.base.errors import Refused
from cunzhi.base.periods import Period
from cunzhi.lake import read_only
from cunzhi.lake.read_only import answer
from cunzhi.lake.rewrite import Query
from cunzhi.lake.rows import Blanks
from cunzhi.lake.run import total
from cunzhi.lake.window import Window
from cunzhi.registry.models import Person

HERE = Window.of(COUNTY, Period.parse("2026-02"))
ENDLESS = (
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT COUNT(*) AS c FROM n"
)
LIMITS = {"postgresql": "SHOW statement_timeout", "sqlite": "PRAGMA query_only"}


def raw(sql: str) -> Query:
    """A query that no indicator could be made into."""
    parsed: Any = parse_one(sql)
    return Query(parsed, Blanks())


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["DELETE FROM registry_person", "UPDATE registry_person SET name = 'x'"])
def test_writing_is_refused_by_the_database(sql: str) -> None:
    viewer(COUNTY)
    with pytest.raises(DatabaseError, match=r"read-?only"), transaction.atomic():
        answer(raw(sql))
    assert Person.objects.get().name == "冉隆会"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("around", ["transaction", "nothing"])
def test_writing_is_possible_again_afterwards(around: str) -> None:
    case()
    if around == "transaction":
        with transaction.atomic():
            assert total(indicator("COUNT(*)"), HERE).value == 1
            case()
    else:
        assert total(indicator("COUNT(*)"), HERE).value == 1
        case()
    assert total(indicator("COUNT(*)"), HERE).value == 2
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_writing_is_possible_again_after_an_error() -> None:
    with pytest.raises(DatabaseError):
        answer(raw("SELECT nothing FROM nowhere"))
    viewer(COUNTY)
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("around", ["transaction", "nothing"])
def test_query_that_takes_too_long_is_ended_with_words(monkeypatch: pytest.MonkeyPatch, around: str) -> None:
    monkeypatch.setattr(read_only, "SECONDS", 0.2)
    with pytest.raises(Refused, match="longer than"):
        if around == "transaction":
            with transaction.atomic():
                answer(raw(ENDLESS))
        else:
            answer(raw(ENDLESS))
    monkeypatch.undo()
    assert answer(Query(exp.select("1"), Blanks())) == [(1,)]


@pytest.mark.django_db
def test_what_is_set_for_a_query_ends_with_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LIMITS[connection.vendor])
        before = cursor.fetchone()
        total(indicator("COUNT(*)"), HERE)
        cursor.execute(LIMITS[connection.vendor])
        assert cursor.fetchone() == before
