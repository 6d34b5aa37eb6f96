"""What it means to send somebody a message."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Delivery:
    """What became of a message; `detail` is for the log and the person in charge, not for the receiver."""

    ok: bool
    detail: str = ""


class Sender(Protocol):
    """Sends one message. A failure is an answer, not an exception; the same `key` is delivered only once."""

    def send(self, to: str, text: str, *, key: str) -> Delivery: ...
