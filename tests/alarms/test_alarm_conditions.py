"""What each kind of rule finds alarming, from the values that are kept."""

from datetime import timedelta

import pytest
from alarms.riverside import BY, MONDAY, TOWNSHIP, VILLAGE, River, make_stream, rule, spaced

from cunzhi.alarms.models import Alarm
from cunzhi.base import clock
from cunzhi.engine.alarming import look
from cunzhi.perception.actions.roll_ups import notice_silence

KINDS = {
    "threshold": ({"limit": 3.0}, (1.0, 3.0), (3.0, 2.9)),
    "duration": ({"limit": 3.0, "minutes": 30}, (3.1, 3.2, 3.3, 3.4), (3.1, 2.9, 3.3, 3.4)),
    "rate": ({"limit": 1.0, "minutes": 30}, (1.0, 1.2, 2.0), (1.0, 1.2, 1.9)),
    "repetition": ({"limit": 3.0, "minutes": 60, "count": 3}, (3.0, 1, 3.0, 1, 3.0), (3.0, 1, 1, 1, 3.0)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_rule_raises_when_it_holds_and_only_then(river: River, kind: str) -> None:
    given, alarming, harmless = KINDS[kind]
    rule(kind, **given)
    assert river.flows(*harmless) == 0
    with clock.at(MONDAY + timedelta(days=1)):
        assert river.flows(*alarming) == 1


def test_rule_below_a_limit_watches_for_what_sinks(river: River) -> None:
    rule(limit=0.5, below=True)
    assert river.flows(0.6) == 0
    with clock.at(MONDAY + timedelta(minutes=1)):
        assert river.flows(0.4) == 1


def test_duration_is_not_begun_anew_by_a_restart(river: River) -> None:
    """Nothing is remembered but the values: a half that came before the process ended counts."""
    rule("duration", minutes=20)
    river.flows(3.5, seen=False)
    with clock.at(MONDAY + timedelta(minutes=10)):
        assert river.flows(3.5) == 0
    with clock.at(MONDAY + timedelta(minutes=20)):
        assert river.flows(3.5) == 1


def test_several_sensors_of_one_village_make_one_alarm(river: River) -> None:
    rule("several", minutes=30, count=2)
    other, elsewhere = make_stream("二号站"), make_stream("外村站", place_code=TOWNSHIP)
    assert river.flows(3.5) == 0
    assert river.flows(3.5, stream=elsewhere) == 0
    assert river.flows(3.6, stream=other) == 1
    assert (river.alarm().source, river.alarm().place_code) == (f"place:{VILLAGE}", VILLAGE)


def test_silence_of_a_sensor_is_an_alarm_and_ends_with_a_word(river: River) -> None:
    rule("silence", None, hazard="sensor", colour="blue")
    river.flows(1.0)
    with clock.at(MONDAY + timedelta(minutes=21)):
        notice_silence()
        look(BY)
        assert river.alarm().hazard == "sensor"
        river.flows(1.0)
        notice_silence()
    for minutes in (22, 40):
        with clock.at(MONDAY + timedelta(minutes=minutes)):
            spaced(river.stream, (1.0,), 10)
            look(BY)
    assert Alarm.objects.get().outcome == "over"


def test_old_values_raise_nothing(river: River) -> None:
    rule()
    with clock.at(MONDAY - timedelta(hours=3)):
        river.flows(9.0, seen=False)
    assert look(BY) == 0


def test_look_misses_nothing_when_the_clock_is_set_back(river: River) -> None:
    rule()
    river.flows(1.0)
    with clock.at(MONDAY - timedelta(minutes=30)):
        spaced(river.stream, (3.5,), 10)
    with clock.at(MONDAY - timedelta(minutes=29)):
        river.stream.observations.filter(number=1.0).delete()
        assert look(BY) == 1


def test_look_reads_each_word_once(river: River) -> None:
    rule()
    river.flows(3.5)
    Alarm.objects.update(cleared_at=MONDAY, outcome="over", climb_at=None, calm_since=MONDAY)
    assert look(BY) == 0
