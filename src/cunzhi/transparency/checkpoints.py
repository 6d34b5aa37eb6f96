"""Checkpoints (c2sp.org/tlog-checkpoint) and what witnesses add to them (c2sp.org/tlog-cosignature)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import Hash
from cunzhi.transparency.notes import COSIGNER, Key, Note, Signature, Signer, encoded, hashed, sign

LATEST = 2**63 - 1
TIME_BYTES = 8


@dataclass(frozen=True)
class Checkpoint:
    """How many entries a log has, and their root."""

    origin: str
    size: int
    root: Hash
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, encoded(self.root), *self.more))

    @classmethod
    def read(cls, text: str) -> Self:
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):  # three lines and the end of the last
            raise Doubt("checkpoint", "a checkpoint begins with three lines: its log, the size, the root")
        return cls(lines[0], number(lines[1]), hashed(lines[2]), tuple(lines[3:]))

    def signed(self, signer: Signer) -> Note:
        return sign(self.text, signer)


def opened(note: Note, key: Key) -> Checkpoint:
    """The checkpoint in a note, after its log's signature was checked."""
    found = Checkpoint.read(note.text)
    if found.origin != key.name:
        raise Doubt("other_log", f"this checkpoint is of the log {found.origin}, not of {key.name}")
    if not note.signed_by(key):
        raise Doubt("unsigned", f"the log {key.name} has not signed this checkpoint")
    return found


def cosign(note: Note, signer: Signer, time: int) -> Signature:
    """What a witness adds: it saw this and nothing that contradicts it."""
    key = signer.key
    return Signature(key.name, key.id, time.to_bytes(TIME_BYTES, "big") + signer.sign(_message(note.text, time)))


def cosigned_at(note: Note, key: Key) -> int | None:
    """When this witness signed (seconds since 1970), the latest if several times; None when it did not."""
    return max((_time(note, key, one) for one in note.by(key)), default=None)


def cosigners(note: Note, keys: Iterable[Key]) -> dict[Key, int]:
    """Which of the witnesses signed, and when."""
    found = {key: cosigned_at(note, key) for key in keys}
    return {key: time for key, time in found.items() if time is not None}


def _time(note: Note, key: Key, line: Signature) -> int:
    time = int.from_bytes(line.value[:TIME_BYTES], "big")
    fits = key.kind == COSIGNER and time <= LATEST and key.holds(_message(note.text, time), line.value[TIME_BYTES:])
    if not fits:
        raise Doubt("cosignature", f"the signature of the witness {key.name} does not fit the checkpoint")
    return time


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def number(text: str) -> int:
    """A whole number as these texts write it: figures alone, none of them a leading zero."""
    if not text.isascii() or not text.isdigit() or (text[0] == "0" and text != "0") or len(text) > 18:
        raise Doubt("number", f"this is not a size: {text[:30]!r}")
    return int(text)
