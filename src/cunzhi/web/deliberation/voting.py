"""Voting: openly, signed in, under one's name; or with the figures of a sheet, by whoever holds it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from cunzhi.base.actor import system
from cunzhi.base.errors import Refused
from cunzhi.deliberation.actions.ballots import cast_open, cast_secret
from cunzhi.deliberation.codes import read_code
from cunzhi.deliberation.models import Ballot, Topic
from cunzhi.deliberation.queries.phases import takes_ballots
from cunzhi.deliberation.queries.receipts import find_receipt, receipt_text
from cunzhi.deliberation.queries.voters import voter_of
from cunzhi.deliberation.recount import ballot_line
from cunzhi.engine.votes import run_votes
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.deliberation.forms import CodeForm, ReceiptForm, VoteForm
from cunzhi.web.deliberation.reading import posted, seen
from cunzhi.web.request import Request


def options_of(topic: Topic) -> list[tuple[str, str]]:
    return [(str(one.number), one.words) for one in topic.options.order_by("number")]


def close_if_late(error: Refused) -> None:
    """Who comes too late closes the polls at once, so that no clock that is set back opens them until the next tick."""
    if error.code == "deliberation.closed":
        run_votes(system("tick"))


def _voted(topic_id: int) -> Topic:
    """A topic with a vote, for pages that everybody may open."""
    return get_object_or_404(Topic.objects.exclude(ballot=Topic.Ballot.NONE), pk=topic_id)


@login_required
@require_http_methods(["GET", "POST"])
def vote(request: Request, topic_id: int) -> HttpResponse:
    """One's own vote with one's name; the page says so before."""
    topic, acts = seen(request, topic_id)
    if topic.ballot != Topic.Ballot.OPEN:
        raise Http404(topic_id)
    form = VoteForm(posted(request))
    form.choose("option", options_of(topic))
    if request.method == "POST" and form.is_valid():
        try:
            cast = cast_open(by=acts.actor, topic=topic, option=form.cleaned_data["option"], consent=acts.consent)
        except Refused as error:
            form.refuse(error)
            close_if_late(error)
        else:
            return _thanks(request, topic, cast, form)
    voter = voter_of(topic, acts.person)
    before = Ballot.objects.filter(voter=voter).order_by("turn").select_related("option").last() if voter else None
    context: dict[str, Any] = {
        "topic": topic,
        "form": form,
        "voter": voter,
        "before": before,
        "open": takes_ballots(topic),
    }
    return matter_page(request, "deliberation/vote.html", status=form.status, **context)


@require_http_methods(["GET", "POST"])
def ballot(request: Request, topic_id: int) -> HttpResponse:
    """A vote with a code, for whoever holds the sheet. Nobody signs in, and nobody is noted."""
    topic = _voted(topic_id)
    if topic.ballot != Topic.Ballot.SECRET:
        raise Http404(topic_id)
    form = CodeForm(posted(request))
    form.choose("option", options_of(topic))
    if request.method == "POST" and form.is_valid():
        try:
            cast = cast_secret(topic=topic, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
            close_if_late(error)
        else:
            return _thanks(request, topic, cast, form)
    context: dict[str, Any] = {"topic": topic, "form": form, "open": takes_ballots(topic)}
    return matter_page(request, "deliberation/ballot.html", status=form.status, **context)


def _thanks(request: Request, topic: Topic, cast: Ballot, form: VoteForm) -> HttpResponse:
    """No redirect: the receipt would stand in an address, and addresses are written down by servers and browsers."""
    chosen = dict(options_of(topic))[str(form.cleaned_data["option"])]
    voter = str(cast.voter.number) if cast.voter else read_code(form.cleaned_data["code"])
    line = ballot_line(topic.pk, voter, cast.turn, cast.option.number, cast.salt).decode()
    shown = {"receipt": receipt_text(cast), "line": line, "hashed": cast.hashed}
    context: dict[str, Any] = {"topic": topic, "chosen": chosen, "again": cast.turn > 1, **shown}
    response = matter_page(request, "deliberation/voted.html", **context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def receipt(request: Request, topic_id: int) -> HttpResponse:
    """Look a ballot up by its receipt: that it is there, not how it was cast."""
    topic = _voted(topic_id)
    form, found = ReceiptForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            found = find_receipt(topic, form.cleaned_data["receipt"])
        except Refused as error:
            form.refuse(error)
    return matter_page(request, "deliberation/receipt.html", status=form.status, topic=topic, form=form, found=found)
