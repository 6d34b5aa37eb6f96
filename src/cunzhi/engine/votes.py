"""What happens on topics reaches people's inboxes: polls that open and close, answers, decisions, what was hidden."""

from collections.abc import Iterable

from cunzhi.base.actor import Actor
from cunzhi.base.clock import ZONE
from cunzhi.base.messages import LANGUAGES, say
from cunzhi.deliberation.actions.polls import run_polls
from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.voters import people_on_roll
from cunzhi.engine.sending import send


def run_votes(by: Actor) -> int:
    """Open and close the polls whose time has come, and tell everybody on the roll."""
    turned = run_polls(by=by, tell=_tell_roll)
    return len(turned.opened) + len(turned.closed)


def tell(people: Iterable[int | None], what: str, topic: Topic, **params: str) -> None:
    """A sentence of deliberation.message about a topic, for some people."""
    known = [one for one in people if one is not None]
    filled = {language: {"title": topic.title, **params} for language in LANGUAGES}
    send(None, known, f"deliberation.message.{what}", filled, topic=topic)


def _tell_roll(topic: Topic, what: str) -> None:
    until = topic.vote_until.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if topic.vote_until else ""
    filled = {
        language: {
            "title": topic.title,
            "until": until,
            "how": say(f"deliberation.message.how.{topic.ballot}", language),
        }
        for language in LANGUAGES
    }
    send(None, people_on_roll(topic), f"deliberation.message.{what}", filled, topic=topic)
