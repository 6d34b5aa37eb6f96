"""Somebody is forgotten at their wish, in two steps: what goes and what stays is said before anything is done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cunzhi.base.errors import Refused
from cunzhi.registry.actions.doubles import erase_person
from cunzhi.registry.queries.people import card
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.people.change_forms import EraseForm
from cunzhi.web.people.changes import EDIT
from cunzhi.web.people.views import one_person
from cunzhi.web.request import Request


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: Request, person_id: int) -> HttpResponse:
    """First the basis, then the question whether it is really meant; only a yes to that erases."""
    found = one_person(request, person_id)
    request.access.require(EDIT, found.place_code)
    form = EraseForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked and request.POST.get("sure") == "yes":
        try:
            erase_person(person=found, by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
            asked = False
        else:
            messages.success(request, t("web.erase.done"))
            return redirect("people")
    context = {"form": form, "card": card(found, request.access), "asked": asked}
    return page(request, "people/erase.html", status=form.status, **context)
