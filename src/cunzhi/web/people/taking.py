"""A list of people is looked through, then taken: the import, in two steps."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cunzhi.base.errors import Refused
from cunzhi.registry.imports.sheet import LARGEST_FILE
from cunzhi.registry.imports.taking import preview, take
from cunzhi.registry.imports.template import template_xlsx
from cunzhi.registry.queries.places import name_of
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.people.homes import homes
from cunzhi.web.request import Request

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


class ListForm(Form):
    """Which village, and the file."""

    place_code = forms.ChoiceField(label="web.take.place")
    file = forms.FileField(label="web.take.file")


@login_required
@require_http_methods(["GET", "POST"])
def take_people(request: Request) -> HttpResponse:
    """Look a file through and say row by row what it would do."""
    form = ListForm(request.POST or None, request.FILES or None)
    form.choose("place_code", homes(request, "people.import"))
    if request.method == "POST" and form.is_valid():
        file, place_code = form.cleaned_data["file"], form.cleaned_data["place_code"]
        try:
            seen = preview(file=file.read(LARGEST_FILE + 1), place_code=place_code, by=request.actor)
        except Refused as error:
            form.refuse(error)
        else:
            shown = seen.problems[:MOST_SHOWN]
            context = {"seen": seen, "place": name_of(place_code), "shown": shown, "file_name": file.name}
            return page(request, "people/preview.html", **context)
    return page(request, "people/take.html", status=form.status, form=form, megabytes=LARGEST_FILE // 1024**2)


@login_required
@require_POST
def take_previewed(request: Request) -> HttpResponse:
    """Do what the preview said."""
    batch = take(token=request.POST.get("token", ""), by=request.actor)
    messages.success(request, t("web.take.done", new=batch.counts["new"], changed=batch.counts["changed"]))
    return redirect("people")


@login_required
@require_safe
def empty_sheet(request: Request) -> HttpResponse:
    """The sheet to fill in, with its instructions."""
    response = HttpResponse(template_xlsx(request.language), content_type=SHEET)
    response["Content-Disposition"] = 'attachment; filename="cunzhi-people.xlsx"'
    return response
