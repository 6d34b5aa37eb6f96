"""What stands on the map: each thing by itself while they are few, else how many there are in each place below."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse

from cunzhi.registry.queries.places import names_of
from cunzhi.web.atlas.layer import Frame, Layer, Mark, with_points
from cunzhi.web.language import t

MOST = 20
"""So many things of a layer are drawn one by one."""
MOST_SUMS = 60
BELOW = {6: 9, 9: 12, 12: 15}
"""Length of a place's code -> length of the codes right below it, by which things are summed up."""
TOWNSHIP = 9


@dataclass(frozen=True)
class Shown:
    """A layer with what is drawn of it, how many things that is, and whether they are summed up."""

    layer: Layer
    marks: Sequence[Mark]
    total: int
    summed: bool


def gather(layers: Sequence[Layer], frame: Frame, nearer: Callable[[str], str]) -> list[Shown]:
    """Every layer that is asked for; `nearer` gives the address of the map of a place."""
    return [_one(layer, frame, nearer) for layer in layers]


def _one(layer: Layer, frame: Frame, nearer: Callable[[str], str]) -> Shown:
    rows = layer.rows(frame)
    total = rows.count()
    summed = bool(total) and (layer.summed(frame) or total > MOST)
    marks = list(_sums(layer, rows, frame, nearer)) if summed else layer.marks(list(rows[:MOST]), frame)
    return Shown(layer, with_points(marks), total, summed)


def _sums(layer: Layer, rows: QuerySet[Any], frame: Frame, nearer: Callable[[str], str]) -> Iterator[Mark]:
    """One mark for each place below. Who may see sums alone is led to where these are public, and sees them no nearer
    than by township."""
    alone = layer.summed(frame)
    length = TOWNSHIP if alone else BELOW.get(len(frame.under), len(frame.under))
    found = (
        rows.order_by()
        .annotate(cut=Substr(F(layer.place), 1, length))
        .values("cut")
        .annotate(many=Count("pk", distinct=True))
    )
    counted = list(found.order_by("cut").values_list("cut", "many")[:MOST_SUMS])
    names = names_of(code for code, _ in counted)
    for code, many in counted:
        address = layer.opens(code) if alone and layer.opens else nearer(code)
        label = t("web.map.sum", place=names[code], count=many, what=t(f"web.map.layer.{layer.name}"))
        yield Mark(code, layer.kind, layer.form, label, "", address, count=many)


def address_of(code: str, chosen: Sequence[str], every: int) -> str:
    """The map of a place, with the same layers."""
    layers = {} if len(chosen) == every else {"chosen": 1, "layer": list(chosen)}
    return f"{reverse('map')}?{urlencode({'place': code, **layers}, doseq=True)}"


@dataclass(frozen=True)
class Sum:
    """One place below with how many of each layer that is summed up; each number with where it leads."""

    place: str
    address: str
    cells: Sequence[Mark | None]


def sums_of(shown: Sequence[Shown], nearer: Callable[[str], str]) -> list[Sum]:
    """One line a place, one cell a layer that is summed up."""
    counted = [{mark.place_code: mark for mark in one.marks} for one in shown if one.summed]
    places = sorted({code for cells in counted for code in cells})
    names = names_of(places)
    return [Sum(names[code], nearer(code), [cells.get(code) for cells in counted]) for code in places]
