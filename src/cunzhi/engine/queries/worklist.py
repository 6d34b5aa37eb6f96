"""What waits for somebody, in plain rows: the page that officers open most, so its queries are built once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce

from cunzhi.base.clock import EXAMPLE
from cunzhi.base.fields import under
from cunzhi.base.prepared import Prepared
from cunzhi.engine.models import Case, ScenarioVersion
from cunzhi.registry.access import Access


class Version(NamedTuple):
    """Under which version of its scenario a matter runs."""

    slug: str
    digest: str


class Waiting(NamedTuple):
    """A matter in a list: what its line says, and no more. Its answers stay as they are kept: few lines need them."""

    number: str
    workflow: str
    state: str
    outcome: str
    place_code: str
    told: str
    due_at: datetime | None
    climbed_to: str
    opened_at: datetime
    scenario: str
    digest: str
    person: str

    @property
    def answers(self) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self.told))

    @property
    def scenario_version(self) -> Version:
        return Version(self.scenario, self.digest)


@dataclass(frozen=True)
class Counts:
    """How many wait, and for how many of them the deadline is over, today, later, or not set."""

    all: int
    over: int
    today: int
    later: int
    undated: int


COUNTED = len(fields(Counts))


def waiting_for(access: Access) -> QuerySet[Case]:
    """Open cases that wait for the viewer: by role and place, climbed up to the role, or given to the person."""
    return _waiting([(grant.role, grant.place_code) for grant in access.grants], access.actor.person_id)


def _waiting(held: list[tuple[str, str]], person: int | None) -> QuerySet[Case]:
    condition = Q(pk__in=[])
    for role, place in held:
        condition |= (Q(waits_for=role) | Q(climbed_to=role)) & under(place)
    if person is not None:
        condition |= Q(assignee_id=person)
    return Case.objects.filter(condition, closed_at__isnull=True)


def columns(rows: QuerySet[Case], *more: str) -> QuerySet[Case, tuple[Any, ...]]:
    """What `lines` reads, and more. The name is that of whom a matter is about, else of who opened it.

    The version is looked up row by row: joined, SQLite begins with all its cases.
    """
    version = ScenarioVersion.objects.filter(pk=OuterRef("scenario_version_id"))
    found = rows.annotate(
        digest=Subquery(version.values("digest")),
        told=Cast("answers", TextField()),
        person=Coalesce("subject__name", "opener__name", Value("")),
    )
    return found.values_list(*Waiting._fields, *more)


def by_deadline(rows: QuerySet[Case]) -> QuerySet[Case]:
    """The most urgent first."""
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def lines(rows: Iterable[tuple[Any, ...]]) -> list[Waiting]:
    """Rows of `columns`, one a matter."""
    return [Waiting._make(row) for row in rows]


def first_waiting(
    access: Access, *, start: int, most: int, now: datetime, midnight: datetime
) -> tuple[list[Waiting], Counts]:
    """The most urgent of all that waits for somebody who serves somewhere, and how many wait by deadline."""
    if not _usual(access):
        rows = lines(columns(by_deadline(waiting_for(access)))[start : start + most])
    else:
        values = {"now": now, "midnight": midnight, **_values(access)}
        found = _listing(len(access.grants)).run(start=start, most=most, **values)
        if found:
            return lines(row[:-COUNTED] for row in found), Counts(*found[0][-COUNTED:])
        rows = []
    return rows, count_waiting(access, now=now, midnight=midnight)


def count_waiting(access: Access, *, now: datetime, midnight: datetime) -> Counts:
    """All that waits for a person, by deadline."""
    return Counts(**waiting_for(access).aggregate(**_counting(now, midnight)))


def _counting(now: Any, midnight: Any) -> dict[str, Count]:
    """What is counted, by the names in Counts."""
    return {
        "all": Count("pk"),
        "over": Count("pk", filter=Q(due_at__lt=now)),
        "today": Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
        "later": Count("pk", filter=Q(due_at__gte=midnight)),
        "undated": Count("pk", filter=Q(due_at__isnull=True)),
    }


def _usual(access: Access) -> bool:
    """Whether a person asks, as on every page; the platform itself has no inbox."""
    return access.actor.person_id is not None and all(grant.place_code for grant in access.grants)


def _values(access: Access) -> dict[str, Any]:
    values: dict[str, Any] = {"person": access.actor.person_id}
    for at, grant in enumerate(access.grants):
        values |= {f"role_{at}": grant.role, f"place_{at}": grant.place_code}
    return values


def _examples(grants: int) -> dict[str, Any]:
    values: dict[str, Any] = {"person": 271828182}
    for at in range(grants):
        values |= {f"role_{at}": f"role {at}", f"place_{at}": f"place {at}/"}
    return values


@lru_cache(maxsize=32)
def _listing(grants: int) -> Prepared:
    """Rows and counts by one query, for somebody who holds so many roles."""

    def build(*, now: datetime, midnight: datetime, person: int, **held: Any) -> QuerySet[Case, tuple[Any, ...]]:
        rows = _waiting([(held[f"role_{at}"], held[f"place_{at}"]) for at in range(grants)], person)
        counts = {f"count_{name}": Window(count) for name, count in _counting(now, midnight).items()}
        return columns(by_deadline(rows).annotate(**counts), *counts)

    return Prepared(build, now=EXAMPLE, midnight=EXAMPLE + timedelta(days=1), **_examples(grants))
