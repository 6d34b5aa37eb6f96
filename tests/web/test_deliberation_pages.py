"""Topics and votes through their pages: as villager, cadre, supervisor, township officer, outsider and visitor."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deliberation.hamlet import START, TICK, Hamlet, close, day
from django.test import Client
from registry.town import VILLAGE

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.deliberation.actions.ballots import cast_open, cast_secret
from cunzhi.deliberation.actions.contributions import contribute
from cunzhi.deliberation.actions.topics import answer
from cunzhi.deliberation.models import Ballot, Contribution, Hiding, Objection, Topic
from cunzhi.engine.models import Message
from cunzhi.engine.votes import run_votes
from cunzhi.journal.models import Entry
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.models import Account, Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
LIMIT = 60_000


@pytest.fixture
def hamlet(db: None) -> Iterator[Hamlet]:
    with clock.at(START):
        yield Hamlet()


@pytest.fixture
def browse(hamlet: Hamlet) -> Callable[[Actor], Client]:
    """A browser of one of the village's people."""

    def make(actor: Actor) -> Client:
        person = Person.objects.get(pk=actor.person_id)
        known = Account.objects.filter(person=person).first()
        found = known or make_account(person=person, phone=f"139{person.pk:08}", by=system("test"))
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(found, backend=BACKEND)
        return client

    return make


def text_of(response: Any, status: int = 200) -> str:
    body = str(response.content.decode())
    assert response.status_code == status, body
    assert len(body) < LIMIT
    return body


def at(number: float) -> Any:
    return clock.at(day(number))


def test_cadre_puts_a_topic_before_the_village(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    client = browse(hamlet.cadre)
    page = text_of(client.get("/topics/new/"))
    assert 'name="_key"' in page
    given = {
        "_key": re.findall(r'name="_key" value="(\w+)"', page)[0], "place_code": VILLAGE, "title": "修水沟",
        "text": "修三社的水沟。", "discuss_from": "2026-03-02", "discuss_until": "2026-03-06", "ballot": "secret",
        "options": "同意\n不同意", "vote_until": "2026-03-10", "voice": "person", "quorum": "half", "least": "5",
        "answer_by": "2026-03-20",
    }  # fmt: skip
    wrong = text_of(client.post("/topics/new/", {**given, "options": "同意"}), 422)
    assert "修三社的水沟。" in wrong
    assert "选项须有" in wrong
    assert client.post("/topics/new/", given).status_code == 302
    assert client.post("/topics/new/", given).status_code == 302
    topic = Topic.objects.get()
    assert (topic.ballot, topic.options.count()) == ("secret", 2)
    assert "修水沟" in text_of(browse(hamlet.actor(0)).get("/topics/"))
    refused = browse(hamlet.actor(0)).post("/topics/new/", given)
    assert refused.status_code == 422
    assert Topic.objects.count() == 1


def test_similar_suggestion_is_shown_before_it_is_sent(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic()
    with at(2):
        first = contribute(by=hamlet.actor(0), topic=topic, kind="suggestion", text="村口路灯用太阳能的")
        client = browse(hamlet.actor(2))
        page = text_of(client.post(f"/topics/{topic.pk}/suggest/", {"text": "路灯用太阳能的"}))
        assert "村口路灯用太阳能的" in page
        assert Contribution.objects.count() == 1
        assert client.post(f"/topics/said/{first.pk}/support/").status_code == 302
        assert client.post(f"/topics/{topic.pk}/suggest/", {"text": "路灯用太阳能的", "sure": "1"}).status_code == 302
        shown = text_of(client.get(f"/topics/{topic.pk}/"))
    assert "1 人附议" in shown
    assert "您已附议" in shown
    assert hamlet.people[0].name not in shown


def test_remark_too_long_is_not_lost(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic()
    with at(2):
        client = browse(hamlet.actor(0))
        long = "很" * 501
        assert long in text_of(client.post(f"/topics/{topic.pk}/remark/", {"text": long}), 422)
        assert client.post(f"/topics/{topic.pk}/remark/", {"text": "好"}).status_code == 302
        assert "好" in text_of(client.get(f"/topics/{topic.pk}/?show=remark"))


def test_hidden_text_appeal_and_township(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic()
    with at(2):
        said = contribute(by=hamlet.actor(0), topic=topic, kind="remark", text="他家占了公路")
        cadre, author, other = browse(hamlet.cadre), browse(hamlet.actor(0)), browse(hamlet.actor(1))
        assert other.post(f"/topics/said/{said.pk}/hide/", {"text": "不喜欢"}).status_code == 403
        assert cadre.post(f"/topics/said/{said.pk}/hide/", {"text": "点名指责他人"}).status_code == 302
        hiding = Hiding.objects.get()
        for reader in (author, other):
            page = text_of(reader.get(f"/topics/{topic.pk}/?show=remark"))
            assert "点名指责他人" in page
            assert "他家占了公路" not in page
        assert "点名指责他人" in text_of(author.get("/messages/"))
        assert other.get(f"/topics/hidden/{hiding.pk}/appeal/").status_code == 404
        assert author.post(f"/topics/hidden/{hiding.pk}/appeal/", {"text": "是事实"}).status_code == 302
        officer = browse(hamlet.officer)
        assert f"/topics/hidden/{hiding.pk}/judge/" in text_of(officer.get("/topics/"))
        assert "他家占了公路" in text_of(officer.get(f"/topics/hidden/{hiding.pk}/judge/"))
        given = {"verdict": "yes", "text": "没有不当"}
        assert cadre.post(f"/topics/hidden/{hiding.pk}/judge/", given).status_code == 403
        assert officer.post(f"/topics/hidden/{hiding.pk}/judge/", given).status_code == 302
        assert "他家占了公路" in text_of(other.get(f"/topics/{topic.pk}/?show=remark"))


def test_outsiders_and_visitors_do_not_see_the_discussion(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic("open")
    for path in ("", "roll/", "suggest/", "vote/", "enter/", "sheets/", "answer/"):
        assert browse(hamlet.stranger).get(f"/topics/{topic.pk}/{path}").status_code == 404
        assert Client().get(f"/topics/{topic.pk}/{path}")["Location"].startswith("/sign-in/")


def test_who_lives_at_no_village_gets_no_list_of_the_whole_county(
    hamlet: Hamlet, browse: Callable[[Actor], Client]
) -> None:
    hamlet.topic()
    Person.objects.filter(pk=hamlet.administrator.person_id).update(place_code=VILLAGE[:6])
    assert "村口装路灯" not in text_of(browse(hamlet.administrator).get("/topics/"))


def test_late_answer_is_marked_for_everybody(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic()
    with at(16):
        client = browse(hamlet.actor(0))
        assert "答复已逾期" in text_of(client.get(f"/topics/{topic.pk}/"))
        assert "逾期" in text_of(client.get("/topics/"))
        cadre = browse(hamlet.cadre)
        assert cadre.post(f"/topics/{topic.pk}/answer/", {"text": "下月装。"}).status_code == 302
        page = text_of(client.get(f"/topics/{topic.pk}/"))
        assert "下月装。" in page
        assert "逾期" in page


def test_open_vote_says_before_that_names_are_public(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic, _ = hamlet.polls("open")
    with at(6):
        client = browse(hamlet.actor(0))
        assert "这是记名投票" in text_of(client.get(f"/topics/{topic.pk}/vote/"))
        assert "请" in text_of(client.post(f"/topics/{topic.pk}/vote/", {}), 422)
        thanks = text_of(client.post(f"/topics/{topic.pk}/vote/", {"option": "1"}))
        receipt = re.findall(r'code-small">([0-9a-f ]+)<', thanks)[0]
        assert "算数" in text_of(client.post(f"/topics/{topic.pk}/receipt/", {"receipt": receipt}))
        assert "您现在的选择是" in text_of(client.get(f"/topics/{topic.pk}/vote/"))
        for number in (1, 2, 3):
            cast_open(by=hamlet.actor(number), topic=topic, option=2)
        waiting = text_of(Client().get(f"/topics/{topic.pk}/result/"))
        assert "不同意" not in waiting
    close(topic)
    with at(9):
        inside, outside = (text_of(one.get(f"/topics/{topic.pk}/result/")) for one in (client, Client()))
        assert hamlet.people[1].name in inside
        assert "李**" in outside
        assert not any(person.name in outside for person in hamlet.people)
        assert f"/topics/{topic.pk}/result/" in text_of(Client().get(f"/places/{VILLAGE}/"))
        late = text_of(client.post(f"/topics/{topic.pk}/vote/", {"option": "2"}), 422)
        assert "投票已经截止" in late


def test_secret_vote_from_sheet_to_file(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic("secret")
    supervisor, cadre = browse(hamlet.supervisor), browse(hamlet.cadre)
    with at(2):
        assert supervisor.get(f"/topics/{topic.pk}/sheets/").status_code == 200
        assert cadre.post(f"/topics/{topic.pk}/roll/draw/").status_code == 302
        assert cadre.get(f"/topics/{topic.pk}/sheets/").status_code == 403
        assert browse(hamlet.administrator).post(f"/topics/{topic.pk}/sheets/print/").status_code == 404
        printed = text_of(supervisor.post(f"/topics/{topic.pk}/sheets/print/"))
        codes = re.findall(r'sheet-code">([0-9 ]+)<', printed)
        assert len(codes) == 8
        assert "no-store" in supervisor.post(f"/topics/{topic.pk}/sheets/print/")["Cache-Control"]
        assert supervisor.post(f"/topics/{topic.pk}/sheets/", {"number": ["1", "2", "x"]}).status_code == 302
        assert supervisor.post(f"/topics/{topic.pk}/sheets/", {"number": ["3"]}).status_code == 302
        assert 'value="3"' in text_of(supervisor.get(f"/topics/{topic.pk}/sheets/?given=1"))
        assert supervisor.post(f"/topics/{topic.pk}/sheets/", {"number": ["3"], "wrong": "1"}).status_code == 302
        assert "已领" in text_of(browse(hamlet.actor(0)).get(f"/topics/{topic.pk}/roll/"))
    with at(5.1):
        run_votes(TICK)
    with at(6):
        visitor = Client(headers={"accept-language": "zh-hans"})
        path = f"/topics/{topic.pk}/ballot/"
        assert "不保护什么" in text_of(visitor.get(path))
        slip = codes[0][:-1] + str((int(codes[0][-1]) + 1) % 10)
        assert "看错或输错" in text_of(visitor.post(path, {"code": slip, "option": "1"}), 422)
        for number, option in ((0, 1), (1, 2), (2, 2), (0, 2)):
            thanks = text_of(visitor.post(path, {"code": codes[number], "option": option}))
        assert "替换了之前的票" in thanks
        line, shown = re.findall(r'<code class="hash">([^<]+)<', thanks)
        assert Entry.objects.get(public_hash=shown).public_hash == hashlib.sha256(line.encode()).hexdigest()
        given = {"way": "paper", "voter": codes[3], "option": "1", "witness": str(hamlet.supervisor.person_id)}
        assert cadre.post(f"/topics/{topic.pk}/enter/", given).status_code == 302
        assert "看错或输错" in text_of(cadre.post(f"/topics/{topic.pk}/enter/", {**given, "voter": slip}), 422)
    close(topic)
    with at(9):
        page = text_of(visitor.get(f"/topics/{topic.pk}/result/"))
        file = visitor.get(f"/topics/{topic.pk}/result/ballots.csv")
        assert hashlib.sha256(file.content).hexdigest() in page
        assert Entry.objects.get(verb="polls.closed").public_hash in page
        assert all(code in page for code in codes[:4])
        assert "票比发出的选票多" in page  # two sheets were noted, four codes voted
        assert not any(code in page for code in codes[4:])


def test_missing_person_objects_and_the_cadre_decides(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic, _ = hamlet.polls("open")
    unknown = Person.objects.create(name="没登生日", place_code=VILLAGE)
    with at(6):
        client = browse(Actor(person_id=unknown.pk, channel="test"))
        assert client.post(f"/topics/{topic.pk}/roll/object/", {"text": "没有我"}).status_code == 302
        assert text_of(client.post(f"/topics/{topic.pk}/roll/object/", {"text": "x", "number": "99"}), 422)
        objection = Objection.objects.get()
        cadre = browse(hamlet.cadre)
        assert f"/topics/objections/{objection.pk}/" in text_of(cadre.get(f"/topics/{topic.pk}/roll/"))
        given = {"verdict": "yes", "text": "已核实"}
        assert client.post(f"/topics/objections/{objection.pk}/", given).status_code == 403
        assert cadre.post(f"/topics/objections/{objection.pk}/", given).status_code == 302
        assert "序号 9" in text_of(client.get(f"/topics/{topic.pk}/roll/"))
        assert "已核实" in text_of(client.get("/messages/"))


def test_helper_votes_for_somebody_with_consent(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic, _ = hamlet.polls("open")
    with at(6):
        cadre, helped = browse(hamlet.cadre), hamlet.people[4]
        session = cadre.session
        session["helping"] = {"person": helped.pk, "consent": "本人在场", "since": clock.now().timestamp()}
        session.save()
        text_of(cadre.post(f"/topics/{topic.pk}/vote/", {"option": "2"}))
    ballot = Ballot.objects.get()
    assert (ballot.way, ballot.consent, ballot.voter and ballot.voter.person) == ("assisted", "本人在场", helped)


def test_everybody_on_the_roll_is_told_when_polls_open_and_close(hamlet: Hamlet) -> None:
    hamlet.topic("open")
    with at(5.1):
        run_votes(TICK)
    with at(8.1):
        run_votes(TICK)
        run_votes(TICK)
    told = Message.objects.filter(to=hamlet.people[0]).order_by("id").values_list("key", flat=True)
    assert list(told) == ["deliberation.message.opened", "deliberation.message.closed"]
    assert not Message.objects.filter(to=hamlet.child).exists()


def test_messages_open_the_topic_that_they_are_about(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic("open")
    with at(5.1):
        run_votes(TICK)
        assert f'<a href="/topics/{topic.pk}/">{topic.title}</a>' in text_of(browse(hamlet.actor(0)).get("/messages/"))


def test_committee_replies_to_a_suggestion_in_words(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic = hamlet.topic()
    with at(2):
        said = contribute(by=hamlet.actor(0), topic=topic, kind="suggestion", text="先修路")
        cadre = browse(hamlet.cadre)
        assert text_of(cadre.post(f"/topics/said/{said.pk}/reply/", {"text": ""}), 422)
        assert cadre.post(f"/topics/said/{said.pk}/reply/", {"text": "采纳，下月办"}).status_code == 302
        assert "采纳，下月办" in text_of(browse(hamlet.actor(1)).get(f"/topics/{topic.pk}/"))
        assert "采纳，下月办" in text_of(browse(hamlet.actor(0)).get("/messages/"))


def test_pages_speak_english_too(hamlet: Hamlet, browse: Callable[[Actor], Client]) -> None:
    topic, drawn = hamlet.polls("secret")
    client = browse(hamlet.cadre)
    Account.objects.update(language="en")
    with at(6):
        for code in drawn[:4]:
            cast_secret(topic=topic, code=code, option=1)
        for path in ("", "?show=remark", "roll/", "ballot/", "receipt/", "enter/", "result/", "roll/object/"):
            assert "Skip to content" in text_of(client.get(f"/topics/{topic.pk}/{path}"))
    close(topic)
    with at(9):
        assert "Count it yourself" in text_of(client.get(f"/topics/{topic.pk}/result/"))
        answer(by=hamlet.cadre, topic=topic, words="ok")
        assert "The committee's answer" in text_of(client.get(f"/topics/{topic.pk}/")).replace("&#39;", "'")


def test_late_ballot_closes_the_polls_for_a_clock_that_goes_back(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    visitor, sent = Client(headers={"accept-language": "zh-hans"}), {"code": drawn[0], "option": "1"}
    for moment in (8.001, 7.001):
        with at(moment):
            assert "投票已经截止" in text_of(visitor.post(f"/topics/{topic.pk}/ballot/", sent), 422)
    assert not Ballot.objects.exists()
