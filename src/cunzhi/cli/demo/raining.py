"""A simulated day of rain, told once: rain by night, a river that rises, a call that climbs because nobody answers, a
public warning, a villager who reports a crack; and at its end a slope that moves, of which nobody took notice yet."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cunzhi.alarms.actions.life import acknowledge, handle
from cunzhi.alarms.actions.settings import set_rule
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.models import Alarm
from cunzhi.alarms.rules_file import RuleSpec
from cunzhi.base import clock
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.sensing import station
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.alarming import announce, climb_alarms, look
from cunzhi.perception.actions.observations import take
from cunzhi.perception.models import Datastream
from cunzhi.perception.reading import read
from cunzhi.registry.access import holders
from cunzhi.registry.queries.places import name_of

SCENARIO = "warnings"
BASIS = "模拟：区县防汛应急预案"
STEP = timedelta(minutes=10)
RAIN = (1.5, 4.0, 9.5, 12.0, 6.0, 2.0, 0.5)
RISE = (2.0, 2.5, 2.9, 3.2, 3.3)
EBB = (2.8, 2.3, 1.9, 1.6, 1.5)
SLIPS = (4.0, 9.0, 21.0, 34.0)
RULES = (
    ("rain_blue", "短时强降雨", "Heavy rain within ten minutes", "rainstorm", "十分钟雨量", 8.0, "blue"),
    ("river_yellow", "河道水位偏高", "River high", "flood", "水位", 2.4, "yellow"),
    ("river_red", "河道超警戒水位", "River above the warning level", "flood", "水位", 3.0, "red"),
    ("slope_orange", "坡体位移加快", "Slope moving faster", "landslide", "地表位移", 30.0, "orange"),
)
"""Name, title in both languages, hazard, what is observed, from which value on, colour."""


def rain(villages: Sequence[Village], county: str, end: datetime) -> None:
    """The scenario is switched on with its rules; then the night, the morning, and what is open now."""
    wet, steep = villages[1 if len(villages) > 1 else 0], villages[0]
    with clock.at(end - timedelta(days=30)):
        activate(by=BY, scenario=SCENARIO, place_code=county, basis=BASIS, since=clock.today())
    with clock.at(end - timedelta(days=2)):
        _set_rules(county)
        gauge, river = (station(wet, name, expected=86_400) for name in ("雨量站", "河道水位站"))
        slope = station(steep, "位移站", expected=86_400)
    begin = end - timedelta(hours=10)
    _pours(gauge, begin)
    _rises(wet, river, begin + timedelta(minutes=30))
    _reports(wet, begin + timedelta(hours=5))
    _slips(slope)


def _set_rules(county: str) -> None:
    for name, title, english, hazard, observed, limit, colour in RULES:
        spec = RuleSpec.model_validate({
            "name": name, "title": {"zh_Hans": f"{title}（模拟）", "en": f"{english} (simulated)"}, "hazard": hazard,
            "observed": observed, "kind": "threshold", "limit": limit, "calm_limit": limit - 0.2, "colour": colour,
            "basis": BASIS,
        })  # fmt: skip
        set_rule(by=BY, place_code=county, spec=spec)


def _pours(gauge: Datastream, begin: datetime) -> None:
    """It pours for an hour; the alarm comes and ends by itself."""
    for number, value in enumerate(RAIN):
        _seen(gauge, value, begin + number * STEP)


def _rises(village: Village, river: Datastream, begin: datetime) -> None:
    """It rises within forty minutes. Nobody answers in the grid nor in the village; the township does, warns everybody,
    and the village goes there. Then it falls."""
    for number, level in enumerate(RISE):
        _seen(river, level, begin + number * STEP)
    red = begin + 3 * STEP
    _minutes_pass(red, red + timedelta(minutes=11))
    at = red + timedelta(minutes=12)
    alarm = Alarm.objects.get(datastream=river, cleared_at__isnull=True)
    officer = holders("township_officer", village.place.code).order_by("id").first()
    if officer is not None:
        with clock.at(at):
            acknowledge(by=actor(officer), alarm=alarm)
        with clock.at(at + timedelta(minutes=3)):
            announce(issue(by=actor(officer), draft=_warning(village, alarm)))
    with clock.at(at + timedelta(minutes=25)):
        cadre = village.officers["village_cadre"][0]
        handle(by=actor(cadre), alarm=alarm, words="沿河三户已转移到村小学，河边步道已拉警戒线。（模拟）")
    for number, level in enumerate(EBB, 3):
        _seen(river, level, at + number * STEP)


def _warning(village: Village, alarm: Alarm) -> Draft:
    place = village.place.code
    return Draft(
        place_code=place, hazard="flood", colour="red", headline=f"{name_of(place)}发布洪水红色预警（模拟）",
        description="河道水位超过警戒水位，还在上涨。模拟数据，不对应任何真实天气。",
        instruction="住在河边的马上到村小学去，叫上邻居，不要回头拿东西。", expires=clock.now() + timedelta(hours=6),
        contact="023-00000000", alarm=alarm,
    )  # fmt: skip


def _reports(village: Village, at: datetime) -> None:
    """In the morning somebody sees a crack; the village looks."""
    cadre, villager = actor(village.officers["village_cadre"][0]), actor(village.villagers[0].person)
    with clock.at(at):
        case = open_case(
            by=villager, scenario=SCENARIO, workflow="danger", place_code=village.grids[0].code,
            answers={"what": "slope", "where": "三社公路上方裂缝（模拟）"},
        )  # fmt: skip
    with clock.at(at + timedelta(minutes=12)):
        answers = {"done": "已拉警戒线并报镇应急办。（模拟）"}
        move(by=cadre, case=case, transition="deal", version=case.version, answers=answers)


def _slips(slope: Datastream) -> None:
    """Until now: called in the grid, the village and the township, and nobody has answered."""
    last = clock.now() - timedelta(minutes=32)
    for number, value in enumerate(SLIPS, 1 - len(SLIPS)):
        _seen(slope, value, last + number * STEP)
    _minutes_pass(last, clock.now())


def _seen(stream: Datastream, value: float, at: datetime) -> None:
    with clock.at(at):
        seen = {"result": value, "phenomenonTime": at.isoformat(), "parameters": {"simulated": True}}
        take(by=BY, items=[(stream.pk, read(seen))])
        look(BY, [stream.pk])


def _minutes_pass(begin: datetime, end: datetime) -> None:
    for at in _minutes(begin, end):
        with clock.at(at):
            climb_alarms(BY)


def _minutes(begin: datetime, end: datetime) -> Iterator[datetime]:
    at = begin + timedelta(minutes=1)
    while at <= end:
        yield at
        at += timedelta(minutes=1)
