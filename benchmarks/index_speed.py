"""Entropy weights and the PCA index on 6.9 million rows against polars, scikit-learn and numpy in the same run.

    .venv/bin/python benchmarks/index_speed.py [rows]

The data are simulated. Each contestant gets the form it likes best (a polars frame or a numpy array), computes the
same numbers (checked), and is run in turn `ROUNDS` times; the median counts. Ratios above 1 mean that we are faster.
"""

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import polars as pl

from cunzhi.evaluation.index.component import pca_index
from cunzhi.evaluation.index.weight import entropy_weights

ROWS, COLUMNS, ROUNDS = 6_900_000, 12, 5


def entropy_polars(frame: pl.DataFrame) -> np.ndarray:
    """Entropy weights by polars expressions, with the sums of x and x ln x in one pass."""
    sums = [pl.col(name).sum().alias(f"{name}:sum") for name in frame.columns]
    logs = [(pl.col(name) * pl.col(name).log()).sum().alias(f"{name}:log") for name in frame.columns]
    row = np.array(frame.lazy().select(sums + logs).collect().row(0))
    total, log = row[: frame.width], row[frame.width :]
    redundancy = 1 - (np.log(total) - log / total) / np.log(frame.height)
    return redundancy / redundancy.sum()


def entropy_polars_textbook(frame: pl.DataFrame) -> np.ndarray:
    """Entropy weights by polars expressions as the formula is printed: p, then p ln p."""
    share = [pl.col(name) / pl.col(name).sum() for name in frame.columns]
    row = frame.lazy().select([(p * p.log()).sum() for p in share]).collect().row(0)
    redundancy = 1 + np.array(row) / np.log(frame.height)
    return redundancy / redundancy.sum()


def entropy_numpy(values: np.ndarray) -> np.ndarray:
    """Entropy weights as the formula is printed, in whole arrays."""
    share = values / values.sum(axis=0)
    redundancy = 1 + (share * np.log(share)).sum(axis=0) / np.log(len(values))
    return redundancy / redundancy.sum()


def entropy_duckdb(frame: pl.DataFrame) -> np.ndarray:
    """Entropy weights by SQL."""
    import duckdb

    columns = ", ".join(f"sum({name}), sum({name} * ln({name}))" for name in frame.columns)
    row = np.array(duckdb.sql(f"SELECT {columns} FROM frame").fetchone())
    total, log = row[::2], row[1::2]
    redundancy = 1 - (np.log(total) - log / total) / np.log(frame.height)
    return redundancy / redundancy.sum()


def pca_polars(frame: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and first component scores with means, products and scores as polars expressions."""
    names = frame.columns
    means = [pl.col(name).mean().alias(name) for name in names]
    mean = frame.lazy().select(means).collect().row(0)
    centred = {name: pl.col(name) - at for name, at in zip(names, mean, strict=True)}
    pairs = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    products = [(centred[names[i]] * centred[names[j]]).sum().alias(f"{i}:{j}") for i, j in pairs]
    cross = np.zeros((len(names), len(names)))
    for (i, j), product in zip(pairs, frame.lazy().select(products).collect().row(0), strict=True):
        cross[i, j] = cross[j, i] = product
    deviation = np.sqrt(np.diag(cross) / (frame.height - 1))
    eigenvalues, vectors = np.linalg.eigh(cross / (frame.height - 1) / np.outer(deviation, deviation))
    slope = vectors[:, -1] / deviation
    score = pl.sum_horizontal([centred[name] * float(slope[at]) for at, name in enumerate(names)])
    return eigenvalues[::-1], frame.lazy().select(score.alias("score")).collect()["score"].to_numpy()


def pca_sklearn(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and first component scores by scikit-learn's scaler and PCA."""
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit_transform(values)
    fitted = PCA(n_components=1).fit(scaled)
    return fitted.explained_variance_, fitted.transform(scaled)[:, 0]


def pca_numpy(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and first component scores in whole arrays."""
    scaled = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    eigenvalues, vectors = np.linalg.eigh(scaled.T @ scaled / (len(values) - 1))
    return eigenvalues[::-1], scaled @ vectors[:, -1]


def pca_ours(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Our index with one component, with KMO and Bartlett."""
    done = pca_index(values, rule="count", count=1)
    return done.eigenvalues, done.scores


def race(title: str, contestants: dict[str, Callable[[], object]], same: Callable[[object, object], bool]) -> None:
    """Run all in turn, check that they agree, and print medians and ratios to the first."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    reference: object = None
    for _ in range(ROUNDS):
        for name, run in contestants.items():
            start = time.perf_counter()
            result = run()
            seconds[name].append(time.perf_counter() - start)
            reference = result if reference is None else reference
            if not same(reference, result):
                raise SystemExit(f"{title}: {name} computed something else")
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ours = next(iter(medians.values()))
    print(title)
    for name, median in medians.items():
        print(f"  {name:28s} {median:7.3f} s   {median / ours:6.2f} x ours")


def same_components(one: object, other: object) -> bool:
    """Leading eigenvalue and scores agree up to the sign and the divisor n or n - 1."""
    (values, scores), (others, other_scores) = one, other
    return bool(
        np.isclose(values[0], others[0], rtol=1e-5)
        and np.allclose(np.abs(scores[:1000]), np.abs(other_scores[:1000]), rtol=1e-4, atol=1e-6)
    )


def main() -> None:
    """Simulate, race, print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    random = np.random.default_rng(0)
    common = random.standard_normal(rows)
    values = np.empty((rows, COLUMNS))
    for column in range(COLUMNS):
        values[:, column] = np.exp(0.5 * common + random.standard_normal(rows))
    frame = pl.DataFrame({f"c{column}": values[:, column] for column in range(COLUMNS)})
    print(f"{rows:,} rows x {COLUMNS} columns, {values.nbytes / 1e6:,.0f} MB, simulated; median of {ROUNDS} runs")
    entropy: dict[str, Callable[[], object]] = {
        "cunzhi": lambda: entropy_weights(values).weights,
        "polars, one pass": lambda: entropy_polars(frame),
        "polars, as printed": lambda: entropy_polars_textbook(frame),
        "numpy, as printed": lambda: entropy_numpy(values),
    }
    if importlib.util.find_spec("duckdb"):
        entropy["duckdb"] = lambda: entropy_duckdb(frame)
    else:
        print("duckdb was not found and is left out")
    race("entropy weights", entropy, lambda one, other: np.allclose(one, other, rtol=1e-6))
    components: dict[str, Callable[[], object]] = {
        "cunzhi": lambda: pca_ours(values),
        "polars": lambda: pca_polars(frame),
        "scikit-learn": lambda: pca_sklearn(values),
        "numpy": lambda: pca_numpy(values),
    }
    race("PCA index with scores", components, same_components)


if __name__ == "__main__":
    main()
