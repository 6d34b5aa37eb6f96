"""A village with its Party members, representatives and households, and a meeting that is called."""

from datetime import date, timedelta
from typing import Any

from registry.town import BASIS, GRID, VILLAGE, make_actor, make_places

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.meetings.actions import convene
from cunzhi.meetings.models import Meeting
from cunzhi.registry.actions.households import join_household, open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Appointment, Person

BY = system("test")
RECORD = "case:1"


def grown(name: str, place_code: str = GRID, years: int = 40) -> Person:
    born = clock.today() - timedelta(days=366 * years)
    return register_person(name=name, place_code=place_code, by=BY, born_on=born)


def hold(role: str, count: int, place_code: str = VILLAGE) -> list[Person]:
    """So many people who hold a role."""
    people = [grown(f"{role}{number:02}") for number in range(count)]
    for person in people:
        Appointment.objects.create(person=person, role=role, place_code=place_code, since=date(2026, 1, 1), basis=BASIS)
    return people


def home(number: str, *names: str) -> list[Person]:
    """A household of these people, the first its head."""
    head, *others = [grown(name) for name in names]
    household = open_household(place_code=GRID, number=number, by=BY, head=head)
    for other in others:
        join_household(person=other, household=household, relation="other", by=BY)
    return [head, *others]


def called(body: str = "members", **changes: Any) -> Meeting:
    given = {"held_on": clock.today(), "hour": "19:30", "venue": "村委会会议室", "place_code": GRID, **changes}
    return convene(by=BY, for_record=RECORD, body=body, **given)


def clerk() -> Actor:
    return make_actor("village_cadre", VILLAGE)


__all__ = ["BY", "RECORD", "called", "clerk", "grown", "hold", "home", "make_places"]
