"""Reporting: which matters can be brought here, and the form of one of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.answers import AnswersRefused
from cunzhi.engine.choices import Setting
from cunzhi.engine.held import known_for
from cunzhi.engine.models import Case
from cunzhi.engine.parameters import numbers
from cunzhi.engine.queries.openings import Opening, opened_with, openings
from cunzhi.registry.queries.facts import Known
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.acting import VILLAGE, Acting, acting, end_helping
from cunzhi.web.cases.fields import asked
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import Given, fresh_key, given_in, keep_sent, key_in
from cunzhi.web.language import current, t
from cunzhi.web.middleware import status_of
from cunzhi.web.request import Request


@login_required
@require_safe
def report(request: Request) -> HttpResponse:
    """What can be brought here, each with the minutes that it costs."""
    acts = acting(request)
    place = chosen_place(request, acts)
    names = names_of([*places_of(acts), place])
    found = openings(acts.access, place)
    return matter_page(request, "cases/report.html", openings=found, place=place, places=places_of(acts), names=names)


@login_required
@require_http_methods(["GET", "POST"])
def report_form(request: Request, scenario: str, workflow: str) -> HttpResponse:
    """The form that opens a matter. Sent twice with the same key it is one matter."""
    acts = acting(request)
    place = chosen_place(request, acts)
    opening = next(
        (one for one in openings(acts.access, place) if (one.scenario.slug, one.name) == (scenario, workflow)), None
    )
    if opening is None:
        raise Http404(workflow)
    if request.method != "POST":
        return _form_page(request, opening, acts, place, given_in(opening.form, request.GET), key=fresh_key())
    key = key_in(request)
    sent = opened_with(key, acts.actor.person_id)
    if sent is not None:
        return redirect("case", sent.number)
    given = given_in(opening.form, request.POST)
    keep_sent(given, opening.form, request, by=acts.actor, place_code=place)
    problem: Refused | None = None
    if not given.problems:
        try:
            case = _open(opening, acts, place, given, key)
        except AnswersRefused as refused:
            given.problems = refused.problems
        except Refused as refused:
            problem = _placed(refused, given, opening)
        else:
            return _sent(request, acts, case)
    return _form_page(request, opening, acts, place, given, key=key, problem=problem)


def chosen_place(request: Request, acts: Acting) -> str:
    """Where the matter lies: the place that was chosen among those one may choose, else home."""
    asked_for = (request.POST if request.method == "POST" else request.GET).get("_place", "")
    choices = places_of(acts)
    if asked_for in choices:
        return asked_for
    if asked_for and request.method == "POST":
        raise Forbidden("web.cases.not_your_place")
    return choices[0]


def places_of(acts: Acting) -> list[str]:
    """Home, and the villages and grids that the reader serves; a helper acts at the helped person's home."""
    served = (
        [] if acts.helped else [grant.place_code for grant in acts.access.grants if len(grant.place_code) >= VILLAGE]
    )
    return list(dict.fromkeys([acts.home, *served]))


def _open(opening: Opening, acts: Acting, place: str, given: Given, key: str) -> Case:
    return open_case(
        by=acts.actor,
        scenario=opening.scenario.slug,
        workflow=opening.name,
        place_code=place,
        answers=given.raw,
        consent=acts.consent,
        key=key,
    )


def _placed(refused: Refused, given: Given, opening: Opening) -> Refused | None:
    """A refusal that is about one question stands beside it; any other above the form."""
    if opening.form and refused.field and opening.form.field(refused.field):
        given.problems[refused.field] = refused
        return None
    return refused


def _sent(request: Request, acts: Acting, case: Case) -> HttpResponse:
    if acts.helped:
        end_helping(request)
        messages.success(request, t("web.cases.helping.sent", name=acts.helped, number=case.number))
    else:
        messages.success(request, t("web.cases.form.sent", number=case.number))
    return redirect("case", case.number)


def _held(opening: Opening, acts: Acting) -> dict[str, Known]:
    """What need not be asked; a matter about a place is nobody's, so nothing is held for it."""
    if opening.form is None or opening.workflow.subject == "none":
        return {}
    return known_for(opening.form, acts.person, acts.household)


def _form_page(
    request: Request,
    opening: Opening,
    acts: Acting,
    place: str,
    given: Given,
    *,
    key: str,
    problem: Refused | None = None,
) -> HttpResponse:
    setting = Setting(opening.scenario, place, numbers(opening.scenario, opening.activation, clock.today()))
    status = status_of(problem) if problem else 422 if given.problems else 200
    context: dict[str, Any] = {
        "opening": opening,
        "fields": asked(opening.form, setting, given, _held(opening, acts), by=acts.actor),
        "problem": problem.say(current()) if problem else "",
        "place": place,
        "places": names_of([place]),
        "key": key,
    }
    return matter_page(request, "cases/form.html", status=status, **context)
