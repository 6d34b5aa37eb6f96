"""Clear data are shown for a purpose, kept count of, and readable by the person."""

import pytest
from town import VILLAGE, identity_number, make_actor

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.messages import say
from cunzhi.journal.models import Entry
from cunzhi.registry.actions.disclosure import unmask
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Disclosure, Person
from cunzhi.registry.queries.people import disclosures


@pytest.fixture
def person(cadre: Actor) -> Person:
    return register_person(name="张大明", place_code=VILLAGE, identity=identity_number(1), by=cadre)


def test_number_is_shown_for_a_purpose_and_the_person_can_read_that(cadre: Actor, person: Person) -> None:
    assert unmask(person=person, field="identity", purpose="service", words="代办医保", by=cadre) == identity_number(1)
    (kept,) = disclosures(person)
    assert (kept.actor, kept.words, kept.field) == (cadre.ref, "代办医保", "identity")
    noted = Entry.objects.get(verb="person.unmasked")
    assert noted.detail["purpose"] == "service" and "医保" not in str(noted.detail)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": "curiosity"}, "purpose"),
        ({"words": " "}, "words"),
        ({"field": "phone"}, "field"),
        ({"field": "x"}, "field"),
    ],
)
def test_unmasking_without_reason_or_data_is_refused(
    cadre: Actor, person: Person, more: dict[str, str], field: str
) -> None:
    asked = {"field": "identity", "purpose": "visit", "words": "走访"} | more
    with pytest.raises(Refused) as refusal:
        unmask(person=person, by=cadre, **asked)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not Disclosure.objects.exists()


def test_grid_worker_sees_no_clear_number(person: Person) -> None:
    worker = make_actor("grid_worker", VILLAGE, name="网格员")
    with pytest.raises(Forbidden):
        unmask(person=person, field="identity", purpose="visit", words="走访", by=worker)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_purpose_has_words(language: str) -> None:
    assert all(say(f"registry.purposes.{purpose}", language) for purpose in Disclosure.Purpose.values)
