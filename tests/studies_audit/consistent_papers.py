"""Papers whose tables and sentences come from one set of unrounded numbers, rounded in every way: simulated."""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import inf, log, sqrt
from typing import Any

from hypothesis import strategies as st

from cunzhi.evaluation.panel.distributions import two_sided_p
from cunzhi.studies.audit.spec.paper import Paper

LEVELS = (0.1, 0.05, 0.01)
UNITS, PERIODS, CONTROLS = 38, 3, 2
DEGREES = (inf, UNITS * PERIODS - CONTROLS - 1 - 1, UNITS * PERIODS - CONTROLS - 1 - 1 - UNITS - PERIODS + 2, UNITS - 1)
GROWTH: dict[str, Callable[[list[float]], float]] = {
    "compound": lambda x: (x[-1] / x[0]) ** (1 / (len(x) - 1)) - 1,
    "mean": lambda x: sum(b / a - 1 for a, b in pairwise(x)) / (len(x) - 1),
    "log": lambda x: log(x[-1] / x[0]) / (len(x) - 1),
    "simple": lambda x: (x[-1] / x[0] - 1) / (len(x) - 1),
}
Z = {"sobel": 0, "aroian": 1, "goodman": -1}


class Printer:
    """Rounds as one paper does: halves up or to even, with or without commas between thousands."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.rounding = draw(st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
        self.comma = draw(st.sampled_from(["", ","]))

    def number(self, value: float | Fraction, places: int) -> str:
        exact = Fraction(value)
        # Enough figures that a fraction that does not end is not taken for a half.
        plain = Decimal(exact.numerator) / Decimal(exact.denominator)
        return format(plain.quantize(Decimal(1).scaleb(-places), self.rounding), f"{self.comma}.{places}f")

    def estimate(self, value: float, error: float, places: int, degrees: float) -> str:
        stars = sum(float(two_sided_p(value / error, degrees)) < level for level in LEVELS)
        return f"{self.number(value, places)}{'*' * stars} ({self.number(error, places)})"


def reals(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False).map(lambda value: round(value, 9))


@st.composite
def mediation_papers(draw: st.DrawFn) -> Paper:
    """Two equations with a mediator, classical errors: the identity, the product test and the gain in R² hold."""
    say, places, degrees = Printer(draw), draw(st.integers(1, 5)), draw(st.sampled_from(DEGREES))
    a, b, direct = draw(reals(-1, 1)), draw(reals(-1, 1)), draw(reals(-1, 1))
    errors = [draw(reals(0.02, 0.5)) for _ in range(4)]
    variance = errors[0] ** 2 * b**2 + errors[1] ** 2 * a**2
    variance += Z[draw(st.sampled_from(sorted(Z)))] * errors[0] ** 2 * errors[1] ** 2
    z = a * b / sqrt(variance) if variance > 1e-6 else None
    before, left = draw(reals(0.05, 0.9)), draw(st.sampled_from(DEGREES[1:3]))
    share = (b / errors[1]) ** 2 / left
    after = (before + share) / (1 + share)
    r2 = draw(st.integers(2, 4))
    x, m = "NQPF", "Info"
    total = direct + a * b
    rows = {
        x: [
            say.estimate(total, errors[2], places, degrees),
            say.estimate(a, errors[0], places, degrees),
            say.estimate(direct, errors[3], places, degrees),
        ],
        m: ["", "", say.estimate(b, errors[1], places, degrees)],
        "Z": ["", "", say.number(z, 2) if z is not None else ""],
        "R2": [say.number(before, r2), "", say.number(after, r2)],
        "N": [str(UNITS * PERIODS)] * 3,
    }
    table = {
        "title": "simulated", "kind": "regression", "columns": ["(1)", "(2)", "(3)"], "rows": rows,
        "errors": "classical", "observations": "N", "hidden_regressors": CONTROLS - 1,
    }  # fmt: skip
    cell = lambda row, column: {"table": "1", "row": row, "column": column}  # noqa: E731
    relations: list[dict[str, Any]] = [
        {"check": "mediation", "a": cell(x, "(2)"), "b": cell(m, "(3)"), "total": cell(x, "(1)"),
         "direct": cell(x, "(3)"), "z": cell("Z", "(3)"), "same_rows": True},
        {"check": "r2_gain", "added": cell(m, "(3)"), "without": cell("R2", "(1)"), "having": cell("R2", "(3)")},
    ]  # fmt: skip
    level = next((one for one in reversed(LEVELS) if float(two_sided_p(a / errors[0], degrees)) < one), "none")
    checks = [
        {"check": "number", "printed": say.number(a, draw(st.integers(0, 6))), "of": cell(x, "(2)")},
        {"check": "significance", "of": cell(x, "(2)"), "level": level},
        {"check": "sign", "of": cell(x, "(2)"), "sign": "positive" if a > 0 else "negative"},
        {"check": "order", "smaller": cell(x, "(3)" if a * b >= 0 else "(1)"),
         "greater": cell(x, "(1)" if a * b >= 0 else "(3)")},
    ]  # fmt: skip
    return paper({"1": table}, relations, checks, panel={"units": UNITS, "periods": PERIODS})


@st.composite
def number_papers(draw: st.DrawFn) -> Paper:
    """Two parts and their whole over years: means, differences, ratios, growth and implied weights hold."""
    say, places, years = Printer(draw), draw(st.integers(0, 4)), draw(st.integers(2, 6))
    scale = draw(st.sampled_from([1.0, 100.0, 10_000.0]))
    urban = [scale * draw(reals(1, 10)) for _ in range(years)]
    rural = [value * draw(reals(0.1, 1)) for value in urban]
    weights = [draw(reals(0, 1))]
    for _ in range(years - 1):
        weights.append(min(1.0, max(0.0, weights[-1] + draw(reals(-0.02, 0.02)))))
    country = [w * u + (1 - w) * r for w, u, r in zip(weights, urban, rural, strict=True)]
    series = {"country": country, "urban": urban, "rural": rural}
    series["gap"] = [u - r for u, r in zip(urban, rural, strict=True)]
    series["ratio"] = [u / r for u, r in zip(urban, rural, strict=True)]
    labels = [str(2019 + number) for number in range(years)]
    rows = {
        label: [say.number(values[number], places) for values in series.values()] for number, label in enumerate(labels)
    }
    rows["mean"] = [
        say.number(sum(map(Fraction, values)) / years, draw(st.integers(0, 5))) for values in series.values()
    ]
    formula = draw(st.sampled_from(sorted(GROWTH)))
    growth = [say.number(100 * GROWTH[formula](values), draw(st.integers(0, 3))) + "%" for values in (country, urban)]
    turned = {
        name: [*(say.number(value, places) for value in values), rate]
        for (name, values), rate in zip([("country", country), ("urban", urban)], growth, strict=True)
    }
    tables = {
        "1": {"title": "simulated", "columns": list(series), "rows": rows, "quantities": "columns"},
        "2": {"title": "simulated", "columns": [*labels, "growth"], "rows": turned},
    }
    relations = [
        {"check": "mean", "table": "1", "row": "mean", "of": labels},
        {"check": "difference", "table": "1", "column": "gap", "of": ["urban", "rural"]},
        {"check": "ratio", "table": "1", "column": "ratio", "of": ["urban", "rural"], "rows": labels},
        {"check": "national_mean", "table": "1", "column": "country", "parts": ["urban", "rural"], "rows": labels},
        {"check": "growth", "table": "2", "column": "growth", "over": labels, "formulas": [formula]},
    ]
    first = {"table": "1", "row": labels[0], "column": "urban"}
    digits = draw(st.integers(0, 5))
    low = {"table": "1", "row": labels[0], "column": "rural"}
    checks = [
        {"check": "number", "printed": say.number(urban[0], digits), "of": first},
        {"check": "difference", "printed": say.number(urban[0] - rural[0], digits), "of": [first, low]},
        {"check": "ratio", "printed": say.number(urban[0] / rural[0], digits), "of": [first, low]},
    ]
    return paper(tables, relations, checks, panel=None)


def paper(tables: Any, relations: Any, checks: Any, *, panel: Any) -> Paper:
    claims = [{"where": "1", "says": "simulated", "checks": checks}]
    return Paper.model_validate(
        {"title": "simulated", "authors": "nobody", "source": "simulated", "panel": panel, "tables": tables,
         "relations": relations, "claims": claims}
    )  # fmt: skip
