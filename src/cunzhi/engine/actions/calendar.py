"""Opens by itself what the calendar says is owed, and reminds its owner before it falls due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.periods import Period, in_words
from cunzhi.base.text import Text
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Case
from cunzhi.engine.queries.calendar import due_at, key_of, remind_from, villages_with
from cunzhi.engine.queries.openings import activations_of
from cunzhi.engine.sending import send
from cunzhi.engine.spec.calendar import Duty
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.access import holders

LATEST = 3
"""How many periods are opened afterwards where the platform stood still."""
BATCH = 200
REMINDER = "engine.message.reminder"


@dataclass(frozen=True)
class Owed:
    """A duty of one village for one period."""

    scenario: Scenario
    name: str
    duty: Duty
    place_code: str
    period: Period

    @property
    def key(self) -> str:
        return key_of(self.scenario.slug, self.name, self.period, self.place_code)


def open_due(*, by: Actor) -> int:
    """Open a case for every duty whose period is over and that has none; at most a batch in one round."""
    opened = 0
    for scenario in scenarios().values():
        owed = {one.key: one for one in _owed(scenario)}
        known = set(_known(list(owed)))
        for key in [key for key in owed if key not in known][: BATCH - opened]:
            _open(owed[key], by)
            opened += 1
    return opened


def _owed(scenario: Scenario) -> Iterator[Owed]:
    """What the villages owe of which the period is over, where the scenario is on and somebody serves."""
    today = clock.today()
    for activation in activations_of(scenario.slug) if scenario.calendar else ():
        for name, duty in scenario.calendar.items():
            periods = duty.over(today, activation.since, LATEST)
            for code in villages_with(duty.owner, activation) if periods else ():
                for period in periods:
                    yield Owed(scenario, name, duty, code, period)


def _known(keys: list[str]) -> Iterator[str]:
    for start in range(0, len(keys), 500):
        found: list[str | None] = list(
            Case.objects.filter(key__in=keys[start : start + 500]).values_list("key", flat=True)
        )
        yield from (key for key in found if key)


@transaction.atomic
def _open(one: Owed, by: Actor) -> None:
    """The case lies with the duty's owner, is due when the duty is, and climbs when it is over."""
    case = open_case(
        by=by,
        scenario=one.scenario.slug,
        workflow=one.duty.workflow,
        place_code=one.place_code,
        answers={"column": one.name, "period": str(one.period)},
        key=one.key,
    )
    due = due_at(one.scenario, case.activation, one.duty, one.period)
    climbs = case.climb_at is not None
    Case.objects.filter(pk=case.pk).update(waits_for=one.duty.owner, due_at=due, climb_at=due if climbs else None)
    _tell(case, one.duty, one.period, due.date(), "engine.message.owed")


def remind(*, by: Actor) -> int:
    """Tell the owner once more some days before; one that is late climbs like every matter."""
    sent = 0
    soon = clock.now() + timedelta(days=31)
    owing = [slug for slug, scenario in scenarios().items() if scenario.calendar]
    open_ones = Case.objects.filter(scenario__in=owing, closed_at__isnull=True, key__startswith="duty:")
    waiting = open_ones.filter(due_at__gt=clock.now(), due_at__lt=soon).exclude(messages__key=REMINDER)
    for case in waiting.select_related("activation")[:BATCH]:
        scenario = scenarios().get(case.scenario)
        duty = scenario.calendar.get(case.answers.get("column", "")) if scenario else None
        if scenario is None or duty is None or case.waits_for != duty.owner or case.due_at is None:
            continue
        if clock.today() >= remind_from(scenario, case.activation, duty, case.due_at):
            _tell(case, duty, Period.parse(case.answers["period"]), case.due_at.date(), REMINDER)
            sent += 1
    return sent


def _tell(case: Case, duty: Duty, period: Period, due: date, key: str) -> None:
    said: dict[str, Text] = {"column": duty.title, "period": in_words(period)}
    shared = {"number": case.number, "due": due.isoformat()}
    filled = {
        language: {**shared, **{name: text.in_(language) for name, text in said.items()}}
        for language in ("zh-hans", "en")
    }
    send(case, list(holders(duty.owner, case.place_code).values_list("id", flat=True)), key, filled)
