"""The devices of a station: who looks after it gives them their secrets and takes these back."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.base.errors import Refused
from cunzhi.perception.actions.devices import LONGEST_NAME, give_token, revoke
from cunzhi.perception.models import Device, Thing
from cunzhi.perception.queries.devices import user_name
from cunzhi.perception.queries.scope import Scope
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.request import Request


class DeviceForm(Form):
    """What the device is called, so that one knows later which it was."""

    name = forms.CharField(label="web.perception.device_name", max_length=LONGEST_NAME)


@sensitive_variables("secret")
@login_required
@require_http_methods(["GET", "POST"])
def devices(request: Request, thing_id: int) -> HttpResponse:
    """The devices of one station. A new secret stands on the answer to the form and nowhere else."""
    scope = Scope(request.actor, request.access)
    thing = Thing.objects.filter(scope.visible(Thing), pk=thing_id).first()
    if thing is None:
        raise Http404(thing_id)
    scope.require(thing.place_code)
    form = DeviceForm(request.POST if request.method == "POST" else None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = give_token(scope=scope, thing=thing, name=form.cleaned_data["name"])
            form = DeviceForm()
        except Refused as refused:
            form.refuse(refused)
    context = {
        "thing": thing,
        "form": form,
        "made": made,
        "secret": secret,
        "user": user_name(made.pk) if made else "",
        "streams": list(thing.datastreams.order_by("pk")),
        "held": list(thing.devices.order_by("-pk")),
    }
    return page(request, "perception/devices.html", status=form.status, **context)


@login_required
@require_POST
def revoke_device(request: Request, device_id: int) -> HttpResponse:
    """The device sends nothing more."""
    scope = Scope(request.actor, request.access)
    found = Device.objects.select_related("thing").filter(pk=device_id).first()
    if found is None or not Thing.objects.filter(scope.visible(Thing), pk=found.thing_id).exists():
        raise Http404(device_id)
    revoke(scope=scope, device=found)
    messages.success(request, t("web.perception.was_revoked", name=found.name))
    return redirect("devices", found.thing_id)
