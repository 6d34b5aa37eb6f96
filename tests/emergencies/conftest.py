"""The valley on a night in July."""

from collections.abc import Iterator

import pytest
from emergencies.valley import Valley, at_night, make_valley


@pytest.fixture
def valley(db: None) -> Iterator[Valley]:
    with at_night():
        yield make_valley()
