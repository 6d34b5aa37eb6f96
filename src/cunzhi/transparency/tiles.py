"""A log as files that never change (c2sp.org/tlog-tiles): where each lies, what is in it, proofs made from them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import Hash, Node, Read, node_hash, root_of

WIDTH, HEIGHT, HASH = 256, 8, 32
LONGEST = 2**16 - 1
"""An entry's length stands in two bytes."""
PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


@dataclass(frozen=True)
class Tile:
    """`width` neighbouring hashes of one level (or entries); below 256 it is the unfinished end of a tree."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{_spread(self.index)}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @property
    def start(self) -> int:
        return self.index * WIDTH


def read_path(path: str) -> Tile:
    match = PATH.fullmatch(path)
    figures = match[2].replace("x", "").replace("/", "") if match else ""
    found = match and Tile(None if match[1] == "entries" else int(match[1]), int(figures), int(match[3] or WIDTH))
    if not found or found.path != path:
        raise Doubt("path", f"there is no such tile: {path[:80]!r}")
    return found


def _spread(index: int) -> str:
    figures = str(index)
    figures = figures.zfill(-(-len(figures) // 3) * 3)
    parts = [figures[at : at + 3] for at in range(0, len(figures), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def tiles_of(size: int) -> Iterator[Tile]:
    """All tiles of hashes of a tree of this size, level by level."""
    level = 0
    while size:
        yield from _row(level, size)
        size //= WIDTH
        level += 1


def bundles_of(size: int) -> Iterator[Tile]:
    """All bundles of entries of a tree of this size."""
    return _row(None, size)


def _row(level: int | None, count: int) -> Iterator[Tile]:
    whole, rest = divmod(count, WIDTH)
    yield from (Tile(level, index) for index in range(whole))
    if rest:
        yield Tile(level, whole, rest)


def tile_of(node: Node, size: int) -> Tile:
    """The tile in which the hash of a finished subtree lies, or from whose hashes it is made."""
    level, within = divmod(node[0], HEIGHT)
    index = (node[1] << within) // WIDTH
    return Tile(level, index, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def reader(size: int, fetch: Callable[[Tile], bytes]) -> Read:
    """How proofs in the tree of `size` entries get their hashes out of tiles; each is fetched once."""
    known: dict[Tile, bytes] = {}

    def one(node: Node) -> Hash:
        tile = tile_of(node, size)
        if tile not in known:
            known[tile] = checked(tile, fetch(tile))
        within = node[0] % HEIGHT
        first = (node[1] << within) % WIDTH
        return root_of(split(known[tile][first * HASH : (first + (1 << within)) * HASH]))

    def read(nodes: Sequence[Node]) -> list[Hash]:
        return [one(node) for node in nodes]

    return read


def nodes_of(tile: Tile, content: bytes) -> dict[Node, Hash]:
    """The hashes of a tile and of all finished subtrees over them, by their place in the tree."""
    level, first, hashes = (tile.level or 0) * HEIGHT, tile.start, split(checked(tile, content))
    found: dict[Node, Hash] = {}
    while hashes:
        found |= {(level, first + at): one for at, one in enumerate(hashes)}
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
        level, first = level + 1, first // 2
    return found


def checked(tile: Tile, content: bytes) -> bytes:
    if len(content) != tile.width * HASH:
        raise Doubt("tile", f"{tile.path} should have {tile.width * HASH} bytes and has {len(content)}")
    return content


def split(content: bytes) -> list[Hash]:
    return [content[at : at + HASH] for at in range(0, len(content), HASH)]


def bundle(entries: Iterable[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(tile: Tile, content: bytes) -> list[bytes]:
    """The entries of a bundle; Doubt when it is not as long as it says, or does not hold as many as it should."""
    entries, at = [], 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 2], "big")
        entries.append(content[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(content) or len(entries) != tile.width:
        raise Doubt("bundle", f"{tile.path} is cut off, or does not hold {tile.width} entries")
    return entries
