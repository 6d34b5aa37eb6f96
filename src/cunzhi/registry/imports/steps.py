"""One row of a sheet and what it would do."""

from dataclasses import dataclass
from typing import Literal

from cunzhi.registry.imports.rows import PersonRow
from cunzhi.registry.models import Household, Membership, Person

Kind = Literal["new", "changed", "unchanged"]
Wrong = tuple[PersonRow, str, str, dict[str, object]]
"""A row, the column that is wrong, the key of the sentence, its blanks."""


@dataclass(frozen=True)
class Step:
    """One row and what it does. `person` is None when it brings a new one; `changes` names what would change."""

    row: PersonRow
    place_code: str
    person: Person | None
    household: Household | None
    held: Membership | None
    changes: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        if self.person is None:
            return "new"
        return "changed" if self.changes else "unchanged"
