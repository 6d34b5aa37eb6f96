"""Panels for the tests: simulated, seeded, and named so."""

import numpy as np
import polars as pl

from cunzhi.evaluation.index.reading import read_panel
from cunzhi.evaluation.index.table import Panel
from cunzhi.evaluation.index.tree import Node, Tree, tree_of

TREE = tree_of(
    [
        Node("index"),
        Node("service", "index"),
        Node("order", "index"),
        Node("doctors", "service", unit="persons", low=0, high=20, target=10),
        Node("waiting", "service", direction=-1, unit="days", low=0, high=20, target=0),
        Node("mediated", "order", unit="per cent", low=0, high=20, target=20),
        Node("petitions", "order", direction=-1, unit="cases", low=0, high=20, target=0),
    ]
)


def simulated_table(units: int = 12, periods: int = 3, seed: int = 0) -> pl.DataFrame:
    """A simulated balanced table of TREE's indicators."""
    random = np.random.default_rng(seed)
    rows = units * periods
    return pl.DataFrame(
        {
            "unit": [f"county {unit:02d}" for unit in range(units) for _ in range(periods)],
            "period": [str(2021 + period) for _ in range(units) for period in range(periods)],
            "region": [("hills", "plain")[unit % 2] for unit in range(units) for _ in range(periods)],
            **{code: random.uniform(1, 20, rows) for code in TREE.codes},
        }
    )


def simulated_panel(units: int = 12, periods: int = 3, seed: int = 0, tree: Tree = TREE) -> Panel:
    """The same as a Panel."""
    return read_panel(simulated_table(units, periods, seed), codes=tree.codes, groups=("region",))
