"""The plans that hold here, one of them as it is printed, and taking a file of plans and shelters over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cunzhi.alarms.models import Colour
from cunzhi.alarms.wording import hazard_title
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.fields import under_any
from cunzhi.emergencies.actions.planning import end_plan, import_plans
from cunzhi.emergencies.models import Plan
from cunzhi.emergencies.plans_file import LONGEST
from cunzhi.emergencies.queries.plans import PLAN, plans_seen, shelters_at, shelters_open
from cunzhi.emergencies.queries.running import SEE
from cunzhi.registry.queries.places import name_of, names_of
from cunzhi.registry.roles import roles
from cunzhi.web.alarms.raising import PlaceForm
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.emergencies.board import require_seeing
from cunzhi.web.emergencies.report import shelter_name
from cunzhi.web.forms import SentFile
from cunzhi.web.language import current, t, words
from cunzhi.web.request import Request

MOST = 200


class PlansForm(PlaceForm):
    """A file of plans and shelters, and for where it is handed in."""

    file = SentFile(most=LONGEST, label="web.alarms.file")


@login_required
@require_http_methods(["GET", "POST"])
def plans(request: Request) -> HttpResponse:
    """The plans and shelters that hold where I serve; whoever may hand some in does it here."""
    require_seeing(request)
    form = PlansForm(request, PLAN) if request.access.places(PLAN) else None
    if request.method == "POST":
        if form is None:
            raise Forbidden("alarms.not_yours_to_set")
        if form.is_valid() and _take_file(request, form):
            return redirect("emergency_plans")
    rows = list(plans_seen(request.access, SEE)[:MOST])
    held = list(shelters_open().filter(under_any(request.access.places(SEE))).order_by("place_code", "name")[:MOST])
    names = names_of([*(one.place_code for one in rows), *(one.place_code for one in held)])
    context: dict[str, Any] = {
        "form": form,
        "rows": [(one, title_of(one), hazard_title(one.hazard, current()), names[one.place_code]) for one in rows],
        "shelters": [(one, shelter_name(one), names[one.place_code]) for one in held],
    }
    return matter_page(request, "emergencies/plans.html", status=form.status if form else 200, **context)


def title_of(plan: Plan) -> str:
    return plan.title_en if current() == "en" else plan.title


def _take_file(request: Request, form: PlansForm) -> bool:
    sent, place = form.cleaned_data["file"], form.cleaned_data["place_code"]
    text = sent.read().decode("utf-8", "replace")
    try:
        taken = import_plans(by=request.actor, place_code=place, text=text, name=sent.name or "plans.yaml")
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, t("web.emergencies.plans_taken", plans=taken.plans, shelters=taken.shelters))
    return True


@login_required
@require_safe
def plan(request: Request, plan_id: int) -> HttpResponse:
    """One plan for the wall: its duties with their minutes, and where to shelter."""
    found = _plan_or_404(request, plan_id)
    english = current() == "en"
    colours = [one.value for one in reversed(list(Colour))]
    duties = [
        [str(one.number), words(roles()[one.office].title), one.what_en if english else one.what]
        + [str(one.minutes.get(colour, "–")) for colour in colours]
        for one in found.duties.order_by("number")
    ]
    safe = [one for one in shelters_at(found.place_code) if found.hazard not in one.unsafe_in]
    context: dict[str, Any] = {
        "plan": found, "title": title_of(found), "hazard": hazard_title(found.hazard, current()), "duties": duties,
        "place": name_of(found.place_code), "colours": colours,
        "shelters": [[shelter_name(one), str(one.capacity), one.address, f"{one.keeper} {one.phone}"] for one in safe],
        "may_end": found.until is None and request.access.may(PLAN, found.place_code) is not None,
    }  # fmt: skip
    return matter_page(request, "emergencies/plan.html", **context)


@login_required
@require_POST
def end(request: Request, plan_id: int) -> HttpResponse:
    """The plan holds no longer."""
    end_plan(by=request.actor, plan=_plan_or_404(request, plan_id))
    messages.success(request, t("web.emergencies.plan_ended"))
    return redirect("emergency_plans")


def _plan_or_404(request: Request, plan_id: int) -> Plan:
    """A plan of where the reader serves or of above, also one that has ended."""
    found = Plan.objects.filter(pk=plan_id).first()
    codes = request.access.places(SEE)
    if found is None or not any(c.startswith(found.place_code) or found.place_code.startswith(c) for c in codes):
        raise Http404(plan_id)
    return found
