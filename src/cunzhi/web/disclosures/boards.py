"""A village's board for everybody: what was made public, by column, and what is missing."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from cunzhi.engine.models import Notice
from cunzhi.engine.queries.calendar import columns_of
from cunzhi.engine.queries.notices import public_notices
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import path_of, place
from cunzhi.web.disclosures.words import Shown, shown_column
from cunzhi.web.language import t, words
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

IN_COLUMN = 2
"""How many notices of a column stand on the board before one asks for all."""
IN_FEED = 30


@require_safe
def board(request: Request, code: str) -> HttpResponse:
    """Every column with its latest notices and a mark where one is late; or all notices of one column."""
    village = village_or_404(code)
    columns = {one.name: one for one in columns_of(code)}
    wanted = columns.get(request.GET.get("column", ""))
    context: dict[str, Any] = {"place": village, "names": path_of(code)}
    if wanted is not None:
        found = paged(request, public_notices(code).filter(column=wanted.name))
        return page(request, "disclosures/column.html", column=shown_column(wanted), pager=found, **context)
    shown: list[tuple[Shown, list[Notice]]] = [
        (shown_column(one), list(public_notices(code).filter(column=one.name)[:IN_COLUMN])) for one in columns.values()
    ]
    late = [one for one, _ in shown if one.missing]
    others = list(public_notices(code).exclude(column__in=list(columns))[:IN_COLUMN])
    return page(request, "disclosures/board.html", columns=shown, late=late, others=others, **context)


@require_safe
def feed(request: Request, code: str) -> HttpResponse:
    """The same as an Atom feed, for whoever reads many villages."""
    village = village_or_404(code)
    address = request.build_absolute_uri
    made = Atom1Feed(
        title=t("web.disclosures.feed", place=village.name),
        link=address(reverse("board", args=[code])),
        description=t("web.disclosures.feed", place=village.name),
        feed_url=address(reverse("board_feed", args=[code])),
        language=request.language,
    )
    titles = {one.name: words(one.duty.title) for one in columns_of(code, look_back=0)}
    for one in public_notices(code)[:IN_FEED]:
        link = address(reverse("notice", args=[one.pk]))
        made.add_item(
            title=one.title, link=link, description=one.text, unique_id=link, pubdate=one.at, updateddate=one.at,
            categories=[titles[one.column]] if one.column in titles else [],
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def village_or_404(code: str) -> Place:
    found = place(code)
    if found is None or found.level != "village":
        raise Http404(code)
    return found
