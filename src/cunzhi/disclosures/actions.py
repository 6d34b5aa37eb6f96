"""Subscribing, and counting views without remembering anybody."""

import hmac
import secrets
from datetime import date

from django.db import transaction
from django.db.models import F

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden
from cunzhi.disclosures.models import DayKey, Mark, Subscription, Views
from cunzhi.registry.access import selves
from cunzhi.registry.queries.places import require_place

KEY_BYTES = 32


@transaction.atomic
def subscribe(*, by: Actor, place_code: str) -> Subscription:
    """Be told when a place makes something public. Whom one listens to is nobody's business and is not noted."""
    if by.person_id is None:
        raise Forbidden("disclosures.sign_in_first")
    place = require_place(place_code, "village")
    made, _ = Subscription.objects.get_or_create(
        place_code=place.code, person_id=by.person_id, defaults={"since": clock.now()}
    )
    return made


@transaction.atomic
def unsubscribe(*, by: Actor, place_code: str) -> None:
    """Be told no longer."""
    if by.person_id is not None:
        mine = selves(by.person_id).values("id")
        Subscription.objects.filter(place_code=place_code, person_id__in=mine).delete()


@transaction.atomic
def count_view(*, record: str, place_code: str, device: str) -> bool:
    """Count that a device opened a record, once a day; True when it was counted now.

    `device` is what the browser sends anyway, and it is kept nowhere: only a hash of it, the record and the day, under
    a key that lives as long as the day. Phones behind one address that look alike count as one, so this is the least.
    """
    day = clock.today()
    mark = hmac.digest(_key_of(day), f"{record}\0{device}".encode(), "sha256").hex()
    if Mark.objects.filter(mark=mark).exists():
        return False
    made = Mark.objects.bulk_create([Mark(day=day, mark=mark)], ignore_conflicts=True)
    Views.objects.bulk_create([Views(record=record, place_code=place_code, day=day)], ignore_conflicts=True)
    Views.objects.filter(record=record, day=day).update(count=F("count") + len(made))
    return True


def _key_of(day: date) -> bytes:
    """Today's key, made by whoever needs it first."""
    found = DayKey.objects.filter(day=day).values_list("key", flat=True).first()
    if found is None:
        DayKey.objects.bulk_create([DayKey(day=day, key=secrets.token_bytes(KEY_BYTES))], ignore_conflicts=True)
        found = DayKey.objects.values_list("key", flat=True).get(day=day)
    return bytes(found)


def forget_days(*, by: Actor) -> int:
    """Destroy the marks of days that are over, and their keys. Only the counts stay."""
    DayKey.objects.filter(day__lt=clock.today()).delete()
    return Mark.objects.filter(day__lt=clock.today()).delete()[0]
