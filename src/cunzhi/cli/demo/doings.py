"""What the simulated people do in a year: each doing is an ordinary action at its moment, drawn from the seed."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.calendar import add_working_hours
from cunzhi.base.errors import Refused
from cunzhi.cli.demo.cast import BY, Village, Villager, actor
from cunzhi.cli.demo.pictures import drawn
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case
from cunzhi.engine.pickup import code_of
from cunzhi.engine.timers import tick
from cunzhi.ledger import actions as ledger
from cunzhi.ledger.models import Account
from cunzhi.ledger.queries import balance
from cunzhi.registry.models import Person
from cunzhi.registry.queries.households import household_of

DEEDS = {
    "clean_yard": 9,
    "sort_waste": 8,
    "help_elder": 5,
    "volunteer": 5,
    "join_meeting": 5,
    "repair_public": 2,
    "report_hazard": 2,
    "mediate": 1,
    "plain_wedding": 1,
    "protect_water": 2,
}
PROBLEMS = {"rubbish": 8, "sewage": 4, "lamp": 5, "road": 4}
SPOTS = ("村口", "小学旁", "三社桥头", "卫生室后面", "老井边", "文化广场", "二社岔路口", "河边步道")
REFUSALS = ("照片看不出做了什么。", "经核实不是本户做的。", "同一件事已经申报过。", "不属于积分范围。")
GAPS = ("照片太模糊，请重拍。", "请补充现场照片。", "请写明帮了谁家。")
Doing = Callable[[], None]


class Doings:
    """A queue of moments and what is done at each."""

    def __init__(self, seed: int, end: datetime) -> None:
        self.random = Random(seed + 1)
        self.end = end
        self._queue: list[tuple[datetime, int, Doing]] = []
        self._order = count()
        self._pictures = [drawn(self.random) for _ in range(60)]
        self.refused: dict[str, int] = {}

    def at(self, moment: datetime, doing: Doing) -> None:
        """Do something at a moment, unless that lies after the end of the year."""
        if moment < self.end:
            heapq.heappush(self._queue, (moment, next(self._order), doing))

    def later(self, hours: float, doing: Doing) -> None:
        """Do something so many working hours from now."""
        self.at(add_working_hours(clock.now(), hours), doing)

    def run_until(self, moment: datetime) -> int:
        """Do all that is due before a moment. What a rule refuses is part of life, and is counted."""
        done = 0
        while self._queue and self._queue[0][0] < moment:
            due, _, doing = heapq.heappop(self._queue)
            with clock.at(due):
                try:
                    doing()
                except Refused as refused:
                    self.refused[refused.code] = self.refused.get(refused.code, 0) + 1
            done += 1
        with clock.at(moment):
            tick()
        return done

    def _picture(self, by: Actor, field: str, code: str) -> list[int]:
        """Mostly a new picture, now and then one that was used before, and now and then a blurred one."""
        fate = self.random.random()
        data = self.random.choice(self._pictures) if fate < 0.06 else drawn(self.random, blurred=fate > 0.96)
        return [keep_picture(by=by, data=data, field=field, place_code=code).pk]

    def _chosen(self, weights: dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _hours(self, typical: float) -> float:
        return self.random.lognormvariate(0, 0.9) * typical

    # A deed and what follows

    def report_deed(self, village: Village, villager: Villager) -> None:
        code = villager.person.place_code
        helper = villager.age > 68 and self.random.random() < 0.7
        worker = village.officer_of("grid_worker", code)
        by = actor(worker).on_behalf_of(villager.person.pk) if helper else actor(villager.person)
        answers: dict[str, Any] = {
            "deed": self._chosen(DEEDS),
            "done_on": (clock.today() - timedelta(days=self.random.choice((0, 0, 0, 1, 2)))).isoformat(),
            "photos": self._picture(by, "photos", code),
        }
        consent = "当面同意代办" if helper else ""
        case = open_case(by=by, scenario="points", workflow="deed", place_code=code, answers=answers, consent=consent)
        if self.random.random() < 0.97:
            self.later(self._hours(6), lambda: self._recheck(village, villager, case, answers))

    def _recheck(self, village: Village, villager: Villager, case: Case, answers: dict[str, Any]) -> None:
        appraiser = village.officer("appraiser", self.random)
        fate = self.random.random()
        if fate < 0.05:
            self.move(appraiser, case, "send_back", reason=self.random.choice(GAPS))
            self.later(self._hours(8), lambda: self._complete(village, villager, case, answers))
        elif fate < 0.14:
            self.move(appraiser, case, "refuse", reason=self.random.choice(REFUSALS))
            if self.random.random() < 0.4:
                self.later(self._hours(10), lambda: self._appeal(village, villager, case))
        else:
            seen = self.random.choice(("visited", "asked", "photo", "photo"))
            self.move(appraiser, case, "approve", answers={"seen": seen})
            if self.random.random() < 0.02:
                self.later(3, lambda: self._object(village, villager, case))

    def _complete(self, village: Village, villager: Villager, case: Case, answers: dict[str, Any]) -> None:
        by = actor(villager.person)
        again = {**answers, "photos": self._picture(by, "photos", case.place_code)}
        self.move(by, case, "complete", answers=again)
        self.later(self._hours(6), lambda: self._recheck(village, villager, case, again))

    def _object(self, village: Village, villager: Villager, case: Case) -> None:
        others = [one for one in village.villagers if one.person.place_code != villager.person.place_code]
        self.move(actor(self.random.choice(others).person), case, "object", reason="听说当天人不在村里。")
        way = self.random.choice(("keep", "keep", "cancel"))
        reason = "经查，情况属实，异议不成立。" if way == "keep" else "经查，异议成立。"
        self.later(
            self._hours(8), lambda: self.move(village.officer("supervisor", self.random), case, way, reason=reason)
        )

    def _appeal(self, village: Village, villager: Villager, case: Case) -> None:
        self.move(actor(villager.person), case, "appeal", answers={"grounds": "确实是我家做的，邻居可以作证。"})
        way = self.random.choice(("grant_appeal", "refuse_appeal"))
        township = village.officer("township_officer", self.random)
        answers = {"seen": "asked"} if way == "grant_appeal" else {}
        self.later(
            self._hours(14), lambda: self.move(township, case, way, answers=answers, reason="已向评议组和邻居了解。")
        )

    # An exchange

    def redeem(self, village: Village, villager: Villager) -> None:
        affordable = [item for item in village.goods if item.price <= _points(village, villager)]
        if not affordable:
            return
        item = self.random.choice(affordable)
        answers = {"goods": str(item.pk), "quantity": self.random.choice((1, 1, 1, 2))}
        case = open_case(
            by=actor(villager.person),
            scenario="points",
            workflow="redeem",
            place_code=villager.person.place_code,
            answers=answers,
        )
        fate = self.random.random()
        keeper = village.officer("shopkeeper", self.random)
        if fate < 0.86:
            self.later(self._hours(8), lambda: self.move(keeper, case, "hand_over", code=code_of(case)))
        elif fate < 0.92:
            self.later(self._hours(8), lambda: self.move(actor(villager.person), case, "cancel", reason="想换别的。"))

    # A problem and its mending

    def report_problem(self, village: Village, villager: Villager) -> None:
        code = villager.person.place_code
        worker = village.officer_of("grid_worker", code)
        by = actor(villager.person) if self.random.random() < 0.7 else actor(worker)
        answers: dict[str, Any] = {"kind": self._chosen(PROBLEMS), "where": self.random.choice(SPOTS)}
        if self.random.random() < 0.7:
            answers["photos"] = self._picture(by, "photos", code)
        case = open_case(by=by, scenario="living_environment", workflow="problem", place_code=code, answers=answers)
        head = actor(village.officer_of("grid_head", code))
        if self.random.random() < 0.05:
            self.later(self._hours(3), lambda: self._decline(village, by, head, case))
        elif self.random.random() < 0.96:
            self.later(self._hours(3), lambda: self._assign(by, head, worker, case))

    def _decline(self, village: Village, reporter: Actor, head: Actor, case: Case) -> None:
        self.move(head, case, "decline", reason="属于国省干线，已转交通部门。")
        if self.random.random() < 0.5:
            self.later(self._hours(6), lambda: self.move(reporter, case, "appeal", answers={"grounds": "那段是村道。"}))
            township = village.officer("township_officer", self.random)
            self.later(self._hours(30), lambda: self.move(township, case, "take_up"))

    def _assign(self, reporter: Actor, head: Actor, worker: Person, case: Case) -> None:
        self.move(head, case, "assign", answers={"worker": str(worker.pk)})
        if self.random.random() < 0.95:
            self.later(self._hours(12), lambda: self._finish(reporter, actor(worker), case))

    def _finish(self, reporter: Actor, worker: Actor, case: Case) -> None:
        photos = self._picture(worker, "done_photos", case.place_code)
        self.move(worker, case, "finish", answers={"done_photos": photos, "done_note": "已处理完毕。"})
        fate = self.random.random()
        if fate < 0.55:
            self.later(self._hours(4), lambda: self.move(reporter, case, "confirm"))
        elif fate < 0.63:
            self.later(self._hours(4), lambda: self.move(reporter, case, "reopen", reason="还没有完全弄好。"))
            self.later(self._hours(20) + 10, lambda: self._finish(reporter, worker, case))

    def answer_call_back(self, village: Village) -> None:
        """The cadre rings back those who were drawn."""
        waiting = Case.objects.filter(workflow="call_back", state="waiting", place_code__startswith=village.place.code)
        for case in waiting:
            reached = self.random.random() < 0.8
            answers = {"reached": "reached" if reached else "not_reached"}
            if reached:
                answers["satisfied"] = self._chosen({"content": 7, "so_so": 2, "not_content": 1})
            self.move(village.officer("village_cadre", self.random), case, "answer", answers=answers)

    # The books

    def fund(self, village: Village, amount: int, quarter: str) -> None:
        cadre = village.officer("village_cadre", self.random)
        key = f"demo:fund:{village.place.code}:{quarter}"
        ledger.fund(
            by=cadre,
            place_code=village.place.code,
            amount=amount,
            basis=f"模拟：{quarter} 集体经济收益分配决议",
            key=key,
        )

    def stock(self, village: Village, month: str) -> None:
        for item in village.goods:
            key = f"demo:stock:{item.pk}:{month}"
            ledger.stock_in(
                by=BY, item=item, quantity=self.random.randint(2, 12), key=key, basis=f"模拟：{month} 进货单"
            )

    def move(self, by: Actor, case: Case, way: str, **what: Any) -> None:
        """Take a step of a case as it stands now."""
        now = Case.objects.get(pk=case.pk)
        move(by=by, case=now, transition=way, version=now.version, **what)


def _points(village: Village, villager: Villager) -> int:
    """What stands on the household's account."""
    home = household_of(villager.person)
    account = Account.objects.filter(
        book__place_code=village.place.code, kind="household", holder=f"household:{home.pk if home else 0}"
    ).first()
    return balance(account) if account else 0
