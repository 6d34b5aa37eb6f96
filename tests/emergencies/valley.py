"""A village with a plan, two shelters, four households of which two need a knock, and people in every office."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from web.village import COUNTY, NAMED, TOWNSHIP, VILLAGE

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.emergencies.actions.planning import import_plans
from cunzhi.emergencies.models import Emergency, Shelter
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.leading import Start, open_emergency
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Household, Person, Place

NIGHT = datetime(2026, 7, 4, 18, 0, tzinfo=UTC)  # two in the morning of a Sunday
BY = system("test")
GRIDS = (f"{VILLAGE}001", f"{VILLAGE}002")
NEXT = "500113101201"
ELSEWHERE = "500113102200"
SEATS = {
    "grid_worker": GRIDS[0], "grid_head": GRIDS[0], "village_cadre": VILLAGE, "township_officer": TOWNSHIP,
    "county_officer": COUNTY, "administrator": COUNTY,
}  # fmt: skip
PLANS = """
simulated: true
plans:
  - hazard: flood
    title: {zh_Hans: 防汛预案, en: Flood plan}
    basis: 防汛办〔2026〕1号
    opens_by_itself: red
    duties:
      - {office: village_cadre, what: {zh_Hans: 打开安置点, en: Open the shelters}, minutes: {red: 15, orange: 30}}
      - {office: grid_worker, what: {zh_Hans: 敲门, en: Knock}, minutes: {red: 20, orange: 40}}
      - {office: county_officer, what: {zh_Hans: 通知水库, en: Tell the reservoir}, minutes: {red: 10}}
shelters:
  - name: {zh_Hans: 村小学, en: Village school}
    place: "500113101200"
    capacity: 10
    address: 石岗村一社
    keeper: 村小学值班室
    phone: 023-00000001
    latitude: 29.4
    longitude: 106.5
  - {name: {zh_Hans: 河边礼堂, en: Hall}, place: "500113101200", capacity: 5, address: 河边, keeper: 村委会,
     unsafe_in: [flood]}
"""


@dataclass
class Valley:
    """The people by their role, and the households by number."""

    people: dict[str, Person] = field(default_factory=dict)
    homes: dict[str, Household] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return Actor(person_id=self.people[name].pk, channel="test")

    @property
    def school(self) -> Shelter:
        return Shelter.objects.get(name="村小学")

    @property
    def hall(self) -> Shelter:
        return Shelter.objects.get(name="河边礼堂")

    def open(self, by: str = "village_cadre", **more: Any) -> Emergency:
        start = Start(**({"place_code": VILLAGE, "hazard": "flood", "colour": "orange"} | more))
        return open_emergency(by=self.actor(by), start=start)


def make_valley(*, plans: str = PLANS) -> Valley:
    more = [(grid, f"{number}网格", "grid") for number, grid in enumerate(GRIDS, 1)]
    more += [(NEXT, "邻村", "village"), (ELSEWHERE[:9], "邻镇", "township"), (ELSEWHERE, "邻镇村", "village")]
    for code, name, level in (*NAMED, *more):
        kind = "gb" if level == "county" else "nbs"
        Place.objects.create(system=kind, code=code, name=name, level=level, valid_from=date(2020, 1, 1))
    valley = Valley()
    for number, (role, seat) in enumerate(SEATS.items()):
        valley.people[role] = _person(f"王{role}", number, GRIDS[0])
        _appoint(valley.people[role], role, seat)
    valley.people["other_worker"] = _person("李二", 20, GRIDS[1])
    _appoint(valley.people["other_worker"], "grid_worker", GRIDS[1])
    valley.people["next_cadre"] = _person("邻甲", 21, NEXT)
    _appoint(valley.people["next_cadre"], "village_cadre", NEXT)
    for number, (name, place) in enumerate((("101", GRIDS[0]), ("102", GRIDS[0]), ("201", GRIDS[1]), ("301", NEXT))):
        head = _person(f"户{name}", 40 + number, place)
        valley.people[name] = head
        valley.homes[name] = open_household(place_code=place, number=name, by=BY, head=head)
    for name in ("101", "201"):
        record_fact(subject=valley.homes[name], by=BY, element="household.hazard_site", value="flood",
                    as_of=date(2026, 6, 1), source="隐患点排查")  # fmt: skip
    activate(by=BY, scenario="emergency", place_code=COUNTY, basis="区县应急方案", since=date(2026, 1, 1))
    import_plans(by=BY, place_code=COUNTY, text=plans, name="plans.yaml", since=date(2026, 1, 1))
    return valley


def _person(name: str, number: int, place_code: str) -> Person:
    return register_person(name=name, place_code=place_code, by=BY, phone=f"1390000{number:04}")


def _appoint(person: Person, role: str, place_code: str) -> None:
    appoint(person=person, role=role, place_code=place_code, basis="任职文件", by=BY, since=date(2026, 1, 1))


def at_night() -> Any:
    return clock.at(NIGHT)
