"""From emergencies to figures: minutes, duties in time, shelters that counted. No drills, none called off."""

from datetime import timedelta

import pytest
from emergencies.valley import BY, COUNTY, NIGHT, at_night, make_valley

from cunzhi.base import clock
from cunzhi.base.periods import Period
from cunzhi.emergencies.actions.arriving import enter_others
from cunzhi.engine.actions.cases import move
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Case
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import records
from cunzhi.lake.run import total
from cunzhi.lake.scenario import indicators
from cunzhi.lake.window import Window
from cunzhi.registry.access import Access

JULY = Window.of(COUNTY, Period.parse("2026-07"))


def indicator(name: str) -> Indicator:
    return next(one for one in indicators(scenario("emergency")) if one.name == name)


@pytest.mark.django_db
def test_figures_of_a_night() -> None:
    with at_night():
        valley = make_valley()
        emergency, drill = valley.open(), valley.open(drill=True)
        mistake = valley.open(hazard="landslide")
        assert total(indicator("minutes_to_end"), JULY).value is None
    first, second, _ = Case.objects.filter(parent_id=emergency.case_id).order_by("id")
    for task, minutes, who in ((first, 12, "village_cadre"), (second, 55, "grid_worker")):
        with clock.at(NIGHT + timedelta(minutes=minutes)):
            move(by=valley.actor(who), case=task, transition="finish", version=1, answers={"said": "办了"})
    with clock.at(NIGHT + timedelta(minutes=20)):
        enter_others(by=BY, emergency=emergency, shelter=valley.school, heads=7)
    cadre = valley.actor("village_cadre")
    for one, way, minutes in ((emergency, "end", 300), (drill, "end", 10), (mistake, "call_off", 5)):
        case = Case.objects.get(pk=one.case_id)
        with clock.at(NIGHT + timedelta(minutes=minutes)):
            move(by=cadre, case=case, transition=way, version=case.version, reason="点错了")
    found = {name: total(indicator(name), JULY).value for name in (
        "minutes_to_first_duty", "minutes_to_end", "share_duties_in_time", "share_shelters_counted",
    )}  # fmt: skip
    assert found == {
        "minutes_to_first_duty": pytest.approx(12),
        "minutes_to_end": pytest.approx(300),
        "share_duties_in_time": pytest.approx(100 / 3),
        "share_shelters_counted": pytest.approx(50),
    }
    opened = records(indicator("minutes_to_end"), JULY, access=Access(cadre))
    assert [one.record for one in opened.rows] == [emergency.case_record]
