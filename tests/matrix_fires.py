"""A fire that satellites saw in the right place of the matrix, and to which somebody was sent."""

from datetime import timedelta
from typing import Any

from api.counties import HERE, code

from cunzhi.base import clock
from cunzhi.fires.models import Event


def fires(world: Any) -> None:
    """One fire; outlines know nothing of made-up counties, so it is written down as it stands."""
    at = clock.now() - timedelta(hours=4)
    made = Event.objects.create(
        place_code=code(HERE, "grid"),
        known_by="point",
        metres=120,
        latitude=29.4,
        longitude=106.5,
        first_at=at,
        last_at=at,
        standing="sent",
        case_record=world.made["lamp"].record,
    )
    world.values |= {"event_id": made.pk, "week": "2026-W10"}
