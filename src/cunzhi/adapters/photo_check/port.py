"""The machine's first look at a picture: what it finds is a hint to a person, never a decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

Code = Literal["duplicate", "time", "place", "blur", "size"]
Verdict = Literal["ok", "doubt", "abstain"]


@dataclass(frozen=True)
class Seen:
    """What is known of the picture itself."""

    width: int
    height: int
    phash: str
    phash_mirror: str
    blur: float
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Claim:
    """When and where the picture is said to have been taken; what is not claimed is not checked."""

    at: datetime | None = None
    tolerance: timedelta = timedelta(hours=24)
    longitude: float | None = None
    latitude: float | None = None
    within_metres: float = 500.0


@dataclass(frozen=True)
class Earlier:
    """A picture that came in before; `key` is whatever the caller knows it by."""

    key: str
    phash: str
    phash_mirror: str


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `params` fill the sentence for people; `confidence` only where one can be given."""

    code: Code
    verdict: Verdict
    params: Mapping[str, Any] = field(default_factory=dict)
    confidence: float | None = None


class PhotoCheck(Protocol):
    """Looks at a picture and says one finding per code; odd pictures make it abstain, never fail."""

    def look(self, picture: Seen, claim: Claim, earlier: Iterable[Earlier]) -> list[Finding]: ...
