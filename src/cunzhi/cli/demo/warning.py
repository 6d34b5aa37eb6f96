"""A simulated river rises by night: nobody in the grid answers at first. Beside it a drill, and two warnings as CAP."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cunzhi.alarms.actions.life import acknowledge, clear, handle, raise_by_hand
from cunzhi.alarms.actions.receiving import know_sender
from cunzhi.alarms.actions.settings import set_rule
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.cap.message import Alert, Area, Info
from cunzhi.alarms.cap.writing import written
from cunzhi.alarms.models import Alarm
from cunzhi.alarms.rules_file import RuleSpec
from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.sensing import station
from cunzhi.engine.alarming import announce, climb_alarms, look, receive, tell
from cunzhi.perception.actions.observations import take
from cunzhi.perception.models import Datastream
from cunzhi.perception.reading import read
from cunzhi.registry.access import holders
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.models import Household
from cunzhi.registry.queries.places import name_of

SENDER = "weather@simulated.example"
RISE = (2.0, 2.5, 2.9, 3.2, 3.3)
EBB = (2.8, 2.3, 1.9, 1.6, 1.5)
STEP = timedelta(minutes=10)
BASIS = "模拟：区县防汛应急预案"


def warn(villages: Sequence[Village], county: str, end: datetime) -> None:
    """Rules, the rising river, a drill, and what is in force at the end of the year."""
    end = min(end, clock.now().replace(second=0, microsecond=0))  # the year may end later today
    village = villages[1 if len(villages) > 1 else 0]
    with clock.at(end - timedelta(days=2)):
        _set_rules(county)
        station(village, "河道水位站", expected=86_400)
    _rise(village, Datastream.objects.latest("pk"), end - timedelta(hours=9))
    with clock.at(end - timedelta(days=6)):
        _drill(village)
    _needs(village)
    _public(village, county, end)


def _set_rules(county: str) -> None:
    kinds = (
        ("river_yellow", "河道水位偏高", "River high", 2.4, "yellow"),
        ("river_red", "河道超警戒水位", "River above the warning level", 3.0, "red"),
    )
    for name, title, english, limit, colour in kinds:
        spec = RuleSpec.model_validate({
            "name": name, "title": {"zh_Hans": f"{title}（模拟）", "en": f"{english} (simulated)"}, "hazard": "flood",
            "observed": "水位", "kind": "threshold", "limit": limit, "calm_limit": limit - 0.2, "colour": colour,
            "basis": BASIS,
        })  # fmt: skip
        set_rule(by=BY, place_code=county, spec=spec)


def _rise(village: Village, river: Datastream, begin: datetime) -> None:
    """It rises within forty minutes, climbs to the township, is answered there, and goes back."""
    at = begin
    for level in RISE:
        at = _flows(river, level, at)
    for _ in range(12):
        at += timedelta(minutes=1)
        with clock.at(at):
            climb_alarms(BY)
    alarm = Alarm.objects.get(datastream=river, cleared_at__isnull=True)
    officer = holders("township_officer", village.place.code).order_by("id").first()
    cadre = village.officers["village_cadre"][0]
    if officer is not None:
        with clock.at(at):
            acknowledge(by=actor(officer), alarm=alarm)
    with clock.at(at + timedelta(minutes=25)):
        handle(by=actor(cadre), alarm=alarm, words="沿河三户已转移到村小学，河边步道已拉警戒线。（模拟）")
    at += timedelta(minutes=30)
    for level in EBB:
        at = _flows(river, level, at)


def _flows(river: Datastream, level: float, at: datetime) -> datetime:
    with clock.at(at):
        seen = {"result": level, "phenomenonTime": at.isoformat(), "parameters": {"simulated": True}}
        take(by=BY, items=[(river.pk, read(seen))])
        look(BY, [river.pk])
    return at + STEP


def _drill(village: Village) -> None:
    alarm = raise_by_hand(
        by=BY, place_code=village.place.code, hazard="landslide", colour="orange", words="汛前避险转移演练（模拟）",
        drill=True, tell=tell,
    )  # fmt: skip
    worker = village.officers["grid_worker"][0]
    with clock.at(clock.now() + timedelta(minutes=4)):
        acknowledge(by=actor(worker), alarm=alarm)
    with clock.at(clock.now() + timedelta(minutes=40)):
        clear(by=BY, alarm=alarm, outcome="drill")


def _needs(village: Village) -> None:
    """Some households below a slope and by the river, so that there are doors to knock at."""
    homes = list(Household.objects.filter(under(village.place.code)).order_by("number")[:9])
    for number, home in enumerate(homes):
        if number % 3 == 0:
            value = "landslide" if number % 2 else "flood"
            record_fact(subject=home, by=BY, element="household.hazard_site", value=value, as_of=clock.today(),
                        source="模拟：隐患点排查")  # fmt: skip


def _public(village: Village, county: str, end: datetime) -> None:
    """One warning that has ended, one that holds, and one of the simulated weather service that holds."""
    with clock.at(end - timedelta(days=20)):
        know_sender(by=BY, sender=SENDER, name="模拟气象台", place_code=county, basis=BASIS)
        announce(issue(by=BY, draft=_draft(county, "heat", "yellow", "发布高温黄色预警（模拟）", 12)))
    with clock.at(end - timedelta(hours=1)):
        township = village.place.code[:9]
        announce(issue(by=BY, draft=_draft(township, "landslide", "blue", "发布地质灾害蓝色预警（模拟）", 24)))
        receive(BY, _message(county, "暴雨", "11B03"))


def _draft(place_code: str, hazard: str, colour: str, headline: str, hours: int) -> Draft:
    return Draft(
        place_code=place_code, hazard=hazard, colour=colour, headline=f"{name_of(place_code)}{headline}",
        description="模拟数据，不对应任何真实天气。", instruction="住在坡脚、河边的，听到通知马上离开。",
        expires=clock.now() + timedelta(hours=hours), contact="023-00000000",
    )  # fmt: skip


def _message(county: str, event: str, code: str) -> bytes:
    """What a weather service would send."""
    now = clock.now()
    info = Info(
        category="Met", event=f"{event}蓝色预警", urgency="Future", severity="Minor", certainty="Likely",
        expires=now + timedelta(hours=12), sender_name="模拟气象台", event_codes=(("event", code),),
        headline=f"模拟气象台发布{event}蓝色预警（模拟）", description="12 小时内降雨量将达 50 毫米。（模拟）",
        instruction="出门带伞，收好晾晒的东西，少去河边。",
        areas=(Area(name_of(county), codes=(("division", county),)),),
    )  # fmt: skip
    return written(Alert("simulated-1", SENDER, now, "Actual", "Alert", infos=(info,))).encode()
