"""The benchmark table's columns: which a study asks for, with which errors, and the fit of each."""

from dataclasses import dataclass, replace

from cunzhi.base.text import Text
from cunzhi.evaluation.panel.fixed_effects import Fit, fixed_effects
from cunzhi.evaluation.panel.model import Classical, Clustered, DriscollKraay, Model, Robust
from cunzhi.evaluation.panel.model import Errors as PanelErrors
from cunzhi.evaluation.panel.trace import Traced, traced
from cunzhi.evaluation.panel.two_stage import TwoStage, two_stage
from cunzhi.studies.prepared import GROUP, Prepared
from cunzhi.studies.spec import Column, Study


@dataclass(frozen=True)
class Estimated:
    """A column of the benchmark table: its title, what was asked, and the fit (of two_stage with instruments)."""

    title: Text
    key: str
    outcome: str
    treatment: str
    controls: tuple[str, ...]
    effects: str
    least_squares: Traced[Fit] | None
    instrumented: Traced[TwoStage] | None

    @property
    def fit(self) -> Fit:
        """The fit, whichever way it was made."""
        if self.least_squares is not None:
            return self.least_squares.result
        assert self.instrumented is not None  # noqa: S101 -- one of both is always there
        return self.instrumented.result.fit


def model_of(study: Study) -> Model:
    """The main model: the outcome on the treatment and the controls."""
    roles = study.roles
    regressors = (roles.treatment, *roles.controls)
    return Model(roles.outcome, regressors, study.effects, roles.weights, _errors_of(study), study.errors.convention)


def benchmark(prepared: Prepared, model: Model) -> tuple[Estimated, ...]:
    """Every column that the study asks for, each estimated."""
    return tuple(_column(prepared, model, column) for column in _columns_of(prepared.study))


def _errors_of(study: Study) -> PanelErrors:
    """The errors of a study as the estimators take them."""
    errors = study.errors
    if errors.kind == "clustered":
        return Clustered(tuple(GROUP if name == "groups" else name for name in errors.by))
    if errors.kind == "robust":
        return Robust(errors.robust)
    return DriscollKraay() if errors.kind == "driscoll_kraay" else Classical()


def _columns_of(study: Study) -> tuple[Column, ...]:
    """The columns asked for; else basic, with controls, one for each other treatment, and with instruments."""
    if study.columns:
        return study.columns
    basic = Text(zh_Hans="基础模型", en="Basic model")
    whole = Text(zh_Hans="加入控制变量", en="With controls")
    other = Text(zh_Hans="稳健性（替换变量）", en="Robustness (replaced variable)")
    instrument = Text(zh_Hans="工具变量法", en="Instrumental variable")
    columns = [Column(title=basic, controls=())]
    columns += [Column(title=whole)] if study.roles.controls else []
    columns += [Column(title=other, treatment=name) for name in study.robustness.treatments]
    columns += [Column(title=other, outcome=name) for name in study.robustness.outcomes]
    if study.roles.instruments:
        columns.append(Column(title=instrument, instruments=study.roles.instruments))
    return tuple(columns)


def _column(prepared: Prepared, model: Model, column: Column) -> Estimated:
    roles = prepared.study.roles
    treatment = column.treatment or roles.treatment
    controls = roles.controls if column.controls is None else column.controls
    own = replace(model, outcome=column.outcome or model.outcome, effects=column.effects or model.effects)
    plain = instrumented = None
    if column.instruments:
        exogenous = replace(own, regressors=controls)
        instrumented = traced(
            two_stage, prepared.panel, exogenous, endogenous=(treatment,), instruments=column.instruments
        )
    else:
        plain = traced(fixed_effects, prepared.panel, replace(own, regressors=(treatment, *controls)))
    key = "iv" if column.instruments else "ols"
    return Estimated(column.title, key, own.outcome, treatment, controls, own.effects, plain, instrumented)
