"""Takes a list of cases out as a sheet: names masked, no answers, and the taking out itself is noted."""

import csv
import io
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cunzhi.base.actor import Actor
from cunzhi.base.clock import ZONE
from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.base.text import mask_name
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import scenario_of, state_of, whole, workflow_of
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.queries.places import names_of

COLUMNS = (
    "number",
    "scenario",
    "workflow",
    "state",
    "outcome",
    "place_code",
    "place",
    "person",
    "opened",
    "due",
    "closed",
)
MOST = 20_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@transaction.atomic
def export_cases(*, by: Actor, rows: QuerySet[Case], place_code: str, language: str) -> str:
    """The rows that lie where the actor may export, as CSV with a heading; too many are refused, not cut off."""
    access = Access(by)
    if place_code or not access.places("export"):
        access.require("export", place_code)
    cases = list(whole(access.limit(rows, "export"))[: MOST + 1])
    if len(cases) > MOST:
        raise Refused("engine.export_too_long", most=MOST)
    names = names_of(case.place_code for case in cases)
    file = io.StringIO()
    sheet = csv.writer(file)
    sheet.writerow([say(f"engine.export.{column}", language) for column in COLUMNS])
    for case in cases:
        sheet.writerow([_harmless(cell) for cell in _cells(case, names[case.place_code], language)])
    where = place_code or access.places("export")[0]
    detail = {"rows": len(cases), "places": access.places("export")}
    note(by=by, verb="cases.exported", record=f"place:{where}", place_code=where, detail=detail)
    return file.getvalue()


def _cells(case: Case, place: str, language: str) -> list[str]:
    person = case.subject or case.opener
    return [
        case.number,
        scenario_of(case).manifest.title.in_(language),
        workflow_of(case).title.in_(language),
        state_of(case).title.in_(language),
        say(f"engine.outcome.{case.outcome}", language) if case.outcome else "",
        case.place_code,
        place,
        mask_name(person.name) if person else "",
        _moment(case.opened_at),
        _moment(case.due_at),
        _moment(case.closed_at),
    ]


def _moment(value: datetime | None) -> str:
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if value else ""


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
