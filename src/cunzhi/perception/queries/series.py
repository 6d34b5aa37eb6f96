"""The way of a datastream's values, from single values where they are few and from roll-ups where they are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from cunzhi.perception.models import Datastream, Observation, RollUp

MOST_POINTS = 60


@dataclass(frozen=True)
class Point:
    """A moment, or the beginning of an hour or a day, with its value or its mean, least and most."""

    at: datetime
    value: float
    least: float | None = None
    most: float | None = None


def latest(stream: Datastream) -> Observation | None:
    """The newest value."""
    return stream.observations.order_by("-at", "-pk").first()


def points(stream: Datastream, since: datetime, until: datetime) -> tuple[str, Sequence[Point]]:
    """What can be drawn, and in which span it is: single values, hours or days."""
    single = list(
        stream.observations.filter(at__gte=since, at__lt=until, number__isnull=False)
        .order_by("at")
        .values_list("at", "number")[: MOST_POINTS + 1]
    )
    if len(single) <= MOST_POINTS:
        return "single", [Point(at, value or 0.0) for at, value in single]
    span = RollUp.Span.HOUR if until - since <= timedelta(hours=MOST_POINTS) else RollUp.Span.DAY
    return span.value, [Point(one.start, one.mean, one.least, one.most) for one in rolled(stream, span, since, until)]


def rolled(stream: Datastream, span: str, since: datetime, until: datetime) -> QuerySet[RollUp]:
    """The hours or days of a datastream, in their order."""
    return stream.roll_ups.filter(span=span, start__gte=since.astimezone(UTC), start__lt=until).order_by("start")
