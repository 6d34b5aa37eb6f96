"""Means over the times that standards ask for: an hour, a whole day, a calendar year. All from roll-ups."""

from datetime import datetime, timedelta

from cunzhi.base.clock import ZONE
from cunzhi.perception.limits import Held, Limit, Mean, Over, judge
from cunzhi.perception.models import Datastream, RollUp

DAY = timedelta(days=1)
LEAST_HOURS, LEAST_DAYS = 20, 324
"""GB 3095-2012, table 4: so many hours make the mean of a day, so many days the mean of a year."""
OLDEST_HOUR, OLDEST_DAY, OLDEST_VALUE = timedelta(hours=3), timedelta(days=2), timedelta(days=400)
"""What lies further back says nothing about now. Soil is sampled once a year."""


def hold(stream: Datastream, limit: Limit, now: datetime) -> Held:
    """The newest whole hour, day or year (or the newest value) of a datastream, held against a limit."""
    return judge(limit, str(stream.unit.get("symbol") or ""), mean_over(stream, limit.over, now))


def mean_over(stream: Datastream, over: Over, now: datetime) -> Mean | None:
    """The newest mean over such a time that is over already; None where there is none."""
    if over == "value":
        return _value(stream, now)
    if over == "hour":
        return _hour(stream, now)
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return _day(stream, midnight) if over == "day" else _year(stream, midnight)


def _value(stream: Datastream, now: datetime) -> Mean | None:
    rows = stream.observations.filter(kind="n", number__isnull=False, at__gte=now - OLDEST_VALUE)
    newest = rows.order_by("-at", "-pk").values_list("at", "number").first()
    return Mean(newest[0], float(newest[1] or 0), 1, 1) if newest else None


def _hour(stream: Datastream, now: datetime) -> Mean | None:
    begun = now.replace(minute=0, second=0, microsecond=0)
    rows = stream.roll_ups.filter(span=RollUp.Span.HOUR, start__gte=begun - OLDEST_HOUR, start__lt=begun)
    newest = rows.order_by("-start").first()
    return Mean(newest.start, newest.mean, 1, 1) if newest else None


def _day(stream: Datastream, midnight: datetime) -> Mean | None:
    rows = stream.roll_ups.filter(span=RollUp.Span.DAY, start__gte=midnight - OLDEST_DAY, start__lt=midnight)
    newest = rows.order_by("-start").first()
    if newest is None:
        return None
    hours = stream.roll_ups.filter(span=RollUp.Span.HOUR, start__gte=newest.start, start__lt=newest.start + DAY)
    means = [one.mean for one in hours.only("total", "count")]
    return Mean(newest.start, sum(means) / len(means), len(means), LEAST_HOURS) if means else None


def _year(stream: Datastream, midnight: datetime) -> Mean | None:
    """The last calendar year: the mean of the means of its days, as the standard reckons it."""
    until = midnight.replace(month=1, day=1)
    since = until.replace(year=until.year - 1)
    rows = stream.roll_ups.filter(span=RollUp.Span.DAY, start__gte=since, start__lt=until)
    days = [one.mean for one in rows.only("total", "count")]
    return Mean(since, sum(days) / len(days), len(days), LEAST_DAYS) if days else None
