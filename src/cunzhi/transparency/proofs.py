"""The file that proves an entry offline (c2sp.org/tlog-proof)."""

import base64
import binascii
from dataclasses import dataclass
from typing import Self

from cunzhi.transparency.checkpoints import Checkpoint, number, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import Hash, check_inclusion, leaf_hash
from cunzhi.transparency.notes import Key, Note, encoded, hashed

FIRST = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 64


@dataclass(frozen=True)
class Proof:
    """That an entry stands at `index` under a signed checkpoint. `extra` is the entry itself; it is not trusted."""

    index: int
    hashes: tuple[Hash, ...]
    checkpoint: Note
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {encoded(self.extra)}"] if self.extra else []
        lines = [FIRST, *extra, f"index {self.index}", *map(encoded, self.hashes)]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"

    @classmethod
    def read(cls, written: str | bytes) -> Self:
        try:
            text = written.decode() if isinstance(written, bytes) else written
        except UnicodeDecodeError as error:
            raise Doubt("proof", "this is not a proof file") from error
        head, gap, rest = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or lines.pop(0) != FIRST:
            raise Doubt("proof", f"a proof file begins with {FIRST}")
        extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else b""
        if not lines or not lines[0].startswith("index ") or len(lines) > MOST_HASHES:
            raise Doubt("proof", "a proof names the index of its entry, then at most 63 hashes")
        index = number(lines.pop(0).removeprefix("index "))
        return cls(index, tuple(map(hashed, lines)), Note.read(rest), extra)

    def check(self, entry: bytes, key: Key) -> Checkpoint:
        """The checkpoint under which the entry stands; Doubt when log, signature or way to the root do not fit."""
        found = opened(self.checkpoint, key)
        check_inclusion(self.index, found.size, leaf_hash(entry), self.hashes, found.root)
        return found


def _extra(line: str) -> bytes:
    try:
        return base64.b64decode(line.removeprefix("extra "), validate=True)
    except binascii.Error as error:
        raise Doubt("proof", "what the proof carries beside is not base64") from error
