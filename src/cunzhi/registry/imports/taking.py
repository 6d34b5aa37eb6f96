"""A list of people is looked through, then taken: all of it or nothing, and never twice.

`preview` reads a file, says row by row what it would do, and keeps the rows sealed. `take` does it in one transaction.
A sheet with one refused row is not taken at all: correct the row and preview again. What is killed in the middle has
done nothing; the same token again does it, or finds that it is done. The same file again finds everything unchanged.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Conflict, Refused
from cunzhi.base.fields import under
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.imports.headers import Header, find_header
from cunzhi.registry.imports.plan import Plan, plan
from cunzhi.registry.imports.rows import PersonRow, RowProblem, problem, read_rows
from cunzhi.registry.imports.sheet import Sheet, read, written
from cunzhi.registry.imports.writing import write
from cunzhi.registry.models import ImportBatch, Place
from cunzhi.registry.queries.places import require_place
from cunzhi.registry.vault import vault

OPEN_FOR = timedelta(days=1)
MOST_ROWS = 20_000
PREVIEWED, TAKEN, REPLACED = ImportBatch.State.PREVIEWED, ImportBatch.State.TAKEN, ImportBatch.State.REPLACED


@dataclass(frozen=True)
class Preview:
    """What taking the file would do. `counts`: new, changed, unchanged, refused rows, and new households."""

    token: str
    place_code: str
    sheet: str
    counts: dict[str, int]
    problems: list[RowProblem]
    ignored_columns: tuple[str, ...]
    ignored_sheets: tuple[str, ...]

    @property
    def can_be_taken(self) -> bool:
        return self.counts["refused"] == 0


@transaction.atomic
def preview(*, file: bytes, place_code: str, by: Actor) -> Preview:
    """Looks a file through for a village or grid and keeps its rows, sealed, for `take`."""
    _require(by, place_code)
    chosen, header, others = _people_sheet(read(file))
    rows, problems = read_rows(chosen, header)
    if not rows and not problems:
        raise Refused("registry.import.empty", field="file")
    if len(rows) > MOST_ROWS:
        raise Refused("registry.import.too_many", field="file", most=MOST_ROWS)
    planned = plan(rows, place_code)
    problems += [_at_its_cell(chosen, header, *wrong) for wrong in planned.wrong]
    problems.sort(key=lambda one: one.row)
    counts = _settled(planned, problems)
    batch = _keep(file, rows, counts, place_code, by)
    return Preview(batch.token, place_code, chosen.name, counts, problems, header.ignored, others)


@transaction.atomic
def take(*, token: str, by: Actor) -> ImportBatch:
    """Does what the preview said; refuses when rows were refused there, or when the register has changed since."""
    batch = ImportBatch.objects.select_for_update().filter(token=token).first()
    if batch is None:
        raise Refused("registry.import.no_preview", field="token")
    _require(by, batch.place_code)
    if batch.state == TAKEN:
        return batch
    if batch.state == REPLACED or batch.previewed_at < clock.now() - OPEN_FOR:
        raise Conflict("registry.import.preview_old", field="token")
    if batch.counts["refused"]:
        raise Refused("registry.import.rows_refused", field="token", count=batch.counts["refused"])
    Place.objects.select_for_update().get(pk=require_place(batch.place_code).pk)  # one taking at a time in a place
    planned = plan(_unsealed(batch), batch.place_code)
    if planned.wrong or planned.counts() != batch.counts:
        raise Conflict("registry.import.changed_meanwhile", field="token")
    write(planned, batch.place_code, by)
    batch.state, batch.taken_by, batch.taken_at, batch.rows_sealed = TAKEN, by.ref, clock.now(), ""
    batch.save()
    _note(by, "people.imported", batch)
    return batch


def _require(by: Actor, place_code: str) -> None:
    Access(by).require("people.import", place_code)
    place = require_place(place_code)
    if place.level not in (Place.Level.VILLAGE, Place.Level.GRID):
        raise Refused("registry.household_needs_a_village", field="place_code", place=place.name)


def _people_sheet(sheets: list[Sheet]) -> tuple[Sheet, Header, tuple[str, ...]]:
    """The first sheet with a header, and the names of those that are not read."""
    for sheet in sheets:
        header = find_header(sheet)
        if header is not None:
            return sheet, header, tuple(other.name for other in sheets if other is not sheet)
    titles = [written(cell) for row in sheets[0].rows[:3] for cell in row if written(cell)]
    raise Refused("registry.import.no_header", field="file", found=", ".join(titles[:12]))


def _at_its_cell(
    sheet: Sheet, header: Header, row: PersonRow, column: str, code: str, params: dict[str, object]
) -> RowProblem:
    at = header.columns.get(column, header.columns["name"])
    return problem(header, row.row - 1, column, written(sheet.at(row.row - 1, at)), code, params)


def _settled(planned: Plan, problems: list[RowProblem]) -> dict[str, int]:
    """Each row counts once; a row with a problem counts as refused."""
    refused = {one.row for one in problems}
    sound = Plan([step for step in planned.steps if step.row.row not in refused], [])
    return sound.counts(len(refused))


def _keep(file: bytes, rows: list[PersonRow], counts: dict[str, int], place_code: str, by: Actor) -> ImportBatch:
    """The newest preview of a file stands; older ones, and all of the place that nobody took in a day, are emptied."""
    digest, now = hashlib.sha256(file).hexdigest(), clock.now()
    still_open = ImportBatch.objects.filter(state=PREVIEWED)
    still_open.filter(sha256=digest, place_code=place_code).update(state=REPLACED, rows_sealed="")
    still_open.filter(under(place_code), previewed_at__lt=now - OPEN_FOR).update(state=REPLACED, rows_sealed="")
    sealed = vault().seal(json.dumps([asdict(row) for row in rows], default=date.isoformat))
    batch = ImportBatch.objects.create(
        token=secrets.token_urlsafe(32),
        sha256=digest,
        place_code=place_code,
        previewed_by=by.ref,
        previewed_at=now,
        counts=counts,
        rows_sealed=sealed,
    )
    _note(by, "people.import_previewed", batch)
    return batch


def _unsealed(batch: ImportBatch) -> list[PersonRow]:
    rows = json.loads(vault().open(batch.rows_sealed))
    return [PersonRow(**row | {"born_on": row["born_on"] and date.fromisoformat(row["born_on"])}) for row in rows]


def _note(by: Actor, verb: str, batch: ImportBatch) -> None:
    detail = {"counts": batch.counts, "sha256": batch.sha256}
    note(by=by, verb=verb, record=f"import:{batch.pk}", place_code=batch.place_code, detail=detail)
