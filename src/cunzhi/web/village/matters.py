"""One's own matters: where each stands, what happens next, and the code where something is to be collected."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cunzhi.engine.models import Case
from cunzhi.engine.pickup import code_of
from cunzhi.engine.queries.cases import matters_of, state_of, whole, workflow_of
from cunzhi.web.cases.acting import acting
from cunzhi.web.cases.gist import Gists
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.standing import next_words, tone
from cunzhi.web.language import words
from cunzhi.web.paging import paged
from cunzhi.web.request import Request


@dataclass(frozen=True)
class Matter:
    """One line of the list."""

    case: Case
    title: str
    gist: str
    state: str
    tone: str
    next: str
    yours: bool
    code: str


@login_required
@require_safe
def matters(request: Request) -> HttpResponse:
    """What I brought, newest first."""
    acts = acting(request)
    found = paged(request, whole(matters_of(acts.person.pk)))
    gists = Gists(found.rows)
    return matter_page(
        request, "village/matters.html", pager=found, matters=[_matter(one, gists) for one in found.rows]
    )


def _matter(case: Case, gists: Gists) -> Matter:
    leaving = workflow_of(case).leaving(case.state).values()
    said = next_words(case)
    return Matter(
        case=case,
        title=words(workflow_of(case).title),
        gist=gists.of(case),
        state=words(state_of(case).title),
        tone=tone(case),
        next=said[0] if said else "",
        yours=_waits_for_me(case),
        code=code_of(case) if any(way.code for way in leaving) else "",
    )


def _waits_for_me(case: Case) -> bool:
    """Whether nobody else is waited for: the next step is the villager's own, an appeal aside."""
    leaving = workflow_of(case).leaving(case.state).values()
    mine = [way for way in leaving if {"subject", "opener"} & set(way.by)]
    return bool(mine) and not case.waits_for and not case.due_at and not case.outcome
