"""Hours and days, late values, what is let go, and silence: all by the clock, on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from api.counties import BY
from sensorthings.stations import DATASTREAM, LOCATION, VILLAGE, make_county

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.perception.actions.changes import remove
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take, take_one
from cunzhi.perception.actions.roll_ups import let_go_old, notice_silence, roll_up_due
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream, Observation, RollUp, Silence
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.queries.series import points
from cunzhi.perception.reading import read

NOON = datetime.fromisoformat("2026-07-10T12:00:00+08:00")


@pytest.fixture
def stream(db: None) -> Iterator[Datastream]:
    """A datastream that is heard every ten minutes and keeps single values for ten days; it is noon."""
    make_county()
    with clock.at(NOON - timedelta(days=30)):
        properties = {"every_seconds": 600, "days_kept": 10}
        sent = {**DATASTREAM, "properties": properties}
        kind = BY_NAME["Datastreams"]
        links = {name: [Draft(BY_NAME[f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"], sent.pop(name))]
                 for name in ("Sensor", "ObservedProperty")}  # fmt: skip
        inner = Draft(kind, sent, links)
        where = Draft(BY_NAME["Locations"], LOCATION)
        thing = Draft(
            BY_NAME["Things"], {"name": "g", "description": ""}, {"Locations": [where], "Datastreams": [inner]}
        )
        create(scope=Scope(BY), draft=thing, place_code=VILLAGE)
    with clock.at(NOON):
        yield Datastream.objects.get()


def see(stream: Datastream, result: float, at: datetime) -> int:
    return take_one(by=BY, datastream=stream.pk, reading=read({"result": result, "phenomenonTime": at.isoformat()})).id


def rolled(span: str) -> list[tuple[str, int, float, float, float]]:
    rows = RollUp.objects.filter(span=span).order_by("start")
    return [(f"{one.start.astimezone(clock.ZONE):%d %H:%M}", one.count, one.total, one.least, one.most) for one in rows]


def later(**length: int) -> "clock.contextmanager[None]":  # type: ignore[valid-type]
    return clock.at(NOON + timedelta(**length))


def test_hours_and_days_are_rolled_up_and_late_values_correct_them(stream: Datastream) -> None:
    for minutes, result in ((5, 1.0), (20, 3.0), (65, 5.0)):
        see(stream, result, NOON - timedelta(minutes=minutes))
    with later(minutes=5):
        assert roll_up_due() == 3
        assert roll_up_due() == 0
        assert rolled("hour") == [("10 10:00", 1, 5, 5, 5), ("10 11:00", 2, 4, 1, 3)]
        assert rolled("day") == [("10 00:00", 3, 9, 1, 5)]
        see(stream, 8.0, NOON - timedelta(minutes=30))
        see(stream, 2.0, NOON - timedelta(hours=36))
    with later(minutes=10):
        roll_up_due()
        assert rolled("hour")[-1] == ("10 11:00", 3, 12, 1, 8)
        assert rolled("day") == [("09 00:00", 1, 2, 2, 2), ("10 00:00", 4, 17, 1, 8)]


def test_values_that_are_taken_away_leave_the_roll_ups_too(stream: Datastream) -> None:
    first = see(stream, 1.0, NOON - timedelta(hours=2))
    see(stream, 3.0, NOON - timedelta(minutes=5))
    with later(minutes=5):
        roll_up_due()
        remove(scope=Scope(BY), entity=Observation.objects.get(pk=first))
        roll_up_due()
    assert rolled("hour") == [("10 11:00", 1, 3, 3, 3)]
    stream.refresh_from_db()
    assert stream.first_at == NOON - timedelta(minutes=5)


def test_old_values_go_and_their_hours_and_days_stay(stream: Datastream) -> None:
    with clock.at(NOON - timedelta(days=9)):
        for hours in range(20):
            see(stream, 1.0, NOON - timedelta(days=9, hours=hours))
    with later(days=5):
        assert roll_up_due() > 0
        let_go_old()
        before = rolled("day")
        assert Observation.objects.count() == 0
        with pytest.raises(Refused) as refused:
            see(stream, 7.0, NOON - timedelta(days=9))
        assert refused.value.code == "perception.too_old"
        see(stream, 7.0, clock.now())
    with later(days=5, minutes=5):
        roll_up_due()
        assert rolled("day")[:-1] == before


def test_values_that_were_never_rolled_up_are_before_they_go(stream: Datastream) -> None:
    with clock.at(NOON - timedelta(days=2)):
        see(stream, 4.0, NOON - timedelta(days=2))
    with later(days=9):
        let_go_old()
        assert Observation.objects.count() == 0
        assert rolled("day") == [("08 00:00", 1, 4, 4, 4)]


def test_clock_that_is_wrong_is_told_so(stream: Datastream) -> None:
    see(stream, 1.0, NOON + timedelta(minutes=9))
    for at, code in (
        (NOON + timedelta(minutes=11), "perception.clock_ahead"),
        (datetime.fromisoformat("1970-01-01T00:10:00+00:00"), "perception.clock_never_set"),
        (datetime.fromisoformat("2000-01-01T00:10:00+00:00"), "perception.clock_never_set"),
    ):
        with pytest.raises(Refused) as refused:
            see(stream, 1.0, at)
        assert refused.value.code == code


def test_no_word_for_two_periods_is_a_silence_until_it_speaks_again(stream: Datastream) -> None:
    see(stream, 1.0, NOON)
    with later(minutes=20):
        assert notice_silence() == 0
    with later(minutes=21):
        assert (notice_silence(), notice_silence()) == (1, 0)
        silence = Silence.objects.get()
        assert (silence.since, silence.place_code) == (NOON, VILLAGE)
        see(stream, 2.0, NOON + timedelta(minutes=1))
    with later(minutes=22):
        notice_silence()
        silence.refresh_from_db()
        assert silence.ended_at == NOON + timedelta(minutes=21)


def test_values_come_in_any_order_and_twice(stream: Datastream) -> None:
    readings = [read({"result": n, "phenomenonTime": (NOON - timedelta(minutes=n)).isoformat()}) for n in (3, 1, 2, 1)]
    outcomes = take(by=BY, items=[(stream.pk, one) for one in readings])
    assert [one.known for one in outcomes if not isinstance(one, Refused)] == [False, False, False, True]
    stream.refresh_from_db()
    assert (stream.first_at, stream.last_at) == (NOON - timedelta(minutes=3), NOON - timedelta(minutes=1))
    span, found = points(stream, NOON - timedelta(days=1), NOON)
    assert (span, [one.value for one in found]) == ("single", [3, 2, 1])
    many = [read({"result": 1, "phenomenonTime": (NOON - timedelta(minutes=n)).isoformat()}) for n in range(5, 200)]
    take(by=BY, items=[(stream.pk, one) for one in many])
    with later(minutes=5):
        roll_up_due()
        assert points(stream, NOON - timedelta(days=1), NOON)[0] == "hour"
