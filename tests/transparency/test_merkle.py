"""The tree against published vectors, and what must hold of every tree."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transparency.logs import numbered

from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import (
    EMPTY,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    leaf_hash,
    root,
    root_of,
    subtrees,
)

VECTORS = Path(__file__).parent / "vectors"
RFC_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
RFC_ROOTS = [  # the tree of the certificate transparency project's reference tests
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
TREE = numbered(700)


def vectors(kind: str) -> list[Any]:
    cases = json.loads((VECTORS / f"{kind}.json").read_text())["cases"]
    return [pytest.param(case, id=case["name"]) for case in cases]


def hashes(texts: list[str] | None) -> list[bytes]:
    return [b64decode(text) for text in texts or []]


def one(text: str | None) -> bytes:
    return b64decode(text or "")


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in RFC_ENTRIES[:size]]
    assert root_of(leaves).hex() == RFC_ROOTS[size - 1]


def test_vectors_are_all_there() -> None:
    assert (len(vectors("inclusion")), len(vectors("consistency"))) == (98, 98)


@pytest.mark.parametrize("case", vectors("inclusion"))
def test_inclusion_is_judged_as_published(case: Any) -> None:
    try:
        check_inclusion(
            case["leafIdx"], case["treeSize"], one(case["leafHash"]), hashes(case["proof"]), one(case["root"])
        )
    except Doubt:
        assert case["wantErr"]
    else:
        assert not case["wantErr"]


@pytest.mark.parametrize("case", vectors("consistency"))
def test_consistency_is_judged_as_published(case: Any) -> None:
    try:
        check_consistency(case["size1"], case["size2"], hashes(case["proof"]), one(case["root1"]), one(case["root2"]))
    except Doubt:
        assert case["wantErr"]
    else:
        assert not case["wantErr"]


def test_root_of_nothing() -> None:
    assert root(0, TREE.read) == root_of([]) == EMPTY


@given(size=st.integers(1, 700))
def test_root_is_the_same_by_subtrees_and_by_levels(size: int) -> None:
    assert root(size, TREE.read) == root_of(TREE.leaves[:size])


@given(start=st.integers(0, 10_000), length=st.integers(0, 10_000))
def test_subtrees_lie_side_by_side(start: int, length: int) -> None:
    at = start
    for level, index in subtrees(start, start + length):
        assert index << level == at
        at = (index + 1) << level
    assert at == start + length


@given(data=st.data(), size=st.integers(1, 700))
def test_every_entry_is_proved_and_no_other(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, top = inclusion(index, size, TREE.read), root(size, TREE.read)
    check_inclusion(index, size, TREE.leaves[index], proof, top)
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index)) if size > 1 else None
    forgeries = [(index, leaf_hash(b"forged"), proof), (index, TREE.leaves[index], [*proof, EMPTY])]
    forgeries += [(index, TREE.leaves[index], proof[:-1])] if proof else []
    forgeries += [(other, TREE.leaves[index], proof)] if other is not None else []
    for at, leaf, forged in forgeries:
        with pytest.raises(Doubt):
            check_inclusion(at, size, leaf, forged, top)


@given(data=st.data(), size=st.integers(2, 700))
def test_growth_is_proved_and_a_change_is_not(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size - 1))
    proof, before, after = consistency(old, size, TREE.read), root(old, TREE.read), root(size, TREE.read)
    check_consistency(old, size, proof, before, after)
    changed = data.draw(st.integers(0, old - 1))
    leaves = [*TREE.leaves[:changed], leaf_hash(b"forged"), *TREE.leaves[changed + 1 : old]]
    with pytest.raises(Doubt):
        check_consistency(old, size, proof, root_of(leaves), after)
    with pytest.raises(Doubt):
        check_consistency(old, size, proof[:-1], before, after)
    with pytest.raises(Doubt):
        check_consistency(size, old, proof, after, before)
