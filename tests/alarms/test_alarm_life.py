"""Raised, notified, climbing, acknowledged, handled, cleared; once, by whoever may, and told to those concerned."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alarms.riverside import BY, COUNTY, GRID, MONDAY, VILLAGE, River, make_river, make_stream, rule, spaced, tick_at
from django.test import Client
from forked import forked

from cunzhi.alarms.actions.life import acknowledge, clear, handle, raise_by_hand
from cunzhi.alarms.actions.settings import mute
from cunzhi.alarms.models import Alarm, Call
from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.alarming import deliveries, look, tell
from cunzhi.engine.models import Message
from cunzhi.engine.timers import send_to_phones
from cunzhi.engine.words import message_in
from cunzhi.journal.models import Entry
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.queries.scope import Scope


def minutes(many: float) -> Any:
    return MONDAY + timedelta(minutes=many)


def test_red_climbs_rung_by_rung_until_somebody_answers(river: River) -> None:
    rule()
    river.flows(3.4)
    assert river.told() == {"grid_worker": 1, "village_cadre": 0, "township_officer": 0, "county_officer": 0}
    for at, reached in ((4.9, 1), (5, 2), (9.9, 2), (10, 3)):
        tick_at(minutes(at))
        assert sum(river.told().values()) == reached, at
    with clock.at(minutes(12)):
        acknowledge(by=river.actor("township_officer"), alarm=river.alarm())
    tick_at(minutes(60))
    assert river.told()["county_officer"] == 0
    assert (river.alarm().phase, river.alarm().acknowledged_by) == ("acknowledged", river.people["township_officer"])
    assert river.alarm().due_at == minutes(5)


def test_rounds_that_come_twice_or_late_call_nobody_twice(river: River) -> None:
    rule()
    river.flows(3.4)
    for at in (30, 30, 30, 31):
        tick_at(minutes(at))
    assert set(river.told().values()) == {1}
    assert river.alarm().climb_at is None


def test_rung_where_nobody_is_costs_no_time(river: River) -> None:
    river.people["grid_worker"].appointments.all().delete()
    rule()
    river.flows(3.4)
    assert river.told()["village_cadre"] == 1


def test_clock_that_is_set_back_does_not_stop_the_climbing(river: River) -> None:
    rule()
    with clock.at(MONDAY + timedelta(days=1)):
        river.flows(3.4)
    tick_at(MONDAY)
    assert river.told()["village_cadre"] == 1
    with clock.at(MONDAY):
        acknowledge(by=river.actor("village_cadre"), alarm=river.alarm())
        done = clear(by=river.actor("village_cadre"), alarm=river.alarm(), outcome="real")
    assert done.cleared_at is not None and done.cleared_at >= done.raised_at


def test_message_says_colour_place_value_and_until_when(river: River) -> None:
    rule()
    river.flows(3.4)
    message = Message.objects.get()
    assert message_in(message, "zh-hans") == (
        "【红色】石岗村村民委员会：洪水 · 超警戒水位。现为 3.4 m，界限 3 m。请在 14:05 前打开“值班台”点“我已收到”，"
        "否则会逐级呼叫上级。"
    )
    assert "Now 3.4 m, the limit is 3 m." in message_in(message, "en")


def test_graver_value_makes_the_same_alarm_graver_and_calls_again(river: River) -> None:
    rule(name="yellow", limit=2.0, colour="yellow")
    rule(name="red", limit=3.0)
    river.flows(2.5)
    acknowledge(by=river.actor("grid_worker"), alarm=river.alarm())
    with clock.at(minutes(10)):
        river.flows(3.5)
    alarm = river.alarm()
    assert (alarm.colour, alarm.acknowledged_at, river.told()["grid_worker"]) == ("red", None, 2)
    with clock.at(minutes(20)):
        river.flows(2.5)
    assert river.alarm().colour == "red"


def test_alarm_ends_by_itself_when_it_was_calm_for_a_while(river: River) -> None:
    rule(calm_limit=2.5)
    river.flows(3.5)
    for at, value in ((10, 2.8), (20, 2.4), (30, 2.4)):
        with clock.at(minutes(at)):
            river.flows(value)
    alarm = Alarm.objects.get()
    assert (alarm.phase, alarm.outcome, alarm.climb_at) == ("cleared", "over", None)


def test_false_alarm_that_was_cleared_is_not_raised_again_until_it_was_calm(river: River) -> None:
    rule()
    river.flows(3.5)
    clear(by=river.actor("village_cadre"), alarm=river.alarm(), outcome="false", words="探头被树枝挡住")
    for at, value, raised in ((10, 3.6, 0), (20, 1.0, 0), (30, 3.6, 1)):
        with clock.at(minutes(at)):
            assert river.flows(value) == raised, at


def test_one_storm_makes_one_message(river: River) -> None:
    rule()
    others = [make_stream(f"{number}号站") for number in range(3)]
    river.flows(3.5)
    for one in others:
        river.flows(3.6, stream=one)
    assert Alarm.objects.count() == 4
    assert river.told()["grid_worker"] == 1
    assert Call.objects.filter(grouped=True).count() == 3
    assert Call.objects.values("message").distinct().count() == 1


def test_graver_alarm_silences_the_lower_until_it_is_cleared(river: River) -> None:
    rule(colour="orange")
    by = river.actor("county_officer")
    wide = raise_by_hand(by=by, place_code=COUNTY, hazard="flood", colour="red", words="全区", drill=False, tell=tell)
    river.flows(3.5)
    low = Alarm.objects.get(colour="orange")
    assert low.phase == "raised"
    with clock.at(minutes(3)):
        clear(by=by, alarm=wide, outcome="real")
    tick_at(minutes(3))
    low.refresh_from_db()
    assert low.phase == "notified"


def test_quiet_hours_keep_phones_silent_but_never_for_red(river: River) -> None:
    night = MONDAY.replace(hour=23)
    rule(name="blue", limit=2.0, colour="blue")
    rule(name="red", limit=3.0)
    with clock.at(night):
        river.flows(2.5)
        assert send_to_phones(BY) == 0
    assert Message.objects.get().send_after == MONDAY.replace(hour=7) + timedelta(days=1)
    assert river.alarm().climb_at == MONDAY.replace(hour=9) + timedelta(days=1)
    with clock.at(night + timedelta(minutes=10)):
        river.flows(3.5)
        assert send_to_phones(BY) == 1
    assert set(deliveries(Call.objects.all()).values()) == {"waiting", "sent"}


def test_mute_holds_back_calls_with_a_reason_and_an_end(river: River) -> None:
    rule(colour="orange")
    by = river.actor("township_officer")
    with pytest.raises(Refused):
        mute(by=by, place_code=VILLAGE, reason="检修", until=MONDAY + timedelta(days=8))
    with pytest.raises(Refused):
        mute(by=by, place_code=VILLAGE, reason=" ", until=minutes(30))
    mute(by=by, place_code=VILLAGE, reason="检修", until=minutes(30))
    river.flows(3.5)
    assert (river.alarm().phase, sum(river.told().values())) == ("raised", 0)
    tick_at(minutes(31))
    assert river.told()["grid_worker"] == 1


def test_mute_of_a_place_never_holds_back_red_and_one_of_a_source_does(river: River) -> None:
    rule()
    by = river.actor("township_officer")
    mute(by=by, place_code=VILLAGE, reason="检修", until=minutes(30))
    river.flows(3.5)
    assert river.told()["grid_worker"] == 1
    other = make_stream("二号站", place_code=VILLAGE)
    mute(by=by, place_code=VILLAGE, source=f"datastream:{other.pk}", reason="探头坏了", until=minutes(30))
    with clock.at(minutes(29)):
        river.flows(3.5, stream=other)
    assert Call.objects.filter(alarm__source=f"datastream:{other.pk}").count() == 0


def test_drill_is_marked_everywhere_and_hides_no_real_alarm(river: River) -> None:
    rule()
    by = river.actor("township_officer")
    drill = raise_by_hand(
        by=by, place_code=VILLAGE, hazard="flood", colour="red", words="防汛演练", drill=True, tell=tell
    )
    text = message_in(Message.objects.get(), "zh-hans")
    assert text.startswith("【演练】") and text.endswith("【演练】")
    assert river.flows(3.5) == 1
    assert river.told()["grid_worker"] == 2
    assert clear(by=by, alarm=drill, outcome="real").outcome == "drill"


def test_only_those_who_may_answer_do(river: River) -> None:
    rule()
    river.flows(3.5)
    with pytest.raises(Forbidden):
        acknowledge(by=BY.__class__(person_id=None, channel="web"), alarm=river.alarm())
    with pytest.raises(Forbidden):
        raise_by_hand(by=river.actor("grid_worker"), place_code=GRID, hazard="flood", colour="red", words="险",
                      drill=False, tell=tell)  # fmt: skip
    handled = handle(by=river.actor("village_cadre"), alarm=river.alarm(), words="已转移 3 户")
    assert handled.phase == "handled" and handled.acknowledged_at is not None
    clear(by=river.actor("village_cadre"), alarm=handled, outcome="real")
    with pytest.raises(Refused, match="cleared"):
        clear(by=river.actor("village_cadre"), alarm=handled, outcome="real")


def test_every_step_is_in_the_journal_and_none_says_what_people_wrote(river: River) -> None:
    rule()
    river.flows(3.5)
    handle(by=river.actor("village_cadre"), alarm=river.alarm(), words="王大爷一家已转移")
    verbs = list(Entry.objects.filter(record=river.alarm().record).order_by("id").values_list("verb", flat=True))
    assert verbs == ["alarm.raise", "alarm.call", "alarm.acknowledge", "alarm.handle"]
    assert "王大爷" not in repr(list(Entry.objects.values()))


@pytest.fixture
def committed(transactional_db: None) -> Iterator[River]:
    with clock.at(MONDAY):
        yield make_river()


def test_two_processes_that_raise_at_once_open_one_alarm(committed: River) -> None:
    rule()
    spaced(committed.stream, (3.5,), 10)
    stream = committed.stream.pk
    both = [forked(_look_at, stream) for _ in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert [one.exitcode for one in both] == [0] * 4
    assert Alarm.objects.count() == 1
    assert committed.told()["grid_worker"] == 1


def _look_at(stream: int) -> None:
    with clock.at(MONDAY):
        look(BY, [stream])


def test_value_that_comes_in_by_http_raises_at_once(committed: River) -> None:
    rule()
    _, secret = give_token(scope=Scope(BY), thing=committed.stream.thing, name="gauge")
    body = json.dumps({"result": 3.5, "phenomenonTime": MONDAY.isoformat()})
    answer = Client().post(
        f"/sensorthings/v1.1/Datastreams({committed.stream.pk})/Observations", body, content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    assert committed.alarm().colour == "red"
