"""The printed sheet for when the network is down."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cunzhi.alarms.actions.lists import open_lists
from cunzhi.alarms.queries.knocks import Knock, reason_in
from cunzhi.alarms.wording import subject_of
from cunzhi.base import clock
from cunzhi.registry.queries.places import name_of
from cunzhi.registry.roles import roles
from cunzhi.web.alarms.desk import alarm_or_404
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.language import current, t, words
from cunzhi.web.request import Request


@login_required
@require_POST
def sheet(request: Request, alarm_id: int) -> HttpResponse:
    """Whom to telephone, rung by rung, and the doors; a POST, for opening it is noted."""
    found = alarm_or_404(request, alarm_id)
    subject = subject_of(found, current())
    lists = open_lists(by=request.actor, alarm=found, words=t("web.alarms.sheet_words", number=found.pk))
    context: dict[str, Any] = {
        "alarm": found,
        "subject": subject,
        "place": name_of(found.place_code),
        "calls": [(words(roles()[rung].title), people) for rung, people in lists.calls if people],
        "doors": [_row(one) for one in lists.doors],
        "sees_people": lists.sees_people,
        "now": clock.now(),
    }
    return matter_page(request, "alarms/sheet.html", **context)


def _row(one: Knock) -> list[str]:
    reasons = [reason_in(reason, current()) for reason in one.reasons]
    reasons += [t("web.alarms.old", count=one.old)] if one.old else []
    return [f"{one.number} {one.address}", one.head, str(one.people), t("web.list_comma").join(reasons), "☐"]
