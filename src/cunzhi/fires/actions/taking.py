"""Takes files of detections in: all of a file or nothing, and the same one again without doubling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden
from cunzhi.fires.actions.grouping import group
from cunzhi.fires.geometry import Point, county_at, metres
from cunzhi.fires.models import Detection, Feed, Look
from cunzhi.fires.reading import Reading, read
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access

PASS = timedelta(minutes=10)
"""A satellite comes again after about a hundred minutes: what is nearer in time is one pass."""
HALF_PIXEL = {"viirs": 190.0, "modis": 500.0}
"""Metres. The standard product places a pixel anew by less than this; its neighbour lies twice as far."""
EXACT = 2.0
"""Metres: files write between three and five decimals of what is one number."""
GATE = "gate"
TAKE = "fires.take"


@dataclass(frozen=True)
class Taken:
    """What came of a file: how many rows were new, known already, and outside all counties."""

    look: Look
    new: int
    known: int
    outside: int


@transaction.atomic
def take(*, by: Actor, data: bytes, source: str, simulated: bool = False) -> Taken:
    """Keep what a file or answer tells of the counties for which the actor takes it, and which fires it makes up."""
    access = Access(by)
    if not takes_for(access):
        raise Forbidden("fires.not_yours_to_take")
    readings = read(data)
    hold()
    counties = {code: access.may(TAKE, code) for code in {county_at(_spot(one)) for one in readings} if code}
    inside = [one for one in readings if counties.get(county_at(_spot(one)))]
    look = Look.objects.create(
        source=source[:120], taken_at=clock.now(), rows=len(readings), new=0, simulated=simulated
    )
    fresh = _keep(look, inside)
    look.new = len(fresh)
    look.save(update_fields=["new"])
    group([one.at for one in inside])
    taken = Taken(look, len(fresh), len(inside) - len(fresh), len(readings) - len(inside))
    detail = {"source": look.source, "rows": look.rows, "new": taken.new, "outside": taken.outside}
    note(by=by, verb="fires.look", record=look.record, place_code="", detail=detail)
    return taken


def preview(*, by: Actor, data: bytes) -> Taken:
    """What would come of a file: all of it is done, and undone."""
    with transaction.atomic():
        taken = take(by=by, data=data, source=GATE)
        transaction.set_rollback(True)
    return taken


def takes_for(access: Access) -> list[str]:
    """The counties, or parts of the country, for which somebody may hand in files."""
    return access.places(TAKE)


def _spot(one: Reading) -> Point:
    return one.latitude, one.longitude


def hold() -> None:
    """One file at a time: which fire a detection belongs to depends on all others."""
    Feed.objects.get_or_create(product=GATE)
    Feed.objects.select_for_update().get(product=GATE)


def _keep(look: Look, readings: Sequence[Reading]) -> list[Detection]:
    """Write what is new; where the standard product places a known one anew, it moves there."""
    passes = _Passes(_around([one.at for one in readings]))
    fresh = []
    for reading in sorted(readings, key=lambda one: (one.at, one.latitude, one.longitude, one.standard)):
        known = passes.same(reading)
        if known is None:
            known = _detection(look, reading)
            passes.add(known)
            fresh.append(known)
        elif reading.standard and not known.standard:
            known.latitude, known.longitude = reading.latitude, reading.longitude
            known.standard, known.kind = True, reading.kind
            if known.pk:
                known.save(update_fields=["latitude", "longitude", "standard", "kind"])
    Detection.objects.bulk_create(fresh, batch_size=500)
    return fresh


def _around(moments: Sequence[datetime]) -> Iterable[Detection]:
    if not moments:
        return ()
    return Detection.objects.filter(at__gte=min(moments) - PASS, at__lte=max(moments) + PASS).order_by("id")


class _Passes:
    """Detections by satellite and time, to be searched for one that is the same."""

    def __init__(self, known: Iterable[Detection]) -> None:
        self._held: dict[tuple[str, int], list[Detection]] = {}
        for one in known:
            self.add(one)

    def add(self, one: Detection) -> None:
        self._held.setdefault((one.satellite, _slot(one.at)), []).append(one)

    def same(self, reading: Reading) -> Detection | None:
        """The detection that a row tells of again: at the same spot, or nearest within half a pixel where one of the
        two is of the standard product and the other is not."""
        found: list[tuple[float, int, Detection]] = []
        for slot in (-1, 0, 1):
            for place, one in enumerate(self._held.get((reading.satellite, _slot(reading.at) + slot), ())):
                apart = metres((one.latitude, one.longitude), (reading.latitude, reading.longitude))
                reach = EXACT if one.standard == reading.standard else HALF_PIXEL[reading.instrument]
                if apart <= reach and abs(one.at - reading.at) <= PASS:
                    found.append((apart, place, one))
        return min(found, key=lambda each: each[:2])[2] if found else None


def _slot(at: datetime) -> int:
    return int(at.timestamp() // PASS.total_seconds())


def _detection(look: Look, one: Reading) -> Detection:
    return Detection(
        look=look,
        satellite=one.satellite,
        instrument=one.instrument,
        at=one.at,
        latitude=one.latitude,
        longitude=one.longitude,
        confidence=one.confidence,
        power=one.power,
        by_day=one.by_day,
        kind=one.kind,
        standard=one.standard,
    )


@transaction.atomic
def note_try(*, product: str, said: str = "") -> None:
    """Remember when a product was last asked for; `said` is what came instead of an answer."""
    feed, _ = Feed.objects.get_or_create(product=product)
    feed.tried_at = clock.now()
    if not said:
        feed.answered_at, feed.said = feed.tried_at, ""
    else:
        feed.said = said[:200]
    feed.save()
