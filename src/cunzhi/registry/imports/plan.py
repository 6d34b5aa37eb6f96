"""What taking the rows of a sheet would do to the register: for each row new, changed, unchanged or refused."""

from dataclasses import dataclass

from cunzhi.registry.imports.households import household_problems
from cunzhi.registry.imports.register import Register
from cunzhi.registry.imports.rows import PersonRow
from cunzhi.registry.imports.steps import Step, Wrong
from cunzhi.registry.models import Household, Membership, Person


@dataclass(frozen=True)
class Plan:
    """All steps, and what keeps the sheet from being taken."""

    steps: list[Step]
    wrong: list[Wrong]

    def counts(self, refused: int = 0) -> dict[str, int]:
        counts = {"new": 0, "changed": 0, "unchanged": 0, "refused": refused}
        for step in self.steps:
            counts[step.kind] += 1
        numbers = {step.row.number for step in self.steps if step.row.number and step.household is None}
        return counts | {"households": len(numbers)}


def plan(rows: list[PersonRow], place_code: str) -> Plan:
    """Compares the rows with each other and with the register as it is now."""
    register = Register(place_code, rows)
    wrong = _doubles(rows)
    steps = []
    for row in rows:
        person, problem = register.match(row)
        grid, unknown = register.place_of(row)
        problem = problem or unknown
        if problem is not None:
            wrong.append((row, *problem))
            continue
        steps.append(_step(row, grid, person, register))
    wrong += [*_same_person(steps), *household_problems(steps, register)]
    return Plan(steps, wrong)


def _step(row: PersonRow, place_code: str, person: Person | None, register: Register) -> Step:
    household = register.households.get(row.number)
    held = register.held.get(person.pk) if person else None
    changes = _changes(row, place_code, person, household, held, register) if person else ()
    return Step(row, place_code, person, household, held, changes)


def _changes(
    row: PersonRow,
    place_code: str,
    person: Person,
    household: Household | None,
    held: Membership | None,
    register: Register,
) -> tuple[str, ...]:
    """What the row says otherwise than the register. A blank cell says nothing and takes nothing away."""
    moved = person.left_on is not None or (row.grid and person.place_code != place_code)
    asked = {
        "place": bool(moved),
        "identity": bool(row.identity and not person.identity_blind),
        "sex": bool(row.sex and not person.sex),
        "born_on": bool(row.born_on and not person.born_on),
        "phone": bool(row.phone and register.phone_blind(row.phone) != person.phone_blind),
        "household": bool(row.number and (held is None or held.household != household)),
        "relation": bool(row.number and held and held.household == household and _other_relation(row, held)),
        "address": bool(household and row.address and row.address != household.address),
    }
    return tuple(name for name, differs in asked.items() if differs)


def _other_relation(row: PersonRow, held: Membership) -> bool:
    return bool(row.relation) and row.relation != held.relation


def _doubles(rows: list[PersonRow]) -> list[Wrong]:
    """The same identity number twice in the sheet; without one, the same name twice in one household."""
    seen: dict[tuple[str, ...], int] = {}
    wrong: list[Wrong] = []
    for row in rows:
        key = (row.identity,) if row.identity else (row.name, row.number, row.phone, str(row.born_on))
        if key in seen:
            column = "identity" if row.identity else "name"
            wrong.append((row, column, "registry.import.twice_in_sheet", {"row": seen[key]}))
        seen.setdefault(key, row.row)
    return wrong


def _same_person(steps: list[Step]) -> list[Wrong]:
    """Two rows that both mean one person of the register."""
    seen: dict[int, int] = {}
    wrong: list[Wrong] = []
    for step in steps:
        if step.person is not None and seen.setdefault(step.person.pk, step.row.row) != step.row.row:
            wrong.append((step.row, "name", "registry.import.twice_in_sheet", {"row": seen[step.person.pk]}))
    return wrong
