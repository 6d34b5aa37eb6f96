"""From alarms to figures: minutes to warn, call, answer and act; share in time, false ones, silence. No drills."""

from datetime import timedelta

import pytest
from alarms.riverside import BY, COUNTY, MONDAY, VILLAGE, River, make_river, make_stream, rule

from cunzhi.alarms.actions.life import acknowledge, clear, handle, raise_by_hand
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.models import Alarm, Warned
from cunzhi.base import clock
from cunzhi.base.periods import Period
from cunzhi.engine.alarming import climb_alarms, tell
from cunzhi.engine.loader import scenario
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import records
from cunzhi.lake.run import by_place, total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.perception.actions.roll_ups import notice_silence
from cunzhi.registry.access import Access

JULY = Window.of(COUNTY, Period.parse("2026-07"))


def indicator(name: str) -> Indicator:
    return next(one for one in indicators(scenario("warnings")) if one.name == name)


def warning(place_code: str, alarm: Alarm | None = None, *, exercise: bool = False) -> Warned:
    draft = Draft(
        place_code=place_code, hazard="flood", colour="red", headline="洪水红色预警", description="河水上涨",
        instruction="离开河边", expires=clock.now() + timedelta(hours=6), alarm=alarm, exercise=exercise,
    )  # fmt: skip
    return issue(by=BY, draft=draft)


@pytest.mark.django_db
def test_minutes_to_warn_and_to_act_and_how_far_it_climbed() -> None:
    with clock.at(MONDAY):
        river = make_river()
        rule()
        river.flows(3.5)
        alarm = river.alarm()
        warning(COUNTY, exercise=True)
    for minutes in range(1, 12):
        with clock.at(MONDAY + timedelta(minutes=minutes)):
            climb_alarms(BY)
    with clock.at(MONDAY + timedelta(minutes=15)):
        made = warning(VILLAGE, alarm)
    with clock.at(MONDAY + timedelta(minutes=45)):
        handle(by=river.actor("village_cadre"), alarm=alarm, words="三户已转移")
    with clock.at(MONDAY + timedelta(hours=2)):
        names = ("minutes_to_warn", "minutes_to_arrive", "share_called_above_village")
        found = {name: total(indicator(name), JULY).value for name in names}
        opened = records(indicator("minutes_to_warn"), JULY, access=Access(BY)).rows
        calls = records(indicator("share_called_above_village"), JULY, access=Access(BY)).rows
    assert found == pytest.approx(dict(zip(names, (15, 45, 100 / 3), strict=True)), abs=0.02)
    assert [(one.record, one.label) for one in opened] == [(made.record, made.headline)]
    assert [one.record for one in calls] == [alarm.record] * 3
    assert sum(one.counted for one in calls) == 1


@pytest.mark.django_db
def test_sensors_that_fell_silent_are_counted_once_and_opened_where_one_serves() -> None:
    with clock.at(MONDAY):
        river = make_river()
        other = make_stream("二号站")
        river.flows(1.0)
        river.flows(1.0, stream=other)
    for hours in (1, 3):  # silent, heard again, silent once more
        with clock.at(MONDAY + timedelta(hours=hours)):
            notice_silence()
        with clock.at(MONDAY + timedelta(hours=hours, minutes=30)):
            river.flows(1.0)
            notice_silence()
    with clock.at(MONDAY + timedelta(hours=8)):
        notice_silence()
        found = by_place(indicator("sensors_silent"), JULY, level="village")
        rows = records(indicator("sensors_silent"), JULY, access=Access(river.actor("village_cadre"))).rows
        hidden = records(indicator("sensors_silent"), JULY, access=Access(river.actor("grid_worker"))).rows
    assert [(one.place, one.value) for one in found] == [(VILLAGE, 2)]
    assert {one.record for one in rows} == {f"sensor:{river.stream.pk}", f"sensor:{other.pk}"}
    assert hidden == ()


@pytest.mark.django_db
def test_figures_of_alarms_and_what_they_open_to() -> None:
    with clock.at(MONDAY):
        river: River = make_river()
        rule()
        by = river.actor("village_cadre")
        other = make_stream("二号站")
        river.flows(3.5)
        river.flows(3.5, stream=other)
        raise_by_hand(by=BY, place_code=VILLAGE, hazard="gale", colour="red", words="演练", drill=True, tell=tell)
    first, second = Alarm.objects.filter(drill=False).order_by("id")
    for alarm, minutes, outcome in ((first, 4, "real"), (second, 8, "false")):
        with clock.at(MONDAY + timedelta(minutes=minutes)):
            acknowledge(by=by, alarm=alarm)
            clear(by=by, alarm=alarm, outcome=outcome, words="树枝")
    with clock.at(MONDAY + timedelta(days=1)):
        found = {one.name: total(one, JULY).value for one in indicators(scenario("warnings"))}
        rate = next(one for one in indicators(scenario("warnings")) if one.name == "false_alarm_rate")
        opened = records(rate, JULY, access=Access(BY)).rows
    expected = {
        "minutes_to_call": 0, "minutes_to_answer": 6, "share_answered_in_time": 50, "false_alarm_rate": 50,
        "minutes_to_arrive": None, "minutes_to_warn": None, "sensors_silent": 0, "share_called_above_village": 0,
    }  # fmt: skip
    assert found == pytest.approx(expected, abs=0.01)
    assert {one.record for one in opened} == {first.record, second.record}
