"""A person gets a sign-in."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.people import set_phone
from cunzhi.registry.actions.rules import checked_phone, locked_living, unless_taken
from cunzhi.registry.models import Account, Person
from cunzhi.registry.vault import PHONE, vault


@transaction.atomic
def make_account(*, person: Person, phone: str, by: Actor, password: str | None = None) -> Account:
    """A sign-in by this phone; without a password, by a code sent to it. A person without a phone gets this one."""
    person = locked_living(person)
    if by.person_id != person.pk:
        Access(by).require("people.edit", person.place_code)
    phone = checked_phone(phone)
    if Account.objects.filter(person=person).exists():
        raise Refused("registry.account_there", field="person")
    account = Account(person=person, phone_blind=vault().blind(phone, purpose=PHONE))
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(_checked(password, account))
    with unless_taken("registry.phone_has_account", "phone"):
        account.save()
    if not person.phone_sealed:
        set_phone(person=person, phone=phone, by=by)
    note(by=by, verb="account.made", record=f"account:{account.pk}", place_code=person.place_code)
    return account


def _checked(password: str, account: Account) -> str:
    try:
        validate_password(password, account)
    except ValidationError:
        raise Refused("registry.password_weak", field="password") from None
    return password
