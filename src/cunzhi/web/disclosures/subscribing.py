"""Being told when a village makes something public, and the sheet for the door that leads there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.disclosures import actions
from cunzhi.disclosures.queries import is_subscribed
from cunzhi.registry.queries.places import path_of
from cunzhi.web.disclosures.boards import village_or_404
from cunzhi.web.language import t
from cunzhi.web.log.codes import code_of
from cunzhi.web.pages import page
from cunzhi.web.request import Request, account_of


@login_required
@require_http_methods(["GET", "POST"])
def subscribe(request: Request, code: str) -> HttpResponse:
    """Subscribe or no longer."""
    village = village_or_404(code)
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "1"
        (actions.subscribe if wanted else actions.unsubscribe)(by=request.actor, place_code=code)
        said = "web.disclosures.subscribed" if wanted else "web.disclosures.unsubscribed"
        messages.success(request, t(said, place=village.name))
        return redirect("board", code)
    told = is_subscribed(account_of(request).person_id, code)
    return page(request, "disclosures/subscribe.html", place=village, names=path_of(code), told=told)


@require_safe
def door(request: Request, code: str) -> HttpResponse:
    """A sheet to print: the QR of the board, in large type, for the door and the paper board."""
    village = village_or_404(code)
    link = request.build_absolute_uri(reverse("board", args=[code]))
    return page(request, "disclosures/door.html", place=village, names=path_of(code), link=link, qr=code_of(link))
