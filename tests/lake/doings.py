"""Cases, steps and postings at places of a made-up county, and indicators over them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count

from cunzhi.engine.models import Activation, Case, ScenarioVersion, Step
from cunzhi.lake.indicator import Indicator, read_indicator
from cunzhi.registry.models import Appointment, Household, Person

COUNTY, TOWNSHIP, OTHER_TOWNSHIP = "500113", "500113101", "500113102"
VILLAGE, NEIGHBOUR, FAR_VILLAGE = "500113101200", "500113101201", "500113102200"
GRID = "500113101200001"
NUMBERS: Iterator[int] = count(1)

HEADER = """-- title_zh: 办结数
-- title_en: Closed
-- unit_zh: 件
-- unit_en: cases
-- better: more
"""


def indicator(value: str, *, rows: str = "cases", month: str = "closed_month", where: str = "") -> Indicator:
    """An indicator of the scenario 'points' with this value."""
    condition = f"WHERE {where}\n" if where else ""
    select = f"SELECT place_code AS place, {month} AS period, {value} AS value\nFROM {rows}\n{condition}"
    text = f"{HEADER}{select}GROUP BY place_code, {month}"
    return read_indicator(text, name="points/indicators/one.sql", scenario="points")


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def activation(scenario: str = "points", place_code: str = COUNTY) -> Activation:
    made, _ = Activation.objects.get_or_create(
        scenario=scenario, place_code=place_code, defaults={"since": date(2026, 1, 1), "basis": "meeting"}
    )
    return made


def household(place_code: str = VILLAGE, since: date = date(2025, 12, 1)) -> Household:
    return Household.objects.create(place_code=place_code, number=str(next(NUMBERS)), since=since)


def case(
    place_code: str = VILLAGE,
    *,
    opened: str = "2026-02-01T02:00:00",
    closed: str | None = "2026-02-03T02:00:00",
    scenario: str = "points",
    workflow: str = "deed",
    outcome: str = "granted",
    home: Household | None = None,
) -> Case:
    version, _ = ScenarioVersion.objects.get_or_create(
        slug=scenario, version=1, defaults={"digest": scenario, "files": {}, "kept_at": moment("2026-01-01")}
    )
    return Case.objects.create(
        number=f"26-{next(NUMBERS):08}",
        scenario=scenario,
        workflow=workflow,
        scenario_version=version,
        activation=activation(scenario),
        state="granted" if closed else "waiting",
        outcome=outcome if closed else "",
        place_code=place_code,
        household=home,
        opened_at=moment(opened),
        entered_at=moment(opened),
        closed_at=moment(closed) if closed else None,
    )


def step(of: Case, transition: str = "grant", *, late: bool = False, at: str = "2026-02-03T02:00:00") -> Step:
    return Step.objects.create(
        case=of, at=moment(at), transition=transition, from_state="waiting", to_state="granted", late=late
    )


def viewer(place_code: str, role: str = "township_officer") -> Person:
    person = Person.objects.create(name="冉隆会", place_code=place_code)
    Appointment.objects.create(person=person, role=role, place_code=place_code, since=date(2026, 1, 1), basis="文号")
    return person
