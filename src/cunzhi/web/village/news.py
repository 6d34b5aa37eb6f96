"""What the platform had to tell me."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.topics import topics_on
from cunzhi.engine.actions.messages import mark_read
from cunzhi.engine.models import Message
from cunzhi.engine.queries.messages import messages_of, unread_count
from cunzhi.engine.words import message_in
from cunzhi.web.cases.acting import himself
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import is_id
from cunzhi.web.language import current
from cunzhi.web.paging import paged
from cunzhi.web.request import Request


@login_required
@require_safe
def news(request: Request) -> HttpResponse:
    """Messages, newest first; a helper reads nobody else's."""
    person = himself(request).person
    found = paged(request, messages_of(person.pk))
    rows = [(one, message_in(one, current()), topic) for one, topic in _with_topics(found.rows)]
    newest = max((one.pk for one in found.rows), default=0)
    return matter_page(
        request, "village/news.html", rows=rows, pager=found, newest=newest, unread=unread_count(person.pk)
    )


def _with_topics(told: list[Message]) -> list[tuple[Message, Topic | None]]:
    """Each message with the topic that it is about, or that was opened on the matter which it is about."""
    opened = topics_on([one.case.number for one in told if one.case])
    return [(one, one.topic or (opened.get(one.case.number) if one.case else None)) for one in told]


@login_required
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Everything up to the newest that was on the page is read; what came since is not."""
    upto = request.POST.get("upto", "")
    if is_id(upto):
        mark_read(by=request.actor, upto=int(upto))
    return redirect("news")
