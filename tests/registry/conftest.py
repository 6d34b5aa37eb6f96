"""The town and its people, as fixtures."""

import pytest
from town import TOWNSHIP, VILLAGE, make_actor, make_places

from cunzhi.base.actor import Actor


@pytest.fixture
def town(db: None) -> None:
    make_places()


@pytest.fixture
def cadre(town: None) -> Actor:
    return make_actor("village_cadre", VILLAGE)


@pytest.fixture
def officer(town: None) -> Actor:
    return make_actor("township_officer", TOWNSHIP, name="王主任")
