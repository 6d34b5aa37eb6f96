"""In which phase a topic is: read, discuss, vote, answer, done. What has happened goes before what the clock says."""

from datetime import datetime
from typing import Literal

from cunzhi.base import clock
from cunzhi.deliberation.models import Topic

Phase = Literal["read", "discuss", "vote", "answer", "done"]


def phase_of(topic: Topic, moment: datetime | None = None) -> Phase:
    """The phase at a moment. A vote that was closed stays closed, also when the clock is set back."""
    now = moment or clock.now()
    if topic.answered_at is not None:
        return "done"
    if topic.closed_at is not None:
        return "answer"
    if topic.polls_at is not None:
        return "vote"
    if now < topic.discuss_from:
        return "read"
    if now < topic.discuss_until:
        return "discuss"
    return "answer" if topic.ballot == Topic.Ballot.NONE else "vote"


def phases_of(topic: Topic) -> list[tuple[Phase, datetime, datetime]]:
    """The phases of a topic with the moments between which each lies."""
    last = topic.vote_until or topic.discuss_until
    found: list[tuple[Phase, datetime, datetime]] = [
        ("read", topic.opened_at, topic.discuss_from),
        ("discuss", topic.discuss_from, topic.discuss_until),
    ]
    if topic.vote_until is not None:
        found.append(("vote", topic.discuss_until, topic.vote_until))
    return [*found, ("answer", last, topic.answer_by)]


def takes_ballots(topic: Topic) -> bool:
    """Whether a ballot cast now would count: the polls are open and their time is not over."""
    ends = topic.vote_until
    return topic.polls_at is not None and topic.closed_at is None and ends is not None and clock.now() < ends


def is_late(topic: Topic) -> bool:
    """Whether the answer came, or is, after its deadline."""
    return (topic.answered_at or clock.now()) > topic.answer_by
