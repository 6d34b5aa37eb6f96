"""One person who stands in the register twice becomes one; one who asks to be forgotten is."""

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access, selves
from cunzhi.registry.actions.people import holds_office
from cunzhi.registry.actions.rules import checked_words, locked
from cunzhi.registry.models import Account, Disclosure, Fact, Membership, Person


@transaction.atomic
def merge_people(*, kept: Person, double: Person, by: Actor) -> Person:
    """`double` is the same human being as `kept`: what belongs to it counts for `kept`, and nothing is rewritten.

    When both are in a household, the one of `kept` stands. The sign-in of the double passes on when `kept` has none.
    """
    if kept.pk == double.pk:
        raise Refused("registry.same_person", field="double")
    kept, double = _both(kept, double)
    access = Access(by)
    access.require("people.edit", kept.place_code)
    access.require("people.edit", double.place_code)
    if kept.identity_blind and double.identity_blind and kept.identity_blind != double.identity_blind:
        raise Refused("registry.two_identities", field="double")
    if by.person_id in (kept.pk, double.pk):
        raise Refused("registry.not_oneself_merged", field="double")
    _settle_households(kept, double)
    _settle_accounts(kept, double)
    Person.objects.filter(merged_into=double).update(merged_into=kept)
    double.merged_into = kept
    double.save(update_fields=["merged_into"])
    for person, verb in ((kept, "person.took_over"), (double, "person.merged")):
        note(
            by=by,
            verb=verb,
            record=person.record,
            place_code=person.place_code,
            detail={"kept": kept.pk, "double": double.pk},
        )
    return kept


def _both(kept: Person, double: Person) -> tuple[Person, Person]:
    """Both locked, the lower id first, so that two merges cannot wait for each other."""
    found = {person.pk: locked(person) for person in sorted((kept, double), key=lambda person: person.pk)}
    return found[kept.pk], found[double.pk]


def _settle_households(kept: Person, double: Person) -> None:
    still_open = Membership.objects.filter(until__isnull=True)
    mine = still_open.filter(person__in=selves(kept.pk)).first()
    theirs = still_open.filter(person__in=selves(double.pk)).first()
    if mine is not None and theirs is not None:
        theirs.until = max(clock.today(), theirs.since)
        theirs.save(update_fields=["until"])


def _settle_accounts(kept: Person, double: Person) -> None:
    account = Account.objects.filter(person=double).first()
    if account is None:
        return
    if Account.objects.filter(person=kept).exists():
        account.is_active = False
    else:
        account.person = kept
    account.save(update_fields=["is_active", "person"])


@transaction.atomic
def erase_person(*, person: Person, basis: str, by: Actor) -> Person:
    """What the law lets us forget is forgotten: name, numbers, birth, facts, sign-in. The id stays for the books.

    Not while a role is held: who acts for the public acts under a name.
    """
    person = locked(person)
    Access(by).require("people.edit", person.place_code)
    basis = checked_words(basis, "basis")
    if holds_office(person):
        raise Refused("registry.holds_office", field="person")
    today = clock.today()
    everyone = Person.objects.filter(pk__in=list(selves(person.pk).values_list("id", flat=True)))
    for held in Membership.objects.filter(person__in=everyone, until__isnull=True):
        held.until = max(today, held.since)
        held.save(update_fields=["until"])
    Fact.objects.filter(person__in=everyone).delete()
    Account.objects.filter(person__in=everyone).delete()
    Disclosure.objects.filter(person__in=everyone).update(words="(erased)")
    everyone.update(
        name="",
        sex="",
        born_on=None,
        identity_sealed="",
        identity_blind=None,
        phone_sealed="",
        phone_blind="",
        died_on=None,
        erased_on=today,
    )
    person.refresh_from_db()
    note(by=by, verb="person.erased", record=person.record, place_code=person.place_code, private=basis)
    return person
