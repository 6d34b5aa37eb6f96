"""The scenarios that are installed: what each is and keeps, and where it is on by which decision."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Refused
from cunzhi.base.fields import under_any
from cunzhi.engine.actions.activations import activate, deactivate
from cunzhi.engine.loader import scenarios as installed
from cunzhi.engine.models import Activation
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.queries.places import names_of
from cunzhi.registry.roles import roles
from cunzhi.web.administrator.forms import ActivateForm, DeactivateForm
from cunzhi.web.administrator.views import LEVELS
from cunzhi.web.language import t, words
from cunzhi.web.pages import page
from cunzhi.web.people.homes import reached
from cunzhi.web.request import Request, account_of

VERB = "activate"


@dataclass(frozen=True)
class Listed:
    """A scenario, and the places where it is on."""

    scenario: Scenario
    on: list[Activation]


@login_required
@require_safe
def scenarios(request: Request) -> HttpResponse:
    """Every scenario that is installed, and where it is on in the reader's places or above them."""
    _require_somewhere(request)
    known = list(_known(request).filter(until__isnull=True))
    listed = [Listed(one, [row for row in known if row.scenario == slug]) for slug, one in sorted(installed().items())]
    names = names_of(row.place_code for row in known)
    return page(request, "administrator/scenarios.html", listed=listed, names=names)


@login_required
@require_safe
def scenario(request: Request, slug: str) -> HttpResponse:
    """One scenario: its purpose, law, people, forms and personal data; where it is and was on."""
    _require_somewhere(request)
    found = _installed(slug)
    rows = list(_known(request).filter(scenario=slug))
    context: dict[str, Any] = {
        "scenario": found,
        "manifest": found.manifest,
        "roles": [words(roles()[name].title) for name in found.manifest.roles],
        "books": [t(f"web.books.books.{kind}") for kind in found.manifest.books],
        "on": [row for row in rows if row.until is None],
        "ended": [row for row in rows if row.until is not None],
        "names": names_of(row.place_code for row in rows),
    }
    return page(request, "administrator/scenario.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def switch_on(request: Request, slug: str) -> HttpResponse:
    """Switch a scenario on for a place, by the decision of a meeting."""
    _require_somewhere(request)
    found = _installed(slug)
    form = ActivateForm(request.POST or None, places=reached(request, VERB, LEVELS))
    if request.method == "POST" and form.is_valid():
        try:
            activate(scenario=slug, by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.scenarios.was_on", title=words(found.manifest.title)))
            return redirect("scenario", slug)
    return page(request, "administrator/activate.html", status=form.status, form=form, manifest=found.manifest)


@login_required
@require_http_methods(["GET", "POST"])
def switch_off(request: Request, activation_id: int) -> HttpResponse:
    """Switch a scenario off; matters under way run to their end."""
    found = get_object_or_404(Activation, pk=activation_id, until__isnull=True)
    request.access.require(VERB, found.place_code)
    form = DeactivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deactivate(activation=found, by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.scenarios.was_off"))
            return redirect("scenarios")
    known = installed().get(found.scenario)
    context = {
        "activation": found,
        "title": words(known.manifest.title) if known else found.scenario,
        "place": names_of([found.place_code])[found.place_code],
    }
    return page(request, "administrator/deactivate.html", status=form.status, form=form, **context)


def _installed(slug: str) -> Scenario:
    found = installed().get(slug)
    if found is None:
        raise Http404(slug)
    return found


def _known(request: Request) -> QuerySet[Activation]:
    """Decisions in the reader's places, and those above that hold there too."""
    places = request.access.places(VERB)
    above = {place[:length] for place in places for length in range(2, len(place))}
    return Activation.objects.filter(under_any(places) | Q(place_code__in=above)).order_by("place_code", "-since")


def _require_somewhere(request: Request) -> None:
    if not request.access.places(VERB):
        request.access.require(VERB, account_of(request).person.place_code)
