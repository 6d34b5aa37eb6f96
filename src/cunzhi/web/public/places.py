"""Places for everybody: find one by name, walk down from the province to the grid."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.deliberation.queries.topics import closed_votes
from cunzhi.engine.queries.messages import notices_at
from cunzhi.engine.words import notice_in
from cunzhi.registry.queries.places import LENGTHS, children, names_of, place, search
from cunzhi.web.pages import page
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

PROVINCE = "50"
VOTES = 10


@require_safe
def places(request: Request) -> HttpResponse:
    """The counties, or what was looked for."""
    text = request.GET.get("q", "").strip()[:40]
    found = search(text) if text else children(PROVINCE)
    above = names_of(code for one in found for code in _above(one.code))
    rows = [(one, " › ".join(above[code] for code in _above(one.code))) for one in found]
    return page(request, "public/places.html", text=text, rows=rows)


@require_safe
def one_place(request: Request, code: str) -> HttpResponse:
    """A place, what it belongs to, what lies in it, and what is made public there, with names masked."""
    found = place(code)
    if found is None:
        raise Http404
    names = names_of(_above(code))
    path = [(names[one], one) for one in _above(code)]
    posted = paged(request, notices_at(code))
    notices = [(one, notice_in(one, request.language)) for one in posted.rows]
    votes = closed_votes(code)[:VOTES]
    context: dict[str, Any] = {"place": found, "path": path, "below": children(code), "votes": votes}
    return page(request, "public/place.html", notices=notices, pager=posted, **context)


def _above(code: str) -> list[str]:
    """The codes of all that a place belongs to, the county first."""
    return [code[:length] for length in LENGTHS if len(PROVINCE) < length < len(code)]
