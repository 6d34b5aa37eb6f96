"""Who calls this face: a person's program by its token, or a device by its own; Basic carries the same secret."""

import binascii
from base64 import b64decode
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest

from cunzhi.api import throttle
from cunzhi.api.auth import USED_AGAIN_AFTER, Caller, caller_by_token, counted
from cunzhi.api.errors import NotSignedIn, TooMany
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.perception.models import Device
from cunzhi.perception.queries.devices import PREFIX, device_by
from cunzhi.perception.queries.scope import Scope
from cunzhi.registry.access import Access


def caller_of(request: HttpRequest) -> tuple[Caller, Scope]:
    """The caller and what they may see; NotSignedIn without a secret or with one that opens nothing."""
    secret = _secret(request.headers.get("Authorization", ""))
    if not secret:
        if throttle.over(f"address:{throttle.address_of(request)}", throttle.LIMITS.address):
            raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
        raise NotSignedIn("api.not_signed_in")
    if not secret.startswith(PREFIX):
        caller = counted(caller_by_token(request, secret))
        return caller, Scope(caller.actor, caller.access)
    device = device_by(secret)
    if device is None:
        if throttle.over(f"failed:{throttle.address_of(request)}", throttle.LIMITS.failed):
            raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
        raise NotSignedIn("api.token_unknown")
    _note_use(device, USED_AGAIN_AFTER)
    actor = Actor(person_id=None, channel="api", device_id=device.pk)
    caller = counted(Caller(actor, Access(actor), device.record))
    return caller, Scope(actor, caller.access, thing=device.thing_id)


def _secret(header: str) -> str:
    kind, _, rest = header.strip().partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return b64decode(rest.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _note_use(device: Device, coarse: timedelta) -> None:
    before = clock.now() - coarse
    if device.last_used_at is None or device.last_used_at < before:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)
        Device.objects.filter(stale, pk=device.pk).update(last_used_at=clock.now())
