"""Fires of two weeks on the map: points for those who serve there, how many in each township for everybody."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.fires.models import Event
from cunzhi.fires.queries.events import SEE, events_for
from cunzhi.web.atlas.layer import Frame, Layer, Mark
from cunzhi.web.fires.words import shown
from cunzhi.web.formats import moment
from cunzhi.web.language import t

BACK = timedelta(days=14)
TOWNSHIP = 9


def rows(frame: Frame) -> QuerySet[Event]:
    """What the reader may see one by one; else all of the township, of which they see the sum: of no village alone."""
    alone = not frame.serves(SEE)
    found = Event.objects.filter(merged_into__isnull=True) if alone else events_for(frame.request.access)
    here = under(frame.under[:TOWNSHIP] if alone else frame.under)
    return found.filter(here, first_at__gte=clock.now() - BACK).order_by("-first_at", "-pk")


def marks(found: Sequence[Event], frame: Frame) -> list[Mark]:
    lines = shown(found, frame.request.access)
    return [_mark(one.event, one.said) for one in lines]


def _mark(event: Event, said: str) -> Mark:
    words = f"{said} · {t('web.fires.simulated')}" if event.simulated else said
    label = t("web.fires.one", at=moment(event.first_at))
    point = (event.longitude, event.latitude)
    return Mark(event.place_code, "fire", "diamond", label, words, reverse("fire", args=[event.pk]), point)


def public_page(code: str) -> str:
    """How many there were, week by week."""
    return reverse("place_fires", args=[code[:TOWNSHIP]])


LAYER = Layer("fires", "fire", "diamond", rows, marks, summed=lambda frame: not frame.serves(SEE), opens=public_page)
