"""What alarms call for reaches people's inboxes and phones: in the transaction of the alarm itself."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.db import transaction

from cunzhi.alarms.actions import calling, receiving, watching
from cunzhi.alarms.clocks import phones_from
from cunzhi.alarms.models import Alarm, Call, Rule, Warned
from cunzhi.alarms.queries.warnings import grave
from cunzhi.alarms.wording import subject_of, told_value
from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.clock import ZONE
from cunzhi.base.fields import under_any
from cunzhi.base.messages import LANGUAGES, say
from cunzhi.disclosures.queries import subscribers
from cunzhi.engine.models import Message
from cunzhi.engine.sending import send
from cunzhi.registry.queries.people import current_people
from cunzhi.registry.queries.places import name_of

log = logging.getLogger(__name__)
RULES, RULES_FRESH = "alarms:rules", 5
"""Under which name and for how many seconds a process remembers whether there are rules at all."""


def look(by: Actor, streams: Iterable[int] | None = None) -> int:
    """Hold what sensors say against the rules, and call whom it concerns."""
    return watching.look(by=by, tell=tell, streams=streams)


def look_after_commit(streams: Iterable[int]) -> None:
    """For the faces that take values in: judge them as soon as they are kept. Without rules this costs nothing."""
    transaction.on_commit(partial(_look_now, sorted(set(streams))))


def _look_now(streams: list[int]) -> None:
    if not cache.get_or_set(RULES, lambda: Rule.objects.exists(), RULES_FRESH):
        return
    try:
        look(system("tick"), streams)
    except Exception:  # the values are kept and were answered for; the next tick looks again
        log.exception("a look at what came in failed; the next tick looks again")


@transaction.atomic
def receive(by: Actor, data: bytes, digest: str = "") -> Warned:
    """Take a CAP message from outside, call those who answer for its places, and tell the people who live there."""
    before = Warned.objects.count()
    made = receiving.receive(by=by, data=data, tell=tell, digest=digest)
    if Warned.objects.count() > before:  # the same message again is not announced again
        announce(made)
    return made


def climb_alarms(by: Actor) -> int:
    """Call the next rung where nobody answered; what was warned of from outside and is over ends."""
    receiving.end_of_received(by=by)
    return calling.climb_due(by=by, tell=tell)


def tell(alarm: Alarm, people: list[int], rung: str, phones: datetime) -> dict[int, int]:
    """The words of an alarm for some people; the number of each one's message. A drill says so first and last."""
    place = name_of(alarm.place_code)
    by_when = alarm.climb_at or alarm.due_at  # a later rung has its own time; the last one is late already
    until = by_when.astimezone(ZONE).strftime("%H:%M") if by_when else ""
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


def announce(warned: Warned) -> int:
    """A public warning, or its end, reaches the people who live there: everybody from orange on, else who asked for it.

    A warning that only says anew what everybody was told is announced again, for it may say something else now.
    """
    codes = list(warned.places.values_list("place_code", flat=True))
    living = current_people().filter(under_any(codes), died_on__isnull=True, left_on__isnull=True)
    reached = set(living.exclude(phone_blind="").values_list("id", flat=True)) if grave(warned) else set()
    reached |= {person for code in codes for person in subscribers(code)}
    over = warned.kind == Warned.Type.CANCEL
    drill = "_drill" if warned.status == Warned.Status.EXERCISE else ""
    filled = {
        language: {
            "colour": say(f"alarms.colour.{warned.colour}", language),
            "headline": warned.headline,
            "instruction": warned.instruction[:200],
        }
        for language in LANGUAGES
    }
    key = f"alarms.message.{'over' if over else 'warned'}{drill}"
    phones = phones_from(clock.now(), warned.colour)
    return len(send(None, sorted(reached), key, filled, phones=phones))


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
