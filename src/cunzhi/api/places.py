"""Places: found by name, by code, by level and by day, with what is above, below and after them."""

from datetime import date
from typing import Annotated, Literal

from ninja import Router, Schema
from pydantic import Field

from cunzhi.api.auth import ApiRequest
from cunzhi.api.errors import NotThere
from cunzhi.api.kinds import AnyPlace, PlaceCode
from cunzhi.api.problems import PROBLEMS
from cunzhi.registry.models import Place
from cunzhi.registry.queries import places

router = Router(tags=["places"])
Level = Literal["province", "county", "township", "village", "grid"]
System = Literal["nbs", "mca"]
MOST_UNITS = 1000


class PlaceTold(Schema):
    """A division or grid, in one system of codes, for as long as its code was in force."""

    system: str
    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    longitude: float | None
    latitude: float | None


class PlacePath(Schema):
    """A place with the names from the province down to it."""

    place: PlaceTold
    path: list[str]


class UnitPage(Schema):
    """Places by code; `next` is the `after` of the next page."""

    items: list[PlaceTold]
    next: str | None


@router.get("/places", response={200: list[PlaceTold], **PROBLEMS}, operation_id="search_places")
def search_places(
    request: ApiRequest,
    text: Annotated[str, Field(min_length=1, max_length=80, description="Part of a name, or the beginning of a code.")],
    within: Annotated[AnyPlace, Field(description="Only at this code or below.")] = "",
) -> list[Place]:
    """Places of today by name or code, the larger ones first, fifty at most."""
    return places.search(text, within)


@router.get("/units", response={200: UnitPage, **PROBLEMS}, operation_id="list_units")
def list_units(
    request: ApiRequest,
    level: Level,
    on: date,
    system: System | None = None,
    after: AnyPlace = "",
    limit: Annotated[int, Field(ge=1, le=MOST_UNITS)] = 200,
) -> UnitPage:
    """All places of a level on a day, in one system of codes."""
    found = list(places.units(level, on, system).filter(code__gt=after)[: limit + 1])
    more = found[limit - 1].code if len(found) > limit else None
    return UnitPage(items=[PlaceTold.from_orm(one) for one in found[:limit]], next=more)


@router.get("/places/{code}", response={200: PlacePath, **PROBLEMS}, operation_id="get_place")
def get_place(request: ApiRequest, code: PlaceCode) -> PlacePath:
    """One place, in force or not: records of abolished places keep their codes."""
    return PlacePath(place=PlaceTold.from_orm(_found(code)), path=places.path_of(code))


@router.get("/places/{code}/children", response={200: list[PlaceTold], **PROBLEMS}, operation_id="list_children")
def list_children(request: ApiRequest, code: PlaceCode) -> list[Place]:
    """The places right below one, as they are now."""
    return places.children(_found(code).code)


@router.get("/places/{code}/successors", response={200: list[PlaceTold], **PROBLEMS}, operation_id="list_successors")
def list_successors(request: ApiRequest, code: PlaceCode, on: date, system: System | None = None) -> list[Place]:
    """The places that hold the ground of this one on a day, in its own system of codes or in another."""
    return places.successors(_found(code).code, on, system)


def _found(code: str) -> Place:
    found = places.place(code)
    if found is None:
        raise NotThere("registry.no_such_place", field="code", code=code)
    return found
