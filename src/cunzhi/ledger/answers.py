"""What the database says when it is asked to book an entry."""

from dataclasses import dataclass
from typing import Any, Literal

EntryRow = tuple[int, str, Any, str, str, str, int | None]
"""book, key, at (as the database takes it), memo, record, basis, the entry that it reverses."""


@dataclass(frozen=True)
class Answer:
    """`known`: the key is taken, or what it would reverse is reversed already.

    `number` is the entry's when it is new, the first account's that has too little when the answer is short.
    """

    outcome: Literal["new", "known", "closed", "short"]
    number: int = 0
    left: int = 0
    needed: int = 0
