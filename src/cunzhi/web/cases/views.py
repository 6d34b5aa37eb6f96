"""A matter: where it stands, what happened, and what the reader may do with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Conflict, Refused
from cunzhi.engine.actions.cases import move
from cunzhi.engine.answers import AnswersRefused
from cunzhi.engine.models import Case, Step
from cunzhi.engine.permission import why_seen
from cunzhi.engine.pickup import code_of
from cunzhi.engine.queries.cases import inbox, scenario_of, sent_with, state_of, steps_of, whole, workflow_of
from cunzhi.engine.queries.messages import messages_of
from cunzhi.engine.spec.workflow import Transition
from cunzhi.engine.words import message_in
from cunzhi.registry.access import explain
from cunzhi.registry.queries.places import path_of
from cunzhi.registry.roles import roles
from cunzhi.web.cases import standing
from cunzhi.web.cases.acting import Acting, end_helping
from cunzhi.web.cases.fields import asked
from cunzhi.web.cases.history import Line, findings, lines, setting_of
from cunzhi.web.cases.meetings import told as meetings_told
from cunzhi.web.cases.naming import Viewer, whose
from cunzhi.web.cases.pages import case_and_reader, matter_page
from cunzhi.web.cases.qr import picked_up_with
from cunzhi.web.cases.reading import Given, given_in, keep_sent, key_in, reason_in
from cunzhi.web.cases.ways import Panel, duty, panel, panels
from cunzhi.web.language import current, t, words
from cunzhi.web.middleware import status_of
from cunzhi.web.request import Request


@login_required
@require_safe
def case(request: Request, number: str) -> HttpResponse:
    """Everything about one matter that the reader may know."""
    found, acts = case_and_reader(request, number)
    if found.number != number:
        return redirect("case", found.number)
    steps = list(steps_of(found))
    viewer = Viewer(acts.access, by_duty=duty(acts.access, found))
    told = lines(found, steps, sent_with(found, acts.access), viewer)
    mine = viewer.person_id
    context: dict[str, Any] = {
        **_heading(found, viewer),
        "road": standing.road(found, steps),
        "next": standing.next_words(found),
        "lines": told,
        "asked": _first(told),
        "findings": findings(found.machine_answers.order_by("id"), by_duty=viewer.by_duty),
        "panels": panels(found, acts),
        "meetings": meetings_told(found),
        "messages_here": _messages(found, mine),
        "why": _why(found, acts),
        "pickup": _pickup(request, found, mine),
        "children": list(whole(found.children.order_by("id"))) if viewer.by_duty else [],
        "after": "inbox" if request.GET.get("from") == "inbox" else "",
    }
    return matter_page(request, "cases/case.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: Request, number: str, transition: str) -> HttpResponse:
    """Take a transition; its own page when it asks much or when something has to be corrected."""
    found, acts = case_and_reader(request, number)
    way = workflow_of(found).transitions.get(transition)
    if way is None:
        raise Http404(transition)
    if request.method != "POST":
        if transition not in [one.name for one in panels(found, acts)]:
            return redirect("case", found.number)
        return _step_page(request, found, panel(found, transition, way, setting_of(found), acts), acts, Given())
    return _take(request, found, transition, way, acts)


def _take(request: Request, found: Case, transition: str, way: Transition, acts: Acting) -> HttpResponse:
    form = scenario_of(found).forms[way.form] if way.form else None
    given = given_in(form, request.POST)
    problem: Refused | None = None
    if not _taken_before(found, key_in(request)):
        keep_sent(given, form, request, by=acts.actor, place_code=found.place_code, case=found)
    if not given.problems:
        try:
            moved = _move(request, found, transition, acts, given)
        except AnswersRefused as refused:
            given.problems = refused.problems
        except Conflict:
            return _moved_meanwhile(request, found, acts)
        except Refused as refused:
            problem = refused
        else:
            return _done(request, found, moved, way, acts)
    shown = panel(found, transition, way, setting_of(found), acts)
    return _step_page(request, found, shown, acts, given, problem)


def _taken_before(found: Case, key: str) -> bool:
    return Step.objects.filter(key=key, case=found).exists()


def _move(request: Request, found: Case, transition: str, acts: Acting, given: Given) -> Case:
    seen = request.POST.get("_version", "")
    return move(
        by=acts.actor,
        case=found,
        transition=transition,
        version=int(seen) if seen.isdecimal() else -1,
        answers=given.raw,
        reason=reason_in(request),
        consent=acts.consent,
        code=request.POST.get("_code", ""),
        key=key_in(request),
    )


def _done(request: Request, before: Case, moved: Case, way: Transition, acts: Acting) -> HttpResponse:
    """Back to the matter, or on to the next that waits when one works through the inbox."""
    said = t("web.cases.done", number=moved.number, what=words(way.title), state=words(state_of(moved).title))
    messages.success(request, said)
    if acts.helped:
        end_helping(request)
    if request.POST.get("_after") != "inbox":
        return redirect("case", moved.number)
    following = inbox(request.access).exclude(pk=before.pk).values_list("number", flat=True).first()
    if following is None:
        return redirect("inbox")
    response = redirect("case", following)
    response["Location"] += "?from=inbox"
    return response


def _moved_meanwhile(request: Request, found: Case, acts: Acting) -> HttpResponse:
    """Somebody was quicker: show what they did, and the matter as it is now."""
    found.refresh_from_db(fields=["state", "version", "due_at", "assignee", "outcome", "closed_at", "waits_for"])
    seen = request.POST.get("_version", "")
    steps = list(steps_of(found))
    new = steps[int(seen) :] if seen.isdecimal() else steps[-1:]
    viewer = Viewer(acts.access, by_duty=duty(acts.access, found))
    context = {**_heading(found, viewer), "lines": lines(found, new, sent_with(found, acts.access), viewer)}
    typed = reason_in(request).strip()
    return matter_page(request, "cases/moved.html", status=409, typed=typed, **context)


def _step_page(
    request: Request, found: Case, shown: Panel, acts: Acting, given: Given, problem: Refused | None = None
) -> HttpResponse:
    setting = setting_of(found)
    form = setting.scenario.forms[shown.transition.form] if shown.transition.form else None
    fields = shown.fields if request.method != "POST" else asked(form, setting, given, {}, by=acts.actor, case=found)
    status = status_of(problem) if problem else 422 if given.problems else 200
    viewer = Viewer(acts.access, by_duty=duty(acts.access, found))
    beside = problem.field if problem and problem.field in ("reason", "code") else ""
    context: dict[str, Any] = {
        **_heading(found, viewer),
        "panel": shown,
        "fields": fields,
        "problem": problem.say(current()) if problem else "",
        "problem_at": beside,
        "key": key_in(request),
        "version": request.POST.get("_version", found.version),
        "reason": reason_in(request),
        "after": request.POST.get("_after", ""),
    }
    return matter_page(request, "cases/step.html", status=status, **context)


def _heading(found: Case, viewer: Viewer) -> dict[str, Any]:
    return {
        "case": found,
        "title": words(workflow_of(found).title),
        "scenario": words(scenario_of(found).manifest.title),
        "state": words(state_of(found).title),
        "tone": standing.tone(found),
        "due": None if found.outcome else standing.due(found.due_at),
        "whose": whose(viewer, found),
        "place": path_of(found.place_code)[-2:],
        "by_duty": viewer.by_duty,
    }


def _first(told: list[Line]) -> Line:
    """The newest step that answered the opening form: what the matter is about."""
    with_answers = [line for line in told if line.answers or line.sent]
    return with_answers[-1] if with_answers else told[-1]


def _messages(found: Case, person_id: int | None) -> list[tuple[Any, str]]:
    if person_id is None:
        return []
    rows = messages_of(person_id).filter(case=found)[:10]
    return [(row.at, message_in(row, current())) for row in rows]


def _why(found: Case, acts: Acting) -> str:
    """The answer to 'why may I see this'."""
    via = why_seen(found, acts.access) or ""
    if via in roles():
        return explain(acts.access, "case.see", found.place_code, current())
    return t("web.cases.why_relation", relation=t(f"engine.relation.{via}"))


def _pickup(request: Request, found: Case, mine: int | None) -> dict[str, str] | None:
    """The code to collect with: for the one whose matter it is, while something waits to be handed over."""
    waits = any(one.code for one in workflow_of(found).leaving(found.state).values())
    if not waits or mine not in (found.subject_id, found.opener_id):
        return None
    return {"code": code_of(found), "qr": picked_up_with(request, found)}
