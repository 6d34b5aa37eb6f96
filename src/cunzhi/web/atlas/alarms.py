"""Open alarms on the map, for those who answer for them."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from cunzhi.alarms.models import Alarm
from cunzhi.alarms.queries.alarms import SEE, open_alarms
from cunzhi.alarms.wording import subject_of
from cunzhi.base.fields import under
from cunzhi.web.atlas.layer import Frame, Layer, Mark
from cunzhi.web.atlas.sensors import point_of
from cunzhi.web.formats import moment
from cunzhi.web.language import current, t


def rows(frame: Frame) -> QuerySet[Alarm]:
    """Open ones; nobody else's business."""
    found = open_alarms(frame.request.access) if frame.request.access.places(SEE) else Alarm.objects.none()
    return found.filter(under(frame.under)).prefetch_related("datastream__thing__locations")


def marks(found: Sequence[Alarm], frame: Frame) -> list[Mark]:
    return [_mark(one) for one in found]


def _mark(alarm: Alarm) -> Mark:
    words = f"{t(f'alarms.colour.{alarm.colour}')} · {t(f'web.map.phase.{alarm.phase}')} · {moment(alarm.raised_at)}"
    if alarm.drill:
        words = f"{t('web.alarms.is_drill')} · {words}"
    point = point_of(alarm.datastream) if alarm.datastream else None
    address = reverse("alarm", args=[alarm.pk])
    return Mark(alarm.place_code, alarm.colour, "triangle", subject_of(alarm, current()), words, address, point)


LAYER = Layer("alarms", "graded", "triangle", rows, marks, shown=lambda frame: bool(frame.request.access.places(SEE)))
