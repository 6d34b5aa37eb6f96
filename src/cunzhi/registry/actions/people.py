"""People come into the register, are corrected, move and die."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access, in_force, selves
from cunzhi.registry.actions.rules import (
    checked_identity,
    checked_name,
    checked_phone,
    locked,
    locked_living,
    past_day,
    unless_taken,
)
from cunzhi.registry.models import Account, Appointment, Person
from cunzhi.registry.queries.households import memberships
from cunzhi.registry.queries.places import require_place
from cunzhi.registry.vault import IDENTITY, PHONE, sealed_and_blind, vault


@dataclass(frozen=True)
class Details:
    """What the identity number says goes first; what is said beside it must not contradict it."""

    identity_sealed: str
    identity_blind: str | None
    sex: str
    born_on: date | None


def _details(identity: str, sex: str, born_on: date | None) -> Details:
    if sex and sex not in Person.Sex.values:
        raise Refused("registry.sex_unknown", field="sex", value=sex)
    if born_on is not None and born_on > clock.today():
        raise Refused("registry.day_to_come", field="born_on", day=born_on)
    if not identity:
        return Details("", None, sex, born_on)
    read = checked_identity(identity)
    if born_on is not None and born_on != read.born:
        raise Refused("registry.birth_contradicts", field="born_on", said=born_on, read=read.born)
    if sex and sex != read.sex:
        raise Refused("registry.sex_contradicts", field="sex")
    sealed, blind = sealed_and_blind(read.number, IDENTITY)
    return Details(sealed, blind, read.sex, read.born)


@transaction.atomic
def register_person(
    *,
    name: str,
    place_code: str,
    by: Actor,
    sex: str = "",
    born_on: date | None = None,
    identity: str = "",
    phone: str = "",
) -> Person:
    """A new person of a place. Sex and day of birth follow from the identity number when there is one."""
    Access(by).require("people.edit", place_code)
    require_place(place_code)
    person = new_person(name=name, place_code=place_code, sex=sex, born_on=born_on, identity=identity, phone=phone)
    with unless_taken("registry.identity_taken", "identity"):
        person.save()
    note_registered(person, by)
    return person


def new_person(
    *, name: str, place_code: str, sex: str = "", born_on: date | None = None, identity: str = "", phone: str = ""
) -> Person:
    """A person with everything checked, not yet kept."""
    sealed, blind = sealed_and_blind(checked_phone(phone), PHONE) if phone else ("", "")
    details = vars(_details(identity, sex, born_on))
    return Person(name=checked_name(name), place_code=place_code, phone_sealed=sealed, phone_blind=blind, **details)


def note_registered(person: Person, by: Actor) -> None:
    _note(by, "person.registered", person, private=[person.name, person.identity_blind])


@transaction.atomic
def correct_person(
    *,
    person: Person,
    by: Actor,
    name: str | None = None,
    sex: str | None = None,
    born_on: date | None = None,
    identity: str | None = None,
) -> Person:
    """What was wrong from the start is put right; what is not given stays."""
    person = locked(person)
    Access(by).require("people.edit", person.place_code)
    before = _personal(person)
    if name is not None:
        person.name = checked_name(name)
    if sex is not None or born_on is not None or identity is not None:
        kept = vault().open(person.identity_sealed) if person.identity_sealed else ""
        number = kept if identity is None else identity
        new = identity is not None  # a new number brings its own sex and birth; otherwise the old ones are kept
        details = _details(number, sex or ("" if new else person.sex), born_on or (None if new else person.born_on))
        for field, value in vars(details).items():
            setattr(person, field, value)
    with unless_taken("registry.identity_taken", "identity"):
        person.save()
    after = _personal(person)
    fields = sorted(field for field in after if after[field] != before[field])
    _note(by, "person.corrected", person, {"fields": fields}, private=[before, after])
    return person


def _personal(person: Person) -> dict[str, object]:
    return {"name": person.name, "sex": person.sex, "born_on": person.born_on, "identity": person.identity_blind}


@transaction.atomic
def set_phone(*, person: Person, phone: str, by: Actor) -> Person:
    """The phone by which a person is reached, or '' for none. Sign-in is another matter: it keeps its own number."""
    person = locked_living(person)
    if by.person_id != person.pk:
        Access(by).require("people.edit", person.place_code)
    pair = sealed_and_blind(checked_phone(phone), PHONE) if phone else ("", "")
    person.phone_sealed, person.phone_blind = pair
    person.save(update_fields=["phone_sealed", "phone_blind"])
    _note(by, "person.phone_set", person, private=person.phone_blind)
    return person


@transaction.atomic
def move_in(*, person: Person, place_code: str, by: Actor, on: date | None = None) -> Person:
    """The person lives at this place from a day on; a household elsewhere is left."""
    person, day = locked_living(person), past_day(on)
    access = Access(by)
    access.require("people.edit", place_code)
    if person.left_on is None and person.place_code != place_code:
        access.require("people.edit", person.place_code)
    require_place(place_code)
    if person.place_code[:12] != place_code[:12]:
        _end_membership(person, day)
    before, person.place_code, person.left_on = person.place_code, place_code, None
    person.save(update_fields=["place_code", "left_on"])
    _note(by, "person.moved_in", person, {"from": before, "on": day})
    return person


@transaction.atomic
def move_out(*, person: Person, by: Actor, on: date | None = None) -> Person:
    """The person lives here no longer: the household is left, the register keeps them as gone."""
    person, day = locked_living(person), past_day(on)
    Access(by).require("people.edit", person.place_code)
    if person.left_on is not None:
        raise Refused("registry.gone_already", field="person", on=person.left_on)
    _end_membership(person, day)
    person.left_on = day
    person.save(update_fields=["left_on"])
    _note(by, "person.moved_out", person, {"on": day})
    return person


@transaction.atomic
def record_death(*, person: Person, on: date, by: Actor) -> Person:
    """A death ends the membership, the appointments and the sign-in; nothing is taken from the books."""
    person, day = locked_living(person), past_day(on)
    Access(by).require("people.edit", person.place_code)
    if person.born_on is not None and day < person.born_on:
        raise Refused("registry.death_before_birth", field="on", day=day)
    _end_membership(person, day)
    for held in _appointments(person).filter(Q(until__isnull=True) | Q(until__gt=day)):
        held.until, held.end_basis = max(day, held.since), "death"
        held.save(update_fields=["until", "end_basis"])
    Account.objects.filter(person=person).update(is_active=False)
    person.died_on = day
    person.save(update_fields=["died_on"])
    _note(by, "person.died", person, {"on": day})
    return person


def _end_membership(person: Person, day: date) -> None:
    held = memberships(person).filter(until__isnull=True).last()
    if held is None:
        return
    if day < held.since:
        raise Refused("registry.before_joining", field="on", since=held.since)
    held.until = day
    held.save(update_fields=["until"])


def _note(
    by: Actor, verb: str, person: Person, detail: dict[str, object] | None = None, private: object = None
) -> None:
    note(by=by, verb=verb, record=person.record, place_code=person.place_code, detail=detail, private=private)


def _appointments(person: Person) -> QuerySet[Appointment]:
    return Appointment.objects.filter(person_id__in=selves(person.pk).values("id"))


def holds_office(person: Person) -> bool:
    """Whether a person holds any role today."""
    return _appointments(person).filter(in_force(clock.today())).exists()
