"""What several acts of a deliberation insist on."""

from cunzhi.base.actor import OWN, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.phases import Phase, phase_of
from cunzhi.registry.access import Access
from cunzhi.registry.models import Person
from cunzhi.registry.queries.people import current


def locked(topic: Topic) -> Topic:
    """The topic as it is now, held until the transaction ends: no ballot slips in while the polls close."""
    return Topic.objects.select_for_update().get(pk=topic.pk)


def checked_text(text: str, field: str, longest: int) -> str:
    """Words that must be given; their lines stay lines."""
    kept = "\n".join(line.rstrip() for line in text.replace("\x00", "").strip().splitlines())
    if not kept:
        raise Refused("deliberation.text.missing", field=field)
    if len(kept) > longest:
        raise Refused("deliberation.text.long", field=field, longest=longest, length=len(kept))
    return kept


def resident(by: Actor, topic: Topic) -> Person:
    """The person in whose name something is said; only who lives in the village takes part."""
    person_id = by.whose
    if person_id is None or not by.allows(OWN):
        raise Forbidden("deliberation.only_residents")
    person = current(Person.objects.select_related("merged_into").get(pk=person_id))
    if not lives_in(person, topic.place_code):
        raise Forbidden("deliberation.only_residents")
    return person


def lives_in(person: Person, place_code: str) -> bool:
    gone = person.died_on is not None or person.left_on is not None or person.erased_on is not None
    return not gone and person.place_code.startswith(place_code)


def require_help(by: Actor, person: Person, consent: str) -> None:
    """A helper acts in somebody's name only where a role allows it, with that person's consent noted."""
    if by.for_person_id is None:
        return
    Access(by).require("case.help", person.place_code)
    if not consent.strip():
        raise Refused("deliberation.consent_missing", field="consent")


def require_phase(topic: Topic, wanted: Phase) -> None:
    """Everything has its time; the refusal says which time it is now."""
    if phase_of(topic) != wanted:
        raise Refused(f"deliberation.not_in.{wanted}")
