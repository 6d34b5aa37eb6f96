"""What is known of a picture once it has been looked into, and what is too much."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from cunzhi.base.errors import Refused

PictureFormat = Literal["JPEG", "PNG", "WEBP", "HEIF"]


class PictureRefused(Refused, ValueError):
    """A file cannot be taken as a picture; its words say what it is and what to do."""


@dataclass(frozen=True)
class PictureLimits:
    """How much of a picture is taken in, and how large the copies are that we keep."""

    bytes: int = 15_000_000
    pixels: int = 50_000_000
    webp_pixels: int = 25_000_000  # its decoder takes 16 bytes a pixel, twice as much as the others
    long_side: int = 1600
    clean_bytes: int = 400_000
    thumbnail_side: int = 320


DEFAULT_LIMITS = PictureLimits()


@dataclass(frozen=True)
class Picture:
    """A picture as it came (format, size, sha256, EXIF) and as we keep it (clean, thumbnail: JPEG without EXIF)."""

    format: PictureFormat
    width: int
    height: int
    sha256: str
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None
    clean: bytes
    thumbnail: bytes
    phash: str
    phash_mirror: str
    blur: float


class PictureInspector(Protocol):
    """Looks into the bytes of an uploaded file; refuses what is no picture or too large a one."""

    def __call__(self, data: bytes, *, limits: PictureLimits = DEFAULT_LIMITS) -> Picture: ...
