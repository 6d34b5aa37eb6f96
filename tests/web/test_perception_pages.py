"""The pages of sensors: a list, the way of one, and the devices of a station."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from api.counties import BY
from django.test import Client
from matrix_sensors import NAME, make_station
from web.village import VILLAGE, make_account, make_person, make_places

from cunzhi.base import clock
from cunzhi.perception.actions.observations import take
from cunzhi.perception.actions.roll_ups import roll_up_due
from cunzhi.perception.models import Datastream, Device
from cunzhi.perception.queries.devices import device_by
from cunzhi.perception.reading import read

NOON = clock.datetime.fromisoformat("2026-07-10T12:00:00+08:00")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def stream(db: None) -> Iterator[Datastream]:
    make_places()
    with clock.at(NOON):
        yield make_station(VILLAGE, every_seconds=600, simulated=True)


def signed_in(role: str, phone: str = "13800000002") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(make_account(make_person("王建国", phone), role), backend=BACKEND)
    return client


def test_list_shows_newest_value_last_word_and_silence(stream: Datastream) -> None:
    cadre = signed_in("village_cadre")
    said = cadre.get("/sensors/").content.decode()
    assert NAME in said
    assert "1.5 m" in said
    assert "模拟数据" in said
    assert "没有消息" not in said
    assert NAME not in cadre.get("/sensors/?place=500114").content.decode()
    with clock.at(NOON + timedelta(minutes=21)):
        assert "没有消息" in cadre.get("/sensors/").content.decode()
        assert "自 2026年7月10日 12:00 以来" in cadre.get(f"/sensors/{stream.pk}/").content.decode()


def test_way_of_a_sensor_is_drawn_with_its_table(stream: Datastream) -> None:
    times = [(NOON - timedelta(minutes=minutes), minutes) for minutes in range(5, 600, 5)]
    take(
        by=BY,
        items=[(stream.pk, read({"result": many, "phenomenonTime": at.isoformat()})) for at, many in times],
    )
    cadre = signed_in("village_cadre")
    with clock.at(NOON + timedelta(minutes=5)):
        roll_up_due()
        said = cadre.get(f"/sensors/{stream.pk}/").content.decode()
        assert "图中是每小时的平均、最低和最高值" in said
        assert said.count("<tr") > 10
        assert "图中是每天" in cadre.get(f"/sensors/{stream.pk}/?span=month").content.decode()
        assert cadre.get(f"/sensors/{stream.pk}/?span=nonsense").status_code == 200
    assert len(said.encode()) < 60_000


def test_device_gets_a_token_shown_once_and_loses_it(stream: Datastream) -> None:
    cadre, address = signed_in("village_cadre"), f"/stations/{stream.thing_id}/devices/"
    assert cadre.post(address, {"name": " "}).status_code == 422
    shown = cadre.post(address, {"name": "桥头"}).content.decode()
    secret = shown.split('class="secret">')[1].split("<")[0]
    device = device_by(secret)
    assert device is not None
    assert secret not in cadre.get(address).content.decode()
    assert cadre.post(f"/devices/{device.pk}/revoke/").status_code == 302
    assert device_by(secret) is None


@pytest.mark.parametrize("role", ["grid_worker", "supervisor", ""])
def test_devices_are_for_those_who_set_up_sensors(stream: Datastream, role: str) -> None:
    client = signed_in(role)
    answers: list[Any] = [client.post(f"/stations/{stream.thing_id}/devices/", {"name": "x"})]
    assert answers[0].status_code in (403, 404)
    assert Device.objects.count() == 0
    assert client.get("/sensors/").status_code == (200 if role else 403)
