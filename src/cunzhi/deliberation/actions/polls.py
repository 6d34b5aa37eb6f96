"""Polls open and close by themselves when their time has come; the closing writes down what was counted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.deliberation.actions.roll import draw_roll
from cunzhi.deliberation.actions.rules import locked
from cunzhi.deliberation.models import Sheet, Topic
from cunzhi.deliberation.queries.results import published, result_of
from cunzhi.journal.actions import note
from cunzhi.registry.vault import vault

log = logging.getLogger(__name__)
BATCH = 50
Tell = Callable[[Topic, str], None]
"""Called with a topic and 'opened' or 'closed', in the transaction of the act."""


@dataclass
class Turned:
    """The topics whose polls opened or closed in one round, for whoever tells people."""

    opened: list[Topic] = field(default_factory=list)
    closed: list[Topic] = field(default_factory=list)


def run_polls(*, by: Actor, tell: Tell = lambda topic, what: None) -> Turned:
    """Open and close what is due, and tell it in the same transaction; safe to run twice at once."""
    turned = Turned()
    due = Topic.objects.filter(~Q(ballot=Topic.Ballot.NONE), closed_at__isnull=True, discuss_until__lte=clock.now())
    for topic in due.order_by("discuss_until")[:BATCH]:
        try:
            _turn(topic, by, tell, turned)
        except Exception:  # one broken vote must not hold up those behind it
            log.exception("polls of topic %s", topic.pk)
    return turned


def _turn(topic: Topic, by: Actor, tell: Tell, turned: Turned) -> None:
    with transaction.atomic():
        if open_polls(by=by, topic=topic):
            tell(topic, "opened")
            turned.opened.append(topic)
    with transaction.atomic():
        if close_polls(by=by, topic=topic):
            tell(topic, "closed")
            turned.closed.append(topic)


@transaction.atomic
def open_polls(*, by: Actor, topic: Topic) -> bool:
    """The vote begins; the roll is drawn up now unless it was before. Whether anything was to be done."""
    topic = locked(topic)
    if topic.polls_at is not None or topic.closed_at is not None or topic.ballot == Topic.Ballot.NONE:
        return False
    if clock.now() < topic.discuss_until:
        return False
    topic = draw_roll(by=by, topic=topic)
    topic.polls_at = clock.now()
    topic.save(update_fields=["polls_at"])
    note(by=by, verb="polls.opened", record=topic.reference, place_code=topic.place_code)
    return True


@transaction.atomic
def close_polls(*, by: Actor, topic: Topic) -> bool:
    """The vote is over: nothing is taken any more, and codes are opened, for whoever used one knows it anyway."""
    topic = locked(topic)
    if topic.closed_at is not None or topic.polls_at is None or topic.vote_until is None:
        return False
    if clock.now() < topic.vote_until:
        return False
    topic.closed_at = clock.now()
    topic.save(update_fields=["closed_at"])
    result = result_of(topic)
    detail: dict[str, object] = {"roll": result.roll, "ballots": result.ballots, "cast": result.cast}
    file = None
    if result.countable:
        _open_codes(topic)
        detail["counts"] = {str(line.number): line.count for line in result.lines}
        file = published(topic)
    note(by=by, verb="polls.closed", record=topic.reference, place_code=topic.place_code, detail=detail, public=file)
    return True


def _open_codes(topic: Topic) -> None:
    used = list(topic.sheets.exclude(sealed=""))
    for sheet in used:
        sheet.code = vault().open(sheet.sealed)
    Sheet.objects.bulk_update(used, ["code"], batch_size=200)
