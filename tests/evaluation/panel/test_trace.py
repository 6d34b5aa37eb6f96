"""A printed number leads back to rows, columns, code, choices and seed, and can be had again."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from evaluation.panel.simulation import simulated

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.fixed_effects import fixed_effects
from cunzhi.evaluation.panel.frame import read
from cunzhi.evaluation.panel.mediation import mediate_apart
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.trace import repeat, traced

MODEL = Model("y", ("x1", "x2"))


def test_cell_knows_value_columns_rows_choices_and_seed() -> None:
    data = simulated(20, 3)
    data["x1"][7] = np.nan
    panel = read(data, unit="unit", period="year")
    found = traced(mediate_apart, panel, Model("y", ("x1",)), treatment="x1", mediators=("x2",), draws=19, seed=5)
    cell = found.cell("paths[0].sobel.z")
    assert cell.value == found.result.paths[0].sobel.z
    assert set(cell.trace.columns) == {"y", "x1", "x2", "unit", "period"}
    assert cell.trace.rows == ((0, 6), (8, 59))
    assert not cell.trace.uses(7) and cell.trace.uses(8)
    assert cell.trace.choices["seed"] == 5 and cell.trace.choices["model"]["errors"] == {"by": ("unit",)}
    assert cell.trace.function == "cunzhi.evaluation.panel.mediation.mediate_apart"
    assert json.loads(json.dumps(asdict(cell.trace)))["code"].startswith("cunzhi ")


def test_cell_of_a_slope_by_name() -> None:
    panel = read(simulated(20, 3), unit="unit", period="year")
    found = traced(fixed_effects, panel, MODEL)
    assert found.cell("beta[x2]").value == found.result.beta[1]
    assert found.cell("se[0]").value == found.result.se[0]


@pytest.mark.parametrize("path", ["beta[gdp]", "gamma", "names", "beta[9]"])
def test_cell_path_that_leads_nowhere_refused(path: str) -> None:
    panel = read(simulated(20, 3), unit="unit", period="year")
    with pytest.raises(DataRefused, match="does not lead to a number"):
        traced(fixed_effects, panel, MODEL).cell(path)


def test_identity_differs_with_data_choice_and_seed_only() -> None:
    data = simulated(20, 3)
    panel = read(data, unit="unit", period="year")
    first = traced(fixed_effects, panel, MODEL).trace.identity
    assert first == traced(fixed_effects, read(data, unit="unit", period="year"), MODEL).trace.identity
    assert first != traced(fixed_effects, panel, replace(MODEL, convention="lsdv")).trace.identity
    data["x1"][3] += 1e-12
    assert first != traced(fixed_effects, read(data, unit="unit", period="year"), MODEL).trace.identity


def test_repeat_gives_the_same_numbers_and_names_what_changed() -> None:
    data = simulated(20, 3)
    first = traced(fixed_effects, read(data, unit="unit", period="year"), MODEL)
    again = repeat(first, read(data, unit="unit", period="year"))
    np.testing.assert_array_equal(again.result.beta, first.result.beta)
    data["x2"][0] += 1
    with pytest.raises(DataRefused, match="cannot be repeated") as refusal:
        repeat(first, read(data, unit="unit", period="year"))
    assert refusal.value.where == "x2"


def test_trace_leaves_singletons_out_of_the_rows() -> None:
    data = simulated(12, 3)
    keep = ~((data["unit"] == 3) & (data["year"] > 2021))
    panel = read({name: values[keep] for name, values in data.items()}, unit="unit", period="year")
    found = traced(fixed_effects, panel, MODEL)
    assert not found.trace.uses(9)
    assert sum(last - first + 1 for first, last in found.trace.rows) == found.result.sample.used
