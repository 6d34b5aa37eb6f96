"""The roll of a vote, with masked names; objections to it and what was decided."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cunzhi.base.errors import Refused
from cunzhi.base.text import mask_name
from cunzhi.deliberation.actions.roll import decide_objection, draw_roll, object_to_roll
from cunzhi.deliberation.models import Objection, Topic, Voter
from cunzhi.deliberation.queries.topics import named, objections, roll_rows
from cunzhi.deliberation.queries.voters import of_unknown_age, voter_of
from cunzhi.engine.votes import tell
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.deliberation.forms import DecideForm, ObjectForm
from cunzhi.web.deliberation.reading import posted, seen
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

LINES = 60


@login_required
@require_safe
def roll(request: Request, topic_id: int) -> HttpResponse:
    """Everybody who has a vote, under a number; and what others objected to."""
    topic, acts = seen(request, topic_id)
    found = paged(request, roll_rows(topic), LINES)
    mine = voter_of(topic, acts.person)
    told = [(one, mask_name(one.by.name)) for one in objections(topic)[:LINES]]
    context: dict[str, Any] = {
        "topic": topic,
        "rows": named(found.rows),
        "pager": found,
        "mine": mine,
        "objections": told,
        "unknown": of_unknown_age(topic),
        "may_draw": topic.roll_at is None and request.access.may("topic.open", topic.place_code) is not None,
        "may_decide": request.access.may("roll.decide", topic.place_code) is not None,
        "may_object": topic.roll_at is not None and topic.closed_at is None,
    }
    return matter_page(request, "deliberation/roll.html", **context)


@login_required
@require_POST
def draw(request: Request, topic_id: int) -> HttpResponse:
    """Draw up the roll before the vote begins, so that people can object and sheets can be printed."""
    topic, _ = seen(request, topic_id)
    draw_roll(by=request.actor, topic=topic)
    messages.success(request, t("web.topics.drawn"))
    return redirect("roll", topic.pk)


@login_required
@require_http_methods(["GET", "POST"])
def make_objection(request: Request, topic_id: int) -> HttpResponse:
    """Say that oneself is missing, or that a line does not belong there."""
    topic, acts = seen(request, topic_id)
    form = ObjectForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            against = _line(topic, form.cleaned_data["number"])
            words = form.cleaned_data["text"]
            object_to_roll(by=acts.actor, topic=topic, words=words, against=against, consent=acts.consent)
        except Refused as error:
            form.add_error("number" if error.field == "against" else None, error.say(request.language))
        else:
            messages.success(request, t("web.topics.objected"))
            return redirect("roll", topic.pk)
    hints = {"number": t("web.topics.hints.number")}
    return _form(request, form, topic, "web.topics.object_title", topic.title, hints)


def _line(topic: Topic, number: int | None) -> Voter | None:
    if number is None:
        return None
    found = topic.voters.filter(number=number).first()
    if found is None:
        raise Refused("deliberation.roll.no_such_line", field="against")
    return found


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: Request, objection_id: int) -> HttpResponse:
    """Put the roll right, or say why it stays."""
    objection = get_object_or_404(Objection.objects.select_related("topic", "by", "against"), pk=objection_id)
    topic, _ = seen(request, objection.topic_id)
    request.access.require("roll.decide", topic.place_code)
    form = DecideForm(posted(request))
    yes = "strike" if objection.against else "add"
    form.choose("verdict", [("yes", t(f"web.topics.verdicts.{yes}")), ("no", t("web.topics.verdicts.stays"))])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                uphold = given["verdict"] == "yes"
                done = decide_objection(by=request.actor, objection=objection, uphold=uphold, reason=given["text"])
                tell([objection.by_id], "objection", topic, reason=done.reason)
        except Refused as error:
            form.add_error(None, error.say(request.language))
        else:
            messages.success(request, t("web.topics.decided"))
            return redirect("roll", topic.pk)
    line = objection.against
    who = objection.by.name if line is None else t("web.topics.line_number", number=line.number)
    return _form(request, form, topic, "web.topics.decide_title", f"{who}\n\n{objection.words}", {})


def _form(request: Request, form: Form, topic: Topic, heading: str, about: str, hints: dict[str, str]) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "hints": hints, "heading": t(heading), "about": about}
    back = f"/topics/{topic.pk}/roll/"
    return matter_page(request, "deliberation/form.html", status=form.status, back=back, **context)
