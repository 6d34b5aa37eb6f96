"""Who is named how in a matter: officers by name and office, villagers to each other never."""

from dataclasses import dataclass

from cunzhi.engine.models import Case, Step
from cunzhi.engine.permission import titles
from cunzhi.registry.access import Access
from cunzhi.registry.models import Person
from cunzhi.registry.queries.people import current
from cunzhi.registry.roles import roles
from cunzhi.web.language import t, words


@dataclass(frozen=True)
class Viewer:
    """Who reads a case. `by_duty`: a role over the place brought them here, so they must know whose matter it is."""

    access: Access
    by_duty: bool

    @property
    def person_id(self) -> int | None:
        return self.access.actor.whose


def name_for(viewer: Viewer, person: Person | None) -> str:
    """A person who is part of a matter, as the viewer may know them."""
    if person is None:
        return "–"
    if current(person).pk == viewer.person_id or person.pk == viewer.person_id:
        return t("web.cases.who.you")
    return person.name if viewer.by_duty else t("web.cases.who.villager")


def doer(viewer: Viewer, step: Step) -> str:
    """Who took a step. Who decides stands there with name and office, for everybody who may read the matter."""
    held = role_of(step)
    if held == "timer" or step.actor is None:
        return t("web.cases.who.timer")
    if held in roles():
        return f"{words(titles([held]))} {step.actor.name}"
    person = step.on_behalf_of or step.actor
    return name_for(viewer, person)


def helper(step: Step) -> str:
    """Who lent a hand, when somebody did."""
    return step.actor.name if step.on_behalf_of_id and step.actor else ""


def role_of(step: Step) -> str:
    """The role or relation under which a step was taken."""
    return next((str(part["as"]) for part in step.why if "as" in part), "")


def whose(viewer: Viewer, case: Case) -> str:
    """The person that a case is about or, where it is about a place, who reported it."""
    return name_for(viewer, case.subject or case.opener)
