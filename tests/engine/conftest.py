"""A village with one person in every role, on which the engine's tests act."""

from collections.abc import Iterator

import pytest

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.loader import scenario
from cunzhi.engine.stories import Beat, Given, Play, Story

MONDAY = "2026-03-02T09:00"


class Village:
    """The cast of a story without its beats."""

    def __init__(self, play: Play) -> None:
        self.play = play

    def actor(self, name: str) -> Actor:
        return Actor(person_id=self.play.people[name].pk, channel="test")


def stage(slug: str, given: Given) -> Village:
    """A village in which one scenario is on."""
    play = Play(scenario(slug), Story(name="a village", given=given, beats=[Beat(at=MONDAY, wait=True)]))
    play.run()
    return Village(play)


@pytest.fixture
def monday() -> Iterator[None]:
    """Everything happens on a working Monday in March 2026."""
    with clock.at(Beat(at=MONDAY, wait=True).moment):
        yield


@pytest.fixture
def village(db: None, monday: None) -> Village:
    """Points are on; the pot holds a hundred, the shop two bars of soap at ten points."""
    return stage("points", Given(pot=100, points=20, goods=[{"name": "soap", "price": 10, "stock": 2}]))  # type: ignore[list-item]
