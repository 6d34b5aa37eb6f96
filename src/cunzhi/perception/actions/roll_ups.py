"""What happens by itself: hours and days rolled up, old single values let go, silences noticed. All by the tick."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDay, TruncHour

from cunzhi.base import clock
from cunzhi.base.clock import ZONE
from cunzhi.perception.models import Datastream, RollUp, Silence
from cunzhi.perception.queries.silence import quiet
from cunzhi.perception.rules import oldest_kept

AT_ONCE = 500
ROWS_AT_ONCE = 20_000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def roll_up_due(*, settled: timedelta = timedelta(minutes=1)) -> int:
    """Roll up what changed since the last round. Late values correct what was rolled up before."""
    ready = Q(heard_at__lt=clock.now() - settled) | Q(stale_from__lt=clock.now() - HOUR) | Q(heard_at__isnull=True)
    due = Datastream.objects.filter(ready, stale_from__isnull=False).order_by("stale_from", "pk")
    return sum(roll_up(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def roll_up(pk: int) -> int:
    """The hours and days of one datastream in which values came or went; how many roll-ups were written."""
    stream = Datastream.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    return 0 if stream is None else _roll_up(stream)


def _roll_up(stream: Datastream) -> int:
    if stream.stale_from is None or stream.stale_until is None:
        return 0
    first, last = stream.stale_from, stream.stale_until
    if stream.gone_until is not None:  # what is older was rolled up before its values went
        first = max(first, stream.gone_until)
    written = 0
    if first <= last:
        written = _rewrite(stream, "hour", _hour(first), _hour(last) + HOUR)
        written += _rewrite(stream, "day", _midnight(first), _midnight(last) + DAY)
    stream.stale_from = stream.stale_until = None
    stream.save(update_fields=["stale_from", "stale_until"])
    return written


def _rewrite(stream: Datastream, span: str, since: datetime, until: datetime) -> int:
    begin = TruncHour("at", tzinfo=UTC) if span == "hour" else TruncDay("at", tzinfo=ZONE)
    rows = stream.observations.filter(at__gte=since, at__lt=until, number__isnull=False)
    found = rows.annotate(start=begin).values("start").order_by("start")
    found = found.annotate(many=Count("pk"), total=Sum("number"), least=Min("number"), most=Max("number"))
    stream.roll_ups.filter(span=span, start__gte=since, start__lt=until).delete()
    made = [
        RollUp(
            datastream=stream, span=span, start=one["start"], count=one["many"], total=one["total"],
            least=one["least"], most=one["most"],
        )
        for one in found
    ]  # fmt: skip
    RollUp.objects.bulk_create(made, batch_size=500)
    return len(made)


def let_go_old() -> int:
    """Erase single values whose days are over; their hours and days stay."""
    gone = 0
    for stream in Datastream.objects.filter(days_kept__isnull=False, first_at__isnull=False).order_by("pk"):
        if stream.first_at is not None and stream.days_kept is not None:
            horizon = oldest_kept(stream.days_kept, clock.now())
            if stream.first_at < horizon:
                gone += _let_go(stream.pk, horizon)
    return gone


@transaction.atomic
def _let_go(pk: int, horizon: datetime) -> int:
    stream = Datastream.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    _roll_up(stream)
    old = stream.observations.filter(at__lt=horizon).order_by("at").values_list("pk", flat=True)[:ROWS_AT_ONCE]
    gone, _ = stream.observations.filter(pk__in=list(old)).delete()
    stream.first_at = stream.observations.aggregate(first=Min("at"))["first"]
    stream.gone_until = max(filter(None, (stream.gone_until, horizon)))
    stream.save(update_fields=["first_at", "gone_until"])
    return gone


def notice_silence() -> int:
    """Open a silence for each datastream without a word for two periods, end it for each that spoke again."""
    ended = 0
    for silence in Silence.objects.filter(ended_at__isnull=True).select_related("datastream"):
        heard = silence.datastream.heard_at
        if heard is not None and heard > silence.since:
            Silence.objects.filter(pk=silence.pk, ended_at__isnull=True).update(ended_at=heard)
            ended += 1
    return ended + _open(quiet(clock.now()))


def _open(found: Iterable[tuple[Datastream, datetime]]) -> int:
    opened = 0
    waiting = iter(found)
    while part := list(islice(waiting, AT_ONCE)):
        rows = [
            Silence(datastream=stream, place_code=stream.place_code, since=since, noticed_at=clock.now())
            for stream, since in part
        ]
        Silence.objects.bulk_create(rows, ignore_conflicts=True)
        opened += len(rows)
    return opened


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
