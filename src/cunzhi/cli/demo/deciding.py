"""What simulated villages decide in four deliberations: some are done, some under way, one meeting lacked a quorum."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from cunzhi.base import clock
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.doings import Doings
from cunzhi.cli.demo.papers import voucher
from cunzhi.cli.demo.pictures import drawn
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case
from cunzhi.meetings.actions import mark_present
from cunzhi.meetings.queries import open_meeting
from cunzhi.registry.actions.appointments import appoint

VILLAGES = 5
OFFICES = {"branch_member": 3, "party_member": 12, "committee_member": 4, "representative": 12}
SIGN_IN = ("branch_member", "party_member")
CHOSEN = "模拟：换届选举和党员大会"
ROAD = ("三社至五社道路硬化", "works", 260000, "硬化道路 1.2 公里，三家比价，十月底前完成。（模拟）")
SQUARE = ("文化广场翻修", "works", 38000, "翻修地面，加装照明和长椅，两个月完成。（模拟）")
POND = ("三社山坪塘发包", "assets", 0, "公开竞价发包三年，承包费交入集体账户。（模拟）")
CHARTER = ("村规民约修订", "charter", 0, "修订婚丧简办和环境卫生条款，条文见附件。（模拟）")
SHARE = ("集体经济收益分配", "funds", 120000, "提取公积金后按户分配。（模拟）")
WATER = ("饮水管网改造", "works", 96000, "更换主管道 800 米，分户装表。（模拟）")
LAMPS = ("四社安装路灯", "works", 21000, "安装太阳能路灯十盏。（模拟）")


def seat(village: Village, random: Random, since: Any) -> None:
    """Party members, committees and representatives of a village; a few of them may sign in."""
    grown = [one.person for one in village.villagers if one.age >= 18]
    for role, count in OFFICES.items():
        for person in random.sample(grown, count):
            appoint(person=person, role=role, place_code=village.place.code, basis=CHOSEN, by=BY, since=since)
            if role in SIGN_IN:
                village.officers.setdefault(role, []).append(person)


def plan_decisions(doings: Doings, villages: list[Village], county: str, end: datetime, random: Random) -> None:
    """Strew the decisions of the first villages over the year."""
    begin = end - timedelta(days=330)
    doings.at(begin, lambda: _switch_on(county))
    if len(villages) < VILLAGES:
        return
    matters = [
        (0, ROAD, 300, [*_through("representatives"), *_to_result()]),
        (0, SQUARE, 24, [*_first_two(), _call("call_members", 20, ahead=4)]),
        (1, POND, 44, [*_first_two(), *_too_few(), *_members(20), *_villagers("representatives", 26), _publish(40)]),
        (1, LAMPS, 2, []),
        (2, CHARTER, 120, _through("households")),
        (3, SHARE, 60, [*_first_two(), _call("call_members", 12, ahead=3), _hold("reject", 15, 0.9, 0.3)]),
        (4, WATER, 200, [*_through("representatives"), *_to_result(), _object(95)]),
    ]  # fmt: skip
    for place, what, ago, beats in matters:
        begun = (end - timedelta(days=ago)).replace(hour=9, minute=0)
        _Deciding(doings, villages[place], random).go(what, begun, beats)


Beat = tuple[float, str, dict[str, Any]]
"""After so many days: what is done, and with what."""


def _call(way: str, day: float, *, ahead: int, **more: Any) -> Beat:
    return day, "call", {"way": way, "ahead": ahead, **more}


def _hold(way: str, day: float, turnout: float, agreeing: float) -> Beat:
    return day + 0.4, "hold", {"way": way, "turnout": turnout, "agreeing": agreeing}


def _publish(day: float) -> Beat:
    return day, "step", {"way": "publish_decision"}


def _object(day: float) -> Beat:
    return day, "object", {}


def _first_two() -> list[Beat]:
    return [
        _call("call_branch", 1, ahead=1),
        _hold("branch_agrees", 2, 1, 1),
        _call("call_committees", 4, ahead=2),
        _hold("committees_agree", 6, 0.9, 0.9),
    ]


def _too_few() -> list[Beat]:
    return [_call("call_members", 9, ahead=3), (12.4, "hold", {"way": "members_too_few", "turnout": 0.4})]


def _members(day: float) -> list[Beat]:
    return [_call("call_members", day, ahead=3), _hold("members_agree", day + 3, 0.9, 0.85)]


def _villagers(gathering: str, day: float) -> list[Beat]:
    ahead = 11 if gathering == "households" else 5
    called = _call("call_villagers", day, ahead=ahead, gathering=gathering)
    return [called, _hold("villagers_decide", day + ahead, 0.85, 0.8)]


def _through(gathering: str) -> list[Beat]:
    return [*_first_two(), *_members(9), *_villagers(gathering, 14), _publish(27)]


def _to_result() -> list[Beat]:
    return [(90, "finish", {}), (91, "step", {"way": "publish_result"})]


def _switch_on(county: str) -> None:
    for scenario in ("decisions", "elections"):
        activate(by=BY, scenario=scenario, place_code=county, basis="模拟：区县组织部门通知", since=clock.today())


class _Deciding:
    """One matter of one village on its way."""

    def __init__(self, doings: Doings, village: Village, random: Random) -> None:
        self.doings, self.village, self.random = doings, village, random
        self.cadre = village.officer("village_cadre", random)
        self.case = Case()

    def go(self, what: tuple[str, str, int, str], begun: datetime, beats: list[Beat]) -> None:
        self.doings.at(begun, lambda: self._propose(what))
        for days, name, given in beats:
            doing = getattr(self, f"_{name}")
            self.doings.at(begun + timedelta(days=days), partial(doing, **given))

    def _propose(self, what: tuple[str, str, int, str]) -> None:
        title, matter, money, plan = what
        by, code = actor(self.village.officers["branch_member"][0]), self.village.place.code
        papers = [keep_file(by=by, data=voucher("PLAN"), name="方案.pdf", field="papers", place_code=code).pk]
        answers = {"title": title, "matter": matter, "plan": plan, "money": money, "papers": papers}
        self.case = open_case(by=by, scenario="decisions", workflow="decision", place_code=code, answers=answers)

    def _call(self, way: str, ahead: int, **more: Any) -> None:
        held_on = (clock.today() + timedelta(days=ahead)).isoformat()
        self._step(way, answers={"held_on": held_on, "hour": "19:30", "venue": "村便民服务中心会议室", **more})

    def _hold(self, way: str, turnout: float, agreeing: float | None = None) -> None:
        meeting = open_meeting(self.case.record)
        if meeting is None:
            return
        seats = list(meeting.seats.values_list("id", flat=True))
        came = self.random.sample(seats, round(len(seats) * turnout))
        mark_present(by=self.cadre, meeting=meeting, seats=came, how="clerk")
        self._step(way, answers={} if agreeing is None else self._counted(len(came), agreeing))

    def _counted(self, present: int, agreeing: float) -> dict[str, Any]:
        agreed, code = round(present * agreeing), self.village.place.code
        minutes = keep_file(
            by=self.cadre, data=voucher("MINUTES"), name="会议记录.pdf", field="minutes", place_code=code
        )
        photo = keep_picture(by=self.cadre, data=drawn(self.random), field="signatures", place_code=code)
        against = (present - agreed) // 2
        counts = {"agreed": agreed, "against": against, "abstained": present - agreed - against}
        return {**counts, "minutes": [minutes.pk], "signatures": [photo.pk]}

    def _finish(self) -> None:
        spent = round(int(self.case.answers["money"]) * 0.97)
        self._step("finish", answers={"outcome": "已按方案完成并验收。（模拟）", "spent": spent})

    def _object(self) -> None:
        by = actor(self.random.choice(self.village.villagers).person)
        self.doings.move(by, self.case, "object_result", reason="我家门口那一段还没有接通。")

    def _step(self, way: str, answers: dict[str, Any] | None = None) -> None:
        self.doings.move(self.cadre, self.case, way, answers=answers or {})
