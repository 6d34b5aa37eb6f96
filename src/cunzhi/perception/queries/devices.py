"""Which device shows a secret, and what a broker must know to let devices send."""

import re
from typing import Any

from django.db.models import QuerySet

from cunzhi.base.prepared import Prepared
from cunzhi.base.secret import hash_of
from cunzhi.perception.models import Datastream, Device

PREFIX = "cunzhi_device_"
TOPIC = re.compile(r"v1\.1/Datastreams\(([1-9][0-9]{0,18})\)/Observations")


def device_by(secret: str) -> Device | None:
    """The device with a secret that still opens something."""
    if not secret.startswith(PREFIX):
        return None
    rows = BY_HASH.run(hash=hash_of(secret))
    return Device.from_db("default", COLUMNS, rows[0]) if rows else None


COLUMNS = [field.attname for field in Device._meta.concrete_fields]


def _by_hash(hash: str) -> QuerySet[Device, tuple[Any, ...]]:
    return Device.objects.filter(secret_hash=hash, revoked_at__isnull=True).values_list(*COLUMNS)


BY_HASH = Prepared(_by_hash, hash="a hash")


def datastream_of(topic: str) -> int | None:
    """The datastream to whose observations a topic belongs."""
    found = TOPIC.fullmatch(topic)
    number = int(found[1]) if found else 0
    return number if 0 < number < 2**63 else None


def broker_passwords() -> str:
    """The password file of a Mosquitto for our devices: hashes only."""
    held = Device.objects.filter(revoked_at__isnull=True).order_by("pk")
    return "".join(f"{user_name(one.pk)}:{one.broker_hash}\n" for one in held)


def broker_rights(prefix: str = "") -> str:
    """The access list of a Mosquitto for our devices: each may write to the datastreams of its thing."""
    lines = []
    streams: dict[int, list[int]] = {}
    for thing, stream in Datastream.objects.order_by("pk").values_list("thing_id", "pk"):
        streams.setdefault(thing, []).append(stream)
    for number, thing in Device.objects.filter(revoked_at__isnull=True).order_by("pk").values_list("pk", "thing_id"):
        lines.append(f"user {user_name(number)}")
        lines += [f"topic write {prefix}v1.1/Datastreams({stream})/Observations" for stream in streams.get(thing, [])]
    return "\n".join(lines) + "\n"


def user_name(device: int) -> str:
    """What a device calls itself at a broker."""
    return f"device-{device}"
