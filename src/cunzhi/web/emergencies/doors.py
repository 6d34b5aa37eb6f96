"""The doors at which somebody has to knock: opened for a purpose, which is noted, names masked; and what was found."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from cunzhi.alarms.queries.knocks import reason_in
from cunzhi.base.errors import Refused
from cunzhi.emergencies.actions.arriving import knock, open_doors
from cunzhi.emergencies.models import Emergency, Knocked
from cunzhi.emergencies.queries.heads import Door
from cunzhi.registry.models import Household
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import is_id
from cunzhi.web.emergencies.board import emergency_or_404, sees_people
from cunzhi.web.emergencies.report import shown
from cunzhi.web.language import current, t
from cunzhi.web.middleware import status_of
from cunzhi.web.request import Request


@login_required
@require_POST
def knocking(request: Request, emergency_id: int) -> HttpResponse:
    """The list of a village or of one's own grid; a POST, for opening it is noted. What was found comes with it."""
    found, _ = emergency_or_404(request, emergency_id)
    place = sees_people(request, found)
    if not place:
        raise Http404(emergency_id)
    problem: Refused | None = None
    household = request.POST.get("household", "")
    if is_id(household):
        try:
            _knock(request, found, int(household))
        except Refused as refused:
            problem = refused
    words = t("web.emergencies.doors_words", number=found.pk)
    listed = open_doors(by=request.actor, emergency=found, place_code=place, words=words)
    context: dict[str, Any] = shown(found) | {
        "lines": [(one, _reasons(one)) for one in listed],
        "findings": list(Knocked.Found),
        "problem": problem.say(current()) if problem else "",
    }
    return matter_page(request, "emergencies/doors.html", status=status_of(problem) if problem else 200, **context)


def _knock(request: Request, found: Emergency, household_id: int) -> None:
    home = Household.objects.filter(pk=household_id).first()
    if home is None:
        raise Refused("emergencies.door_elsewhere")
    knock(by=request.actor, emergency=found, household=home, found=request.POST.get("found", ""))


def _reasons(one: Door) -> str:
    said = [reason_in(reason, current()) for reason in one.knock.reasons]
    said += [t("web.alarms.old", count=one.knock.old)] if one.knock.old else []
    return t("web.list_comma").join(said)
