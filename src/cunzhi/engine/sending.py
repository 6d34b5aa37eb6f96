"""Puts messages into people's inboxes."""

from datetime import datetime
from typing import Any

from cunzhi.base import clock
from cunzhi.deliberation.models import Topic
from cunzhi.engine.models import Case, Message, Notice
from cunzhi.registry.models import Person


def send(
    case: Case | None,
    people: list[int],
    key: str,
    params: dict[str, Any],
    *,
    notice: Notice | None = None,
    topic: Topic | None = None,
    phones: datetime | None = None,
) -> list[Message]:
    """Put a message into people's inboxes; those with a phone get it there too, at the next tick from `phones` on."""
    moment = clock.now()
    reached = Person.objects.filter(id__in=people, died_on__isnull=True).values_list("id", "phone_blind")
    return Message.objects.bulk_create(
        Message(
            to_id=person,
            case=None if notice else case,
            notice=notice,
            topic=topic,
            key=key,
            params=params,
            at=moment,
            send_after=(phones or moment) if phone else None,
        )
        for person, phone in reached
    )
