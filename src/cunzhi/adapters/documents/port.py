"""What is known of an uploaded document once it has been looked into, and what is too much."""

from dataclasses import dataclass
from typing import Literal, Protocol

from cunzhi.base.errors import Refused

DocumentKind = Literal["pdf", "xlsx"]
MEDIA: dict[str, str] = {
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The media type under which a kept file is shown, by the ending of its path."""


class DocumentRefused(Refused, ValueError):
    """A file cannot be taken as a document; its words say what it is and what to do."""


@dataclass(frozen=True)
class DocumentLimits:
    """How much is taken in. Unpacked: what a small file may grow to when a reader opens it."""

    bytes: int = 10_000_000
    unpacked: int = 60_000_000
    parts: int = 2_000


DEFAULT_LIMITS = DocumentLimits()


@dataclass(frozen=True)
class Document:
    """A document as it came; it is kept byte by byte, for whoever verifies it hashes those bytes."""

    kind: DocumentKind
    sha256: str
    content: bytes


class DocumentInspector(Protocol):
    """Looks into the bytes of an uploaded file; refuses what is no document, or one that does more than be read."""

    def __call__(self, data: bytes, *, limits: DocumentLimits = DEFAULT_LIMITS) -> Document: ...
