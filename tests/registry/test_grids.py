"""Grids are drawn under villages, and only there."""

import pytest
from town import GRID, OTHER_VILLAGE, TOWNSHIP, VILLAGE

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.registry.actions.places import add_grid
from cunzhi.registry.queries import places


def test_grid_gets_the_next_three_digits(cadre: Actor) -> None:
    assert add_grid(place_code=VILLAGE, name="第二网格", by=cadre).code == VILLAGE + "002"
    assert [grid.code for grid in places.children(VILLAGE)] == [GRID, VILLAGE + "002"]


def test_first_grid_of_a_village_is_001(officer: Actor) -> None:
    assert add_grid(place_code=OTHER_VILLAGE, name="一组", by=officer).code == OTHER_VILLAGE + "001"


def test_grid_with_a_name_that_is_taken_is_refused(cadre: Actor) -> None:
    with pytest.raises(Refused, match="already has a grid"):
        add_grid(place_code=VILLAGE, name=" 第一网格 ", by=cadre)


def test_grid_under_a_township_is_refused(officer: Actor) -> None:
    with pytest.raises(Refused, match="village or community"):
        add_grid(place_code=TOWNSHIP, name="一组", by=officer)


def test_grid_of_another_village_is_forbidden(cadre: Actor) -> None:
    with pytest.raises(Forbidden):
        add_grid(place_code=OTHER_VILLAGE, name="一组", by=cadre)
