"""The indicator tree: index, dimensions and indicators, with direction, unit, weight and source."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cunzhi.evaluation.errors import DataRefused, named
from cunzhi.evaluation.index.arrays import Numbers
from cunzhi.evaluation.index.reading import read_table

if TYPE_CHECKING:
    import polars as pl

SHIPPED = Path(__file__).parent / "trees"


@dataclass(frozen=True)
class Node:
    """One index, dimension or indicator.

    parent: code of the node above, empty for the index itself.
    direction: 1 when more is better, -1 when less is better; only indicators are turned by it.
    weight: share among its siblings; None when it is to be computed.
    low, high: goalposts; target: the value aimed at; all in the unit of the indicator.
    """

    code: str
    parent: str = ""
    title: str = ""
    title_en: str = ""
    direction: int = 1
    unit: str = ""
    weight: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Tree:
    """Nodes in order, the index first; checked by `tree_of`."""

    nodes: tuple[Node, ...]

    @cached_property
    def by_code(self) -> dict[str, Node]:
        """Every node by its code."""
        return {node.code: node for node in self.nodes}

    @cached_property
    def root(self) -> Node:
        """The index itself."""
        return next(node for node in self.nodes if not node.parent)

    @cached_property
    def indicators(self) -> tuple[Node, ...]:
        """The nodes without children, in order."""
        return tuple(node for node in self.nodes if not self.children(node.code))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the indicators, in order."""
        return tuple(node.code for node in self.indicators)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all fields of all nodes."""
        return sha256(repr(self.nodes).encode()).hexdigest()

    @cached_property
    def directions(self) -> Numbers:
        """(k,) of 1.0 and -1.0 in the order of the indicators."""
        return np.array([node.direction for node in self.indicators], dtype=np.float64)

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes directly below `code`."""
        return tuple(node for node in self.nodes if node.parent == code)

    def leaves(self, code: str) -> tuple[str, ...]:
        """The codes of all indicators below (or at) `code`, in order."""
        below = self.children(code)
        return tuple(leaf for node in below for leaf in self.leaves(node.code)) if below else (code,)

    def without(self, codes: Sequence[str]) -> "Tree":
        """The tree without these indicators; a dimension that loses its last indicator goes too."""
        kept = [node for node in self.nodes if node.code not in codes]
        while empty := [
            node
            for node in kept
            if node.parent and node.code not in self.codes and all(other.parent != node.code for other in kept)
        ]:
            kept = [node for node in kept if node not in empty]
        return tree_of(kept)

    def to_table(self) -> "pl.DataFrame":
        """One row a node, one column a field: the second of the two tables."""
        import polars as pl  # noqa: PLC0415 -- slow to import

        return pl.DataFrame([asdict(node) for node in self.nodes], infer_schema_length=None)


def tree_of(nodes: Sequence[Node]) -> Tree:
    """Check nodes and make a tree of them; DataRefused names codes that break it."""
    _refuse_shape(nodes)
    _refuse_numbers(nodes)
    return Tree(tuple(nodes))


def _refuse_shape(nodes: Sequence[Node]) -> None:
    """Refuse nodes that do not hang together as one tree."""
    codes = [node.code for node in nodes]
    twice = [code for code in codes if codes.count(code) > 1]
    _refuse_nodes(twice, "Codes appear twice", "give each node its own code")
    orphans = [node.code for node in nodes if node.parent and node.parent not in codes]
    _refuse_nodes(orphans, "Nodes whose parent is not in the tree", "correct the parent or add it")
    roots = [node.code for node in nodes if not node.parent]
    if len(roots) != 1:
        raise DataRefused(
            f"A tree has one index at its top, this has {len(roots)}",
            named(roots) or "no node without parent",
            "leave the parent of the index empty and give all others one",
        )
    reached = {roots[0]}
    while more := {node.code for node in nodes if node.parent in reached} - reached:
        reached |= more
    circle = [code for code in codes if code not in reached]
    _refuse_nodes(circle, "Nodes that hang in a circle", "correct their parents")


def _refuse_numbers(nodes: Sequence[Node]) -> None:
    """Refuse directions, weights and goalposts that mean nothing."""
    turned = [node.code for node in nodes if node.direction not in (1, -1)]
    how = "use 1 where more is better and -1 where less is better"
    _refuse_nodes(turned, "Directions other than 1 and -1", how)
    negative = [node.code for node in nodes if node.weight is not None and not node.weight >= 0]
    _refuse_nodes(negative, "Negative weights", "use the direction for reversed indicators")
    swapped = [
        node.code for node in nodes if node.low is not None and node.high is not None and not node.low < node.high
    ]
    how = "swap them; the direction turns the indicator"
    _refuse_nodes(swapped, "Goalposts in which low is not below high", how)


def tree_from_table(table: "pl.DataFrame") -> Tree:
    """A tree from its table; the columns are the fields of Node, of which `code` and `parent` are needed."""
    known = {entry.name for entry in fields(Node)}
    unknown = [name for name in table.columns if name not in known]
    if unknown or not {"code", "parent"} <= set(table.columns):
        raise DataRefused(
            "The columns of the tree are not those expected",
            f"columns {named(table.columns)}",
            f"use {', '.join(entry.name for entry in fields(Node))}",
        )
    return tree_of([_node(row) for row in table.to_dicts()])


def read_tree(path: Path | str) -> Tree:
    """Read a tree from .yaml (nested), .csv, .xlsx or .parquet (one row a node)."""

    path = Path(path)
    if path.suffix not in (".yaml", ".yml"):
        return tree_from_table(read_table(path))
    import yaml  # noqa: PLC0415 -- slow to import

    try:
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DataRefused("The file is no YAML", str(path), f"correct it: {error}") from error
    return tree_of(_nested(entry, ""))


def shipped_trees() -> tuple[str, ...]:
    """The names of the trees that come with this package."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def shipped_tree(name: str) -> Tree:
    """A tree that comes with this package."""
    if name not in shipped_trees():
        raise DataRefused(f"No tree {name!r}", f"trees {named(shipped_trees())}", "use one of these or read_tree")
    return read_tree(SHIPPED / f"{name}.yaml")


def _nested(entry: Mapping[str, Any], parent: str) -> list[Node]:
    if not isinstance(entry, Mapping):
        raise DataRefused(
            "An entry of the tree is not a mapping", f"{entry!r}", "write code: and the other keys below it"
        )
    own = {key: value for key, value in entry.items() if key != "children"}
    known = {field.name for field in fields(Node)} - {"parent"}
    if not {"code"} <= set(own) <= known:
        raise DataRefused(
            "An entry of the tree has unknown or missing keys",
            f"{own}",
            f"use code and any of {', '.join(sorted(known))}",
        )
    below = [node for child in entry.get("children", ()) for node in _nested(child, entry["code"])]
    return [_node({**own, "parent": parent}), *below]


def _node(row: Mapping[str, Any]) -> Node:
    numbers = {"weight", "low", "high", "target"}
    told = {name: value for name, value in row.items() if value not in (None, "")}
    try:
        turned: dict[str, Any] = {name: float(value) if name in numbers else value for name, value in told.items()}
        return Node(**{**turned, "direction": int(float(told.get("direction", 1)))})
    except (TypeError, ValueError) as error:
        raise DataRefused(
            "A row of the tree has text where a number belongs", f"{dict(told)}", "correct the row"
        ) from error


def _refuse_nodes(codes: Sequence[str], what: str, how: str) -> None:
    if codes:
        raise DataRefused(what, f"nodes {named(dict.fromkeys(codes))}", how)
