"""Reads of what the calendar of a scenario demands of a village, and whether it was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cunzhi.base import clock
from cunzhi.base.fields import under, under_any
from cunzhi.base.periods import Period
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Activation, Case, Notice
from cunzhi.engine.parameters import numbers
from cunzhi.engine.queries.openings import nearest
from cunzhi.engine.spec.calendar import Duty
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.access import in_force
from cunzhi.registry.models import Appointment
from cunzhi.registry.roles import roles

VILLAGE = 12
EVENING = time(18)
SHOWN = 4
"""How many past periods of a column a board looks back on."""


@dataclass(frozen=True)
class Standing:
    """How a duty stands for one period: the notice that answered it, if any, and whether that came in time."""

    period: Period
    due: datetime
    notice: Notice | None
    case: Case | None

    @property
    def late(self) -> bool:
        """Whether it came after it was due, or is overdue now."""
        return (self.notice.at if self.notice else clock.now()) > self.due

    @property
    def missing(self) -> bool:
        return self.notice is None and self.late


@dataclass(frozen=True)
class Column:
    """A duty with what a village did about it, newest period first."""

    scenario: Scenario
    name: str
    duty: Duty
    standings: list[Standing]

    @property
    def latest(self) -> Standing | None:
        return self.standings[0] if self.standings else None

    @property
    def missing(self) -> bool:
        return any(one.missing for one in self.standings)


def key_of(slug: str, name: str, period: Period, place_code: str) -> str:
    """The key of the case that a duty opens: once for ever."""
    return f"duty:{slug}:{name}:{period}:{place_code}"


def due_at(scenario: Scenario, activation: Activation, duty: Duty, period: Period) -> datetime:
    """The evening by which a duty for a period is to be done, by the numbers in force when the period was over."""
    days = _days(scenario, activation, duty.due_days, period.next().first_day)
    last = period.next().first_day + timedelta(days=days - 1)
    return datetime.combine(last, EVENING, clock.ZONE)


def remind_from(scenario: Scenario, activation: Activation, duty: Duty, due: datetime) -> date:
    """The day from which the owner is reminded."""
    days = _days(scenario, activation, duty.remind_days, clock.today())
    return due.astimezone(clock.ZONE).date() - timedelta(days=days)


def _days(scenario: Scenario, activation: Activation, days: int | str, on: date) -> int:
    if isinstance(days, int):
        return days
    number = numbers(scenario, activation, on)[days]
    assert isinstance(number, int)  # noqa: S101  the check of the folder keeps it
    return number


def villages_with(role: str, activation: Activation) -> list[str]:
    """The villages under an activation that somebody serves in a role; nobody else can be late."""
    level = roles()[role].level
    if level != "village":
        return []
    held = Appointment.objects.filter(in_force(clock.today()), under(activation.place_code), role=role)
    return sorted(set(held.values_list("place_code", flat=True)))


def villages_served(within: Sequence[str]) -> set[str]:
    """The villages under some places in which somebody holds an office of the village."""
    village = [name for name, role in roles().items() if role.level == "village"]
    held = Appointment.objects.filter(in_force(clock.today()), under_any(list(within)), role__in=village)
    return set(held.values_list("place_code", flat=True))


def columns_of(place_code: str, *, look_back: int = SHOWN) -> list[Column]:
    """Every duty of a village by the calendars that are on there, with how its latest periods stand."""
    owing = [(one, scenarios()[one.scenario]) for one in nearest(place_code) if scenarios()[one.scenario].calendar]
    serve = _serving(place_code) if owing else set()
    found = []
    for activation, scenario in owing:
        periods = {
            name: duty.over(clock.today(), activation.since, look_back)[::-1] if duty.owner in serve else []
            for name, duty in scenario.calendar.items()
        }
        notices, cases = _answering(scenario.slug, place_code, periods), _opened(scenario.slug, place_code, periods)
        for name, duty in scenario.calendar.items():
            standings = [
                Standing(
                    one,
                    due_at(scenario, activation, duty, one),
                    notices.get((name, str(one))),
                    cases.get(key_of(scenario.slug, name, one, place_code)),
                )
                for one in periods[name]
            ]
            found.append(Column(scenario, name, duty, standings))
    return found


def _serving(place_code: str) -> set[str]:
    """The roles in which somebody serves a village today."""
    held = Appointment.objects.filter(in_force(clock.today()), place_code=place_code)
    return set(held.values_list("role", flat=True))


def _answering(slug: str, place_code: str, periods: dict[str, list[Period]]) -> dict[tuple[str, str], Notice]:
    """The first notice for each column and period: what came later corrects it, and does not make it late."""
    wanted = {str(one) for some in periods.values() for one in some}
    rows = Notice.objects.filter(place_code=place_code, column__in=list(periods), period__in=wanted)
    found: dict[tuple[str, str], Notice] = {}
    for notice in rows.filter(case__scenario=slug).order_by("at", "id"):
        found.setdefault((notice.column, notice.period), notice)
    return found


def _opened(slug: str, place_code: str, periods: dict[str, list[Period]]) -> dict[str, Case]:
    keys = [key_of(slug, name, one, place_code) for name, some in periods.items() for one in some]
    return {case.key: case for case in Case.objects.filter(key__in=keys) if case.key}
