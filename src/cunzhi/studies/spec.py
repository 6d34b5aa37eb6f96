"""The study file: data, variables, roles, index trees and models, read strictly."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cunzhi.base.strict_yaml import load_as
from cunzhi.base.text import Text

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
PeriodText = Annotated[str, BeforeValidator(str), Field(pattern=r"^(19|20|21)\d\d(-Q[1-4]|-(0[1-9]|1[0-2]))?$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """Refuses keys it does not know, and is not changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Platform(Strict):
    """Figures of the platform: which indicators, of which places, over which periods.

    indicators: column name -> scenario/indicator. under: code of the place whose parts are the units.
    level: what the units are. first, last: years (2025), quarters (2025-Q1) or months (2025-01), both included.
    """

    indicators: dict[Name, str] = Field(min_length=1)
    under: str
    level: Literal["county", "township", "village"] = "county"
    first: PeriodText
    last: PeriodText


class Data(Strict):
    """Where the figures are.

    file: CSV, Excel (first sheet), Parquet or Stata .dta, relative to the study file; one row a unit and period.
    platform: the platform's own figures; with a file too, its columns are put beside them by unit and period.
    unit, period: columns that say who and when. name: a column of names of the units, for tables and map.
    place_code: a column of six-figure county codes, for the map; may be the unit column.
    source: the line printed under every table.
    """

    file: str = ""
    platform: Platform | None = None
    unit: str = "unit"
    period: str = "period"
    name: str = ""
    place_code: str = ""
    source: Text | None = None

    @model_validator(mode="after")
    def _some_source(self) -> "Data":
        if not self.file and self.platform is None:
            raise ValueError("name a file, the platform's figures, or both")
        return self


class Variable(Strict):
    """A column with its names for readers.

    title: in both languages. column: in the data, when it is not called as the variable. unit: of measurement.
    transform: "log" takes the natural logarithm, refusing values at or below zero.
    """

    title: Text
    column: str = ""
    unit: Text | None = None
    transform: Literal["none", "log"] = "none"


class Index(Strict):
    """An index built from an indicator tree.

    tree: a shipped tree (governance_efficiency, nqpf) or a file beside the study file.
    steps: the verbs of an index in their order, each {verb: …, setting: …}; see the page of indices.
    """

    tree: str
    steps: tuple[dict[str, Any], ...] = Field(min_length=1)


class Errors(Strict):
    """How standard errors are made.

    kind: clustered (by one or two of unit, period, groups), robust (hc0 to hc3), driscoll_kraay or classical.
    convention: whose small-sample factor and critical values.
    """

    kind: Literal["clustered", "robust", "driscoll_kraay", "classical"] = "clustered"
    by: tuple[Literal["unit", "period", "groups"], ...] = ("unit",)
    robust: Literal["hc0", "hc1", "hc2", "hc3"] = "hc1"
    convention: Literal["reghdfe", "plm", "linearmodels", "lsdv", "none"] = "reghdfe"


class Robustness(Strict):
    """Other measures of treatment and outcome, and the quantiles to which columns are drawn in."""

    treatments: tuple[Name, ...] = ()
    outcomes: tuple[Name, ...] = ()
    winsor: tuple[Share, Share] = (0.01, 0.99)


class Threshold(Strict):
    """The column at whose thresholds the treatment's slope may change; count: how many are sought."""

    column: Name
    count: Annotated[int, Field(ge=1, le=3)] = 1
    trim: Annotated[float, Field(gt=0, lt=0.5)] = 0.05


class Groups(Strict):
    """A column of the data that divides the units (text or numbers); order: of its values in tables and figures."""

    column: str
    title: Text
    order: tuple[str, ...] = ()
    titles: dict[str, Text] = Field(default_factory=dict)


class Roles(Strict):
    """Who plays what. Names are variables or indices.

    standardise: columns turned into standard deviations from their mean over all rows read.
    weights: a positive variable by which every regression weighs its rows, such as the population.
    """

    outcome: Name
    treatment: Name
    controls: tuple[Name, ...] = ()
    weights: Name | None = None
    instruments: tuple[Name, ...] = ()
    mediators: tuple[Name, ...] = ()
    groups: Groups | None = None
    threshold: Threshold | None = None
    standardise: tuple[Name, ...] = ()
    describe: tuple[Name, ...] = ()


class Column(Strict):
    """A column of the benchmark table; what is not said is as in the roles."""

    title: Text
    outcome: Name | None = None
    treatment: Name | None = None
    controls: tuple[Name, ...] | None = None
    instruments: tuple[Name, ...] = ()
    effects: Literal["both", "unit", "period", "none"] | None = None


class Study(Strict):
    """One study file.

    simulated: said on every page, table and file when true. seed: of every random draw.
    draws: of every bootstrap, permutation and placebo. splits: pairs of halves of the treatment's index.
    columns: of the benchmark table; made from the roles when empty. truth: a file of true effects (simulated only).
    """

    title: Text
    simulated: bool = False
    seed: Annotated[int, Field(ge=0)] = 20260101
    draws: Annotated[int, Field(ge=99, le=99_999)] = 999
    splits: Annotated[int, Field(ge=1, le=20)] = 5
    data: Data
    variables: dict[Name, Variable]
    indices: dict[Name, Index] = Field(default_factory=dict)
    roles: Roles
    effects: Literal["both", "unit", "period", "none"] = "both"
    errors: Errors = Errors()
    columns: tuple[Column, ...] = ()
    robustness: Robustness = Robustness()
    truth: str = ""

    @model_validator(mode="after")
    def _names_are_known(self) -> "Study":
        known = {*self.variables, *self.indices}
        twice = set(self.variables) & set(self.indices) - set(self.titled_indices)
        unknown = sorted({name for name in self.named if name not in known})
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: neither under variables nor under indices; write it there")
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: an index has a title and a unit only, no column")
        if self.roles.weights in self.roles.standardise:
            raise ValueError(
                f"{self.roles.weights}: weights are positive and are not standardised; take one of both out"
            )
        if self.truth and not self.simulated:
            raise ValueError("only simulated data have known true effects: say simulated: true or leave out truth")
        return self

    @property
    def titled_indices(self) -> tuple[str, ...]:
        """Indices that are named under variables to give them a title."""
        return tuple(
            name
            for name in self.indices
            if name in self.variables and not self.variables[name].column and self.variables[name].transform == "none"
        )

    @property
    def named(self) -> tuple[str, ...]:
        """Every variable or index that the study uses, each once, in the order of use."""
        roles = self.roles
        of_columns = [
            name
            for column in self.columns
            for name in (column.outcome, column.treatment, *(column.controls or ()), *column.instruments)
            if name is not None
        ]
        threshold = [roles.threshold.column] if roles.threshold else []
        everything = [roles.outcome, roles.treatment, *roles.controls, *roles.mediators, *roles.instruments]
        everything += [
            *([roles.weights] if roles.weights else []),
            *threshold,
            *self.robustness.treatments,
            *self.robustness.outcomes,
            *of_columns,
        ]
        return tuple(dict.fromkeys([*everything, *roles.standardise, *roles.describe]))


def read_study(path: Path) -> Study:
    """The study in a file; YamlRefused names every fault with file and line."""
    return load_as(Study, path.read_text(encoding="utf-8"), name=path.name)
