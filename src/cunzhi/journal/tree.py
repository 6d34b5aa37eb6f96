"""The Merkle tree as it lies in the database: its size, its tiles, its unfinished right edge."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self, cast

from django.db import connection
from django.db.models import Max

from cunzhi.journal.models import Leaf, SignedHead
from cunzhi.journal.models import Tile as Stored
from cunzhi.transparency.merkle import Hash, Node, Read, fold, leaf_hash, root_of, subtrees
from cunzhi.transparency.tiles import HEIGHT, WIDTH, Tile, bundle, nodes_of, reader, tile_of

KEPT = 20_000
"""Of how many subtrees of a signed tree a process keeps the hashes: some megabytes."""


def tree_size() -> int:
    newest = Leaf.objects.aggregate(newest=Max("id"))["newest"]
    return 0 if newest is None else newest + 1


def fetch(tile: Tile) -> bytes:
    """A tile of hashes, finished or not, or a bundle of entries."""
    if tile.level is None:
        return bundle(contents(tile.start, tile.width))
    if tile.width == WIDTH:
        stored = Stored.objects.filter(level=tile.level, number=tile.index).values_list("hashes", flat=True)
        return bytes(stored[0]) if stored else b""
    return b"".join(_unfinished(tile.level, tile.start, tile.width))


def read_tree(size: int) -> Read:
    """How proofs in the tree of this size are made from what is stored: one query for all finished tiles."""

    def read(nodes: Sequence[Node]) -> Sequence[Hash]:
        tiles = {tile_of(node, size) for node in nodes}
        known = {tile: fetch(tile) for tile in tiles if tile.width < WIDTH}
        known |= _finished({tile for tile in tiles if tile.width == WIDTH})
        return reader(size, lambda tile: known.get(tile, b""))(nodes)

    return read


def tree_under(head: SignedHead) -> Read:
    """As read_tree, for a tree that was signed: the hashes that proofs in it share are kept, for they cannot change."""
    kept, read_rest = _kept_of(head.note), read_tree(head.size)

    def read(nodes: Sequence[Node]) -> Sequence[Hash]:
        shared = {tile_of(node, head.size) for node in nodes if node not in kept}
        if len(kept) > KEPT:
            kept.clear()
        for tile in shared:
            if tile.level or tile.width < WIDTH:  # the others serve the few entries in them, and are many
                kept.update(nodes_of(tile, fetch(tile)))
        known = {node: one for node in nodes if (one := kept.get(node))}  # another thread may be clearing
        rest = [node for node in nodes if node not in known]
        known |= zip(rest, read_rest(rest), strict=True)
        return [known[node] for node in nodes]

    return read


@lru_cache(maxsize=3)
def _kept_of(note: str) -> dict[Node, Hash]:
    """What is kept of the tree of a checkpoint, by all that was signed: another root has other hashes."""
    return {}


def _finished(tiles: set[Tile]) -> dict[Tile, bytes]:
    if not tiles:
        return {}
    places = [number for tile in tiles for number in (tile.level, tile.index)]
    blanks = ", ".join(["(%s, %s)"] * len(tiles))
    query = f"SELECT level, number, hashes FROM journal_tile WHERE (level, number) IN (VALUES {blanks})"  # noqa: S608  blanks
    with cast(Any, connection).prepared_cursor() as cursor:
        cursor.execute(query, places)
        return {Tile(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}


def contents(start: int, count: int) -> list[bytes]:
    query = "SELECT content FROM journal_leaf WHERE id >= %s AND id < %s ORDER BY id"
    return [text.encode() for text in _column(query, start, start + count)]


def _unfinished(level: int, start: int, count: int) -> list[Hash]:
    if level == 0:
        return [leaf_hash(content) for content in contents(start, count)]
    query = "SELECT root FROM journal_tile WHERE level = %s AND number >= %s AND number < %s ORDER BY number"
    return [bytes(root) for root in _column(query, level - 1, start, start + count)]


def _column(query: str, *params: int) -> list[Any]:
    """Without the objects that proofs do not need: they are asked for by the thousand."""
    with cast(Any, connection).prepared_cursor() as cursor:
        cursor.execute(query, params)
        return [value for (value,) in cursor.fetchall()]


@dataclass
class Edge:
    """The hashes of each level that do not fill a tile yet: all that appending needs to know of the tree.

    `versions` is how many leaves the open records have, of those that were met since.
    """

    size: int = 0
    levels: list[list[Hash]] = field(default_factory=lambda: [[]])
    versions: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, size: int) -> Self:
        levels, count, level = [], size, 0
        while count or not level:
            start = count // WIDTH * WIDTH
            levels.append(_unfinished(level, start, count - start))
            count, level = count // WIDTH, level + 1
        return cls(size, levels)

    def append(self, leaves: list[Hash]) -> list[Stored]:
        """Take leaves in; the tiles that they finish."""
        finished: list[Stored] = []
        for leaf in leaves:
            self.levels[0].append(leaf)
            self.size += 1
            if len(self.levels[0]) == WIDTH:
                self._finish(finished)
        return finished

    def _finish(self, finished: list[Stored]) -> None:
        level = 0
        while len(self.levels[level]) == WIDTH:
            hashes, number = self.levels[level], (self.size >> HEIGHT * (level + 1)) - 1
            top = root_of(hashes)
            finished.append(Stored(level=level, number=number, root=top, hashes=b"".join(hashes)))
            self.levels[level] = []
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(top)

    def root(self) -> Hash:
        parts = []
        for hashes in reversed(self.levels):
            parts += [root_of(hashes[at << up : (at + 1) << up]) for up, at in subtrees(0, len(hashes))]
        return fold(parts)
