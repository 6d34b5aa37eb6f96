"""Notes a picture or file that was written, until a case binds it."""

from typing import Any

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.models import Attachment
from cunzhi.journal.actions import note


@transaction.atomic
def attach(*, by: Actor, what: str, sent: Attachment, detail: dict[str, Any]) -> Attachment:
    """Save what was sent in by somebody now; `what` it is, picture or file, names it in the journal."""
    sent.uploaded_by_id, sent.uploaded_at = by.person_id, clock.now()
    sent.save(force_insert=True)
    record = f"{what}:{sent.pk}"
    note(by=by, verb=f"{what}.keep", record=record, place_code=sent.place_code, detail=detail)
    return sent
