"""Public warnings in force on the map: for everybody."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse

from cunzhi.alarms.models import Warned, WarnedPlace
from cunzhi.alarms.queries.warnings import in_force
from cunzhi.base.fields import under
from cunzhi.web.atlas.layer import Frame, Layer, Mark
from cunzhi.web.formats import moment
from cunzhi.web.language import t


def rows(frame: Frame) -> QuerySet[WarnedPlace]:
    """Where they hold: in the frame, or above it and so in all of it."""
    above = [frame.under[:length] for length in range(2, len(frame.under))]
    here = under(frame.under) | Q(place_code__in=above)
    held = in_force(frame.under).order_by().values("pk")
    return WarnedPlace.objects.filter(here, warned__in=held).select_related("warned").order_by("place_code", "pk")


def marks(found: Sequence[WarnedPlace], frame: Frame) -> list[Mark]:
    return [_mark(one.place_code, one.warned) for one in found]


def _mark(place_code: str, warned: Warned) -> Mark:
    words = f"{t(f'alarms.colour.{warned.colour}')} · {t('web.warnings.until', at=moment(warned.expires))}"
    if warned.status == Warned.Status.EXERCISE:
        words = f"{t('web.alarms.is_drill')} · {words}"
    address = reverse("warning", args=[warned.pk])
    return Mark(place_code, warned.colour, "square", warned.headline, words, address)


LAYER = Layer("warnings", "graded", "square", rows, marks)
