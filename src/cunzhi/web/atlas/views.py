"""The map of a county: sensors, alarms, fires, warnings, each leading to its record; and the same in a list."""

from functools import partial
from typing import Any

from django.db.models.functions import Substr
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import children, name_of, names_of, ours, place
from cunzhi.web.atlas.drawing import drawn
from cunzhi.web.atlas.gathering import address_of, gather, sums_of
from cunzhi.web.atlas.layer import Frame
from cunzhi.web.atlas.layers import LAYERS
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.request import Request

COUNTY, TOWNSHIP = 6, 9
LEVELS = ("county", "township", "village")
VERBS = ("alarms.see", "sensors.see")
"""Where somebody may do this is where their map begins."""
MOST_PLACES = 60


@require_safe
def county_map(request: Request) -> HttpResponse:
    """Of a place and the layers that are ticked; without a place, where the reader serves, else the only county."""
    code = _place_of(request)
    if not code:
        counties = names_of(_counties())
        return page(request, "atlas/counties.html", counties=sorted(counties.items()))
    found = _required(code)
    frame = Frame(request, found.code)
    layers = [name for name, layer in LAYERS.items() if layer.shown(frame)]
    asked = request.GET.getlist("layer") if request.GET.get("chosen") else layers
    names = [one for one in layers if one in asked]
    nearer = partial(address_of, chosen=names, every=len(layers))
    shown = gather([LAYERS[one] for one in names], frame, nearer)
    title = t("web.map.of", place=found.name)
    marks = [(layer, one) for layer in shown for one in layer.marks if not layer.summed]
    above = [found.code[:length] for length in (COUNTY, TOWNSHIP) if length < len(found.code)]
    context: dict[str, Any] = {
        "place": found,
        "title": title,
        "chart": drawn(title, found.code, shown),
        "shown": shown,
        "layers": layers,
        "names": names,
        "marks": marks,
        "where": names_of(one.place_code for _, one in marks),
        "sums": sums_of(shown, nearer),
        "above": [(name_of(code), nearer(code)) for code in above],
        "near": [(one.name, nearer(one.code)) for one in _below(found)],
        "now": clock.now(),
    }
    return page(request, "atlas/map.html", **context)


def _below(found: Place) -> list[Place]:
    """The townships of a county, the villages of a township."""
    return children(found.code)[:MOST_PLACES] if found.level != "village" else []


def _required(code: str) -> Place:
    found = place(code) if code.isascii() and code.isdecimal() else None
    if found is None or found.level not in LEVELS:
        raise Http404(code)
    return found


def _place_of(request: Request) -> str:
    if asked := request.GET.get("place", "").strip():
        return asked
    served = sorted((code for verb in VERBS for code in request.access.places(verb) if code), key=len)
    if served:
        return served[0][:TOWNSHIP]
    counties = _counties()
    return counties[0] if len(counties) == 1 else ""


def _counties() -> list[str]:
    """Those whose villages are known here."""
    villages = ours().filter(level="village", valid_to__isnull=True)
    return list(
        villages.order_by().annotate(county=Substr("code", 1, COUNTY)).values_list("county", flat=True).distinct()
    )
