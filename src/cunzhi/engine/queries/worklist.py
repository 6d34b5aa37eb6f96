"""What waits for somebody, in plain rows: the page that officers open most, so its queries are built once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from cunzhi.base.fields import under
from cunzhi.base.prepared import Prepared
from cunzhi.engine.models import Case, ScenarioVersion
from cunzhi.registry.access import Access

COLUMNS = (
    "number", "workflow", "state", "outcome", "place_code", "answers", "due_at", "climbed_to", "opened_at",
    "scenario", "digest", "subject__name", "opener__name",
)  # fmt: skip
COUNTED = (
    "SELECT COUNT(*), COUNT(*) FILTER (WHERE due_at < %s), COUNT(*) FILTER (WHERE due_at >= %s AND due_at < %s),"
    " COUNT(*) FILTER (WHERE due_at >= %s), COUNT(*) FILTER (WHERE due_at IS NULL) FROM ({}) AS waiting"
)


class Version(NamedTuple):
    """Under which version of its scenario a matter runs."""

    slug: str
    digest: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter in a list: what its line says, and no more."""

    number: str
    workflow: str
    state: str
    outcome: str
    place_code: str
    answers: dict[str, Any]
    due_at: datetime | None
    climbed_to: str
    opened_at: datetime
    scenario_version: Version
    person: str


@dataclass(frozen=True)
class Counts:
    """How many wait, and for how many of them the deadline is over, today, later, or not set."""

    all: int
    over: int
    today: int
    later: int
    undated: int


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


def columns(rows: QuerySet[Case]) -> QuerySet[Case, tuple[Any, ...]]:
    """What `lines` reads. The version is looked up row by row: joined to it, SQLite begins with all of its cases."""
    version = ScenarioVersion.objects.filter(pk=OuterRef("scenario_version_id"))
    return rows.annotate(digest=Subquery(version.values("digest"))).values_list(*COLUMNS)


def by_deadline(rows: QuerySet[Case]) -> QuerySet[Case]:
    """The most urgent first."""
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def lines(rows: Iterable[tuple[Any, ...]]) -> list[Waiting]:
    """Rows of `columns` as they are shown: under the name of whom the matter is about, else of who opened it."""
    return [_line(*row) for row in rows]


def _line(*row: Any) -> Waiting:
    *shown, scenario, digest, subject, opener = row
    return Waiting(*shown, Version(scenario, digest), (opener or "") if subject is None else subject)  # type: ignore[call-arg]


def first_waiting(access: Access, *, start: int, most: int) -> list[Waiting]:
    """The most urgent of all that waits for somebody who serves somewhere."""
    if not _usual(access):
        return lines(columns(by_deadline(waiting_for(access)))[start : start + most])
    return lines(_listing(len(access.grants)).run(start=start, most=most, **_values(access)))


def count_waiting(access: Access, *, now: datetime, midnight: datetime) -> Counts:
    """All that waits for a person, by deadline."""
    values = {"now": now, "midnight": midnight, **_values(access)}
    return Counts(*_counting(len(access.grants)).run(**values)[0])


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


def _built(**values: Any) -> QuerySet[Case]:
    person = values.pop("person")
    held = [(values[f"role_{at}"], values[f"place_{at}"]) for at in range(len(values) // 2)]
    return _waiting(held, person)


@lru_cache(maxsize=32)
def _listing(grants: int) -> Prepared:
    """The query for somebody who holds so many roles."""
    return Prepared(lambda **values: columns(by_deadline(_built(**values))), **_examples(grants))


@lru_cache(maxsize=32)
def _counting(grants: int) -> Prepared:
    first = ("now", "now", "midnight", "midnight")
    return Prepared(
        lambda **values: _built(**values).values_list("due_at"), around=COUNTED, first=first, **_examples(grants)
    )
