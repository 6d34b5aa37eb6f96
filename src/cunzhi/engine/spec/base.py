"""What every part of a scenario's specification shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,38}$")]
"""A name inside a scenario: small letters, figures and underscores, beginning with a letter."""


class Spec(BaseModel):
    """A part of a scenario. Unknown keys are refused, so a mistyped key is an error and never silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
