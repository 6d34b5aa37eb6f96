"""Which alarms are open, for whom, and what holds them back."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from cunzhi.alarms.models import Alarm, Call, Colour, Mute
from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under_any
from cunzhi.registry.access import Access

SEE, ANSWER, SET = "alarms.see", "alarms.answer", "alarms.set"
GRAVITY = Case(
    *(When(colour=colour, then=Value(colour.rank)) for colour in Colour), default=Value(0), output_field=IntegerField()
)


def seen_by(access: Access) -> QuerySet[Alarm]:
    """The alarms where one serves, and those about which one was called: a grid is called about its village too."""
    return Alarm.objects.filter(under_any(access.places(SEE)) | Q(pk__in=_called(access, SEE).values("alarm")))


def may_answer(access: Access, alarm: Alarm) -> bool:
    """Whether one may answer and handle an alarm: by office there, or because one was called."""
    return access.may(ANSWER, alarm.place_code) is not None or _called(access, ANSWER).filter(alarm=alarm).exists()


def _called(access: Access, verb: str) -> QuerySet[Call]:
    """The calls that reached a holder of the verb."""
    person = access.actor.person_id if access.places(verb) else None
    return Call.objects.filter(person_id=person or 0)


def open_alarms(access: Access) -> QuerySet[Alarm]:
    """The open alarms that one may see: unanswered first, then by colour, then by age."""
    rows = seen_by(access).filter(cleared_at__isnull=True)
    waiting = Case(When(acknowledged_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.select_related("rule", "datastream").order_by(waiting, GRAVITY.desc(), "raised_at", "id")


def past_alarms(access: Access) -> QuerySet[Alarm]:
    """Cleared ones, newest first."""
    return seen_by(access).filter(cleared_at__isnull=False).select_related("rule").order_by("-cleared_at", "-id")


def alarm_seen(number: int, access: Access) -> Alarm:
    """An alarm that one may see; hidden and missing look the same."""
    found = seen_by(access).select_related("rule", "acknowledged_by", "handled_by")
    alarm = found.filter(pk=number).first()
    if alarm is None:
        raise Refused("alarms.no_such_alarm")
    return alarm


def muted(alarm: Alarm) -> Mute | None:
    """What keeps everybody from being called. A mute of a place never holds back red; one of a source does."""
    now = clock.now()
    codes = [alarm.place_code[:length] for length in range(2, len(alarm.place_code) + 1)]
    held = Mute.objects.filter(since__lte=now, until__gt=now, place_code__in=codes)
    fits = Q(source=alarm.source)
    if alarm.colour != Colour.RED:
        fits |= Q(source="", hazard__in=["", alarm.hazard])
    return held.filter(fits).order_by("-until").first()


def inhibitor(alarm: Alarm) -> Alarm | None:
    """A graver open alarm of the same hazard at the same place or a wider one: whoever answers that knows enough."""
    codes = [alarm.place_code[:length] for length in range(2, len(alarm.place_code) + 1)]
    graver = [one for one in Colour if one.rank > Colour(alarm.colour).rank]
    held = Alarm.objects.filter(
        cleared_at__isnull=True, hazard=alarm.hazard, drill=alarm.drill, place_code__in=codes, colour__in=graver
    )
    return held.exclude(pk=alarm.pk).first()


def mutes_at(places: list[str]) -> QuerySet[Mute]:
    """The mutes that hold now or will, below some places."""
    return Mute.objects.filter(under_any(places), until__gt=clock.now()).order_by("until")


def storm_of(call: Call) -> QuerySet[Alarm]:
    """The open alarms of which somebody was told in one message."""
    same = Call.objects.filter(person=call.person_id, message=call.message, message__isnull=False)
    return Alarm.objects.filter(pk__in=same.values("alarm"), cleared_at__isnull=True)
