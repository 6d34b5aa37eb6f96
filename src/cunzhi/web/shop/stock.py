"""The shelf of a village's shop: what is there, what came in, what it costs, what was counted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.queries.cases import inbox, workflow_of
from cunzhi.engine.queries.worklist import Waiting, columns, lines
from cunzhi.ledger.actions import add_item, set_price, stock_in, take_stock, withdraw_item
from cunzhi.ledger.models import Item, StockCount
from cunzhi.ledger.queries import items
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.acting import VILLAGE
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import fresh_key
from cunzhi.web.forms import Form
from cunzhi.web.inbox.lines import rows_of
from cunzhi.web.language import t
from cunzhi.web.request import Request
from cunzhi.web.shop.counter import item_name
from cunzhi.web.shop.forms import CountForm, ItemForm, PriceForm, StockInForm, WithdrawForm

MOST_WAITING = 20
LOOKED_THROUGH = 200


@login_required
@require_safe
def stock(request: Request) -> HttpResponse:
    """Everything on the shelf, what waits to be collected, and the last counts."""
    here = shop_of(request)
    found = items(here)
    mine = lines(columns(inbox(request.access))[:LOOKED_THROUGH])
    waiting = [case for case in mine if _to_hand_over(case)][:MOST_WAITING]
    counts = StockCount.objects.filter(item__place_code=here).select_related("item").order_by("-id")[:5]
    context: dict[str, Any] = {
        "stock": [(one, item_name(one.item)) for one in found],
        "waiting": rows_of(waiting),
        "counts": [(one, item_name(one.item)) for one in counts],
        "place": names_of([here])[here],
        "shops": [(code, name) for code, name in names_of(_shops(request)).items() if code != here],
    }
    return matter_page(request, "shop/stock.html", **context)


@login_required
@require_http_methods(["GET", "POST"])
def new_item(request: Request) -> HttpResponse:
    """Offer something new."""
    here = shop_of(request)

    def add(form: Form) -> None:
        add_item(by=request.actor, place_code=here, **form.cleaned_data)

    return _ask(request, ItemForm, add, title=t("web.shop.new"), place=here)


@login_required
@require_http_methods(["GET", "POST"])
def goods_in(request: Request, item_id: int) -> HttpResponse:
    """Delivered pieces, with the delivery note or the donor."""
    item = _item(request, item_id)

    def put(form: Form) -> None:
        stock_in(by=request.actor, item=item, **{**form.cleaned_data, "key": f"in:{form.cleaned_data['key']}"})

    return _ask(request, StockInForm, put, title=t("web.shop.stock_in"), item=item)


@login_required
@require_http_methods(["GET", "POST"])
def price(request: Request, item_id: int) -> HttpResponse:
    """Another price from now on, by a decision."""
    item = _item(request, item_id)

    def change(form: Form) -> None:
        set_price(by=request.actor, item=item, **form.cleaned_data)

    return _ask(request, PriceForm, change, title=t("web.shop.change_price"), item=item)


@login_required
@require_http_methods(["GET", "POST"])
def count(request: Request, item_id: int) -> HttpResponse:
    """What was counted; a difference is booked with its reason."""
    item = _item(request, item_id)

    def keep(form: Form) -> None:
        take_stock(by=request.actor, item=item, **{**form.cleaned_data, "key": f"count:{form.cleaned_data['key']}"})

    return _ask(request, CountForm, keep, title=t("web.shop.count"), item=item)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, item_id: int) -> HttpResponse:
    """Offer it no longer."""
    item = _item(request, item_id)

    def end(form: Form) -> None:
        withdraw_item(by=request.actor, item=item)

    return _ask(request, WithdrawForm, end, title=t("web.shop.withdraw"), item=item)


def shop_of(request: Request) -> str:
    """The village whose shop one keeps; the first when there are several, or the one that the address names."""
    shops = _shops(request)
    asked = request.GET.get("place", "") or request.POST.get("place", "")
    if not shops:
        raise Forbidden("web.shop.not_yours")
    return asked if asked in shops else shops[0]


def _shops(request: Request) -> list[str]:
    return [code for code in request.access.places("stock.manage") if len(code) == VILLAGE]


def _to_hand_over(case: Waiting) -> bool:
    return any(way.code for way in workflow_of(case).leaving(case.state).values())


def _item(request: Request, item_id: int) -> Item:
    item = get_object_or_404(Item, pk=item_id)
    request.access.require("stock.manage", item.place_code)
    return item


def _ask(
    request: Request,
    kind: type[Form],
    act: Callable[[Form], None],
    *,
    title: str,
    item: Item | None = None,
    place: str = "",
) -> HttpResponse:
    """One small form: show it, or do what it says and go back to the shelf."""
    sent = request.method == "POST"
    form = kind(request.POST if sent else None, initial={"key": fresh_key()})
    if sent and form.is_valid():
        try:
            act(form)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.shop.done", what=title))
            return redirect("stock")
    name = item_name(item) if item else ""
    return matter_page(
        request, "shop/form.html", status=form.status, form=form, title=title, item_name=name, place=place
    )
