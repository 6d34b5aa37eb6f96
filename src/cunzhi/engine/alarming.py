"""What alarms call for reaches people's inboxes and phones: in the transaction of the alarm itself."""

from collections.abc import Iterable
from datetime import datetime

from cunzhi.alarms.actions import calling, watching
from cunzhi.alarms.models import Alarm, Call
from cunzhi.alarms.wording import subject_of, told_value
from cunzhi.base.actor import Actor
from cunzhi.base.clock import ZONE
from cunzhi.base.messages import LANGUAGES, say
from cunzhi.engine.models import Message
from cunzhi.engine.sending import send
from cunzhi.registry.queries.places import name_of


def look(by: Actor, streams: Iterable[int] | None = None) -> int:
    """Hold what sensors say against the rules, and call whom it concerns."""
    return watching.look(by=by, tell=tell, streams=streams)


def climb_alarms(by: Actor) -> int:
    """Call the next rung where nobody answered."""
    return calling.climb_due(by=by, tell=tell)


def tell(alarm: Alarm, people: list[int], rung: str, phones: datetime) -> dict[int, int]:
    """The words of an alarm for some people; the number of each one's message. A drill says so first and last."""
    place = name_of(alarm.place_code)
    until = alarm.due_at.astimezone(ZONE).strftime("%H:%M") if alarm.due_at else ""
    filled = {
        language: {
            "colour": say(f"alarms.colour.{alarm.colour}", language),
            "what": subject_of(alarm, language),
            "value": told_value(alarm, language),
            "place": place,
            "until": until,
        }
        for language in LANGUAGES
    }
    key = "alarms.message.drill" if alarm.drill else "alarms.message.called"
    sent = send(None, people, key, filled, phones=phones)
    return {one.to_id: one.pk for one in sent}


def deliveries(calls: Iterable[Call]) -> dict[int, str]:
    """How each call's message fares, by call: waiting, sent, read, failed, or inbox where there is no phone."""
    known = Message.objects.in_bulk({one.message for one in calls if one.message is not None})
    return {one.pk: _delivery(known.get(one.message or 0)) for one in calls}


def _delivery(message: Message | None) -> str:
    if message is None:
        return "gone"
    if message.read_at is not None:
        return "read"
    if message.sent_at is not None:
        return "sent"
    if message.send_after is not None:
        return "waiting"
    return "failed" if message.tries else "inbox"
