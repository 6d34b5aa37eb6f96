"""Lists of cases: one's own, those that wait for one, and all that one may see by role."""

from typing import Literal

from django.db.models import QuerySet
from ninja import Query, Schema
from pydantic import Field

from cunzhi.api.auth import ApiRequest
from cunzhi.api.cases.router import router
from cunzhi.api.cases.schemas import CasePage, OpeningTold
from cunzhi.api.cases.telling import listed, opening
from cunzhi.api.kinds import Cursor, Moment, Name, PlaceCode, VillageCode
from cunzhi.api.paging import MOST, by_deadline, newest_first
from cunzhi.api.problems import PROBLEMS
from cunzhi.api.scope import require_part
from cunzhi.base.actor import OWN
from cunzhi.engine.models import Case
from cunzhi.engine.queries import cases
from cunzhi.engine.queries.openings import openings
from cunzhi.registry.queries.places import require_place

SEE = "case.see"


class Turn(Schema):
    """Which page of a list."""

    cursor: Cursor = ""
    limit: int = Field(25, ge=1, le=MOST)


class CaseFilter(Schema):
    """Which cases. Moments need their time zone."""

    place_code: PlaceCode | None = None
    scenario: Name | None = None
    workflow: Name | None = None
    state: Name | None = None
    status: Literal["open", "closed"] | None = None
    opened_since: Moment | None = None
    opened_before: Moment | None = None


@router.get("/cases/mine", response={200: CasePage, **PROBLEMS}, operation_id="list_my_cases")
def list_my_cases(request: ApiRequest, turn: Query[Turn]) -> CasePage:
    """The caller's own matters, the newest first. Needs `case.own`."""
    request.auth.need(OWN)
    found, more = newest_first(cases.whole(cases.matters_of(request.auth.person_id)), turn.cursor, turn.limit)
    return CasePage(items=listed(found), next=more)


@router.get("/cases/inbox", response={200: CasePage, **PROBLEMS}, operation_id="list_inbox")
def list_inbox(request: ApiRequest, turn: Query[Turn]) -> CasePage:
    """Open cases that wait for the caller, by deadline. Needs `case.see`."""
    request.auth.need(SEE)
    found, more = by_deadline(cases.whole(cases.inbox(request.auth.access)), turn.cursor, turn.limit)
    return CasePage(items=listed(found), next=more)


@router.get("/cases", response={200: CasePage, **PROBLEMS}, operation_id="list_cases")
def list_cases(request: ApiRequest, chosen: Query[CaseFilter], turn: Query[Turn]) -> CasePage:
    """All cases that the caller may see by role, the newest first. Needs `case.see`."""
    access, place_code = request.auth.access, chosen.place_code or ""
    require_part(access, SEE, place_code)
    rows = _chosen(cases.cases_in(access, place_code), chosen)
    found, more = newest_first(cases.whole(rows), turn.cursor, turn.limit)
    return CasePage(items=listed(found), next=more)


@router.get("/openings", response={200: list[OpeningTold], **PROBLEMS}, operation_id="list_openings", by_alias=True)
def list_openings(request: ApiRequest, place_code: VillageCode) -> list[OpeningTold]:
    """What the caller may bring at a place, each with its form."""
    require_place(place_code)
    return [opening(one, place_code) for one in openings(request.auth.access, place_code)]


def _chosen(rows: QuerySet[Case], chosen: CaseFilter) -> QuerySet[Case]:
    wanted = chosen.model_dump(include={"scenario", "workflow", "state"}, exclude_none=True)
    rows = rows.filter(**wanted)
    if chosen.status is not None:
        rows = rows.filter(closed_at__isnull=chosen.status == "open")
    if chosen.opened_since is not None:
        rows = rows.filter(opened_at__gte=chosen.opened_since)
    if chosen.opened_before is not None:
        rows = rows.filter(opened_at__lt=chosen.opened_before)
    return rows
