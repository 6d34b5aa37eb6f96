"""A topic goes through its phases: read, discuss, vote, answer."""

from datetime import timedelta
from typing import Any

import pytest
from deliberation.hamlet import Hamlet, close, day
from registry.town import TOWNSHIP, VILLAGE

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.actions.contributions import contribute
from cunzhi.deliberation.actions.topics import Plan, answer, open_topic, reply
from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.phases import is_late, phase_of, phases_of
from cunzhi.journal.models import Entry


def test_topic_without_vote_goes_from_reading_to_answer(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    assert [phase_of(topic, day(one)) for one in (0.5, 2, 6)] == ["read", "discuss", "answer"]
    assert [name for name, _, _ in phases_of(topic)] == ["read", "discuss", "answer"]


def test_closed_vote_stays_closed_when_the_clock_goes_back(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    assert phase_of(topic, day(7)) == "vote"
    closed = close(topic)
    assert phase_of(closed, day(7)) == "answer"
    assert phase_of(closed, day(2)) == "answer"


def test_only_the_committee_opens_a_topic(hamlet: Hamlet) -> None:
    plan = Plan(discuss_from=day(1), discuss_until=day(5), answer_by=day(9))
    for who in (hamlet.actor(0), hamlet.officer, hamlet.administrator, hamlet.supervisor):
        with pytest.raises(Forbidden):
            open_topic(by=who, place_code=VILLAGE, title="路灯", text="装路灯", plan=plan)
    assert not Topic.objects.exists()


def test_same_key_is_one_topic(hamlet: Hamlet) -> None:
    plan = Plan(discuss_from=day(1), discuss_until=day(5), answer_by=day(9))
    made = [
        open_topic(by=hamlet.cadre, place_code=VILLAGE, title="路灯", text="装", plan=plan, key="once") for _ in "ab"
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"discuss_from": day(-3)}, "plan.past"),
        ({"discuss_until": day(1)}, "plan.discuss"),
        ({"answer_by": day(5)}, "plan.answer"),
        ({"ballot": "open", "vote_until": day(4), "options": ["a", "b"]}, "plan.vote"),
        ({"ballot": "open", "vote_until": day(8), "options": ["a"]}, "plan.options"),
        ({"ballot": "open", "vote_until": day(8), "options": ["a", "a"]}, "plan.same_option"),
        ({"ballot": "secret", "vote_until": day(8), "options": ["a", "b"], "least": 1}, "plan.least"),
        ({"ballot": "shouting", "vote_until": day(8), "options": ["a", "b"]}, "plan.rule"),
    ],
)
def test_plan_that_cannot_be_kept_is_refused_with_its_field(hamlet: Hamlet, changes: Any, code: str) -> None:
    plan = {"discuss_from": day(1), "discuss_until": day(5), "answer_by": day(15), **changes}
    with pytest.raises(Refused) as refused:
        open_topic(by=hamlet.cadre, place_code=VILLAGE, title="路灯", text="装", plan=Plan(**plan))
    assert refused.value.code == f"deliberation.{code}"
    assert refused.value.field


def test_topic_is_put_before_a_village_only(hamlet: Hamlet) -> None:
    plan = Plan(discuss_from=day(1), discuss_until=day(5), answer_by=day(9))
    with pytest.raises(Refused):
        open_topic(by=hamlet.cadre, place_code=TOWNSHIP, title="路灯", text="装", plan=plan)


def test_answer_comes_once_after_the_discussion_and_late_is_late(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)), pytest.raises(Refused):
        answer(by=hamlet.cadre, topic=topic, words="装")
    with clock.at(topic.answer_by + timedelta(minutes=1)):
        assert is_late(topic)
        done = answer(by=hamlet.cadre, topic=topic, words="下月装三盏。")
        assert is_late(done)
        assert phase_of(done) == "done"
        with pytest.raises(Refused):
            answer(by=hamlet.cadre, topic=topic, words="不装")
    assert Entry.objects.get(verb="topic.answered").detail == {"late": True}


def test_answer_in_time_is_not_late_later(hamlet: Hamlet) -> None:
    with clock.at(day(6)):
        pass
    topic = hamlet.topic()
    with clock.at(day(6)):
        topic = answer(by=hamlet.cadre, topic=topic, words="装")
    with clock.at(day(99)):
        assert not is_late(topic)


def test_suggestion_gets_one_reply_with_words(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        said = contribute(by=hamlet.actor(0), topic=topic, kind="suggestion", text="用太阳能的灯")
        with pytest.raises(Refused):
            reply(by=hamlet.cadre, suggestion=said, words="  ")
        assert reply(by=hamlet.cadre, suggestion=said, words="采纳").replied_at is not None
        with pytest.raises(Refused):
            reply(by=hamlet.cadre, suggestion=said, words="不采纳")
