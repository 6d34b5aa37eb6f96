"""In whose name a page acts: one's own, or that of somebody whom one helps face to face."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.registry.access import Access
from cunzhi.registry.models import Household, Person
from cunzhi.registry.queries.households import household_of
from cunzhi.registry.queries.people import card, current, current_people
from cunzhi.web.request import Request, account_of

HELPING = "helping"
LASTS = timedelta(minutes=30)
VILLAGE = 12
"""The digits of a village's code; a grid's has three more."""


@dataclass(frozen=True)
class Acting:
    """Who acts, with which rights, for whom, and how that person agreed."""

    actor: Actor
    access: Access
    person: Person
    consent: str = ""
    helped: str = ""

    @property
    def home(self) -> str:
        return str(self.person.place_code)

    @property
    def village(self) -> str:
        return self.home[:VILLAGE]

    @property
    def household(self) -> Household | None:
        return household_of(self.person)


def acting(request: Request) -> Acting:
    """The helped person's name while helping lasts, else one's own."""
    return _helping(request) or himself(request)


def himself(request: Request) -> Acting:
    """The reader, acting for nobody else."""
    return Acting(request.actor, request.access, current(account_of(request).person))


def begin_helping(request: Request, person: Person, consent: str) -> None:
    request.session[HELPING] = {"person": person.pk, "consent": consent, "since": clock.now().timestamp()}


def end_helping(request: Request) -> None:
    request.session.pop(HELPING, None)


def _helping(request: Request) -> Acting | None:
    kept: dict[str, Any] | None = request.session.get(HELPING)
    if kept is None:
        return None
    person = current_people().filter(pk=kept["person"], died_on__isnull=True).first()
    over = kept["since"] + LASTS.total_seconds() < clock.now().timestamp()
    if person is None or over or request.access.may("case.help", person.place_code) is None:
        end_helping(request)
        return None
    actor = request.actor.on_behalf_of(person.pk)
    return Acting(actor, Access(actor), person, kept["consent"], card(person, request.access).name)
