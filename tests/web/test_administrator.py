"""Appointing somebody by a decision, and ending it."""

from collections.abc import Callable

from django.test import Client
from web.village import VILLAGE

from cunzhi.registry.models import Account, Appointment

SignedIn = Callable[[Account], Client]
GIVEN = {
    "phone": "13800000000",
    "role": "village_cadre",
    "place_code": VILLAGE,
    "since": "2026-10-01",
    "basis": "镇发〔2026〕8号",
}


def test_somebody_is_appointed(administrator: Account, villager: Account, signed_in: SignedIn) -> None:
    client = signed_in(administrator)
    assert client.post("/appointments/new/", GIVEN).status_code == 302
    made = Appointment.objects.get(person=villager.person)
    assert (made.role, made.place_code, made.basis) == ("village_cadre", VILLAGE, "镇发〔2026〕8号")
    assert "张大明" in client.get("/appointments/").content.decode()


def test_basis_is_needed(administrator: Account, villager: Account, signed_in: SignedIn) -> None:
    response = signed_in(administrator).post("/appointments/new/", {**GIVEN, "basis": ""})
    assert response.status_code == 422
    assert 'id="id_basis_error"' in response.content.decode()


def test_phone_that_nobody_signs_in_with_is_said_at_the_field(administrator: Account, signed_in: SignedIn) -> None:
    response = signed_in(administrator).post("/appointments/new/", {**GIVEN, "phone": "13911112222"})
    assert response.status_code == 422
    assert "没有人用这个手机号登录" in response.content.decode()


def test_nobody_appoints_himself(administrator: Account, signed_in: SignedIn) -> None:
    response = signed_in(administrator).post("/appointments/new/", {**GIVEN, "phone": "13800000005"})
    assert response.status_code == 422
    assert Appointment.objects.count() == 1


def test_appointment_is_ended_by_a_decision(administrator: Account, cadre: Account, signed_in: SignedIn) -> None:
    held = Appointment.objects.get(person=cadre.person)
    client = signed_in(administrator)
    assert client.post(f"/appointments/{held.pk}/end/", {"on": "2026-11-01", "basis": ""}).status_code == 422
    assert client.post(f"/appointments/{held.pk}/end/", {"on": "2026-11-01", "basis": "换届"}).status_code == 302
    assert "王建国" not in client.get("/appointments/").content.decode()
    assert "换届" in client.get("/appointments/?ended=1").content.decode()


def test_cadre_cannot_end_an_appointment(administrator: Account, cadre: Account, signed_in: SignedIn) -> None:
    held = Appointment.objects.get(person=administrator.person)
    assert signed_in(cadre).get(f"/appointments/{held.pk}/end/").status_code == 403
