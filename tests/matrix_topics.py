"""Topics of the right place in every phase, so that each of their pages has something to show and to change."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.deliberation.actions.ballots import cast_open
from cunzhi.deliberation.actions.contributions import appeal, contribute, hide
from cunzhi.deliberation.actions.polls import run_polls
from cunzhi.deliberation.actions.roll import draw_roll, object_to_roll
from cunzhi.deliberation.actions.sheets import print_sheets
from cunzhi.deliberation.actions.topics import Plan, open_topic
from cunzhi.deliberation.models import Topic
from cunzhi.registry.models import Person

TEXT = "第八号密议"
OPTIONS = ("同意", "不同意")


def make_topics(place_code: str, actor: Callable[[str], Actor]) -> dict[str, Any]:
    """Records by the names that addresses give to them, and under `of` which topic goes with which address."""
    now, cadre = clock.now(), actor("village_cadre")
    voters = [actor(name).person_id for name in ("villager", "village_cadre", "supervisor", "appraiser")]
    Person.objects.filter(pk__in=voters).update(born_on=date(1980, 1, 1))

    def topic(ballot: str, begun: float) -> Topic:
        """A topic that was opened so many days ago; two days of discussion, two of a vote."""
        with clock.at(now - timedelta(days=begun)):
            return open_topic(by=system("test"), place_code=place_code, title="路灯", text=TEXT, plan=_plan(ballot))

    talked = topic("none", 1)
    said = contribute(by=actor("neighbour"), topic=talked, kind="suggestion", text=TEXT)
    own = contribute(by=actor("villager"), topic=talked, kind="remark", text=TEXT)
    hidden = hide(by=cadre, contribution=own, reason=TEXT)
    judged = hide(by=cadre, contribution=contribute(by=actor("villager"), topic=talked, kind="remark", text="好"),
                  reason=TEXT)  # fmt: skip
    appeal(by=actor("villager"), hiding=judged, words=TEXT)
    over, voting, closed = topic("none", 3), topic("open", 3), topic("open", 6)
    unprinted, printed, secret = topic("secret", 1), topic("secret", 1), topic("secret", 3)
    for one in (unprinted, printed, secret):
        draw_roll(by=cadre, topic=one)
    print_sheets(by=actor("supervisor"), topic=printed)
    codes = print_sheets(by=actor("supervisor"), topic=secret)
    _vote_and_close(closed, actor, now)
    run_polls(by=system("tick"))
    objection = object_to_roll(by=actor("neighbour"), topic=voting, words=TEXT)
    closed.refresh_from_db()
    return {
        "said_id": said.pk, "hiding_id": hidden.pk, "judged": judged.pk, "objection_id": objection.pk,
        "topic_id": talked.pk, "code": codes[0], "receipt": closed.ballots.first().hashed,  # type: ignore[union-attr]
        "of": {"answer": over.pk, "vote": voting.pk, "roll": voting.pk, "enter": voting.pk, "ballot": secret.pk,
               "sheets": printed.pk, "print": unprinted.pk, "result": closed.pk, "receipt": closed.pk},
    }  # fmt: skip


def _plan(ballot: str) -> Plan:
    begun = clock.now()
    votes = ballot != "none"
    return Plan(
        discuss_from=begun,
        discuss_until=begun + timedelta(days=2),
        answer_by=begun + timedelta(days=20),
        vote_until=begun + timedelta(days=4) if votes else None,
        ballot=ballot,
        least=2,
        options=OPTIONS if votes else (),
    )


def _vote_and_close(topic: Topic, actor: Callable[[str], Actor], now: datetime) -> None:
    with clock.at(now - timedelta(days=3)):
        run_polls(by=system("tick"))
        for name in ("villager", "village_cadre", "appraiser"):
            cast_open(by=actor(name), topic=topic, option=1)
