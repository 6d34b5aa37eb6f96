"""Lists of people are taken out: masked by those who see them, in clear only for a stated purpose."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.registry.imports.export import export_people, export_people_in_clear
from cunzhi.registry.models import Disclosure, Place
from cunzhi.web.pages import page
from cunzhi.web.people.change_forms import ClearListForm, ListForm
from cunzhi.web.people.forms import named
from cunzhi.web.people.homes import reached
from cunzhi.web.people.taking import SHEET
from cunzhi.web.request import Request

LEVELS = (Place.Level.TOWNSHIP, Place.Level.VILLAGE, Place.Level.GRID)


@login_required
@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponse:
    """A list with masked numbers."""
    form = ListForm(request.POST or None)
    form.choose("place_code", reached(request, "people.see", LEVELS))
    if request.method == "POST" and form.is_valid():
        return _sheet(export_people(by=request.actor, language=request.language, **form.cleaned_data))
    return page(request, "people/export.html", status=form.status, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def export_in_clear(request: Request) -> HttpResponse:
    """A list with whole numbers: everybody on it can read who took it out, and what for."""
    form = ClearListForm(request.POST or None)
    form.choose("place_code", reached(request, "people.unmask", LEVELS))
    form.choose("purpose", named("web.people.purposes", list(Disclosure.Purpose.values)))
    if request.method == "POST" and form.is_valid():
        try:
            return _sheet(export_people_in_clear(by=request.actor, language=request.language, **form.cleaned_data))
        except Refused as error:
            form.refuse(error)
    return page(request, "people/export_in_clear.html", status=form.status, form=form)


def _sheet(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="cunzhi-people-{clock.today():%Y%m%d}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
