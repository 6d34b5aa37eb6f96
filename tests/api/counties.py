"""Two counties alike in everything but their code, with people in every role, on whom the tests of the API act."""

import io
import json
from collections.abc import Collection
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from django.test import Client
from PIL import Image

from cunzhi.api.actions import make_token
from cunzhi.api.queries import grantable
from cunzhi.base.actor import Actor, system
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Attachment, Case
from cunzhi.engine.stage import paper
from cunzhi.ledger.actions import fund
from cunzhi.registry.access import Access
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Person, Place
from cunzhi.registry.roles import roles

BY = system("test")
HERE, THERE = "990101", "990102"
LONG_AGO = date(2020, 1, 1)
LENGTHS = {"county": 6, "township": 9, "village": 12, "grid": 15}
PHONES = count(13800000000)
VILLAGER = "villager"


def code(county: str, level: str) -> str:
    """The one place of a level in a county."""
    return f"{county}001001001"[: LENGTHS[level]]


def make_county(county: str) -> None:
    """A county with one township, village and grid; both scenarios are on, the pot holds a hundred points."""
    for level in LENGTHS:
        system_ = "gb" if level == "county" else "nbs"
        name = f"{level}{county}"
        Place.objects.create(system=system_, code=code(county, level), name=name, level=level, valid_from=LONG_AGO)
    for scenario in ("points", "living_environment"):
        activate(by=BY, scenario=scenario, place_code=county, basis="meeting of 1 January", since=LONG_AGO)
    fund(by=BY, place_code=code(county, "village"), amount=100, basis="meeting", key=f"fund {county}")


def make_person(role: str, county: str) -> Person:
    """Somebody who lives in the county's grid, with a household, a sign-in and perhaps a role."""
    number = next(PHONES)
    person = register_person(name=f"张{role}", place_code=code(county, "grid"), by=BY)
    open_household(place_code=code(county, "grid"), number=str(number), by=BY, head=person)
    make_account(person=person, phone=str(number), by=BY)
    if role != VILLAGER:
        appoint(by=BY, person=person, role=role, place_code=code(county, roles()[role].level), basis="meeting")
    return person


def make_case(person: Person) -> Case:
    """A broken lamp, with a picture, reported by somebody where they live."""
    by, place_code = Actor(person_id=person.pk, channel="test"), person.place_code
    picture = keep_picture(by=by, data=drawn(), field="photos", place_code=place_code)
    answers = {"kind": "lamp", "where": "桥头张三家旁", "photos": [picture.pk], "place": "29.405678 106.541234"}
    return open_case(by=by, scenario="living_environment", workflow="problem", place_code=place_code, answers=answers)


def add_file(case: Case) -> Attachment:
    """A paper that came with a case."""
    by = Actor(person_id=case.opener_id, channel="test")
    kept = keep_file(by=by, data=paper("清单"), name="清单.pdf", field="papers", place_code=case.place_code)
    Attachment.objects.filter(pk=kept.pk).update(case=case)
    return kept


def drawn(colour: str = "green") -> bytes:
    """The bytes of a picture."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return file.getvalue()


class Program:
    """A program with a token of a person; without verbs, with all that the person may hand to it."""

    def __init__(self, person: Person, verbs: Collection[str] | None = None) -> None:
        by = Actor(person_id=person.pk, channel="web")
        chosen = grantable(Access(by)) if verbs is None else verbs
        self.person = person
        self.token, self.secret = make_token(by=by, name="a program", verbs=chosen, days=30)
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request under /api/v1/; a body is sent as JSON, with a fresh key."""
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        given = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": uuid4().hex, **headers}
        return self.client.generic(method, f"/api/v1/{path}", headers=given, **sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def upload(self, data: bytes, **fields: str) -> Any:
        """Send a picture."""
        file = io.BytesIO(data)
        file.name = "picture.jpg"
        given = {"field": "photos", "place_code": self.person.place_code, **fields, "file": file}
        return self.client.post("/api/v1/pictures", given, headers={"Authorization": f"Bearer {self.secret}"})
