"""A drill, the doors to knock at, and public warnings of the simulated county: one that has ended, two that hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cunzhi.alarms.actions.life import acknowledge, clear, raise_by_hand
from cunzhi.alarms.actions.senders import know_sender
from cunzhi.alarms.actions.warning import Draft, issue
from cunzhi.alarms.cap.message import Alert, Area, Info
from cunzhi.alarms.cap.writing import written
from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.cli.demo.cast import BY, Village, actor
from cunzhi.cli.demo.raining import BASIS, rain
from cunzhi.engine.alarming import announce, receive, tell
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.models import Household
from cunzhi.registry.queries.places import name_of

SENDER = "weather@simulated.example"


def warn(villages: Sequence[Village], county: str, end: datetime) -> None:
    """The day of rain, a drill before it, and what is in force at the end of the year."""
    end = min(end, clock.now().replace(second=0, microsecond=0))  # the year may end later today
    village = villages[1 if len(villages) > 1 else 0]
    rain(villages, county, end)
    with clock.at(end - timedelta(days=6)):
        _drill(village)
    _needs(village)
    _public(village, county, end)


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
