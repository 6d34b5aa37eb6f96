"""What people say on a topic, who supports it, and what is hidden for which reason."""

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.actions.rules import checked_text, locked, require_help, require_phase, resident
from cunzhi.deliberation.models import Contribution, Hiding, Support, Topic
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access, selves
from cunzhi.registry.actions.rules import checked_words, unless_taken

LONGEST = {"suggestion": 500, "remark": 500}
MOST_EACH = 20
"""So often may one person speak on one topic; whoever has more to say comes to the meeting."""


@transaction.atomic
def contribute(
    *, by: Actor, topic: Topic, kind: str, text: str, consent: str = "", key: str | None = None
) -> Contribution:
    """A suggestion or a remark of somebody who lives in the village; sent twice with one key, it is one."""
    topic, person = locked(topic), resident(by, topic)
    require_help(by, person, consent)
    known = Contribution.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    require_phase(topic, "discuss")
    text = checked_text(text, "text", LONGEST[kind])
    if topic.contributions.filter(author_id__in=selves(person.pk).values("id")).count() >= MOST_EACH:
        raise Refused("deliberation.spoken_enough", field="text", most=MOST_EACH)
    said = Contribution.objects.create(
        topic=topic,
        kind=Contribution.Kind(kind),
        author=person,
        helper_id=by.person_id if by.for_person_id else None,
        consent=consent[:120],
        text=text,
        at=clock.now(),
        key=key,
    )
    _note(by, f"{kind}.made", said, private=text)
    return said


@transaction.atomic
def support(*, by: Actor, suggestion: Contribution, consent: str = "") -> Support:
    """One supports a suggestion once; doing it again changes nothing."""
    topic, person = locked(suggestion.topic), resident(by, suggestion.topic)
    require_help(by, person, consent)
    require_phase(topic, "discuss")
    if suggestion.kind != Contribution.Kind.SUGGESTION or _hidden(suggestion):
        raise Refused("deliberation.not_supportable")
    held, made = Support.objects.get_or_create(suggestion=suggestion, person=person, defaults={"at": clock.now()})
    if made:
        _note(by, "suggestion.supported", suggestion)
    return held


@transaction.atomic
def hide(*, by: Actor, contribution: Contribution, reason: str) -> Hiding:
    """A text is no longer shown; its place, its author's initial and the reason stay. The face tells the author."""
    Access(by).require("topic.moderate", contribution.topic.place_code)
    reason = checked_words(reason, "reason")
    with unless_taken("deliberation.hidden_already", "reason"):
        hiding = Hiding.objects.create(contribution=contribution, by_id=by.person_id, at=clock.now(), reason=reason)
    _note(by, "contribution.hidden", contribution, private=reason)
    return hiding


@transaction.atomic
def appeal(*, by: Actor, hiding: Hiding, words: str) -> Hiding:
    """The author asks the township to look again; once."""
    hiding = _locked(hiding)
    author = hiding.contribution.author_id
    if by.whose is None or not selves(by.whose).filter(pk=author).exists():
        raise Forbidden("deliberation.only_author")
    if hiding.appealed_at is not None or hiding.lifted:
        raise Refused("deliberation.appealed", field="words")
    hiding.appeal, hiding.appealed_at = checked_words(words, "words", 400), clock.now()
    hiding.save(update_fields=["appeal", "appealed_at"])
    _note(by, "contribution.appealed", hiding.contribution, private=hiding.appeal)
    return hiding


@transaction.atomic
def judge(*, by: Actor, hiding: Hiding, lift: bool, reason: str) -> Hiding:
    """The township decides on an appeal: the text is shown again, or stays hidden, with a reason either way."""
    hiding = _locked(hiding)
    Access(by).require("topic.judge", hiding.contribution.topic.place_code)
    if by.person_id is not None and by.person_id in (hiding.by_id, hiding.contribution.author_id):
        raise Forbidden("deliberation.own_matter")
    if hiding.appealed_at is None or hiding.decided_at is not None:
        raise Refused("deliberation.no_appeal", field="reason")
    hiding.decision, hiding.lifted = checked_words(reason, "reason"), lift
    hiding.decided_at, hiding.decided_by_id = clock.now(), by.person_id
    hiding.save(update_fields=["decision", "lifted", "decided_at", "decided_by"])
    _note(by, "contribution.judged", hiding.contribution, {"lifted": lift}, private=hiding.decision)
    return hiding


def _locked(hiding: Hiding) -> Hiding:
    rows = Hiding.objects.select_for_update(of=("self",)).select_related("contribution__topic")
    return rows.get(pk=hiding.pk)


def _hidden(contribution: Contribution) -> bool:
    return contribution.hidings.filter(lifted=False).exists()


def _note(
    by: Actor, verb: str, said: Contribution, detail: dict[str, object] | None = None, private: object = None
) -> None:
    topic = said.topic
    detail = {"contribution": said.pk, **(detail or {})}
    note(by=by, verb=verb, record=topic.reference, place_code=topic.place_code, detail=detail, private=private)
