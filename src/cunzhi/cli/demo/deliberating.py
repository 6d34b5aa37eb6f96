"""What simulated villages talk over and vote on: a few topics in different phases, openly and with code sheets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.doings import Doings
from cunzhi.deliberation.actions.ballots import Office, cast_open, cast_secret, enter_open, enter_secret
from cunzhi.deliberation.actions.contributions import contribute, hide, support
from cunzhi.deliberation.actions.roll import draw_roll
from cunzhi.deliberation.actions.sheets import hand_out, print_sheets
from cunzhi.deliberation.actions.topics import Plan, answer, open_topic, reply
from cunzhi.deliberation.models import Contribution, Topic, Voter
from cunzhi.deliberation.queries.voters import voter_of
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import move, open_case

VILLAGES = 2
SAID = (
    "先试一个月，再看要不要改。", "老人多的院子先照顾到。", "以后谁来管要说清楚。",
    "钱怎么花要公示。", "请小组长挨家问一问。", "办好了在院坝会上说一声。",
)  # fmt: skip
PROPOSALS = (("村口装路灯", ""), ("把沙石路改成水泥路", "资金要等明年预算，年底前再议。"))
REMARKS = ("说得对。", "我家支持。", "再算算账。", "去年也说过这件事。", "可以先试一段时间。")


@dataclass
class Subject:
    """What a village talks over: words, options and how it votes."""

    title: str
    text: str
    ballot: str = Topic.Ballot.NONE
    options: tuple[str, ...] = ()


LAMPS = Subject(
    "村口到小学装路灯",
    "用集体经济收益装十盏路灯，约两万元。方案和预算已在公示栏张贴。",
    "open",
    ("同意", "不同意", "弃权"),
)
RUBBISH = Subject("垃圾清运费怎么收", "三个办法：按户、按人、从集体收益出。", "secret", ("按户收", "按人收", "集体出"))
SQUARE = Subject("文化广场晚上几点关音响", "有人跳舞，有人早睡。大家说说几点合适。", "open", ("晚上八点半", "晚上九点"))
DITCH = Subject("三社水沟改道", "水沟要不要从田边绕过去，先听大家意见。")


def plan_topics(doings: Doings, villages: list[Village], end: datetime, random: Random) -> None:
    """Strew them over the last months; the first villages have some, the others none yet."""
    with clock.at(end - timedelta(days=120)):
        county, since = villages[0].place.code[:6], clock.today()
        activate(by=BY, scenario="deliberation", place_code=county, basis="模拟：村级议事协商办法", since=since)
    for place, village in enumerate(villages[:VILLAGES]):
        shift = timedelta(days=3 * place)
        for days, (topic, reason) in zip((88, 40), PROPOSALS, strict=True):
            doings.at(end - timedelta(days=days) - shift, partial(_propose, doings, village, random, topic, reason))
        _plan(doings, Talks(village, LAMPS, random), end - timedelta(days=75) - shift, answered=True)
        _plan(doings, Talks(village, RUBBISH, random), end - timedelta(days=22) - shift, answered=place > 0)
        if place == 0:
            _plan(doings, Talks(village, SQUARE, random), end - timedelta(days=9), answered=False)
            _plan(doings, Talks(village, DITCH, random), end - timedelta(days=3), answered=False)


def _plan(doings: Doings, talks: "Talks", begun: datetime, *, answered: bool) -> None:
    """One topic from its opening to wherever it has come by the end of the year."""
    begun = begun.replace(hour=9, minute=0)
    doings.at(begun, talks.begin)
    doings.at(begun + timedelta(days=1.2), talks.talk)
    if talks.subject.ballot == Topic.Ballot.OPEN:
        doings.at(begun + timedelta(days=8.5), talks.vote_openly)
    if talks.subject.ballot == Topic.Ballot.SECRET:
        doings.at(begun + timedelta(days=8.5), talks.vote_with_codes)
    if answered:
        doings.at(begun + timedelta(days=18), talks.answer)


def _propose(doings: Doings, village: Village, random: Random, topic: str, reason: str) -> None:
    """Somebody proposes a topic; a few days later the committee takes it up, or says why not."""
    who = random.choice(village.villagers).person
    case = open_case(
        by=actor(who),
        scenario="deliberation",
        workflow="proposal",
        place_code=who.place_code,
        answers={"topic": topic, "why": "院坝会上好几家都说起。"},
    )

    def decide() -> None:
        cadre, way = village.officer("village_cadre", random), "decline" if reason else "take_up"
        move(by=cadre, case=case, transition=way, version=case.version, reason=reason)

    doings.later(20, decide)


@dataclass
class Talks:
    """One subject on its way through one village."""

    village: Village
    subject: Subject
    random: Random
    topics: list[Topic] = field(default_factory=list)

    @property
    def topic(self) -> Topic:
        return self.topics[0]

    @property
    def cadre(self) -> Actor:
        return self.village.officer("village_cadre", self.random)

    def begin(self) -> None:
        """A week of discussion, a week of voting, two weeks for the answer."""
        begun, subject = clock.now(), self.subject
        plan = Plan(
            discuss_from=begun,
            discuss_until=begun + timedelta(days=7, hours=9),
            vote_until=begun + timedelta(days=14, hours=9) if subject.options else None,
            answer_by=begun + timedelta(days=28, hours=9),
            ballot=subject.ballot,
            options=subject.options,
        )
        code, text = self.village.place.code, f"模拟：{subject.text}"
        self.topics.append(open_topic(by=self.cadre, place_code=code, title=subject.title, text=text, plan=plan))
        if subject.options:
            draw_roll(by=self.cadre, topic=self.topic)

    def talk(self) -> None:
        """Suggestions, remarks, support; one remark is hidden with a reason, one suggestion gets its reply."""
        people = self.random.sample(self.village.villagers, 8)
        suggestions = []
        for villager, text in zip(people, self.random.sample(SAID, 3), strict=False):
            suggestions.append(contribute(by=actor(villager.person), topic=self.topic, kind="suggestion", text=text))
        remarks = [
            contribute(by=actor(villager.person), topic=self.topic, kind="remark", text=text)
            for villager, text in zip(people[3:], REMARKS, strict=False)
        ]
        for villager in self.random.sample(self.village.villagers, 12):
            support(by=actor(villager.person), suggestion=self.random.choice(suggestions))
        cadre = self.cadre
        hide(by=cadre, contribution=_not_of(cadre.person_id, remarks), reason="点名说了别人家的私事。")
        reply(by=cadre, suggestion=suggestions[0], words="采纳，写进方案。")

    def vote_openly(self) -> None:
        """Most vote on their phones, some on paper at the office."""
        cadre, witness = self.cadre, self.village.officers["supervisor"][0]
        for villager in self.village.villagers:
            voter = voter_of(self.topic, villager.person)
            if voter is None or self.random.random() > 0.72:
                continue
            option = self.choice()
            if villager.age > 65 and witness.pk != villager.person.pk:
                paper = Office("paper", witness)
                enter_open(by=cadre, topic=self.topic, number=voter.number, option=option, office=paper)
            else:
                cast_open(by=actor(villager.person), topic=self.topic, option=option)

    def vote_with_codes(self) -> None:
        """The supervisor prints and hands out; people vote with what they drew, and some think again."""
        witness = self.village.officers["supervisor"][0]
        supervisor = actor(witness)
        codes = print_sheets(by=supervisor, topic=self.topic)
        self.random.shuffle(codes)
        numbers = list(Voter.objects.filter(topic=self.topic).values_list("number", flat=True))
        given = numbers[: int(len(numbers) * 0.85)]
        hand_out(by=supervisor, topic=self.topic, numbers=given)
        cadre = self.cadre
        for code in codes[: int(len(given) * 0.8)]:
            if self.random.random() < 0.2:
                office = Office("paper", witness)
                enter_secret(by=cadre, topic=self.topic, code=code, option=self.choice(), office=office)
            else:
                cast_secret(topic=self.topic, code=code, option=self.choice())
        for code in codes[:3]:
            with clock.at(clock.now() + timedelta(hours=self.random.randint(1, 20))):
                cast_secret(topic=self.topic, code=code, option=self.choice())

    def choice(self) -> int:
        """The first option is liked most."""
        count = self.topic.options.count()
        return self.random.choices(range(1, count + 1), range(count + 2, 2, -1))[0]

    def answer(self) -> None:
        """The committee does what most wanted."""
        answer(by=self.cadre, topic=self.topic, words="按票数最多的意见办理，结果和进度在公示栏公布。")


def _not_of(person_id: int | None, said: list[Contribution]) -> Contribution:
    return next(one for one in said if one.author_id != person_id)
