"""A file of plans and shelters in strict YAML: every mistake is named with its line."""

from collections.abc import Container
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cunzhi.base import strict_yaml
from cunzhi.base.errors import Refused
from cunzhi.base.text import Text

MOST_PLANS, MOST_SHELTERS, MOST_DUTIES = 40, 400, 30
LONGEST, LONGEST_NAME = 128 * 1024, 60
Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]
Office = Literal["grid_worker", "grid_head", "village_cadre", "township_officer", "county_officer"]
"""The offices to which the scenario may give a duty: whoever holds one has an inbox."""


def words(longest: int) -> Any:
    return Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)]


class Spec(BaseModel):
    """What all parts of the file have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def refuse_long(text: Text, what: str) -> None:
    """What does not fit is said and not cut: two names that begin alike would become one."""
    if len(text.zh_Hans) > LONGEST_NAME or len(text.en) > 2 * LONGEST_NAME:
        raise ValueError(f"{what} has at most {LONGEST_NAME} characters in Chinese and {2 * LONGEST_NAME} in English")


class DutySpec(Spec):
    """One duty. `minutes`: by colour; a colour that is left out does not call for it."""

    office: Office
    what: Text
    minutes: dict[Literal["blue", "yellow", "orange", "red"], Minutes] = Field(min_length=1)

    @model_validator(mode="after")
    def fits(self) -> "DutySpec":
        if len(self.what.zh_Hans) > 200 or len(self.what.en) > 300:
            raise ValueError("a duty is one sentence: at most 200 characters in Chinese and 300 in English")
        return self


class PlanSpec(Spec):
    """One plan. `opens_by_itself`: from which colour on nobody has to press a button."""

    hazard: str
    title: Text
    basis: words(200)  # type: ignore[valid-type]
    opens_by_itself: Literal["orange", "red"] | None = None
    duties: tuple[DutySpec, ...] = Field(min_length=1, max_length=MOST_DUTIES)

    @model_validator(mode="after")
    def short_title(self) -> "PlanSpec":
        refuse_long(self.title, "the title of a plan")
        return self


class ShelterSpec(Spec):
    """One shelter. `place`: where it lies, when that is not the place for which the file is handed in."""

    name: Text
    place: Annotated[str, StringConstraints(pattern=r"^\d{6,15}$")] | None = None
    capacity: int = Field(ge=1, le=100_000)
    address: words(120)  # type: ignore[valid-type]
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    keeper: words(60)  # type: ignore[valid-type]
    phone: Annotated[str, StringConstraints(pattern=r"^[\d +-]{3,20}$")] | Literal[""] = ""
    unsafe_in: tuple[str, ...] = ()
    closed: bool = False

    @model_validator(mode="after")
    def whole_position(self) -> "ShelterSpec":
        refuse_long(self.name, "the name of a shelter")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError(f"{self.name.zh_Hans}: give both `latitude` and `longitude`, or neither")
        return self

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the row beside its place and its name."""
        kept = self.model_dump(exclude={"name", "place", "closed", "unsafe_in"})
        return kept | {"name_en": self.name.en, "unsafe_in": sorted(self.unsafe_in)}


class PlansFile(Spec):
    """The whole file."""

    simulated: bool = False
    plans: tuple[PlanSpec, ...] = Field(default=(), max_length=MOST_PLANS)
    shelters: tuple[ShelterSpec, ...] = Field(default=(), max_length=MOST_SHELTERS)

    @model_validator(mode="after")
    def says_something(self) -> "PlansFile":
        if not self.plans and not self.shelters:
            raise ValueError("give `plans` or `shelters`, or both")
        return self


def read_plans(text: str, *, name: str, known: Container[str], within: str = "") -> PlansFile:
    """What a file holds, or Refused with the first lines that are wrong. `known`: the hazards that there are; `within`:
    the place for which it is handed in, where shelters lie that name no other."""
    if len(text) > LONGEST:
        raise Refused("emergencies.file.long", field="file", most=LONGEST // 1024)
    try:
        read = strict_yaml.load_as(PlansFile, text, name=name)
    except strict_yaml.YamlRefused as refused:
        said = "; ".join(str(one) for one in refused.problems[:5])
        raise Refused("emergencies.file.wrong", field="file", said=said) from None
    for hazard in [one.hazard for one in read.plans] + [each for one in read.shelters for each in one.unsafe_in]:
        if hazard not in known:
            raise Refused("emergencies.file.hazard", field="file", line=_line_of(text, hazard), hazard=hazard[:40])
    _once([one.hazard for one in read.plans], text)
    _once([f"{one.place or within} {one.name.zh_Hans}" for one in read.shelters], text)
    return read


def _once(names: list[str], text: str) -> None:
    double = next((one for at, one in enumerate(names) if one in names[:at]), None)
    if double is not None:
        word = double.rpartition(" ")[2]
        raise Refused("emergencies.file.twice", field="file", line=_line_of(text, word, last=True), name=word[:60])


def _line_of(text: str, word: str, *, last: bool = False) -> int:
    """The number of the first or last line that holds the word."""
    found = [number for number, line in enumerate(text.splitlines(), 1) if word in line]
    return (found[-1] if last else found[0]) if found else 1


def digest_of(plan: PlanSpec) -> str:
    """What makes two papers the same paper."""
    return sha256(plan.model_dump_json().encode()).hexdigest()
