"""Bring the divisions in, and draw grids under villages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.journal.actions import note
from cunzhi.registry import division_files
from cunzhi.registry.access import Access
from cunzhi.registry.models import Place, Succession
from cunzhi.registry.queries.places import require_place

Progress = Callable[[str], None]
BATCH = 2000
MOST_GRIDS = 999


@dataclass(frozen=True)
class Loaded:
    """What a run of `load_places` brought in; zeros when everything was there."""

    places: int
    links: int


def _silent(line: str) -> None:
    """Progress that nobody wants to hear."""


@transaction.atomic
def load_places(*, by: Actor, county: str | None = None, progress: Progress = _silent) -> Loaded:
    """The divisions of Chongqing in both systems of codes, or of one county; again without doubling."""
    Access(by).require("activate", county or division_files.PROVINCE)
    if county is not None and county not in division_files.county_codes():
        raise Refused("registry.unknown_county", field="county", code=county)
    before = Place.objects.count(), Succession.objects.count()
    rows = list(division_files.places(county))
    progress(f"places: {len(rows)}")
    _write([row for row in rows if row.longitude is not None], "longitude", "latitude")
    _write([row for row in rows if row.longitude is None])  # points that were set here stay
    _link(progress)
    loaded = Loaded(Place.objects.count() - before[0], Succession.objects.count() - before[1])
    detail = {"places": loaded.places, "links": loaded.links}
    code = county or division_files.PROVINCE
    note(by=by, verb="places.loaded", record=f"place:{code}", place_code=code, detail=detail)
    return loaded


def _write(rows: list[Place], *points: str) -> None:
    Place.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["system", "code", "valid_from"],
        update_fields=["name", "level", "valid_to", *points],
    )


def _link(progress: Progress) -> None:
    ids = {(system, code): key for key, system, code in Place.objects.values_list("id", "system", "code")}
    rows = [
        Succession(before_id=ids[link.before], after_id=ids[link.after], on=link.on, basis=link.basis)
        for link in division_files.links()
        if link.before in ids and link.after in ids
    ]
    progress(f"links: {len(rows)}")
    Succession.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def add_grid(*, place_code: str, name: str, by: Actor) -> Place:
    """A new grid of a village; it gets the village's next three digits."""
    Access(by).require("people.edit", place_code)
    village = require_place(place_code)
    if village.level != Place.Level.VILLAGE:
        raise Refused("registry.grid_needs_a_village", field="place_code", place=village.name)
    name = " ".join(name.split())
    if not name:
        raise Refused("registry.name_missing", field="name")
    Place.objects.select_for_update().get(pk=village.pk)  # two who draw at once must not get one code
    grids = Place.objects.filter(under(village.code, "code"), level=Place.Level.GRID)
    if grids.filter(name=name, valid_to__isnull=True).exists():
        raise Refused("registry.grid_name_taken", field="name", name=name)
    number = int((grids.aggregate(last=Max("code"))["last"] or "000")[-3:]) + 1
    if number > MOST_GRIDS:
        raise Refused("registry.grids_used_up", field="place_code", most=MOST_GRIDS)
    code = f"{village.code}{number:03}"
    grid = Place.objects.create(
        system=settings.CUNZHI_PLACE_SYSTEM, code=code, name=name, level=Place.Level.GRID, valid_from=clock.today()
    )
    note(by=by, verb="place.grid_added", record=f"place:{code}", place_code=code)
    return grid
