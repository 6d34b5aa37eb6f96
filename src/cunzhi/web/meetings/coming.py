"""Signing in at the door: the code that hangs there, and the page that it leads to."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.models import Case
from cunzhi.engine.queries.meetings import case_of
from cunzhi.meetings import door
from cunzhi.meetings.actions import sign_in
from cunzhi.meetings.models import Meeting
from cunzhi.meetings.queries import seat_of, tally
from cunzhi.web.cases.meetings import body_of
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.language import current
from cunzhi.web.meetings.roll import meeting_and_case
from cunzhi.web.middleware import status_of
from cunzhi.web.request import Request, account_of

NEW_AFTER = timedelta(minutes=5)
"""The page at the door loads itself anew so often, so that what it shows always opens."""
LONGEST = 20


@login_required
@require_safe
def at_door(request: Request, meeting_id: int) -> HttpResponse:
    """The code to hang at the door, for whoever keeps the roll."""
    found, case = meeting_and_case(request, meeting_id)
    request.access.require("meeting.keep", found.place_code)
    code = door.code_of(found)
    address = request.build_absolute_uri(f"{reverse('come', args=[found.pk])}?{urlencode({'code': code})}")
    square = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, svgclass="qr")
    context: dict[str, Any] = {
        "meeting": found,
        "title": body_of(found),
        "about": str(case.answers.get("title", "")),
        "code": code,
        "square": square,
        "until": door.good_until(),
        "seconds": int(NEW_AFTER.total_seconds()),
        "tally": tally(found),
        "open": found.concluded_at is None,
    }
    return matter_page(request, "meetings/door.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def come(request: Request, meeting_id: int) -> HttpResponse:
    """A villager signs in with the code at the door; whoever is not due learns no more than that."""
    found = _called(meeting_id)
    seat = seat_of(found, account_of(request).person_id)
    if seat is None:
        raise Forbidden("meetings.not_due")
    typed = (request.POST if request.method == "POST" else request.GET).get("code", "")[:LONGEST]
    problem: Refused | None = None
    if request.method == "POST":
        try:
            seat = sign_in(by=request.actor, meeting=found, code=typed)
        except Refused as refused:
            problem = refused
    context: dict[str, Any] = {
        "meeting": found,
        "seat": seat,
        "title": body_of(found),
        "about": _about(found),
        "code": typed,
        "problem": problem.say(current()) if problem else "",
        "open": found.concluded_at is None,
    }
    return matter_page(request, "meetings/come.html", status=status_of(problem) if problem else 200, **context)


def _called(meeting_id: int) -> Meeting:
    found = Meeting.objects.filter(pk=meeting_id).first()
    if found is None:
        raise Http404(meeting_id)
    return found


def _about(found: Meeting) -> str:
    answers = Case.objects.filter(pk=case_of(found) or 0).values_list("answers", flat=True).first()
    return str((answers or {}).get("title", ""))
