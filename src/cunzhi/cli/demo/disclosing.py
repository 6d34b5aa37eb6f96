"""What the simulated villages make public: accounts with vouchers, columns in time and late, corrections, questions."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.periods import Period, in_words
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.doings import Doings
from cunzhi.cli.demo.papers import voucher
from cunzhi.disclosures.actions import count_view, subscribe
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.models import Case, Notice
from cunzhi.engine.queries.notices import public_notices
from cunzhi.ledger.charts import MONEY
from cunzhi.ledger.money import left_at_end
from cunzhi.ledger.queries import book_of

DAYS = 125
"""How long before the end of the year disclosure was switched on."""
FIRST = timedelta(days=2)
INCOME = (("lease", "山坪塘和集体土地承包费", 1800, 5200), ("subsidy", "上级转移支付", 6000, 15000))
EXPENSE = (
    ("cleaning", "保洁用品和垃圾清运", 260, 900),
    ("works", "村道和路灯维修", 500, 4200),
    ("wages", "公益岗位误工补贴", 300, 1600),
    ("office", "便民服务站水电和办公", 120, 480),
    ("welfare", "重阳节慰问", 400, 1500),
)
TEXTS = {
    "finance": "本月每一笔收入和支出都附有凭证，点开“看每一笔和凭证”可以查看。（模拟）",
    "funds": "本月没有新增救灾救助资金；高龄补贴按名册足额发放，名册在便民服务站查看。（模拟）",
    "decisions": "村民代表会议决定的路灯安装已完成三分之二，剩余部分下月完工。（模拟）",
    "government_work": "协助办理医保缴费、森林防火巡查和人口信息核对。（模拟）",
    "points_shop": "积分发放和兑换情况见公示，超市本季度进货四次，盘点无短缺。（模拟）",
}
MATTERS = (("三社山坪塘发包", "公开竞价，承包三年，承包费每年2000元。"), ("文化广场维修", "预算38000元，三家比价。"))
QUESTIONS = (
    ("路灯维修找的哪家？", "镇上的电力服务部，比价单已附在凭证里。"),
    ("承包费什么时候交？", "每年三月底前一次交清。"),
    ("清运费怎么比上月多？", "上月底清理了河道，多跑了两车。"),
)
OFFENCE = "他家凭什么，肯定有鬼！"


class Disclosing:
    """Disclosure in all villages; one of them has a cadre who puts it off."""

    def __init__(self, doings: Doings, county: str, end: datetime) -> None:
        self.doings, self.random = doings, doings.random
        self.begin = end - timedelta(days=DAYS)
        self.county = county
        doings.at(self.begin, self._switch_on)

    def plan(self, village: Village, *, slow: bool) -> None:
        """Strew what a village books and makes public over the days since then."""
        doings, begin = self.doings, self.begin
        doings.at(begin + FIRST, partial(self._book, village, "income", "opening", "上年结转", 20000, 60000))
        for day in range(3, DAYS, 12):
            side, kinds = ("income", INCOME) if day % 36 == 3 else ("expense", EXPENSE)
            doings.at(begin + timedelta(days=day), partial(self._book, village, side, *self.random.choice(kinds)))
        for day in range(6, DAYS, 4):
            doings.at(begin + timedelta(days=day), partial(self._draft, village, 0.12 if slow else 0.75))
        for number, (title, text) in enumerate(MATTERS[: 1 if slow else 2]):
            at = begin + timedelta(days=30 + 40 * number)
            doings.at(at, partial(self._tell, village, title, text))
        for day in self.random.sample(range(45, DAYS), 2):
            doings.at(begin + timedelta(days=day), partial(self._ask, village))
        doings.at(begin + timedelta(days=40), partial(self._correct, village))

    def _switch_on(self) -> None:
        for scenario in ("disclosure", "accounts"):
            activate(by=BY, scenario=scenario, place_code=self.county, basis="模拟：区县村务公开工作方案")

    def _cadre(self, village: Village) -> Actor:
        return actor(village.officers["village_cadre"][0])

    def _supervisor(self, village: Village) -> Actor:
        return actor(village.officers["supervisor"][0])

    def _open(self, village: Village, scenario: str, workflow: str, by: Actor, answers: dict[str, Any]) -> Case:
        code = village.place.code
        return open_case(by=by, scenario=scenario, workflow=workflow, place_code=code, answers=answers)

    def _book(self, village: Village, side: str, kind: str, purpose: str, low: int, high: int) -> None:
        by, fen = self._cadre(village), self.random.randint(low * 100, high * 100)
        paper = voucher(f"{side} / {kind}", f"{fen / 100:.2f} CNY", f"{clock.today()}")
        sent = keep_file(by=by, data=paper, name="凭证.pdf", field="vouchers", place_code=village.place.code)
        answers = {
            "direction": side, f"{side}_category": kind, "amount": f"{fen / 100:.2f}", "purpose": f"{purpose}（模拟）",
            "paid_on": clock.today().isoformat(), "vouchers": [sent.pk], "masked": ["yes"],
        }  # fmt: skip
        case = self._open(village, "accounts", "entry", by, answers)
        self.doings.later(4, lambda: self.doings.move(self._supervisor(village), case, "book"))

    def _draft(self, village: Village, zeal: float) -> None:
        """Draft some of what the calendar put into the inbox."""
        waiting = Case.objects.filter(workflow="disclosure", state="drafting", place_code=village.place.code)
        for case in waiting.exclude(key=None):
            if self.random.random() < zeal:
                self._submit(village, case)

    def _submit(self, village: Village, case: Case, title: str = "", text: str = "") -> None:
        column, period = case.answers["column"], Period.parse(case.answers["period"])
        named = case_title(column, period)
        answers = {"title": title or named, "text": text or TEXTS[column], "masked": ["yes"]}
        book = book_of(village.place.code, MONEY)
        if column == "finance" and book:
            answers["counted"] = f"{left_at_end(book, period) / 100:.2f}"
        owner = "shopkeeper" if column == "points_shop" else "village_cadre"
        self.doings.move(actor(village.officers[owner][0]), case, "submit", answers=answers)
        self.doings.later(self.random.uniform(2, 9), lambda: self._check(village, case))

    def _check(self, village: Village, case: Case) -> None:
        by = self._supervisor(village)
        if self.random.random() < 0.08:
            self.doings.move(by, case, "send_back", reason="正文请写得再明白一些。")
        else:
            self.doings.move(by, case, "publish", answers={"looked_at": ["content", "masks"]})

    def _tell(self, village: Village, title: str, text: str, corrects: str = "") -> None:
        answers = {"column": "great_matters", "period": str(clock.today().year)}
        if corrects:
            answers["corrects"] = corrects
        case = self._open(village, "disclosure", "disclosure", self._cadre(village), answers)
        self._submit(village, case, f"{title}（模拟）", text)

    def _correct(self, village: Village) -> None:
        old = public_notices(village.place.code).filter(column="great_matters").first()
        if old is not None and self.random.random() < 0.6:
            self._tell(village, "更正：三社山坪塘发包", "承包费应为每年2200元，合同已附在便民服务站。", str(old.pk))

    def _ask(self, village: Village) -> None:
        """Somebody reads, subscribes and asks; hardly anybody is rude."""
        villager = self.random.choice(village.villagers).person
        notices = list(public_notices(village.place.code)[:3])
        if not notices:
            return
        subscribe(by=actor(villager), place_code=village.place.code)
        self._read(notices)
        asked, answer = self.random.choice(QUESTIONS)
        rude = self.random.random() < 0.12
        answers = {"notice": str(notices[0].pk), "question": OFFENCE if rude else asked}
        case = self._open(village, "disclosure", "question", actor(villager), answers)
        if rude:
            self.doings.later(
                5, lambda: self.doings.move(self._supervisor(village), case, "put_aside", reason="没有依据。")
            )
        else:
            hours = self.random.uniform(3, 30)
            given = {"answer": f"{answer}（模拟）"}
            self.doings.later(hours, lambda: self.doings.move(self._cadre(village), case, "answer", answers=given))

    def _read(self, notices: list[Notice]) -> None:
        for one in notices:
            for device in range(self.random.randint(1, 6)):
                count_view(record=one.record, place_code=one.place_code, device=f"simulated {device}")


def case_title(column: str, period: Period) -> str:
    """The title that a cadre gives to a column of a period."""
    names = {
        "finance": "财务收支", "funds": "救助和补贴资金", "decisions": "会议决定实施情况",
        "government_work": "协助政府工作情况", "points_shop": "积分和超市情况",
    }  # fmt: skip
    return f"{in_words(period).zh_Hans}{names.get(column, '重大事项')}（模拟）"
