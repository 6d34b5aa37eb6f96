"""What sensors say is held against the rules: when values come in, and at every tick for what was missed."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F, Q

from cunzhi.alarms.actions.calling import Tell
from cunzhi.alarms.actions.life import Danger, clear_by_itself, raise_alarm
from cunzhi.alarms.clocks import clock_on
from cunzhi.alarms.conditions import Holding, holds, is_calm, village_of
from cunzhi.alarms.models import Alarm, Looked, Rule
from cunzhi.alarms.queries.rules import rules_for, rules_in_force, watched
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.perception.models import Datastream, Silence

AT_ONCE = 500


def look(*, by: Actor, tell: Tell, streams: Iterable[int] | None = None) -> int:
    """Judge these datastreams, or all that spoke or fell silent since the last look; how many alarms they raised.

    Each datastream is a transaction of its own: one that cannot be judged holds up no other.
    """
    rules = rules_in_force()
    if not rules:
        return 0
    rows = Datastream.objects.filter(watched(rules)).select_related("observed_property", "looked").order_by("pk")
    rows = rows.filter(pk__in=list(streams)) if streams is not None else rows.filter(_news())
    return sum(_look_at(one, rules, by, tell) for one in list(rows[:AT_ONCE]))


def _news() -> Q:
    """Heard anew, silent, or with an alarm that is open: not 'later than', for clocks are set back."""
    held = Alarm.objects.filter(cleared_at__isnull=True, datastream__isnull=False).values("datastream")
    silent = Silence.objects.filter(ended_at__isnull=True).values("datastream")
    unseen = Q(heard_at__isnull=False) & (Q(looked__isnull=True) | ~Q(looked__heard_at=F("heard_at")))
    return unseen | Q(pk__in=held) | Q(pk__in=silent)


@transaction.atomic
def _look_at(stream: Datastream, rules: list[Rule], by: Actor, tell: Tell) -> int:
    if stream.heard_at is not None:
        Looked.objects.update_or_create(datastream=stream, defaults={"heard_at": stream.heard_at})
    speaking = sorted(rules_for(stream, rules), key=_subject)  # sorting keeps the gravest first
    return sum(_judge(stream, list(group), by, tell) for _, group in groupby(speaking, key=_subject))


def _subject(rule: Rule) -> tuple[str, bool]:
    """Rules of one hazard are degrees of one alarm; those over several sensors have a source of their own."""
    return rule.hazard, rule.kind == Rule.Kind.SEVERAL


def _judge(stream: Datastream, rules: list[Rule], by: Actor, tell: Tell) -> int:
    """The gravest rule that holds raises; when none does and all are calm, the alarm comes to its end."""
    source = source_of(rules[0], stream)
    found = next(((rule, seen) for rule in rules if (seen := holds(rule, stream)) is not None), None)
    if found is None:
        if all(is_calm(rule, stream) for rule in rules):
            _calm(source, rules[0].hazard, by)
        return 0
    rule, seen = found
    if _set_aside(source, rule):
        return 0
    before = Alarm.objects.filter(source=source, hazard=rule.hazard, cleared_at__isnull=True).exists()
    raise_alarm(by=by, danger=_danger(source, rule, stream, seen), tell=tell)
    return 0 if before else 1


def source_of(rule: Rule, stream: Datastream) -> str:
    """What an alarm is about: a datastream, or a village with several."""
    several = rule.kind == Rule.Kind.SEVERAL
    return f"place:{village_of(stream)}" if several else f"datastream:{stream.pk}"


def _danger(source: str, rule: Rule, stream: Datastream, seen: Holding) -> Danger:
    return Danger(
        source=source, hazard=rule.hazard, colour=rule.colour, rule=rule, datastream=stream, value=seen.value,
        place_code=village_of(stream) if rule.kind == Rule.Kind.SEVERAL else stream.place_code, observed_at=seen.at,
    )  # fmt: skip


def _set_aside(source: str, rule: Rule) -> bool:
    """Whether somebody cleared this very alarm while its condition went on: it is not raised again until it is calm."""
    last = Alarm.objects.filter(source=source, hazard=rule.hazard).order_by("-id").first()
    return last is not None and last.cleared_at is not None and last.calm_since is None and last.colour == rule.colour


def _calm(source: str, hazard: str, by: Actor) -> None:
    last = Alarm.objects.filter(source=source, hazard=hazard).order_by("-id").first()
    if last is None:
        return
    if last.calm_since is None or last.calm_since > clock.now():  # or the clock was set back
        Alarm.objects.filter(pk=last.pk).update(calm_since=clock.now())
    elif last.cleared_at is None:
        still = timedelta(minutes=clock_on(clock.today()).calm_minutes)
        if clock.now() - last.calm_since >= still:
            clear_by_itself(by=by, alarm=last)
