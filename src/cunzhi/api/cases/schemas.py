"""What is told and taken of cases."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from cunzhi.api.kinds import Body, Name, SmallNumber, VillageCode


class Who(Schema):
    """A person as part of a case. Officers are named in full with their role; others as the caller may know them."""

    name: str = Field(description="In full for officers and oneself, masked for those on duty, empty otherwise.")
    role: str = Field(description="The role or relation in which they took part.")
    role_title: str
    is_me: bool


class CaseTold(Schema):
    """A case in a list."""

    number: str
    scenario: str
    scenario_version: int
    workflow: str
    title: str
    state: str
    state_title: str
    outcome: str
    place_code: str
    place: str
    waits_for: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    version: int = Field(description="To be sent back with the next step, so that two people cannot both decide.")


class CasePage(Schema):
    """Cases; `next` is the `cursor` of the next page."""

    items: list[CaseTold]
    next: str | None


class StepTold(Schema):
    """One step that was taken."""

    at: datetime
    transition: str
    title: str
    from_state: str
    to_state: str
    by: Who
    on_behalf_of: Who | None
    answers: dict[str, Any]
    reason: str
    late: bool
    rules: list[str] = Field(description="The guards of the scenario that the step passed.")


class OptionTold(Schema):
    """An answer that can be chosen here and now; `note` says what it is worth or what is left."""

    value: str
    label: str
    note: int | None


class FieldTold(Schema):
    """One question of a form, in the types of XLSForm."""

    name: str
    type: str
    label: str
    hint: str
    required: bool
    relevant_when: dict[str, list[str]] = Field(description="Asked only when one of these answers was given.")
    options: list[OptionTold]


class WayTold(Schema):
    """A step that the caller may take now."""

    transition: str
    title: str
    as_: str = Field(serialization_alias="as", description="The role or relation that opens it.")
    needs_reason: bool
    needs_code: bool
    fields: list[FieldTold]


class PictureTold(Schema):
    """A picture, cleaned of its hidden data."""

    id: int
    field: str
    width: int
    height: int
    taken_at: datetime | None
    sha256: str


class FileTold(Schema):
    """A file that is no picture: PDF or Excel sheet, as it was sent."""

    id: int
    field: str
    name: str
    kind: str
    size: int
    sha256: str


class CaseWhole(CaseTold):
    """A case with all that the caller may know and do."""

    seen_as: str = Field(description="Why the caller may see it: a relation or a role.")
    person: Who | None
    steps: list[StepTold]
    ways: list[WayTold]
    pictures: list[PictureTold]
    files: list[FileTold]


class OpeningTold(Schema):
    """A matter that the caller may bring at a place, with its form and what that costs in minutes."""

    scenario: str
    workflow: str
    title: str
    as_: str = Field(serialization_alias="as")
    minutes: float
    fields: list[FieldTold]


class OpenCase(Body):
    """A matter to bring."""

    scenario: Name
    workflow: Name
    place_code: VillageCode
    answers: dict[str, Any] = {}


class TakeStep(Body):
    """A step to take. `version` is that of the case as the caller saw it."""

    transition: Name
    version: SmallNumber
    answers: dict[str, Any] = {}
    reason: str = Field("", max_length=2000)
    code: str = Field("", max_length=20)
