"""The files of a log against each other and against the signed root."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from cunzhi.transparency.audit.finding import Finding, wrong
from cunzhi.transparency.audit.source import Source
from cunzhi.transparency.checkpoints import Checkpoint
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import Hash, leaf_hash, root_of
from cunzhi.transparency.tiles import Tile, bundles_of, checked, split, tiles_of, unbundle


@dataclass(frozen=True)
class Fetched:
    """The entries of a log, and their hashes."""

    entries: list[bytes]
    leaves: list[Hash]


def fetch_entries(source: Source, size: int) -> tuple[Fetched, list[Finding]]:
    """All bundles; where one is missing or cut off, empty entries stand for its own."""
    entries: list[bytes] = []
    findings: list[Finding] = []
    for tile in bundles_of(size):
        try:
            entries += unbundle(tile, _read(source, tile))
        except Doubt as doubt:
            findings.append(_about(tile, doubt))
            entries += [b""] * tile.width
    return Fetched(entries, [leaf_hash(entry) for entry in entries]), findings


def check_tree(source: Source, fetched: Fetched, signed: Checkpoint) -> Iterator[Finding]:
    """Which entries do not fit their hashes, which hashes do not fit each other, and whether all fits the root."""
    hashes, fits = fetched.leaves, root_of(fetched.leaves) == signed.root
    for tile in tiles_of(signed.size):
        expected = hashes[tile.start : tile.start + tile.width]
        if tile.level and tile.start == 0:
            hashes = [root_of(hashes[at : at + 256]) for at in range(0, len(hashes) // 256 * 256, 256)]
            expected = hashes[: tile.width]
        try:
            found = split(checked(tile, _read(source, tile)))
        except Doubt as doubt:
            yield _about(tile, doubt)
            continue
        differ = [at for at, (one, other) in enumerate(zip(found, expected, strict=False)) if one != other]
        if differ and (fits or tile.level):
            yield wrong("tile_altered", (tile.start + differ[0]) << 8 * (tile.level or 0), path=tile.path)
        elif differ:
            yield from (_altered(fetched, tile.start + at) for at in differ)
    if not fits:
        yield wrong("root_differs", size=signed.size)


def _altered(fetched: Fetched, number: int) -> Finding:
    return wrong("entry_altered", number, what=brief(fetched.entries[number]))


def brief(entry: bytes) -> str:
    """An entry in a few words, whatever became of it."""
    try:
        told = json.loads(entry)
        return " ".join(str(told[name]) for name in ("at", "kind", "place", "record") if name in told)
    except (ValueError, TypeError):
        return repr(entry[:60])


def _read(source: Source, tile: Tile) -> bytes:
    content = source.read(tile.path)
    if content is None:
        raise Doubt("missing", tile.path)
    return content


def _about(tile: Tile, doubt: Doubt) -> Finding:
    if doubt.code == "missing":
        return wrong("file_missing", path=tile.path)
    return wrong("file_cut", reason=str(doubt), path=tile.path)
