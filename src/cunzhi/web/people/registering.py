"""A new person comes into the register, and somebody gets a sign-in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cunzhi.base.errors import Refused
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.queries.people import card
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.people.forms import AccountForm, PersonForm
from cunzhi.web.people.homes import homes
from cunzhi.web.people.views import one_person
from cunzhi.web.request import Request


@login_required
@require_http_methods(["GET", "POST"])
def new_person(request: Request) -> HttpResponse:
    """Register somebody who is not there yet."""
    form = PersonForm(request.POST or None, places=homes(request, "people.edit"))
    if request.method == "POST" and form.is_valid():
        try:
            person = register_person(by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.people.registered"))
            return redirect("person", person.pk)
    return page(request, "people/new.html", status=form.status, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def give_account(request: Request, person_id: int) -> HttpResponse:
    """A sign-in by code for somebody who stands before you with their phone."""
    person = one_person(request, person_id)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            make_account(person=person, phone=form.cleaned_data["phone"], by=request.actor)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.people.account_given"))
            return redirect("person", person.pk)
    return page(request, "people/account.html", status=form.status, form=form, card=card(person, request.access))
