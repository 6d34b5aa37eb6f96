"""Reads of fires: which wait to be judged, what is known of one, what happened in a week, when was the last look."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.fires.judging import ORDER, Known
from cunzhi.fires.models import Detection, Event, Feed, Look
from cunzhi.fires.queries.sources import active_near, in_a_zone
from cunzhi.registry.access import Access

SEE = "sensors.see"
PRODUCTS = ("VIIRS_SNPP_NRT", "VIIRS_NOAA20_NRT", "VIIRS_NOAA21_NRT", "MODIS_NRT")
STILL = timedelta(days=7)
"""For how long a fire is judged again, for more may be seen of it and rules may change."""
STATIC_KINDS = (1, 2, 3)


@dataclass(frozen=True)
class LastLook:
    """When data were last taken in, of when the newest detection is, and which products fail, with the reason."""

    taken_at: datetime | None
    newest_at: datetime | None
    failing: list[Feed]
    simulated: bool


def events() -> QuerySet[Event]:
    """Fires with how many detections they have and how strong the strongest was."""
    rows = Event.objects.filter(merged_into__isnull=True)
    return rows.annotate(seen=Count("detections"), power=Max("detections__power")).order_by("-first_at", "-id")


def events_for(access: Access) -> QuerySet[Event]:
    """Those that the viewer may see."""
    return access.limit(events(), SEE)


def to_judge() -> list[Event]:
    """Fires to which nobody was sent and that are recent or were never judged."""
    rows = Event.objects.filter(case_record="", merged_into__isnull=True)
    return list(rows.filter(Q(last_at__gte=clock.now() - STILL) | Q(standing="")).order_by("first_at", "id"))


def known_of(event: Event) -> Known:
    """What is known of a fire when it is judged."""
    seen = list(event.detections.values_list("confidence", "kind"))
    point = (event.latitude, event.longitude)
    kinds = [kind in STATIC_KINDS for _, kind in seen if kind is not None]
    return Known(
        first_day=event.first_at.astimezone(clock.ZONE).date(),
        last_at=event.last_at,
        confidence=max((confidence for confidence, _ in seen), key=ORDER.index, default=ORDER[0]),
        is_static=bool(active_near(point)) or (bool(kinds) and all(kinds)),
        in_zone=in_a_zone(point),
    )


def satellites_of(event: Event) -> list[str]:
    return list(event.detections.order_by("satellite").values_list("satellite", flat=True).distinct())


def between(first: date, after: date) -> Q:
    """Fires first seen from one day to the day before another, on the villages' calendar."""
    start, end = (datetime.combine(day, time.min, clock.ZONE) for day in (first, after))
    return Q(first_at__gte=start, first_at__lt=end)


def last_look(place_code: str = "") -> LastLook:
    """What the pages say of how new their data are."""
    look = Look.objects.order_by("-taken_at").first()
    newest = Detection.objects.filter(under(place_code, "event__place_code"), event__isnull=False)
    failing = Feed.objects.filter(product__in=PRODUCTS).exclude(said="").order_by("product")
    return LastLook(
        look.taken_at if look else None,
        newest.aggregate(at=Max("at"))["at"],
        list(failing),
        bool(look and look.simulated),
    )
