"""From a printed number back to data cells, code, choices and seed."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.panel.arrays import IntArray
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.sample import complete_rows, singleton_rows

Result = TypeVar("Result")
SOURCES = Path(__file__).parent.parent
STEP = re.compile(r"(\w+)|\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Trace:
    """All that a number was made of.

    function: dotted name of the estimator. choices: its arguments, plain values only.
    columns: SHA-256 of each column's values in the rows used. rows: first and last of each
    run of source rows used, from 0. code: version and SHA-256 of the package's sources.
    libraries: versions of what computes.
    """

    function: str
    choices: Mapping[str, Any]
    columns: Mapping[str, str]
    rows: tuple[tuple[int, int], ...]
    code: str
    libraries: str

    @property
    def identity(self) -> str:
        """Twelve hexadecimal digits that stand for the whole trace, to print beside a table."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    def uses(self, row: int) -> bool:
        """Whether a source row entered the number."""
        return any(first <= row <= last for first, last in self.rows)


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number: its value, where it stands in the result, and its trace."""

    value: float
    path: str
    trace: Trace


@dataclass(frozen=True, slots=True)
class Traced(Generic[Result]):
    """A result with its trace; `again` computes it anew on a panel."""

    result: Result
    trace: Trace
    again: "Callable[[Panel], Traced[Result]]" = field(repr=False)

    def cell(self, path: str) -> Cell:
        """The number at a path such as "beta[nqpf]", "paths[0].sobel.z" or "fit.se[1]".

        A name in brackets is looked up in the names of the slopes. Raises DataRefused for a
        path that leads nowhere or not to a number.
        """
        try:
            value = _walk(self.result, path)
            return Cell(float(value), path, self.trace)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise DataRefused(
                what="the path does not lead to a number of the result",
                where=f"{path!r} in {type(self.result).__name__}",
                how='write attributes with dots and positions or slopes in brackets, as in "beta[gdp]"',
            ) from error


def traced(function: Callable[..., Result], panel: Panel, model: Model, **choices: Any) -> Traced[Result]:
    """Run an estimator and keep with its result all that is needed to get each number again.

    function: any estimator of this package that takes a panel and a model.
    """
    return Traced(
        function(panel, model, **choices),
        trace_of(function, panel, model, choices),
        lambda other: traced(function, other, model, **choices),
    )


def repeat(first: Traced[Result], panel: Panel) -> Traced[Result]:
    """Compute a traced result again on a panel read anew.

    Raises DataRefused naming what changed since: columns, rows or code.
    """
    second = first.again(panel)
    was, now = first.trace, second.trace
    changed = [name for name, digest in was.columns.items() if now.columns.get(name) != digest]
    changed += ["rows used"] * (was.rows != now.rows) + ["code"] * (was.code != now.code)
    if changed:
        raise DataRefused(
            what="the number cannot be repeated: what it was made of has changed",
            where=named(changed),
            how="read the table and check out the code that the trace names, or publish a new number",
        )
    return second


def trace_of(function: Callable[..., Any], panel: Panel, model: Model, choices: Mapping[str, Any]) -> Trace:
    """The trace of a call; every name among the choices that is a column counts as used."""
    names = [name for name in dict.fromkeys((*model.columns, *_texts(choices))) if name in panel.columns]
    complete = complete_rows(panel, names)
    if model.convention == "reghdfe":
        whole = panel.take(complete)
        complete[np.flatnonzero(complete)[singleton_rows(whole, model.effects)]] = False
    digests = {name: _digest(panel.columns[name][complete]) for name in names}
    for side, codes, labels in (("unit", panel.unit, panel.units), ("period", panel.period, panel.periods)):
        digests[side] = (
            _digest(codes[complete]) + "/" + hashlib.sha256("\0".join(map(str, labels)).encode()).hexdigest()
        )
    return Trace(
        function=f"{function.__module__}.{function.__qualname__}",
        choices={"model": _plain(model), **{name: _plain(value) for name, value in choices.items()}},
        columns=digests,
        rows=runs_of(np.sort(panel.rows[complete])),
        code=code_version(),
        libraries=f"numpy {np.__version__}, scipy {metadata.version('scipy')}",
    )


@cache
def code_version() -> str:
    """The package's version and a digest of all sources of `evaluation`, which tells uncommitted changes apart too."""
    return f"cunzhi {metadata.version('cunzhi')}, evaluation sources {sources_digest(SOURCES)}"


def sources_digest(folder: Path) -> str:
    """A digest of every source and every shipped tree below a folder, names included."""
    digest = hashlib.sha256()
    for path in sorted((*folder.rglob("*.py"), *folder.rglob("*.yaml"))):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _digest(values: Any) -> str:
    """SHA-256 of the bytes of an array."""
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def runs_of(rows: IntArray) -> tuple[tuple[int, int], ...]:
    """First and last of each run of following numbers in ascending rows."""
    if not rows.size:
        return ()
    breaks = np.flatnonzero(np.diff(rows) != 1)
    first = rows[np.append(0, breaks + 1)]
    last = rows[np.append(breaks, rows.size - 1)]
    return tuple(zip(first.tolist(), last.tolist(), strict=True))


def _texts(value: Any) -> Iterator[str]:
    """All texts inside nested choices."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from _texts(inner)


def _plain(value: Any) -> Any:
    """A choice as plain values; a function as its name and a digest of its source."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"type": type(value).__name__, **{name: _plain(inner) for name, inner in asdict(value).items()}}
    if callable(value):
        source = hashlib.sha256(inspect.getsource(value).encode()).hexdigest()[:16]
        return f"{value.__module__}.{value.__qualname__} (source {source})"
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value


def _walk(result: Any, path: str) -> Any:
    """Follow attributes and brackets."""
    holder = value = result
    for attribute, bracket in STEP.findall(path):
        if attribute:
            holder, value = value, getattr(value, attribute)
        elif bracket.lstrip("-").isdigit():
            value = value[int(bracket)]
        else:
            value = value[holder.names.index(bracket)]
    return value
