"""The indicator tree: shipped trees, round trips, and trees that hang wrongly."""

import numpy as np
import pytest
from evaluation.index.examples import TREE

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.index.aggregate import global_weights, node_weights
from cunzhi.evaluation.index.reading import write_table
from cunzhi.evaluation.index.tree import Node, read_tree, shipped_tree, shipped_trees, tree_from_table, tree_of


@pytest.mark.parametrize(("name", "dimensions", "indicators"), [("governance_efficiency", 4, 10), ("nqpf", 3, 6)])
def test_shipped_tree_has_the_dimensions_of_the_paper(name, dimensions, indicators):
    tree = shipped_tree(name)
    assert len(tree.children(tree.root.code)) == dimensions
    assert len(tree.indicators) == indicators
    assert all(node.title and node.title_en for node in tree.nodes)
    assert all(node.unit and node.source for node in tree.indicators)


def test_shipped_governance_tree_reverses_petitions_and_time():
    tree = shipped_tree("governance_efficiency")
    assert {node.code for node in tree.indicators if node.direction < 0} == {"petitions", "handling_time"}


def test_unknown_tree_lists_those_there_are():
    with pytest.raises(DataRefused, match=", ".join(shipped_trees())):
        shipped_tree("happiness")


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_tree_survives_each_table_format(tmp_path, ending):
    path = tmp_path / f"tree{ending}"
    write_table(shipped_tree("nqpf").to_table(), path)
    assert read_tree(path) == shipped_tree("nqpf")


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        ([Node("a"), Node("a", "a")], "twice"),
        ([Node("a"), Node("b", "c")], "parent is not in the tree"),
        ([Node("a"), Node("b")], "one index at its top, this has 2"),
        ([Node("a"), Node("b", "c"), Node("c", "b")], "circle"),
        ([Node("a"), Node("b", "a", direction=0)], "Directions"),
        ([Node("a"), Node("b", "a", weight=-1)], "Negative"),
        ([Node("a"), Node("b", "a", low=2, high=1)], "Goalposts"),
    ],
)
def test_broken_tree_is_refused(nodes, fault):
    with pytest.raises(DataRefused, match=fault):
        tree_of(nodes)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("code: [", "no YAML"), ("- a", "not a mapping"), ("code: a\nweigth: 1", "unknown or missing keys")],
)
def test_broken_tree_file_is_refused(tmp_path, text, fault):
    path = tmp_path / "tree.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused, match=fault):
        read_tree(path)


def test_text_as_weight_is_refused():
    table = TREE.to_table().with_columns(weight=TREE.to_table()["code"])
    with pytest.raises(DataRefused, match="text where a number belongs"):
        tree_from_table(table)


def test_tree_without_indicators_loses_empty_dimensions():
    assert {node.code for node in TREE.without(["doctors", "waiting"]).nodes} == {
        "index", "order", "mediated", "petitions",
    }  # fmt: skip


def test_global_weights_multiply_down_the_branches():
    tree = tree_of(
        [
            Node("i"),
            Node("a", "i", weight=3),
            Node("b", "i", weight=1),
            Node("a1", "a"),
            Node("a2", "a"),
            Node("b1", "b", weight=5),
        ]
    )
    np.testing.assert_allclose(global_weights(tree), [0.375, 0.375, 0.25])
    assert node_weights(tree, global_weights(tree))["a"] == pytest.approx(0.75)


def test_some_siblings_without_weight_are_refused():
    with pytest.raises(DataRefused, match="nodes b"):
        global_weights(tree_of([Node("i"), Node("a", "i", weight=1), Node("b", "i")]))
