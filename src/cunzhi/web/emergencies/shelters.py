"""A shelter while an emergency runs: its keeper counts heads, prints the sheet for the door, and households come in."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.emergencies.actions.arriving import come_in, enter_household, enter_others
from cunzhi.emergencies.codes import code_of, opens
from cunzhi.emergencies.models import Arrival, Emergency, Shelter
from cunzhi.emergencies.queries.heads import counting, filling, households_at, households_in, lives_near
from cunzhi.emergencies.queries.running import may_count
from cunzhi.registry.models import Household, Person
from cunzhi.registry.queries.households import household_of, members
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.emergencies.board import emergency_or_404
from cunzhi.web.emergencies.report import shelter_name, shown
from cunzhi.web.forms import Form
from cunzhi.web.language import current, t
from cunzhi.web.log.codes import code_of as square_of
from cunzhi.web.middleware import status_of
from cunzhi.web.request import Request, account_of

LONGEST = 20
MOST = 100_000


class PaperForm(Form):
    """From the paper at the door: one household with its number, or, without one, all the others."""

    number = forms.CharField(label="web.emergencies.household", max_length=LONGEST, required=False)
    heads = forms.IntegerField(label="web.emergencies.heads", min_value=0, max_value=MOST)
    key = forms.CharField(max_length=40, required=False)


@login_required
@require_http_methods(["GET", "POST"])
def keeping(request: Request, emergency_id: int, shelter_id: int) -> HttpResponse:
    """How many are here, and entering more of them."""
    found, _ = emergency_or_404(request, emergency_id)
    shelter = _shelter(request, shelter_id)
    form = PaperForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _enter(request, found, shelter, form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.emergencies.entered", heads=form.cleaned_data["heads"]))
            return redirect("emergency_shelter", found.pk, shelter.pk)
    sees = request.access.may("people.see", shelter.place_code) is not None
    context: dict[str, Any] = shown(found) | {
        "shelter": shelter, "name": shelter_name(shelter), "filling": filling(found, shelter), "form": form,
        "key": uuid4().hex, "rows": _rows(found, shelter) if sees else [], "others": _others(found, shelter),
    }  # fmt: skip
    return matter_page(request, "emergencies/shelter.html", status=form.status, **context)


def _shelter(request: Request, shelter_id: int) -> Shelter:
    """One whose heads the reader may count; hidden and missing look the same."""
    found = Shelter.objects.filter(pk=shelter_id).first()
    if found is None or not may_count(request.access, found):
        raise Http404(shelter_id)
    return found


def _enter(request: Request, found: Emergency, shelter: Shelter, given: dict[str, Any]) -> Arrival:
    number = given["number"].strip()
    heads, key = given["heads"], given["key"]
    if not number:
        return enter_others(by=request.actor, emergency=found, shelter=shelter, heads=heads, key=key)
    home = _household(found, shelter, number)
    return enter_household(by=request.actor, emergency=found, shelter=shelter, household=home, heads=heads, key=key)


def _household(found: Emergency, shelter: Shelter, number: str) -> Household:
    """The household with this number where the emergency is, else where the shelter stands."""
    homes = households_in(found.place_code, number) or households_in(shelter.place_code, number)
    if not homes:
        raise Refused("emergencies.no_such_number", field="number", number=number)
    if len(homes) > 1:
        raise Refused("emergencies.several_numbers", field="number", number=number)
    return homes[0]


def _rows(found: Emergency, shelter: Shelter) -> list[list[str]]:
    rows = households_at(found, shelter)
    return [[row.household.number, str(row.heads), t(f"emergencies.how.{row.how}")] for row in rows if row.household]


def _others(found: Emergency, shelter: Shelter) -> int:
    return sum(row.heads for row in counting(found) if row.shelter_id == shelter.pk and row.household_id is None)


@login_required
@require_safe
def sheet(request: Request, emergency_id: int, shelter_id: int) -> HttpResponse:
    """To print and hang at the door: the square picture, and lines for whoever has no phone."""
    found, _ = emergency_or_404(request, emergency_id)
    shelter = _shelter(request, shelter_id)
    code = code_of(found, shelter)
    way = reverse("come_to_shelter", args=[found.pk, shelter.pk])
    address = request.build_absolute_uri(f"{way}?{urlencode({'code': code})}")
    context: dict[str, Any] = shown(found) | {
        "shelter": shelter, "name": shelter_name(shelter), "code": code, "square": square_of(address),
        "lines": range(1, 31),
    }  # fmt: skip
    return matter_page(request, "emergencies/sheet.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def come(request: Request, emergency_id: int, shelter_id: int) -> HttpResponse:
    """A villager says with the code of the sheet that their household is here."""
    found, shelter = get_object_or_404(Emergency, pk=emergency_id), get_object_or_404(Shelter, pk=shelter_id)
    if not shelter.place_code.startswith(found.place_code[:9]):
        raise Http404(shelter_id)
    home = household_of(Person.objects.get(pk=account_of(request).person_id))
    if home is None or not lives_near(home, found, shelter):
        raise Forbidden("emergencies.no_household")
    given = request.POST if request.method == "POST" else request.GET
    if request.method == "GET" and not opens(found, shelter, given.get("code", "")[:LONGEST]):
        raise Refused("emergencies.wrong_code")
    problem, arrival = None, None
    if request.method == "POST":
        try:
            arrival = come_in(
                by=request.actor, emergency=found, shelter=shelter, heads=_whole(given.get("heads", "")),
                code=given.get("code", "")[:LONGEST], key=given.get("key", "").replace("\x00", "")[:40],
            )  # fmt: skip
        except Refused as refused:
            problem = refused
    context: dict[str, Any] = shown(found) | {
        "shelter": shelter, "name": shelter_name(shelter), "home": home, "arrival": arrival, "key": uuid4().hex,
        "code": given.get("code", "")[:LONGEST], "heads": given.get("heads") or len(members(home)),
        "problem": problem.say(current()) if problem else "",
    }  # fmt: skip
    return matter_page(request, "emergencies/come.html", status=status_of(problem) if problem else 200, **context)


def _whole(text: str) -> int:
    """The number that was typed; one that no rule lets through when it is none."""
    return int(text) if text.isdecimal() and len(text) < 7 else -1
