"""The tree as proofs read it: what a process keeps of it belongs to one checkpoint."""

import pytest

from cunzhi.journal import tree
from cunzhi.journal.models import SignedHead
from cunzhi.transparency.merkle import Node

SHARED: Node = (8, 0)
"""Over 256 entries: the root of a finished tile, in which many proofs meet."""


def log(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the log reads as one whose every stored hash is this."""
    monkeypatch.setattr(tree, "read_tree", lambda size: lambda nodes: [content * 32 for _ in nodes])
    monkeypatch.setattr(tree, "fetch", lambda tile: content * 32 * tile.width)


def test_hashes_that_are_kept_are_of_their_checkpoint_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = SignedHead(size=1000, note="a"), SignedHead(size=1000, note="b")
    tree._kept_of.cache_clear()
    log(b"1", monkeypatch)
    assert tree.tree_under(one)([SHARED]) == [b"1" * 32]
    log(b"2", monkeypatch)
    assert tree.tree_under(other)([SHARED, (0, 3)]) == [b"2" * 32] * 2
    assert tree.tree_under(one)([SHARED, (0, 3)]) == [b"1" * 32, b"2" * 32]  # of what few proofs need nothing is kept
    tree._kept_of.cache_clear()
