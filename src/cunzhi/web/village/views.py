"""A village for those who live in it: what is new, what may be objected to, and what all did together."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Conflict, Refused
from cunzhi.base.messages import LANGUAGES
from cunzhi.engine.actions.cases import move
from cunzhi.engine.models import Notice
from cunzhi.engine.queries.cases import workflow_of
from cunzhi.engine.queries.messages import Posted, board, notices_at
from cunzhi.engine.queries.village import recent_participation
from cunzhi.engine.spec.workflow import Transition, Workflow
from cunzhi.engine.words import notice_in, posted_in
from cunzhi.registry.queries.places import name_of, path_of
from cunzhi.web.cases.acting import Acting, acting, end_helping
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import fresh_key, key_in, reason_in
from cunzhi.web.language import current, t, words
from cunzhi.web.middleware import status_of
from cunzhi.web.paging import asked_number, turned
from cunzhi.web.request import Request

NEWEST = 8
"""How many notices stand on one page: few enough to be read on a phone."""


@dataclass(frozen=True)
class Told:
    """A notice on the board in words, and what anybody who lives here may do about it."""

    notice: Posted
    words: str
    ways: list[tuple[str, str]]


@login_required
@require_safe
def village(request: Request) -> HttpResponse:
    """What is new in my village."""
    acts = acting(request)
    number = asked_number(request)
    rows = board(acts.village, start=(number - 1) * NEWEST, most=NEWEST + 1)
    found = turned(request, rows, number, NEWEST)
    newest = {_number(one): one.id for one in reversed(found.rows)}
    posted = [_posted(one, acts, newest=newest[_number(one)] == one.id) for one in found.rows]
    totals = recent_participation(acts.village)
    context: dict[str, Any] = {"totals": totals, "names": path_of(acts.village), "code": acts.village}
    return matter_page(request, "village/village.html", posted=posted, pager=found, **context)


@login_required
@require_http_methods(["GET", "POST"])
def respond(request: Request, notice_id: int, transition: str) -> HttpResponse:
    """Raise an objection against what was made public, with a reason; the matter itself stays closed to the reader."""
    acts = acting(request)
    notice = get_object_or_404(_board(acts), pk=notice_id)
    way = _open_to_residents(notice, acts).get(transition)
    if way is None:
        raise Http404(transition)
    problem: Refused | None = None
    if request.method == "POST":
        try:
            _respond(request, notice, transition, acts)
        except Refused as refused:
            problem = refused
        else:
            if acts.helped:
                end_helping(request)
            messages.success(request, t("web.village.responded"))
            return redirect("village")
    context = {
        "told": notice_in(notice, current()),
        "title": words(way.title),
        "needs_reason": way.needs_reason,
        "place": name_of(acts.village),
        "problem": problem.say(current()) if problem else "",
        "problem_at": problem.field if problem else "",
        "key": key_in(request) if request.method == "POST" else fresh_key(),
        "version": request.POST.get("_version", notice.case.version),
        "reason": reason_in(request),
        "moved": isinstance(problem, Conflict),
    }
    return matter_page(request, "village/respond.html", status=status_of(problem) if problem else 200, **context)


def _respond(request: Request, notice: Notice, transition: str, acts: Acting) -> None:
    seen = request.POST.get("_version", "")
    move(
        by=acts.actor,
        case=notice.case,
        transition=transition,
        version=int(seen) if seen.isdecimal() else -1,
        reason=reason_in(request),
        consent=acts.consent,
        key=key_in(request),
    )


def _board(acts: Acting) -> QuerySet[Notice]:
    """The present notices of the village, with what tells who may respond."""
    related = ("case__scenario_version", "case__activation")
    return notices_at(acts.village).select_related(*related).defer("case__scenario_version__files")


def _number(posted: Posted) -> str:
    """The matter that a notice is about."""
    return str(posted.params.get(LANGUAGES[0], {}).get("number", posted.id))


def _posted(posted: Posted, acts: Acting, *, newest: bool) -> Told:
    """What anybody may do stands under the newest notice of a matter, and not under those before it."""
    mine = acts.person.pk in (posted.subject_id, posted.opener_id)
    flow = posted.scenario.workflows[posted.workflow]
    ways = _ways(flow, posted.state, posted.switched_on_at, acts) if newest and not mine else {}
    return Told(posted, posted_in(posted, current()), [(name, words(way.title)) for name, way in ways.items()])


def _open_to_residents(notice: Notice, acts: Acting) -> dict[str, Transition]:
    """What the reader may do about the matter behind a notice; nobody objects to their own."""
    case = notice.case
    if acts.person.pk in (case.subject_id, case.opener_id):
        return {}
    return _ways(workflow_of(case), case.state, case.activation.place_code, acts)


def _ways(flow: Workflow, state: str, switched_on_at: str, acts: Acting) -> dict[str, Transition]:
    """What the village may do about a matter now. The action checks it again."""
    if not acts.home.startswith(switched_on_at):
        return {}
    return {name: way for name, way in flow.leaving(state).items() if "resident" in way.by and way.form is None}
