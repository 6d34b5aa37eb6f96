"""No word for two periods."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from cunzhi.perception.models import Datastream, Silence

PERIODS = 2


def is_silent(stream: Datastream, now: datetime) -> bool:
    """Whether a value is overdue by two periods; what has no period is never silent."""
    return stream.every is not None and now - last_word(stream) > PERIODS * timedelta(seconds=stream.every)


def silent_among(streams: list[int]) -> set[int]:
    """Which of these are noted as silent."""
    open_ = Silence.objects.filter(ended_at__isnull=True, datastream_id__in=streams)
    return set(open_.values_list("datastream_id", flat=True))


def last_word(stream: Datastream) -> datetime:
    """When it was last heard, by our clock; before its first word, when it was set up."""
    return stream.heard_at or stream.made_at


def quiet(now: datetime) -> Iterator[tuple[Datastream, datetime]]:
    """The datastreams that are silent and not yet noted as such, and since when."""
    noted = Q(silences__ended_at__isnull=True, silences__isnull=False)
    rows = Datastream.objects.filter(every__isnull=False).exclude(pk__in=Datastream.objects.filter(noted).values("pk"))
    for stream in rows.order_by("pk").iterator():
        if is_silent(stream, now):
            yield stream, last_word(stream)
