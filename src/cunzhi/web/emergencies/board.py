"""The list of emergencies, and one with its situation report, which refreshes itself."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.emergencies.models import Emergency
from cunzhi.emergencies.queries.plans import PLAN
from cunzhi.emergencies.queries.running import SEE, emergency_seen, ended, running
from cunzhi.engine.models import Case
from cunzhi.engine.permission import why_seen
from cunzhi.engine.queries.cases import state_of, whole
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.emergencies.opening import may_open
from cunzhi.web.emergencies.report import report, shown
from cunzhi.web.language import words
from cunzhi.web.request import Request

MOST, PAST = 40, 20


@login_required
@require_safe
def emergencies(request: Request) -> HttpResponse:
    """What runs, and what ran lately."""
    require_seeing(request)
    now, past = list(running(request.access)[:MOST]), list(ended(request.access)[:PAST])
    names = names_of(one.place_code for one in [*now, *past])
    context: dict[str, Any] = {
        "lines": [shown(one, names[one.place_code]) for one in now],
        "past": [shown(one, names[one.place_code]) for one in past],
        "now": clock.now(),
        "may_open": may_open(request),
        "may_plan": bool(request.access.places(PLAN)),
    }
    return matter_page(request, "emergencies/list.html", **context)


@login_required
@require_safe
def emergency(request: Request, emergency_id: int) -> HttpResponse:
    """The situation report. A program asks every half minute for its inside alone, and is told what to say aloud only
    when something is other than what it knew; without scripts one reloads."""
    found, case = emergency_or_404(request, emergency_id)
    context = report(request, found, case)
    context |= {
        "news": bool(request.htmx) and request.GET.get("known", "") != context["said"],
        "still": request.GET.get("every") == "0",
        "state": words(state_of(case).title),
        "leads": why_seen(case, request.access) is not None,
        "sees_people": bool(sees_people(request, found)),
    }
    return matter_page(request, f"emergencies/{'report' if request.htmx else 'emergency'}.html", **context)


def require_seeing(request: Request) -> None:
    if not request.access.places(SEE):
        raise Forbidden("emergencies.not_yours")


def emergency_or_404(request: Request, emergency_id: int) -> tuple[Emergency, Case]:
    """One that the reader may see, with the case that leads it."""
    try:
        found = emergency_seen(emergency_id, request.access)
    except Refused as refused:
        raise Http404(emergency_id) from refused
    return found, whole(Case.objects.filter(pk=found.case_id)).get()


def sees_people(request: Request, one: Emergency) -> str:
    """Where the reader may see the people concerned: the whole place of a village, or their own part of it."""
    if len(one.place_code) >= len("500113101200") and request.access.may("people.see", one.place_code):
        return one.place_code
    own = [code for code in request.access.places("people.see") if code.startswith(one.place_code)]
    return next((code for code in own if len(code) >= len("500113101200")), "")
