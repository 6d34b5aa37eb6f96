"""The Merkle tree as it lies in the database: its size, its tiles, its unfinished right edge."""

from dataclasses import dataclass, field
from typing import Self

from django.db.models import Max

from cunzhi.journal.models import Leaf
from cunzhi.journal.models import Tile as Stored
from cunzhi.transparency.merkle import Hash, Read, fold, leaf_hash, root_of, subtrees
from cunzhi.transparency.tiles import HEIGHT, WIDTH, Tile, bundle, reader


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
    """How proofs in the tree of this size are made from what is stored."""
    return reader(size, fetch)


def contents(start: int, count: int) -> list[bytes]:
    found = Leaf.objects.filter(id__gte=start, id__lt=start + count).order_by("id")
    return [text.encode() for text in found.values_list("content", flat=True)]


def _unfinished(level: int, start: int, count: int) -> list[Hash]:
    if level == 0:
        return [leaf_hash(content) for content in contents(start, count)]
    below = Stored.objects.filter(level=level - 1, number__gte=start, number__lt=start + count).order_by("number")
    return [bytes(root) for root in below.values_list("root", flat=True)]


@dataclass
class Edge:
    """The hashes of each level that do not fill a tile yet: all that appending needs to know of the tree."""

    size: int = 0
    levels: list[list[Hash]] = field(default_factory=lambda: [[]])

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
