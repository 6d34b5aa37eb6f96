"""Figures and the rows behind them as sheets: nobody's name in them, and the taking out itself is noted."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.exports import FORMULA
from cunzhi.journal.actions import note
from cunzhi.lake.queries import scenario_figures
from cunzhi.lake.records import OPEN, records
from cunzhi.registry.queries.places import name_of, names_of
from cunzhi.web.demo import demo
from cunzhi.web.figures.frame import Frame, frame_in
from cunzhi.web.figures.opened import rows
from cunzhi.web.figures.views import indicator_or_404, level_in
from cunzhi.web.figures.wording import months_in_words
from cunzhi.web.language import t, words
from cunzhi.web.request import Request

EXPORT = "export"
MOST = 20_000
Line = Sequence[str | float | None]


@login_required
@require_POST
def export_figures(request: Request) -> HttpResponse:
    """Every figure of the page, of the place and of each place below it."""
    frame = _checked(frame_in(request, verb=EXPORT))
    sheets = scenario_figures(request.access, frame.window, level=frame.level or "grid")
    names = names_of([frame.place, *(one.place for sheet in sheets for one in sheet.places)])
    lines: list[Line] = [[t(f"web.figures.columns.{name}") for name in ("figure", "unit", "code", "place", "value")]]
    for sheet in sheets:
        header = sheet.indicator.header
        told = [sheet.total, *(one for one in sheet.places if one.place != frame.place)]
        lines += [[words(header.title), words(header.unit), one.place, names[one.place], one.value] for one in told]
    return _sent(lines, frame, by=request.actor, what="figures")


@login_required
@require_POST
def export_records(request: Request, scenario: str, name: str) -> HttpResponse:
    """The rows behind one figure; too many are refused, not cut off."""
    _, found = indicator_or_404(scenario, name)
    frame = _checked(frame_in(request, verb=EXPORT))
    request.access.require(OPEN, frame.place)
    level = level_in(request, frame)
    seen = records(found, frame.window, access=request.access, level=level, limit=MOST + 1)
    if seen.total > MOST:
        raise Refused("engine.export_too_long", most=MOST)
    lines: list[Line] = [[t(f"web.figures.columns.{name}") for name in ("record", "code", "place", "day", "counts")]]
    told = zip(seen.rows, rows(found, seen.rows, request.access), strict=True)
    lines += [[row.label, record.place, row.place, record.day, row.counts] for record, row in told]
    return _sent(lines, frame, by=request.actor, what=f"{scenario}.{name}", title=words(found.header.title))


def _checked(frame: Frame) -> Frame:
    """The frame, unless its months make no sense: a sheet of other months than asked for would mislead."""
    for errors in frame.form.errors.values():
        raise Refused("web.figures.months_wrong", detail=str(errors[0]))
    return frame


@transaction.atomic
def _sent(lines: list[Line], frame: Frame, *, by: Actor, what: str, title: str = "") -> HttpResponse:
    detail = {"what": what, "rows": len(lines) - 1, "period": frame.window.period}
    note(by=by, verb="figures.exported", record=f"place:{frame.place}", place_code=frame.place, detail=detail)
    response = HttpResponse("\ufeff" + _csv([*_heading(frame, title), *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cunzhi-figures-{frame.place}-{frame.window.last}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _heading(frame: Frame, title: str) -> list[Line]:
    """What the sheet is, so that it still says so when it has wandered off; and that its numbers are made up, if so."""
    where, when = name_of(frame.place), months_in_words(frame.window.first, frame.window.last)
    said = " · ".join(filter(None, [title, where, when]))
    return [[said], *([[t("web.figures.simulated")]] if demo() else []), []]


def _csv(lines: Iterable[Line]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([_harmless(cell) for cell in line] for line in lines)
    return file.getvalue()


def _harmless(cell: str | float | None) -> str | float | None:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
