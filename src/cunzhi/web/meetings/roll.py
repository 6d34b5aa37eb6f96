"""The page of a meeting: who is due and who came, with large boxes to tick, and whether it may decide yet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cunzhi.base.errors import Refused
from cunzhi.engine.models import Case
from cunzhi.engine.permission import why_seen
from cunzhi.engine.queries.cases import scenario_of, whole
from cunzhi.engine.queries.meetings import case_of, quorum_now
from cunzhi.meetings.actions import draw_again, mark_present, strike
from cunzhi.meetings.models import Meeting, Seat
from cunzhi.meetings.queries import seat_of, seats_of, tally
from cunzhi.registry.queries.places import path_of
from cunzhi.web.cases.meetings import body_of, sentence, sources, told
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import is_id
from cunzhi.web.language import current, t, words
from cunzhi.web.middleware import status_of
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

SIZE = 60
"""So many names on a page: a village's assembly has hundreds, and a phone shows a few at a time."""
SHEET = 300
"""So many lines of the list to sign on one page of the web; printed they are a dozen sheets."""


@login_required
@require_http_methods(["GET", "POST"])
def meeting(request: Request, meeting_id: int) -> HttpResponse:
    """The roll for whoever keeps it; for others who may see the matter, what stands."""
    found, case = meeting_and_case(request, meeting_id)
    problem: Refused | None = None
    if request.method == "POST":
        ticked = [int(seat) for seat in request.POST.getlist("seat") if is_id(seat)]
        try:
            new = mark_present(by=request.actor, meeting=found, seats=ticked, how=request.POST.get("how", ""))
        except Refused as refused:
            problem = refused
        else:
            standing = tally(found)
            messages.success(request, t("web.meetings.marked", new=new, present=standing.present, due=standing.due))
            return redirect(request.get_full_path())
    return _page(request, found, case, problem)


@login_required
@require_POST
def strike_out(request: Request, meeting_id: int) -> HttpResponse:
    """Take back a tick that was wrong."""
    found, _ = meeting_and_case(request, meeting_id)
    seat = request.POST.get("seat", "")
    strike(by=request.actor, meeting=found, seat=int(seat) if is_id(seat) else 0)
    messages.success(request, t("web.meetings.struck"))
    return redirect("meeting", found.pk)


@login_required
@require_POST
def draw(request: Request, meeting_id: int) -> HttpResponse:
    """Bring the roll in line with a register that was corrected."""
    found, _ = meeting_and_case(request, meeting_id)
    added, removed = draw_again(by=request.actor, meeting=found)
    messages.success(request, t("web.meetings.drawn", added=added, removed=removed))
    return redirect("meeting", found.pk)


@login_required
@require_safe
def sheet(request: Request, meeting_id: int) -> HttpResponse:
    """The list to sign on paper."""
    found, case = meeting_and_case(request, meeting_id)
    request.access.require("meeting.keep", found.place_code)
    rows = paged(request, seats_of(found), SHEET)
    first = (rows.number - 1) * SHEET
    context = {**_heading(found, case), "due": tally(found).due, "pager": rows, "first": first}
    return matter_page(request, "meetings/sheet.html", **context)


def meeting_and_case(request: Request, meeting_id: int) -> tuple[Meeting, Case]:
    """A meeting with its case, for who keeps the roll or may see the case; else there is no such page."""
    found = Meeting.objects.filter(pk=meeting_id).first() if is_id(str(meeting_id)) else None
    pk = case_of(found) if found else None
    case = whole(Case.objects.filter(pk=pk)).first() if pk else None
    if found is None or case is None:
        raise Http404(meeting_id)
    if not request.access.may("meeting.keep", found.place_code) and why_seen(case, request.access) is None:
        raise Http404(meeting_id)
    return found, case


def _page(request: Request, found: Meeting, case: Case, problem: Refused | None) -> HttpResponse:
    place = found.place_code
    keeps = request.access.may("meeting.keep", place) is not None
    named = keeps or request.access.may("case.see", place) is not None
    quorum = quorum_now(case) if found.concluded_at is None else None
    text = request.GET.get("q", "").strip()[:20]
    rows = seats_of(found).filter(person__name__contains=text) if text else seats_of(found)
    mine = seat_of(found, request.actor.person_id) if request.actor.person_id else None
    context: dict[str, Any] = {
        **_heading(found, case),
        "keeps": keeps and found.concluded_at is None,
        "open": found.concluded_at is None,
        "sees_case": why_seen(case, request.access) is not None,
        "tally": tally(found),
        "quorum": sentence(case, quorum) if quorum else "",
        "enough": quorum is not None and quorum.ok,
        "sources": sources(case, quorum.numbers) if quorum else [],
        "outcome": next((one for one in told(case) if one.meeting == found), None),
        "pager": paged(request, rows, SIZE) if named else None,
        "text": text,
        "mine": mine,
        "hows": [Seat.How.CLERK, Seat.How.PAPER],
        "how": request.POST.get("how", Seat.How.CLERK),
        "ticked": request.POST.getlist("seat"),
        "problem": problem.say(current()) if problem else "",
    }
    return matter_page(request, "meetings/meeting.html", status=status_of(problem) if problem else 200, **context)


def _heading(found: Meeting, case: Case) -> dict[str, Any]:
    return {
        "meeting": found,
        "case": case,
        "title": body_of(found),
        "about": str(case.answers.get("title", "")),
        "scenario": words(scenario_of(case).manifest.title),
        "place": path_of(found.place_code)[-1],
    }
