"""What the tests of the ledger stand on: somebody who may do it, and a village."""

import pytest
from villages import BY, Village, make_village

from cunzhi.base.actor import Actor


@pytest.fixture
def by() -> Actor:
    return BY


@pytest.fixture
def village(db: None) -> Village:
    return make_village()
