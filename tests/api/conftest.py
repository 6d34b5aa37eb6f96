"""Two counties, and nobody counted as too quick from the tests before."""

from collections.abc import Callable, Iterator

import pytest
from api.counties import HERE, THERE, Program, make_county, make_person
from django.core.cache import cache

from cunzhi.base import clock

MONDAY = "2026-03-02T09:00:00+08:00"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Everything happens on a working Monday in March 2026, with no request made yet."""
    cache.clear()
    with clock.at(clock.datetime.fromisoformat(MONDAY)):
        yield


@pytest.fixture
def counties(db: None) -> None:
    make_county(HERE)
    make_county(THERE)


@pytest.fixture
def program(counties: None) -> Callable[..., Program]:
    """Makes somebody in a role and a program that acts for them."""

    def make(role: str = "villager", county: str = HERE, verbs: list[str] | None = None) -> Program:
        return Program(make_person(role, county), verbs)

    return make
