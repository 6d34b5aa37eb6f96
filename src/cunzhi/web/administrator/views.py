"""Who holds which role where, by which decision; appointing somebody, and ending it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.registry.access import in_force
from cunzhi.registry.actions.appointments import appoint, end_appointment
from cunzhi.registry.models import Appointment, Place
from cunzhi.registry.queries.people import account_by_phone
from cunzhi.registry.queries.places import names_of
from cunzhi.registry.roles import roles
from cunzhi.web.administrator.forms import AppointForm, EndForm
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.people.homes import reached
from cunzhi.web.request import Request

LEVELS = tuple(level for level in Place.Level.values if level != Place.Level.PROVINCE)


@login_required
@require_safe
def appointments(request: Request) -> HttpResponse:
    """Roles held now, or all that ended, where the reader appoints."""
    ended = request.GET.get("ended") == "1"
    found = paged(request, _held(request, ended))
    names = names_of(one.place_code for one in found.rows)
    titles = {name: role.title.in_(request.language) for name, role in roles().items()}
    return page(request, "administrator/appointments.html", pager=found, names=names, titles=titles, ended=ended)


def _held(request: Request, ended: bool) -> QuerySet[Appointment]:
    reach = request.access.limit(Appointment.objects.select_related("person"), "appoint")
    now = in_force(clock.today())
    rows = reach.exclude(now) if ended else reach.filter(now)
    return rows.order_by("place_code", "role", "id")


@login_required
@require_http_methods(["GET", "POST"])
def new_appointment(request: Request) -> HttpResponse:
    """Appoint somebody who has a sign-in."""
    form = AppointForm(request.POST or None, places=reached(request, "appoint", LEVELS))
    if request.method == "POST" and form.is_valid():
        try:
            _appoint(request, form)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.appointments.made"))
            return redirect("appointments")
    return page(request, "administrator/new.html", status=form.status, form=form)


def _appoint(request: Request, form: AppointForm) -> None:
    given = dict(form.cleaned_data)
    account = account_by_phone(given.pop("phone"))
    if account is None:
        raise Refused("web.appointments.nobody", field="phone")
    appoint(person=account.person, by=request.actor, **given)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: Request, appointment_id: int) -> HttpResponse:
    """End a role with a day."""
    found = get_object_or_404(Appointment.objects.select_related("person"), pk=appointment_id)
    request.access.require("appoint", found.place_code)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_appointment(appointment=found, by=request.actor, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.appointments.was_ended"))
            return redirect("appointments")
    place, title = names_of([found.place_code])[found.place_code], roles()[found.role].title.in_(request.language)
    context = {"appointment": found, "place": place, "title": title}
    return page(request, "administrator/end.html", status=form.status, form=form, **context)
