"""The written form of a data element: `elements/*.yaml`, read strictly."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cunzhi.base.text import Text

Code = Annotated[str, StringConstraints(pattern=r"^(person|household)\.[a-z][a-z0-9_]*$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
About = Literal["person", "household"]
Type = Literal["text", "integer", "decimal", "date", "select_one", "select_multiple"]
Sensitivity = Literal["public", "internal", "personal", "sensitive"]
SELECTS = ("select_one", "select_multiple")
NUMBERS = ("integer", "decimal")


class Choice(BaseModel):
    """One answer of a select: `name` is what is stored and never changes, `title` is what people read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    title: Text


class Element(BaseModel):
    """One thing that may be known of a person or a household, asked once and used by every form.

    code         `person.` or `household.` and a word; stands in forms and facts and never changes its meaning
    about        what it is a property of; must be the first part of the code
    title        what a form calls it, in Chinese and English
    type         XLSForm's name of the kind of answer
    choices      for select_one and select_multiple only: at least two, names unique
    unit         for integer and decimal: what is counted, e.g. mu
    least, most  for integer and decimal: the inclusive bounds of a believable value
    longest      for text: the most characters (200 unless told)
    owner        the office that answers for the definition, and whom to ask about it
    purpose      why it is needed at all, in words a villager accepts; an element without a reason is not admitted
    sensitivity  public (may stand on a notice board), internal, personal, or sensitive (health, hardship, beliefs:
                 Personal Information Protection Law, article 28)
    fresh_for    days for which an answer holds; afterwards a form asks again. Left out: it does not change
    gb           the national standard whose code list the choices follow, if any, e.g. GB/T 3304
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    about: About
    title: Text
    type: Type
    choices: tuple[Choice, ...] = ()
    unit: Text | None = None
    least: float | None = None
    most: float | None = None
    longest: Annotated[int, Field(ge=1, le=2000)] | None = None
    owner: Text
    purpose: Text
    sensitivity: Sensitivity
    fresh_for: Annotated[int, Field(ge=1, le=3660)] | None = None
    gb: str | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if not self.code.startswith(f"{self.about}."):
            raise ValueError(f"the code must begin with {self.about}.")
        if (self.type in SELECTS) != bool(self.choices):
            raise ValueError("choices belong to select_one and select_multiple, and must be given there")
        names = [choice.name for choice in self.choices]
        if len(names) == 1 or len(set(names)) < len(names):
            raise ValueError("choices need at least two different names")
        if self.type not in NUMBERS and (self.unit or self.least is not None or self.most is not None):
            raise ValueError("unit, least and most belong to integer and decimal only")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least must not be greater than most")
        if self.longest is not None and self.type != "text":
            raise ValueError("longest belongs to text only")
        if self.gb is not None and not re.match(r"^(GB|DB\d\d|GA|JGJ|WS)(/T)? ?\d", self.gb):
            raise ValueError("gb must name a standard, such as GB/T 3304-1991")
        return self

    def fresh_on(self, day: date, as_of: date) -> bool:
        """Whether an answer that speaks of `as_of` still holds on `day` without asking again."""
        return self.fresh_for is None or (day - as_of).days <= self.fresh_for

    def choice(self, name: str) -> Choice | None:
        """The choice with a stored name, or None."""
        return next((choice for choice in self.choices if choice.name == name), None)


class ElementFile(BaseModel):
    """One file of `elements/`: the elements about persons, or about households."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    elements: tuple[Element, ...]
