"""The lists for when the network is down: whom to telephone, and at which doors to knock. Opening them is noted."""

from dataclasses import dataclass

from django.db import transaction

from cunzhi.alarms.actions.calling import called_on
from cunzhi.alarms.clocks import clocks
from cunzhi.alarms.models import Alarm
from cunzhi.alarms.queries.alarms import ANSWER, may_answer
from cunzhi.alarms.queries.knocks import Knock, knocks
from cunzhi.base.actor import Actor
from cunzhi.registry.access import Access, NotHere
from cunzhi.registry.actions.disclosure import disclose
from cunzhi.registry.models import Disclosure, Person
from cunzhi.registry.vault import vault

MOST_A_RUNG = 60


@dataclass(frozen=True)
class Lists:
    """Rung -> (name, phone) of those who hold an office there; and the doors, for whoever may see people there."""

    calls: list[tuple[str, list[tuple[str, str]]]]
    doors: list[Knock]
    sees_people: bool


@transaction.atomic
def open_lists(*, by: Actor, alarm: Alarm, words: str) -> Lists:
    """Both lists of an alarm's place, and that they were opened: the people concerned may read it."""
    access = Access(by)
    if not may_answer(access, alarm):
        raise NotHere(verb=ANSWER, place=alarm.place_code)
    place = _knocked(access, alarm.place_code)
    disclose(person=None, place_code=place or alarm.place_code, field="call_list",
             purpose=Disclosure.Purpose.EMERGENCY, words=words, by=by)  # fmt: skip
    return Lists(
        calls=[(rung, _phones(called_on(rung, alarm.place_code))) for rung in clocks().ladder],
        doors=knocks(place) if place else [],
        sees_people=bool(place),
    )


def _knocked(access: Access, place_code: str) -> str:
    """Where the reader may see people: the whole place, or their own part of it."""
    if access.may("people.see", place_code):
        return place_code
    own = [code for code in access.places("people.see") if code.startswith(place_code)]
    return own[0] if own else ""


def _phones(people: list[int]) -> list[tuple[str, str]]:
    """Names and phones in clear: these people are called because of their office."""
    held = Person.objects.filter(pk__in=people[:MOST_A_RUNG]).order_by("name", "id")
    return [(one.name, vault().open(one.phone_sealed) if one.phone_sealed else "") for one in held]
