"""A CAP 1.2 message as data: what is written into XML and read from it."""

from dataclasses import dataclass, field
from datetime import datetime

from cunzhi.alarms.times import told

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
Ring = tuple[tuple[float, float], ...]
"""Points as CAP writes them: latitude first. The first one again at the end."""


@dataclass(frozen=True)
class Reference:
    """Another message that this one replaces."""

    sender: str
    identifier: str
    sent: datetime

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{told(self.sent)}"


@dataclass(frozen=True)
class Area:
    """Where it holds, in words and as rings, circles or codes."""

    words: str
    rings: tuple[Ring, ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Info:
    """What is said in one language."""

    category: str
    event: str
    urgency: str
    severity: str
    certainty: str
    expires: datetime
    effective: datetime | None = None
    language: str = "zh-CN"
    response: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Alert:
    """The whole message."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    scope: str = "Public"
    note: str = ""
    references: tuple[Reference, ...] = ()
    infos: tuple[Info, ...] = field(default=())
