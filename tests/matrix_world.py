"""Two counties alike, of which one is full of things that the other may never see, and everybody who could try."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from api.counties import BY, HERE, LENGTHS, LONG_AGO, THERE, VILLAGER, code, drawn, make_county
from django.test import Client
from matrix_alarms import make_alarms
from matrix_emergencies import make_emergency
from matrix_fires import fires
from matrix_log import seal_all
from matrix_notices import disclose
from matrix_sensors import sensors
from matrix_topics import make_topics

from cunzhi.api.actions import make_token
from cunzhi.api.models import ApiToken
from cunzhi.api.queries import grantable
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.actions.activations import activate, set_parameter
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case, Notice
from cunzhi.engine.pickup import code_of
from cunzhi.ledger.actions import Leg, account, add_item, fund, post, stock_in
from cunzhi.ledger.models import Book
from cunzhi.meetings import door
from cunzhi.meetings.actions import convene, mark_present
from cunzhi.registry.access import Access
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.facts import record_fact
from cunzhi.registry.actions.households import open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.imports.taking import preview
from cunzhi.registry.models import Account, Person, Place
from cunzhi.registry.roles import roles

TOWNSHIP, VILLAGE, GRID = code(HERE, "township"), code(HERE, "village"), code(HERE, "grid")
BACKEND = "django.contrib.auth.backends.ModelBackend"
NEXT = "990101001002"
VISITOR, NEIGHBOUR, NEXT_DOOR = "visitor", "neighbour", "village_cadre next door"
IDENTITY, PHONE = "11010519491231002X", "13955667788"
MARKED = ("幽兰弄", "庞家桥头", "第八号密议", "素心牌", "任字第4417号", "76543", "76,543", "H-7731-Q", "庞家的程序")
"""Words and amounts that stand in records of the right place and nowhere else."""
NAMED = re.compile(r"庞[^*\s<&\"]")
"""Anybody's name there, unless it is masked."""
SHEET = f"户号,姓名,电话\nH-9,庞新来,{PHONE}\n".encode()


@dataclass
class Somebody:
    """Somebody with a browser, known by its cookies, and a program; a visitor has neither."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    person: Person | None = None


@dataclass
class World:
    """The records of the right place by the names that addresses give to them, and who may try from where."""

    values: dict[str, Any] = field(default_factory=dict)
    here: dict[str, Somebody] = field(default_factory=dict)
    there: dict[str, Somebody] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    made: dict[str, Any] = field(default_factory=dict)
    rows: str = ""
    client: Client = field(default_factory=Client)
    """One for all, with the cookies of whoever asks: a new one would read every middleware in anew."""

    def person(self, name: str) -> Person:
        """Somebody of the right place."""
        found = self.here[name].person
        assert found is not None
        return found

    @property
    def words(self) -> set[str]:
        """What may be told to nobody from elsewhere, besides names."""
        return {*MARKED, IDENTITY, PHONE, *self.numbers}

    def leaks(self, text: str, sent: str) -> list[str]:
        """What a text tells of the right place that the request did not itself bring."""
        found = [word for word in self.words if word in text and word not in sent]
        return [*found, *(name for name in set(NAMED.findall(text)) if name not in sent)]


def build() -> World:
    """Everything that a page could show or change, in the right county; the same people without it in the other."""
    world = World()
    for county in (HERE, THERE):
        make_county(county)
    for county, known in ((HERE, world.here), (THERE, world.there)):
        known[VISITOR] = Somebody(VISITOR)
        for role in (VILLAGER, NEIGHBOUR, *roles()):
            known[role] = _enter(role, county, code(county, "grid"))
    world.there[NEXT_DOOR] = _next_door()
    _people(world)
    _books(world)
    _cases(world)
    _decisions(world)
    sensors(world)
    fires(world)
    _topics(world)
    world.values |= make_alarms(VILLAGE, lambda name: _actor(world, name))
    emergency = make_emergency(VILLAGE, lambda name: _actor(world, name), "H-7731-Q")
    world.made["emergency"] = emergency.pop("emergency")
    world.values |= emergency
    _meeting(world)
    world.made["log"] = seal_all(VILLAGE)
    _disclosed(world)
    return world


def _next_door() -> Somebody:
    """The cadre of the neighbouring village: all but the last digit of its code is the same."""
    for place_code, level in ((NEXT, "village"), (f"{NEXT}001", "grid")):
        Place.objects.create(system="nbs", code=place_code, name="next", level=level, valid_from=LONG_AGO)
    return _enter("village_cadre", THERE, f"{NEXT}001", name=NEXT_DOOR)


def _enter(role: str, county: str, home: str, name: str = "") -> Somebody:
    """Somebody of a county with an appointment, a sign-in and a program that may do all that they may."""
    here, marked = county == HERE, (role, county) == (VILLAGER, HERE)
    person = register_person(name=f"{'庞' if here else '张'}{role}", place_code=home, by=BY)
    known = make_account(person=person, phone=PHONE if marked else f"1370000{Account.objects.count():04}", by=BY)
    number, address = ("H-7731-Q" if marked else uuid4().hex[:12]), ("幽兰弄 93 号" if here else "")
    open_household(place_code=home, number=number, by=BY, head=person, address=address)
    if role in roles():
        seat = home[: LENGTHS[roles()[role].level]]
        appoint(by=BY, person=person, role=role, place_code=seat, basis="任字第4417号" if here else "meeting")
    by = Actor(person_id=person.pk, channel="web")
    _, secret = make_token(by=by, name="庞家的程序" if here else "a program", verbs=grantable(Access(by)), days=30)
    client = Client()
    client.force_login(known, backend=BACKEND)
    return Somebody(name or role, {key: cookie.value for key, cookie in client.cookies.items()}, secret, person)


def _people(world: World) -> None:
    villager = world.person(VILLAGER)
    household = villager.memberships.get().household
    fact = {"element": "household.clean_toilet", "value": "biogas", "as_of": clock.today(), "source": "第八号密议"}
    record_fact(subject=household, by=BY, **fact)  # type: ignore[arg-type]
    one, other = (register_person(name="庞双录", place_code=GRID, by=BY, identity=number) for number in (IDENTITY, ""))
    empty = open_household(place_code=GRID, number="H-0000-Q", by=BY, since=date(2026, 1, 1))
    world.made |= {"villager": villager.pk, "empty": empty.pk, "empty number": empty.number}
    world.values |= {"person_id": one.pk, "double_id": other.pk, "household_id": household.pk}
    cadre = Actor(person_id=world.person("village_cadre").pk, channel="web")
    world.made["preview"] = preview(file=SHEET, place_code=VILLAGE, by=cadre).token


def _books(world: World) -> None:
    fund(by=BY, place_code=VILLAGE, amount=76543, basis="第八号密议", key="marked")
    item = add_item(by=BY, place_code=VILLAGE, name="素心牌香皂", name_en="素心牌", price=10)
    stock_in(by=BY, item=item, quantity=20, key="soap", basis="第八号密议")
    book = Book.objects.get(place_code=VILLAGE, kind="points")
    home = account(book=book, kind="household", holder=f"household:{world.values['household_id']}")
    leg = Leg(source=account(book=book, kind="source"), target=home, amount=50)
    post(by=BY, book=book, key="given", memo="story", record="story", legs=[leg])
    world.values |= {"item_id": item.pk, "book_id": book.pk, "account_id": account(book=book, kind="pot").pk}


def _cases(world: World) -> None:
    by = _actor(world, VILLAGER)
    photo = keep_picture(by=by, data=drawn(), field="photos", place_code=GRID)
    where = {"kind": "lamp", "where": "庞家桥头", "photos": [photo.pk], "place": "29.405678 106.541234"}
    lamp = open_case(by=by, scenario="living_environment", workflow="problem", place_code=GRID, answers=where)
    deed = _deed(by, "庞家桥头一")
    told = _deed(by, "庞家桥头二")
    move(
        by=_actor(world, "appraiser"), case=told, transition="approve", version=told.version, answers={"seen": "photo"}
    )
    soap = open_case(
        by=by,
        scenario="points",
        workflow="redeem",
        place_code=GRID,
        answers={"goods": str(world.values["item_id"]), "quantity": 1},
    )
    world.numbers = list(Case.objects.values_list("number", flat=True))
    world.values |= {
        "number": lamp.number,
        "picture_id": photo.pk,
        "notice_id": Notice.objects.get(case=told).pk,
        "token_id": ApiToken.objects.get(person=world.person(VILLAGER)).pk,
    }
    told.refresh_from_db()
    world.made |= {"lamp": lamp, "deed": deed, "told": told, "soap": soap, "code": code_of(soap)}


def _disclosed(world: World) -> None:
    """What everybody may see is named apart: `notice_id` alone names a notice that only the village responds to."""
    cadre, supervisor = _actor(world, "village_cadre"), _actor(world, "supervisor")
    public = disclose(by=BY, cadre=cadre, supervisor=supervisor, county=HERE, village=VILLAGE)
    world.made["public"] = public
    world.values["file_id"] = public["sent_id"]
    world.numbers = list(Case.objects.values_list("number", flat=True))


def _deed(by: Actor, note: str) -> Case:
    photo = keep_picture(by=by, data=drawn("red" if note.endswith("一") else "blue"), field="photos", place_code=GRID)
    answers = {"deed": "clean_yard", "done_on": "2026-03-01", "photos": [photo.pk], "note": note}
    return open_case(by=by, scenario="points", workflow="deed", place_code=GRID, answers=answers)


def _decisions(world: World) -> None:
    own = activate(by=BY, scenario="points", place_code=VILLAGE, basis="village meeting", since=date(2026, 1, 1))
    set_parameter(
        by=BY, activation=own, name="daily_cap", since=clock.today() - timedelta(days=9), basis="village", value=30
    )
    held = world.person("shopkeeper").appointments.get()
    world.values |= {"appointment_id": held.pk, "activation_id": own.pk, "code": VILLAGE}


def _meeting(world: World) -> None:
    meeting = convene(
        by=BY,
        for_record=world.made["lamp"].record,
        body="members",
        place_code=VILLAGE,
        held_on=clock.today(),
        hour="19:30",
        venue="第八号密议",
    )
    came, absent = meeting.seats.order_by("id")
    mark_present(by=BY, meeting=meeting, seats=[came.pk], how="clerk")
    world.values["meeting_id"] = meeting.pk
    world.made["meeting"] = {"came": str(came.pk), "absent": str(absent.pk), "code": door.code_of(meeting)}


def _topics(world: World) -> None:
    made = make_topics(VILLAGE, lambda name: _actor(world, name))
    world.values |= {name: made[name] for name in ("topic_id", "said_id", "hiding_id", "objection_id")}
    world.made["topics"] = made


def _actor(world: World, name: str) -> Actor:
    return Actor(person_id=world.person(name).pk, channel="test")
