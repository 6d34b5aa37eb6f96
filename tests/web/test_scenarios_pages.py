"""Scenarios on the administrator's pages: what each is, switched on and off by a decision."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from web.village import TOWNSHIP

from cunzhi.base import clock
from cunzhi.engine.models import Activation
from cunzhi.registry.models import Account

SignedIn = Callable[[Account], Client]
GIVEN = {"place_code": TOWNSHIP, "since": "2026-03-01", "basis": "镇党委会 2026 年 3 月 1 日"}


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_scenario_says_what_it_is_and_keeps(administrator: Account, signed_in: SignedIn) -> None:
    page = text(signed_in(administrator), "/scenarios/points/")
    for said in ("中农发〔2020〕11号", "积分记到户", "730 天", "约 2 分钟", "积分评议员", "德治", "积分账"):
        assert said in page, said


def test_scenario_is_switched_on_and_off_by_a_decision(administrator: Account, signed_in: SignedIn) -> None:
    client = signed_in(administrator)
    assert client.post("/scenarios/points/on/", {**GIVEN, "basis": ""}).status_code == 422
    assert client.post("/scenarios/points/on/", GIVEN).status_code == 302
    row = Activation.objects.get()
    assert (row.scenario, row.place_code, row.since, row.basis) == (
        "points",
        TOWNSHIP,
        date(2026, 3, 1),
        GIVEN["basis"],
    )
    assert "镇党委会" in text(client, "/scenarios/")
    assert client.post("/scenarios/points/on/", GIVEN).status_code == 422
    assert client.post(f"/activations/{row.pk}/off/", {"basis": ""}).status_code == 422
    assert client.post(f"/activations/{row.pk}/off/", {"basis": "村民会议决议"}).status_code == 302
    row.refresh_from_db()
    assert row.until == clock.today()
    assert client.get(f"/activations/{row.pk}/off/").status_code == 404
    assert "已停用的" in text(client, "/scenarios/points/")


def test_scenario_that_has_not_begun_is_switched_off_too(administrator: Account, signed_in: SignedIn) -> None:
    client, day = signed_in(administrator), clock.today() + timedelta(days=30)
    client.post("/scenarios/points/on/", {**GIVEN, "since": day.isoformat()})
    row = Activation.objects.get()
    assert client.post(f"/activations/{row.pk}/off/", {"basis": "会议改期"}).status_code == 302
    row.refresh_from_db()
    assert row.until == row.since == day


def test_scenario_of_above_is_shown_and_not_to_be_switched_off(administrator: Account, signed_in: SignedIn) -> None:
    row = Activation.objects.create(scenario="points", place_code="50", since=date(2026, 1, 1), basis="市级文件")
    client = signed_in(administrator)
    assert "市级文件" in text(client, "/scenarios/points/")
    assert f"/activations/{row.pk}/off/" not in text(client, "/scenarios/points/")
    assert client.get(f"/activations/{row.pk}/off/").status_code == 403


def test_place_elsewhere_is_refused(administrator: Account, signed_in: SignedIn) -> None:
    response = signed_in(administrator).post("/scenarios/points/on/", {**GIVEN, "place_code": "500114"})
    assert response.status_code == 422
    assert not Activation.objects.exists()


def test_unknown_scenario_is_not_found(administrator: Account, signed_in: SignedIn) -> None:
    client = signed_in(administrator)
    assert client.get("/scenarios/brigades/").status_code == 404
    assert client.post("/scenarios/brigades/on/", GIVEN).status_code == 404


@pytest.mark.parametrize("path", ["/scenarios/", "/scenarios/points/", "/scenarios/points/on/"])
def test_cadre_is_refused(cadre: Account, signed_in: SignedIn, path: str) -> None:
    assert signed_in(cadre).get(path).status_code == 403
    assert "scenarios/" not in text(signed_in(cadre), "/")
