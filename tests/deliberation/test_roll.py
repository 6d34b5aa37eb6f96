"""Who has a vote: the registry's adults or households on one day, and what objections change."""

from datetime import date

import pytest
from deliberation.hamlet import TICK, Hamlet, close, day
from registry.town import VILLAGE

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.actions.polls import run_polls
from cunzhi.deliberation.actions.roll import decide_objection, draw_roll, object_to_roll
from cunzhi.deliberation.actions.sheets import hand_out, print_sheets
from cunzhi.deliberation.queries.topics import named, roll_rows
from cunzhi.deliberation.queries.voters import adult_since, people_on_roll, voter_of
from cunzhi.registry.actions.people import move_out, record_death, register_person
from cunzhi.registry.models import Person


def test_roll_has_the_adults_who_live_there_that_day(hamlet: Hamlet) -> None:
    record_death(person=hamlet.people[0], on=date(2026, 3, 2), by=TICK)
    move_out(person=hamlet.people[1], by=TICK)
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("open"))
    names = {one.full for one in named(list(roll_rows(topic)))}
    assert names == {one.name for one in hamlet.people[2:]}
    assert {one.name for one in named(list(roll_rows(topic)))} >= {"王**", "赵**"}


def test_one_is_of_age_on_the_day_the_vote_begins() -> None:
    assert adult_since(date(2026, 3, 7)) == date(2008, 3, 7)
    assert adult_since(date(2028, 2, 29)) == date(2010, 2, 28)


def test_roll_is_frozen(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("open"))
    register_person(name="新来的", place_code=VILLAGE, by=TICK, born_on=date(1990, 1, 1))
    draw_roll(by=hamlet.cadre, topic=topic)
    with clock.at(day(5.1)):
        run_polls(by=TICK)
    assert topic.voters.count() == 8


def test_household_vote_has_one_line_a_household(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("open", voice="household"))
    assert [one.name for one in named(list(roll_rows(topic)))] == ["张**", "王**", "陈**", "周**"]
    assert voter_of(topic, hamlet.people[0]) == voter_of(topic, hamlet.people[1])
    assert voter_of(topic, hamlet.child) is None
    assert hamlet.child.pk not in people_on_roll(topic)
    assert len(people_on_roll(topic)) == 8


def test_missing_person_objects_and_comes_onto_the_roll(hamlet: Hamlet) -> None:
    unknown = Person.objects.create(name="没登生日", place_code=VILLAGE)
    by = hamlet.actor(0).__class__(person_id=unknown.pk, channel="test")
    topic = hamlet.topic("open")
    with pytest.raises(Refused):
        object_to_roll(by=by, topic=topic, words="没有我")
    draw_roll(by=hamlet.cadre, topic=topic)
    objection = object_to_roll(by=by, topic=topic, words="没有我")
    with pytest.raises(Refused):
        object_to_roll(by=by, topic=topic, words="没有我！")
    with pytest.raises(Refused):
        object_to_roll(by=hamlet.actor(0), topic=topic, words="我明明在上面")
    with pytest.raises(Forbidden):
        decide_objection(by=hamlet.supervisor, objection=objection, uphold=True, reason="核实")
    decide_objection(by=hamlet.cadre, objection=objection, uphold=True, reason="已核实出生日期")
    line = voter_of(topic, unknown)
    assert line is not None
    assert line.number == 9


def test_line_that_does_not_belong_is_struck_unless_it_has_a_sheet(hamlet: Hamlet) -> None:
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("secret"))
    line = topic.voters.get(number=2)
    objection = object_to_roll(by=hamlet.actor(0), topic=topic, words="户口已迁走", against=line)
    other = object_to_roll(by=hamlet.actor(1), topic=topic, words="同上", against=topic.voters.get(number=3))
    decide_objection(by=hamlet.cadre, objection=objection, uphold=True, reason="属实")
    assert len(print_sheets(by=hamlet.supervisor, topic=topic)) == 7
    hand_out(by=hamlet.supervisor, topic=topic, numbers=[2, 3])
    line.refresh_from_db()
    assert (line.struck_at is not None, line.sheet_at) == (True, None)
    with pytest.raises(Refused):
        decide_objection(by=hamlet.cadre, objection=other, uphold=True, reason="属实")
    decide_objection(by=hamlet.cadre, objection=other, uphold=False, reason="选票已发")


def test_nobody_decides_in_his_own_matter_and_strangers_do_not_object(hamlet: Hamlet) -> None:
    cadre = Person.objects.get(pk=hamlet.cadre.person_id)
    assert cadre.born_on is None
    topic = draw_roll(by=hamlet.cadre, topic=hamlet.topic("open"))
    own = object_to_roll(by=hamlet.cadre, topic=topic, words="没有我")
    with pytest.raises(Forbidden):
        decide_objection(by=hamlet.cadre, objection=own, uphold=True, reason="我自己")
    with pytest.raises(Forbidden):
        object_to_roll(by=hamlet.stranger, topic=topic, words="没有我")


def test_nothing_changes_on_the_roll_after_the_close(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(7)):
        objection = object_to_roll(
            by=hamlet.actor(1), topic=topic, words="不住这里", against=topic.voters.get(number=1)
        )
    closed = close(topic)
    with clock.at(day(7)), pytest.raises(Refused, match="over"):
        decide_objection(by=hamlet.cadre, objection=objection, uphold=True, reason="属实")
    with clock.at(day(9)), pytest.raises(Refused, match="over"):
        object_to_roll(by=hamlet.actor(1), topic=closed, words="不住这里", against=topic.voters.get(number=1))
