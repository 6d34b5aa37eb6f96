"""One human being who stands in the register twice: found, compared, and made one."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Refused
from cunzhi.registry.actions.doubles import merge_people
from cunzhi.registry.models import Account, Person
from cunzhi.registry.queries.households import membership_of
from cunzhi.registry.queries.people import PersonCard, card, people
from cunzhi.registry.queries.places import names_of
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.people.changes import EDIT
from cunzhi.web.people.views import one_person
from cunzhi.web.request import Request

MOST = 20


@dataclass(frozen=True)
class Side:
    """One of the two entries, as far as the reader may see it."""

    card: PersonCard
    place: str
    household: str
    has_account: bool


@login_required
@require_safe
def find_double(request: Request, person_id: int) -> HttpResponse:
    """Other entries that may be the same person: of the same name, or what the reader looks for."""
    found = _editable(request, person_id)
    text = request.GET.get("q", "").strip()[:40]
    others = people(request.access, text or found.name, EDIT).exclude(pk=found.pk)[:MOST]
    cards = [card(one, request.access) for one in others]
    names = names_of(one.place_code for one in cards)
    context: dict[str, Any] = {"card": card(found, request.access), "text": text, "cards": cards, "names": names}
    return page(request, "people/find_double.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: Request, person_id: int, double_id: int) -> HttpResponse:
    """Both entries side by side; the second goes up in the first."""
    kept, double = _editable(request, person_id), _editable(request, double_id)
    problem: Refused | None = None
    if request.method == "POST":
        try:
            merge_people(kept=kept, double=double, by=request.actor)
        except Refused as refused:
            problem = refused
        else:
            messages.success(request, t("web.merge.done"))
            return redirect("person", kept.pk)
    context = {"kept": _side(request, kept), "double": _side(request, double), "problem": problem}
    return page(request, "people/merge.html", status=422 if problem else 200, **context)


def _editable(request: Request, person_id: int) -> Person:
    found = one_person(request, person_id)
    request.access.require(EDIT, found.place_code)
    return found


def _side(request: Request, person: Person) -> Side:
    held = membership_of(person)
    return Side(
        card=card(person, request.access),
        place=names_of([person.place_code])[person.place_code],
        household=t("web.people.household", number=held.household.number) if held else "–",
        has_account=Account.objects.filter(person=person, is_active=True).exists(),
    )
