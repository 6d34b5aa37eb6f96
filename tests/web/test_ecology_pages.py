"""What everybody sees of air, water and soil; and stills, which nobody sees without a reason."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from api.counties import BY
from django.test import Client
from matrix_sensors import NAME, make_station
from web.village import VILLAGE, make_account, make_person, make_places

from cunzhi.base import clock
from cunzhi.perception.actions.observations import take
from cunzhi.perception.actions.roll_ups import roll_up_due
from cunzhi.perception.models import Datastream
from cunzhi.perception.reading import read
from cunzhi.registry.models import Place

NOON = clock.datetime.fromisoformat("2026-07-10T12:00:00+08:00")
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = f"/places/{VILLAGE}/ecology/"


@pytest.fixture
def air(db: None) -> Iterator[Datastream]:
    """Fine dust of 500 by one reading today, of 40 all day yesterday."""
    make_places()
    with clock.at(NOON):
        stream = make_station(
            VILLAGE, substance="pm25", standard="air_2", public=True, simulated=True, every_seconds=3600
        )
        stream.observations.all().delete()
        Datastream.objects.update(unit={"name": "", "symbol": "µg/m³", "definition": ""})
        begin = NOON - timedelta(hours=36)
        values = [(begin + timedelta(hours=hour), 40.0) for hour in range(24)] + [(NOON, 500.0)]
        take(by=BY, items=[(stream.pk, read({"result": v, "phenomenonTime": at.isoformat()})) for at, v in values])
    with clock.at(NOON + timedelta(minutes=5)):
        roll_up_due()
        yield Datastream.objects.get()


def shown(path: str, language: str = "zh-hans", status: int = 200) -> str:
    answer = Client(headers={"accept-language": language}).get(path)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_everybody_sees_the_newest_value_and_the_day_held_against_its_limit(air: Datastream) -> None:
    said = shown(PAGE)
    assert "500µg/m³" in said
    assert "符合限值" in said and "超出限值" not in said
    assert "日平均（2026年7月9日）：40µg/m³；GB 3095-2026" in said and "不高于 60µg/m³" in said
    assert "还没有可比的年平均" in said
    assert "模拟数据" in said
    assert "没有消息" not in said
    assert "Within the limit" in shown(PAGE, "en")
    assert len(said.encode()) < 60_000


def test_what_is_not_said_to_be_public_is_not(air: Datastream) -> None:
    Datastream.objects.update(is_public=False)
    assert NAME not in shown(PAGE)
    shown(f"{PAGE}{air.pk}/", status=404)


def test_streams_of_another_place_and_places_that_are_none_answer_404(air: Datastream) -> None:
    Place.objects.create(system="gb", code="500114", name="黔江区", level="county", valid_from=date(2020, 1, 1))
    assert NAME in shown("/places/500113/ecology/")
    assert NAME not in shown("/places/500114/ecology/")
    shown(f"/places/500114/ecology/{air.pk}/", status=404)
    shown("/places/999999/ecology/", status=404)
    shown(f"{PAGE}{2**62}/", status=404)


def test_silence_and_units_that_differ_are_said(air: Datastream) -> None:
    Datastream.objects.update(unit={"name": "", "symbol": "mg/m³", "definition": ""})
    with clock.at(NOON + timedelta(hours=5)):
        said = shown(PAGE)
        assert "没有消息" in said
        assert "测的单位是 mg/m³，限值的单位是 µg/m3" in said
        assert "符合限值" not in said
        assert "自 2026年7月10日 12:00 以来" in shown(f"{PAGE}{air.pk}/")


def test_substance_without_a_limit_that_holds_is_not_judged(air: Datastream) -> None:
    Datastream.objects.update(substance="noise")
    assert "现行标准里还没有录入它的限值" in shown(PAGE)


@pytest.mark.parametrize(("span", "note"), [("day", "每小时"), ("month", "每天"), ("year", "每月"), ("junk", "每小时")])
def test_history_is_drawn_with_its_table(air: Datastream, span: str, note: str) -> None:
    said = shown(f"{PAGE}{air.pk}/?span={span}")
    assert f"图中是{note}的平均、最低和最高值" in said
    assert "<table" in said
    assert ("限值（GB 3095-2026" in said) == (span == "month")
    assert len(said.encode()) < 60_000


def test_page_of_a_place_leads_there(air: Datastream) -> None:
    assert PAGE in shown(f"/places/{VILLAGE}/")


def test_empty_place_says_so(db: None) -> None:
    make_places()
    assert "这里还没有公开的监测" in shown(PAGE)


def signed_in(role: str, phone: str = "13800000002") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(make_account(make_person("王建国", phone), role), backend=BACKEND)
    return client
