"""The village's shop as villagers see it: what there is, for how many points, and the way to ask for it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cunzhi.engine.queries.openings import Opening, openings
from cunzhi.ledger.models import Item
from cunzhi.ledger.queries import balance, items
from cunzhi.web.cases.acting import acting
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.language import current
from cunzhi.web.request import Request
from cunzhi.web.village.points import accounts_of


@dataclass(frozen=True)
class Good:
    """One good on the counter. `lacking` is how many points are missing for a piece."""

    name: str
    price: int
    left: int
    lacking: int
    address: str


@login_required
@require_safe
def counter(request: Request) -> HttpResponse:
    """Goods with price and stock, what fits one's points first."""
    acts = acting(request)
    household = acts.household
    own = accounts_of(acts.village, household.record).get("household") if household else None
    have = balance(own) if own else 0
    way = _exchange(openings(acts.access, acts.home))
    goods = [
        Good(
            item_name(stock.item),
            stock.item.price,
            stock.left,
            max(stock.item.price - have, 0),
            _address(way, stock.item),
        )
        for stock in items(acts.village)
    ]
    goods.sort(key=lambda good: (good.left == 0, good.lacking > 0, good.price))
    return matter_page(request, "shop/counter.html", goods=goods, balance=have, open_here=way is not None)


def item_name(item: Item) -> str:
    return item.name_en or item.name if current().startswith("en") else item.name


def _exchange(found: list[Opening]) -> tuple[Opening, str] | None:
    """The workflow that gives goods: the one whose form asks which, and the field that asks it."""
    for opening in found:
        for one in opening.form.fields if opening.form else []:
            if one.choices_from and one.choices_from.lookup == "goods":
                return opening, one.name
    return None


def _address(way: tuple[Opening, str] | None, item: Item) -> str:
    if way is None:
        return ""
    opening, field = way
    return f"{reverse('report_form', args=[opening.scenario.slug, opening.name])}?{field}={item.pk}"
