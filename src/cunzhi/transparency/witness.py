"""How a log asks to be witnessed and what a witness answers (c2sp.org/tlog-witness)."""

from dataclasses import dataclass
from typing import Self

from cunzhi.transparency.checkpoints import Checkpoint, number, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import EMPTY, Hash, check_consistency
from cunzhi.transparency.notes import Key, Note, encoded, hashed

MOST_HASHES = 63
LARGEST = 256 * 1024
"""Bytes of a request; sixteen signatures and 63 hashes take a twentieth of it."""


@dataclass(frozen=True)
class Request:
    """The checkpoint to be signed, and the proof that it continues the one of size `old`."""

    old: int
    proof: tuple[Hash, ...]
    checkpoint: Note

    def __str__(self) -> str:
        return f"old {self.old}\n" + "".join(f"{encoded(one)}\n" for one in self.proof) + f"\n{self.checkpoint}"

    @classmethod
    def read(cls, body: bytes) -> Self:
        try:
            head, gap, rest = body.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise Doubt("request", "this is not UTF-8") from error
        first, *lines = head.split("\n")
        if not gap or not first.startswith("old ") or len(lines) > MOST_HASHES:
            raise Doubt("request", "a request is `old <size>`, at most 63 hashes, an empty line, a checkpoint")
        return cls(number(first.removeprefix("old ")), tuple(map(hashed, lines)), Note.read(rest))


class Answer(Exception):
    """A witness does not sign, and says why by the number of the answer."""

    def __init__(self, status: int, body: str, content_type: str = "text/plain; charset=utf-8") -> None:
        self.status, self.body, self.content_type = status, body, content_type
        super().__init__(body)


def look(request: Request, keys: dict[str, Key]) -> Checkpoint:
    """The checkpoint asked for, if its log is known and signed it."""
    try:
        found = Checkpoint.read(request.checkpoint.text)
    except Doubt as doubt:
        raise Answer(400, f"{doubt}\n") from doubt
    if found.origin not in keys:
        raise Answer(404, f"the log {found.origin} is not known here\n")
    try:
        opened(request.checkpoint, keys[found.origin])
    except Doubt as doubt:
        raise Answer(403, f"{doubt}\n") from doubt
    if request.old > found.size:
        raise Answer(400, "the old size is above the new one\n")
    return found


def compare(request: Request, new: Checkpoint, size: int, root: Hash) -> None:
    """Whether it continues what this witness signed last; to be asked and noted in one transaction."""
    if request.old != size:
        raise Answer(409, f"{size}\n", "text/x.tlog.size")
    try:
        if size:
            check_consistency(size, new.size, request.proof, root, new.root)
        elif request.proof or (new.size == 0 and new.root != EMPTY):
            raise Doubt("consistency", "nothing is to be proved where nothing was before")
    except Doubt as doubt:
        raise Answer(422, f"{doubt}\n") from doubt
