"""Small logs to try things on: entries in memory, written out as files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cunzhi.transparency.checkpoints import Checkpoint
from cunzhi.transparency.merkle import Hash, Node, inclusion, leaf_hash, root, root_of
from cunzhi.transparency.notes import LOG, Note, Signer
from cunzhi.transparency.proofs import Proof
from cunzhi.transparency.tiles import WIDTH, Tile, bundle, bundles_of, tiles_of

SIGNER = Signer("village.example/log", LOG, bytes(range(32)))


@dataclass
class Small:
    """A log of a few entries."""

    entries: list[bytes]
    signer: Signer = SIGNER
    leaves: list[Hash] = field(init=False)

    def __post_init__(self) -> None:
        self.leaves = [leaf_hash(entry) for entry in self.entries]

    @property
    def size(self) -> int:
        return len(self.entries)

    def read(self, nodes: Sequence[Node]) -> list[Hash]:
        return [root_of(self.leaves[index << level : (index + 1) << level]) for level, index in nodes]

    def checkpoint(self, size: int | None = None) -> Note:
        size = self.size if size is None else size
        return Checkpoint(self.signer.name, size, root(size, self.read)).signed(self.signer)

    def tile(self, tile: Tile) -> bytes:
        span = range(tile.start, tile.start + tile.width)
        if tile.level is None:
            return bundle(self.entries[at] for at in span)
        return b"".join(self.read([(8 * tile.level, at) for at in span]))

    def proof(self, index: int) -> Proof:
        return Proof(index, tuple(inclusion(index, self.size, self.read)), self.checkpoint(), self.entries[index])

    def write(self, folder: Path) -> Path:
        for tile in (*tiles_of(self.size), *bundles_of(self.size)):
            put(folder / tile.path, self.tile(tile))
        put(folder / "checkpoint", str(self.checkpoint()).encode())
        return folder


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def numbered(count: int) -> Small:
    return Small([f"entry {number}".encode() for number in range(count)])


WIDE = WIDTH * WIDTH
