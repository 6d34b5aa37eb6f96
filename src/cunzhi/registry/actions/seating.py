"""Somebody who may not be registered yet gets an office and a sign-in at once: how an installation fills its posts."""

from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.registry.access import Access
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Account, Appointment, Person
from cunzhi.registry.queries.people import find_by_phone


@transaction.atomic
def seat(*, name: str, phone: str, password: str, role: str, place_code: str, basis: str, by: Actor) -> Appointment:
    """The person of this phone, registered now if need be, holds the role and can sign in."""
    person = _known(name, phone, by) or register_person(name=name, place_code=place_code, phone=phone, by=by)
    if not Account.objects.filter(person=person).exists():
        make_account(person=person, phone=phone, password=password, by=by)
    return appoint(person=person, role=role, place_code=place_code, basis=basis, by=by)


def _known(name: str, phone: str, by: Actor) -> Person | None:
    """Whoever is registered with this phone; a family may share one, another name alone may not take it over."""
    found = list(find_by_phone(Access(by), phone))
    known = next((person for person in found if person.name == name.strip()), None)
    if found and known is None:
        raise Refused("registry.phone_of_another", field="phone", name=found[0].name)
    return known
