"""A flood one night of the simulated year: opened by the village, done by many hands, ended at dawn and reviewed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cunzhi import emergencies
from cunzhi.base import clock
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.doings import Doings
from cunzhi.emergencies.actions.arriving import enter_household, enter_others, knock
from cunzhi.emergencies.actions.planning import import_plans
from cunzhi.emergencies.models import Emergency, Shelter
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.leading import SCENARIO, Start, open_emergency
from cunzhi.engine.models import Case
from cunzhi.registry.access import holders
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.models import Household
from cunzhi.registry.queries.households import household_of, members

AGO, NEEDY = timedelta(days=100), 5
PLANS = Path(emergencies.__file__).parent / "data" / "simulated.yaml"
PLACES = (
    ("村小学", "Village school", 120, "[]"),
    ("老村委会二楼", "Old village office, first floor", 40, "[landslide]"),
    ("河边礼堂", "Hall by the river", 60, "[flood]"),
)
SAID = "已办，情况正常。（模拟）"


class Night:
    """What people do from ten past two until the review two days later."""

    def __init__(self, doings: Doings, villages: Sequence[Village], county: str, end: datetime) -> None:
        self.doings, self.village, self.county = doings, villages[0], county
        self.emergency: Emergency | None = None
        night = (end - AGO).replace(hour=2, minute=10)
        doings.at(night - timedelta(days=20), partial(self._prepare, villages))
        steps = (
            (0, self._open),
            (9, partial(self._finish, "village_cadre")),
            (14, self._knock),
            (18, self._arrive),
            (19, partial(self._finish, "grid_worker")),
            (30, self._redden),
            (38, partial(self._finish, "county_officer")),
            (52, self._moved),
            (65, partial(self._finish, "grid_head")),
            (75, self._give_up),
            (320, self._end),
            (2 * 24 * 60 + 480, self._review),
        )
        for minutes, step in steps:
            doings.at(night + timedelta(minutes=minutes), step)

    def _prepare(self, villages: Sequence[Village]) -> None:
        """The scenario is switched on for the county, the plans come from the file that is shipped, shelters with each
        village; a few households live where it floods."""
        today = clock.today()
        activate(by=BY, scenario=SCENARIO, place_code=self.county, basis="模拟：区县应急预案管理办法", since=today)
        text = PLANS.read_text(encoding="utf-8") + _shelters(villages)
        import_plans(by=BY, place_code=self.county, text=text, name=PLANS.name)
        for home in self._homes()[:NEEDY]:
            record_fact(subject=home, by=BY, element="household.hazard_site", value="flood", as_of=today,
                        source="模拟：隐患点排查")  # fmt: skip

    def _homes(self) -> list[Household]:
        """Households of the village, each once, in the order of its people."""
        found = {home.pk: home for one in self.village.villagers if (home := household_of(one.person))}
        return list(found.values())

    def _open(self) -> None:
        start = Start(self.village.place.code, "flood", "orange", seen="河水漫过步道，还在涨。（模拟）")
        self.emergency = open_emergency(by=actor(self.village.officers["village_cadre"][0]), start=start)

    @property
    def running(self) -> Emergency:
        assert self.emergency is not None  # noqa: S101  it is opened before anything else is done
        return self.emergency

    def _lead(self, way: str, **what: object) -> None:
        case = Case.objects.get(pk=self.running.case_id)
        self.doings.move(actor(self.village.officers["village_cadre"][0]), case, way, **what)

    def _tasks(self, office: str) -> list[Case]:
        open_ones = Case.objects.filter(parent_id=self.running.case_id, closed_at__isnull=True, waits_for=office)
        return list(open_ones.order_by("id"))

    def _finish(self, office: str) -> None:
        for case in self._tasks(office):
            who = holders(office, case.place_code).order_by("id").first()
            if who is not None:
                self.doings.move(actor(who), case, "finish", answers={"said": SAID})

    def _give_up(self) -> None:
        """The road is cut, so the things are brought by others; that stands in the report."""
        for case in self._tasks("township_officer"):
            who = holders("township_officer", case.place_code).order_by("id").first()
            if who is not None:
                self.doings.move(actor(who), case, "give_up", reason="进村公路被水淹，改由邻村送来。（模拟）")

    def _knock(self) -> None:
        cadre = actor(self.village.officers["village_cadre"][0])
        for home, found in zip(self._homes()[:NEEDY], ("going", "going", "help", "nobody"), strict=False):
            knock(by=cadre, emergency=self.running, household=home, found=found)

    def _arrive(self) -> None:
        """A few households by their number, and some who stand on the paper without one."""
        cadre, school = actor(self.village.officers["village_cadre"][0]), self._shelter("村小学")
        for home in self._homes()[:9]:
            heads = max(1, len(members(home)))
            enter_household(by=cadre, emergency=self.running, shelter=school, household=home, heads=heads)
        enter_others(by=cadre, emergency=self.running, shelter=self._shelter("河边礼堂"), heads=4)

    def _moved(self) -> None:
        """Those in the hall, which is not safe in a flood, are brought to the school."""
        cadre = actor(self.village.officers["village_cadre"][0])
        enter_others(by=cadre, emergency=self.running, shelter=self._shelter("河边礼堂"), heads=0)
        enter_others(by=cadre, emergency=self.running, shelter=self._shelter("村小学"), heads=4)

    def _shelter(self, name: str) -> Shelter:
        return Shelter.objects.get(place_code=self.village.place.code, name=f"{name}（模拟）")

    def _redden(self) -> None:
        self._lead("regrade", answers={"colour": "red"})

    def _end(self) -> None:
        self._lead("end")

    def _review(self) -> None:
        lessons = "敲门快；手电筒不够，已添置；进村公路会被淹，物资改为提前放在村里。（模拟）"
        self._lead("review", answers={"title": "沿河洪水处置复盘（模拟）", "lessons": lessons})


def _shelters(villages: Sequence[Village]) -> str:
    """Three shelters for every village, as they would stand in the file."""
    lines = ["shelters:"]
    for village in villages:
        for name, english, capacity, unsafe in PLACES:
            code, address = village.place.code, f"{village.place.name}{name}"
            lines.append(
                f"  - {{name: {{zh_Hans: {name}（模拟）, en: '{english} (simulated)'}}, place: '{code}', "
                f"capacity: {capacity}, address: {address}, keeper: 村委会值班室, unsafe_in: {unsafe}}}"
            )
    return "\n".join(lines) + "\n"


def plan_emergency(doings: Doings, villages: Sequence[Village], county: str, end: datetime) -> None:
    """Put the night into the year."""
    Night(doings, villages, county, end)
