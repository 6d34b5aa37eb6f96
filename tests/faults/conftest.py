"""A village that many come to at once: a pot, a shop with ten bars of soap, and a household with points."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from engine.conftest import MONDAY, Village, stage
from ledger.crowd import Doing, by_processes, by_threads

from cunzhi.base import clock
from cunzhi.engine.stories import Beat, Given

Crowd = Callable[[int, Doing], list[Any]]


@pytest.fixture
def monday() -> Iterator[None]:
    """Everything that is done here and in forked processes happens on a working Monday."""
    with clock.at(Beat(at=MONDAY, wait=True).moment):
        yield


@pytest.fixture
def village(transactional_db: None, monday: None) -> Village:
    goods: Any = [{"name": "soap", "price": 10, "stock": 10}]
    return stage("points", Given(pot=1000, points=5000, goods=goods))


@pytest.fixture(params=["threads", "processes"])
def crowd(request: pytest.FixtureRequest, village: Village) -> Crowd:
    """How to let so many loose, threads or processes."""
    if request.param == "processes":
        return by_processes
    return lambda count, doing: by_threads(count, at_the_same_time(doing))


def at_the_same_time(doing: Doing) -> Doing:
    """A thread has a clock of its own; it is set to what it is here."""
    moment = clock.now()

    def done(number: int) -> list[Any]:
        with clock.at(moment):
            return doing(number)

    return done
