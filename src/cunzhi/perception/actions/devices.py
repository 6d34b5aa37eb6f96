"""Devices get a secret for one thing, and lose it."""

import hashlib
from base64 import b64encode
from secrets import token_bytes

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.secret import hash_of, new_secret
from cunzhi.journal.actions import note
from cunzhi.perception.models import Device, Thing
from cunzhi.perception.queries.devices import PREFIX
from cunzhi.perception.queries.scope import Scope

LONGEST_NAME = 60
ITERATIONS = 101
"""What Mosquitto itself takes; more would slow its log-ins and add nothing to 256 random bits."""


@transaction.atomic
def give_token(*, scope: Scope, thing: Thing, name: str) -> tuple[Device, str]:
    """A device that may send for a thing, and its secret, which is shown this once."""
    scope.require(thing.place_code)
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("perception.device_name", field="name", longest=LONGEST_NAME)
    secret = new_secret(PREFIX)
    device = Device.objects.create(
        thing=thing, name=name, secret_hash=hash_of(secret), broker_hash=_for_mosquitto(secret), since=clock.now()
    )
    note(
        by=scope.actor,
        verb="device.add",
        record=device.record,
        place_code=thing.place_code,
        detail={"thing": thing.pk},
        private=name,
    )
    return device, secret


@transaction.atomic
def revoke(*, scope: Scope, device: Device) -> None:
    """The device sends nothing more. Asking again changes nothing."""
    scope.require(device.thing.place_code)
    if Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        note(by=scope.actor, verb="device.revoke", record=device.record, place_code=device.thing.place_code)


def _for_mosquitto(secret: str) -> str:
    """The hash as Mosquitto's password file has it: PBKDF2 with SHA-512."""
    salt = token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${b64encode(salt).decode()}${b64encode(digest).decode()}"
