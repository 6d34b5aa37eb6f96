"""The list of static sources: learned from the past, corrected by what people found on the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from scipy.spatial import cKDTree

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.fires.geometry import Point, county_at, in_space, metres
from cunzhi.fires.models import Detection, Event, Feed, StaticSource
from cunzhi.fires.queries.sources import REACH, active_near
from cunzhi.journal.actions import note

LOOK_BACK = timedelta(days=365)
APART = 2 * REACH
LEARNING = "learning"
BURNED = (Event.Found.STRAW, Event.Found.OTHER_FIRE)


@dataclass(frozen=True)
class Spot:
    """Where it burned, and on which day of the villages' calendar."""

    point: Point
    day: date


@transaction.atomic
def learn_daily(*, by: Actor, months: int, days: int) -> int:
    """Once a day look through the past year. How many sources were added."""
    Feed.objects.get_or_create(product=LEARNING)
    done = Feed.objects.select_for_update().get(product=LEARNING)
    if done.tried_at is not None and done.tried_at.astimezone(clock.ZONE).date() == clock.today():
        return 0
    done.tried_at = clock.now()
    done.save(update_fields=["tried_at"])
    return learn(by=by, months=months, days=days)


@transaction.atomic
def learn(*, by: Actor, months: int, days: int) -> int:
    """Add the spots that were hot in so many months and on so many days of the past year, as no straw fire is."""
    added = 0
    for spot, hot in repeated(_past(), months, days):
        if active_near(spot):
            continue
        held = sorted(one.day for one in hot)
        count, spread = len(set(held)), len({(day.year, day.month) for day in held})
        basis = f"{held[0]} – {held[-1]}: {count} days in {spread} months"
        _open(spot, StaticSource.How.LEARNED, basis)
        added += 1
    if added:
        note(by=by, verb="fires.learned", record="sources", place_code="", detail={"added": added})
    return added


def repeated(spots: Sequence[Spot], months: int, days: int) -> list[tuple[Point, list[Spot]]]:
    """Where it burned again and again, the most frequent first, each with what was seen within reach of it."""
    if not spots:
        return []
    ordered = sorted(spots, key=lambda one: (one.point, one.day))
    tree = cKDTree(in_space([one.point for one in ordered]))
    found: list[tuple[int, Point, list[Spot]]] = []
    for one, near in zip(ordered, tree.query_ball_point(tree.data, REACH), strict=True):
        hot = [ordered[index] for index in near]
        seen = {each.day for each in hot}
        if len(seen) >= days and len({(day.year, day.month) for day in seen}) >= months:
            found.append((-len(seen), one.point, hot))
    kept: list[tuple[Point, list[Spot]]] = []
    for _, point, hot in sorted(found, key=lambda each: each[:2]):
        if all(metres(point, other) > APART for other, _ in kept):
            kept.append((point, hot))
    return kept


def learn_from(*, event: Event) -> None:
    """Industry begins a source; so does nothing found twice at one spot. A fire that was one ends it."""
    point, day = (event.latitude, event.longitude), clock.today()
    if event.found in BURNED:
        for source in active_near(point):
            source.until, source.end_basis = day, f"{event.record}: {event.found}"
            source.save(update_fields=["until", "end_basis"])
    elif (event.found == Event.Found.INDUSTRY or _nothing_before(event)) and not active_near(point):
        _open(point, StaticSource.How.CHECKED, f"{event.record}: {event.found}")


def _nothing_before(event: Event) -> bool:
    others = Event.objects.filter(found=Event.Found.NOTHING, merged_into__isnull=True).exclude(pk=event.pk)
    day, here = event.first_at.astimezone(clock.ZONE).date(), (event.latitude, event.longitude)
    return any(
        metres((one.latitude, one.longitude), here) <= REACH and one.first_at.astimezone(clock.ZONE).date() != day
        for one in others
    )


def _past() -> list[Spot]:
    """Detections of the past year, without those that people found to be fires, and none from before a source ended."""
    rows = Detection.objects.filter(at__gte=clock.now() - LOOK_BACK).exclude(event__found__in=BURNED)
    ended = list(StaticSource.objects.filter(until__isnull=False))
    points = rows.values_list("latitude", "longitude", "at")
    spots = (Spot((lat, lon), at.astimezone(clock.ZONE).date()) for lat, lon, at in points)
    return [one for one in spots if not any(_over(one, source) for source in ended)]


def _over(spot: Spot, source: StaticSource) -> bool:
    ended = source.until is not None and spot.day <= source.until
    return ended and metres(spot.point, (source.latitude, source.longitude)) <= APART


def _open(point: Point, how: str, basis: str) -> None:
    StaticSource.objects.create(
        place_code=county_at(point), latitude=point[0], longitude=point[1], how=how, basis=basis, since=clock.today()
    )
