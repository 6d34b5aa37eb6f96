"""Reads of topics and of what was said on them."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, QuerySet

from cunzhi.base.fields import under_any
from cunzhi.base.text import mask_name
from cunzhi.deliberation.models import Contribution, Hiding, Objection, Support, Topic, Voter
from cunzhi.deliberation.similar import most_alike
from cunzhi.registry.access import selves
from cunzhi.registry.models import Membership, Person


@dataclass(frozen=True)
class Said:
    """A contribution as a page may show it; of a hidden one only the reason."""

    contribution: Contribution
    author: str
    text: str
    supporters: int
    hiding: Hiding | None
    mine: bool = False
    supported: bool = False


def topics_on(numbers: Collection[str]) -> dict[str, Topic]:
    """The topics that were opened on matters, by the number of the matter that they name as their record."""
    return {topic.record: topic for topic in Topic.objects.filter(record__in=numbers).order_by("pk")}


def topics_under(places: list[str]) -> QuerySet[Topic]:
    """The topics of some places, newest first."""
    return Topic.objects.filter(under_any(places)).order_by("-opened_at", "-id")


def closed_votes(place_code: str) -> QuerySet[Topic]:
    """The votes of a village that are over, the latest first; their results are for everybody."""
    return Topic.objects.filter(place_code=place_code, closed_at__isnull=False).order_by("-closed_at")


def said_on(
    topic: Topic, reader: int | None = None, *, kind: str = "", start: int = 0, most: int | None = None
) -> list[Said]:
    """What was said on a topic, oldest first: no order by supporters, for nobody is ranked."""
    own = frozenset(selves(reader).values_list("id", flat=True)) if reader else frozenset()
    standing = Prefetch("hidings", Hiding.objects.filter(lifted=False), to_attr="standing")
    chosen = topic.contributions.filter(kind=kind) if kind else topic.contributions.all()
    rows = chosen.select_related("author").prefetch_related(standing).annotate(supporters=Count("supports"))
    found = list(rows.order_by("at", "id")[start : None if most is None else start + most])
    supports = Support.objects.filter(person_id__in=own, suggestion_id__in=[one.pk for one in found])
    supported = set(supports.values_list("suggestion_id", flat=True)) if own else set()
    return [_said(one, own, supported) for one in found]


def how_many_said(topic: Topic) -> dict[str, int]:
    """How many contributions of each kind there are."""
    counted = topic.contributions.values_list("kind").annotate(Count("id")).order_by("kind")
    return dict.fromkeys(Contribution.Kind.values, 0) | dict(counted)


def _said(one: Contribution, own: frozenset[int], supported: set[int]) -> Said:
    hiding = next(iter(getattr(one, "standing", [])), None)
    return Said(
        contribution=one,
        author=mask_name(one.author.name),
        text="" if hiding else one.text,
        supporters=int(getattr(one, "supporters", 0)),
        hiding=hiding,
        mine=one.author_id in own,
        supported=one.pk in supported,
    )


def alike(topic: Topic, text: str) -> list[Said]:
    """Earlier suggestions that say almost the same and are shown."""
    shown = [one for one in said_on(topic, kind=Contribution.Kind.SUGGESTION) if not one.hiding]
    return most_alike(text, [(one, one.text) for one in shown])


def appeals_under(places: list[str]) -> QuerySet[Hiding]:
    """Hidden texts whose authors asked the township to look again, oldest first."""
    waiting = Hiding.objects.filter(under_any(places, "contribution__topic__place_code"))
    waiting = waiting.filter(appealed_at__isnull=False, decided_at__isnull=True)
    return waiting.select_related("contribution__topic", "contribution__author").order_by("appealed_at")


@dataclass(frozen=True)
class OnRoll:
    """A line of the roll with the masked name that the notice board shows."""

    voter: Voter
    name: str
    full: str
    notes: list[str] = field(default_factory=list)


def roll_rows(topic: Topic) -> QuerySet[Voter]:
    return topic.voters.select_related("person", "household").order_by("number")


def named(voters: list[Voter]) -> list[OnRoll]:
    """Lines of the roll with names; a household bears the name of its head."""
    homes = [one.household_id for one in voters if one.household_id]
    heads = {
        one.household_id: one.person
        for one in Membership.objects.filter(household_id__in=homes, until__isnull=True, relation="head")
        .select_related("person")
    }  # fmt: skip
    return [_on_roll(one, one.person or heads.get(one.household_id or 0)) for one in voters]


def _on_roll(voter: Voter, person: Person | None) -> OnRoll:
    full = person.name if person else (voter.household.number if voter.household else "")
    return OnRoll(voter, mask_name(full) if person else full, full)


def objections(topic: Topic) -> QuerySet[Objection]:
    return topic.objections.select_related("by", "against").order_by("decided_at", "at")
