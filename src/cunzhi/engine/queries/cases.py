"""Reads of cases: whose inbox, whose matters, what may be done next, what happened so far."""

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.fields import PlaceCodeField, under
from cunzhi.base.numbers import check_number
from cunzhi.engine.loader import kept_by
from cunzhi.engine.models import Attachment, Case, Step
from cunzhi.engine.permission import acts_as, is_own, took, why_seen
from cunzhi.engine.queries.worklist import Waiting, by_deadline, waiting_for
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import State, Transition, Workflow
from cunzhi.registry.access import Access, selves

TOWNSHIP = 9
"""The digits of a township's code."""


@dataclass(frozen=True)
class Way:
    """A transition that the viewer may take now, and the role or relation that opens it."""

    name: str
    transition: Transition
    via: str


def whole(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all that a page or a rule needs of them, in one query, without the scenario's files."""
    related = ("activation", "scenario_version", "subject", "household", "opener", "assignee")
    return rows.select_related(*related).defer("scenario_version__files")


def scenario_of(case: Case | Waiting) -> Scenario:
    return kept_by(case.scenario_version.slug, case.scenario_version.digest)


def workflow_of(case: Case | Waiting) -> Workflow:
    return scenario_of(case).workflows[case.workflow]


def state_of(case: Case | Waiting) -> State:
    return workflow_of(case).states[case.state]


def case_by_number(number: str, access: Access) -> Case:
    """The case with this number, if the viewer may see it; the same words whether it is hidden or not there."""
    case = whole(Case.objects.filter(number=check_number(number))).first()
    if case is None:
        raise Refused("engine.no_such_case", number=number)
    if why_seen(case, access) is None:
        raise Forbidden("engine.no_such_case", number=number)
    return case


def sent_with(case: Case, access: Access) -> QuerySet[Attachment]:
    """The pictures and files of a case that the viewer may open. Whoever is only due at one of its meetings reads what
    was proposed, and not the minutes and signed lists of meetings that they did not attend."""
    why = why_seen(case, access)
    if why is None:
        return Attachment.objects.none()
    if why != "due":
        return case.attachments.all()
    form = scenario_of(case).forms.get(workflow_of(case).open.form or "")
    return case.attachments.filter(field__in=[field.name for field in form.fields] if form else [])


def inbox(access: Access) -> QuerySet[Case]:
    """Open cases that wait for the viewer: by role and place, climbed up to the role, or given to the person."""
    return by_deadline(waiting_for(access))


def inbox_count(access: Access) -> int:
    return waiting_for(access).count()


def matters_of(person_id: int) -> QuerySet[Case]:
    """A person's own matters, newest first, also those opened under a double record of the same person."""
    mine = selves(person_id).values("id")
    return Case.objects.filter(Q(subject_id__in=mine) | Q(opener_id__in=mine, subject__isnull=True)).order_by("-id")


def cases_in(access: Access, place_code: str = "") -> QuerySet[Case]:
    """All cases that the viewer may see by role, at a place and below."""
    return access.limit(Case.objects.filter(under(place_code)), "case.see")


def newest_in(access: Access, place_code: str = "") -> QuerySet[Case]:
    """The same, newest first. In a wide area nearly every case fits, so it is quicker to walk back from the newest
    than to gather all by place and sort them; PostgreSQL knows that by itself, SQLite has to be told."""
    within = [place_code] if place_code else access.places("case.see")
    if all(len(code) >= TOWNSHIP for code in within):
        return cases_in(access, place_code).order_by("-id")
    rows = Case.objects.annotate(lies=NotByIndex("place_code")).filter(under(place_code, "lies"))
    return access.limit(rows, "case.see", "lies").order_by("-id")


class NotByIndex(Func):
    """A column that SQLite does not look up in an index; the sign changes nothing else about it."""

    template = "%(expressions)s"
    output_field = PlaceCodeField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


def ways(case: Case, access: Access) -> list[Way]:
    """What the viewer may do with the case now, in the order of the workflow."""
    if case.closed_at is not None:
        return []
    own = is_own(case, access.actor)
    found = []
    for name, transition in workflow_of(case).leaving(case.state).items():
        via = acts_as(case, access, transition)
        if via is None or (transition.decides and own):
            continue
        if not (transition.apart_from and took(case, access.actor, transition.apart_from)):
            found.append(Way(name, transition, via))
    return found


def steps_of(case: Case) -> QuerySet[Step]:
    """All that happened, oldest first."""
    return case.steps.select_related("actor", "on_behalf_of").order_by("id")
