"""The Merkle tree of RFC 6962: hashes, proofs that an entry is in, proofs that a tree only grew."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

from cunzhi.transparency.errors import Doubt

Hash: TypeAlias = bytes
Node: TypeAlias = tuple[int, int]
"""(level, index): the finished subtree over the entries index * 2**level up to (index + 1) * 2**level."""
Range: TypeAlias = tuple[int, int]
Read: TypeAlias = Callable[[Sequence[Node]], Sequence[Hash]]
"""How a store hands out the hashes of finished subtrees, all that are needed at once."""
EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> Hash:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[Hash]) -> Hash:
    """The root over leaf hashes, level by level; whoever stands alone goes up as they are."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) & ~1 :]
    return level[0]


def subtrees(start: int, end: int) -> list[Node]:
    """The finished subtrees that lie side by side over the entries [start, end), from left to right."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append((level, start >> level))
        start += 1 << level
    return found


def fold(hashes: Sequence[Hash]) -> Hash:
    """The hash over subtrees side by side, the smallest on the right."""
    if not hashes:
        return EMPTY
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def root(size: int, read: Read) -> Hash:
    """The root of the tree of the first `size` entries."""
    return fold(read(subtrees(0, size)))


def inclusion(index: int, size: int, read: Read) -> list[Hash]:
    """The proof that entry `index` is in the tree of `size` entries, from its sibling up."""
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} in a tree of {size}")
    return _hashes(_beside(index, 0, size), read)


def consistency(old: int, size: int, read: Read) -> list[Hash]:
    """The proof that the tree of `size` entries begins with that of `old` entries."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} cannot begin with one of {old}")
    return _hashes(_common(old, 0, size, known=True), read) if old else []


def _split(start: int, end: int) -> int:
    """Where RFC 6962 parts the entries [start, end): at the largest power of two below their number."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _beside(index: int, start: int, end: int) -> list[Range]:
    found: list[Range] = []
    while end - start > 1:
        middle = _split(start, end)
        found.append((middle, end) if index < middle else (start, middle))
        start, end = (start, middle) if index < middle else (middle, end)
    return found[::-1]


def _common(old: int, start: int, end: int, *, known: bool) -> list[Range]:
    found: list[Range] = []
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, known = middle, False
    return ([] if known else [(start, end)]) + found[::-1]


def _hashes(ranges: Sequence[Range], read: Read) -> list[Hash]:
    parts = [subtrees(*one) for one in ranges]
    hashes = iter(read([node for part in parts for node in part]))
    return [fold([next(hashes) for _ in part]) for part in parts]


def check_inclusion(index: int, size: int, leaf: Hash, proof: Sequence[Hash], expected: Hash) -> None:
    """Doubt unless `proof` shows that `leaf` is entry `index` of the tree with this root. RFC 9162, 2.1.3.2."""
    if not 0 <= index < size or len(leaf) != len(EMPTY):
        raise Doubt("inclusion", f"there is no such entry {index} in a tree of {size}")
    at, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            raise Doubt("inclusion", "the proof has too many hashes")
        if at & 1 or at == last:
            found = node_hash(one, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, one)
        at, last = at >> 1, last >> 1
    if last or found != expected:
        raise Doubt("inclusion", f"the proof does not lead from entry {index} to the root of size {size}")


def check_consistency(old: int, size: int, proof: Sequence[Hash], old_root: Hash, new_root: Hash) -> None:
    """Doubt unless `proof` shows that the tree with `new_root` begins with that of `old_root`. RFC 9162, 2.1.4.2."""
    if old > size:
        raise Doubt("rollback", f"the tree of {size} entries is smaller than the one of {old} before")
    if old == 0:
        raise Doubt("consistency", "that a log continues an empty one says nothing")
    if old == size:
        if proof or old_root != new_root:
            raise Doubt("consistency", f"the trees of {old} and {size} entries do not agree")
        return
    before, after = _climbed(old, size, proof, old_root)
    if before != old_root or after != new_root:
        raise Doubt("consistency", f"the tree of {size} entries does not begin with the one of {old} before")


def _climbed(old: int, size: int, proof: Sequence[Hash], old_root: Hash) -> tuple[Hash, Hash]:
    """Both roots as the proof has them."""
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    if not hashes:
        raise Doubt("consistency", "the proof has too few hashes")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            raise Doubt("consistency", "the proof has too many hashes")
        if at & 1 or at == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, one)
        at, last = at >> 1, last >> 1
    if last:
        raise Doubt("consistency", "the proof has too few hashes")
    return before, after
