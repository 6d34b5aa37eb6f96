"""What may be brought at a place, and what of it comes first."""

from engine.conftest import Village

from cunzhi.base.actor import system
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.queries.openings import openings
from cunzhi.engine.stories import GRID, VILLAGE
from cunzhi.registry.access import Access


def test_what_may_wait_least_comes_first(village: Village) -> None:
    for scenario in ("deliberation", "living_environment", "warnings"):
        activate(by=system("test"), scenario=scenario, place_code=VILLAGE, basis="村民会议 2026-02-01")
    offered = [one.name for one in openings(Access(village.actor("villager")), GRID)]
    assert offered == ["danger", "problem", "deed", "proposal", "redeem"]
