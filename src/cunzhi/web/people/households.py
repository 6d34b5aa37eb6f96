"""The households of one's places, with their heads."""

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.registry.access import in_force
from cunzhi.registry.models import Household, Membership
from cunzhi.registry.queries.facts import facts_of
from cunzhi.registry.queries.households import members
from cunzhi.registry.queries.people import card as card_of
from cunzhi.registry.queries.people import current
from cunzhi.registry.queries.places import names_of
from cunzhi.web.knowledge import shown
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

LIVING = "living"


@login_required
@require_safe
def households(request: Request) -> HttpResponse:
    """Households in the order of their numbers; found by number, address or the name of somebody in them."""
    text = request.GET.get("q", "").strip()[:40]
    found = paged(request, _reached(request, text))
    rows = [(one, *_head_and_size(one)) for one in found.rows]
    names = names_of([*(one.place_code for one in found.rows), *request.access.places("people.see")])
    return page(request, "people/households.html", text=text, pager=found, rows=rows, names=names)


@login_required
@require_safe
def household(request: Request, household_id: int) -> HttpResponse:
    """Who lives together, and what is held about the household."""
    found = get_object_or_404(Household, pk=household_id)
    request.access.require("people.see", found.place_code)
    living = [(card_of(member.person, request.access), member.relation, member.since) for member in members(found)]
    facts = shown(facts_of(found).values(), sensitive=bool(request.access.may("people.unmask", found.place_code)))
    names = names_of([found.place_code])
    return page(request, "people/household.html", household=found, members=living, facts=facts, names=names)


def _reached(request: Request, text: str) -> QuerySet[Household]:
    now = Membership.objects.filter(in_force(clock.today())).select_related("person__merged_into")
    rows = request.access.limit(Household.objects.filter(until__isnull=True), "people.see")
    if text:
        lives_in = Membership.objects.filter(in_force(clock.today()), person__name__icontains=text)
        rows = rows.filter(Q(number=text) | Q(address__icontains=text) | Q(pk__in=lives_in.values("household_id")))
    return rows.prefetch_related(Prefetch("memberships", queryset=now, to_attr=LIVING)).order_by("place_code", "number")


def _head_and_size(one: Household) -> tuple[str, int]:
    """The name of the head, and how many people there are; doubles of one person count once."""
    living: list[Membership] = getattr(one, LIVING)
    heads = [current(held.person).name for held in living if held.relation == Membership.Relation.HEAD]
    return (heads[0] if heads else ""), len({current(held.person).pk for held in living})
