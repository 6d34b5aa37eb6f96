"""The list of all matters: the same rows, newest first, however wide the area is."""

import pytest
from engine.conftest import Village

from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.queries.cases import cases_in, newest_in
from cunzhi.engine.stage import GRID, VILLAGE
from cunzhi.registry.access import Access


@pytest.mark.parametrize("place_code", ["", "99", "990101", "990101001", VILLAGE, "990102", "9901010019"])
@pytest.mark.parametrize("name", ["county_officer", "township_officer", "appraiser", "villager"])
def test_newest_are_the_cases_that_may_be_seen(village: Village, name: str, place_code: str) -> None:
    by = village.actor("villager")
    for _ in range(2):
        good = {"goods": str(village.play.stage.goods["soap"].pk), "quantity": "1"}
        open_case(by=by, scenario="points", workflow="redeem", place_code=GRID, answers=good)
    access = Access(village.actor(name))
    found = list(newest_in(access, place_code))
    assert set(found) == set(cases_in(access, place_code))
    assert [case.pk for case in found] == sorted((case.pk for case in found), reverse=True)
    assert bool(found) == (name != "villager" and VILLAGE.startswith(place_code))
