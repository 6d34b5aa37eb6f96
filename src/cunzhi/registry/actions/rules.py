"""What several acts on people insist on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.identity import Identity, check_identity, check_phone
from cunzhi.registry.models import Person

UNIQUE_VIOLATION = "23505"


@contextmanager
def unless_taken(code: str, field: str = "") -> Iterator[None]:
    """What the database refuses as a double is refused in words; two who write at once meet here."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != UNIQUE_VIOLATION and "UNIQUE" not in str(error):
            raise
        raise Refused(code, field=field) from error


def locked(person: Person) -> Person:
    """The person as they are now, held until the transaction ends; not a double and not erased."""
    now = Person.objects.select_for_update().get(pk=person.pk)
    if now.merged_into_id is not None:
        raise Refused("registry.person_merged", field="person", kept=now.merged_into_id)
    if now.erased_on is not None:
        raise Refused("registry.person_erased", field="person")
    return now


def locked_living(person: Person) -> Person:
    """The same, and alive."""
    now = locked(person)
    if now.died_on is not None:
        raise Refused("registry.person_died", field="person", on=now.died_on)
    return now


def past_day(day: date | None, field: str = "on") -> date:
    """A day that has come: today when none is given."""
    if day is None:
        return clock.today()
    if day > clock.today():
        raise Refused("registry.day_to_come", field=field, day=day)
    return day


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("registry.name_missing", field="name")
    longest = Person._meta.get_field("name").max_length or 0
    if len(name) > longest:
        raise Refused("registry.too_long", field="name", longest=longest)
    return name


def checked_identity(number: str) -> Identity:
    """The number read, with the form field it came from in any refusal."""
    try:
        return check_identity(number)
    except Refused as refusal:
        raise Refused(refusal.code, field="identity", **refusal.params) from None


def checked_phone(phone: str) -> str:
    try:
        return check_phone(phone)
    except Refused as refusal:
        raise Refused(refusal.code, field="phone", **refusal.params) from None


def checked_words(words: str, field: str, longest: int = 200) -> str:
    """Words that must be given: a basis, a reason."""
    words = " ".join(words.split())
    if not words:
        raise Refused("registry.words_missing", field=field)
    if len(words) > longest:
        raise Refused("registry.too_long", field=field, longest=longest)
    return words
