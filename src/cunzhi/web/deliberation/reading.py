"""Which topic a page is about, who may see it, and what the reader can do with it."""

from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cunzhi.deliberation.actions.rules import lives_in
from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.phases import phase_of, takes_ballots
from cunzhi.deliberation.queries.voters import voter_of
from cunzhi.web.cases.acting import Acting, acting
from cunzhi.web.language import t
from cunzhi.web.request import Request


@dataclass(frozen=True)
class Way:
    """Something that the reader can do on a topic now."""

    label: str
    address: str
    icon: str
    first: bool = False


def posted(request: Request) -> QueryDict | None:
    """What was sent; a form that was sent empty is still a form that was sent."""
    return request.POST if request.method == "POST" else None


def seen(request: Request, topic_id: int) -> tuple[Topic, Acting]:
    """A topic that the reader may see: one of the own village, or of where a role reaches. Others are not there."""
    topic = get_object_or_404(Topic, pk=topic_id)
    acts = acting(request)
    if not is_inside(request, topic, acts):
        raise Http404(topic_id)
    return topic, acts


def is_inside(request: Request, topic: Topic, acts: Acting) -> bool:
    here = lives_in(acts.person, topic.place_code)
    return here or request.access.may("topic.see", topic.place_code) is not None


def full_names(request: Request, topic: Topic) -> bool:
    """Whether the reader is shown names in full: who lives there or serves there knows them anyway."""
    return request.user.is_authenticated and is_inside(request, topic, acting(request))


def ways(request: Request, topic: Topic, acts: Acting) -> list[Way]:
    """What the reader can do now, the most pressing first."""
    phase, may = phase_of(topic), request.access.may
    here, secret = lives_in(acts.person, topic.place_code), topic.ballot == Topic.Ballot.SECRET
    polls = takes_ballots(topic)
    offered = [
        (polls and not secret and voter_of(topic, acts.person) is not None, "vote", "check", True),
        (polls and secret, "ballot", "check", True),
        (phase == "discuss" and here, "suggest", "send", True),
        (topic.closed_at is not None, "vote_result", "chart", True),
        (phase == "answer" and may("topic.answer", topic.place_code), "answer_topic", "notice", True),
        (polls and may("ballot.enter", topic.place_code), "enter_ballot", "upload", False),
        (_has_sheets(topic) and may("sheets.print", topic.place_code), "sheets", "print", False),
        (topic.ballot != Topic.Ballot.NONE, "roll", "people", False),
        (topic.polls_at is not None, "receipt", "search", False),
    ]
    return [Way(t(f"web.topics.ways.{name}"), reverse(name, args=[topic.pk]), icon, first)
            for there, name, icon, first in offered if there]  # fmt: skip


def _has_sheets(topic: Topic) -> bool:
    return topic.ballot == Topic.Ballot.SECRET and topic.roll_at is not None and topic.closed_at is None
