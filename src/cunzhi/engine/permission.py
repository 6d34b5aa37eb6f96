"""Who may take a transition of a case, by role or by relation to it, and who may see the case at all."""

from cunzhi.base.actor import ACT, OWN, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.messages import say
from cunzhi.base.text import Text
from cunzhi.engine.models import Case
from cunzhi.engine.spec.workflow import Transition
from cunzhi.meetings.queries import is_due
from cunzhi.registry.access import Access
from cunzhi.registry.models import Membership, Person
from cunzhi.registry.roles import roles


def acts_as(case: Case, access: Access, transition: Transition) -> str | None:
    """The role or relation under which the actor may take the transition; None when there is none."""
    held = relations_of(case, access.actor) | access.roles_at(case.place_code)
    for who in transition.by:
        if who in held or (who == "resident" and _lives_there(access.actor, case)):
            return who
    return None


def relations_of(case: Case, actor: Actor) -> frozenset[str]:
    """What the actor, or the person helped, is to the case; living there is asked apart, for it costs a query."""
    if actor.is_system:
        return frozenset({"timer"})
    person = actor.whose
    if person is None:
        return frozenset()
    own, act = actor.allows(OWN), actor.allows(ACT)
    relations = {
        "subject": own and _is(case.subject, person),
        "opener": own and _is(case.opener, person),
        "assignee": act and _is(case.assignee, actor.person_id),
    }
    return frozenset(name for name, holds in relations.items() if holds)


def _is(person: Person | None, person_id: int | None) -> bool:
    """Whether they are one person, also after two records of one person were merged."""
    return person is not None and person_id in (person.pk, person.merged_into_id)


def _lives_there(actor: Actor, case: Case) -> bool:
    person_id = actor.whose
    if person_id is None or not actor.allows(OWN):
        return False
    home = Person.objects.filter(pk=person_id, died_on__isnull=True).values_list("place_code", flat=True).first()
    return home is not None and home.startswith(case.activation.place_code)


def require_way(case: Case, access: Access, transition: Transition) -> str:
    """The role or relation that opens the way, or Forbidden; nobody decides in his own matter."""
    via = acts_as(case, access, transition)
    if via is None:
        raise Forbidden("engine.not_yours", roles=titles(transition.by))
    if transition.decides and is_own(case, access.actor):
        raise Forbidden("engine.own_matter")
    if transition.apart_from and took(case, access.actor, transition.apart_from):
        raise Forbidden("engine.four_eyes")
    return via


def took(case: Case, actor: Actor, transitions: list[str]) -> bool:
    """Whether the actor took one of these steps of the case, for oneself or for another."""
    return case.steps.filter(transition__in=transitions, actor_id=actor.person_id).exists()


def is_own(case: Case, actor: Actor) -> bool:
    """Whether the actor is the subject or the opener, opened it for them, or lives in the subject's household."""
    person = actor.person_id
    if person is None:
        return False
    if _is(case.subject, person) or _is(case.opener, person):
        return True
    if case.steps.filter(transition="open", actor_id=person).exists():
        return True
    if case.household_id is None:
        return False
    return Membership.objects.filter(person_id=person, household_id=case.household_id, until__isnull=True).exists()


def require_help(access: Access, consent: str) -> None:
    """A helper acts in someone's name only face to face, with consent noted, where the helper's role allows it."""
    actor = access.actor
    if actor.for_person_id is None:
        return
    if not consent.strip():
        raise Refused("engine.consent_missing", field="consent")
    helped = Person.objects.get(pk=actor.for_person_id)
    access.require("case.help", helped.place_code)


def why_seen(case: Case, access: Access) -> str | None:
    """Why the actor may see the case: a relation, a role, a seat at one of its meetings, or None for not at all."""
    relation = next(iter(sorted(relations_of(case, access.actor) - {"timer"})), None)
    if relation:
        return relation
    grant = access.may("case.see", case.place_code)
    if grant is not None:
        return grant.role
    person = access.actor.whose
    invited = person is not None and access.actor.allows(OWN) and is_due(case.record, person)
    return "due" if invited else None


def titles(who: list[str]) -> Text:
    """Roles and relations as people call them."""
    named = [roles()[name].title if name in roles() else _relation(name) for name in who]
    return Text(zh_Hans="、".join(one.zh_Hans for one in named), en=", ".join(one.en for one in named))


def _relation(name: str) -> Text:
    return Text(zh_Hans=say(f"engine.relation.{name}", "zh-hans"), en=say(f"engine.relation.{name}", "en"))
