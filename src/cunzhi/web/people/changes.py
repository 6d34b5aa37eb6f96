"""What happens to people and households, each on a page of its own: corrected, moved, joined, left, died."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.registry.actions.households import (
    change_relation,
    close_household,
    join_household,
    leave_household,
    open_household,
    set_address,
)
from cunzhi.registry.actions.people import correct_person, move_in, move_out, record_death, set_phone
from cunzhi.registry.models import Household, Person
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.people.change_forms import (
    AddressForm,
    ChangeForm,
    CorrectForm,
    DayForm,
    HouseholdForm,
    JoinForm,
    MoveForm,
    NumberForm,
    RelationForm,
)
from cunzhi.web.people.homes import homes
from cunzhi.web.people.views import one_person
from cunzhi.web.request import Request

EDIT = "people.edit"
VILLAGE = 12


@dataclass(frozen=True)
class Change:
    """A form and the act behind it; its words stand in the messages under web.change.<name>."""

    form: type[ChangeForm]
    act: Callable[..., object]


def _correct(*, person: Person, by: Actor, **given: Any) -> None:
    """What was left empty is not touched: an empty field here is no wish to forget."""
    correct_person(person=person, by=by, **{name: value or None for name, value in given.items()})


def _join(*, person: Person, by: Actor, number: str, **given: Any) -> None:
    here = under(person.place_code[:VILLAGE])
    household = Household.objects.filter(here, number=number.strip(), until__isnull=True).first()
    if household is None:
        raise Refused("web.change.no_household", field="number")
    join_household(person=person, household=household, by=by, **given)


PERSON = {
    "correct": Change(CorrectForm, _correct),
    "phone": Change(NumberForm, set_phone),
    "move": Change(MoveForm, move_in),
    "out": Change(DayForm, move_out),
    "join": Change(JoinForm, _join),
    "relation": Change(RelationForm, change_relation),
    "leave": Change(DayForm, leave_household),
    "death": Change(DayForm, record_death),
}
HOUSEHOLD = {"address": Change(AddressForm, set_address), "close": Change(DayForm, close_household)}


@sensitive_post_parameters("identity", "phone")
@login_required
@require_http_methods(["GET", "POST"])
def change_person(request: Request, person_id: int, name: str) -> HttpResponse:
    """One change of one person."""
    if name not in PERSON:
        raise Http404(name)
    found = one_person(request, person_id)
    request.access.require(EDIT, found.place_code)
    return _change(request, PERSON[name], name, found, {"person": found}, back="person")


@login_required
@require_http_methods(["GET", "POST"])
def change_household(request: Request, household_id: int, name: str) -> HttpResponse:
    """One change of one household."""
    if name not in HOUSEHOLD:
        raise Http404(name)
    found = get_object_or_404(Household, pk=household_id)
    request.access.require(EDIT, found.place_code)
    return _change(request, HOUSEHOLD[name], name, found, {"household": found}, back="household")


def _change(
    request: Request, change: Change, name: str, subject: Person | Household, told: dict[str, Any], *, back: str
) -> HttpResponse:
    form = change.form(request.POST or None, request=request, subject=subject)
    if request.method == "POST" and form.is_valid():
        try:
            change.act(by=request.actor, **told, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t(f"web.change.{name}.done"))
            return redirect(back, subject.pk)
    context = {"form": form, "name": name, "subject": subject, "back": back}
    return page(request, "people/change.html", status=form.status, **context)


@login_required
@require_http_methods(["GET", "POST"])
def new_household(request: Request) -> HttpResponse:
    """A household that was not there yet."""
    choices = homes(request, EDIT)
    form = HouseholdForm(request.POST or None)
    form.choose("place_code", choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_household(by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.change.household_opened"))
            return redirect("household", made.pk)
    return page(request, "people/new_household.html", status=form.status, form=form)
