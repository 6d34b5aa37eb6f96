"""What is known of a person or household, since when, from whom, and whether it is still fresh."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.catalogue.queries import element as element_of
from cunzhi.catalogue.queries import elements as all_elements
from cunzhi.registry.access import selves
from cunzhi.registry.models import Fact, Household, Person
from cunzhi.registry.queries.people import current

Subject = Person | Household


@dataclass(frozen=True)
class Known:
    """What was held to be so. `value` is as a form holds it: dates and decimals as text, choices by their names."""

    element: str
    value: Any
    as_of: date
    source: str
    collected_by: str
    recorded_at: datetime
    fresh: bool


def current_fact(subject: Subject, element: str, on: date | None = None) -> Known | None:
    """What was known of one element on a day: the newest by the day it speaks of, then by when it was recorded."""
    element_of(element)
    return _latest([_about(subject).filter(element=element)], on).get(element)


def current_facts(
    person: Person | None, household: Household | None, elements: Collection[str], on: date | None = None
) -> dict[str, Known]:
    """What a form need not ask again: one query, whatever the number of elements. Unknown elements have no entry."""
    wanted = []
    for subject, kind in ((person, "person"), (household, "household")):
        codes = [code for code in elements if element_of(code).about == kind]
        if subject is not None and codes:
            wanted.append(_about(subject).filter(element__in=codes))
    return _latest(wanted, on)


def facts_of(subject: Subject, on: date | None = None) -> dict[str, Known]:
    """All that was known of a subject on a day, by element."""
    return _latest([_about(subject).filter(element__in=all_elements())], on)


def history(subject: Subject, element: str) -> list[Known]:
    """Everything ever held of one element, newest first."""
    element_of(element)
    return [_known(fact, clock.today()) for fact in _about(subject).filter(element=element).order_by("-as_of", "-id")]


def _about(subject: Subject) -> QuerySet[Fact]:
    if isinstance(subject, Household):
        return Fact.objects.filter(household_id=subject.pk)
    return Fact.objects.filter(person_id__in=selves(current(subject).pk).values("id"))


def _latest(wanted: list[QuerySet[Fact]], on: date | None) -> dict[str, Known]:
    """The newest fact of each element. A union, for an OR over two subjects would read the whole table."""
    if not wanted:
        return {}
    day = on or clock.today()
    until = [facts.filter(as_of__lte=day) for facts in wanted]
    facts = until[0].union(*until[1:], all=True)
    return {fact.element: _known(fact, day) for fact in sorted(facts, key=lambda fact: (fact.as_of, fact.pk))}


def _known(fact: Fact, day: date) -> Known:
    return Known(
        element=fact.element,
        value=fact.value,
        as_of=fact.as_of,
        source=fact.source,
        collected_by=fact.collected_by,
        recorded_at=fact.recorded_at,
        fresh=element_of(fact.element).fresh_on(day, fact.as_of),
    )
