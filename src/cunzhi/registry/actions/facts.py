"""What becomes known of a person or household is appended; nothing known before is overwritten."""

from datetime import date
from typing import Any

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.catalogue.queries import element as element_of
from cunzhi.catalogue.spec import Element
from cunzhi.catalogue.values import check_value
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, locked, past_day
from cunzhi.registry.models import Fact, Household, Person
from cunzhi.registry.queries.facts import Subject
from cunzhi.registry.queries.households import household_of

LONGEST_SOURCE = 64


@transaction.atomic
def record_fact(*, subject: Subject, element: str, value: Any, as_of: date, source: str, by: Actor) -> Fact:
    """Whoever edits people here may say this of them; everybody may say it of themselves and their own household."""
    if not _speaks_of_own(subject, by):
        Access(by).require("people.edit", subject.place_code)
    return append_fact(subject=subject, element=element, value=value, as_of=as_of, source=source, by=by)


@transaction.atomic
def append_fact(*, subject: Subject, element: str, value: Any, as_of: date, source: str, by: Actor) -> Fact:
    """The same for the engine, whose workflow has already settled who may say it. The same twice is one fact."""
    spec = element_of(element)
    _refuse_other_kind(subject, spec)
    value, day = check_value(spec, value), past_day(as_of, "as_of")
    source = checked_words(source, "source", LONGEST_SOURCE)
    person = locked(subject) if isinstance(subject, Person) else None
    household = subject if isinstance(subject, Household) else None
    said = Fact.objects.filter(person=person, household=household, element=element, as_of=day)
    last = said.order_by("id").last()
    if last is not None and (last.value, last.source) == (value, source):
        return last
    fact = Fact.objects.create(
        person=person,
        household=household,
        element=element,
        value=value,
        as_of=day,
        source=source,
        collected_by=by.ref,
        recorded_at=clock.now(),
    )
    detail = {"fact": fact.pk, "element": element, "as_of": day, "source": source}
    place, record = subject.place_code, subject.record
    note(by=by, verb="fact.recorded", record=record, place_code=place, detail=detail, private=value)
    return fact


def _refuse_other_kind(subject: Subject, spec: Element) -> None:
    if spec.about != ("person" if isinstance(subject, Person) else "household"):
        raise Refused("registry.element_of_another_kind", field="element", element=spec.code)


def _speaks_of_own(subject: Subject, by: Actor) -> bool:
    if by.person_id is None:
        return False
    if isinstance(subject, Person):
        return subject.pk == by.person_id
    return household_of(Person(pk=by.person_id)) == subject
