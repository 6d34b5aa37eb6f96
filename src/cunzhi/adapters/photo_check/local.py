"""The first look by plain arithmetic: hashes, clock, distance, sharpness and size."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from cunzhi.adapters.photo_check.port import Claim, Earlier, Finding, Seen, Verdict

EARTH_RADIUS = 6_371_000.0


@dataclass(frozen=True)
class LocalPhotoCheck:
    """Limits are those measured in docs/reference/base.md; beyond them is a doubt for a person to look at."""

    same_bits: int = 10
    least_blur: float = 50.0
    least_side: int = 480

    def look(self, picture: Seen, claim: Claim, earlier: Iterable[Earlier]) -> list[Finding]:
        return [
            self._duplicate(picture, earlier),
            _time(picture, claim),
            _place(picture, claim),
            self._blur(picture),
            self._size(picture),
        ]

    def _duplicate(self, picture: Seen, earlier: Iterable[Earlier]) -> Finding:
        own = _bits(picture.phash)
        if own is None:
            return Finding("duplicate", "abstain")
        compared, best = 0, (65, "", False)
        for other in earlier:
            compared += 1
            for written, mirrored in ((other.phash, False), (other.phash_mirror, True)):
                bits = _bits(written)
                if bits is not None:
                    best = min(best, ((own ^ bits).bit_count(), other.key, mirrored))
        distance, key, mirrored = best
        if distance > self.same_bits:
            return Finding("duplicate", "ok", {"compared": compared})
        return Finding("duplicate", "doubt", {"earlier": key, "distance": distance, "mirrored": mirrored})

    def _blur(self, picture: Seen) -> Finding:
        if not math.isfinite(picture.blur):
            return Finding("blur", "abstain")
        verdict: Verdict = "doubt" if picture.blur < self.least_blur else "ok"
        return Finding("blur", verdict, {"sharpness": round(picture.blur), "least": round(self.least_blur)})

    def _size(self, picture: Seen) -> Finding:
        params = {"width": picture.width, "height": picture.height, "least": self.least_side}
        return Finding("size", "doubt" if min(picture.width, picture.height) < self.least_side else "ok", params)


def _time(picture: Seen, claim: Claim) -> Finding:
    taken, claimed = picture.taken_at, claim.at
    if taken is None or claimed is None or taken.tzinfo is None or claimed.tzinfo is None:
        return Finding("time", "abstain")
    apart = abs(taken - claimed)
    hours = round(apart / timedelta(hours=1), 1)
    params = {"taken": taken.isoformat(), "claimed": claimed.isoformat(), "hours": hours}
    return Finding("time", "doubt" if apart > claim.tolerance else "ok", params)


def _place(picture: Seen, claim: Claim) -> Finding:
    metres = _metres((picture.longitude, picture.latitude), (claim.longitude, claim.latitude))
    if metres is None:
        return Finding("place", "abstain")
    params = {"metres": round(metres), "within": round(claim.within_metres)}
    return Finding("place", "doubt" if metres > claim.within_metres else "ok", params)


def _metres(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> float | None:
    """Great-circle distance of two points (longitude, latitude); None when one is not known."""
    known = [part for part in (*one, *other) if part is not None and math.isfinite(part)]
    if len(known) < 4:
        return None
    lon_1, lat_1, lon_2, lat_2 = (math.radians(part) for part in known)
    part = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, max(0.0, part))))


def _bits(written: str) -> int | None:
    try:
        return int(written, 16)
    except ValueError:
        return None
