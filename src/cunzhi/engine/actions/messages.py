"""What a reader does with messages."""

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.queries.messages import messages_of


@transaction.atomic
def mark_read(*, by: Actor, upto: int) -> int:
    """Mark one's messages up to an id as read; reading is nobody else's business and is not noted."""
    if by.person_id is None:
        return 0
    return messages_of(by.person_id).filter(read_at__isnull=True, id__lte=upto).update(read_at=clock.now())
