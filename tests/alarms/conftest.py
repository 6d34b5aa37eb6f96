"""A river gauge in a village with somebody on every rung, on a Monday."""

from collections.abc import Iterator

import pytest
from alarms.riverside import MONDAY, River, make_river

from cunzhi.base import clock


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def river(db: None, monday: None) -> River:
    return make_river()
