"""examples/*.yaml: a told story, played beat by beat on real records, as a test and as a simulation to read."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from cunzhi.base import clock
from cunzhi.engine.spec.base import Name, Spec

CAST = ("villager", "spouse", "neighbour")
"""Who is in every story beside one person for each role of the manifest. Villager and spouse share a household."""

Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")]
"""A moment on the village's clock, in quotes: "2026-03-02T09:00"."""


class Good(Spec):
    """A good on the shelf of the story's shop: its name, its price in points, how many there are."""

    name: Name
    price: int = Field(gt=0)
    stock: int = Field(ge=0)


class Gauge(Spec):
    """A gauge in the story's village: its unit, which hazard it tells of, and from which value on, by colour."""

    unit: str
    hazard: Name
    limits: dict[Literal["blue", "yellow", "orange", "red"], float] = Field(min_length=1)


class Given(Spec):
    """What there is when the story begins.

    pot: points in the village's pot. points: points on the household of villager and spouse. goods: what the shop has.
    numbers: local parameters as the story's village meeting set them, a number or a table. holders: how many people
    hold a role of the village in all, the one of the cast included. gauges: what is watched there, by name.
    """

    pot: int = Field(default=0, ge=0)
    points: int = Field(default=0, ge=0)
    goods: list[Good] = []
    numbers: dict[Name, int | dict[Name, int]] = {}
    holders: dict[Name, Annotated[int, Field(ge=1, le=200)]] = {}
    gauges: dict[Name, Gauge] = {}


class Then(Spec):
    """What holds after a beat; what is left out is not looked at, except that a refusal must be said.

    state: of the case. refused: the key of the sentence with which the beat was refused (engine.… or the scenario's
    own). inbox: the role in whose inbox the case lies. points: on the household of villager and spouse. pot: points
    left in it. stock: pieces on the shelf, by good. told: who -> key of the latest message to that person.
    published: the key of the latest notice to the village. alarm: the colour of the newest alarm while it is open, else
    what became of it: over, real, false. called: the roles that were called since it has its colour, in their order.
    observed: what a person saw last, as it was kept as an observation; `none` before.
    """

    state: Name | None = None
    refused: str | None = None
    points: int | None = None
    pot: int | None = None
    stock: dict[Name, int] = {}
    told: dict[str, str] = {}
    inbox: str | None = None
    published: str | None = None
    alarm: Literal["none", "blue", "yellow", "orange", "red", "over", "real", "false"] | None = None
    called: list[Name] | None = None
    observed: Name | None = None


class Beat(Spec):
    """One beat: at a moment, somebody takes a transition of a case; or time passes (`wait: true`); or whoever keeps
    the roll of the case's open meeting has ticked so many people in all (`came`); or a gauge sees a value (`sees`);
    or somebody answers the newest alarm (`alarm`: acknowledge, handle, clear, or dismiss it as false).

    at: when. by: who does it; helping: in whose name, face to face. do: a transition, or `open` with its `workflow`.
    case: which case, when the story has several; child_of: the case is one that another one brought about; owed: the
    one that the calendar opened last for this duty.
    answers: to the form; pictures, files, goods, workers by name, notices by title. reason: where one is needed.
    code: the pick-up code, `right` for the right one. then: what holds afterwards.
    """

    at: Moment
    case: Name = "it"
    child_of: Name | None = None
    owed: Name | None = None
    workflow: Name | None = None
    do: Name | None = None
    by: str | None = None
    helping: str | None = None
    answers: dict[Name, Any] = {}
    reason: str = ""
    code: str | None = None
    wait: bool = False
    came: Annotated[int, Field(ge=0)] | None = None
    sees: dict[Name, float] | None = Field(default=None, min_length=1)
    alarm: Literal["acknowledge", "handle", "clear", "dismiss"] | None = None
    then: Then = Then()

    @model_validator(mode="after")
    def says_enough(self) -> Self:
        told = (self.do, self.came, self.sees, self.alarm)
        if [self.wait, *(one is not None for one in told)].count(True) != 1:
            raise ValueError(
                "a beat either does something (`do`), waits (`wait: true`), tells who came (`came`), what a gauge sees "
                "(`sees`) or how an alarm is answered (`alarm`)"
            )
        if not self.wait and self.sees is None and self.by is None:
            raise ValueError("a beat that does something says `by` whom")
        if (self.do == "open") != (self.workflow is not None):
            raise ValueError("`do: open` and `workflow` go together")
        return self

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at).replace(tzinfo=clock.ZONE)


class Story(Spec):
    """A told story: its name, what is given, and the beats in their order."""

    name: str
    given: Given = Given()
    beats: list[Beat] = Field(min_length=1)

    @model_validator(mode="after")
    def time_goes_on(self) -> Self:
        for earlier, later in zip(self.beats, self.beats[1:], strict=False):
            if later.at < earlier.at:
                raise ValueError(f"the beat at {later.at} stands after the one at {earlier.at}")
        return self
