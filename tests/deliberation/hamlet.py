"""A small village with people of every age and office, and topics put before it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from registry.town import COUNTY, OTHER_VILLAGE, TOWNSHIP, VILLAGE, make_actor, make_places

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.deliberation.actions.polls import run_polls
from cunzhi.deliberation.actions.sheets import hand_out, print_sheets
from cunzhi.deliberation.actions.topics import Plan, open_topic
from cunzhi.deliberation.models import Topic
from cunzhi.registry.actions.households import join_household, open_household
from cunzhi.registry.models import Person

START = datetime(2026, 3, 2, 9, tzinfo=clock.ZONE)
TICK = system("tick")
NAMES = ("张大明", "李小红", "王建国", "赵桂芳", "陈志强", "刘秀英", "周家富", "吴春梅")


def day(number: float) -> datetime:
    """So many days after the topic was opened."""
    return START + timedelta(days=number)


class Hamlet:
    """Eight adults and a child in four households, and those who hold office."""

    def __init__(self) -> None:
        make_places()
        self.people = [
            Person.objects.create(name=name, place_code=VILLAGE, born_on=date(1960 + 3 * place, 5, 6))
            for place, name in enumerate(NAMES)
        ]
        self.child = Person.objects.create(name="张小宝", place_code=VILLAGE, born_on=date(2015, 1, 1))
        self.homes = [
            open_household(place_code=VILLAGE, number=f"{place:03}", by=system("test"), head=self.people[2 * place])
            for place in range(4)
        ]
        for place, home in enumerate(self.homes):
            join_household(person=self.people[2 * place + 1], household=home, relation="spouse", by=system("test"))
        join_household(person=self.child, household=self.homes[0], relation="child", by=system("test"))
        self.cadre = make_actor("village_cadre", VILLAGE, "村干部甲")
        self.supervisor = make_actor("supervisor", VILLAGE, "监督委员乙")
        self.officer = make_actor("township_officer", TOWNSHIP, "乡镇干部丙")
        self.administrator = make_actor("administrator", COUNTY, "管理员丁")
        self.stranger = Actor(
            person_id=Person.objects.create(name="外村人", place_code=OTHER_VILLAGE, born_on=date(1980, 1, 1)).pk,
            channel="test",
        )

    def actor(self, number: int) -> Actor:
        return Actor(person_id=self.people[number].pk, channel="test")

    @property
    def witness(self) -> Person:
        return Person.objects.get(pk=self.supervisor.person_id)

    def topic(self, ballot: str = "none", options: Sequence[str] = ("同意", "不同意", "弃权"), **changes: Any) -> Topic:
        plan: dict[str, Any] = {"discuss_from": day(1), "discuss_until": day(5), "answer_by": day(15), "ballot": ballot}
        if ballot != "none":
            plan |= {"vote_until": day(8), "options": options, "least": 3}
        return open_topic(
            by=self.cadre,
            place_code=VILLAGE,
            title="村口装路灯",
            text="在村口到小学之间装十盏路灯。",
            plan=Plan(**{**plan, **changes}),
        )

    def polls(self, ballot: str, **changes: Any) -> tuple[Topic, list[str]]:
        """A topic whose polls are open, and the codes of its sheets when there are any; all were handed out."""
        topic = self.topic(ballot, **changes)
        with clock.at(day(5.1)):
            run_polls(by=TICK)
            topic.refresh_from_db()
            if ballot == "open":
                return topic, []
            drawn = print_sheets(by=self.supervisor, topic=topic)
            hand_out(by=self.supervisor, topic=topic, numbers=range(1, len(drawn) + 1))
        return topic, drawn


def close(topic: Topic) -> Topic:
    """Its time is over and the platform has come round."""
    with clock.at(day(8.01)):
        run_polls(by=TICK)
    topic.refresh_from_db()
    return topic
