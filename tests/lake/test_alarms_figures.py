"""From alarms to figures: minutes to call and answer, share in time, share of false ones; drills left out."""

from datetime import timedelta

import pytest
from alarms.riverside import BY, COUNTY, MONDAY, VILLAGE, River, make_river, make_stream, rule

from cunzhi.alarms.actions.life import acknowledge, clear, raise_by_hand
from cunzhi.alarms.models import Alarm
from cunzhi.base import clock
from cunzhi.base.periods import Period
from cunzhi.engine.alarming import tell
from cunzhi.engine.loader import scenario
from cunzhi.lake.records import records
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access

JULY = Window.of(COUNTY, Period.parse("2026-07"))


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
    }  # fmt: skip
    assert found == pytest.approx(expected, abs=0.01)
    assert {one.record for one in opened} == {first.record, second.record}
