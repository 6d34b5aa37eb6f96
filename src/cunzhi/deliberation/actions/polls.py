"""Polls open and close by themselves when their time has come; the closing writes down what was counted."""

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

BATCH = 50


@dataclass
class Turned:
    """The topics whose polls opened or closed in one round, for whoever tells people."""

    opened: list[Topic] = field(default_factory=list)
    closed: list[Topic] = field(default_factory=list)


def run_polls(*, by: Actor) -> Turned:
    """Open and close what is due; safe to run twice at once."""
    turned = Turned()
    due = Topic.objects.filter(~Q(ballot=Topic.Ballot.NONE), closed_at__isnull=True, discuss_until__lte=clock.now())
    for topic in due.order_by("discuss_until")[:BATCH]:
        if open_polls(by=by, topic=topic):
            turned.opened.append(topic)
        if close_polls(by=by, topic=topic):
            turned.closed.append(topic)
    return turned


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
        file = published(topic).encode()
    note(by=by, verb="polls.closed", record=topic.reference, place_code=topic.place_code, detail=detail, public=file)
    return True


def _open_codes(topic: Topic) -> None:
    used = list(topic.sheets.exclude(sealed=""))
    for sheet in used:
        sheet.code = vault().open(sheet.sealed)
    Sheet.objects.bulk_update(used, ["code"], batch_size=200)
