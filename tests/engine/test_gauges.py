"""Told stories speak of gauges and alarms: what is not so fails them, and what leads nowhere is named."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from cunzhi.engine.checks.tales import wrong_story
from cunzhi.engine.loader import scenario
from cunzhi.engine.spec.story import Story
from cunzhi.engine.stories import Play
from cunzhi.engine.telling import StoryFailed

GAUGE = {"unit": "m", "hazard": "flood", "limits": {"red": 3.0}}


def story(*beats: dict[str, Any], **gauge: Any) -> Story:
    return Story.model_validate({"name": "river", "given": {"gauges": {"river": {**GAUGE, **gauge}}}, "beats": beats})


@pytest.mark.django_db
def test_story_fails_when_somebody_else_was_called() -> None:
    told = story({"at": "2026-07-06T03:00", "sees": {"river": 3.2}, "then": {"called": ["village_cadre"]}})
    with pytest.raises(StoryFailed, match=r"rungs that were called should be .*village_cadre.* and is .*grid_worker"):
        Play(scenario("warnings"), told).run()


@pytest.mark.django_db
def test_story_fails_when_the_alarm_stands_otherwise() -> None:
    told = story({"at": "2026-07-06T03:00", "sees": {"river": 2.9}, "then": {"alarm": "red"}})
    with pytest.raises(StoryFailed, match="newest alarm should be red and is none"):
        Play(scenario("warnings"), told).run()


@pytest.mark.django_db
def test_answer_to_no_alarm_is_refused_as_in_life() -> None:
    beat = {
        "at": "2026-07-06T03:00",
        "alarm": "clear",
        "by": "grid_worker",
        "then": {"refused": "alarms.no_such_alarm"},
    }
    Play(scenario("warnings"), story(beat)).run()


def test_gauge_hazard_and_role_that_nobody_has_are_named() -> None:
    told = story({"at": "2026-07-06T03:00", "sees": {"rivr": 3.2}, "then": {"called": ["mayor"]}}, hazard="dragon")
    path = "examples/river.yaml"
    warnings = scenario("warnings")
    read = replace(warnings, files={**warnings.files, path: told.model_dump_json()})
    said = " ".join(str(one) for one in wrong_story(read, path, told))
    assert all(name in said for name in ("dragon", "rivr", "mayor"))


@pytest.mark.parametrize(
    "beat",
    [
        {"sees": {}},
        {"sees": {"river": 1}, "wait": True},
        {"alarm": "clear"},
        {"alarm": "forget", "by": "grid_worker"},
        {"sees": {"river": "high"}},
    ],
)
def test_beat_that_makes_no_sense_is_refused(beat: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        story({"at": "2026-07-06T03:00", **beat})
