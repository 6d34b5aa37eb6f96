"""A village that talks things over, on a Monday in March 2026."""

from collections.abc import Iterator

import pytest
from deliberation.hamlet import START, Hamlet

from cunzhi.base import clock


@pytest.fixture
def hamlet(db: None) -> Iterator[Hamlet]:
    with clock.at(START):
        yield Hamlet()
