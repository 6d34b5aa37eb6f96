"""What it means to ask for the fires that satellites saw in an area."""

from dataclasses import dataclass
from typing import Protocol

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class Answer:
    """The bytes that came, or `failure`, for the log and the page; never with the key in it."""

    data: bytes = b""
    failure: str = ""


class FireFeed(Protocol):
    """Gives the detections of one product of the last days. A failure is an answer, not an exception."""

    def ask(self, product: str, box: Box, days: int) -> Answer: ...
