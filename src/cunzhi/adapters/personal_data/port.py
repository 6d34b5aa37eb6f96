"""The machine's look at what is to be made public: whether somebody's numbers stand in it. A hint, never a decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Code = Literal["identity", "phone", "card", "hidden", "unread"]
Verdict = Literal["ok", "doubt", "abstain"]


@dataclass(frozen=True)
class Part:
    """A text or a file that is to be made public; `name` is how people call it. `content` is text or a file's bytes."""

    name: str
    content: str | bytes


@dataclass(frozen=True)
class Finding:
    """One thing looked for in all parts. `params`: how many, and in which part first; never the number itself."""

    code: Code
    verdict: Verdict
    params: Mapping[str, Any] = field(default_factory=dict)


class PersonalDataCheck(Protocol):
    """Looks at parts and says one finding per code; what it cannot read makes it abstain, never fail."""

    def look(self, parts: Iterable[Part]) -> list[Finding]: ...
