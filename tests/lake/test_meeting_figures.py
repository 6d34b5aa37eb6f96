"""The figures of decisions, from played stories: turnout, meetings, decisions, and what was made public in time."""

import pytest

from cunzhi.base.actor import system
from cunzhi.base.periods import Period
from cunzhi.engine.folder import examples
from cunzhi.engine.loader import folders, scenario
from cunzhi.engine.stage import VILLAGE
from cunzhi.engine.stories import Play, stories
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import records
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access

pytestmark = pytest.mark.django_db
MARCH = Window.of(VILLAGE, Period.parse("2026-03"))
YEAR = Window.of(VILLAGE, Period.parse("2026"))


def after(name: str) -> dict[str, Indicator]:
    """The indicators by name, after a story was played."""
    decisions = scenario("decisions")
    told = dict(stories(decisions, examples(folders()["decisions"])))
    Play(decisions, told[f"examples/{name}.yaml"]).run()
    return {one.name: one for one in indicators(decisions)}


def test_whole_way_is_counted_once_in_each_figure() -> None:
    figure = after("from_proposal_to_result")
    assert total(figure["decisions_passed"], MARCH).value == 1
    assert total(figure["meetings_held"], MARCH).value == 4
    assert total(figure["turnout"], MARCH).value == pytest.approx(100 * (3 + 7 + 27 + 24) / (3 + 8 + 40 + 35))
    assert total(figure["share_in_time"], YEAR).value == 100


def test_meetings_without_quorum_lower_turnout_and_are_not_held() -> None:
    figure = after("nobody_came")
    assert total(figure["meetings_held"], MARCH).value == 3
    assert total(figure["decisions_passed"], MARCH).value == 0
    held = total(figure["turnout"], MARCH).value
    assert held is not None
    assert held < 80


def test_figure_opens_to_its_meetings() -> None:
    figure = after("from_proposal_to_result")
    opened = records(figure["turnout"], MARCH, access=Access(system("test")))
    assert opened.total == 4
    assert {row.record.split(":")[0] for row in opened.rows} == {"case"}
