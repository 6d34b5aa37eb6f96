"""Sensors on the map: round while they speak, a cross when they are silent."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import SEE, Scope
from cunzhi.perception.queries.series import latest
from cunzhi.perception.queries.silence import is_silent, silent_among
from cunzhi.perception.shapes import geometry_of
from cunzhi.registry.queries.points import Point
from cunzhi.web.atlas.layer import Frame, Layer, Mark
from cunzhi.web.language import t
from cunzhi.web.perception.views import said

VILLAGE = 12


def rows(frame: Frame) -> QuerySet[Datastream]:
    """Where the reader serves, and what is public."""
    seen = Q(is_public=True)
    if frame.serves(SEE):
        seen |= Scope(frame.request.actor, frame.request.access).visible(Datastream)
    found = Datastream.objects.filter(seen, under(frame.under)).select_related("thing")
    return found.prefetch_related("thing__locations").order_by("place_code", "pk")


def marks(found: Sequence[Datastream], frame: Frame) -> list[Mark]:
    noted = silent_among([one.pk for one in found])
    return [_mark(one, one.pk in noted or is_silent(one, clock.now()), frame) for one in found]


def _mark(stream: Datastream, silent: bool, frame: Frame) -> Mark:
    words = said(latest(stream), stream)
    if silent:
        words = f"{t('web.perception.silent')} · {words}"
    if (stream.properties or {}).get("simulated"):
        words = f"{words} · {t('web.perception.simulated')}"
    kind, form = ("silent", "cross") if silent else ("sensor", "round")
    if frame.request.access.may(SEE, stream.place_code):
        address = reverse("sensor", args=[stream.pk])
    else:
        address = reverse("measured", args=[stream.place_code[:VILLAGE], stream.pk])
    return Mark(stream.place_code, kind, form, stream.name, words, address, point_of(stream))


def point_of(stream: Datastream) -> Point | None:
    """Where its station stands, if that is known as a shape on the earth."""
    for one in stream.thing.locations.all():
        shape: Any = geometry_of(one.location)
        if shape is not None and not shape.is_empty:
            middle = shape.representative_point()
            return middle.x, middle.y
    return None


LAYER = Layer("sensors", "sensor", "round", rows, marks)
