"""The page on which a person makes and revokes tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.api.actions import MOST_DAYS, make_token, revoke_token
from cunzhi.api.problems import language, status_of
from cunzhi.api.queries import grantable, holds, tokens_of, words_of
from cunzhi.base.actor import OWN, Actor
from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.registry.access import Access

USUAL_DAYS = 90


class Reader(HttpRequest):
    """A request of somebody who is signed in with a browser."""

    actor: Actor
    access: Access


@sensitive_variables("secret")
@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: Reader) -> HttpResponse:
    """One's tokens, and the form for another. The secret stands on the answer to the form and nowhere else."""
    if request.method != "POST":
        return _page(request)
    try:
        token, secret = make_token(
            by=request.actor,
            name=request.POST.get("name", ""),
            verbs=set(request.POST.getlist("verbs")),
            days=_days(request.POST.get("days", "")),
        )
    except Refused as refused:
        return _page(request, problem=refused)
    return _page(request, secret=secret, made=token.name)


@login_required
@require_POST
def revoke(request: Reader, token_id: int) -> HttpResponse:
    """A token of one's own opens nothing from now on."""
    token = tokens_of(request.actor.person_id or 0).filter(pk=token_id).first()
    if token is None:
        raise Http404
    revoke_token(by=request.actor, token=token)
    messages.success(request, say("api.token.was_revoked", language(), name=token.name))
    return redirect("tokens")


def _page(request: Reader, problem: Refused | None = None, *, secret: str = "", made: str = "") -> HttpResponse:
    given = request.POST if problem else {}
    context = {
        "secret": secret,
        "made": made,
        "problem": problem,
        "problem_words": problem.say(language()) if problem else "",
        "name": given.get("name", ""),
        "days": given.get("days", USUAL_DAYS),
        "ticked": request.POST.getlist("verbs") if problem else [OWN],
        "verbs": [(verb, words_of(verb).in_(language())) for verb in grantable(request.access)],
        "most_days": MOST_DAYS,
        "tokens": [
            (token, holds(token), [words_of(verb).in_(language()) for verb in token.verbs])
            for token in tokens_of(request.actor.person_id or 0)
        ],
    }
    status = status_of(problem) if problem else 200
    response = render(request, "tokens/tokens.html", context, status=status, using="jinja2")
    response["Cache-Control"] = "private, no-store"
    return response


def _days(text: str) -> int:
    """What is no number is no number of days either; the action says what is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
