"""A satellite's scene becomes observations: how green each place is, and how burned, with the share of clear sky."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from cunzhi.adapters.bands.port import Scene
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.evaluation.bands.indices import BURNED, dnbr, nbr, ndvi
from cunzhi.evaluation.bands.utm import to_grid
from cunzhi.evaluation.bands.zones import Window, Zone, window, zone
from cunzhi.journal.actions import note
from cunzhi.perception.actions.entities import Draft, create, thing_of
from cunzhi.perception.actions.observations import take
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import MANAGE, Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import require_place

LEAST_CLEAR, LEAST_PIXELS = 0.3, 10
"""Below these a mean says more of the holes between clouds than of the place."""
DIGITS = 4
INDICES = {
    "ndvi": ("植被指数 NDVI", "https://doi.org/10.1016/0034-4257(79)90013-0"),
    "nbr": ("过火指数 NBR", "https://www.fs.usda.gov/treesearch/pubs/24066"),
    "dnbr": ("过火变化 dNBR", "https://www.fs.usda.gov/treesearch/pubs/24066"),
}
SENSOR, VIEW = "Sentinel-2 MSI", "（卫星观测）"
NAMELESS, PLAIN = {"description": ""}, {"encodingType": "text/plain"}


@dataclass(frozen=True)
class Measured:
    """What came of one place: an index by its name, and how many of them were new. `clear` is 0 outside the scene."""

    place: Place
    indices: dict[str, Zone]
    clear: float
    new: int = 0

    @property
    def is_clear(self) -> bool:
        least = min((one.pixels for one in self.indices.values()), default=0)
        return self.clear >= LEAST_CLEAR and least >= LEAST_PIXELS


@transaction.atomic
def take_scene(
    *, by: Actor, scene: Scene, at: datetime, outlines: Mapping[str, BaseGeometry], before: Scene | None = None,
    source: str = "", simulated: bool = False,
) -> list[Measured]:  # fmt: skip
    """Keep the indices of a scene for every place, or nothing. The same scene again changes nothing."""
    scope = Scope(by)
    for code in outlines:
        scope.access.require(MANAGE, code)
    if before is not None and not _same_grid(scene, before):
        raise Refused("perception.scene.other_grid")
    found = [_measure(require_place(code), area, scene, before) for code, area in sorted(outlines.items())]
    if not any(one.clear or one.indices for one in found):
        raise Refused("perception.scene.elsewhere", epsg=scene.epsg)
    kept = [
        _keep(scope, one, scene, at, middle=outlines[one.place.code].representative_point(), simulated=simulated)
        if one.is_clear
        else one
        for one in found
    ]
    new = sum(one.new for one in kept)
    if new:
        detail = {"source": source[:120], "at": at.isoformat(), "places": len(kept), "new": new}
        note(by=by, verb="scene.take", record=f"scene:{at.isoformat()}"[:64], place_code="", detail=detail)
    return kept


def _same_grid(one: Scene, other: Scene) -> bool:
    same = one.epsg == other.epsg and one.x.shape == other.x.shape and one.y.shape == other.y.shape
    return same and np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y)


def _measure(place: Place, area: BaseGeometry, scene: Scene, before: Scene | None) -> Measured:
    project = to_grid(scene.epsg)
    if project is None:
        raise Refused("perception.scene.no_utm", epsg=scene.epsg)
    flat = shapely.transform(area, project)
    where = window(flat, scene.x, scene.y) if np.isfinite(shapely.bounds(flat)).all() else None
    if where is None:
        return Measured(place, {}, 0.0)
    indices = dict(_indices(where, scene, before))
    return Measured(place, indices, min(one.clear for one in indices.values()))


def _indices(where: Window, scene: Scene, before: Scene | None) -> Iterator[tuple[str, Zone]]:
    part = where.rows, where.columns
    burn = nbr(scene.nir[part], scene.swir2[part])
    usable = scene.usable[part]
    yield "ndvi", zone(ndvi(scene.red[part], scene.nir[part]), usable, where)
    yield "nbr", zone(burn, usable, where)
    if before is not None:
        changed = dnbr(nbr(before.nir[part], before.swir2[part]), burn)
        both = usable & before.usable[part]
        yield "dnbr", zone(changed, both, where)
        yield "burned", zone(np.where(np.isfinite(changed), changed >= BURNED, np.nan), both, where)


def _keep(
    scope: Scope, one: Measured, scene: Scene, at: datetime, *, middle: shapely.Point, simulated: bool
) -> Measured:
    Place.objects.select_for_update(no_key=True).get(pk=one.place.pk)  # two at once make no datastream twice
    items = []
    for name, found in one.indices.items():
        if name not in INDICES:
            continue
        told: dict[str, Any] = {
            "clear": round(found.clear, DIGITS), "pixels": found.pixels, "clouds": scene.clouds_known,
            "least": round(found.least, DIGITS), "most": round(found.most, DIGITS),
        }  # fmt: skip
        if name == "dnbr":
            told["burned"] = round(one.indices["burned"].mean, DIGITS)
        sent = {"result": round(found.mean, DIGITS), "phenomenonTime": at.isoformat(), "parameters": told}
        items.append((_stream(scope, one.place, name, middle, simulated=simulated), read(sent)))
    new = 0
    for outcome in take(by=scope.actor, items=items, scope=scope):
        if isinstance(outcome, Refused):
            raise outcome
        new += not outcome.known
    return Measured(one.place, one.indices, one.clear, new)


def _stream(scope: Scope, place: Place, name: str, middle: shapely.Point, *, simulated: bool) -> int:
    """The datastream of an index at a place, made when it is first needed; what is made up has one of its own."""
    held = Datastream.objects.filter(place_code=place.code, substance=name, sensor__name=SENSOR).order_by("pk")
    there = next((one for one in held if bool((one.properties or {}).get("simulated")) is simulated), None)
    if there is not None:
        return there.pk
    title, definition = INDICES[name]
    stream = {
        "name": f"{place.name} {title}",
        "description": "",
        "properties": {**({"simulated": True} if simulated else {}), "substance": name, "public": True},
        "unitOfMeasurement": {"name": "index", "symbol": "", "definition": "ucum:1"},
        "observationType": f"{OM}Measurement",
    }
    links: dict[str, list[Any]] = {
        "Thing": [_view(scope, place, middle)],
        "Sensor": [Draft(BY_NAME["Sensors"], {**NAMELESS, "name": SENSOR, "metadata": SENSOR, **PLAIN})],
        "ObservedProperty": [
            Draft(BY_NAME["ObservedProperties"], {**NAMELESS, "name": title, "definition": definition})
        ],
    }
    return create(scope=scope, draft=Draft(BY_NAME["Datastreams"], stream, links), place_code=place.code).id


def _view(scope: Scope, place: Place, middle: shapely.Point) -> int:
    """What satellites see of a place: a thing without anything on the ground."""
    point = {"type": "Point", "coordinates": [round(middle.x, 5), round(middle.y, 5)]}
    return thing_of(place, f"{place.name}{VIEW}", scope=scope, encoding="application/geo+json", location=point)
