"""A picture inspector for tests: it decodes nothing and answers what the test wants to have seen."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from cunzhi.adapters.pictures.kinds import check_bytes
from cunzhi.adapters.pictures.port import DEFAULT_LIMITS, Picture, PictureLimits


@dataclass
class FakeInspector:
    """Refuses by the bytes as the real one does; different bytes give different hashes."""

    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    width: int = 1600
    height: int = 1200
    blur: float = 3000.0
    inspected: list[str] = field(default_factory=list)

    def __call__(self, data: bytes, *, limits: PictureLimits = DEFAULT_LIMITS) -> Picture:
        check_bytes(data, limits)
        digest = hashlib.sha256(data).hexdigest()
        self.inspected.append(digest)
        return Picture(
            format="JPEG",
            width=self.width,
            height=self.height,
            sha256=digest,
            taken_at=self.taken_at,
            longitude=self.longitude,
            latitude=self.latitude,
            clean=data,
            thumbnail=data,
            phash=digest[:16],
            phash_mirror=digest[16:32],
            blur=self.blur,
        )
