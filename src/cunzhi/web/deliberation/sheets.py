"""Code sheets: print them once, hand them out, and note who got one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from segno import make

from cunzhi.base.errors import Refused
from cunzhi.deliberation import codes
from cunzhi.deliberation.actions.sheets import hand_out, print_sheets, require_printer, take_back, void_sheets
from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.topics import named, roll_rows
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import is_id
from cunzhi.web.deliberation.forms import ReasonForm
from cunzhi.web.deliberation.reading import seen
from cunzhi.web.language import t
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

LINES = 40


def _topic(request: Request, topic_id: int) -> Topic:
    topic, _ = seen(request, topic_id)
    require_printer(request.actor, topic)
    return topic


@login_required
@require_http_methods(["GET", "POST"])
def sheets(request: Request, topic_id: int) -> HttpResponse:
    """How many are printed and handed out; tick those who just drew one from the pile."""
    topic = _topic(request, topic_id)
    if request.method == "POST":
        numbers = [int(one) for one in request.POST.getlist("number") if is_id(one)]
        wrong = "wrong" in request.POST
        count = (take_back if wrong else hand_out)(by=request.actor, topic=topic, numbers=numbers)
        messages.success(request, t("web.topics.taken_back" if wrong else "web.topics.handed_out", count=count))
        return redirect("sheets", topic.pk)
    ticked = request.GET.get("given") == "1"
    found = paged(request, roll_rows(topic).filter(struck_at__isnull=True, sheet_at__isnull=not ticked), LINES)
    printed = topic.sheets.filter(void=False).count()
    voters = topic.voters.filter(struck_at__isnull=True).count()
    context: dict[str, Any] = {
        "topic": topic,
        "printed": printed,
        "voters": voters,
        "given": topic.voters.filter(sheet_at__isnull=False).count(),
        "rows": named(found.rows),
        "pager": found,
        "ticked": ticked,
        "reason": ReasonForm(),
    }
    return matter_page(request, "deliberation/sheets.html", **context)


@login_required
@require_POST
def print_all(request: Request, topic_id: int) -> HttpResponse:
    """The sheets to print, shown this once; nothing of them is left on this computer."""
    topic = _topic(request, topic_id)
    drawn = [codes.grouped(code) for code in print_sheets(by=request.actor, topic=topic)]
    address = request.build_absolute_uri(reverse("ballot", args=[topic.pk]))
    qr = make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    return matter_page(request, "deliberation/printed.html", topic=topic, codes=drawn, address=address, qr=qr)


@login_required
@require_POST
def make_void(request: Request, topic_id: int) -> HttpResponse:
    """The printer jammed: make all sheets void, as long as none is out."""
    topic = _topic(request, topic_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("web.topics.void_reason")
    count = void_sheets(by=request.actor, topic=topic, reason=form.cleaned_data["reason"])
    messages.success(request, t("web.topics.voided", count=count))
    return redirect("sheets", topic.pk)
