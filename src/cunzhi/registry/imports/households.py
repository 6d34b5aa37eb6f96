"""What may not be in a household of the sheet: two heads, two doors, two grids, a number that is closed."""

from collections import defaultdict

from cunzhi.registry.imports.register import Register
from cunzhi.registry.imports.steps import Step, Wrong
from cunzhi.registry.models import Membership

HEAD = Membership.Relation.HEAD


def household_problems(steps: list[Step], register: Register) -> list[Wrong]:
    """Everything wrong between the rows of one household, and between them and the register."""
    by_number: dict[str, list[Step]] = defaultdict(list)
    wrong: list[Wrong] = []
    for step in steps:
        if step.row.number:
            by_number[step.row.number].append(step)
        elif step.row.relation:
            wrong.append((step.row, "relation", "registry.import.no_household_number", {}))
    for number, members in by_number.items():
        if number in register.closed and number not in register.households:
            wrong.append((members[0].row, "number", "registry.import.number_closed", {}))
        wrong += _heads(members, register)
        wrong += _differing(members, "address")
        wrong += _differing(members, "grid")
    return wrong


def _heads(members: list[Step], register: Register) -> list[Wrong]:
    """One head in the sheet, and the head of the register gives way only when the sheet says what they are now."""
    heads = [step for step in members if step.row.relation == HEAD]
    wrong: list[Wrong] = [
        (step.row, "relation", "registry.import.two_heads", {"row": heads[0].row.row}) for step in heads[1:]
    ]
    household = members[0].household
    present = register.head_of(household) if household and heads else None
    stays = heads and heads[0].person and register.held.get(heads[0].person.pk) == present
    if present is None or stays:
        return wrong
    said = (step for step in members if step.person and register.held.get(step.person.pk) == present)
    if not any(step.row.relation not in ("", HEAD) for step in said):
        wrong.append((heads[0].row, "relation", "registry.import.head_there", {}))
    return wrong


def _differing(members: list[Step], column: str) -> list[Wrong]:
    said = [step.row for step in members if getattr(step.row, column)]
    return [
        (row, column, f"registry.import.two_{column}", {"row": said[0].row})
        for row in said
        if getattr(row, column) != getattr(said[0], column)
    ]
