"""Public warnings are issued, updated and cancelled by those who may, and announced to the people who live there."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.alarms.actions.warning import LONGEST_HEADLINE, LONGEST_TEXT, Draft, cancel, issue
from cunzhi.alarms.models import Warned
from cunzhi.alarms.queries.warnings import ISSUE
from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.alarming import announce
from cunzhi.web.alarms.raising import COLOURS, PlaceForm, hazard_choices
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.language import t
from cunzhi.web.request import Request

HOURS = ("3", "6", "12", "24", "48", "72", "168")


class WarningForm(PlaceForm):
    """What everybody is told."""

    hazard = forms.ChoiceField(label="web.alarms.hazard")
    colour = forms.ChoiceField(label="web.alarms.colour", choices=COLOURS)
    headline = forms.CharField(label="web.warnings.headline", max_length=LONGEST_HEADLINE)
    description = forms.CharField(label="web.warnings.description", max_length=LONGEST_TEXT)
    instruction = forms.CharField(label="web.warnings.instruction", max_length=LONGEST_TEXT)
    contact = forms.CharField(label="web.warnings.contact", max_length=120, required=False)
    hours = forms.ChoiceField(label="web.warnings.hours", choices=[(one, one) for one in HOURS])
    exercise = forms.BooleanField(label="web.alarms.drill", required=False)

    def __init__(self, request: Request, initial: dict[str, Any] | None = None) -> None:
        super().__init__(request, ISSUE)
        self.choose("hazard", hazard_choices())
        self.initial = initial or {"hours": "12"}


@login_required
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Warn everybody at a place."""
    return _filled_in(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def update(request: Request, warned_id: int) -> HttpResponse:
    """Say anew what holds; the old message is referred to and leaves the page."""
    return _filled_in(request, own_or_404(request, warned_id))


def own_or_404(request: Request, warned_id: int) -> Warned:
    """A warning of ours at a place where the reader may issue some."""
    found = Warned.objects.filter(pk=warned_id, received=False).first()
    if found is None or not all(request.access.may(ISSUE, one.place_code) for one in found.places.all()):
        raise Http404(warned_id)
    return found


def _filled_in(request: Request, old: Warned | None) -> HttpResponse:
    form = WarningForm(request, _initial(old) if old else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _issue(request, form, old)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.warnings.issued"))
            return redirect("warning", made.pk)
    return matter_page(request, "alarms/issue.html", status=form.status, form=form, old=old)


def _initial(old: Warned) -> dict[str, Any]:
    names = ("hazard", "colour", "headline", "description", "instruction", "contact")
    known = {name: getattr(old, name) for name in names}
    return known | {"place_code": old.places.get().place_code, "hours": "12",
                    "exercise": old.status == Warned.Status.EXERCISE}  # fmt: skip


@transaction.atomic
def _issue(request: Request, form: WarningForm, old: Warned | None) -> Warned:
    given = dict(form.cleaned_data)
    until = clock.now().replace(second=0, microsecond=0) + timedelta(hours=int(given.pop("hours")))
    draft = Draft(expires=until, web=request.build_absolute_uri(reverse("warnings")), **given)
    made = issue(by=request.actor, draft=draft, replaces=old)
    announce(made)
    return made


@login_required
@require_POST
@transaction.atomic
def end(request: Request, warned_id: int) -> HttpResponse:
    """Cancel a warning."""
    made = cancel(by=request.actor, warned=own_or_404(request, warned_id), reason=request.POST.get("reason", ""))
    announce(made)
    messages.success(request, t("web.warnings.cancelled"))
    return redirect("warning", made.pk)
