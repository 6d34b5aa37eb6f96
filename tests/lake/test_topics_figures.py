"""Turnout, suggestions and answers in time, counted from topics and opened to them."""

from collections.abc import Iterator

import pytest
from deliberation.hamlet import START, Hamlet, close, day
from registry.town import COUNTY

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.base.periods import Period
from cunzhi.deliberation.actions.ballots import cast_open
from cunzhi.deliberation.actions.contributions import contribute
from cunzhi.deliberation.actions.topics import answer, reply
from cunzhi.engine.loader import scenario
from cunzhi.lake.records import records
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access

MARCH = Window.of(COUNTY, Period.parse("2026-03"))


@pytest.fixture
def hamlet(db: None) -> Iterator[Hamlet]:
    with clock.at(START):
        yield Hamlet()


def figures() -> dict[str, float | None]:
    return {one.name: total(one, MARCH).value for one in indicators(scenario("deliberation"))}


def test_figures_of_deliberation(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        for number in (0, 1, 2, 2, 3, 4):
            cast_open(by=hamlet.actor(number), topic=topic, option=1 + number % 2)
        cast_open(by=hamlet.actor(0), topic=topic, option=2)
    with clock.at(day(8.5)):
        answer(by=hamlet.cadre, topic=close(topic), words="照办")
    late = hamlet.topic()
    with clock.at(day(2)):
        said = [contribute(by=hamlet.actor(0), topic=late, kind="suggestion", text=text) for text in ("修路", "装灯")]
        contribute(by=hamlet.actor(0), topic=late, kind="remark", text="好")
        reply(by=hamlet.cadre, suggestion=said[0], words="采纳")
    with clock.at(day(20)):
        reply(by=hamlet.cadre, suggestion=said[1], words="采纳")
        found = figures()
    assert found == {
        "proposals_taken_up": None,
        "share_suggestions_answered": 50,
        "share_topics_answered": 50,
        "suggestions_made": 2,
        "turnout": 62.5,
    }


def test_turnout_opens_to_its_topics(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        cast_open(by=hamlet.actor(0), topic=topic, option=1)
    close(topic)
    turnout = next(one for one in indicators(scenario("deliberation")) if one.name == "turnout")
    rows = records(turnout, MARCH, access=Access(system("test"))).rows
    assert [(one.record, one.label) for one in rows] == [(topic.reference, topic.title)]
