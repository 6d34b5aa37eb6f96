"""Personal data in clear: shown for a stated purpose, noted, and readable by the person whom it concerns."""

from typing import Literal

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, locked
from cunzhi.registry.models import Disclosure, Person
from cunzhi.registry.vault import vault

Field = Literal["identity", "phone"]


@transaction.atomic
def unmask(*, person: Person, field: Field, purpose: str, words: str, by: Actor) -> str:
    """One number of one person in clear. `purpose` is one of Disclosure.Purpose, `words` say it of this very case."""
    person = locked(person)
    Access(by).require("people.unmask", person.place_code)
    sealed = {"identity": person.identity_sealed, "phone": person.phone_sealed}.get(field)
    if sealed is None:
        raise Refused("registry.field_unknown", field="field", value=field)
    if not sealed:
        raise Refused("registry.nothing_kept", field="field")
    disclose(person=person, place_code=person.place_code, field=field, purpose=purpose, words=words, by=by)
    return vault().open(sealed)


def disclose(*, person: Person | None, place_code: str, field: str, purpose: str, words: str, by: Actor) -> Disclosure:
    """Note, in the transaction of the caller, that data are shown: of a person, or of everybody at a place."""
    if purpose not in Disclosure.Purpose.values:
        raise Refused("registry.purpose_unknown", field="purpose", known=", ".join(Disclosure.Purpose.values))
    words = checked_words(words, "words")
    kept = Disclosure.objects.create(
        person=person, place_code=place_code, field=field, purpose=purpose, words=words, actor=by.ref, at=clock.now()
    )
    record = person.record if person else f"place:{place_code}"
    detail = {"disclosure": kept.pk, "field": field, "purpose": purpose}
    note(by=by, verb="person.unmasked", record=record, place_code=place_code, detail=detail, private=words)
    return kept
