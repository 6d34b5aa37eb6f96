"""What becomes of a fire: it is judged, somebody is sent, and what they found is kept and learned from."""

from datetime import datetime

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.fires.actions import sources
from cunzhi.fires.judging import Known, Rules, judge
from cunzhi.fires.models import Event
from cunzhi.fires.queries.events import known_of
from cunzhi.journal.actions import note


@transaction.atomic
def judge_event(*, event: Event, rules: Rules | None) -> bool:
    """Whether somebody should be sent there now; if not, the event says why. Without rules the scenario is not on."""
    if event.case_record or event.merged_into_id:
        return False
    standing: str = Event.Standing.NOT_ON
    if rules is not None:
        known: Known = known_of(event)
        standing = judge(known, rules, clock.now())
    if standing == Event.Standing.SENT:
        return True
    if standing != event.standing:
        Event.objects.filter(pk=event.pk).update(standing=standing)
    return False


@transaction.atomic
def note_sent(*, event: Event, case_record: str) -> None:
    """Somebody was sent: by this matter. From now on the place of the event stays."""
    Event.objects.filter(pk=event.pk).update(case_record=case_record, standing=Event.Standing.SENT)


@transaction.atomic
def note_finding(*, by: Actor, case_record: str, found: str, checked_at: datetime, in_time: bool) -> bool:
    """Keep what was found on the ground; a second time is the same time. False where there was nothing to keep."""
    event = Event.objects.select_for_update().filter(case_record=case_record, found="").first()
    if event is None or found not in Event.Found.values:
        return False
    event.found, event.checked_at, event.in_time = found, checked_at, in_time
    event.save(update_fields=["found", "checked_at", "in_time"])
    sources.learn_from(event=event)
    note(by=by, verb="fires.found", record=event.record, place_code=event.place_code, detail={"found": found})
    return True
