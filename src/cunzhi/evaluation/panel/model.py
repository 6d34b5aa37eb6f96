"""What is to be estimated: outcome, regressors, effects, weights, errors, convention."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from cunzhi.evaluation.errors import DataRefused, named

Effects = Literal["both", "unit", "period", "none"]
Convention = Literal["reghdfe", "plm", "linearmodels", "lsdv", "none"]
RobustKind = Literal["hc0", "hc1", "hc2", "hc3"]


@dataclass(frozen=True, slots=True)
class Classical:
    """Errors of one variance, independent of each other."""

    @property
    def label(self) -> str:
        """How a table's note names these errors."""
        return "classical"


@dataclass(frozen=True, slots=True)
class Robust:
    """Independent errors of any variance (White 1980; MacKinnon and White 1985).

    hc1 takes its factor from the convention; hc2 and hc3 use leverages with the effects in.
    """

    kind: RobustKind = "hc1"

    @property
    def label(self) -> str:
        """How a table's note names these errors."""
        return self.kind.upper()


@dataclass(frozen=True, slots=True)
class Clustered:
    """Errors free within clusters: by one or two of "unit", "period" or columns of codes.

    Two: Cameron, Gelbach and Miller (2011), the sum of both less the intersection.
    """

    by: tuple[str, ...] = ("unit",)

    def __post_init__(self) -> None:
        if not 1 <= len(self.by) <= 2 or len(set(self.by)) != len(self.by):
            raise DataRefused(
                what="clusters are taken in one or two different directions",
                where=f"by = {self.by}",
                how='name one or two, for example ("unit",) or ("unit", "period")',
            )

    @property
    def label(self) -> str:
        """How a table's note names these errors."""
        return "clustered by " + " and ".join(self.by)


@dataclass(frozen=True, slots=True)
class DriscollKraay:
    """Errors free across units and, with Bartlett weights, over `lags` periods.

    lags: None takes floor(4 (T / 100)^(2/9)), the rule of Newey and West (1994).
    Source: Driscoll and Kraay (1998). Rests on many periods.
    """

    lags: int | None = None

    @property
    def label(self) -> str:
        """How a table's note names these errors."""
        return "Driscoll-Kraay" + ("" if self.lags is None else f", {self.lags} lags")


Errors = Classical | Robust | Clustered | DriscollKraay


@dataclass(frozen=True, slots=True)
class Model:
    """A linear panel model.

    outcome: the column explained.
    regressors: the columns whose slopes are wanted, in the order of the table.
    effects: "both" (unit and period), "unit", "period", or "none" (a constant is added).
    weights: a column of positive analytic weights, or None.
    errors: how the errors may depend on each other.
    convention: whose small-sample factors and critical values (see conventions.py).
    """

    outcome: str
    regressors: tuple[str, ...]
    effects: Effects = "both"
    weights: str | None = None
    errors: Errors = field(default_factory=Clustered)
    convention: Convention = "reghdfe"

    def __post_init__(self) -> None:
        _one_of(self.effects, "effects", get_args(Effects))
        _one_of(self.convention, "convention", get_args(Convention))
        twice = sorted({name for name in self.regressors if self.regressors.count(name) > 1})
        if twice or self.outcome in self.regressors:
            raise DataRefused(
                what="a column is named twice in a model",
                where=named(twice or [self.outcome]),
                how="name each column once, and the outcome not among the regressors",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of numbers that the model reads."""
        by = self.errors.by if isinstance(self.errors, Clustered) else ()
        extra = [name for name in by if name not in ("unit", "period")]
        weights = [] if self.weights is None else [self.weights]
        return tuple(dict.fromkeys((self.outcome, *self.regressors, *weights, *extra)))


def _one_of(value: str, what: str, allowed: tuple[str, ...]) -> None:
    """Refuse a word that is not on a closed list."""
    if value not in allowed:
        raise DataRefused(
            what=f"{what} cannot be {value!r}",
            where=f"{what} = {value!r}",
            how=f"take one of {', '.join(allowed)}",
        )
