"""Handing over by code: the shopkeeper types or scans what the villager shows."""

from urllib.parse import parse_qs, urlparse

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.actions.cases import move
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import case_by_number, ways
from cunzhi.web.cases.gist import Gists
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.language import t
from cunzhi.web.middleware import status_of
from cunzhi.web.request import Request
from cunzhi.web.shop.forms import HandOverForm


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: Request) -> HttpResponse:
    """Number and code in, goods out."""
    if not request.access.places("stock.manage"):
        raise Forbidden("web.shop.not_yours")
    if request.method != "POST":
        scanned = {"number": request.GET.get("number", "")[:20], "code": request.GET.get("code", "")[:12]}
        return matter_page(request, "shop/hand_over.html", form=HandOverForm(initial=scanned))
    form = HandOverForm(request.POST)
    status = 422
    if form.is_valid():
        number, code = typed(form.cleaned_data["number"], form.cleaned_data["code"])
        try:
            case = _hand_over(request, number, code)
        except Refused as refused:
            form.refuse(refused)
            status = status_of(refused)
        else:
            what = Gists([case]).of(case)
            messages.success(request, t("web.shop.handed_over", number=case.number, what=what))
            return redirect("stock")
    return matter_page(request, "shop/hand_over.html", status=status, form=form)


def typed(number: str, code: str) -> tuple[str, str]:
    """Number and code from two fields, or both from what a scanner typed into the first: our address, or two words."""
    number = number.strip()
    if "://" in number:
        query = parse_qs(urlparse(number).query)
        return query.get("number", [""])[0], query.get("code", [""])[0]
    head, _, tail = number.rpartition(" ")
    if not code and head and tail.isdecimal():
        return head, tail
    return number, code.replace(" ", "")


def _hand_over(request: Request, number: str, code: str) -> Case:
    case = case_by_number(number, request.access)
    way = next((way for way in ways(case, request.access) if way.transition.code), None)
    if way is None:
        raise Refused("web.shop.nothing_waits", field="number", number=case.number)
    return move(by=request.actor, case=case, transition=way.name, version=case.version, code=code)
