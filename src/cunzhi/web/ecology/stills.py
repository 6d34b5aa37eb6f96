"""Stills of camera boxes: for those who look after the place, one at a time, with a reason that is noted."""

from base64 import b64encode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.perception.actions.stills import look_at
from cunzhi.perception.queries.scope import SEE, Scope
from cunzhi.perception.queries.stills import stills_for
from cunzhi.registry.queries.places import names_of
from cunzhi.web.forms import Form
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.request import Request


class LookForm(Form):
    """What somebody looks for."""

    purpose = forms.CharField(label="web.ecology.still.purpose", max_length=200)


@login_required
@require_safe
def stills(request: Request) -> HttpResponse:
    """Which there are, the newest first; none is shown here."""
    if not request.access.places(SEE):
        raise Forbidden("web.perception.not_yours")
    pager = paged(request, stills_for(request.access).select_related("datastream").order_by("-at", "-pk"))
    names = names_of(one.place_code for one in pager.rows)
    return page(request, "ecology/stills.html", pager=pager, names=names)


@login_required
@require_http_methods(["GET", "POST"])
def still(request: Request, still_id: int) -> HttpResponse:
    """One of them: when and where it was taken; the picture itself only as the answer to the form, never kept."""
    found = stills_for(request.access).select_related("datastream").filter(pk=still_id).first()
    if found is None:
        raise Http404(still_id)
    form = LookForm(request.POST if request.method == "POST" else None)
    picture = ""
    if request.method == "POST" and form.is_valid():
        try:
            content = look_at(scope=Scope(request.actor, request.access), still=found, **form.cleaned_data)
            picture = f"data:image/jpeg;base64,{b64encode(content).decode()}"
        except Refused as refused:
            form.refuse(refused)
    context = {"still": found, "form": form, "picture": picture, "names": names_of([found.place_code])}
    return page(request, "ecology/still.html", status=form.status, **context)
