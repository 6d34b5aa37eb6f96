"""Rules are set for a place from a day on, one by one or from a file; nobody is called during a mute."""

from datetime import date, datetime, timedelta

from django.db import transaction

from cunzhi.alarms.hazards import hazards, require_hazard
from cunzhi.alarms.models import Mute, Rule
from cunzhi.alarms.queries.alarms import SET
from cunzhi.alarms.rules_file import RuleSpec, read_rules
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words
from cunzhi.registry.queries.places import require_place

LONGEST_MUTE = timedelta(days=7)


@transaction.atomic
def set_rule(*, by: Actor, place_code: str, spec: RuleSpec, since: date | None = None) -> Rule:
    """From a day on this holds. The rule of the same name that held before ends then; past alarms keep theirs."""
    Access(by).require(SET, place_code)
    require_place(place_code)
    require_hazard(spec.hazard)
    day = since or clock.today()
    known = Rule.objects.select_for_update().filter(place_code=place_code, name=spec.name, until__isnull=True).first()
    if known is not None and known.since > day:
        raise Refused("alarms.rule.older", field="since", name=spec.name, since=known.since)
    if known is not None and _same(known, spec):
        return known
    if known is not None:
        known.until = day
        known.save(update_fields=["until"])
    made = Rule.objects.create(place_code=place_code, since=day, **spec.columns)
    detail = {"name": made.name, "hazard": made.hazard, "kind": made.kind, "limit": made.limit, "colour": made.colour}
    note(by=by, verb="alarmrule.set", record=made.record, place_code=place_code, detail=detail)
    return made


@transaction.atomic
def end_rule(*, by: Actor, rule: Rule) -> Rule:
    """The rule holds no longer; its open alarms stay open until somebody clears them."""
    Access(by).require(SET, rule.place_code)
    rule = Rule.objects.select_for_update().get(pk=rule.pk)
    if rule.until is None:
        rule.until = max(clock.today(), rule.since)
        rule.save(update_fields=["until"])
        note(by=by, verb="alarmrule.end", record=rule.record, place_code=rule.place_code, detail={"name": rule.name})
    return rule


@transaction.atomic
def import_rules(*, by: Actor, place_code: str, text: str, name: str) -> list[Rule]:
    """All rules of a YAML file, or none of them; the same file again changes nothing."""
    specs = read_rules(text, name=name, known=hazards())
    return [set_rule(by=by, place_code=place_code, spec=one) for one in specs]


def _same(rule: Rule, spec: RuleSpec) -> bool:
    return all(getattr(rule, column) == value for column, value in spec.columns.items())


@transaction.atomic
def mute(*, by: Actor, place_code: str, reason: str, until: datetime, hazard: str = "", source: str = "") -> Mute:
    """Nobody is called until then. What is raised meanwhile stays on the desk; red is held back for one source only."""
    Access(by).require(SET, place_code)
    require_place(place_code)
    if hazard:
        require_hazard(hazard)
    now = clock.now()
    if not now < until <= now + LONGEST_MUTE:
        raise Refused("alarms.mute_end", field="until", days=LONGEST_MUTE.days)
    made = Mute.objects.create(
        place_code=place_code, hazard=hazard, source=source[:64], reason=checked_words(reason, "reason", 200),
        since=now, until=until, by_id=by.person_id,
    )  # fmt: skip
    detail = {"hazard": hazard, "source": source[:64], "until": until.isoformat()}
    note(by=by, verb="alarm.mute", record=made.record, place_code=place_code, detail=detail, private=made.reason)
    return made


@transaction.atomic
def unmute(*, by: Actor, mute: Mute) -> None:
    """People are called again, from now on."""
    Access(by).require(SET, mute.place_code)
    now = clock.now()
    if Mute.objects.filter(pk=mute.pk, until__gt=now).update(until=max(now, mute.since + timedelta(seconds=1))):
        note(by=by, verb="alarm.unmute", record=mute.record, place_code=mute.place_code)
