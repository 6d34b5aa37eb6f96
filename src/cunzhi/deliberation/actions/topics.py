"""A topic is put before the village, and answered by its committee."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.deliberation.actions.rules import checked_text, locked, require_phase
from cunzhi.deliberation.models import Contribution, Option, Topic
from cunzhi.deliberation.queries.phases import is_late, phase_of
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, unless_taken
from cunzhi.registry.queries.places import require_place

MOST_OPTIONS = 8
LONGEST_TEXT = 3000
LEAST, MOST_LEAST = 2, 100
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """When each phase ends, and how the vote goes; without options there is none."""

    discuss_from: datetime
    discuss_until: datetime
    answer_by: datetime
    vote_until: datetime | None = None
    ballot: str = Topic.Ballot.NONE
    voice: str = Topic.Voice.PERSON
    quorum: str = Topic.Quorum.HALF
    least: int = 5
    options: Sequence[str] = field(default=())


@transaction.atomic
def open_topic(
    *, by: Actor, place_code: str, title: str, text: str, plan: Plan, record: str = "", key: str | None = None
) -> Topic:
    """The committee of a village puts a topic before it. What is announced here is not changed afterwards."""
    Access(by).require("topic.open", place_code)
    known = Topic.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    if require_place(place_code).level != "village":
        raise Refused("deliberation.only_villages", field="place_code")
    options = _checked(plan)
    with unless_taken("deliberation.sent_already"):
        topic = Topic.objects.create(
            place_code=place_code,
            title=checked_words(title, "title", 80),
            text=checked_text(text, "text", LONGEST_TEXT),
            record=record.strip()[:64],
            ballot=plan.ballot,
            voice=plan.voice,
            quorum=plan.quorum,
            least=plan.least,
            opened_by_id=by.person_id,
            opened_at=clock.now(),
            discuss_from=plan.discuss_from,
            discuss_until=plan.discuss_until,
            vote_until=plan.vote_until,
            answer_by=plan.answer_by,
            key=key,
        )
    Option.objects.bulk_create(
        Option(topic=topic, number=number, words=words) for number, words in enumerate(options, start=1)
    )
    detail = {"ballot": topic.ballot, "voice": topic.voice, "quorum": topic.quorum, "least": topic.least}
    _note(by, "topic.opened", topic, detail | {"options": len(options)}, private=[topic.title, topic.text, *options])
    return topic


def _checked(plan: Plan) -> list[str]:
    """The options, once the plan can be kept at all."""
    if plan.discuss_from < clock.now() - timedelta(days=1):
        raise Refused("deliberation.plan.past", field="discuss_from")
    if plan.discuss_until < plan.discuss_from + SHORTEST:
        raise Refused("deliberation.plan.discuss", field="discuss_until")
    if plan.ballot == Topic.Ballot.NONE:
        if plan.answer_by <= plan.discuss_until:
            raise Refused("deliberation.plan.answer", field="answer_by")
        return []
    if plan.ballot not in Topic.Ballot.values or plan.voice not in Topic.Voice.values:
        raise Refused("deliberation.plan.rule", field="ballot")
    if plan.vote_until is None or plan.vote_until < plan.discuss_until + SHORTEST:
        raise Refused("deliberation.plan.vote", field="vote_until")
    if plan.answer_by <= plan.vote_until:
        raise Refused("deliberation.plan.answer", field="answer_by")
    if plan.quorum not in Topic.Quorum.values or not LEAST <= plan.least <= MOST_LEAST:
        raise Refused("deliberation.plan.least", field="least", least=LEAST, most=MOST_LEAST)
    return _options(plan.options)


def _options(given: Sequence[str]) -> list[str]:
    options = [checked_words(words, "options", 60) for words in given if words.strip()]
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise Refused("deliberation.plan.options", field="options", most=MOST_OPTIONS)
    if len(set(options)) < len(options):
        raise Refused("deliberation.plan.same_option", field="options")
    return options


@transaction.atomic
def answer(*, by: Actor, topic: Topic, words: str) -> Topic:
    """What the committee makes of it, once the discussion and the vote are over; late is late for everybody to see."""
    topic = locked(topic)
    Access(by).require("topic.answer", topic.place_code)
    if topic.answered_at is not None:
        raise Refused("deliberation.answered", field="words")
    require_phase(topic, "answer")
    topic.answer = checked_text(words, "words", LONGEST_TEXT)
    topic.answered_at, topic.answered_by_id = clock.now(), by.person_id
    topic.save(update_fields=["answer", "answered_at", "answered_by"])
    _note(by, "topic.answered", topic, {"late": is_late(topic)}, private=topic.answer)
    return topic


@transaction.atomic
def reply(*, by: Actor, suggestion: Contribution, words: str) -> Contribution:
    """The committee says of one suggestion what becomes of it and why."""
    topic = locked(suggestion.topic)
    Access(by).require("topic.answer", topic.place_code)
    suggestion = Contribution.objects.select_for_update().get(pk=suggestion.pk)
    if suggestion.kind != Contribution.Kind.SUGGESTION or suggestion.replied_at is not None:
        raise Refused("deliberation.replied", field="words")
    if phase_of(topic) in ("read", "done"):
        raise Refused("deliberation.not_in.answer")
    suggestion.reply = checked_text(words, "words", 500)
    suggestion.replied_at, suggestion.replied_by_id = clock.now(), by.person_id
    suggestion.save(update_fields=["reply", "replied_at", "replied_by"])
    _note(by, "suggestion.replied", topic, {"suggestion": suggestion.pk}, private=suggestion.reply)
    return suggestion


def _note(by: Actor, verb: str, topic: Topic, detail: dict[str, object], private: object) -> None:
    note(by=by, verb=verb, record=topic.reference, place_code=topic.place_code, detail=detail, private=private)
