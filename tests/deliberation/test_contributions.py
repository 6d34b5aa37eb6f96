"""What people say, who supports it, what is hidden and what becomes of an appeal."""

import pytest
from deliberation.hamlet import Hamlet, day

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.actions.contributions import MOST_EACH, appeal, contribute, hide, judge, support
from cunzhi.deliberation.queries.topics import alike, appeals_under, said_on
from cunzhi.journal.models import Entry


def test_villagers_speak_in_the_discussion_and_at_no_other_time(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    for moment in (0.5, 6):
        with clock.at(day(moment)), pytest.raises(Refused):
            contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="好")
    with clock.at(day(2)):
        contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="好")
    assert [one.author for one in said_on(topic)] == ["张**"]


def test_who_does_not_live_there_does_not_speak(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        for who in (hamlet.stranger, hamlet.officer):
            with pytest.raises(Forbidden):
                contribute(by=who, topic=topic, kind="suggestion", text="外人的话")


def test_helper_speaks_with_consent_only(hamlet: Hamlet) -> None:
    topic, helped = hamlet.topic(), hamlet.people[3]
    with clock.at(day(2)):
        by = hamlet.cadre.on_behalf_of(helped.pk)
        with pytest.raises(Refused):
            contribute(by=by, topic=topic, kind="suggestion", text="修路")
        said = contribute(by=by, topic=topic, kind="suggestion", text="修路", consent="当面同意")
        with pytest.raises(Forbidden):
            contribute(by=hamlet.actor(0).on_behalf_of(helped.pk), topic=topic, kind="remark", text="修", consent="是")
    assert (said.author, said.helper_id) == (helped, hamlet.cadre.person_id)


def test_same_key_is_said_once_and_nobody_floods(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        one = contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="好", key="k")
        assert contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="好", key="k") == one
        for number in range(MOST_EACH - 1):
            contribute(by=hamlet.actor(0), topic=topic, kind="remark", text=f"第 {number} 次")
        with pytest.raises(Refused):
            contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="再说")


def test_support_counts_once_and_orders_nothing(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        first = contribute(by=hamlet.actor(0), topic=topic, kind="suggestion", text="先修路")
        second = contribute(by=hamlet.actor(1), topic=topic, kind="suggestion", text="先装灯")
        for number in (2, 3, 3):
            support(by=hamlet.actor(number), suggestion=second)
    said = said_on(topic, hamlet.people[3].pk)
    assert [(one.contribution, one.supporters, one.supported) for one in said] == [
        (first, 0, False),
        (second, 2, True),
    ]


def test_almost_the_same_suggestion_is_found_and_a_hidden_one_is_not(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        lamp = contribute(by=hamlet.actor(0), topic=topic, kind="suggestion", text="村口路灯要用太阳能的")
        contribute(by=hamlet.actor(1), topic=topic, kind="suggestion", text="先把水沟清一清")
        assert [one.contribution for one in alike(topic, "路灯用太阳能的好")] == [lamp]
        hide(by=hamlet.cadre, contribution=lamp, reason="骂人")
        assert alike(topic, "路灯用太阳能的好") == []


def test_hidden_text_keeps_its_place_and_reason_and_comes_back_on_appeal(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        said = contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="他家占了公路")
        with pytest.raises(Forbidden):
            hide(by=hamlet.actor(1), contribution=said, reason="不喜欢")
        with pytest.raises(Refused):
            hide(by=hamlet.cadre, contribution=said, reason=" ")
        hiding = hide(by=hamlet.cadre, contribution=said, reason="点名指责他人")
        with pytest.raises(Refused):
            hide(by=hamlet.cadre, contribution=said, reason="再一次")
        shown = said_on(topic)[0]
        assert (shown.text, shown.hiding) == ("", hiding)
        with pytest.raises(Forbidden):
            appeal(by=hamlet.actor(1), hiding=hiding, words="我替他说")
        with pytest.raises(Refused):
            judge(by=hamlet.officer, hiding=hiding, lift=True, reason="没有人申诉")
        appeal(by=hamlet.actor(0), hiding=hiding, words="说的是事实")
        assert list(appeals_under(["500113101"])) == [hiding]
        with pytest.raises(Forbidden):
            judge(by=hamlet.cadre, hiding=hiding, lift=False, reason="我说了算")
        judge(by=hamlet.officer, hiding=hiding, lift=True, reason="没有不当")
    assert said_on(topic)[0].text == "他家占了公路"
    assert not list(appeals_under(["500113101"]))


def test_journal_has_no_words_of_what_was_said(hamlet: Hamlet) -> None:
    topic = hamlet.topic()
    with clock.at(day(2)):
        said = contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="悄悄话")
        hide(by=hamlet.cadre, contribution=said, reason="理由在此")
    text = repr(list(Entry.objects.values_list("detail", "record", "verb")))
    assert "悄悄话" not in text
    assert "理由在此" not in text
