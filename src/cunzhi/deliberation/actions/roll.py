"""The roll of a vote: drawn up from the registry, then changed only by objections that were decided."""

from django.db import transaction
from django.db.models import Max

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.actions.rules import lives_in, locked, require_help, resident
from cunzhi.deliberation.models import Objection, Topic, Voter
from cunzhi.deliberation.queries.voters import adults, households, voter_of
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, unless_taken
from cunzhi.registry.models import Person
from cunzhi.registry.queries.households import household_of


@transaction.atomic
def draw_roll(*, by: Actor, topic: Topic) -> Topic:
    """Who has a vote, as the registry says today; from now on only a decided objection changes it."""
    topic = locked(topic)
    Access(by).require("topic.open", topic.place_code)
    if topic.ballot == Topic.Ballot.NONE:
        raise Refused("deliberation.no_vote")
    if topic.roll_at is not None:
        return topic
    if topic.voice == Topic.Voice.HOUSEHOLD:
        voters = [Voter(topic=topic, household=one) for one in households(topic)]
    else:
        voters = [Voter(topic=topic, person=one) for one in adults(topic)]
    for number, voter in enumerate(voters, start=1):
        voter.number = number
    Voter.objects.bulk_create(voters)
    topic.roll_at = clock.now()
    topic.save(update_fields=["roll_at"])
    _note(by, "roll.drawn", topic, {"voters": len(voters)})
    return topic


@transaction.atomic
def object_to_roll(
    *, by: Actor, topic: Topic, words: str, against: Voter | None = None, consent: str = ""
) -> Objection:
    """Somebody of the village says: I am missing on the roll, or that line does not belong there."""
    topic, person = locked(topic), resident(by, topic)
    require_help(by, person, consent)
    _require_open_roll(topic)
    if against is not None and (against.topic_id != topic.pk or against.struck_at is not None):
        raise Refused("deliberation.roll.no_such_line", field="against")
    if against is None and voter_of(topic, person) is not None:
        raise Refused("deliberation.roll.there_already", field="words")
    with unless_taken("deliberation.roll.objected", "words"):
        made = Objection.objects.create(
            topic=topic, by=person, against=against, words=checked_words(words, "words"), at=clock.now()
        )
    _note(by, "roll.objected", topic, {"objection": made.pk}, private=made.words)
    return made


@transaction.atomic
def decide_objection(*, by: Actor, objection: Objection, uphold: bool, reason: str) -> Objection:
    """The committee puts the roll right, or says why it stays; never in one's own matter."""
    topic = locked(objection.topic)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    Access(by).require("roll.decide", topic.place_code)
    line = objection.against
    if by.person_id is not None and by.person_id in (objection.by_id, line.person_id if line else None):
        raise Forbidden("deliberation.own_matter")
    if objection.decided_at is not None:
        raise Refused("deliberation.roll.decided", field="reason")
    _require_open_roll(topic)
    objection.reason, objection.upheld = checked_words(reason, "reason"), uphold
    objection.decided_at, objection.decided_by_id = clock.now(), by.person_id
    if uphold:
        _strike(line) if line is not None else _add(topic, objection.by)
    objection.save(update_fields=["reason", "upheld", "decided_at", "decided_by"])
    detail: dict[str, object] = {"objection": objection.pk, "upheld": uphold, "line": line.number if line else None}
    _note(by, "roll.decided", topic, detail, private=objection.reason)
    return objection


def _require_open_roll(topic: Topic) -> None:
    if topic.roll_at is None:
        raise Refused("deliberation.roll.not_drawn")
    if topic.closed_at is not None or (topic.vote_until is not None and clock.now() >= topic.vote_until):
        raise Refused("deliberation.closed")


def _add(topic: Topic, person: Person) -> None:
    """A new last line; a household only when none of its people is there already."""
    if not lives_in(person, topic.place_code):
        raise Refused("deliberation.only_residents")
    home = household_of(person) if topic.voice == Topic.Voice.HOUSEHOLD else None
    if topic.voice == Topic.Voice.HOUSEHOLD and home is None:
        raise Refused("deliberation.roll.no_household")
    last = topic.voters.aggregate(last=Max("number"))["last"] or 0
    who = {"household": home} if home is not None else {"person": person}
    with unless_taken("deliberation.roll.there_already"):
        Voter.objects.create(topic=topic, number=last + 1, **who)


def _strike(line: Voter) -> None:
    """A sheet that was handed out cannot be found again among the others, so its line stays."""
    line = Voter.objects.select_for_update().get(pk=line.pk)
    if line.sheet_at is not None:
        raise Refused("deliberation.roll.has_sheet", number=line.number)
    line.struck_at = clock.now()
    line.save(update_fields=["struck_at"])


def _note(by: Actor, verb: str, topic: Topic, detail: dict[str, object], private: object = None) -> None:
    note(by=by, verb=verb, record=topic.reference, place_code=topic.place_code, detail=detail, private=private)
