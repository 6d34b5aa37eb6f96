"""A person sets their own password."""

from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.journal.actions import note
from cunzhi.registry.models import Account


@transaction.atomic
def change_password(*, account: Account, password: str, by: Actor) -> None:
    """The new password holds from now on; that it was changed is noted, nothing of it is."""
    account.set_password(password)
    account.save(update_fields=["password"])
    place_code = account.person.place_code
    note(by=by, verb="account.password_changed", record=f"account:{account.pk}", place_code=place_code)
