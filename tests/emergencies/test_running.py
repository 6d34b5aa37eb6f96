"""An emergency from its opening to its end: one for each place and hazard, tasks for people, the plan's minutes."""

from datetime import date, timedelta

import pytest
from emergencies.valley import BY, GRIDS, NIGHT, VILLAGE, Valley, at_night, make_valley
from ledger.crowd import by_threads

from cunzhi.alarms.actions.life import clear, raise_by_hand
from cunzhi.alarms.actions.warning import Draft, cancel, issue
from cunzhi.base import clock
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.emergencies.models import Emergency
from cunzhi.engine import leading
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.alarming import tell
from cunzhi.engine.leading import Start, of_alarm, offer, open_by_itself, open_emergency
from cunzhi.engine.models import Activation, Case, Message
from cunzhi.engine.responding import figures
from cunzhi.engine.timers import climb, tick
from cunzhi.registry.access import Access


def tasks(emergency: Emergency) -> list[Case]:
    return list(Case.objects.filter(parent_id=emergency.case_id).order_by("id"))


def lead(emergency: Emergency) -> Case:
    return Case.objects.get(pk=emergency.case_id)


def test_duties_become_tasks_of_those_who_hold_the_office_within_the_plans_minutes(valley: Valley) -> None:
    emergency = valley.open()
    given = [(one.waits_for, one.place_code, one.due_at) for one in tasks(emergency)]
    assert given == [
        ("village_cadre", VILLAGE, NIGHT + timedelta(minutes=30)),
        ("grid_worker", GRIDS[0], NIGHT + timedelta(minutes=40)),
        ("grid_worker", GRIDS[1], NIGHT + timedelta(minutes=40)),
    ]
    assert emergency.plan is not None and tasks(emergency)[1].answers["what"] == "敲门"
    told = Message.objects.filter(key="task").values_list("to__name", flat=True)
    assert sorted(told) == sorted(["王village_cadre", "王grid_worker", "李二"])


def test_task_that_nobody_does_climbs_by_the_clock_to_whom_stands_above(valley: Valley) -> None:
    emergency = valley.open()
    cadre = tasks(emergency)[0]
    climbed = []
    for minutes in (31, 46, 61, 76):
        with clock.at(NIGHT + timedelta(minutes=minutes)):
            climb(BY)
        cadre.refresh_from_db()
        climbed.append(cadre.climbed_to)
    assert climbed == ["township_officer", "county_officer", "county_officer", "county_officer"]


def test_graver_colour_calls_for_more_and_a_milder_one_takes_none_back(valley: Valley) -> None:
    emergency = valley.open()
    counts = [len(tasks(emergency))]
    for colour in ("red", "yellow", "red"):
        case = lead(emergency)
        move(by=valley.actor("village_cadre"), case=case, transition="regrade", version=case.version,
             answers={"colour": colour})  # fmt: skip
        emergency.refresh_from_db()
        assert emergency.colour == colour
        counts.append(len(tasks(emergency)))
    assert counts == [3, 4, 4, 4]


def test_same_place_and_hazard_give_the_one_that_runs_and_a_drill_is_another(valley: Valley) -> None:
    first = valley.open()
    assert valley.open("township_officer", colour="red") == first
    drill = valley.open(drill=True)
    assert drill != first and drill.drill and valley.open(hazard="landslide") not in (first, drill)
    with pytest.raises(Conflict, match="runs at this place"):
        open_case(by=valley.actor("village_cadre"), scenario="emergency", workflow="event", place_code=VILLAGE,
                  answers={"hazard": "flood", "colour": "red", "kind": "real"})  # fmt: skip
    assert Case.objects.filter(workflow="event").count() == Emergency.objects.count() == 3


def test_ending_ends_the_tasks_and_leaves_room_for_another(valley: Valley) -> None:
    emergency = valley.open()
    done, *rest = tasks(emergency)
    move(by=valley.actor("village_cadre"), case=done, transition="finish", version=1, answers={"said": "开了"})
    with clock.at(NIGHT + timedelta(hours=3)):
        move(by=valley.actor("village_cadre"), case=lead(emergency), transition="end", version=1)
        emergency.refresh_from_db()
        assert emergency.ended_at == NIGHT + timedelta(hours=3)
        assert [one.state for one in tasks(emergency)] == ["done", "lapsed", "lapsed"]
        told = figures(lead(emergency))
        assert (told["tasks"], told["tasks_done"], told["tasks_in_time"], told["first_minutes"]) == (3, 1, 1, 0)
        assert (told["late_tasks"], told["lasted_minutes"]) == ("敲门", 180)
        assert valley.open() != emergency
    assert rest


def test_who_may_not_lead_opens_nothing(valley: Valley) -> None:
    for who in ("grid_worker", "next_cadre", "101", "administrator"):
        with pytest.raises(Forbidden):
            valley.open(who)
    with pytest.raises(Refused):
        valley.open(hazard="sensor")
    assert not Emergency.objects.exists() and not Case.objects.exists()


def test_red_alarm_opens_by_itself_once_where_the_plan_says_so(valley: Valley) -> None:
    by = valley.actor("county_officer")
    raise_by_hand(by=by, place_code=VILLAGE, hazard="flood", colour="orange", words="水", drill=False, tell=tell)
    raise_by_hand(by=by, place_code=VILLAGE, hazard="flood", colour="red", words="演练", drill=True, tell=tell)
    raise_by_hand(by=by, place_code=VILLAGE, hazard="landslide", colour="red", words="坡", drill=False, tell=tell)
    assert open_by_itself(BY) == 0
    alarm = raise_by_hand(by=by, place_code=VILLAGE, hazard="flood", colour="red", words="大水", drill=False, tell=tell)
    assert (tick()["emergencies_opened"], open_by_itself(BY)) == (1, 0)
    emergency = Emergency.objects.get()
    assert (emergency.cause, emergency.colour, lead(emergency).opener) == (alarm.record, "red", None)
    case = lead(emergency)
    move(by=valley.actor("village_cadre"), case=case, transition="call_off", version=case.version, reason="传感器坏了")
    assert open_by_itself(BY) == 0  # a person said no to this cause
    clear(by=by, alarm=alarm, outcome="false", words="传感器坏了")


def test_alarms_that_stay_open_hold_up_no_new_one(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading, "MOST", 1)
    county = valley.actor("county_officer")
    old = {"hazard": "drought", "colour": "orange", "words": "干旱", "drill": False, "tell": tell}
    raise_by_hand(by=county, place_code=VILLAGE, **old)
    raise_by_hand(by=county, place_code=VILLAGE, **(old | {"hazard": "flood", "colour": "red"}))
    assert open_by_itself(BY) == 1


def test_warning_opens_by_itself_at_its_place_while_it_holds_and_no_exercise_does(valley: Valley) -> None:
    by = valley.actor("county_officer")
    for colour, exercise, opened in (("orange", False, 0), ("red", True, 0), ("red", False, 1)):
        draft = Draft(
            place_code=VILLAGE, hazard="flood", colour=colour, headline="洪水", description="水", instruction="走",
            expires=NIGHT + timedelta(hours=2), exercise=exercise,
        )  # fmt: skip
        warned = issue(by=by, draft=draft)
        assert open_by_itself(BY) == opened
        if not opened:
            cancel(by=by, warned=warned, reason="到此为止")
    emergency = Emergency.objects.get()
    assert (emergency.cause, emergency.place_code, emergency.drill) == (warned.record, VILLAGE, False)
    with clock.at(NIGHT + timedelta(hours=3)):
        case = lead(emergency)
        move(by=by, case=case, transition="end", version=case.version)
        assert open_by_itself(BY) == 0


def test_nothing_opens_by_itself_where_the_scenario_is_off(valley: Valley) -> None:
    Activation.objects.update(until=date(2026, 7, 1))
    by = valley.actor("county_officer")
    raise_by_hand(by=by, place_code=VILLAGE, hazard="flood", colour="red", words="大水", drill=False, tell=tell)
    assert open_by_itself(BY) == 0 and not Emergency.objects.exists()


def test_emergency_without_a_plan_has_no_tasks_until_somebody_gives_one(valley: Valley) -> None:
    emergency = valley.open(hazard="fire")
    assert emergency.plan is None and tasks(emergency) == []
    given = {"what": "清点人数", "office": "grid_head", "minutes": 25}
    case = lead(emergency)
    move(by=valley.actor("village_cadre"), case=case, transition="give", version=case.version, answers=given)
    [task] = tasks(emergency)
    assert (task.waits_for, task.due_at, task.place_code) == ("grid_head", NIGHT + timedelta(minutes=25), VILLAGE)


def test_offer_on_an_alarm_is_for_those_who_lead_there(valley: Valley) -> None:
    alarm = raise_by_hand(
        by=valley.actor("county_officer"), place_code=GRIDS[0], hazard="flood", colour="orange", words="水",
        drill=False, tell=tell,
    )  # fmt: skip
    start = of_alarm(alarm)
    assert start.place_code == VILLAGE
    who = ("village_cadre", "grid_worker", "next_cadre")
    may = {name: offer(Access(valley.actor(name)), start).may_open for name in who}
    assert may == {"village_cadre": True, "grid_worker": False, "next_cadre": False}
    running = open_emergency(by=valley.actor("village_cadre"), start=start)
    after = offer(Access(valley.actor("village_cadre")), start)
    assert (after.running, after.may_open) == (running, False)


@pytest.mark.django_db(transaction=True)
def test_openings_at_once_make_one() -> None:
    with at_night():
        valley = make_valley()
    openers = ("village_cadre", "township_officer", "county_officer") * 2

    def work(number: int) -> list[int]:
        with at_night():
            return [open_emergency(by=valley.actor(openers[number]), start=Start(VILLAGE, "flood", "orange")).pk]

    made = by_threads(len(openers), work)
    assert len(made) == 6 and len(set(made)) == 1
    assert Case.objects.filter(workflow="event").count() == 1 and Case.objects.filter(workflow="task").count() == 3
