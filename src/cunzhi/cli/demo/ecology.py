"""Air, water and what satellites see of the simulated county, with complaints and patrols: made up, and marked so."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import cos, pi
from random import Random
from typing import Any

import numpy as np
from shapely import box

from cunzhi.adapters.bands.checking import scene_of
from cunzhi.base import clock
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.doings import Doings
from cunzhi.cli.demo.pictures import drawn
from cunzhi.cli.demo.sensing import NOWHERE
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case
from cunzhi.engine.observing import OBSERVER
from cunzhi.perception.actions.changes import change
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take
from cunzhi.perception.actions.roll_ups import roll_up
from cunzhi.perception.actions.scenes import take_scene
from cunzhi.perception.actions.stills import take_still
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream, Thing
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM
from cunzhi.registry.queries.points import points_of

SCENARIO = "ecology"
MARK = "模拟数据"
DAYS = 365
HOUR, FOUR_HOURS = timedelta(hours=1), timedelta(hours=4)
Curve = Callable[[Random, float, int], float]
"""A value at a share of the year (0 is 1 January) and an hour of the day."""


def _dust(random: Random, year: float, hour: int) -> float:
    return max(4.0, round(32 + 17 * cos(2 * pi * (year - 0.04)) + 5 * cos(hour / 12 * pi) + random.gauss(0, 6)))


def _ammonia(random: Random, year: float, hour: int) -> float:
    return max(0.05, round(0.62 + 0.2 * cos(2 * pi * (year - 0.1)) + random.gauss(0, 0.12), 2))


def _oxygen(random: Random, year: float, hour: int) -> float:
    return max(1.0, round(7.4 + 1.3 * cos(2 * pi * year) + 0.4 * cos((hour - 15) / 12 * pi) + random.gauss(0, 0.2), 1))


STREAMS: tuple[tuple[str, str, str, str, str, timedelta, Curve], ...] = (
    ("生态空气站", "细颗粒物 PM2.5", "pm25", "air_2", "µg/m³", HOUR, _dust),
    ("河道水质站", "氨氮", "ammonia", "water_3", "mg/L", FOUR_HOURS, _ammonia),
    ("河道水质站", "溶解氧", "oxygen", "water_3", "mg/L", FOUR_HOURS, _oxygen),
)

COMPLAINTS = (("water", "三社沟边"), ("smell", "养殖场旁"), ("waste", "老井边"), ("smoke", "砖厂后"))


def plan_ecology(doings: Doings, villages: Sequence[Village], county: str, end: datetime, random: Random) -> None:
    """Complaints and rounds of the last two months."""
    begin = end - timedelta(days=60)
    doings.at(begin, partial(_switch_on, county))
    for village in villages[:6]:
        for number in range(3):
            at = begin + timedelta(days=random.randint(1, 57), hours=-random.randint(1, 4))
            doings.at(at, partial(_patrol, doings, village, random, drone=number == 2))
        doings.at(begin + timedelta(days=random.randint(2, 57), hours=-2), partial(_complain, doings, village, random))


def _switch_on(county: str) -> None:
    basis = "模拟：区县生态环境投诉办理办法"
    activate(by=BY, scenario=SCENARIO, place_code=county, basis=basis, since=clock.today())


def _photo(by: Any, random: Random, field: str, code: str) -> list[int]:
    return [keep_picture(by=by, data=drawn(random), field=field, place_code=code).pk]


def _patrol(doings: Doings, village: Village, random: Random, *, drone: bool) -> None:
    code = village.grids[0].code
    by = actor(village.officer_of("grid_worker", code))
    answers = {"means": "drone", "flight": "模拟登记号", "route": "河道上段"} if drone else {
        "means": "foot", "route": random.choice(("河边步道", "水库边", "林边")),
    }  # fmt: skip
    case = open_case(by=by, scenario=SCENARIO, workflow="patrol", place_code=code, answers=answers)
    found = random.choice(("nothing", "nothing", "water", "waste"))
    told: dict[str, Any] = {"found": found, "find_photos": _photo(by, random, "find_photos", code)}
    told |= {} if found == "nothing" else {"hand_on": random.choice(("yes", "no"))}
    doings.later(2, lambda: doings.move(by, case, "report", answers=told))


def _complain(doings: Doings, village: Village, random: Random) -> None:
    villager = random.choice(village.villagers).person
    by, code = actor(villager), villager.place_code
    kind, where = random.choice(
        (("water", "三社沟边"), ("smell", "养殖场旁"), ("waste", "老井边"), ("smoke", "砖厂后"))
    )
    answers = {"kind": kind, "where": where, "photos": _photo(by, random, "photos", code)}
    case = open_case(by=by, scenario=SCENARIO, workflow="complaint", place_code=code, answers=answers)
    worker = actor(village.officer_of("grid_worker", code))
    doings.later(4, lambda: _look(doings, worker, case, random))
    township = village.officer("township_officer", random)
    doings.later(20, lambda: doings.move(township, case, "handle", answers={"done": "已到场清理并约谈（模拟）。"}))
    doings.later(30, lambda: doings.move(by, case, "confirm"))


def _look(doings: Doings, worker: Any, case: Case, random: Random) -> None:
    photos = _photo(worker, random, "look_photos", case.place_code)
    doings.move(worker, case, "look", answers={"seen": "as_told", "look_photos": photos})


def measure(villages: Sequence[Village], end: datetime, seed: int) -> None:
    """A year of fine dust in one village and of river water in another; one still of a camera box; monthly scenes."""
    random = Random(seed + 11)
    end = min(end, clock.now().replace(minute=0, second=0, microsecond=0))
    begin = end - timedelta(days=DAYS)
    for station, what, substance, standard, unit, step, curve in STREAMS:
        village = villages[1 % len(villages)] if substance == "pm25" else villages[0]
        with clock.at(begin):
            properties = {"substance": substance, "standard": standard, "every_seconds": int(step.total_seconds()),
                          "days_kept": 400}  # fmt: skip
            stream = _stream(village, station, what, unit, "Measurement", properties)
        _fill(stream, begin, end, step, curve, random)
    with clock.at(end):
        box_ = _stream(villages[0], "排口相机盒子", "有人倾倒", "", "TruthObservation", {"days_kept": 30}, public=False)
        sent = {"result": True, "phenomenonTime": (end - 5 * HOUR).isoformat()}
        take_still(scope=Scope(BY), datastream=box_.pk, data=drawn(random), sent=sent)
    _scenes(villages[:3], end, random)
    for one in Datastream.objects.filter(sensor__name=OBSERVER):
        draft = Draft(BY_NAME["Datastreams"], {"properties": {**(one.properties or {}), "simulated": True}})
        change(scope=Scope(BY), entity=one, draft=draft)


def _stream(
    village: Village, station: str, what: str, unit: str, kind: str, properties: dict[str, Any], *, public: bool = True
) -> Datastream:
    """A datastream of a station, which is made when it is first named; both marked as simulated."""
    sensor = {"name": f"{station}（{MARK}）", "description": MARK, "encodingType": "text/plain", "metadata": MARK}
    seen = {"name": what, "description": MARK, "definition": f"urn:cunzhi:demo:{what}"}
    sent = {
        "name": f"{_short(village)}{what}",
        "description": MARK,
        "properties": {"simulated": True, **properties, "public": public},
        "unitOfMeasurement": {"name": unit, "symbol": unit, "definition": f"ucum:{unit}"},
        "observationType": f"{OM}{kind}",
    }
    links: dict[str, list[Any]] = {
        "Thing": [_station(village, station)],
        "Sensor": [Draft(BY_NAME["Sensors"], sensor)],
        "ObservedProperty": [Draft(BY_NAME["ObservedProperties"], seen)],
    }
    made = create(scope=Scope(BY), draft=Draft(BY_NAME["Datastreams"], sent, links), place_code=village.place.code)
    return Datastream.objects.get(pk=made.id)


def _station(village: Village, station: str) -> int:
    place, name = village.place, f"{_short(village)}{station}"
    there = Thing.objects.filter(place_code=place.code, name=name).first()
    if there is not None:
        return there.pk
    point = {"type": "Point", "coordinates": list(points_of([place.code]).get(place.code, NOWHERE))}
    where = {"name": place.name, "description": MARK, "encodingType": "application/geo+json", "location": point}
    thing = {"name": name, "description": MARK, "properties": {"simulated": True}}
    links = {"Locations": [Draft(BY_NAME["Locations"], where)]}
    return create(scope=Scope(BY), draft=Draft(BY_NAME["Things"], thing, links), place_code=place.code).id


def _short(village: Village) -> str:
    name = village.place.name
    return name.removesuffix("村民委员会").removesuffix("居民委员会") or name


def _fill(stream: Datastream, begin: datetime, end: datetime, step: timedelta, curve: Curve, random: Random) -> None:
    items, at = [], begin
    while at <= end:
        local = at.astimezone(clock.ZONE)
        value = curve(random, local.timetuple().tm_yday / 365, local.hour)
        items.append((stream.pk, read({"result": value, "phenomenonTime": at.isoformat()})))
        at += step
    with clock.at(end):
        take(by=BY, items=items)
        roll_up(stream.pk)


def _scenes(villages: Sequence[Village], end: datetime, random: Random) -> None:
    """Twelve scenes over made-up outlines: green in summer, grey in winter, some of it under cloud."""
    outlines = {
        one.place.code: box(west, 29.4, west + 0.01, 29.41)
        for one, west in zip(villages, (106.50, 106.52, 106.54), strict=False)
    }
    x = (106.5 + 0.0004 * (np.arange(130) + 0.5)).astype(np.float64)
    y = (29.41 - 0.0004 * (np.arange(25) + 0.5)).astype(np.float64)
    for month in range(12):
        at = end - timedelta(days=30 * (11 - month), hours=1)
        green = 0.42 - 0.2 * cos(2 * pi * at.timetuple().tm_yday / 365)
        noise = np.array([[random.gauss(0, 60) for _ in x] for _ in y])
        red, nir = 1500 + noise, (1500 * (1 + green) / (1 - green)) + noise
        clouds = np.full(red.shape, 4, dtype=np.uint8)
        clouds[:, : random.randint(0, 40)] = 9
        bands = {"red": red, "nir": nir, "swir2": np.full_like(red, 1400.0), "scl": clouds}
        with clock.at(at + HOUR):
            take_scene(
                by=BY, scene=scene_of(bands, (x, y, 4326), offset=0), at=at, outlines=outlines, source=MARK,
                simulated=True,
            )  # fmt: skip
    with clock.at(end):
        for pk in Datastream.objects.filter(substance__in=("ndvi", "nbr")).values_list("pk", flat=True):
            roll_up(pk)
