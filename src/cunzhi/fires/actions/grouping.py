"""Makes fires of detections: anew around whatever came, so that the order in which files came does not matter."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cunzhi.fires.clustering import SOON, Seen, clusters
from cunzhi.fires.models import Detection, Event
from cunzhi.fires.places import locate

FURTHEST = timedelta(days=30)
BATCH = 500


def group(moments: Sequence[datetime]) -> None:
    """Bring the fires in line with the detections around these moments."""
    if not moments:
        return
    rows = Detection.objects.filter(at__gte=_back_from(min(moments)), at__lte=_on_from(max(moments)))
    known = {one.pk: one for one in rows.select_related("look")}
    events = Event.objects.in_bulk({one.event_id for one in known.values() if one.event_id})
    claimed: dict[int, Event] = {}
    moved: list[Detection] = []
    parts = clusters([Seen(one.at, one.latitude, one.longitude, one.pk) for one in known.values()])
    for part in parts:
        members = [known[seen.id] for seen in part]
        event = _event_of(members, events, claimed)
        _settle(event, members)
        claimed[event.pk] = event
        for one in members:
            if one.event_id != event.pk:
                one.event = event
                moved.append(one)
    was = {one.pk: one.event_id for one in rows}
    Detection.objects.bulk_update(moved, ["event"], batch_size=BATCH)
    _merge([event for key, event in events.items() if key not in claimed], was)


def _back_from(moment: datetime) -> datetime:
    """The first moment before which nothing can hang together with this one, for there was a gap."""
    begin = moment
    while moment - begin < FURTHEST:
        earlier = (
            Detection.objects.filter(at__lt=begin, at__gte=begin - SOON).order_by("at").values_list("at", flat=True)
        )
        first = earlier.first()
        if first is None:
            break
        begin = first
    return begin


def _on_from(moment: datetime) -> datetime:
    """The same onwards."""
    end = moment
    while end - moment < FURTHEST:
        later = Detection.objects.filter(at__gt=end, at__lte=end + SOON).order_by("-at")
        last = later.values_list("at", flat=True).first()
        if last is None:
            break
        end = last
    return end


def _event_of(members: Sequence[Detection], events: dict[int, Event], claimed: dict[int, Event]) -> Event:
    """The event that a group goes on being: the oldest of its members' that no earlier group is; else a new one."""
    held = sorted({one.event_id for one in members if one.event_id} - claimed.keys())
    sent = [key for key in held if events[key].case_record]
    return events[(sent or held)[0]] if held else Event()


def _settle(event: Event, members: Sequence[Detection]) -> None:
    """What an event says of itself follows from its detections; where somebody was sent, the place stays."""
    event.first_at, event.last_at = members[0].at, members[-1].at
    event.latitude = round(sum(one.latitude for one in members) / len(members), 5)
    event.longitude = round(sum(one.longitude for one in members) / len(members), 5)
    event.simulated = any(one.look.simulated for one in members)
    event.merged_into = None
    if not event.case_record:
        found = locate((members[0].latitude, members[0].longitude))
        event.place_code, event.known_by, event.metres = found.place_code, found.known_by, found.metres
    event.save()


def _merge(left: Sequence[Event], was: dict[int, int | None]) -> None:
    """Events whose detections all went to others: gone, or, where somebody was sent, with a sign of where they went."""
    for event in left:
        former = [detection for detection, event_id in was.items() if event_id == event.pk]
        into = Detection.objects.filter(pk__in=former).order_by("at", "id").values_list("event_id", flat=True).first()
        if event.case_record:
            Event.objects.filter(pk=event.pk).update(merged_into=into)
        else:
            Event.objects.filter(merged_into=event.pk).update(merged_into=into)
            event.delete()
