"""For everybody, without a sign-in and in few bytes: where to shelter from what runs here now. Nobody's data."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.alarms.wording import hazard_title
from cunzhi.base import clock
from cunzhi.emergencies.queries.heads import room_in
from cunzhi.emergencies.queries.plans import TOWNSHIP, shelters_at
from cunzhi.emergencies.queries.running import covering
from cunzhi.registry.queries.places import path_of, place
from cunzhi.web.emergencies.report import shelter_name, shown
from cunzhi.web.language import current, t
from cunzhi.web.pages import page
from cunzhi.web.request import Request

MOST, MOST_RUNNING = 30, 6
NEARLY_FULL = 10
"""With fewer places left it is said that it is nearly full; how many exactly are there is nobody's business."""


@require_safe
def where(request: Request, code: str) -> HttpResponse:
    """The shelters of a place, the safe ones first, each with its room while something runs."""
    found = place(code)
    if found is None or len(code) < len("500113"):
        raise Http404(code)
    running = list(covering(code)[:MOST_RUNNING])
    hazards = {one.hazard for one in running if not one.drill}
    near = sorted(
        shelters_at(code), key=lambda one: (bool(hazards & set(one.unsafe_in)), not _near(one.place_code, code))
    )
    room = room_in(near, covering(code[:TOWNSHIP]))
    lines = [
        {
            "shelter": one, "name": shelter_name(one), "unsafe": _titles(sorted(hazards & set(one.unsafe_in))),
            "never": _titles(one.unsafe_in), "room": _room(room.get(one.pk)),
        }
        for one in near[:MOST]
    ]  # fmt: skip
    context: dict[str, Any] = {"lines": lines, "code": code, "place": found.name, "path": path_of(code)[:-1]}
    context |= {"running": [shown(one) for one in running], "now": clock.now()}
    response = page(request, "emergencies/public.html", **context)
    response["Cache-Control"] = response.get("Cache-Control", "no-cache")
    return response


def _near(shelter_code: str, code: str) -> bool:
    return shelter_code.startswith(code) or code.startswith(shelter_code)


def _titles(names: list[str]) -> str:
    return t("web.list_comma").join(hazard_title(one, current()) for one in names)


def _room(left: int | None) -> str:
    """room, few or full; empty while nobody has counted."""
    if left is None:
        return ""
    return "full" if left == 0 else "few" if left < NEARLY_FULL else "room"
