"""Files that never change: their paths, what is in them, and proofs out of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transparency.logs import numbered

from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import check_consistency, check_inclusion, consistency, inclusion, root
from cunzhi.transparency.tiles import Tile, bundles_of, read_path, reader, tiles_of, unbundle

TREE = numbered(1300)


def test_paths_are_those_of_the_standard() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17).path == "tile/1/000.p/17"
    assert Tile(None, 5).path == "tile/entries/005"


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_standard() -> None:
    tiles = list(tiles_of(70_000))
    assert len([one for one in tiles if one.level == 0 and one.width == 256]) == 273
    assert [one for one in tiles if one.width < 256 or one.level != 0] == [
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)] and list(tiles_of(0)) == []


@given(index=st.integers(0, 10**12), level=st.none() | st.integers(0, 63), width=st.integers(1, 256))
def test_paths_are_read_back(index: int, level: int | None, width: int) -> None:
    assert read_path(Tile(level, index, width).path) == Tile(level, index, width)


@pytest.mark.parametrize(
    "path", ["", "tile/0/1", "tile/00/001", "tile/0/x000/001", "tile/0/001.p/256", "tile/0/001.p/0", "tile/data/001"]
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(Doubt):
        read_path(path)


@given(data=st.data(), size=st.integers(1, 1300))
def test_proofs_are_made_from_tiles_alone(data: st.DataObject, size: int) -> None:
    small = numbered(size)
    read = reader(size, small.tile)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert inclusion(index, size, read) == inclusion(index, size, TREE.read)
    assert consistency(old, size, read) == consistency(old, size, TREE.read)
    top = root(size, read)
    check_inclusion(index, size, TREE.leaves[index], inclusion(index, size, read), top)
    check_consistency(old, size, consistency(old, size, read), root(old, TREE.read), top)


def test_cut_off_tile_is_named() -> None:
    read = reader(300, lambda tile: TREE.tile(tile)[:-1])
    with pytest.raises(Doubt, match=r"tile/0/000 should have 8192 bytes and has 8191"):
        inclusion(3, 300, read)


@given(cut=st.integers(1, 40))
def test_cut_off_bundle_is_named(cut: int) -> None:
    tile = list(bundles_of(300))[1]
    whole = numbered(300).tile(tile)
    assert unbundle(tile, whole)[0] == b"entry 256"
    with pytest.raises(Doubt, match=r"tile/entries/001\.p/44"):
        unbundle(tile, whole[:-cut])
