"""forms/*.yaml: what a person is asked, in XLSForm's words."""

from typing import Literal, Self

from pydantic import Field, model_validator

from cunzhi.base.text import Text
from cunzhi.engine.spec.base import Name, Spec

FieldType = Literal[
    "text", "integer", "decimal", "date", "select_one", "select_multiple", "image", "file", "geopoint", "note"
]
SENT = ("image", "file")
"""The types whose answer is something sent beforehand: its id, or several."""


class Choice(Spec):
    """One answer that can be chosen."""

    name: Name
    label: Text


class ChoicesFrom(Spec):
    """Choices that are not written in the form: the rows of a parameter's table, or what the engine looks up.

    goods: what the village's shop has; workers: people appointed in this place; households: households of this place;
    columns: the duties of the scenario's calendar; periods: months, quarters and years that are over; notices: what
    this village was told on a page of its own.
    """

    parameter: Name | None = None
    lookup: Literal["goods", "workers", "households", "columns", "periods", "notices"] | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        if (self.parameter is None) == (self.lookup is None):
            raise ValueError("give either `parameter` or `lookup`")
        return self


class Relevant(Spec):
    """The field is asked only when another field's answer is one of these (`in`)."""

    field: Name
    in_: list[str] = Field(alias="in", min_length=1)


class Constraint(Spec):
    """What an answer must keep to. Numbers: min, max. Texts: max_length. Dates: past means not in the future.
    Pictures and files: max_count."""

    min: float | None = None
    max: float | None = None
    max_length: int | None = Field(default=None, ge=1, le=5000)
    past: bool = False
    max_count: int = Field(default=3, ge=1, le=9)


class FormField(Spec):
    """One question. `element` binds it to a data element of the catalogue: held and fresh, it is shown, not asked.

    pattern of use: `name`, `type`, `label`, and where needed `hint`, `required`, `choices` or `choices_from`,
    `relevant`, `constraint`. `public: true` marks a text that is written to be made public, such as the title of a
    proposal; any other text that people type is never published.
    An `image` is a photo and nothing else; a `file` is a PDF, an Excel sheet or a photo.
    """

    name: Name
    type: FieldType
    label: Text
    hint: Text | None = None
    required: bool = True
    element: str | None = None
    public: bool = False
    choices: list[Choice] = []
    choices_from: ChoicesFrom | None = None
    relevant: Relevant | None = None
    constraint: Constraint = Constraint()

    @model_validator(mode="after")
    def choices_fit_the_type(self) -> Self:
        chooses = self.type in ("select_one", "select_multiple")
        if chooses and bool(self.choices) == (self.choices_from is not None) and self.element is None:
            raise ValueError("a select needs either `choices` or `choices_from`")
        if not chooses and (self.choices or self.choices_from):
            raise ValueError(f"a field of type {self.type} has no choices")
        return self


class Form(Spec):
    """A form and what it costs: `minutes` of a person's time, said to the person before and summed over a year."""

    title: Text
    minutes: float = Field(gt=0, le=60)
    fields: list[FormField] = []

    @model_validator(mode="after")
    def names_once(self) -> Self:
        seen: set[str] = set()
        for field in self.fields:
            if field.name in seen:
                raise ValueError(f"the field {field.name!r} stands twice")
            if field.relevant and field.relevant.field not in seen:
                raise ValueError(f"{field.name}: `relevant` names {field.relevant.field!r}, which is no earlier field")
            seen.add(field.name)
        return self

    def field(self, name: str) -> FormField | None:
        return next((field for field in self.fields if field.name == name), None)
