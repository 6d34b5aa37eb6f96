"""Mistakes in what a case brings about are named, and a deadline by the clock begins above whom it waits for."""

from datetime import datetime, timedelta

import pytest
from folders import spoilt

from cunzhi.base import clock
from cunzhi.engine.deadlines import end_of, next_rung
from cunzhi.engine.models import Case
from cunzhi.engine.spec.workflow import Deadline

EVENT, TASK = "workflows/event.yaml", "workflows/task.yaml"
LADDER = ["grid_head", "village_cadre", "township_officer"]
SUNDAY = datetime(2026, 7, 5, 2, 0, tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (EVENT, "tasks: task", "tasks: tusk", "no workflow is called 'tusk'; did you mean task?"),
        (EVENT, "{hazard: hazard,", "{hazard: hazzard,", "no field is called 'hazzard'; did you mean hazard?"),
        (EVENT, "answers: [what,", "answers: [whta,", "no field is called 'whta'; did you mean what?"),
        (
            EVENT,
            "office: office, minutes",
            "office: offic, minutes",
            "no field is called 'offic'; did you mean office?",
        ),
        (EVENT, "workflow: task,", "workflow: tusk,", "no workflow is called 'tusk'"),
        (EVENT, "lapse: lapse", "lapse: finish", "'finish' must lead the timer from every open state of 'task'"),
        (TASK, "to: waiting", "to: waitng", "no receiver is called 'waitng'; did you mean waiting?"),
        (TASK, "minutes: 15", "minutes: 15, working_hours: 2", "give either `working_hours` or `minutes`"),
        (TASK, "minutes: 15, ", "", "give either `working_hours` or `minutes`"),
        ("forms/task.yaml", "name: what_en", "name: english", "no field is called 'what_en'"),
        ("messages/en.yaml", "{late_tasks}", "{late_duties}", "the blanks differ"),
    ],
)
def test_mistake_in_what_an_emergency_brings_about_is_said(path: str, old: str, new: str, said: str) -> None:
    found = spoilt("emergency", path, old, new)
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("waits_for", "climbed_to", "rung"),
    [
        ("grid_worker", "", 0),
        ("grid_head", "", 1),
        ("village_cadre", "", 2),
        ("township_officer", "", 2),
        ("grid_worker", "grid_head", 1),
        ("village_cadre", "township_officer", 3),
    ],
)
def test_by_the_clock_nobody_below_is_told(waits_for: str, climbed_to: str, rung: int) -> None:
    case = Case(waits_for=waits_for, climbed_to=climbed_to)
    assert next_rung(Deadline(minutes=15, ladder=LADDER), case) == rung


def test_minutes_run_at_night_and_working_hours_do_not() -> None:
    assert end_of(Deadline(minutes=15), SUNDAY) == SUNDAY + timedelta(minutes=15)
    assert end_of(Deadline(working_hours=0.25), SUNDAY) > SUNDAY + timedelta(hours=24)
    assert next_rung(Deadline(working_hours=1, ladder=LADDER), Case(waits_for="village_cadre")) == 0
