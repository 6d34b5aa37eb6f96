"""People and households, for those appointed to look after them. Numbers are masked until a purpose is given."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Refused
from cunzhi.registry.access import explain
from cunzhi.registry.actions.disclosure import unmask
from cunzhi.registry.models import Account, Membership, Person
from cunzhi.registry.queries.facts import facts_of
from cunzhi.registry.queries.households import membership_of
from cunzhi.registry.queries.people import card, current, current_people, people
from cunzhi.registry.queries.places import names_of
from cunzhi.web.knowledge import shown
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.people.forms import UnmaskForm
from cunzhi.web.request import Request


@login_required
@require_safe
def people_list(request: Request) -> HttpResponse:
    """Whom one looks after, found by part of a name, or by a whole phone or identity number."""
    text = request.GET.get("q", "").strip()[:40]
    found = paged(request, people(request.access, text))
    cards = [card(person, request.access) for person in found.rows]
    names = names_of([*(one.place_code for one in cards), *request.access.places("people.see")])
    template = "people/rows.html" if request.htmx else "people/list.html"
    return page(request, template, text=text, pager=found, cards=cards, names=names)


@login_required
@require_safe
def person(request: Request, person_id: int) -> HttpResponse:
    """One person: who, where, with whom, and what is held."""
    found = one_person(request, person_id)
    return _person_page(request, found, UnmaskForm())


@login_required
@require_http_methods(["POST"])
def unmask_number(request: Request, person_id: int) -> HttpResponse:
    """A whole number, once, for the purpose given; the person sees it in their own data."""
    found = one_person(request, person_id)
    form = UnmaskForm(request.POST)
    number = ""
    if form.is_valid():
        try:
            number = unmask(person=found, by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
    return _person_page(request, found, form, number=number)


def one_person(request: Request, person_id: int) -> Person:
    """The person, or whom they were merged into; only for whoever looks after their place."""
    found = current(get_object_or_404(Person.objects.select_related("merged_into"), pk=person_id))
    found = get_object_or_404(current_people(), pk=found.pk)
    request.access.require("people.see", found.place_code)
    return found


def changes_of(person: Person, membership: Membership | None) -> list[str]:
    """Which changes a person can meet as they are now, by their names in web.people.changes."""
    if person.died_on is not None:
        return ["correct"]
    if person.left_on is not None:
        return ["correct", "move", "death"]
    belonging = ["relation", "leave"] if membership else ["join"]
    return ["correct", "phone", "move", *belonging, "out", "death"]


def _person_page(request: Request, found: Person, form: UnmaskForm, number: str = "") -> HttpResponse:
    may_unmask = bool(request.access.may("people.unmask", found.place_code))
    membership = membership_of(found)
    context: dict[str, Any] = {
        "person": found,
        "card": card(found, request.access),
        "place": names_of([found.place_code])[found.place_code],
        "membership": membership,
        "changes": changes_of(found, membership),
        "facts": shown(facts_of(found).values(), sensitive=may_unmask),
        "has_account": Account.objects.filter(person=found, is_active=True).exists(),
        "may_unmask": may_unmask,
        "may_edit": bool(request.access.may("people.edit", found.place_code)),
        "why": explain(request.access, "people.see", found.place_code, request.language),
        "number": number,
        "form": form,
    }
    return page(request, "people/person.html", status=form.status, **context)
