"""An emergency is opened: by somebody who sees it, or with one button from an alarm or a warning."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.alarms.models import Warned
from cunzhi.alarms.wording import hazard_title
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.emergencies.queries.running import running_at
from cunzhi.engine.leading import (
    Start,
    known_hazards,
    of_alarm,
    of_warning,
    open_emergency,
    places_led,
    seats,
    seats_and_below,
)
from cunzhi.web.alarms.desk import alarm_or_404
from cunzhi.web.alarms.raising import COLOURS
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.forms import Form
from cunzhi.web.language import current, t
from cunzhi.web.request import Request


class OpenForm(Form):
    """What somebody saw."""

    place_code = forms.ChoiceField(label="web.alarms.place")
    hazard = forms.ChoiceField(label="web.alarms.hazard")
    colour = forms.ChoiceField(label="web.alarms.colour", choices=COLOURS)
    seen = forms.CharField(label="web.emergencies.seen", max_length=200, required=False)
    drill = forms.BooleanField(label="web.alarms.drill", required=False)

    def __init__(self, request: Request) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.choose("place_code", seats_and_below(request.access))
        self.choose("hazard", [(name, hazard_title(name, current())) for name in known_hazards()])


def may_open(request: Request) -> bool:
    return bool(seats(request.access))


@login_required
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Open one by hand, or a drill."""
    if not may_open(request):
        raise Forbidden("emergencies.not_yours_to_open")
    form = OpenForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, Start(**form.cleaned_data))
        except Refused as refused:
            form.refuse(refused)
    return matter_page(request, "emergencies/new.html", status=form.status, form=form)


@login_required
@require_POST
def from_alarm(request: Request, alarm_id: int) -> HttpResponse:
    """A person decides that this alarm calls for the plan."""
    return _opened(request, of_alarm(alarm_or_404(request, alarm_id)))


@login_required
@require_POST
def from_warning(request: Request, warned_id: int) -> HttpResponse:
    """The same of a warning, at one of its places or below it."""
    found = get_object_or_404(Warned, pk=warned_id)
    code = request.POST.get("place_code", "")
    if code not in dict(places_led(request.access, found)):
        raise Http404(warned_id)
    return _opened(request, of_warning(found, code))


def _opened(request: Request, start: Start) -> HttpResponse:
    before = running_at(start.place_code, start.hazard, drill=start.drill)
    made = open_emergency(by=request.actor, start=start)
    said = "opened" if before is None else "runs_already"
    messages.success(request, t(f"web.emergencies.{said}"))
    return redirect("emergency", made.pk)
