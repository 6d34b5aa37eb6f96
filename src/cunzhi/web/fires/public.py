"""For everybody: how many fires satellites saw in a place, what they were, and what satellites cannot see."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.fires.models import Event
from cunzhi.fires.queries.events import between, last_look
from cunzhi.registry.queries.places import place
from cunzhi.web.fires.bulletin import COUNTED, Week
from cunzhi.web.formats import day
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.request import Request

WEEKS = 8


@require_safe
def place_fires(request: Request, code: str) -> HttpResponse:
    """Counts by week, without points: where exactly it burned is for those who go there."""
    found = place(code)
    if found is None or found.level not in ("county", "township"):
        raise Http404(code)
    this = Week.of(clock.today())
    here = Event.objects.filter(under(code), merged_into__isnull=True)
    rows = []
    for back in range(WEEKS):
        week = this.moved(-back)
        counts = here.filter(between(week.first, week.after)).aggregate(
            all=Count("pk"), sent=Count("pk", filter=~Q(case_record="")), **_by_kind()
        )
        said = f"{day(week.first)} – {day(week.after - timedelta(days=1))}"
        rows.append([said, counts["all"], counts["sent"], *(counts[kind] for kind in COUNTED)])
    since = this.moved(1 - WEEKS).first
    simulated = here.filter(between(since, this.after), simulated=True).exists()
    names = ("week", "all", "sent", *COUNTED)
    columns = [(t(f"web.fires.column.{name}"), "text" if name == "week" else "number") for name in names]
    context: dict[str, Any] = {
        "place": found,
        "rows": rows,
        "columns": columns,
        "look": last_look(code),
        "simulated": simulated,
    }
    return page(request, "fires/public.html", **context)


def _by_kind() -> dict[str, Count]:
    return {kind: Count("pk", filter=Q(found=kind)) for kind in COUNTED}
